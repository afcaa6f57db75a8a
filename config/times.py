"""Readers for durations, times of day and weekdays; each raises ValueError saying what to write."""

import re
from collections.abc import Callable, Sequence
from datetime import time, timedelta
from functools import partial
from typing import TypeVar

T = TypeVar("T")

UNITS = {"d": 86400, "h": 3600, "m": 60, "s": 1}
UNIT_NAMES = {  # what people write -> seconds
    r"w|wks?|weeks?": 604800,
    r"d|days?": 86400,
    r"h|hrs?|hours?": 3600,
    r"m|mins?|minutes?": 60,
    r"s|secs?|seconds?": 1,
}
SEPARATOR = r"(?: ?(?:,|and)? ?(?=\d))?"
DURATION = re.compile(
    r"(?=\d)" + SEPARATOR.join(rf"(?:(\d{{1,6}}(?:\.\d{{1,3}})?) ?(?:{unit}))?" for unit in UNIT_NAMES),
    re.ASCII,
)
MAX_DURATION_LENGTH = 80  # characters
NAMED_INTERVALS = {"hour": "1h", "hourly": "1h", "day": "1d", "daily": "1d", "week": "7d", "weekly": "7d"}
ZERO, SECOND = timedelta(), timedelta(seconds=1)
WEEK, YEAR = timedelta(days=7), timedelta(days=365)
CLOCK_24H = re.compile(r"([01]?\d|2[0-3]):([0-5]\d)", re.ASCII)
CLOCK_12H = re.compile(r"(0?[1-9]|1[0-2])(?::([0-5]\d))? ?([ap])\.?m\.?", re.ASCII | re.IGNORECASE)
NAMED_TIMES = {"noon": time(12), "midday": time(12), "midnight": time(0)}
DAY_NAMES = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
DAYS = tuple(name[:3] for name in DAY_NAMES)
# No raw string: there, `re` itself would look up the names, in tables that take 0.4 MB (measured).
DAY_RANGE = re.compile(" ?[-~\N{EN DASH}\N{EM DASH}] ?| (?:to|through|until) ")
WEEKDAY_GROUPS = {
    "weekdays": DAYS[:5],
    "workdays": DAYS[:5],
    "weekend": DAYS[5:],
    "weekends": DAYS[5:],
    **dict.fromkeys(("all", "daily", "every day", "everyday", "*"), DAYS),
}
OFF = ("off", "never", "none", "no", "false", "disabled")


def duration(text: str, *, shortest: timedelta = SECOND, longest: timedelta = WEEK) -> timedelta:
    """`90s`, `30m`, `1h30m`, `1.5h`, `1d`, `2 hours and 30 minutes`, `1 week`."""
    typed = " ".join(text.lower().split())
    if typed in OFF:
        raise ValueError(f"it cannot be off; write at most {format_duration(longest)}")
    found = DURATION.fullmatch(typed) if len(typed) <= MAX_DURATION_LENGTH else None
    if not found:
        raise ValueError("write numbers with units, such as 30m, 1h30m or 45s")
    numbers = zip(found.groups("0"), UNIT_NAMES.values(), strict=True)
    span = timedelta(seconds=round(sum(float(number) * size for number, size in numbers)))
    if span < shortest:
        raise ValueError(f"write at least {format_duration(shortest)}")
    if span > longest:
        raise ValueError(f"write at most {format_duration(longest)}")
    return span


def interval(text: str) -> timedelta | None:
    """A duration or `daily`; None for `off`."""
    typed = text.lower()
    return None if typed in OFF else duration(NAMED_INTERVALS.get(typed, text))


def duration_or_zero(text: str) -> timedelta:
    """A duration; zero for `off`, and for 0 without a unit."""
    return ZERO if text.lower() in ("0", *OFF) else duration(text, shortest=ZERO)


def or_off(read: Callable[[str], T], also: str) -> Callable[[str], T | None]:
    """A reader that also takes `off`, or `also`, and returns None for it."""

    def read_or_off(text: str) -> T | None:
        if text.lower() in (also, *OFF):
            return None
        try:
            return read(text)
        except ValueError as error:
            raise ValueError(f"{error}, or off") from None

    return read_or_off


duration_or_off = or_off(partial(duration, longest=YEAR), "0")


def format_duration(span: timedelta) -> str:
    """The span in the form that `duration` reads."""
    left, parts = int(span.total_seconds()), []
    for unit, size in UNITS.items():
        count, left = divmod(left, size)
        parts += [f"{count}{unit}"] if count else []
    return "".join(parts) or "0s"


def time_of_day(text: str) -> time:
    """`09:00` on a 24-hour clock, `6pm`, `6:30 pm` or `noon`."""
    if text.lower() in NAMED_TIMES:
        return NAMED_TIMES[text.lower()]
    if found := CLOCK_24H.fullmatch(text):
        return time(int(found[1]), int(found[2]))
    if found := CLOCK_12H.fullmatch(text):
        return time(int(found[1]) % 12 + (12 if found[3] in "pP" else 0), int(found[2] or 0))
    raise ValueError('write a time of day in quotes, such as "09:00" or "18:30"')


def split_times(text: str) -> list[str]:
    return [] if text.lower() in OFF else [part.strip() for part in text.split(",")]


def weekday(text: str) -> int:
    """`mon`, `Tues.`, `wednesday` or `Fridays`; Monday is 0."""
    typed = text.lower().removesuffix(".").removesuffix("s")
    if len(typed) < 3 or not any(name.startswith(typed) for name in DAY_NAMES):
        raise ValueError(f"write {', '.join(DAYS[:-1])} or {DAYS[-1]}")
    return DAYS.index(typed[:3])


def split_weekdays(text: str) -> list[str]:
    """The items of a text in place of a list: `mon, tue and wed`, `mon-fri`, `Mon to Fri` or `weekdays`."""
    typed = " ".join(text.lower().split())
    if typed in WEEKDAY_GROUPS:
        return list(WEEKDAY_GROUPS[typed])
    parts = re.split(r"[ ,]+(?:(?:and|&) )?", DAY_RANGE.sub("-", typed))
    return [day for part in parts for day in _range(part)]


def _range(text: str) -> Sequence[str]:
    first, dash, last = text.partition("-")
    try:
        begin, end = weekday(first), weekday(last if dash else first)
    except ValueError:  # reported when the item is read
        return [text]
    return [DAYS[day % 7] for day in range(begin, end + 1 if begin <= end else end + 8)]


weekday_or_off = or_off(weekday, "")
