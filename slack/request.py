"""Who asks, and what: by an outgoing webhook, or by a slash command.

The fields: https://docs.slack.dev/legacy/legacy-custom-integrations/legacy-custom-integrations-outgoing-webhooks
and https://docs.slack.dev/interactivity/implementing-slash-commands
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from hashlib import sha256
from typing import NamedTuple

from languages import ENGLISH, Language
from slack.text import CALL, by_slash, one_line, plain
from slack.verify import NotSlack, SignedBody, check_signature, check_token, form_fields

LONGEST_TEXT = 1000  # longer than any command; the rest would only be echoed
LONGEST_FIELD = 80
SEPARATORS = " :,!?"  # what may stand between a trigger word and the command


class Request(NamedTuple):
    """What one person asks, in plain text without the trigger word. Names can be chosen; ids cannot."""

    text: str
    user_id: str
    user_name: str
    channel_id: str
    team_id: str
    is_slash: bool
    fingerprint: bytes | None  # the same when Slack repeats it, and never otherwise; None: nobody can tell
    idempotency_key: str = ""  # the same whoever sends it again; empty: nobody can tell

    def answer(self, text: str, *, public: bool) -> dict[str, str]:
        """What Slack reads. An outgoing webhook's answer is always public."""
        if not self.is_slash:
            return {"text": text}
        return {"response_type": "in_channel" if public else "ephemeral", "text": by_slash(text)}


def read(sent: SignedBody, tokens: Sequence[str], secrets: Sequence[str], now: datetime) -> Request | None:
    """None: say nothing, for it is a bot's, our own, or not for us. Raises NotSlack and nothing else.

    Only a slash command names a `command`. Slack may sign outgoing webhooks too, with a secret that it
    shows to nobody, so their signature says nothing.
    """
    form = form_fields(sent.body)
    if form.glance("ssl_check") == "1":  # Slack looks at our certificate
        return None
    is_slash = "command" in form
    if not is_slash and "token" not in form:
        raise NotSlack("Not a form of Slack: it has neither a token nor a command")
    if is_slash:
        check_signature(sent, secrets, now)
    else:
        check_token(form.glance("token"), tokens)
    text = None if _is_automatic(form) else _asked(form, is_slash=is_slash)
    return None if text is None else _request(form, text, sent, is_slash=is_slash)


def _request(form: Mapping[str, str], text: str, sent: SignedBody, *, is_slash: bool) -> Request:
    told_apart_by = form.get("trigger_id" if is_slash else "timestamp")
    fingerprint = sha256(sent.body).digest() if told_apart_by else None
    signed = sha256(b"%b:%b" % (sent.timestamp.encode(), sent.body)).digest() if is_slash else b""
    return Request(
        text=text[:LONGEST_TEXT],
        user_id=_field(form, "user_id"),
        user_name=_field(form, "user_name"),
        channel_id=_field(form, "channel_id"),
        team_id=_field(form, "team_id"),
        is_slash=is_slash,
        fingerprint=fingerprint,
        idempotency_key=(fingerprint or signed)[:16].hex(),
    )


def _is_automatic(form: Mapping[str, str]) -> bool:
    """Without a trigger word the hook fires on our own replies too: to answer them would never end."""
    user = _field(form, "user_id")
    by_slack = user == "USLACKBOT" or _field(form, "user_name").lower() == "slackbot"
    return not user or by_slack or bool(form.get("bot_id"))


def _field(form: Mapping[str, str], key: str) -> str:
    return one_line(form.get(key, ""))[:LONGEST_FIELD]


def _asked(form: Mapping[str, str], *, is_slash: bool) -> str | None:
    text = plain(form.get("text", ""))
    if is_slash:
        return _after(CALL, text.removeprefix("/"))  # `/uptime uptime check`, by habit
    return _said_to_us(text, plain(form.get("trigger_word", "")))


def _said_to_us(text: str, trigger: str) -> str | None:
    """The command alone. A hook without a trigger word hears the whole channel: there, we must be named.

    Slack does not say whether a trigger word ends where a word ends: "uptimes are fine" is for nobody.
    """
    command = _after(CALL, _after(trigger, text))
    if command != text:
        return command
    return text if trigger and not _begins(text, trigger) else None


def _after(word: str, text: str) -> str:
    """The text without the word at its front, if it is really there."""
    rest = text[len(word) :]
    ended = not word[-1:].isalnum() or not rest or rest[0] in SEPARATORS
    return rest.lstrip(SEPARATORS) if word and ended and _begins(text, word) else text


def _begins(text: str, word: str) -> bool:
    return text[: len(word)].lower() == word.lower()


MOST_MENTIONED = 5  # of those whom to ask, or of where to


class NotAllowed(Exception):
    """One line of mrkdwn that says whom to ask, or where."""


class Rules(NamedTuple):
    """An empty one keeps nobody out. The ids are the operator's, and checked: they may mention."""

    team_id: str = ""
    channels: Sequence[str] = ()
    admins: Sequence[str] = ()


def check_asking(request: Request, rules: Rules, language: Language = ENGLISH) -> None:
    """Raises NotAllowed."""
    if rules.team_id and request.team_id != rules.team_id:
        raise NotAllowed(language.not_this_team)
    if rules.channels and request.channel_id not in rules.channels:
        open_to_many = [f"<#{channel}>" for channel in rules.channels if not channel.startswith("D")]
        raise NotAllowed(language.not_this_channel(open_to_many[:MOST_MENTIONED]))


def check_changing(request: Request, rules: Rules, language: Language = ENGLISH) -> None:
    """Raises NotAllowed."""
    if rules.admins and request.user_id not in rules.admins:
        raise NotAllowed(language.not_an_admin([f"<@{admin}>" for admin in rules.admins[:MOST_MENTIONED]]))
