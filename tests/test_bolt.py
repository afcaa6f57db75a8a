"""Slack's own framework, Bolt for Python, reads the same from the requests that we read."""

import re
import time
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlencode

import pytest
from slack_bolt import Ack, App, BoltContext, BoltRequest
from slack_bolt.authorization import AuthorizeResult

from hosts.incident import Person
from slack.digest_message import render
from slack.interaction import has_payload, read_press
from slack.request import Request, read_request
from slack.verify import SignedBody
from tests.builders import IN_ENGLISH, NOON, opened, state_after, summarize, wish
from tests.presses import Presses, form
from tests.slack_service import FORM, slash
from tests.support import SIGNING_SECRET, signature

WWW, MUTED = "www.example.com", "old.test"


class Bolt:
    """An app that takes every action and the command, and keeps what it reads."""

    def __init__(self) -> None:
        self.read: list[dict[str, Any]] = []
        self._app = App(
            signing_secret=SIGNING_SECRET,
            authorize=lambda **_: AuthorizeResult(enterprise_id=None, team_id="T1", bot_token="xoxb-1"),
            process_before_response=True,
        )
        self._app.action(re.compile(".*"))(self._action)
        self._app.command("/uptime")(self._command)

    def _action(self, ack: Ack, action: dict[str, Any], context: BoltContext) -> None:
        chosen = action.get("selected_option") or action
        self._keep(context, value=chosen.get("value", ""), action_id=action["action_id"])
        ack()

    def _command(self, ack: Ack, command: dict[str, Any], context: BoltContext) -> None:
        self._keep(context, text=command["text"])
        ack()

    def _keep(self, context: BoltContext, **fields: str) -> None:
        who = {"user": context.user_id, "channel": context.channel_id, "to": context.response_url}
        self.read.append({**who, **fields})

    def receive(self, body: bytes, headers: dict[str, str]) -> int:
        request = BoltRequest(body=body.decode(), headers={"Content-Type": FORM, **headers})
        return self._app.dispatch(request).status


@pytest.fixture
def bolt() -> Bolt:
    return Bolt()


def ours(body: bytes, headers: dict[str, str]) -> dict[str, Any]:
    """The same fields as we read them."""
    signed = SignedBody(body, headers["X-Slack-Request-Timestamp"], headers["X-Slack-Signature"])
    now = datetime.now(UTC)
    if not has_payload(body):
        command = read_request(signed, [], [SIGNING_SECRET], now)
        assert command
        return {**_who(command), "to": None, "text": command.text}
    press = read_press(signed, [SIGNING_SECRET], now)
    assert press
    rest = {"to": press.response_url, "value": press.value, "action_id": press.action_id}
    return {**_who(press.request), **rest}


def _who(request: Request) -> dict[str, str]:
    return {"user": request.user_id, "channel": request.channel_id}


def pressed(host: str, label: str, **fields: Any) -> bytes:
    state = state_after(opened(), wish(MUTED, by=Person("U1", "kim")))
    presses = Presses()
    (message,) = render(summarize(state, NOON), IN_ENGLISH, menus_of="default")
    return form(presses.press(presses.show(message), host, label, **fields))


REQUESTS = {
    "a menu": pressed(WWW, "Mute until tomorrow 09:00"),
    "a button": pressed(MUTED, "Unmute"),
    "of a whole organisation": pressed(WWW, "Mute for 1 h", team=None, enterprise={"id": "E1"}, is_enterprise_install=True),
    "of another workspace": pressed(WWW, "Mute for good", user={"id": "U7", "name": "안나", "team_id": "T7"}),
    "a command": urlencode(slash("remove www.example.com for 2h", trigger_id="1")).encode(),
}  # fmt: skip


@pytest.mark.parametrize("name", REQUESTS)
def test_both_read_the_same(bolt: Bolt, name: str) -> None:
    body = REQUESTS[name]
    headers = signature(body, str(int(time.time())))
    assert bolt.receive(body, headers) == 200
    assert bolt.read == [ours(body, headers)]
