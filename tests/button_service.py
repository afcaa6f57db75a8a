"""A running service whose messages have menus, and people who press them in a stand-in for Slack."""

import json
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest

from digest.compose import composing
from languages import LANGUAGES, Locale
from slack.digest_message import render
from slack.packing import Message
from tests.builders import with_plain_dates
from tests.certificates import Authority
from tests.connect_proxy import ConnectProxy
from tests.fake_slack import FakeSlack
from tests.presses import Shown, form
from tests.slack_service import SlackService
from tests.support import PATIENCE
from turns import at_once

TARGET = "hooks.slack.com:443"
WWW = "www.example.com"
Make = Callable[..., Awaitable["ButtonService"]]
LONG_AGO = int(time.time()) - 9 * 86_400


class ButtonService(SlackService):
    """Answers presses at Slack's own host, which a proxy leads to `app`."""

    def __init__(
        self, folder: Path, app: FakeSlack, proxy: ConnectProxy, authority: Authority, **keys: Any
    ) -> None:
        way = f"http://127.0.0.1:{proxy.port}"
        super().__init__(folder, slack={"buttons": True} | keys.pop("slack", {}), proxy=way, **keys)
        self.responder._limits["ssl_options"] = authority.context()
        self.presses = app.presses

    def digest(self, channel: str = "default") -> Shown:
        """The current digest, or its first message, as it is posted."""
        found = next(each for each in self.config.channels if each.name == channel)
        shown = self.store.state, self.config, found, self.now(), self.job.problems()
        digest = at_once(composing)(*shown)
        locale = Locale(self.config.timezone, LANGUAGES[found.language], self.config.slack.slash_only)
        return self.show(render(digest, locale, menus_of=channel)[0])

    def show(self, message: Message) -> Shown:
        return self.presses.show(json.loads(json.dumps(message)))

    async def press(self, shown: Shown, host: str, label: str, **fields: Any) -> list[str]:
        """Returns what the person who pressed gets to read, once everything is answered."""
        return await self.deliver_press(self.presses.press(shown, host, label, **fields))

    async def deliver_press(self, payload: object) -> list[str]:
        before = len(self.presses.told)
        status, answer = await self.send(form(payload))
        assert (status, answer) == (200, {})
        await self.responder.finish(PATIENCE)
        assert self.presses.refused == []
        return [text for _, text in self.presses.told[before:]]


def logged(caplog: pytest.LogCaptureFixture) -> list[dict[str, str]]:
    return [json.loads(record.getMessage()) for record in caplog.records if record.name == "changes"]


def notes(shown: Shown) -> list[str]:
    """What the footer says besides the time."""
    return [with_plain_dates(text) for text in shown.footer()[1:]]
