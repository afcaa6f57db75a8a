"""Offers to prolong a mute: `for 1h more` counts from its present end."""

import re
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta

from hosts.model import Mute
from hosts.mutes import active, mute_lookup
from hosts.patterns import is_pattern
from languages import LANGUAGES
from slack.command import CommandContext, UsageError, offer, suggested
from slack.moments import length, moment_to_type
from slack.mute_ends import LONGEST_MUTE, LONGEST_QUOTE, Candidate, ExpiryContext
from slack.phrases import mute_end
from slack.reasons import reason_of
from slack.text import code, quoted
from slack.words import pattern

_MORE = "|".join(f"(?:{words.more})" for words in LANGUAGES.values())
_MORE_BEHIND = rf"[ ,.]*(?:{_MORE})[ ,.!]*(?=:|$)"


def adds_time(end: Candidate) -> bool:
    """Whether an end is a length to add to the present one: `for another 1h`, `1시간 더`."""
    is_within = pattern(rf"(?<!\w)(?:{_MORE})(?!\w)").search(end.typed)
    return bool(end.groups["span"] and (is_within or pattern(_MORE_BEHIND).match(end.after)))


def without_more(end: Candidate) -> Candidate:
    """Drops a word such as "more" behind an end, and a plus before it."""
    after = re.sub(_MORE_BEHIND, "", end.after, count=1, flags=re.IGNORECASE)
    return end._replace(before=end.before.removesuffix(" +"), after=after)


def is_added(text: str, end: Candidate) -> bool:
    """Whether a plus was typed before a length, after the hosts: `+30m`, `+ 30m`."""
    behind = text.split()[len(end.before.removesuffix(" +").split()) :]
    return bool(end.groups["span"] and behind and behind[0].startswith("+"))


def is_any_muted(hosts: Iterable[str], context: CommandContext) -> bool:
    return any(_mutes_of(hosts, context).values())


def _mutes_of(hosts: Iterable[str], context: CommandContext) -> dict[str, Mute | None]:
    own, mute_of = active(context.state, context.now), mute_lookup(context.state, context.now)
    return {host: own.get(host) or (None if is_pattern(host) else mute_of(host)) for host in hosts}


def offer_to_prolong(
    hosts: Iterable[str], end: Candidate, expiry_context: ExpiryContext, context: CommandContext
) -> None:
    """Raises UsageError if one is muted: it offers the present end with the time added, and the reason.

    Hosts whose mutes end at different times get a command each; of a mute of several, the reason is lost.
    """
    language, mutes = context.language, _mutes_of(hosts, context)
    for mute in filter(None, mutes.values()):
        if not mute.until:
            name, ends_when = code(context.title(mute.host)), mute_end(mute, context.locale)
            raise UsageError(language.has_no_end(name, ends_when))
    try:
        ends = _prolonged(mutes, length(end.groups["span"] or "", end.words))
    except (ValueError, OverflowError):
        return  # whoever reads the end says what is wrong with it
    if not any(until and until > context.now for until in ends):
        return
    if any(until and until > context.now + LONGEST_MUTE for until in ends):
        raise UsageError(language.mute_is_too_long(quoted(end.typed, LONGEST_QUOTE)))
    again = []
    for until, alike in ends.items():
        named = end.before if len(ends) == 1 else " ".join(map(context.title, alike))
        only = mutes[alike[0]] if len(alike) == 1 else None
        then = (
            expiry_context.words.until_then(moment_to_type(until, expiry_context.zone))
            if until
            else end.typed
        )
        reason = reason_of(end.after) or (only.reason if only else "")
        again.append(f"{expiry_context.verb} {named} {then}" + (f": {reason}" if reason else ""))
    if len(again) == 1:
        raise offer(language.confirm_until, again[0])
    raise UsageError(language.prolong_each([*map(suggested, again)]), again)


def _prolonged(mutes: Mapping[str, Mute | None], more: timedelta) -> dict[datetime | None, list[str]]:
    """Returns the hosts by the end of their mutes with the time added; None if they are not muted."""
    ends = dict[datetime | None, list[str]]()
    for host, mute in mutes.items():
        ends.setdefault(mute.until + more if mute and mute.until else None, []).append(host)
    return ends
