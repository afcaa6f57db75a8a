"""An outgoing webhook's request: is it really Slack, who asks, with what text.

The fields: https://docs.slack.dev/legacy/legacy-custom-integrations/legacy-custom-integrations-outgoing-webhooks
"""

import hmac
from collections.abc import Mapping, Sequence
from hashlib import sha256
from typing import NamedTuple
from urllib.parse import parse_qsl

from slack.text import one_line, plain

NAME = "uptime"  # what people call us by, whatever trigger word is configured
MOST_FIELDS = 100  # Slack sends about a dozen
LONGEST_TEXT = 1000  # longer than any command; the rest would only be echoed
LONGEST_FIELD = 80
PAUSES = " :,!?"  # what may stand between a trigger word and the command


class Request(NamedTuple):
    """What one person asks, in plain text without the trigger word. Names can be chosen; ids cannot."""

    text: str
    user_id: str
    user_name: str
    channel_id: str
    team_id: str
    timestamp: str


class NotSlack(Exception):
    """The token is wrong or missing."""


def read(body: bytes, tokens: Sequence[str]) -> Request | None:
    """None: say nothing, for it is a bot's, our own, or not for us. Raises NotSlack and nothing else."""
    form = _form(body)
    if not _is_one_of(form.get("token", ""), tokens):
        raise NotSlack
    if _is_automatic(form):
        return None
    text = _said_to_us(plain(form.get("text", "")), plain(form.get("trigger_word", "")))
    if text is None:
        return None
    return Request(
        text=text[:LONGEST_TEXT],
        user_id=_field(form, "user_id"),
        user_name=_field(form, "user_name"),
        channel_id=_field(form, "channel_id"),
        team_id=_field(form, "team_id"),
        timestamp=_field(form, "timestamp"),
    )


def _form(body: bytes) -> dict[str, str]:
    try:
        fields = parse_qsl(
            body.decode("utf-8", "replace"), keep_blank_values=True, max_num_fields=MOST_FIELDS
        )
    except ValueError:
        raise NotSlack from None
    return dict(fields)


def _is_one_of(token: str, tokens: Sequence[str]) -> bool:
    """Takes as long whichever token it is, and however much of it is right: digests have one length."""
    sent = _digest(token)
    found = [hmac.compare_digest(sent, _digest(known)) for known in tokens]  # all, before any is looked at
    return bool(token) and any(found)


def _digest(token: str) -> bytes:
    return sha256(token.encode()).digest()


def _is_automatic(form: Mapping[str, str]) -> bool:
    """Without a trigger word the hook fires on our own replies too: to answer them would never end."""
    user = _field(form, "user_id")
    by_slack = user == "USLACKBOT" or _field(form, "user_name").lower() == "slackbot"
    return not user or by_slack or bool(form.get("bot_id"))


def _field(form: Mapping[str, str], key: str) -> str:
    return one_line(form.get(key, ""))[:LONGEST_FIELD]


def _said_to_us(text: str, trigger: str) -> str | None:
    """The command alone. A hook without a trigger word hears the whole channel: there, we must be named.

    Slack does not say whether a trigger word ends where a word ends: "uptimes are fine" is for nobody.
    """
    command = _after(NAME, _after(trigger, text))
    if command != text:
        return command
    return text if trigger and not _begins(text, trigger) else None


def _after(word: str, text: str) -> str:
    """The text without the word at its front, if it is really there."""
    rest = text[len(word) :]
    ended = not word[-1:].isalnum() or not rest or rest[0] in PAUSES
    return rest.lstrip(PAUSES) if word and ended and _begins(text, word) else text


def _begins(text: str, word: str) -> bool:
    return text[: len(word)].lower() == word.lower()
