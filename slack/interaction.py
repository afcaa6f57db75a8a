"""Reads what Slack sends when somebody uses a menu or a button.

The payload: https://docs.slack.dev/reference/interaction-payloads/block_actions-payload
"""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from hashlib import sha256
from typing import Any, NamedTuple

from config import is_response_url
from slack.request import LONGEST_FIELD, Request, Way
from slack.text import one_line
from slack.verify import SignedBody, check_signature, form_fields


class UnreadablePayload(Exception):
    """Why a payload is refused, in one line of ASCII without anything that was sent."""


class OtherInteraction(Exception):
    """An interaction that none of our messages offers, such as a shortcut. The text is its type."""


class Press(NamedTuple):
    """What one person chose in a message.

    Attributes:
        value: of the option or the button; empty if nothing is chosen any more.
        block_id: of the block in which it was chosen.
        message: the whole message as Slack sent it, unchecked; empty if it sent none.
        response_url: where to answer; empty if Slack gave none.
    """

    request: Request
    action_id: str
    value: str
    block_id: str
    message: Mapping[str, Any]
    response_url: str


def has_payload(body: bytes) -> bool:
    """Only an interaction has the field `payload`. Raises NotSlack."""
    return "payload" in form_fields(body)


def read_press(signed: SignedBody, secrets: Sequence[str], now: datetime) -> Press:
    """Raises NotSlack, UnreadablePayload or OtherInteraction."""
    check_signature(signed, secrets, now)
    payload = _decoded(form_fields(signed.body)["payload"])
    kind = _field(payload, "type")
    if not kind:
        raise UnreadablePayload("The payload has no type")
    if kind != "block_actions":
        raise OtherInteraction(kind)
    actions = payload.get("actions")
    if not isinstance(actions, list) or not actions or not isinstance(actions[0], dict):
        raise UnreadablePayload("The payload has no action")
    response_url = _text(payload, "response_url")
    if response_url and not is_response_url(response_url):
        raise UnreadablePayload("The response_url is not an address of Slack's")
    return Press(
        _request(payload, actions[0], signed),
        action_id=_text(actions[0], "action_id"),
        value=_value(actions[0]),
        block_id=_text(actions[0], "block_id"),
        message=message if isinstance(message := payload.get("message"), dict) else {},
        response_url=response_url,
    )


def _decoded(text: str) -> Mapping[str, Any]:
    try:
        payload = json.loads(text)
    except (ValueError, RecursionError):
        raise UnreadablePayload("The payload is not JSON") from None
    if not isinstance(payload, dict):
        raise UnreadablePayload("The payload is not a JSON object")
    return payload


def _request(payload: Mapping[str, Any], action: Mapping[str, Any], signed: SignedBody) -> Request:
    """Uses the person's own workspace, which in a shared channel may not be the app's."""
    user_id = _field(payload, "user", "id")
    if not user_id:
        raise UnreadablePayload("The payload names no user")
    fingerprint = _fingerprint(user_id, action, signed)
    return Request(
        text="",
        user_id=user_id,
        user_name=_field(payload, "user", "name") or _field(payload, "user", "username"),
        channel_id=_field(payload, "channel", "id") or _field(payload, "container", "channel_id"),
        team_id=_field(payload, "user", "team_id") or _field(payload, "team", "id"),
        via=Way.BUTTON,
        fingerprint=fingerprint,
        idempotency_key=fingerprint[:16].hex(),
    )


def _fingerprint(user_id: str, action: Mapping[str, Any], signed: SignedBody) -> bytes:
    """The same for one press, however often and with whatever trigger_id Slack reports it."""
    if not _text(action, "action_ts"):
        return sha256(signed.body).digest()
    parts = [user_id, _value(action), *(_text(action, key) for key in ("action_id", "block_id", "action_ts"))]
    return sha256(json.dumps(parts).encode()).digest()


def _value(action: Mapping[str, Any]) -> str:
    return _text(action, "selected_option", "value") or _text(action, "value")


def _field(payload: Mapping[str, Any], *path: str) -> str:
    return one_line(_text(payload, *path))[:LONGEST_FIELD]


def _text(payload: object, *path: str) -> str:
    """The text at the end of a path of keys; empty if there is none, or something else."""
    for key in path:
        payload = payload.get(key) if isinstance(payload, dict) else None
    return payload if isinstance(payload, str) else ""
