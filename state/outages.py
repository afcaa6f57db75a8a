"""What a host's incidents come to: outages, and periods of warning.

This is the one place that decides which incidents are one outage, when it began, and when it ended.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import NamedTuple

from state.deeds import Person
from state.incident import Incident, Kind
from state.model import Host

# So many outages begun within so long are called flapping: the next one is more likely than not.
FLAPPING = 3
FLAPPING_WITHIN = timedelta(hours=24)
# Google closes an incident without data by itself after 7 days unless told otherwise.
DOUBT_AFTER = timedelta(days=7)
DOWNTIME = Kind.DOWNTIME


class Period(NamedTuple):
    """A stretch of time in which at least one of its incidents was open.

    Incidents that overlap or touch are one stretch. An outage is a period of downtime incidents, a warning
    period is one of all others.
    """

    host: Host
    incidents: tuple[Incident, ...]  # in the order of their starts
    began: datetime
    ended: datetime | None  # None while it goes on

    def lasted(self, now: datetime) -> timedelta:
        """As a whole; until `now` while it goes on."""
        return max((self.ended or now) - self.began, timedelta())

    def is_new(self, edition: int) -> bool:
        """Was none of it known in that edition of the digest?"""
        return min([incident.opened for incident in self.incidents]) > edition

    def was_over(self, edition: int) -> bool:
        """Had all of it that was known in that edition ended by then?"""
        known = [incident for incident in self.incidents if incident.opened <= edition]
        return bool(known) and all(i.ended is not None and i.edition <= edition for i in known)

    def as_incident(self) -> Incident:
        """The incident that ended it, or has not ended yet, as if it had begun with the period."""
        last = next(incident for incident in self.incidents if incident.ended == self.ended)
        return last._replace(started=self.began)

    def is_doubtful(self, before: datetime) -> bool:
        """Did all that is open of it open before that? Then a close may have been lost."""
        return self.ended is None and max([i.started for i in self.incidents if i.ended is None]) < before

    @property
    def cancelled(self) -> bool:
        """An edit of a policy closed the last of it, which says nothing about the host."""
        return any(incident.cancelled for incident in self._last_ones())

    @property
    def resolved_by(self) -> Person | None:
        """Who closed the last of it, if it was not Google."""
        return next((i.resolved_by for i in self._last_ones() if i.resolved_by), None)

    def _last_ones(self) -> Iterator[Incident]:
        return (i for i in self.incidents if i.ended is not None and i.ended == self.ended)


def outages(host: Host, since: datetime | None = None) -> list[Period]:
    """Whole outages, the earliest first: those that went on at `since` or later, or all that are known."""
    return _periods(host, since, downtime=True)


def current_outage(host: Host) -> Period | None:
    """None: the host is not down."""
    return _current(host, downtime=True)


def current_warning(host: Host) -> Period | None:
    """The warning period that goes on, whether or not the host is down as well."""
    return _current(host, downtime=False)


def outages_ended_since(host: Host, edition: int) -> list[Period]:
    """Outages whose end was not known in that edition of the digest, the earliest first."""
    fresh = [i for i in host.past.after(edition) if i.kind is DOWNTIME and i.ended]
    if not fresh:
        return []
    since = min(i.started for i in fresh)
    return [outage for outage in outages(host, since) if outage.ended and not outage.was_over(edition)]


def flapping(host: Host, now: datetime) -> int:
    """How many outages began within `FLAPPING_WITHIN`; 0 when they are fewer than `FLAPPING`.

    What an edit of its policy closed does not count: the outage that follows is the same one.
    """
    if len(host.open) + len(host.past) < FLAPPING:
        return 0
    since = now - FLAPPING_WITHIN
    begun = sum(o.began >= since and not o.cancelled for o in outages(host, since))
    return begun if begun >= FLAPPING else 0


def _current(host: Host, *, downtime: bool) -> Period | None:
    if len(host.open) == 1 and (only := host.open[0]).started.timestamp() > host.past.last:
        # Nearly always: with thousands of hosts down, the general way is felt.
        return Period(host, host.open, only.started, None) if (only.kind is DOWNTIME) is downtime else None
    began = next((i.started for i in host.open if (i.kind is DOWNTIME) is downtime), None)
    return _periods(host, began, downtime=downtime)[-1] if began else None


def _periods(host: Host, since: datetime | None, *, downtime: bool) -> list[Period]:
    found: list[Period] = []
    parts: list[Incident] = []
    ended: datetime | None = None
    for incident in sorted(_reaching(host, since, downtime=downtime), key=_by_start):
        if parts and ended is not None and ended < incident.started:
            found.append(Period(host, tuple(parts), parts[0].started, ended))
            parts = []
        ended = _later(ended, incident.ended) if parts else incident.ended
        parts.append(incident)
    if parts:
        found.append(Period(host, tuple(parts), parts[0].started, ended))
    return found


def _by_start(incident: Incident) -> tuple[datetime, str]:
    return incident.started, incident.id


def _later(one: datetime | None, other: datetime | None) -> datetime | None:
    """Of two ends, None being the latest of all: it is still to come."""
    return max(one, other) if one and other else None


def _reaching(host: Host, since: datetime | None, *, downtime: bool) -> Iterator[Incident]:
    """The incidents of all periods that went on at `since` or later.

    Going back in the order of their ends, each may reach further back than those before it.
    """
    opened = [i for i in host.open if (i.kind is DOWNTIME) is downtime]
    yield from opened
    if since is None:
        yield from (i for i in host.past if (i.kind is DOWNTIME) is downtime)
        return
    limit = min([since, *(incident.started for incident in opened)])
    if host.past.last < int(limit.timestamp()):
        return
    for incident in reversed(host.past):
        if incident.ended and incident.ended < limit:
            return
        if (incident.kind is DOWNTIME) is downtime:
            yield incident
            limit = min(limit, incident.started)
