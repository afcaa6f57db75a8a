"""The end of a mute as it was typed, and what is known about whoever typed it."""

from datetime import datetime, timedelta, tzinfo
from typing import NamedTuple

from languages import Language
from languages.language import DurationWords
from slack.days import end_of_named, end_of_period
from slack.moments import length, moment

LONGEST_MUTE = timedelta(days=366)


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
