"""Offers to prolong a mute: `for 1h more` counts from its present end."""

import re
from collections.abc import Iterable, Mapping
from contextlib import suppress
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
    is_more = pattern(rf"(?<!\w)(?:{_MORE})(?!\w)").search(end.typed) or pattern(_MORE_BEHIND).match(
        end.after
    )
    return bool(end.groups["span"] and is_more)


def without_more(end: Candidate) -> Candidate:
    """Drops a word such as "more" behind an end, and a plus before it."""
    after = re.sub(_MORE_BEHIND, "", end.after, count=1, flags=re.IGNORECASE)
    return end._replace(before=end.before.removesuffix(" +"), after=after)


def is_added(text: str, end: Candidate) -> bool:
    """Whether a plus was typed before a length, after the hosts: `+30m`, `+ 30m`."""
    behind = text.split()[len(end.before.removesuffix(" +").split()) :]
    return bool(end.groups["span"] and behind and behind[0].startswith("+"))


def present_mutes(hosts: Iterable[str], context: CommandContext) -> list[Mute]:
    """Returns the mutes of hosts and patterns."""
    return [mute for mute in _mutes_of(hosts, context).values() if mute]


def _mutes_of(hosts: Iterable[str], context: CommandContext) -> dict[str, Mute | None]:
    own, mute_of = active(context.state, context.now), mute_lookup(context.state, context.now)
    return {host: own.get(host) or (None if is_pattern(host) else mute_of(host)) for host in hosts}


def check_not_muted(
    hosts: Iterable[str], end: Candidate, expiry_context: ExpiryContext, context: CommandContext
) -> None:
    """Raises UsageError if one is muted: it offers the present end with the time added, and the reason.

    Hosts whose mutes end at different times get a command each; of a mute of several, the reason is lost.
    """
    language, mutes = context.language, _mutes_of(hosts, context)
    for mute in filter(None, mutes.values()):
        if not mute.until:
            raise UsageError(
                language.has_no_end(code(context.title(mute.host)), mute_end(mute, context.locale))
            )
    with suppress(ValueError, OverflowError):
        ends = _prolonged(mutes, length(end.groups["span"] or "", end.words))
        if not any(until and until > context.now for until in ends):
            return
        if any(until and until > context.now + LONGEST_MUTE for until in ends):
            raise UsageError(language.mute_is_too_long(quoted(end.typed, LONGEST_QUOTE)))
        again = []
        for until, alike in ends.items():
            named = end.before if len(ends) == 1 else " ".join(map(context.title, alike))
            (only, *_), then = [mutes[host] for host in alike], end.typed
            old = only.reason if only and len(alike) == 1 else ""
            if until:
                then = expiry_context.words.until_then(moment_to_type(until, expiry_context.zone))
            reason = f": {reason}" if (reason := reason_of(end.after) or old) else ""
            again.append(f"{expiry_context.verb} {named} {then}{reason}")
        if len(again) == 1:
            raise offer(language.confirm_until, again[0])
        raise UsageError(language.prolong_each([*map(suggested, again)]), again)


def _prolonged(mutes: Mapping[str, Mute | None], more: timedelta) -> dict[datetime | None, list[str]]:
    """Returns the hosts by the end of their mutes with the time added; None if they are not muted."""
    ends = dict[datetime | None, list[str]]()
    for host, mute in mutes.items():
        ends.setdefault(mute.until + more if mute and mute.until else None, []).append(host)
    return ends
