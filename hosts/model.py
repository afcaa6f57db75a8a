"""Hosts, mutes, the audit log and everything else that is remembered. Plain values."""

from collections.abc import Iterator, Mapping, MutableMapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from types import MappingProxyType
from typing import NamedTuple

from hosts.closed_incidents import ClosedIncidents
from hosts.incident import Incident, Kind, Person

AUDIT_LOG_SIZE = 200  # deeds that are remembered; people ask for the last few
# A signed request is good from five minutes before the time it names until five minutes after it, so this
# long after it was obeyed nobody can send it again; the rest is for rounding.
REPLAY_WINDOW = timedelta(minutes=11)


class Action(StrEnum):
    REMOVE = "remove"
    RESTORE = "restore"
    RESOLVE = "resolve"
    FORGET = "forget"


class AuditEntry(NamedTuple):
    """`what` it was done to: a host, as it is named here. A removal says until when, and why.

    `request` is the idempotency key of the request that it was done by; empty if that has none.
    """

    action: Action
    target: str
    by: Person
    at: datetime
    until: datetime | None = None
    until_up: bool = False
    reason: str = ""
    request: str = ""


DEFAULT = "default"  # the channel of slack.webhook_url


class Status(StrEnum):
    """How a host stands."""

    DOWN = "down"
    WARNING = "warning"
    UP = "up"


class Host(NamedTuple):
    """What is watched, as people name it."""

    name: str
    open: tuple[Incident, ...] = ()
    closed: ClosedIncidents = ClosedIncidents()
    known_since: datetime | None = None  # all that ended later is kept; None: nothing was let go of
    edition: int = 0  # the latest of its incidents' editions

    @property
    def status(self) -> Status:
        if any(incident.kind is Kind.DOWNTIME for incident in self.open):
            return Status.DOWN
        return Status.WARNING if self.open else Status.UP

    @property
    def was_ever_reported(self) -> bool:
        """Has Google ever reported an incident of it? If not, nobody knows how it stands."""
        return bool(self.open or self.closed or self.known_since)

    def incidents(self) -> Iterator[Incident]:
        yield from self.open
        yield from self.closed

    def find(self, incident_id: str) -> Incident | None:
        return next((i for i in self.incidents() if i.id == incident_id), None)


class Mute(NamedTuple):
    """A person's wish not to hear of a host, or of every host that a pattern means.

    It ends at `until`, or once the outages or warning periods that were going on when it was made
    are over (`until_up`), or when somebody restores it. `by` is Slack's user id, `by_name` is for display
    only. One that has ended hides nothing; it is kept for a while, as only a leap of the clock may have
    ended it.
    """

    host: str  # or a pattern: `*` stands for anything
    by: str
    by_name: str
    at: datetime
    until: datetime | None = None
    until_up: bool = False
    reason: str = ""
    about: tuple[str, ...] = ()  # with `until_up`: the ids of the incidents that were open
    ended_in: int = 0  # the digest edition in which it was seen to have ended; 0: it goes on


class Alerted(NamedTuple):
    """A host whose outage an alert has reported. `escalated`: people were mentioned, too."""

    since: datetime
    escalated: bool = False


class AlertRecord(NamedTuple):
    """Which alerts a channel has received.

    They cover outages that were over by `notified_edition`. `sent` has the hosts that are still down.
    """

    notified_edition: int
    sent: Mapping[str, Alerted] = MappingProxyType({})


class ChannelRecord(NamedTuple):
    """How much of what is known a channel has received.

    `slot` is the due time of the last digest, whether posted or skipped because nothing was new.
    """

    notified_edition: int = 0  # of the last digest that Slack accepted
    slot: datetime | None = None
    posted: datetime | None = None  # the due time of the last digest posted
    fingerprint: str = ""  # of the last digest posted
    alerts: AlertRecord | None = None  # None: the channel gets no alerts


@dataclass(slots=True)
class State:
    """Everything remembered. `owners` finds the host of an incident by the incident's id.

    `edition` is the one being collected: it grows when a digest or an alert is begun, so "since the
    last digest" needs no clock.
    """

    hosts: MutableMapping[str, Host] = field(default_factory=dict)
    host_by_incident: MutableMapping[str, str] = field(default_factory=dict)
    mutes: Mapping[str, Mute] = field(default_factory=dict)
    edition: int = 1
    channels: Mapping[str, ChannelRecord] = field(default_factory=dict)
    log: tuple[AuditEntry, ...] = ()  # what people did, the latest last
    forgotten: Mapping[str, datetime] = field(default_factory=dict)  # ids of incidents, and when a person did

    def record(self, channel: str) -> ChannelRecord:
        return self.channels.get(channel) or ChannelRecord()

    def has_received(self) -> bool:
        """Has any incident ever arrived? Also if people have forgotten every host since."""
        return bool(self.hosts) or any(entry.action is Action.FORGET for entry in self.log)

    def notified_edition(self) -> int:
        """The last edition that every channel has received; 0 before the first digest."""
        editions = [record.notified_edition for record in self.channels.values()]
        editions += [record.alerts.notified_edition for record in self.channels.values() if record.alerts]
        return min(editions, default=0)

    def incident(self, incident_id: str) -> Incident | None:
        owner = self.host_by_incident.get(incident_id)
        return None if owner is None else self.hosts[owner].find(incident_id)
