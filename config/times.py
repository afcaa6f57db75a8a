"""What is written about time -> what is meant, and back again."""

import re
from collections.abc import Sequence
from datetime import time, timedelta

UNITS = {"d": 86400, "h": 3600, "m": 60, "s": 1}
SPELLED = {  # seconds, and what people call them
    r"w|wks?|weeks?": 604800,
    r"d|days?": 86400,
    r"h|hrs?|hours?": 3600,
    r"m|mins?|minutes?": 60,
    r"s|secs?|seconds?": 1,
}
AND = r"(?: ?(?:,|and)? ?(?=\d))?"
DURATION = re.compile(r"(?=\d)" + AND.join(rf"(?:(\d{{1,6}}) ?(?:{unit}))?" for unit in SPELLED), re.ASCII)
LONGEST_DURATION = 80  # characters
RHYTHMS = {"hour": "1h", "hourly": "1h", "day": "1d", "daily": "1d", "week": "7d", "weekly": "7d"}
NOTHING, SECOND = timedelta(), timedelta(seconds=1)
WEEK, YEAR = timedelta(days=7), timedelta(days=365)
CLOCK = re.compile(r"([01]?\d|2[0-3]):([0-5]\d)", re.ASCII)
TWELVE_HOURS = re.compile(r"(0?[1-9]|1[0-2])(?::([0-5]\d))? ?([ap])\.?m\.?", re.ASCII | re.IGNORECASE)
DAY_NAMES = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
DAYS = tuple(name[:3] for name in DAY_NAMES)
GROUPS = {
    "weekdays": DAYS[:5],
    "workdays": DAYS[:5],
    "weekend": DAYS[5:],
    "weekends": DAYS[5:],
    **dict.fromkeys(("all", "daily", "every day", "everyday", "*"), DAYS),
}
OFF = ("off", "never", "none", "no", "false", "disabled")


def duration(text: str, *, shortest: timedelta = SECOND, longest: timedelta = WEEK) -> timedelta:
    """`90s`, `30m`, `1h30m`, `1d`, `2 hours and 30 minutes`, `1 week`."""
    typed = " ".join(text.lower().split())
    if typed in OFF:
        raise ValueError(f"it cannot be off; write {format_duration(longest)} at most")
    found = DURATION.fullmatch(typed) if len(typed) <= LONGEST_DURATION else None
    if not found:
        raise ValueError("write numbers with units, such as 30m, 1h30m or 45s")
    numbers = zip(found.groups("0"), SPELLED.values(), strict=True)
    span = timedelta(seconds=sum(int(number) * size for number, size in numbers))
    if span < shortest:
        raise ValueError(f"write {format_duration(shortest)} at least")
    if span > longest:
        raise ValueError(f"write {format_duration(longest)} at most")
    return span


def rhythm(text: str) -> timedelta | None:
    """How often; also `daily`. None: not by an interval."""
    typed = text.lower()
    return None if typed in OFF else duration(RHYTHMS.get(typed, text))


def hold(text: str) -> timedelta:
    """Nothing is waited for when it is `off`, or 0 without a unit."""
    return NOTHING if text.lower() in ("0", *OFF) else duration(text, shortest=NOTHING)


def duration_or_off(text: str) -> timedelta | None:
    if text.lower() in OFF:
        return None
    try:
        return duration(text, longest=YEAR)
    except ValueError as error:
        raise ValueError(f"{error}, or off") from None


def format_duration(span: timedelta) -> str:
    """As `duration` reads it."""
    left, parts = int(span.total_seconds()), []
    for unit, size in UNITS.items():
        count, left = divmod(left, size)
        parts += [f"{count}{unit}"] if count else []
    return "".join(parts) or "0s"


def clock_time(text: str) -> time:
    """`09:00`, on a clock of 24 hours; also `6pm` and `6:30 pm`."""
    if found := CLOCK.fullmatch(text):
        return time(int(found[1]), int(found[2]))
    if found := TWELVE_HOURS.fullmatch(text):
        return time(int(found[1]) % 12 + (12 if found[3] in "pP" else 0), int(found[2] or 0))
    raise ValueError('write a time of day in quotes, such as "09:00" or "18:30"')


def clock_times(text: str) -> list[str]:
    """Of one text in the place of a list."""
    return [] if text.lower() in OFF else [part.strip() for part in text.split(",")]


def weekday(text: str) -> int:
    """Monday is 0. `mon`, `Tues`, `wednesday`, `Fridays`."""
    typed = text.lower().removesuffix("s")
    if len(typed) < 3 or not any(name.startswith(typed) for name in DAY_NAMES):
        raise ValueError(f"write {', '.join(DAYS[:-1])} or {DAYS[-1]}")
    return DAYS.index(typed[:3])


def weekdays(text: str) -> list[str]:
    """Of one text in the place of a list: `mon, tue`, `mon-fri`, `weekdays`."""
    typed = " ".join(text.lower().split())
    if typed in GROUPS:
        return list(GROUPS[typed])
    return [day for part in re.split(r"[ ,]+", typed) for day in _range(part)]


def _range(text: str) -> Sequence[str]:
    first, dash, last = text.replace("\N{EN DASH}", "-").partition("-")
    try:
        begin, end = weekday(first), weekday(last if dash else first)
    except ValueError:  # told by whoever reads each of them
        return [text]
    return [DAYS[day % 7] for day in range(begin, end + 1 if begin <= end else end + 8)]


def weekday_or_off(text: str) -> int | None:
    if text.lower() in ("", *OFF):
        return None
    try:
        return weekday(text)
    except ValueError as error:
        raise ValueError(f"{error}, or off") from None
