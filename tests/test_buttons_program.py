"""The real program posts menus through a proxy to a stand-in at Slack's own name, and people press them."""

import asyncio
import signal
import time
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.button_service import WWW
from tests.certificates import Authority
from tests.connect_proxy import ConnectProxy
from tests.fake_slack import FakeSlack
from tests.presses import Shown, form
from tests.program import QUICK, Program
from tests.support import PATIENCE, SIGNING_SECRET, incident_body, signature

HOST = "hooks.slack.com"


@pytest.fixture
async def program(
    tmp_path: Path, slack_itself: FakeSlack, authority: Authority, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[Program]:
    """With alerts, and a host that has been down for ten minutes."""
    monkeypatch.setenv("SSL_CERT_FILE", str(authority.root))
    async with ConnectProxy({f"{HOST}:443": slack_itself.port}) as proxy:
        program = Program(tmp_path, *QUICK, webhook_url=f"https://{HOST}/services/T0/B0/secret", every="1d")
        settings = f"proxy: http://127.0.0.1:{proxy.port}\nalerts: {{hosts: '*', hold: 2m}}\n"
        with_buttons = program.config.read_text().replace(
            f"{SIGNING_SECRET}}}", f"{SIGNING_SECRET}, buttons: true}}"
        )
        program.config.write_text(f"{with_buttons}{settings}")
        program.start()
        await slack_itself.arrived()  # the first digest
        began = int((datetime.now(UTC) - timedelta(minutes=10)).timestamp())
        await asyncio.to_thread(program.deliver, incident_body(started_at=began))
        await slack_itself.arrived()  # the alert
        yield program
        await asyncio.to_thread(program.stop)
    assert slack_itself.refused == slack_itself.presses.refused == []
    assert "Traceback" not in program.log()


async def send(program: Program, data: bytes) -> None:
    signed = signature(data, str(int(time.time())))
    answered: tuple[int, dict[str, Any]] = await asyncio.to_thread(
        program.request, "/fromSlack", data, signed
    )
    assert answered == (200, {})


async def press(program: Program, slack: FakeSlack, shown: Shown, label: str) -> None:
    """Returns once the message is redrawn."""
    before = shown.redraws
    await send(program, form(slack.presses.press(shown, WWW, label)))
    async with asyncio.timeout(PATIENCE):
        while shown.redraws == before:
            await asyncio.sleep(0.02)


async def test_an_alert_is_muted_and_unmuted_after_a_kill(program: Program, slack_itself: FakeSlack) -> None:
    shown = slack_itself.presses.show(slack_itself.taken[-1])
    await press(program, slack_itself, shown, "Mute for 4 h")
    assert "kim muted `www.example.com` until" in shown.footer()[-1]
    assert '"via": "button"' in program.log()
    await asyncio.to_thread(program.stop, signal.SIGKILL)
    await asyncio.to_thread(program.start)
    await press(program, slack_itself, shown, "Unmute")
    assert "kim unmuted `www.example.com`" in shown.footer()[-1]
    assert shown.menu(WWW)["type"] == "static_select"


async def test_a_press_in_flight_is_answered_before_a_stop(program: Program, slack_itself: FakeSlack) -> None:
    shown = slack_itself.presses.show(slack_itself.taken[-1])
    redrawing, go_on = asyncio.Event(), asyncio.Event()

    async def think() -> None:
        redrawing.set()
        await go_on.wait()

    slack_itself.think = think
    await send(program, form(slack_itself.presses.press(shown, WWW, "Mute for 1 h")))
    await asyncio.wait_for(redrawing.wait(), PATIENCE)
    stop = asyncio.create_task(asyncio.to_thread(program.stop))
    await asyncio.to_thread(program.until, lambda: "stopping" in program.log())
    go_on.set()
    await stop
    assert shown.redraws == 1
    await asyncio.to_thread(program.start)
