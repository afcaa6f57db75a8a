"""The state and its parts (hosts, mutes, audit entries, channel records), and patches, which change it."""

from collections.abc import Callable, Collection, Iterator, Mapping, MutableMapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from itertools import chain
from types import MappingProxyType
from typing import NamedTuple, TypeVar

from hosts.checks import Watch
from hosts.closed_incidents import ClosedIncidents
from hosts.incident import Incident, Kind, Person
from hosts.patterns import EVERY_HOST, HostFilter

V = TypeVar("V")


class Action(StrEnum):
    """What a person did."""

    REMOVE = "remove"
    RESTORE = "restore"
    RESOLVE = "resolve"
    FORGET = "forget"


DEFAULT = "default"  # the channel of slack.webhook_url


class Status(StrEnum):
    """The state of a host, the worst first."""

    DOWN = "down"
    WARNING = "warning"
    UP = "up"


class Host(NamedTuple):
    """What is watched, as people name it."""

    name: str
    open: tuple[Incident, ...] = ()
    closed: ClosedIncidents = ClosedIncidents()
    dropped_until: datetime | None = None  # incidents that ended by then may be gone; None if none are
    edition: int = 0  # the latest of its incidents' editions
    watch: Watch | None = None  # None: Google has never listed an uptime check for it

    @property
    def status(self) -> Status:
        if any(incident.kind is Kind.DOWNTIME for incident in self.open):
            return Status.DOWN
        return Status.WARNING if self.open else Status.UP

    @property
    def has_history(self) -> bool:
        """Whether Google ever reported an incident."""
        return bool(self.open or self.closed or self.dropped_until)

    @property
    def is_status_known(self) -> bool:
        """Whether its status is known, from incidents or because Google watches it."""
        return self.has_history or (self.watch is not None and self.watch.is_on and not self.has_only_checks)

    @property
    def has_only_checks(self) -> bool:
        """Whether only checks of it were ever seen, but not yet which alerts are open."""
        return self.watch is not None and self.watch.since is None and not self.has_history

    @property
    def is_unwatched(self) -> bool:
        """Whether nobody can say if it is up: all its checks are disabled or gone, and nothing is open."""
        return self.watch is not None and not self.watch.is_on and not self.open

    @property
    def is_gone(self) -> bool:
        """Whether its last uptime check was deleted."""
        return self.watch is not None and self.watch.is_over

    def snoozed_until(self, now: datetime) -> datetime | None:
        """Until when Google would not report it as down; None if it would, or if the host is down anyway."""
        until = self.watch and self.watch.snoozed  # rarely set, so checked first
        return until if until and now < until and not (self.open or self.is_unwatched) else None

    def incidents(self) -> Iterator[Incident]:
        yield from self.open
        yield from self.closed


class Mute(NamedTuple):
    """A person's wish not to hear about a host, or about all hosts that match a pattern.

    It ends at `until`, or when somebody restores the host. One that `waits` hides only hosts that were not
    up when it was made, each until that outage or warning period is over. An ended mute hides nothing, but
    is kept for a while: if only a jump of the clock ended it, it takes effect again.
    """

    host: str  # or a pattern
    by: Person
    at: datetime
    until: datetime | None = None
    until_up: bool = False
    reason: str = ""
    about: tuple[str, ...] = ()  # with `until_up`: the ids of the incidents that were open
    ended_in: int = 0  # the digest edition in which it ended; 0: it has not

    @property
    def waits(self) -> bool:
        """Whether it lasts until its hosts are up. An edited file may have a time, too, which then counts."""
        return self.until_up and self.until is None


class AuditEntry(NamedTuple):
    """A change that a person made. `until`, `until_up` and `reason` are those of a mute."""

    action: Action
    target: str  # a host, by its key
    by: Person
    at: datetime
    until: datetime | None = None
    until_up: bool = False
    reason: str = ""
    request: str = ""  # the idempotency key of the request that made it, if it had one
    replaced: Mute | None = None  # the mute of the target that it replaced or ended


class Alerted(NamedTuple):
    """What alerts have said about a host that has yet to be reported as up again."""

    since: datetime  # when its outage began
    escalated: bool = False  # people were mentioned, too
    edition: int = 0  # of the last alert; 0: there was none
    ends_after: int = 0  # outages that ended in a later edition have yet to be reported


class AlertRecord(NamedTuple):
    """Which alerts a channel has received."""

    notified_edition: int  # outages that were over by then are covered
    sent: Mapping[str, Alerted] = MappingProxyType({})  # by host

    @property
    def reported_edition(self) -> int:
        """The last edition of which every end has been reported."""
        return min((alerted.ends_after for alerted in self.sent.values()), default=self.notified_edition)


class ChannelRecord(NamedTuple):
    """What a channel has received so far."""

    notified_edition: int = 0  # of the last digest that Slack accepted
    slot: datetime | None = None  # the due time of the last digest, even if skipped because nothing was new
    posted: datetime | None = None  # the due time of the last digest posted
    fingerprint: str = ""  # of the last digest posted
    alerts: AlertRecord | None = None  # None: the channel gets no alerts


@dataclass(slots=True)
class State:
    """Everything that is remembered.

    `edition` numbers the digest that is being collected. It grows whenever a digest or an alert is started,
    so that "since the last digest" needs no clock.
    """

    hosts: MutableMapping[str, Host] = field(default_factory=dict)
    host_by_incident: MutableMapping[str, str] = field(default_factory=dict)
    mutes: Mapping[str, Mute] = field(default_factory=dict)
    edition: int = 1
    channels: Mapping[str, ChannelRecord] = field(default_factory=dict)
    log: tuple[AuditEntry, ...] = ()  # the latest entry last
    # By incident id: when its host was forgotten.
    forgotten: Mapping[str, datetime] = field(default_factory=dict)
    # By notice about the file (`state.notices`): the channels that have yet to receive it; all, if the notice
    # is not listed. None: an earlier version kept no record.
    unreported: Mapping[str, tuple[str, ...]] | None = None
    last_delivery: datetime | None = None  # when Google last sent anything, as last saved
    alerts_read: datetime | None = None  # when its list of open alerts was last read, as last saved

    def snapshot(self) -> "State":
        """A copy to summarize, whose hosts and mutes stay the same when this state's change.

        It can look up only the incidents that mutes are about: there may be a million others.
        """
        about = (incident for mute in self.mutes.values() for incident in mute.about)
        owners = {incident: name for incident in about if (name := self.host_by_incident.get(incident))}
        return replace(self, hosts=dict(self.hosts), host_by_incident=owners)

    def record(self, channel: str) -> ChannelRecord:
        return self.channels.get(channel) or ChannelRecord()

    def is_news(self, notice: str, channels: Collection[str]) -> bool:
        """Whether any of these channels has yet to receive a notice about the file."""
        waiting = (self.unreported or {}).get(notice)
        return waiting is None or any(name in waiting for name in channels)

    def has_received(self, shows: HostFilter = EVERY_HOST) -> bool:
        """Whether the status of any such host was ever known, even if it has been forgotten since."""
        known = (name for name, host in self.hosts.items() if not host.has_only_checks)
        forgotten = (entry.target for entry in self.log if entry.action is Action.FORGET)
        return any(map(shows.matches, chain(known, forgotten)))

    def notified_edition(self) -> int:
        """The last edition that every channel has received; 0 before the first digest."""
        editions = [record.notified_edition for record in self.channels.values()]
        editions += [record.alerts.reported_edition for record in self.channels.values() if record.alerts]
        return min(editions, default=0)

    def incident(self, incident_id: str) -> Incident | None:
        host = self.hosts.get(self.host_by_incident.get(incident_id, ""))
        return next((i for i in host.incidents() if i.id == incident_id), None) if host else None


class Patch(NamedTuple):
    """The difference that a change makes. None removes an entry; a patch that changes nothing is false."""

    hosts: Mapping[str, Host | None] = MappingProxyType({})
    host_by_incident: Mapping[str, str | None] = MappingProxyType({})
    mutes: Mapping[str, Mute] | None = None
    edition: int | None = None
    channels: Mapping[str, ChannelRecord] | None = None
    log: tuple[AuditEntry, ...] | None = None
    forgotten: Mapping[str, datetime] | None = None
    unreported: Mapping[str, tuple[str, ...]] | None = None
    last_delivery: datetime | None = None
    alerts_read: datetime | None = None

    def __bool__(self) -> bool:
        return bool(self.hosts) or any(value is not None for value in self[2:])


NOTHING = Patch()
Change = Callable[[State], Patch]


def apply(state: State, patch: Patch) -> None:
    """Change a state in place."""
    _merge(state.hosts, patch.hosts)
    _merge(state.host_by_incident, patch.host_by_incident)
    for name, value in zip(patch._fields[2:], patch[2:], strict=True):
        if value is not None:
            setattr(state, name, value)


def _merge(into: MutableMapping[str, V], patch: Mapping[str, V | None]) -> None:
    for name, value in patch.items():
        if value is None:
            into.pop(name, None)
        else:
            into[name] = value
