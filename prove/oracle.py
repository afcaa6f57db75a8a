"""How things stand, judging by what Google and people have sent: a second implementation, as simple as possible.

It is written from the definitions and not from the program. It remembers nothing: each answer is worked out
from scratch from all facts, in the order in which they became known, and from the current time.
Times and lengths are whole seconds.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import Enum, IntEnum
from fnmatch import fnmatchcase
from functools import cached_property

DAY = 86_400
REPEATED = 3 * DAY  # seconds for which Google may repeat reports of an incident that is over


class Surety(IntEnum):
    """How reliable the name of a host is."""

    POLICY = 1
    CHECK = 2
    RESOURCE = 3
    HOST = 4


class Kind(Enum):
    DOWNTIME = "check_passed"
    CERTIFICATE = "time_until_ssl_cert_expires"
    SIGNAL = "request_latency"


class Status(Enum):
    DOWN = "down"
    WARNING = "warning"
    UP = "up"


@dataclass(frozen=True)
class Report:
    """What Google reports about an incident. `end` is None while it is open."""

    id: str
    name: str
    surety: Surety
    kind: Kind
    start: int
    end: int | None = None
    cancelled: bool = False  # by an edit of its policy


@dataclass(frozen=True)
class Resolve:
    host: str
    at: int


@dataclass(frozen=True)
class Mute:
    """A mute of a host or pattern. It ends at `until`; if that is None, when somebody restores it.

    With `about`, it only hides hosts that had an outage or warning period when it was made, which consisted
    of these incidents, each until that is over.
    """

    name: str
    at: int
    until: int | None = None
    about: frozenset[str] = frozenset()
    reason: str = ""


@dataclass(frozen=True)
class Restore:
    name: str


Fact = Report | Resolve | Mute | Restore


@dataclass(frozen=True)
class Incident:
    id: str
    host: str
    surety: Surety
    kind: Kind
    start: int
    end: int | None  # as reported by Google
    cancelled: bool
    resolved: int | None  # when a person resolved it; None if Google has reported anything since

    @property
    def over(self) -> int | None:
        """When it ended; None while it is open."""
        return self.resolved if self.end is None else self.end

    def joined(self, report: Report) -> "Incident":
        """A closed incident stays closed; the earliest times and the most reliable name win."""
        ends = [end for end in (self.end, report.end) if end is not None]
        surer = report.surety > self.surety
        return replace(
            self,
            host=report.name if surer else self.host,
            surety=max(self.surety, report.surety),
            start=min(self.start, report.start),
            end=min(ends) if ends else None,
            cancelled=self.cancelled or report.cancelled,
            resolved=None,
        )


@dataclass(frozen=True)
class Span:
    """Incidents of one host that overlap or touch: an outage or a warning period."""

    incidents: tuple[Incident, ...]

    @property
    def ids(self) -> frozenset[str]:
        return frozenset(incident.id for incident in self.incidents)

    @property
    def start(self) -> int:
        return min(incident.start for incident in self.incidents)

    @property
    def over(self) -> int | None:
        ends = [incident.over for incident in self.incidents]
        known = [end for end in ends if end is not None]
        return max(known) if len(known) == len(ends) else None

    def lasts(self, now: int) -> int:
        return max(0, (now if self.over is None else self.over) - self.start)

    def within(self, begin: int, now: int) -> int:
        """How many seconds of it lie between `begin` and `now`."""
        end = now if self.over is None else min(self.over, now)
        return max(0, end - max(begin, self.start))

    def covers(self, at: int) -> bool:
        return self.start <= at and (self.over is None or at <= self.over)

    def touches(self, begin: int) -> bool:
        return self.over is None or self.over > begin


def spans(incidents: Collection[Incident]) -> list[Span]:
    found: list[Span] = []
    for incident in sorted(incidents, key=lambda i: i.start):
        last = found[-1] if found else None
        if last and (last.over is None or incident.start <= last.over):
            found[-1] = Span((*last.incidents, incident))
        else:
            found.append(Span((incident,)))
    return found


@dataclass(frozen=True)
class World:
    """All that is known at one moment.

    `watched` are hosts that are known before Google reports them. `ruled` says whether a mute hides a host,
    where the definitions leave that open. `reported` are the mutes that a digest said had ended; `returned`
    those that went on, but of which a digest showed this host again.
    """

    facts: Sequence[Fact]
    now: int
    watched: Collection[str] = ()
    ruled: Mapping[tuple[Mute, str], bool] = field(default_factory=dict)
    reported: Collection[Mute] = ()
    returned: Collection[tuple[Mute, str]] = ()

    @cached_property
    def _told(self) -> tuple[Mapping[str, Incident], Mapping[str, Mute], Collection[str]]:
        incidents: dict[str, Incident] = {}
        mutes: dict[str, Mute] = {}
        hosts = set(self.watched)
        for fact in self.facts:
            match fact:
                case Report():
                    known = incidents.get(fact.id)
                    incidents[fact.id] = known.joined(fact) if known else _first(fact)
                case Resolve():
                    for incident in incidents.values():
                        if incident.host == fact.host and incident.over is None:
                            incidents[incident.id] = replace(incident, resolved=fact.at)
                case Mute():
                    mutes[fact.name] = fact
                case Restore():
                    mutes.pop(fact.name, None)
        hosts |= {incident.host for incident in incidents.values()}
        return incidents, mutes, sorted(hosts)

    @property
    def incidents(self) -> Mapping[str, Incident]:
        return self._told[0]

    @property
    def mutes(self) -> Mapping[str, Mute]:
        """Including those that have ended by themselves."""
        return self._told[1]

    @property
    def hosts(self) -> Collection[str]:
        return self._told[2]

    def of(self, host: str) -> list[Incident]:
        return [incident for incident in self.incidents.values() if incident.host == host]

    def outages(self, host: str) -> list[Span]:
        return spans([incident for incident in self.of(host) if incident.kind is Kind.DOWNTIME])

    def warnings(self, host: str) -> list[Span]:
        return spans([incident for incident in self.of(host) if incident.kind is not Kind.DOWNTIME])

    def outage(self, host: str) -> Span | None:
        """The current outage."""
        return _going_on(self.outages(host))

    def warning(self, host: str) -> Span | None:
        return _going_on(self.warnings(host))

    def status(self, host: str) -> Status:
        if self.outage(host):
            return Status.DOWN
        return Status.WARNING if self.warning(host) else Status.UP

    def going_on(self, host: str) -> Span | None:
        """The current outage or, if there is none, the current warning period."""
        return self.outage(host) or self.warning(host)

    def since(self, host: str) -> int | None:
        """Since when it has had its status; None if it never had another."""
        going_on = self.going_on(host)
        if going_on:
            return going_on.start
        return max((i.over for i in self.of(host) if i.over is not None), default=None)

    def span_of(self, incident_id: str) -> Span:
        incident = self.incidents[incident_id]
        is_down = incident.kind is Kind.DOWNTIME
        of_its_kind = self.outages(incident.host) if is_down else self.warnings(incident.host)
        return next(span for span in of_its_kind if incident_id in span.ids)

    def has_ended(self, mute: Mute) -> bool:
        if mute.about:
            return not self.hidden_by(mute)
        return mute.until is not None and self.now >= mute.until

    def hidden_by(self, mute: Mute) -> list[str]:
        """The hosts that a mute hides now."""
        if mute.about:
            return [host for host in self.hosts_about(mute) if self._waits_for(mute, host)]
        return [] if self.has_ended(mute) else self.matched(mute.name)

    def hosts_about(self, mute: Mute) -> list[str]:
        """Those of the hosts it stands for that had an outage or warning period when it was made."""
        names = {self.incidents[incident_id].host for incident_id in mute.about}
        return [host for host in self.matched(mute.name) if host in names]

    def _waits_for(self, mute: Mute, host: str) -> bool:
        if mute in self.reported or (mute, host) in self.returned:
            return False
        return self.ruled.get((mute, host), self._goes_on(host, mute.about))

    def _goes_on(self, host: str, ids: Collection[str]) -> bool:
        found = (self.outage(host), self.warning(host))
        return any(span is not None and not span.ids.isdisjoint(ids) for span in found)

    @cached_property
    def unclear(self) -> list[tuple[Mute, str]]:
        """Mutes of which it matters whether they are about what was known to go on then, or about what really did."""
        return [
            (mute, host)
            for mute in self.mutes.values()
            for host in self.hosts_about(mute)
            if self._goes_on(host, mute.about) is not self._goes_on(host, self._turned_out(mute, host))
        ]

    def _turned_out(self, mute: Mute, host: str) -> Collection[str]:
        outages = [span for span in self.outages(host) if span.covers(mute.at)]
        warnings = [span for span in self.warnings(host) if span.covers(mute.at)]
        return {i for span in outages or warnings for i in span.ids} or mute.about

    @cached_property
    def active(self) -> Mapping[str, Mute]:
        return {name: mute for name, mute in self.mutes.items() if not self.has_ended(mute)}

    def mutes_of(self, host: str) -> list[str]:
        """The names and patterns under which it is muted."""
        return [name for name, mute in self.active.items() if host in self.hidden_by(mute)]

    def is_muted(self, host: str) -> bool:
        return bool(self.mutes_of(host))

    def shown(self, patterns: Collection[str] = ()) -> list[str]:
        """Hosts of a channel that are not muted."""
        return [host for host in self.of_channel(patterns) if not self.is_muted(host)]

    def of_channel(self, patterns: Collection[str] = ()) -> list[str]:
        return [host for host in self.hosts if not patterns or any(matches(p, host) for p in patterns)]

    def matched(self, name: str) -> list[str]:
        return [host for host in self.hosts if matches(name, host)]

    def known_since(self, host: str) -> int | None:
        return min((incident.start for incident in self.of(host)), default=None)

    def uptime(self, hosts: Collection[str], length: int) -> tuple[int, int]:
        """Seconds down, and seconds known, in the time before now."""
        down = known = 0
        for host in hosts:
            first = self.known_since(host)
            if first is not None:
                begin = max(first, self.now - length)
                known += self.now - begin
                down += sum(outage.within(begin, self.now) for outage in self.outages(host))
        return down, known


def matches(name: str, host: str) -> bool:
    """Whether a name or pattern stands for that host; `*` matches anything."""
    return fnmatchcase(host, name)


def as_known_then(world: World, count: int, at: int) -> World:
    """The world as known from the first `count` facts, at `at`."""
    return World(world.facts[:count], at, world.watched)


def open_incidents(world: World, host: str) -> Iterator[Incident]:
    return (incident for incident in world.of(host) if incident.over is None)


def _first(report: Report) -> Incident:
    name, surety, kind = report.name, report.surety, report.kind
    return Incident(report.id, name, surety, kind, report.start, report.end, report.cancelled, None)


def _going_on(found: Collection[Span]) -> Span | None:
    return next((span for span in found if span.over is None), None)
