"""Computes the lengths of time and the moments that people type, in the words of one language."""

import re
from collections.abc import Mapping
from datetime import datetime, timedelta, tzinfo

from languages.language import DurationWords
from languages.zones import read_zone
from slack.days import DAY, MORNING, at_hour, day_named, repeats_after

_ADDED = r"\+|&|\b(?:and|plus)\b"


def length(typed: str, words: DurationWords) -> timedelta:
    """Reads `1h30m`, `an hour and a half`. Raises ValueError or OverflowError."""
    whole = re.sub(rf"{words.and_a_half}$", "", typed.lower())
    found = [(amount["number"], amount["unit"]) for amount in re.finditer(words.amount, whole)]
    amounts = [(_number(number, words), words.typed_units[unit]) for number, unit in found]
    if not amounts or (len({unit for _, unit in amounts}) < len(amounts) and not re.search(_ADDED, whole)):
        raise ValueError(typed)  # `2h 22h`
    seconds = sum(number * unit for number, unit in amounts)
    return timedelta(seconds=seconds + (amounts[-1][1] / 2 if whole != typed.lower() else 0))


def moment(typed: str, now: datetime, zone: tzinfo, words: DurationWords) -> datetime:
    """Reads `18:00`, which is the next one, `18:00 tomorrow`, `monday 6 p.m. KST`, `tomorrow`, `noon`.

    Raises:
        LookupError: It names a time zone that does not exist or is ambiguous.
        ValueError, OverflowError: It is no moment.
    """
    found = re.fullmatch(words.typed_moment, typed, re.IGNORECASE)
    if found is None:
        return _day_alone(typed, now, zone, words)
    groups = found.groupdict()
    if typed_zone := _either(groups, "zone", "later_zone"):
        zone = read_zone(typed_zone, now, zone)
    clock = _time_of_day(groups, words)
    day = _either(groups, "day", "later_day") or ("today" if groups.get("this") else None)
    return _next(day, clock, now.astimezone(zone), words)


def day_alone(typed: str, now: datetime, zone: tzinfo, words: DurationWords) -> datetime:
    """Returns the beginning of a day that was typed without a time. Raises ValueError."""
    return at_hour(day_named(typed, now.astimezone(zone).date(), words), 0, 0, zone)


def _day_alone(typed: str, now: datetime, zone: tzinfo, words: DurationWords) -> datetime:
    """Its morning or, of today, its end."""
    clock = words.parts_of_day.get(typed.lower(), MORNING), 0
    return _next(typed, clock, now.astimezone(zone), words)


def _next(day: str | None, clock: tuple[int, int], now: datetime, words: DurationWords) -> datetime:
    """In the zone of `now`."""
    first = day_named(day, now.date(), words) if day else now.date()
    result, period = at_hour(first, *clock, now.tzinfo), repeats_after(day, words) if day else DAY
    return at_hour(first + period, *clock, now.tzinfo) if result <= now and period else result


def _number(typed: str, words: DurationWords) -> float:
    return words.typed_numbers[typed] if typed in words.typed_numbers else float(typed)


def _either(groups: Mapping[str, str | None], *names: str) -> str | None:
    """Returns what stands before the time of day or behind it. Raises ValueError for both."""
    found = [typed for name in names if (typed := groups.get(name))]
    if len(found) > 1:
        raise ValueError(" ".join(found))
    return found[0] if found else None


def _time_of_day(groups: Mapping[str, str | None], words: DurationWords) -> tuple[int, int]:
    """Raises ValueError."""
    if part := groups["part"]:
        return words.parts_of_day[part.lower()], 0
    hour, minute, half = int(groups["hour"] or 0), groups["minute"] or "0", groups["half"]
    if half:
        hours = words.halves[re.sub(r"[. ]", "", half.lower())]
        if hour not in hours:
            raise ValueError(half)
        hour = hours[hour]
    if hour == 24:  # of the other hours `time` says whether they exist
        raise ValueError(hour)
    return hour, int(minute) if minute.isdecimal() else 30  # "half" is the only word for minutes
