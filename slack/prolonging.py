"""Offers to prolong a mute: `for 1h more` counts from its present end."""

import re
from collections.abc import Iterable
from contextlib import suppress

from hosts.model import Mute
from hosts.mutes import active, mute_lookup
from hosts.patterns import is_pattern
from languages import LANGUAGES
from slack.command import CommandContext, UsageError, offer
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
    """Drops a word such as "more" behind an end."""
    return end._replace(after=re.sub(_MORE_BEHIND, "", end.after, count=1, flags=re.IGNORECASE))


def present_mutes(hosts: Iterable[str], context: CommandContext) -> list[Mute]:
    """Returns the mutes of hosts and patterns."""
    own, mute_of = active(context.state, context.now), mute_lookup(context.state, context.now)
    found = (own.get(host) or (None if is_pattern(host) else mute_of(host)) for host in hosts)
    return [mute for mute in found if mute]


def check_not_muted(
    hosts: Iterable[str], end: Candidate, expiry_context: ExpiryContext, context: CommandContext
) -> None:
    """Raises UsageError if one is muted: it offers the present end with the time added, and the reason."""
    language, ends, span = context.language, [], end.groups["span"] or ""
    mutes = present_mutes(hosts, context)
    for mute in mutes:
        if not mute.until:
            raise UsageError(
                language.has_no_end(code(context.title(mute.host)), mute_end(mute, context.locale))
            )
        ends.append(mute.until)
    with suppress(ValueError, OverflowError):
        if not ends or (until := max(ends) + length(span, end.words)) <= context.now:
            return
        if until > context.now + LONGEST_MUTE:
            raise UsageError(language.mute_is_too_long(quoted(end.typed, LONGEST_QUOTE)))
        reason = reason_of(end.after) or (mutes[0].reason if len(mutes) == 1 else "")
        typed = expiry_context.words.until_then(moment_to_type(until, expiry_context.zone))
        again = f"{expiry_context.verb} {end.before} {typed}{f': {reason}' if reason else ''}"
        raise offer(language.confirm_until, again)
