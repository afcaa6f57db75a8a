"""Reads a request from Slack, by outgoing webhook or slash command, and says whether its sender may make it.

The fields: https://docs.slack.dev/legacy/legacy-custom-integrations/legacy-custom-integrations-outgoing-webhooks
and https://docs.slack.dev/interactivity/implementing-slash-commands
"""

import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from enum import StrEnum
from hashlib import sha256
from typing import NamedTuple

from config import Slack
from languages import Language
from slack.text import BOT_NAME, BOT_NAME_IN_KOREAN, by_slash, one_line, plain
from slack.verify import NotSlack, SignedBody, check_signature, check_token, form_fields

LONGEST_TEXT = 1000  # characters, more than any command has; the rest would only be echoed
LONGEST_FIELD = 80  # characters of an id or a name
SEPARATORS = " :,!?"  # between a trigger word and the command
_OFFERED = re.compile(rf"`/?((?:{BOT_NAME}|{BOT_NAME_IN_KOREAN}) [^`]*)`", re.IGNORECASE)  # pasted as code
MOST_MENTIONED = 5  # admins or channels in one reply


class Way(StrEnum):
    """How a request arrived."""

    WEBHOOK = "outgoing webhook"
    SLASH = "slash command"
    BUTTON = "button"


class Request(NamedTuple):
    """What one person asks, in plain text without the trigger word. People choose their names, not ids."""

    text: str
    user_id: str
    user_name: str
    channel_id: str
    team_id: str
    via: Way
    fingerprint: bytes | None  # the same if Slack repeats the request, and only then; None: unknown
    idempotency_key: str = ""  # the same whoever sends the request again; empty: unknown

    def reply(self, text: str, *, public: bool) -> dict[str, str]:
        """Returns what Slack reads. A reply to an outgoing webhook is always public."""
        if self.via is not Way.SLASH:
            return {"text": text}
        return {"response_type": "in_channel" if public else "ephemeral", "text": by_slash(text)}


def read_request(
    signed: SignedBody, tokens: Sequence[str], secrets: Sequence[str], now: datetime
) -> Request | None:
    """Returns None when no answer is due: it comes from a bot or from us, or is not for us.

    Only a slash command has the field `command`. Slack may sign outgoing webhooks too, with a secret that
    it shows to nobody, so their signature proves nothing. Raises NotSlack.
    """
    form = form_fields(signed.body)
    if form.glance("ssl_check") == "1":  # Slack checks our certificate
        return None
    is_slash = "command" in form
    if not is_slash and "token" not in form:
        raise NotSlack("Not a Slack request: it has neither a token nor a command")
    if is_slash:
        check_signature(signed, secrets, now)
    else:
        check_token(form.glance("token"), tokens)
    text = None if _is_automatic(form) else _command_text(form, is_slash=is_slash)
    return None if text is None else _request(form, text, signed, is_slash=is_slash)


def _request(form: Mapping[str, str], text: str, signed: SignedBody, *, is_slash: bool) -> Request:
    is_unique = bool(form.get("trigger_id" if is_slash else "timestamp"))
    fingerprint = sha256(signed.body).digest() if is_unique else None
    once = sha256(b"%b:%b" % (signed.timestamp.encode(), signed.body)).digest() if is_slash else b""
    return Request(
        text=text[:LONGEST_TEXT].strip(),
        user_id=_field(form, "user_id"),
        user_name=_field(form, "user_name"),
        channel_id=_field(form, "channel_id"),
        team_id=_field(form, "team_id"),
        via=Way.SLASH if is_slash else Way.WEBHOOK,
        fingerprint=fingerprint,
        idempotency_key=(fingerprint or once)[:16].hex(),
    )


def _is_automatic(form: Mapping[str, str]) -> bool:
    """A hook without a trigger word also fires on our own replies: answering those would never end."""
    user = _field(form, "user_id")
    is_slackbot = user == "USLACKBOT" or _field(form, "user_name").lower() == "slackbot"
    return not user or is_slackbot or bool(form.get("bot_id"))


def _field(form: Mapping[str, str], key: str) -> str:
    return one_line(form.get(key, ""))[:LONGEST_FIELD]


def _command_text(form: Mapping[str, str], *, is_slash: bool) -> str | None:
    """Returns the text without the trigger word, or None if it is not addressed to us.

    A hook without a trigger word sees the whole channel: there, people must name us. Slack does not
    say whether it matches whole words only, so "uptimes are fine" is not for us.
    """
    text = plain(form.get("text", ""))
    if offered := _OFFERED.fullmatch(text):
        text = offered[1]
    if is_slash:
        return _without_our_name(text.removeprefix("/"))  # people type `/uptime uptime check` by habit
    trigger = plain(form.get("trigger_word", ""))
    command = _without_our_name(_without(trigger, text))
    if offered := _OFFERED.fullmatch(command):  # `uptime` and then what was copied
        return _without_our_name(offered[1])
    if command != text:
        return command
    return text if trigger and not _starts_with(text, trigger) else None


def _without_our_name(text: str) -> str:
    return _without(BOT_NAME_IN_KOREAN, _without(BOT_NAME, text))


def _without(word: str, text: str) -> str:
    rest = text[len(word) :]
    is_whole = not word[-1:].isalnum() or not rest or rest[0] in SEPARATORS
    if not (word and is_whole and _starts_with(text, word)):
        return text
    return rest.lstrip(SEPARATORS) or ("?" if rest.endswith(" ?") else "")  # `uptime ?` asks for help


def _starts_with(text: str, word: str) -> bool:
    return text[: len(word)].lower() == word.lower()


class NotAllowed(Exception):
    """One line of mrkdwn that says whom to ask, or where."""


def check_may_ask(request: Request, slack: Slack, language: Language) -> None:
    """Raises NotAllowed outside `slack.team_id` and `slack.channels`; an empty key admits everybody."""
    if slack.team_id and request.team_id != slack.team_id:
        raise NotAllowed(language.not_this_team)
    if slack.channels and request.channel_id not in slack.channels:
        not_direct = [f"<#{channel}>" for channel in slack.channels if not channel.startswith("D")]
        raise NotAllowed(language.not_this_channel(not_direct[:MOST_MENTIONED]))


def check_may_change(request: Request, slack: Slack, language: Language) -> None:
    """Raises NotAllowed for everybody but `slack.admins`; an empty key admits everybody."""
    if slack.admins and request.user_id not in slack.admins:
        raise NotAllowed(language.not_an_admin([f"<@{admin}>" for admin in slack.admins[:MOST_MENTIONED]]))
