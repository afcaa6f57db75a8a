"""Uptime: the share of a window of time in which a host was not down, as a percentage rounded down."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from operator import attrgetter
from typing import NamedTuple

from hosts.model import Host
from hosts.outages import Period, outages

Span = tuple[datetime, datetime]
MIN_KNOWN = timedelta(hours=24)  # a percentage of a shorter time would say nothing
STARTED = attrgetter("started")
WINDOWS = (timedelta(hours=24), timedelta(days=7), timedelta(days=30))


class Uptime(NamedTuple):
    """The uptime in a window, or in the known part of it."""

    since: datetime
    known: timedelta
    down: timedelta
    whole: bool  # all of the window is known

    @property
    def percent(self) -> str:
        """Rounded down to two digits, so that 100 means no outage; empty if less than a day is known."""
        if self.known < MIN_KNOWN:
            return ""
        if not self.down:
            return "100"
        hundredths = 10_000 * max(self.known - self.down, timedelta()) // self.known
        return f"{hundredths / 100:.2f}"


def uptimes(host: Host, now: datetime) -> list[Uptime]:
    """The uptime of each fully known window, then of all known time; empty on the first day."""
    begin = known_since(host)
    if begin is None or now - begin < MIN_KNOWN:
        return []
    spans = outages_within(host, now - WINDOWS[-1], now)
    known = [uptime(spans, now, window, begin) for window in WINDOWS]
    whole = [one for one in known if one.whole]
    return [*whole, known[len(whole)]] if len(whole) < len(known) else whole


def uptime(spans: Iterable[Span], now: datetime, window: timedelta, begin: datetime) -> Uptime:
    """`spans` are the outages of the window or of a longer one; `begin` is when the host became known."""
    since = max(now - window, min(begin, now))
    down = sum((ended - max(begun, since) for begun, ended in spans if ended > since), timedelta())
    return Uptime(since, now - since, down, whole=begin <= now - window)


def outages_within(host: Host, since: datetime, now: datetime) -> list[Span]:
    """The parts of outages between `since` and `now`, whether muted or not."""
    return spans_within(outages(host, since), since, now)


def spans_within(found: Iterable[Period], since: datetime, now: datetime) -> list[Span]:
    """Leaves out what is in the future, which a wrong clock may have caused."""
    spans = ((max(o.began, since), min(o.ended or now, now)) for o in found)
    return [(begun, ended) for begun, ended in spans if begun < ended]


def known_since(host: Host) -> datetime | None:
    """Since when we know how the host was doing; None if we do not, or no longer do.

    Nothing is known about the time before the first report or check, nor about dropped incidents.
    """
    if host.is_unwatched:
        return None
    watched = [host.watch.since] if host.watch and host.watch.since else []
    return host.dropped_until or min(
        [*watched, *map(STARTED, host.open), *map(STARTED, host.closed)], default=None
    )
