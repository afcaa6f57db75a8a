"""Menus and buttons beside hosts, and how to read what was chosen.

A message keeps them for years, across restarts and upgrades, and nothing is kept about a message: so each
value says by itself what to do with which host, and each action_id what kind of message it is in.
Limits: https://docs.slack.dev/reference/block-kit/block-elements
"""

import re
from collections.abc import Collection
from datetime import datetime, timedelta, tzinfo
from enum import StrEnum
from hashlib import sha256
from typing import Any, NamedTuple, cast

from digest.model import Down, Muted
from languages import Locale
from languages.language import Choice
from slack.moments import DAY, MORNING, at_hour
from slack.mute_ends import Expiry
from slack.packing import Message
from slack.text import cut, one_line
from turns import Steps

VERSION = "1"  # of values and action_ids; a later program must read those of earlier ones
LONGEST_VALUE = 75  # characters of an option's value, the stricter of the two limits that Slack states
LONGEST_NAME = 60  # characters of a host in a title or a label, of which Slack takes 75
DIGEST_MUTE_MENUS = 20  # each takes a block, as does each muted host with its button; a message has 50
ALERT_MENUS = 40
_LASTING = {Choice.HOUR: timedelta(hours=1), Choice.FOUR_HOURS: timedelta(hours=4)}
_MUTES = (Choice.HOUR, Choice.FOUR_HOURS, Choice.TOMORROW, Choice.UNTIL_UP, Choice.FOR_GOOD)
_EDITION = re.compile(r"[0-9]{1,15}")
_UNCHANGED_ON_THE_WAY = re.compile(r"[A-Za-z0-9.:*_-]+")


class MessageKind(StrEnum):
    """What a message is. Only a whole digest can be replaced by a later one."""

    DIGEST = "digest"
    PART = "part"  # one of several messages of a digest
    ALERT = "alert"


class Place(NamedTuple):
    """The message that a menu is in."""

    kind: MessageKind
    channel: str  # the name in the configuration
    notified: int = 0  # of a digest: the edition after which everything was news in it

    def action_id(self) -> str:
        return f"{VERSION} {self.kind} {self.notified} {self.channel}"


class Chosen(NamedTuple):
    """What was chosen for a host, which `finding_host` finds."""

    choice: Choice
    reference: str


def mute_menu(entry: Down, locale: Locale) -> Message:
    """Returns the menu of a host that is down. If its close may be lost, it also offers to resolve it."""
    language, key = locale.language, entry.host.open[0].host  # the host's own name is its title by now
    choices = (*_MUTES, Choice.RESOLVE) if entry.doubtful else _MUTES
    label = language.menu_with_resolve if entry.doubtful else language.menu
    menu: Message = {
        "type": "static_select",
        "placeholder": _plain_text(label),
        "options": [
            {"text": _plain_text(language.choices[choice]), "value": _value(choice, key)}
            for choice in choices
        ],
    }
    return menu | {"confirm": _dialog(entry.host.name, locale)} if entry.doubtful else menu


def _dialog(host: str, locale: Locale) -> Message:
    """Returns the confirmation of a whole menu: Slack has none for a single option."""
    dialog = locale.language.dialog
    return {
        "title": _plain_text(locale.language.dialog_title(_label(host))),
        "text": _plain_text(dialog.text),
        "confirm": _plain_text(dialog.confirm),
        "deny": _plain_text(dialog.deny),
    }


def unmute_button(entry: Muted, locale: Locale) -> Message:
    language = locale.language
    return {
        "type": "button",
        "text": _plain_text(language.choices[Choice.UNMUTE]),
        "value": _value(Choice.UNMUTE, entry.key),
        "accessibility_label": language.unmute_label(_label(entry.mute.host)),
    }


def _label(host: str) -> str:
    return cut(one_line(host), LONGEST_NAME)


def _plain_text(text: str) -> Message:
    return {"type": "plain_text", "text": text, "emoji": False}


def placed(blocks: list[dict[str, Any]], place: Place) -> list[dict[str, Any]]:
    """The blocks with an action_id for each menu. Slack makes the block_ids, which must not be used twice."""
    return [
        {**block, "accessory": {**menu, "action_id": place.action_id()}}
        if isinstance(menu := block.get("accessory"), dict)
        else block
        for block in blocks
    ]


def without_menus(message: Message) -> Message:
    """Returns a message with nothing to press."""
    blocks = cast("list[dict[str, Any]]", message["blocks"])
    bare = [{key: value for key, value in block.items() if key != "accessory"} for block in blocks]
    return {**message, "blocks": bare}


def read_place(action_id: str) -> Place | None:
    """Decodes an action_id; None if it is not ours, or from another version."""
    version, _, rest = action_id.partition(" ")
    kind, _, rest = rest.partition(" ")
    notified, _, channel = rest.partition(" ")
    if version != VERSION or kind not in set(MessageKind) or not _EDITION.fullmatch(notified):
        return None
    return Place(MessageKind(kind), channel, int(notified))


def _value(choice: Choice, key: str) -> str:
    return f"{VERSION} {choice} {_reference(key)}"


def _reference(key: str) -> str:
    """The key of a host, or a digest of it if it is long or something on the way might change it."""
    longest = LONGEST_VALUE - len(f"{VERSION} {max(Choice, key=len)} ")
    if len(key) <= longest and _UNCHANGED_ON_THE_WAY.fullmatch(key):
        return key
    return f"~{sha256(key.encode()).hexdigest()[:24]}"


def read_value(value: str) -> Chosen | None:
    """Decodes a value; None if it is from another version."""
    version, _, rest = value.partition(" ")
    choice, _, reference = rest.partition(" ")
    if version != VERSION or choice not in set(Choice) or not reference:
        return None
    return Chosen(Choice(choice), reference)


def finding_host(reference: str, known: Collection[str]) -> Steps[str]:
    """Returns the known key that is referred to; empty if there is none."""
    if not _is_digest(reference):
        return reference if reference in known else ""
    for key in [*known]:
        yield
        if _reference(key) == reference:
            return key
    return ""


def name_of(reference: str) -> str:
    """The host, if the reference spells it out; empty if it is a digest."""
    return "" if _is_digest(reference) else reference


def _is_digest(reference: str) -> bool:
    return reference.startswith("~")


def expiry(choice: Choice, now: datetime, zone: tzinfo) -> Expiry:
    """When the mute of a choice ends."""
    if choice is Choice.TOMORROW:
        return Expiry(at_hour(now.astimezone(zone).date() + DAY, MORNING, 0, zone))
    until = now + _LASTING[choice] if choice in _LASTING else None
    return Expiry(until, until_up=choice is Choice.UNTIL_UP)
