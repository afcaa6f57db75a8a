"""Outages and warning periods, made of the incidents of a host.

Only this module decides which incidents are one outage, when it began, and when it ended.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from operator import attrgetter
from typing import NamedTuple

from hosts.incident import UNSEEN, Ending, Incident, Kind, Person, by_start
from hosts.model import Host

# A host that went down this often within this time is more likely than not to go down again.
FLAPPING = 3
FLAPPING_WITHIN = timedelta(hours=24)
# Google closes an incident without data after 7 days, unless configured otherwise.
DOUBT_AFTER = timedelta(days=7)
DOWNTIME = Kind.DOWNTIME
MIN_TIME, FOREVER = datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC)


class Period(NamedTuple):
    """A stretch of time with at least one open incident.

    Incidents that overlap or touch belong together. An outage is a period of downtime incidents, a warning
    period one of incidents of any other kind.
    """

    host: Host
    incidents: tuple[Incident, ...]  # in the order of their starts
    began: datetime
    ended: datetime | None  # None while it goes on

    def lasted(self, now: datetime) -> timedelta:
        """The duration: so far or, once it has ended, in full."""
        return max((self.ended or now) - self.began, timedelta())

    def is_new(self, edition: int) -> bool:
        """Whether none of it was known in that digest edition."""
        return not any(incident.was_known_in(edition) for incident in self.incidents)

    def as_incident(self) -> Incident:
        """The last incident, as if it had begun with the period."""
        return self._last_incidents()[0]._replace(started=self.began)

    @property
    def is_absent(self) -> bool:
        """Whether Google no longer knows the incidents that are open here."""
        return self.ended is None and all(i.absent for i in self._last_incidents())

    def is_doubtful(self, before: datetime) -> bool:
        """Whether the closes of all its open incidents may have been lost.

        They may have been if Google has not listed them as open since `before`, or no longer knows them.
        """
        return self.ended is None and all(
            i.absent or (i.confirmed or i.started) < before for i in self._last_incidents()
        )

    @property
    def is_listed(self) -> bool:
        """Whether only Google's list says that it goes on, or that it ended."""
        return all(i.listed for i in self._last_incidents())

    @property
    def ending(self) -> Ending:
        """How the last incident ended; of several, the ending that says least about the host."""
        return max(i.ending for i in self._last_incidents()) if self.ended else Ending.RECOVERED

    @property
    def resolved_by(self) -> Person | None:
        """The person who closed the last incident; None if Google did."""
        return next((i.resolved_by for i in self._last_incidents() if i.resolved_by), None)

    def _last_incidents(self) -> list[Incident]:
        """Those that are open or, once it has ended, that ended last."""
        return [i for i in self.incidents if i.ended == self.ended]


def outages(host: Host, since: datetime = MIN_TIME) -> list[Period]:
    """The outages still going on at or after `since` (by default all), earliest first, each in full."""
    return _periods(host, since, downtime=True)


def current_outage(host: Host) -> Period | None:
    """The outage that goes on; None if the host is not down."""
    return _current(host, downtime=True)


def current_warning(host: Host) -> Period | None:
    """The warning period that goes on, even if the host is also down."""
    return _current(host, downtime=False)


def current_periods(host: Host) -> list[Period]:
    """The outage and the warning period that go on, if any."""
    return [period for period in (current_outage(host), current_warning(host)) if period]


def outages_ended_since(host: Host, edition: int) -> list[Period]:
    """The outages not known in that digest edition to have ended when they did, the earliest first."""
    fresh = [i for i in host.closed.after(edition) if i.kind is DOWNTIME and i.ended]
    if not fresh:
        return []
    found = outages(host, min(i.started for i in fresh))
    ends = _ends_known_in(edition, found)

    def known_end(outage: Period) -> datetime:
        return max((ends[i.id] for i in outage.incidents if i.id in ends), default=FOREVER)

    return [outage for outage in found if outage.ended and not outage.ended <= known_end(outage) < FOREVER]


def _ends_known_in(edition: int, found: Sequence[Period]) -> dict[str, datetime]:
    """By incident: when its outage had ended as far as that edition knew, or FOREVER while it went on.

    Two outages may have looked like one at the time, if a close arrived long after the end it reported.
    """
    known = [i for outage in found for i in outage.incidents if i.known_in <= edition]
    then = _merged([i if i.edition <= edition else i._replace(ended=None) for i in known])
    return {i.id: ended or FOREVER for incidents, ended in then for i in incidents}


def flapping(host: Host, now: datetime) -> int:
    """The number of outages that began within `FLAPPING_WITHIN`, or 0 if fewer than `FLAPPING`."""
    if len(host.open) + len(host.closed) < FLAPPING:
        return 0
    return flapping_among(outages(host, now - FLAPPING_WITHIN), now)


def flapping_among(found: Iterable[Period], now: datetime) -> int:
    """Like `flapping`, given the outages that one host has had for at least that time.

    One that was closed by an edit or a snooze of its policy does not count: the next one continues it.
    """
    since = now - FLAPPING_WITHIN
    recent = [outage for outage in found if outage.began >= since]
    begun = sum(o.ending not in UNSEEN for o in recent) if len(recent) >= FLAPPING else 0
    return begun if begun >= FLAPPING else 0


def _current(host: Host, *, downtime: bool) -> Period | None:
    if len(host.open) == 1 and (only := host.open[0]).started.timestamp() > host.closed.last:
        # The usual case, made fast for thousands of hosts down.
        return Period(host, host.open, only.started, None) if (only.kind is DOWNTIME) is downtime else None
    began = next((i.started for i in host.open if (i.kind is DOWNTIME) is downtime), None)
    return _periods(host, began, downtime=downtime)[-1] if began else None


def _periods(host: Host, since: datetime, *, downtime: bool) -> list[Period]:
    merged = _merged(_reaching(host, since, downtime=downtime))
    return [Period(host, tuple(parts), parts[0].started, ended) for parts, ended in merged]


def _merged(incidents: Iterable[Incident]) -> list[tuple[list[Incident], datetime | None]]:
    """Group incidents that overlap or touch, each group with its end; the earliest first."""
    found: list[tuple[list[Incident], datetime | None]] = []
    parts: list[Incident] = []
    ended: datetime | None = None
    for incident in sorted(incidents, key=by_start):
        if parts and (ended is None or incident.started <= ended):
            parts.append(incident)
            if ended and (incident.ended is None or incident.ended > ended):
                ended = incident.ended
        else:
            if parts:
                found.append((parts, ended))
            parts, ended = [incident], incident.ended
    return [*found, (parts, ended)] if parts else found


def _reaching(host: Host, since: datetime, *, downtime: bool) -> Iterator[Incident]:
    """The incidents of all periods that went on at `since` or later.

    Walks back in the order of ends: each incident may extend its period further back.
    """
    opened = [i for i in host.open if (i.kind is DOWNTIME) is downtime]
    yield from opened
    limit = min([since, *(incident.started for incident in opened)])
    if host.closed.last < int(limit.timestamp()):
        return
    for incident in reversed(host.closed):
        if incident.ended and incident.ended < limit:
            return
        if (incident.kind is DOWNTIME) is downtime:
            yield incident
            limit = min(limit, incident.started)


def newest_outages(hosts: Iterable[Host], limit: int, found: Sequence[Period] = ()) -> list[Period]:
    """The latest outages of `hosts` and of those `found` before: up to `limit`, the latest to begin first."""
    best = list(found)
    for host in hosts:
        since = best[-1].began if len(best) == limit else MIN_TIME
        if host.open or host.closed.last > since.timestamp():
            newer = [outage for outage in outages(host, since) if outage.began > since]
            best = sorted([*best, *newer], key=attrgetter("began", "host.name"), reverse=True)[:limit]
    return best
