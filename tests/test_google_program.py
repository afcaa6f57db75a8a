"""The real program and a strict Google: what webhooks lost is made up for, and no failure spoils anything."""

import asyncio
import json
import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

from tests.fake_slack import FakeSlack
from tests.google_examples import stamp
from tests.google_stand_in import PROJECT, GoogleStandIn, Refused, alert, check
from tests.program import QUICK, Program
from tests.support import incident_body

OPENED = datetime.now(UTC).replace(microsecond=0) - timedelta(hours=2)
ID = "0.oabc1d2e3f4g"


ASKING = {"every": "1s", "more": f"google: {{project: {PROJECT}, every: 10s}}"}


@asynccontextmanager
async def asking(folder: Path, slack: FakeSlack) -> AsyncIterator[Program]:
    """A server that asks Google every ten seconds, and posts every second."""
    program = Program(folder, *QUICK, webhook_url=slack.url, **ASKING)
    await asyncio.to_thread(program.start)
    try:
        yield program
    finally:
        await asyncio.to_thread(program.stop, signal.SIGKILL)


def first(slack: FakeSlack) -> str:
    return json.dumps(slack.taken[0], ensure_ascii=False)


async def posted(slack: FakeSlack) -> None:
    while not slack.taken:
        await slack.arrived()


async def test_the_first_digest_reports_what_was_lost_while_the_server_was_away(
    google: GoogleStandIn, tmp_path: Path
) -> None:
    watched = check("1", "quiet.example.com"), check("2", "off.example.com", disabled=True)
    google.lists["uptimeCheckConfigs"] += watched
    google.lists["alerts"] = [alert(ID, openTime=stamp(OPENED)), alert("0.onew00000000", "new.example.com")]
    async with FakeSlack() as slack, asking(tmp_path, slack) as program:
        await posted(slack)
        assert "2 of 3 hosts down" in first(slack)
        closed = stamp(OPENED + timedelta(minutes=90))
        google.lists["alerts"][0] |= {"state": "CLOSED", "closeTime": closed}
        program.stop()
        slack.taken.clear()
        await asyncio.to_thread(program.start)
        await posted(slack)
        assert "after 1 h 30 min, according to Google's list" in first(slack)
        assert "off.example.com" in first(slack)
    assert "Traceback" not in program.log()
    assert "canary" not in program.log()


async def test_a_refusal_by_google_is_reported_and_webhooks_count_until_an_edit_fixes_it(
    google: GoogleStandIn, tmp_path: Path
) -> None:
    google.fail("/v3/", *[Refused(403, "ACCESS_TOKEN_SCOPE_INSUFFICIENT")] * 100)
    async with FakeSlack() as slack, asking(tmp_path, slack) as program:
        await posted(slack)
        status, _ = await asyncio.to_thread(program.deliver, incident_body())
        assert status == 200
        answer = await asyncio.to_thread(program.say, "uptime check")
        assert "is down" in answer
        assert "Google's list of open alerts unavailable since" in answer
        status, health = await asyncio.to_thread(program.health)
        assert (status, health["status"]) == (200, "ok")
        assert "scope" in health["problems"][0]
        assert program.log().count("cannot read Google's list") == 1
        program.configure(webhook_url=slack.url)  # without Google
        await asyncio.to_thread(program.until, lambda: "no longer in use: google.project" in program.log())
        assert (await asyncio.to_thread(program.health))[1]["problems"] == []
        google.failures.clear()
        google.lists["alerts"] = [alert("0.onew00000000", "new.example.com")]
        program.configure(webhook_url=slack.url, **ASKING)
        await asyncio.to_thread(program.until, lambda: "new.example.com is down" in program.log())
        assert "last_list_poll" in (await asyncio.to_thread(program.health))[1]
