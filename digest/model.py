"""The values that make up a digest."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from digest.weekly import Weekly
from hosts.incident import Person
from hosts.model import Host, Mute, Status
from hosts.outages import Period
from hosts.problems import Problem


class Down(NamedTuple):
    """A host with an open downtime incident."""

    host: Host
    since: datetime
    new: bool  # went down since the last digest
    doubtful: bool  # open for so long that its close may have been lost


class Warned(NamedTuple):
    """A host with open incidents, none of them downtime."""

    host: Host
    since: datetime
    new: bool


class Recovery(NamedTuple):
    """The outages of a host that is up again and that ended since the last digest, earliest first."""

    host: Host
    outages: Sequence[Period]

    @property
    def at(self) -> datetime:
        last = self.outages[-1]
        return last.ended or last.began

    @property
    def cancelled(self) -> bool:
        """The last outage ended because its policy was edited: closed, not recovered."""
        return self.outages[-1].cancelled

    @property
    def resolved_by(self) -> Person | None:
        """Who closed the last outage, if not Google: closed, not recovered."""
        return self.outages[-1].resolved_by

    @property
    def confirmed(self) -> bool:
        """Google saw it end."""
        return not (self.cancelled or self.resolved_by)

    @property
    def lasted(self) -> timedelta:
        """The total of all outages."""
        return sum((outage.lasted(self.at) for outage in self.outages), timedelta())


class Muted(NamedTuple):
    """A mute and the hosts that it hides: any number for a pattern."""

    mute: Mute
    status: Status  # the worst of the hosts'
    host_count: int = 1
    down_count: int = 0
    is_known: bool = True  # False: Google has never reported the host
    key: str = ""  # by which the mute is kept; `mute.host` becomes the title that people know


class MuteEnded(NamedTuple):
    """A mute, of a host or a pattern, that expired since the last digest."""

    name: str
    hosts: tuple[Host, ...]  # without those that another mute hides


class Digest(NamedTuple):
    """The status of every host at one instant. Muted hosts are in `muted` and nowhere else."""

    at: datetime
    down: tuple[Down, ...] = ()  # longest first
    recovered: tuple[Recovery, ...] = ()  # latest first
    mutes_ended: tuple[MuteEnded, ...] = ()  # sorted by name; their hosts are also listed by status
    warnings: tuple[Warned, ...] = ()  # longest first
    up: tuple[str, ...] = ()  # sorted by name; includes the recovered ones
    muted: tuple[Muted, ...] = ()  # sorted by name
    has_received: bool = (
        True  # False: no incident has ever arrived, so the hosts in `up` are merely assumed up
    )
    problems: tuple[Problem, ...] = ()  # of this program
    next_at: datetime | None = None
    weekly: Weekly | None = None  # in the first digest of a week, if configured

    @property
    def total(self) -> int:
        """The number of hosts that are not muted."""
        return len(self.down) + len(self.warnings) + len(self.up)

    @property
    def muted_count(self) -> int:
        return sum(entry.host_count for entry in self.muted)

    @property
    def muted_down_count(self) -> int:
        return sum(entry.down_count for entry in self.muted)
