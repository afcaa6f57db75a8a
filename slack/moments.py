"""Computes the lengths of time and the moments that people type, in the words of one language."""

import re
from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta, tzinfo

from languages.language import DurationWords
from languages.zones import read_zone

DAY = timedelta(days=1)
DAYS_A_WEEK = 7
MORNING = time(9)  # when a day ends that was typed without a time of day
_ADDED = r"\+|&|\b(?:and|plus)\b"


def length(typed: str, words: DurationWords) -> timedelta:
    """Reads `1h30m`, `an hour and a half`. Raises ValueError or OverflowError."""
    whole = re.sub(rf"{words.and_a_half}$", "", typed.lower())
    parts = [amount["unit"] for amount in re.finditer(words.amount, whole)]
    if len({words.typed_units[unit] for unit in parts}) < len(parts) and not re.search(_ADDED, whole):
        raise ValueError(typed)  # `2h 22h`
    amounts = [
        (amount["number"], words.typed_units[amount["unit"]]) for amount in re.finditer(words.amount, whole)
    ]
    seconds = sum(_number(number, words) * unit for number, unit in amounts)
    if whole != typed.lower():
        seconds += amounts[-1][1] / 2
    if not seconds:
        raise ValueError(typed)
    return timedelta(seconds=seconds)


def moment(typed: str, now: datetime, zone: tzinfo, words: DurationWords) -> datetime:
    """Reads `18:00`, which is the next one, `18:00 tomorrow`, `monday 6 p.m. KST`, `tomorrow`.

    Raises:
        LookupError: It names a time zone that does not exist or is ambiguous.
        ValueError, OverflowError: It is no moment.
    """
    found = re.fullmatch(words.typed_moment, typed, re.IGNORECASE)
    if found is None:
        return _morning(typed, now, zone, words)
    groups = found.groupdict()
    if typed_zone := _either(groups, "zone", "later_zone"):
        zone = read_zone(typed_zone, now, zone)
    return _next(_either(groups, "day", "later_day"), _time_of_day(groups, words), now, zone, words)


def after_weekend(now: datetime, zone: tzinfo) -> datetime:
    """Returns the Monday morning after the weekend that goes on or comes next."""
    today = now.astimezone(zone).date()
    return datetime.combine(today + (DAYS_A_WEEK - today.weekday()) * DAY, MORNING, zone).astimezone(UTC)


def _morning(typed: str, now: datetime, zone: tzinfo, words: DurationWords) -> datetime:
    found = re.fullmatch(words.day_alone, typed, re.IGNORECASE)
    if found is None:
        raise ValueError(typed)
    return _next(found["day"], MORNING, now, zone, words)


def _next(day: str | None, clock: time, now: datetime, zone: tzinfo, words: DurationWords) -> datetime:
    today = now.astimezone(zone).date()
    first = _date(day, today, words) if day else today
    result = datetime.combine(first, clock, zone).astimezone(UTC)
    if result <= now and (period := _period(day, words)):
        return datetime.combine(first + period, clock, zone).astimezone(UTC)
    return result


def day_alone(typed: str, now: datetime, zone: tzinfo, words: DurationWords) -> datetime:
    """Returns the beginning of a day that was typed without a time. Raises ValueError."""
    found = re.fullmatch(words.day_alone, typed, re.IGNORECASE)
    if found is None:
        raise ValueError(typed)
    day = _date(found["day"], now.astimezone(zone).date(), words)
    return datetime.combine(day, time(), zone).astimezone(UTC)


def _number(typed: str, words: DurationWords) -> float:
    return words.typed_numbers[typed] if typed in words.typed_numbers else float(typed)


def _either(groups: Mapping[str, str | None], *names: str) -> str | None:
    """Returns what stands before the time of day or behind it. Raises ValueError for both."""
    found = [typed for name in names if (typed := groups.get(name))]
    if len(found) > 1:
        raise ValueError(" ".join(found))
    return found[0] if found else None


def _time_of_day(groups: Mapping[str, str | None], words: DurationWords) -> time:
    hour, minute, half = int(groups["hour"] or 0), groups["minute"] or "0", groups["half"]
    if half:
        hours = words.halves[re.sub(r"[. ]", "", half.lower())]
        if hour not in hours:
            raise ValueError(half)
        hour = hours[hour]
    return time(hour, int(minute) if minute.isdecimal() else 30)  # "half" is the only word for minutes


def _date(typed: str, today: date, words: DurationWords) -> date:
    """A weekday, or a date without a year, is the next one; it may be today."""
    if typed.lower() in words.typed_days:
        return today + words.typed_days[typed.lower()] * DAY
    if (weekday := _weekday(typed, words)) is not None:
        return today + (weekday - today.weekday()) % DAYS_A_WEEK * DAY
    numbers = [int(number) for number in re.findall(r"\d+", typed)]
    if len(numbers) == 3:
        return date(*numbers)
    day = date(today.year, *numbers)
    return day if day >= today else date(today.year + 1, *numbers)


def _weekday(typed: str, words: DurationWords) -> int | None:
    return next((at for at, name in enumerate(words.weekdays) if typed.lower().startswith(name)), None)


def _period(day: str | None, words: DurationWords) -> timedelta | None:
    """Returns after how long the typed day comes again; None if it does not."""
    if day is None:
        return DAY
    return DAYS_A_WEEK * DAY if _weekday(day, words) is not None else None
