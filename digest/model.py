"""What a digest says: how every host stands at one instant."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from digest.weekly import Weekly
from hosts.incident import Person
from hosts.model import Host, Mute, Status
from hosts.outages import Period
from hosts.problems import Problem


class Down(NamedTuple):
    """A host with an open downtime incident. `new`: it went down since the last digest."""

    host: Host
    since: datetime
    new: bool
    doubtful: bool  # open for so long that its close may have been lost


class Warned(NamedTuple):
    """A host with open incidents, none of them downtime."""

    host: Host
    since: datetime
    new: bool


class Recovery(NamedTuple):
    """Outages of a host that have ended since the last digest, and left it up; the earliest first."""

    host: Host
    outages: Sequence[Period]

    @property
    def at(self) -> datetime:
        last = self.outages[-1]
        return last.ended or last.began

    @property
    def cancelled(self) -> bool:
        """A policy edit closed the last of it: closed, not recovered."""
        return self.outages[-1].cancelled

    @property
    def resolved_by(self) -> Person | None:
        """Who closed the last of it, if it was not Google: the same."""
        return self.outages[-1].resolved_by

    @property
    def confirmed(self) -> bool:
        """Google saw it end."""
        return not (self.cancelled or self.resolved_by)

    @property
    def lasted(self) -> timedelta:
        """All outages together."""
        return sum((outage.lasted(self.at) for outage in self.outages), timedelta())


class Muted(NamedTuple):
    """A mute, and how the hosts that it hides stand; a pattern's may be many, or none."""

    mute: Mute
    status: Status  # the worst of them
    hosts: int = 1
    down: int = 0
    heard_of: bool = True  # else nobody knows how the host stands


class MuteEnded(NamedTuple):
    """What a mute hid, a host or a pattern, that has ended by itself since the last digest."""

    name: str
    hosts: tuple[Host, ...]  # but for those that something else hides


class Digest(NamedTuple):
    """How every host stands at one instant. Muted hosts are in `muted` and nowhere else."""

    at: datetime
    down: tuple[Down, ...] = ()  # longest first
    recovered: tuple[Recovery, ...] = ()  # latest first
    returned: tuple[MuteEnded, ...] = ()  # sorted by name; counted where they stand, too
    warnings: tuple[Warned, ...] = ()  # longest first
    up: tuple[str, ...] = ()  # sorted by name; holds the recovered ones too
    muted: tuple[Muted, ...] = ()  # sorted by name
    received: bool = True  # has any incident ever arrived? If not, nobody knows how the hosts in `up` stand
    problems: tuple[Problem, ...] = ()
    next_at: datetime | None = None
    weekly: Weekly | None = None  # in the first digest of a week, if it is asked for

    @property
    def total(self) -> int:
        """How many hosts are counted: all but the muted."""
        return len(self.down) + len(self.warnings) + len(self.up)

    @property
    def hidden(self) -> int:
        """How many hosts are not."""
        return sum(entry.hosts for entry in self.muted)

    @property
    def hidden_down(self) -> int:
        """How many of those are down."""
        return sum(entry.down for entry in self.muted)
