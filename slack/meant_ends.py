"""Computes which end is meant if what follows one belongs to it: `for 2 hrs 30`, `until 18:00 +1d`."""

import re
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import datetime

from languages import LANGUAGES
from slack.expiry import Candidate, ExpiryContext, end_of
from slack.moments import length, moment
from slack.reasons import place_after

_HOUR = 3600
_JOINS = re.compile(r"^(?:(?:and|plus|&|\+|,)\s*(?:another )?)+", re.IGNORECASE)
_SIGNS = " ,.;:()[]{}\"'"
_OFFSET = re.compile(r"(?:utc|gmt)? ?([+-]?) ?(\d{1,2}(?::?\d\d)?)", re.IGNORECASE)


def meant_end(candidate: Candidate, context: ExpiryContext) -> datetime | None:
    """Returns None if nobody can say."""
    rest = candidate.after.strip(_SIGNS)
    for end in _possible_ends(candidate, rest, context):
        with suppress(ValueError, LookupError, OverflowError):
            if context.allows(found := end()):
                return found
    return None


def _possible_ends(
    candidate: Candidate, rest: str, context: ExpiryContext
) -> Iterator[Callable[[], datetime]]:
    """Each raises what `length` and `moment` raise."""
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
        if found := re.match(words.bare_moment, bare, re.IGNORECASE):
            start = moment(found["moment"], context.now, context.zone, words)
            return end_of(candidate, context, start)
    raise ValueError(rest)


def _moments(typed: str, rest: str) -> Iterator[str]:
    """Yields the moment with a zone, a day or a half of the day that stands apart from it."""
    if offset := _OFFSET.fullmatch(rest):
        yield f"{typed} UTC{offset[1] or '+'}{offset[2]}"
    place = place_after(rest)
    if place and place[1] and rest.endswith(place[0]):
        yield f"{typed} {place[1]}"
    bare = re.sub(r"^(?:in|at|on|of|the| )+ ", "", rest, flags=re.IGNORECASE)
    yield from (f"{typed} {bare}", f"{bare} {typed}")
