"""For how much of the time a host was up, as far as that is known."""

from datetime import datetime, timedelta
from typing import NamedTuple

from hosts.model import Host
from hosts.outages import outages

Span = tuple[datetime, datetime]
WINDOWS = (timedelta(hours=24), timedelta(days=7), timedelta(days=30))


class Uptime(NamedTuple):
    """Of a window of time, or of what is known of it."""

    since: datetime
    known: timedelta
    down: timedelta
    whole: bool  # is all of the window known?

    @property
    def percent(self) -> str:
        """Rounded down to two digits: 100 means that there was no outage at all. Empty below a day."""
        if self.known < WINDOWS[0]:
            return ""
        if not self.down:
            return "100"
        up = max(self.known - self.down, timedelta())
        hundredths = min(9_999, int(10_000 * up / self.known)) if self.known else 0
        return f"{hundredths / 100:.2f}"


def uptimes(host: Host, now: datetime) -> list[Uptime]:
    """Of each window that is wholly known, and of what is known beyond; nothing before a day is known."""
    begin = known_since(host)
    if begin is None or now - begin < WINDOWS[0]:
        return []
    known = [uptime(host, now, window, begin) for window in WINDOWS]
    whole = [one for one in known if one.whole]
    return [*whole, known[len(whole)]] if len(whole) < len(known) else whole


def uptime(host: Host, now: datetime, window: timedelta, begin: datetime) -> Uptime:
    """`begin` is from when on the host is known."""
    since = max(now - window, begin)
    down = sum((ended - begun for begun, ended in outages_within(host, since, now)), timedelta())
    return Uptime(since, now - since, down, whole=begin <= now - window)


def outages_within(host: Host, since: datetime, now: datetime) -> list[Span]:
    """The parts of outages that lie between the two. Muted or not."""
    spans = ((max(o.began, since), min(o.ended or now, now)) for o in outages(host, since))
    return [(begun, ended) for begun, ended in spans if begun < ended]


def known_since(host: Host) -> datetime | None:
    """From when on every outage of the host is known; None if nothing was ever heard of it.

    Nobody knows how it stood before it was first heard of, nor what has been let go of since.
    """
    return host.known_since or min((incident.started for incident in host.incidents()), default=None)
