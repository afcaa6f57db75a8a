"""For how long and why, as people say it after the hosts: `for 2h deploy`, `18:00까지 배포`."""

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from typing import NamedTuple

from slack.command import UsageError
from slack.languages import ENGLISH, Language
from slack.languages.language import TermWords
from slack.text import code, one_line
from slack.wording import cut

LONGEST = timedelta(days=366)
REASON = 200  # characters; what is missing is seen to be missing
DAY, SHOWN = timedelta(days=1), 40


class Term(NamedTuple):
    """Until then, until up, or else until restored."""

    until: datetime | None = None
    until_up: bool = False
    reason: str = ""


class Said(NamedTuple):
    """What may be a term, in words of one language, and what stands `before` and `after` it."""

    before: str
    groups: dict[str, str | None]
    typed: str
    after: str
    words: TermWords


def said(text: str, language: Language) -> Iterator[Said]:
    """Wherever a term may stand, the first first: a host's name can hold the words of one."""
    found = [(match, words) for words in _languages(language) for match in _all(words.term, text)]
    for match, words in sorted(found, key=lambda one: one[0].start()):
        before, after = text[: match.start()].strip(), text[match.end() :]
        yield Said(before, match.groupdict(), match[0].strip(), after, words)


def misses_a_time(text: str, language: Language) -> bool:
    """Does a word that a term begins with stand there?"""
    return any(match.start() for words in _languages(language) for match in _all(words.begins_term, text))


def not_a_term(text: str, language: Language) -> UsageError:
    starts = [match.start() for words in _languages(language) for match in _all(words.begins_term, text)]
    return UsageError(language.not_a_term(code(cut(text[min(starts) :], SHOWN))))


def read(said: Said, now: datetime, zone: tzinfo, language: Language) -> Term:
    """Raises UsageError."""
    reason = cut(one_line(said.after).strip(" ,.:;-"), REASON)
    if said.groups["up"] or said.groups["restored"]:
        return Term(until_up=bool(said.groups["up"]), reason=reason)
    typed = code(cut(said.typed, SHOWN))
    try:
        until = _until(said, now, zone)
        if until > now + LONGEST:
            raise UsageError(language.term_is_long(typed))
    except ValueError:
        raise UsageError(language.not_a_term(typed)) from None
    except OverflowError:
        raise UsageError(language.term_is_long(typed)) from None
    if until <= now:
        raise UsageError(language.term_is_past(typed))
    return Term(until, reason=reason)


def _until(said: Said, now: datetime, zone: tzinfo) -> datetime:
    """Raises ValueError or OverflowError."""
    if span := said.groups["span"]:
        return now + _span(span, said.words)
    clock = _clock(said.groups, said.words)
    today = now.astimezone(zone).date()
    day = _day(said.groups["day"], today, said.words)
    until = datetime.combine(day or today, clock, zone).astimezone(UTC)
    if day is None and until <= now:
        until = datetime.combine(today + DAY, clock, zone).astimezone(UTC)
    return until


def _span(typed: str, words: TermWords) -> timedelta:
    parts = re.findall(r"(\d+) ?([^\W\d]+)", typed.lower())
    span = timedelta(seconds=sum(int(number) * words.typed_units[unit] for number, unit in parts))
    if not span:
        raise ValueError(typed)
    return span


def _clock(groups: dict[str, str | None], words: TermWords) -> time:
    hour, minute, half = int(groups["hour"] or 0), int(groups["minute"] or 0), groups["half"]
    if half:
        if not 1 <= hour <= 12:
            raise ValueError(half)
        hour = hour % 12 + (12 if half.lower() == words.afternoon else 0)
    return time(hour, minute)


def _day(typed: str | None, today: date, words: TermWords) -> date | None:
    """A date without a year is the next such day."""
    if typed is None:
        return None
    if typed.lower() in words.typed_days:
        return today + words.typed_days[typed.lower()] * DAY
    numbers = [int(number) for number in re.findall(r"\d+", typed)]
    if len(numbers) == 3:
        return date(*numbers)
    day = date(today.year, *numbers)
    return day if day >= today else date(today.year + 1, *numbers)


def _languages(language: Language) -> tuple[Language, ...]:
    return (language,) if language is ENGLISH else (language, ENGLISH)


def _all(expression: str, text: str) -> Iterator[re.Match[str]]:
    return re.finditer(expression, text, re.IGNORECASE)
