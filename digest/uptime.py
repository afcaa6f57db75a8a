"""For how much of the time a host was up, as far as that is known."""

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from typing import NamedTuple

from config import History
from digest.outages import Span, merged
from state.incident import Incident, Kind
from state.model import Host

WINDOWS = (timedelta(hours=24), timedelta(days=7), timedelta(days=30))


class Uptime(NamedTuple):
    """Of a window of time, or of what is known of it."""

    since: datetime
    known: timedelta
    down: timedelta
    whole: bool  # is all of the window known?

    @property
    def percent(self) -> str:
        """Rounded down to two digits: 100 means that there was no outage at all."""
        if not self.down:
            return "100"
        up = max(self.known - self.down, timedelta())
        hundredths = min(9_999, int(10_000 * up / self.known)) if self.known else 0
        return f"{hundredths / 100:.2f}"


def uptimes(host: Host, now: datetime, kept: History) -> list[Uptime]:
    """Of each window that is wholly known, and of what is known beyond; nothing of a host never heard of."""
    begin = known_since(host, now, kept)
    if begin is None:
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
    """The parts of outages that lie between the two; those that overlap are one. Muted or not."""
    spans = merged(reaching(host, since), now)
    clipped = [(max(begun, since), min(ended, now)) for begun, ended in spans]
    return [(begun, ended) for begun, ended in clipped if begun < ended]


def known_since(host: Host, now: datetime, kept: History) -> datetime | None:
    """From when on every outage of the host is known; None if nothing was ever heard of it.

    Nobody knows how it stood before it was first heard of, nor what has been let go of since.
    """
    if host.forgotten_since is None:
        return min((incident.started for incident in host.incidents()), default=None)
    by_age = max(now - timedelta(days=kept.days), host.forgotten_since)
    if len(host.past) < kept.per_host:
        return by_age
    return max(by_age, host.past[0].ended or by_age)  # all that ended later is kept


def reaching(host: Host, since: datetime) -> Iterable[Incident]:
    """Its downtime that lasted beyond a moment."""

    def downtime(incidents: Iterable[Incident]) -> Iterator[Incident]:
        return (i for i in incidents if i.kind is Kind.DOWNTIME)

    yield from downtime(host.open)
    yield from downtime(host.past.back_to(since))
