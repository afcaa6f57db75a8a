"""Computes lengths of time, days and moments as people type them, in the words of one language."""

import re
from collections.abc import Mapping
from contextlib import suppress
from datetime import UTC, date, datetime, time, timedelta, tzinfo

from languages.typed import DayWords, DurationWords
from languages.zones import read_zone
from slack.words import pattern

DAY = timedelta(days=1)
WEEK = 7 * DAY
JUST_PAST = timedelta(days=14)  # a date without a year is a year ahead only if it is older
MORNING = 9  # o'clock: when a day ends if no time was typed
_SATURDAY = 5
_ADDED = r"\+|&|\b(?:and|plus)\b"


def at_hour(day: date, hour: int, minute: int, zone: tzinfo | None) -> datetime:
    """Returns that time of a day; 24:00 is its end. Raises ValueError."""
    if hour == 24:
        return at_hour(day + DAY, 0, minute, zone)
    return datetime.combine(day, time(hour, minute), zone).astimezone(UTC)


def moment_to_type(at: datetime, zone: tzinfo) -> str:
    """Returns how to type a moment, rounded up to the minute: with its offset if a clock shows it twice."""
    local = (at + timedelta(seconds=59)).astimezone(zone)
    is_repeated = local.utcoffset() != local.replace(fold=1 - local.fold).utcoffset()
    return f"{local:%Y-%m-%d %H:%M UTC%z}" if is_repeated else f"{local:%Y-%m-%d %H:%M}"


def _day_named(groups: Mapping[str, str | None], today: date, words: DayWords) -> date:
    """Returns a day. A weekday is the next, or today; "this week" may be past. Raises ValueError."""
    if relative := groups.get("relative"):
        return today + words.relative_days[relative] * DAY
    if weekday := groups.get("weekday"):
        at = next(at for at, name in enumerate(words.weekdays) if weekday.startswith(name))
        if groups.get("next"):
            return _next_week(today) + at * DAY
        if groups.get("this"):
            return _next_week(today) - WEEK + at * DAY
        return today + (at - today.weekday()) % 7 * DAY
    if unit := groups.get("unit"):
        first = _beginning(words.calendar_units[unit], today, is_next=bool(groups.get("next")))
        return first.replace(day=int(groups.get("date") or first.day))
    return _date(groups, today, words)


def _repeats_after(groups: Mapping[str, str | None]) -> timedelta | None:
    """Returns after how long the typed day comes around again; None if it does not."""
    is_weekly = groups.get("weekday") or groups.get("unit") == "weekend"
    return WEEK if is_weekly and not (groups.get("next") or groups.get("this")) else None


def end_of_period(period: str, now: datetime, zone: tzinfo) -> datetime:
    """Returns the end of the current or next day, night, week, weekend, month or year."""
    local = now.astimezone(zone)
    today = local.date()
    match period:
        case "day":
            return at_hour(today, 24, 0, zone)
        case "night":
            return at_hour(today if local.hour < MORNING else today + DAY, MORNING, 0, zone)
        case "weekend":
            return at_hour(_next_week(today), MORNING, 0, zone)
        case _:
            return at_hour(_beginning(period, today, is_next=True), 0, 0, zone)


def end_of_named(typed: str, now: datetime, zone: tzinfo, words: DayWords) -> datetime:
    """Returns when the typed day, week, weekend, month or year ends. Raises ValueError."""
    groups = _groups(typed, words)
    first = _day_named(groups, now.astimezone(zone).date(), words)
    is_month = bool(groups.get("month")) and not groups.get("date")
    period = "month" if is_month else words.calendar_units.get(groups.get("unit") or "", "day")
    return end_of_period(period, at_hour(first, 0, 0, zone), zone)


def _groups(typed: str, words: DayWords) -> Mapping[str, str | None]:
    """Returns the parts of a typed day. Raises ValueError."""
    for form in words.days:
        if found := re.fullmatch(form, typed.lower()):
            return found.groupdict()
    raise ValueError(typed)


def _next_week(today: date) -> date:
    return today + WEEK - today.weekday() * DAY


def _beginning(unit: str, today: date, *, is_next: bool) -> date:
    """Returns the first day of the next period; for weekends, of the coming one."""
    match unit:
        case "week":
            return _next_week(today)
        case "weekend":
            saturday = today + (_SATURDAY - today.weekday()) % 7 * DAY
            return _next_week(today) + _SATURDAY * DAY if is_next else saturday
        case "month":
            return (today.replace(day=1) + 31 * DAY).replace(day=1)
        case _:
            return date(today.year + 1, 1, 1)


def _date(groups: Mapping[str, str | None], today: date, words: DayWords) -> date:
    """Returns the next date that matches the typed parts, or one that is just past. Raises ValueError."""
    day, month = int(groups.get("date") or 1), _month(groups.get("month"), words)
    if year := groups.get("year"):
        return date(int(year), month or 1, day)
    if month:
        earliest = today - JUST_PAST
        if not groups.get("date"):  # a month that is just past
            earliest = earliest.replace(day=1)
        first = date(earliest.year, month, day)
        return first if first >= earliest else date(earliest.year + 1, month, day)
    if groups.get("this"):
        return today.replace(day=day)
    return _next_with(day, today if day >= today.day else _beginning("month", today, is_next=True))


def _next_with(day: int, month: date) -> date:
    """Returns that day of this month or, if it is too short, of the next, which is not. Raises ValueError."""
    with suppress(ValueError):
        return month.replace(day=day)
    return _beginning("month", month, is_next=True).replace(day=day)


def _month(typed: str | None, words: DayWords) -> int:
    if typed is None or typed.isdecimal():
        return int(typed or 0)
    return next(at for at, name in enumerate(words.months, 1) if typed.startswith(name))


def length(typed: str, words: DurationWords) -> timedelta:
    """Reads `1h30m`, `an hour and a half`. Raises ValueError or OverflowError."""
    whole = re.sub(rf"{words.and_a_half}$", "", typed.lower())
    amounts = [
        (words.typed_numbers.get(found["number"]) or float(found["number"]), words.typed_units[found["unit"]])
        for found in re.finditer(words.amount, whole)
    ]
    if not amounts or (len({unit for _, unit in amounts}) < len(amounts) and not re.search(_ADDED, whole)):
        raise ValueError(typed)  # `2h 22h`
    seconds = sum(number * unit for number, unit in amounts)
    return timedelta(seconds=seconds + (amounts[-1][1] / 2 if whole != typed.lower() else 0))


def moment(typed: str, now: datetime, zone: tzinfo, words: DurationWords) -> datetime:
    """Reads `18:00`, which is the next one, `18:00 tomorrow`, `monday 6 p.m. KST`, `tomorrow`, `noon`.

    Raises:
        LookupError: It names a time zone that does not exist or is ambiguous.
        ValueError, OverflowError: It is not a moment.
    """
    found = pattern(words.typed_moment).fullmatch(typed)
    if found is None:  # a day alone ends in its morning or, for today, at its end
        clock = words.parts_of_day.get(typed.lower(), MORNING), 0
        return _next(typed, clock, now.astimezone(zone), words)
    groups = found.groupdict()
    if typed_zone := _either(groups, "zone", "later_zone"):
        zone = read_zone(typed_zone, now, zone)
    clock = _time_of_day(groups, words)
    day = _either(groups, "day", "later_day") or ("today" if groups.get("this") else None)
    return _next(day, clock, now.astimezone(zone), words)


def moment_of_start(typed: str, now: datetime, zone: tzinfo, words: DurationWords) -> datetime:
    """Reads when something begins: a day alone begins at midnight. Raises what `moment` raises."""
    with suppress(ValueError):
        return at_hour(_day_named(_groups(typed, words), now.astimezone(zone).date(), words), 0, 0, zone)
    return moment(typed, now, zone, words)


def _next(day: str | None, clock: tuple[int, int], now: datetime, words: DurationWords) -> datetime:
    """Returns the next time that a clock in the zone of `now` shows this."""
    groups = _groups(day, words) if day else {}
    first = _day_named(groups, now.date(), words) if day else now.date()
    result, period = at_hour(first, *clock, now.tzinfo), _repeats_after(groups) if day else DAY
    return at_hour(first + period, *clock, now.tzinfo) if result <= now and period else result


def _either(groups: Mapping[str, str | None], *names: str) -> str | None:
    """Returns what comes before the time of day or after it. Raises ValueError if both do."""
    found = [typed for name in names if (typed := groups.get(name))]
    if len(found) > 1:
        raise ValueError(" ".join(found))
    return found[0] if found else None


def _time_of_day(groups: Mapping[str, str | None], words: DurationWords) -> tuple[int, int]:
    """Raises ValueError."""
    if part := groups["part"]:
        return words.parts_of_day[part.lower()], 0
    typed, minute, half = groups["hour"] or "0", groups["minute"] or "0", groups["half"]
    hour = int(words.typed_numbers.get(typed) or typed)
    if half:
        hours = words.halves[re.sub(r"[. ]", "", half.lower())]
        if hour not in hours:
            raise ValueError(half)
        hour = hours[hour]
    return hour, int(minute) if minute.isdecimal() else 30  # "half" is the only word that means minutes
