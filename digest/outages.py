"""Outages: what a host's downtime incidents come to. Incidents that overlap are one outage."""

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta

from state.incident import Incident, Kind
from state.model import Host

# So many outages begun within so long are called flapping: the next one is more likely than not.
FLAPPING = 3
FLAPPING_WITHIN = timedelta(hours=24)

Span = tuple[datetime, datetime]


def merged(incidents: Iterable[Incident], now: datetime) -> list[Span]:
    """From when to when any of the incidents was open, the earliest first; `now` ends what is open."""
    spans: list[Span] = []
    for incident in sorted(incidents, key=lambda i: i.started):
        started, ended = incident.started, incident.ended or now
        if spans and started <= spans[-1][1]:
            begun, reached = spans[-1]
            spans[-1] = (begun, max(reached, ended))
        else:
            spans.append((started, max(started, ended)))
    return spans


def together(incidents: Iterable[Incident], now: datetime) -> timedelta:
    """How long any of the incidents was open: time that overlaps counts once."""
    return sum((ended - begun for begun, ended in merged(incidents, now)), timedelta())


def flapping(host: Host, now: datetime) -> int:
    """How many outages began within `FLAPPING_WITHIN`; 0 when they are fewer than `FLAPPING`."""
    if len(host.open) + len(host.past) < FLAPPING:
        return 0
    since = now - FLAPPING_WITHIN
    begun = sum(started >= since for started, _ in merged(_recent(host, since), now))
    return begun if begun >= FLAPPING else 0


def _recent(host: Host, since: datetime) -> Iterator[Incident]:
    """Downtime that reached past `since`.

    What an edit of its policy closed is left out: the incident opened in its place is the same outage.
    """
    yield from (i for i in host.open if i.kind is Kind.DOWNTIME)
    yield from (i for i in host.past.back_to(since) if i.kind is Kind.DOWNTIME and not i.cancelled)
