"""The doctor with the real program and a strict Google: at the terminal, in Slack and in digests."""

import asyncio
import os
import re
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from tests.builders import HOUR
from tests.command_line import Done, run_main
from tests.fake_slack import FakeSlack
from tests.google_examples import CHANNEL, POLICY, failed_delivery, snooze
from tests.google_stand_in import PROJECT, GoogleStandIn, Refused, check
from tests.support import incident_body
from tests.test_google_program import asking, posted

NOW = datetime.now(UTC).replace(microsecond=0)
SNOOZE = snooze(NOW - HOUR, NOW + HOUR)


@pytest.fixture
def google(google: GoogleStandIn) -> GoogleStandIn:
    google.lists["uptimeCheckConfigs"] = [check()]
    google.lists["alertPolicies"] = [dict(POLICY)]
    google.lists["notificationChannels"] = [CHANNEL]
    return google


async def doctor(folder: Path, *keys: str, project: str = PROJECT) -> Done:
    file = folder / "config.yaml"
    file.touch(0o600)
    given = ["gcp: {password: long-enough-a-secret}", "state_file: state.json", *keys]
    file.write_text("\n".join([*given, f"google: {{project: '{project}'}}"]))
    return await asyncio.to_thread(run_main, "--config", file, "--doctor")


async def test_with_nothing_to_fix_it_ends_with_0(google: GoogleStandIn, tmp_path: Path) -> None:
    code, printed, logged = await doctor(tmp_path)
    assert (code, logged) == (0, "")
    first, last = printed.decode().splitlines()
    assert first == "🟢 Google reports the one check to this server"
    assert re.fullmatch(
        r"According to Google's settings at \d\d:\d\d UTC · webhook of this server: \S+", last
    )
    assert not (tmp_path / "state.json").exists()
    assert not any("/alerts" in path for path in google.asked)


async def test_with_something_to_fix_it_ends_with_1(google: GoogleStandIn, tmp_path: Path) -> None:
    google.lists["alertPolicies"][0] |= {"enabled": False, "notificationChannels": []}
    code, printed, logged = await doctor(tmp_path, "language: ko")
    run = f"실행: gcloud monitoring policies update 1 --project={PROJECT}"
    assert (code, printed.decode().splitlines()[1:-1], logged) == (
        1,
        [
            f"⚠️ 정책 www uptime failure: 사용 중지됨. {run} --enabled",
            f"⚠️ 정책 www uptime failure: 알림이 이 서버로 오지 않음. {run} --add-notification-channels={CHANNEL['name']}",
        ],
        "",
    )


async def test_what_is_only_worth_knowing_ends_with_0(google: GoogleStandIn, tmp_path: Path) -> None:
    google.lists["snoozes"] = [SNOOZE]
    google.entries = [failed_delivery(NOW - HOUR)]
    code, printed, _ = await doctor(tmp_path)
    snoozed, failed = printed.decode().splitlines()[1:-1]
    assert code == 0
    assert snoozed.startswith("• The snooze release lasts until ")
    assert snoozed.endswith(f"run gcloud monitoring snoozes cancel 5 --project={PROJECT}")
    assert "Webhook failed with 500 Internal Server Error status code. 401: " in failed


@pytest.mark.parametrize(
    ("project", "why"), [(PROJECT, "scope"), ("", "google.project in config.yaml is empty")]
)
async def test_if_google_cannot_be_asked_it_ends_with_69(
    google: GoogleStandIn, tmp_path: Path, project: str, why: str
) -> None:
    google.fail("/v3/", *[Refused(403, "ACCESS_TOKEN_SCOPE_INSUFFICIENT")] * 5)
    code, printed, logged = await doctor(tmp_path, project=project)
    assert (code, printed, why in logged) == (os.EX_UNAVAILABLE, b"", True)


async def test_slack_and_the_digest_say_it_too_and_a_snooze_explains_a_close_and_a_silence(
    google: GoogleStandIn, tmp_path: Path
) -> None:
    google.lists["alertPolicies"][0] |= {"alertStrategy": {"notificationPrompts": ["OPENED"]}}
    google.lists["snoozes"] = [SNOOZE]
    times: dict[str, Any] = {
        "started_at": int((NOW - 2 * HOUR).timestamp()),
        "ended_at": int((NOW - HOUR / 2).timestamp()),
    }
    body = incident_body(state="closed", policy_name=POLICY["displayName"], **times)
    async with FakeSlack() as slack, asking(tmp_path, slack) as program:
        await posted(slack)
        assert "Google's notifications: 1 to fix, see `uptime doctor`" in str(slack.taken[0])
        assert "snoozed until" in str(slack.taken[0])
        advice = await asyncio.to_thread(program.say, "uptime doctor")
        assert "`www uptime failure` does not notify when an incident closes" in advice
        status, health = await asyncio.to_thread(program.health)
        footer = "Google's notifications: 1 to fix, see `uptime doctor` (or run server.py --doctor)"
        assert (status, health["problems"]) == (200, [footer])
        await asyncio.to_thread(program.deliver, body)
        answer = await asyncio.to_thread(program.say, "uptime check www.example.com")
        assert "snoozed until" in answer.splitlines()[0]
        assert "closed (snoozed)" in answer
        assert "canary" not in program.log() + advice
