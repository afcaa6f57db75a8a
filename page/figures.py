"""Computes how long hosts were down: the uptime in four windows, and the bar of the last 90 days."""

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta, tzinfo
from functools import lru_cache
from typing import NamedTuple

from hosts.model import Host
from hosts.outages import Period, flapping_among, outages
from hosts.uptime import WINDOWS, Span, Uptime, known_since, outages_within, spans_within, uptime
from languages import Locale

DAYS = 90
ALL_WINDOWS = (*WINDOWS, timedelta(days=DAYS))
DAY_WIDTH = 3
# Down for less than this many minutes -> how high the stroke is.
STEPS = ((5, 5), (30, 9), (2 * 60, 13), (8 * 60, 17))
WIDTH, HEIGHT = DAYS * DAY_WIDTH - 1, 20


class Calendar(NamedTuple):
    """The last 90 days of a time zone, the earliest first."""

    days: tuple[date, ...]
    bounds: tuple[float, ...]  # when each begins, and when the last one ends, in seconds since 1970


class Figures(NamedTuple):
    """What is known of a host's uptime."""

    known_since: datetime | None
    uptimes: tuple[Uptime | None, ...]  # one for each of `ALL_WINDOWS`; None if nothing is known of the host
    days: tuple[int | None, ...]  # for how many seconds it was down on each; None before it was known
    outages: int  # their number in those days
    down: timedelta  # how long those lasted together
    flapping: int  # the number of outages of the last day, or 0 if that is not flapping
    last: Period | None  # the outage that ended last, if one did


def calendar(now: datetime, zone: tzinfo) -> Calendar:
    """The last 90 days of a time zone. The last one is today, and is not over yet."""
    return _calendar(now.astimezone(zone).date(), zone)


@lru_cache(maxsize=4)
def _calendar(today: date, zone: tzinfo) -> Calendar:
    days = tuple(today - timedelta(days=ago) for ago in range(DAYS - 1, -1, -1))
    bounds = (*days, today + timedelta(days=1))
    midnights = (datetime(day.year, day.month, day.day, tzinfo=zone) for day in bounds)
    return Calendar(days, tuple(midnight.timestamp() for midnight in midnights))


def detached(host: Host) -> Host:
    """Return a copy whose history, once parsed, is freed with it instead of staying in the state."""
    return host._replace(closed=host.closed.copy())


def figures(host: Host, now: datetime, days: Calendar) -> Figures:
    """`host` should be detached: the parsed history of ten thousand hosts would fill the memory."""
    begin, first = known_since(host), datetime.fromtimestamp(days.bounds[0], now.tzinfo)
    since = min(now - ALL_WINDOWS[-1], first)
    found = outages(host, since)
    spans = spans_within(found, since, now)
    within = [(max(begun, first), ended) for begun, ended in spans if ended > first]
    return Figures(
        known_since=begin,
        uptimes=tuple(uptime(spans, now, window, begin) if begin else None for window in ALL_WINDOWS),
        days=_by_day(within, days, begin),
        outages=len(within),
        down=sum((ended - begun for begun, ended in within), timedelta()),
        flapping=flapping_among(found, now),
        last=next((outage for outage in reversed(found) if outage.ended and outage.ended <= now), None),
    )


def uptime_share(host: Host, now: datetime, window: timedelta) -> float | None:
    """How much of a window the host was up, from 0 to 1; None if the page shows no figure."""
    begin = known_since(host)
    found = begin and uptime(outages_within(host, now - window, now), now, window, begin)
    return 1 - found.down / found.known if found and found.percent else None


def _by_day(spans: Iterable[Span], days: Calendar, begin: datetime | None) -> tuple[int | None, ...]:
    if begin is None:
        return (None,) * DAYS
    bounds = days.bounds
    down = [0.0] * DAYS
    for began, end in spans:
        begun, ended = began.timestamp(), end.timestamp()
        day = bisect_right(bounds, begun) - 1
        while day < DAYS and bounds[day] < ended:
            down[day] += min(ended, bounds[day + 1]) - max(begun, bounds[day])
            day += 1
    unknown = min(max(bisect_right(bounds, begin.timestamp()) - 1, 0), DAYS)
    return (*(None,) * unknown, *map(round, down[unknown:]))


class Bar(NamedTuple):
    """A bar to draw. `strokes` is an SVG path; `unknown` is the width of the days without data."""

    title: str
    strokes: str
    unknown: int


def bar(known: Figures, locale: Locale) -> Bar:
    """The bar of the last 90 days."""
    unknown = sum(seconds is None for seconds in known.days)
    bad = sum(bool(seconds) for seconds in known.days)
    title = locale.language.page.bar(bad, locale.duration(known.down), unknown)
    width = min(unknown * DAY_WIDTH, WIDTH)
    return Bar(title, strokes(known.days), width)


def strokes(days: Sequence[int | None]) -> str:
    """Draw a stroke from the bottom up for each day with an outage, the latest on the right."""
    bad = ((number * DAY_WIDTH + 1, seconds) for number, seconds in enumerate(days) if seconds)
    return "".join(f"M{x} {HEIGHT}v-{height(seconds)}" for x, seconds in bad)


def height(seconds: int) -> int:
    """Return the height of the stroke for a day on which the host was down for that long."""
    for minutes, high in STEPS:
        if seconds < minutes * 60:
            return high
    return HEIGHT
