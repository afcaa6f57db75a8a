"""What a host's incidents come to: outages, and periods of warning.

This is the one place that decides which incidents are one outage, when it began, and when it ended.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from operator import attrgetter
from typing import NamedTuple

from hosts.incident import Incident, Kind, Person
from hosts.model import Host

# So many outages begun within so long are called flapping: the next one is more likely than not.
FLAPPING = 3
FLAPPING_WITHIN = timedelta(hours=24)
# Google closes an incident without data by itself after 7 days unless told otherwise.
DOUBT_AFTER = timedelta(days=7)
DOWNTIME = Kind.DOWNTIME
MIN_TIME = datetime.min.replace(tzinfo=UTC)


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
    fresh = [i for i in host.closed.after(edition) if i.kind is DOWNTIME and i.ended]
    if not fresh:
        return []
    found = outages(host, min(i.started for i in fresh))
    was_over = _over_in(edition, found)
    return [outage for outage in found if outage.ended and not was_over(outage)]


def _over_in(edition: int, found: Sequence[Period]) -> Callable[[Period], bool]:
    """Says whether an outage was over in that edition, as far as was known then.

    What looks like two outages now may have been one then, if a close told of an end long before it came.
    """
    known = [i for outage in found for i in outage.incidents if i.opened <= edition]
    then = _merged([i if i.edition <= edition else i._replace(ended=None) for i in known])
    went_on = {i.id: ended is None for incidents, ended in then for i in incidents}

    def was_over(outage: Period) -> bool:
        states = [went_on[i.id] for i in outage.incidents if i.id in went_on]
        return bool(states) and not any(states)

    return was_over


def flapping(host: Host, now: datetime) -> int:
    """How many outages began within `FLAPPING_WITHIN`; 0 when they are fewer than `FLAPPING`.

    What an edit of its policy closed does not count: the outage that follows is the same one.
    """
    if len(host.open) + len(host.closed) < FLAPPING:
        return 0
    since = now - FLAPPING_WITHIN
    begun = sum(o.began >= since and not o.cancelled for o in outages(host, since))
    return begun if begun >= FLAPPING else 0


def _current(host: Host, *, downtime: bool) -> Period | None:
    if len(host.open) == 1 and (only := host.open[0]).started.timestamp() > host.closed.last:
        # Nearly always: with thousands of hosts down, the general way is felt.
        return Period(host, host.open, only.started, None) if (only.kind is DOWNTIME) is downtime else None
    began = next((i.started for i in host.open if (i.kind is DOWNTIME) is downtime), None)
    return _periods(host, began, downtime=downtime)[-1] if began else None


def _periods(host: Host, since: datetime | None, *, downtime: bool) -> list[Period]:
    merged = _merged(_reaching(host, since, downtime=downtime))
    return [Period(host, tuple(parts), parts[0].started, ended) for parts, ended in merged]


def _merged(incidents: Iterable[Incident]) -> list[tuple[list[Incident], datetime | None]]:
    """Those that overlap or touch together, with the end of the last; the earliest first."""
    found: list[tuple[list[Incident], datetime | None]] = []
    for incident in sorted(incidents, key=_by_start):
        parts, ended = found[-1] if found else ([], None)
        if parts and (ended is None or incident.started <= ended):
            parts.append(incident)
            found[-1] = parts, _later(ended, incident.ended)
        else:
            found.append(([incident], incident.ended))
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
        yield from (i for i in host.closed if (i.kind is DOWNTIME) is downtime)
        return
    limit = min([since, *(incident.started for incident in opened)])
    if host.closed.last < int(limit.timestamp()):
        return
    for incident in reversed(host.closed):
        if incident.ended and incident.ended < limit:
            return
        if (incident.kind is DOWNTIME) is downtime:
            yield incident
            limit = min(limit, incident.started)


def newest_outages(hosts: Iterable[Host], most: int, found: Sequence[Period] = ()) -> list[Period]:
    """The outages of `hosts` and those `found` before: at most `most`, the last begun first."""
    best = list(found)
    for host in hosts:
        since = best[-1].began if len(best) == most else MIN_TIME
        if newer := _begun_after(since, host):
            best = sorted([*best, *newer], key=attrgetter("began", "host.name"), reverse=True)[:most]
    return best


def _begun_after(since: datetime, host: Host) -> list[Period]:
    if not host.open and host.closed.last <= since.timestamp():
        return []
    return [outage for outage in outages(host, since) if outage.began > since]
