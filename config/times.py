"""What is written about time -> what is meant, and back again."""

import re
from datetime import UTC, time, timedelta, tzinfo

UNITS = {"d": 86400, "h": 3600, "m": 60, "s": 1}
DURATION = re.compile(r"(?:(\d{1,4})d)?(?:(\d{1,4})h)?(?:(\d{1,6})m)?(?:(\d{1,6})s)?", re.ASCII)
NOTHING, SECOND = timedelta(), timedelta(seconds=1)
WEEK, YEAR = timedelta(days=7), timedelta(days=365)
CLOCK = re.compile(r"([01]?\d|2[0-3]):([0-5]\d)", re.ASCII)
DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
ZONE_NAME = re.compile(r"[A-Za-z0-9_+/-]{1,64}")


def duration(text: str, *, shortest: timedelta = SECOND, longest: timedelta = WEEK) -> timedelta:
    """`90s`, `30m`, `1h30m`, `1d`."""
    found = DURATION.fullmatch(text)
    if not text or not found:
        raise ValueError("write numbers with units, such as 30m, 1h30m or 45s")
    numbers = zip(found.groups("0"), UNITS.values(), strict=True)
    span = timedelta(seconds=sum(int(number) * size for number, size in numbers))
    if span < shortest:
        raise ValueError(f"write {format_duration(shortest)} at least")
    if span > longest:
        raise ValueError(f"write {format_duration(longest)} at most")
    return span


def duration_or_off(text: str) -> timedelta | None:
    if text.lower() == "off":
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
    """`09:00`, on a clock of 24 hours."""
    found = CLOCK.fullmatch(text)
    if not found:
        raise ValueError('write a time of day in quotes, such as "09:00" or "18:30"')
    return time(int(found[1]), int(found[2]))


def weekday(text: str) -> int:
    """Monday is 0."""
    if text.lower() not in DAYS:
        raise ValueError(f"write {', '.join(DAYS[:-1])} or {DAYS[-1]}")
    return DAYS.index(text.lower())


def weekday_or_off(text: str) -> int | None:
    if text.lower() in ("", "off"):
        return None
    try:
        return weekday(text)
    except ValueError as error:
        raise ValueError(f"{error}, or off") from None


# What the default does not need is loaded where it is asked for: every start would feel it.


def zone(text: str) -> tzinfo:
    if text == "UTC":
        return UTC  # also on a machine that has no time zone database
    from zoneinfo import ZoneInfo  # noqa: PLC0415

    try:
        if ZONE_NAME.fullmatch(text):  # ZoneInfo does not bear all that a file can hold
            return ZoneInfo(text)
    except (KeyError, ValueError, OSError):  # unknown, or a folder of zones
        pass
    raise ValueError(f"write an IANA name such as Asia/Seoul or UTC{_nearest_zone(text[:64])}")


def _nearest_zone(text: str) -> str:
    from difflib import get_close_matches  # noqa: PLC0415
    from zoneinfo import available_timezones  # noqa: PLC0415

    names = {name.lower(): name for name in available_timezones()}
    near = get_close_matches(text.lower(), names, 1, 0.5)
    return f"; did you mean {names[near[0]]}?" if near else ""
