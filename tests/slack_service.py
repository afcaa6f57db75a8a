"""The routes of a running service, and what Slack sends to them."""

import json
import time
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest

from languages import LANGUAGES
from tests.builders import heard_in
from tests.presses import CHANNEL, TEAM
from tests.service import Service
from tests.support import SIGNING_SECRET, signature

ADMIN = "U024BE7LH"
FORM = "application/x-www-form-urlencoded"


Services = Mapping[str, "SlackService"]  # by language


class SlackService(Service):
    """The routes, with Slack's outgoing webhook and slash command."""

    def __init__(self, folder: Path, *, slack: Mapping[str, object] | None = None, **keys: Any) -> None:
        super().__init__(folder, slack={"signing_secret": SIGNING_SECRET, **(slack or {})}, **keys)

    async def send(
        self, form: dict[str, str] | bytes, secret: str = SIGNING_SECRET, kind: str = FORM, **headers: str
    ) -> tuple[int, dict[str, str]]:
        data = form if isinstance(form, bytes) else urlencode(form).encode()
        now = str(int(time.time()))
        signed = {**signature(data, now, secret), "Content-Type": kind}
        status, _, answer = await self.request("POST", "/fromSlack", data, **{**signed, **headers})
        return status, json.loads(answer or b"{}")

    async def command(self, text: str, **fields: str) -> dict[str, str]:
        """The answer to a slash command."""
        status, answer = await self.send(slash(text, **fields))
        assert status == 200
        return answer

    async def outgoing(self, text: str, **fields: str) -> dict[str, str]:
        status, answer = await self.say(f"uptime {text}", channel_id=CHANNEL, team_id=TEAM, **fields)
        assert status == 200
        return answer


def in_languages(names: str, rows: Iterable[tuple[Any, ...]]) -> pytest.MarkDecorator:
    """Each row in each language that understands the text it begins with: only Korean understands Korean."""
    codes = {language: code for code, language in LANGUAGES.items()}
    heard = [(codes[language], *row) for row in rows for language in heard_in(row[0])]
    return pytest.mark.parametrize(f"language,{names}", heard)


def slash(text: str, **fields: str) -> dict[str, str]:
    return {
        "token": "deprecated",
        "team_id": TEAM,
        "channel_id": CHANNEL,
        "user_id": "U1",
        "user_name": "steve",
        "command": "/uptime",
        "text": text,
        **fields,
    }
