"""What people press in the messages of an app, and what Slack takes at a response_url.

Payloads: https://docs.slack.dev/reference/interaction-payloads/block_actions-payload
"""

import json
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import count
from typing import Any
from urllib.parse import urlencode

from tests.slack_rules import FIELDS, check

MOST_USES = 5  # of a response_url
TEAM, CHANNEL = "T1H9ZN51Q", "C8NLU2M42"


@dataclass
class Shown:
    """A message as everybody sees it now."""

    message: dict[str, Any]
    ts: str
    redraws: int = 0
    block_ids: set[str] = field(default_factory=set)  # of earlier versions

    def text(self) -> str:
        return json.dumps(self.message["blocks"], ensure_ascii=False)

    def footer(self) -> list[str]:
        return [element["text"] for element in self.message["blocks"][-1]["elements"]]

    def menus(self) -> dict[str, dict[str, Any]]:
        """The menu or button beside each host, by its row."""
        sections = [block for block in self.message["blocks"] if "accessory" in block]
        return {section["text"]["text"]: section["accessory"] for section in sections}

    def menu(self, host: str) -> dict[str, Any]:
        (found,) = [menu for row, menu in self.menus().items() if f"`{host}`" in row]
        return found


@dataclass
class Presses:
    """Refuses what Slack refuses at a response_url. `told` holds what only one person got, the latest last."""

    told: list[tuple[str, str]] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)
    uses: Counter[str] = field(default_factory=Counter)

    def __post_init__(self) -> None:
        self._numbers = count(1)
        self._waiting: dict[str, tuple[Shown, str]] = {}  # by the path of the response_url

    def show(self, message: dict[str, Any]) -> Shown:
        check(message)
        return Shown(_with_block_ids(message, next(self._numbers)), f"1764300000.{next(self._numbers):06}")

    def press(
        self, shown: Shown, host: str, label: str, action: Mapping[str, object] | None = None, **fields: Any
    ) -> dict[str, Any]:
        """The payload of a choice beside a host. `fields` replace its own, and `action` those of its action.

        None removes a field of the payload.
        """
        menu = shown.menu(host)
        block = next(b for b in shown.message["blocks"] if b.get("accessory") is menu)
        number = next(self._numbers)
        chosen = {**_chosen(menu, label), "block_id": block["block_id"], "action_ts": f"17643.{number}"}
        path = f"/actions/{TEAM}/{number}/secret"
        user = fields.get("user") or {}
        self._waiting[path] = (shown, user.get("id", "U1") if isinstance(user, dict) else "")
        payload: dict[str, Any] = {
            "type": "block_actions",
            "user": {"id": "U1", "username": "kim", "name": "kim", "team_id": TEAM},
            "api_app_id": "A1",
            "token": "deprecated",
            "container": {"type": "message", "message_ts": shown.ts, "channel_id": CHANNEL},
            "trigger_id": f"{number}.2.abc",
            "team": {"id": TEAM, "domain": "acme"},
            "enterprise": None,
            "is_enterprise_install": False,
            "channel": {"id": CHANNEL, "name": "ops"},
            "message": {"type": "message", "bot_id": "B1", "ts": shown.ts, **shown.message},
            "state": {"values": {}},
            "response_url": f"https://hooks.slack.com{path}",
            "actions": [{**chosen, **(action or {})}],
        }
        return {key: value for key, value in (payload | fields).items() if value is not None}

    def receive(self, path: str, body: bytes) -> tuple[int, str]:
        """What a response_url answers."""
        self.uses[path] += 1
        if path not in self._waiting or self.uses[path] > MOST_USES:
            return 404, "used_url"
        try:
            self._take(json.loads(body), *self._waiting[path])
        except (ValueError, AssertionError) as error:
            self.refused.append(str(error))
            return 400, "invalid_blocks"
        return 200, "ok"

    def _take(self, message: dict[str, Any], shown: Shown, user: str) -> None:
        replaces = message.pop("replace_original")
        if message.pop("response_type", "") == "ephemeral":
            assert replaces is False, "would replace a message of the channel"
            assert set(message) == {"text"}, "unknown field"
            check({**message, "unfurl_links": False, "unfurl_media": False}, _mentions(message["text"]))
            self.told.append((user, message["text"]))
            return
        assert replaces is True, "would post another message"
        assert set(message) <= FIELDS, "unknown field"
        check(message)
        shown.block_ids |= {block["block_id"] for block in shown.message["blocks"]}
        reused = shown.block_ids & {block.get("block_id") for block in message["blocks"]}
        assert not reused, "block_id of an earlier version"
        shown.message, shown.redraws = _with_block_ids(message, next(self._numbers)), shown.redraws + 1


def form(payload: object) -> bytes:
    text = payload if isinstance(payload, str) else json.dumps(payload)
    return urlencode({"payload": text}).encode()


def _mentions(text: str) -> list[str]:
    """Whom to ask may be mentioned: only the person who pressed sees it."""
    return [part.partition(">")[0] for part in text.split("<")[1:] if part[0] in "@#"]


def _chosen(menu: dict[str, Any], label: str) -> dict[str, Any]:
    shared = {"type": menu["type"], "action_id": menu["action_id"]}
    if menu["type"] == "button":
        assert menu["text"]["text"] == label
        return {**shared, "text": menu["text"], "value": menu["value"]}
    (option,) = [option for option in menu["options"] if option["text"]["text"] == label]
    return {**shared, "selected_option": option, "placeholder": menu["placeholder"]}


def _with_block_ids(message: dict[str, Any], number: int) -> dict[str, Any]:
    """Slack makes those that are left out, new ones each time."""
    blocks = [{"block_id": f"{number}-{n}", **block} for n, block in enumerate(message["blocks"])]
    return {**message, "blocks": blocks}
