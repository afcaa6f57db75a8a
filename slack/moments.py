"""Lengths of time and moments as people type them, with the words of one language, and what they come to."""

import re
from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta, tzinfo

from languages.language import DurationWords
from languages.zones import read_zone

DAY = timedelta(days=1)
WEEK = 7


class NoClock(ValueError):
    """A day without a time of day."""


def length(typed: str, words: DurationWords) -> timedelta:
    """`1h30m`, `an hour and a half`. Raises ValueError or OverflowError."""
    bare = re.sub(rf"{words.and_a_half}$", "", typed.lower())
    parts = [(part["number"], words.typed_units[part["unit"]]) for part in re.finditer(words.amount, bare)]
    seconds = sum(_number(number, words) * unit for number, unit in parts)
    if bare != typed.lower():
        seconds += parts[-1][1] / 2
    if not seconds:
        raise ValueError(typed)
    return timedelta(seconds=seconds)


def moment(typed: str, now: datetime, zone: tzinfo, words: DurationWords) -> datetime:
    """`18:00`: the next one; `18:00 tomorrow`, `monday 6 p.m. KST`.

    Raises LookupError for a zone that is none, NoClock, ValueError, or OverflowError.
    """
    found = re.fullmatch(words.typed_moment, typed, re.IGNORECASE)
    if found is None:
        raise NoClock(typed)
    said = found.groupdict()
    if typed_zone := _either(said, "zone", "later_zone"):
        zone = read_zone(typed_zone, now, zone)
    today, clock, day = now.astimezone(zone).date(), _clock(said, words), _either(said, "day", "later_day")
    first = _day(day, today, words) if day else today
    then = datetime.combine(first, clock, zone).astimezone(UTC)
    if then <= now and (again := _comes_again(day, words)):
        return datetime.combine(first + again, clock, zone).astimezone(UTC)
    return then


def day_alone(typed: str, now: datetime, zone: tzinfo, words: DurationWords) -> datetime:
    """The beginning of a day that was typed without a time. Raises ValueError."""
    found = re.fullmatch(words.day_alone, typed, re.IGNORECASE)
    if found is None:
        raise ValueError(typed)
    day = _day(found["day"], now.astimezone(zone).date(), words)
    return datetime.combine(day, time(), zone).astimezone(UTC)


def _number(typed: str, words: DurationWords) -> float:
    return words.typed_numbers[typed] if typed in words.typed_numbers else float(typed)


def _either(said: Mapping[str, str | None], *names: str) -> str | None:
    """What stands before the clock or behind it. Raises ValueError for both."""
    found = [typed for name in names if (typed := said.get(name))]
    if len(found) > 1:
        raise ValueError(" ".join(found))
    return found[0] if found else None


def _clock(said: Mapping[str, str | None], words: DurationWords) -> time:
    hour, minute, half = int(said["hour"] or 0), said["minute"] or "0", said["half"]
    if half:
        hours = words.halves[re.sub(r"[. ]", "", half.lower())]
        if hour not in hours:
            raise ValueError(half)
        hour = hours[hour]
    return time(
        hour, int(minute) if minute.isdecimal() else 30
    )  # the only word there is for minutes is "half"


def _day(typed: str, today: date, words: DurationWords) -> date:
    """A weekday, and a date without a year, is the next one; it may be today."""
    if typed.lower() in words.typed_days:
        return today + words.typed_days[typed.lower()] * DAY
    if (weekday := _weekday(typed, words)) is not None:
        return today + (weekday - today.weekday()) % WEEK * DAY
    numbers = [int(number) for number in re.findall(r"\d+", typed)]
    if len(numbers) == 3:
        return date(*numbers)
    day = date(today.year, *numbers)
    return day if day >= today else date(today.year + 1, *numbers)


def _weekday(typed: str, words: DurationWords) -> int | None:
    return next((at for at, name in enumerate(words.weekdays) if typed.lower().startswith(name)), None)


def _comes_again(day: str | None, words: DurationWords) -> timedelta | None:
    """After how long, if what was typed is over today."""
    if day is None:
        return DAY
    return WEEK * DAY if _weekday(day, words) is not None else None
