"""Understands the end of a mute together with what follows if that belongs to it, as in `for 2 hrs 30`."""

import re
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import datetime, timedelta, tzinfo
from typing import NamedTuple

from languages import LANGUAGES, Language
from languages.typed import DurationWords
from slack.moments import end_of_named, end_of_period, length, moment
from slack.reasons import place_after
from slack.words import pattern

LONGEST_MUTE = timedelta(days=366)
_HOUR = 3600
_JOINS = re.compile(r"^(?:(?:and|plus|&|\+|,)\s*(?:another )?)+", re.IGNORECASE)
_SIGNS = " ,.;:()[]{}\"'"
_OFFSET = re.compile(r"(?:utc|gmt)? ?([+-]?) ?(\d{1,2}(?::?\d\d)?)", re.IGNORECASE)


class Expiry(NamedTuple):
    """When a mute ends, and why it was made. With neither `until` nor `until_up` it ends when restored."""

    until: datetime | None = None
    until_up: bool = False
    reason: str = ""


class Candidate(NamedTuple):
    """Words of one language that may be an expiry, with what stands `before` and `after` them."""

    before: str
    groups: dict[str, str | None]
    typed: str
    after: str
    words: DurationWords


class ExpiryContext(NamedTuple):
    """When and where an expiry was typed, and after which verb: `remove` or `remove!`."""

    now: datetime
    zone: tzinfo
    language: Language
    verb: str = "remove"

    def allows(self, end: datetime) -> bool:
        return self.now < end <= self.now + LONGEST_MUTE


def end_of(candidate: Candidate, context: ExpiryContext, start: datetime | None = None) -> datetime:
    """Raises what `length` and `moment` raise."""
    groups, words, begin = candidate.groups, candidate.words, start or context.now
    if span := groups["span"]:
        return begin + length(span, words)
    if period := groups["period"]:
        return end_of_period(words.periods[period.lower()], begin, context.zone)
    if day := groups["through"]:
        return end_of_named(day, begin, context.zone, words)
    return moment(groups["moment"] or "", begin, context.zone, words)


def meant_end(candidate: Candidate, context: ExpiryContext) -> datetime | None:
    """Returns the end that is meant; None if that is not clear."""
    rest = candidate.after.strip(_SIGNS)
    for end in _possible_ends(candidate, rest, context):
        with suppress(ValueError, LookupError, OverflowError):
            if context.allows(found := end()):
                return found
    return None


def _possible_ends(
    candidate: Candidate, rest: str, context: ExpiryContext
) -> Iterator[Callable[[], datetime]]:
    """Yields functions that may each compute the end, and raise what `length` and `moment` raise."""
    if not any(candidate.groups[name] for name in ("span", "moment", "period", "through")):
        return
    yield lambda: _prolonged(candidate, rest, context)
    if candidate.groups["span"]:
        yield lambda: _started_later(candidate, rest, context)
    else:
        for text in _moments(candidate.groups["moment"] or "", rest):
            yield lambda text=text: moment(text, context.now, context.zone, candidate.words)  # type: ignore[misc]


def _prolonged(candidate: Candidate, rest: str, context: ExpiryContext) -> datetime:
    """Adds a length, or minutes without their unit after hours."""
    more, end = _JOINS.sub("", rest), end_of(candidate, context)
    for words in LANGUAGES.values():
        if re.fullmatch(rf"(?:{words.amount}[ ,]*)+", re.sub(r"\d", "1", more), re.IGNORECASE):
            return end + length(more, words)
    span, minutes = candidate.groups["span"] or "", more if more.isdecimal() else ""
    if not minutes or length(span, candidate.words).total_seconds() % _HOUR:
        raise ValueError(rest)
    unit = next(unit for unit, seconds in candidate.words.typed_units.items() if seconds * 60 == _HOUR)
    return end + length(f"{minutes}{unit}", candidate.words)


def _started_later(candidate: Candidate, rest: str, context: ExpiryContext) -> datetime:
    bare = re.sub(r"^(?:when|once|if|after) ", "", rest, flags=re.IGNORECASE)
    for words in LANGUAGES.values():
        if found := pattern(words.bare_moment).match(bare):
            start = moment(found["moment"], context.now, context.zone, words)
            return end_of(candidate, context, start)
    raise ValueError(rest)


def _moments(typed: str, rest: str) -> Iterator[str]:
    """Yields a moment with the time zone, day, or a.m. or p.m. that was typed after it."""
    if offset := _OFFSET.fullmatch(rest):
        yield f"{typed} UTC{offset[1] or '+'}{offset[2]}"
    place = place_after(rest)
    if place and place[1] and rest.endswith(place[0]):
        yield f"{typed} {place[1]}"
    bare = re.sub(r"^(?:in|at|on|of|the| )+ ", "", rest, flags=re.IGNORECASE)
    yield from (f"{typed} {bare}", f"{bare} {typed}")
