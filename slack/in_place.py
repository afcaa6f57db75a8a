"""Changes a message in place after a press: the row of the pressed host, and who did what at the end.

All other blocks are sent back as Slack sent them:
https://docs.slack.dev/reference/interaction-payloads/block_actions-payload
"""

from collections.abc import Iterable
from typing import Any, cast

from digest.model import Digest, MuteEnded, Recovery
from hosts.model import Status
from hosts.mutes import hosts_about, mute_lookup, waits_for
from hosts.outages import newest_outages
from hosts.patterns import is_pattern
from slack import rows
from slack.command import MUTE, CommandContext
from slack.interaction import Press
from slack.menus import MessageKind, Place, mute_menu, placed, unmute_button
from slack.mute_replies import still_muted
from slack.packing import MOST_BLOCKS, Message, Section, message, mrkdwn
from slack.phrases import why_unknown
from slack.replies import status_line
from slack.rows import RowContext
from slack.text import by_slash

_DEEPEST = 6  # levels of an accessory; a menu of ours has four

Block = dict[str, Any]


def with_note(page: Message, note: str) -> Message:
    """A message with a whole digest, and the note at its end."""
    return {**page, "blocks": _noted(cast("list[Block]", page["blocks"]), note, MessageKind.DIGEST)}


def changed(press: Press, place: Place, row: Section, note: str) -> Message | None:
    """The message with another row where it was pressed; None if it did not come back as we send them."""
    text, found = press.message.get("text"), press.message.get("blocks")
    if not (isinstance(text, str) and text and isinstance(found, list) and 0 < len(found) <= MOST_BLOCKS):
        return None
    is_pressed = [isinstance(block, dict) and block.get("block_id") == press.block_id for block in found]
    blocks = [_block(block) for block in found]
    if is_pressed.count(True) != 1 or None in blocks:
        return None
    (new,) = placed([row.block()], place)
    kept = [new if here else block for here, block in zip(is_pressed, blocks, strict=True) if block]
    return message(text, blocks=_noted(kept, note, place.kind))


def _block(block: object) -> Block | None:
    """A block made anew, without its block_id, which must not be used twice; None if it is not as ours."""
    match block:
        case {"type": "section", "text": {"text": str(text)}, **more}:
            accessory = more.get("accessory")
            if accessory is None or (isinstance(accessory, dict) and _is_shallow(accessory)):
                return Section(text, more.get("expand") is True, accessory).block()
        case {"type": "context", "elements": [*elements]}:
            texts = [each["text"] for each in elements if isinstance(each, dict) and "text" in each]
            if texts and all(isinstance(text, str) for text in texts):
                return {"type": "context", "elements": [mrkdwn(text) for text in texts]}
    return None


def _is_shallow(value: object, levels: int = _DEEPEST) -> bool:
    """Whether it can be written as JSON again: what is nested too deeply cannot."""
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return levels > 0 and all(_is_shallow(each, levels - 1) for each in inner)


def _noted(blocks: list[Block], note: str, kind: MessageKind) -> list[Block]:
    """The blocks with the note in the last one, instead of an earlier note. An alert has no other footer."""
    if not note:
        return blocks
    last = blocks[-1:] if blocks[-1]["type"] == "context" else []
    first = [element for block in last for element in block["elements"][:1] if kind is not MessageKind.ALERT]
    return [*blocks[: len(blocks) - len(last)], {"type": "context", "elements": [*first, mrkdwn(note)]}]


def current_row(key: str, digest: Digest, context: CommandContext, *, linked: bool) -> Section:
    """How a host or a mute stands now. `digest` is the current one of all hosts."""
    locale = context.locale
    row = _row(key, digest, context, RowContext(digest.at, locale, context.doubt_after, linked))
    return row._replace(text=by_slash(row.text)) if locale.slash else row


def _row(key: str, digest: Digest, context: CommandContext, now: RowContext) -> Section:
    locale, title, hides = context.locale, context.title(key), mute_lookup(context.state, context.now)
    for muted in digest.muted:
        if muted.key == key:
            return Section(rows.mute_row(muted, now), accessory=unmute_button(muted, locale))
    if is_pattern(key):
        hosts = [context.titled(name) for name in _once_hidden(key, context) if not hides(name)]
        return Section(rows.mute_ended_row(MuteEnded(title, tuple(hosts)), now))
    if mute := hides(key):
        return Section(still_muted([context.titled(key)], context.title(mute.host), locale, MUTE))
    for down in digest.down:
        if down.host.open[0].host == key:
            text = rows.alert_row(down, locale.language.down_for, now)
            return Section(text, expand=True, accessory=mute_menu(down, locale))
    host = context.titled(key)
    if host.status is Status.UP and not why_unknown(host, context) and (last := newest_outages([host], 1)):
        return Section(rows.recovery_row(Recovery(host, last), now))
    return Section(status_line(host, context))


def _once_hidden(pattern: str, context: CommandContext) -> Iterable[str]:
    """The hosts that the mute of a pattern hid, be it that it ended by itself or that somebody ended it."""
    state, entries = context.state, reversed(context.state.log)
    over, unmuted = state.mutes.get(pattern), next((e.replaced for e in entries if e.target == pattern), None)
    if over and over.waits:
        return hosts_about(over, state)
    if not over and unmuted and unmuted.waits:
        return waits_for(unmuted, state)
    return context.names.expand(pattern)
