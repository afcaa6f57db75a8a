"""The values that make up a digest."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from digest.weekly import Weekly
from hosts.incident import Ending
from hosts.model import Host, Mute, Status
from hosts.outages import DOUBT_AFTER, Period
from hosts.patterns import is_pattern
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
    def last(self) -> Period:
        return self.outages[-1]

    @property
    def at(self) -> datetime:
        return self.last.ended or self.last.began

    @property
    def lasted(self) -> timedelta:
        """The total of all outages."""
        return sum((outage.lasted(self.at) for outage in self.outages), timedelta())


class Snoozed(NamedTuple):
    """A host whose policies are snoozed: until then, Google would not report an outage."""

    name: str
    until: datetime


class Muted(NamedTuple):
    """A mute and the hosts that it hides, whether another one does as well: any number for a pattern."""

    mute: Mute
    status: Status  # the worst of the hosts'
    host_count: int = 1
    down_count: int = 0
    host: Host | None = None  # if it hides just one; None for a name that no host has
    key: str = ""  # by which the mute is kept; `mute.host` becomes the title that people know
    warning_count: int = 0
    also: tuple[Mute, ...] = ()  # the other mutes that may hide its one host after it

    @property
    def names_no_host(self) -> bool:
        """Whether no host has the muted name; a pattern may match one later."""
        return not (self.host_count or is_pattern(self.mute.host))


class MuteEnded(NamedTuple):
    """A mute, of a host or a pattern, that expired since the last digest."""

    name: str
    hosts: tuple[Host, ...]  # without those that another mute hides; none if no host has the name


class Digest(NamedTuple):
    """The status of every host at one instant. Muted hosts are in `muted` and nowhere else."""

    at: datetime
    down: tuple[Down, ...] = ()  # new ones, latest first; then the others, longest first; doubtful ones last
    recovered: tuple[Recovery, ...] = ()  # latest first
    mutes_ended: tuple[MuteEnded, ...] = ()  # sorted by name; their hosts are also listed by status
    warnings: tuple[Warned, ...] = ()  # longest first
    up: tuple[str, ...] = ()  # sorted by name; includes the recovered ones
    muted: tuple[Muted, ...] = ()  # sorted by name
    snoozed: tuple[Snoozed, ...] = ()  # sorted by name
    disabled: tuple[str, ...] = ()  # hosts whose checks are all disabled, sorted by name
    gone: tuple[str, ...] = ()  # hosts whose last check was deleted since the last digest, sorted by name
    still_gone: tuple[str, ...] = ()  # configured hosts whose last check was deleted earlier, sorted by name
    has_received: bool = True  # False: no incident has ever arrived
    is_status_known: bool = True  # False: that of no host, so those in `up` are merely assumed up
    doubt_after: timedelta = DOUBT_AFTER
    problems: tuple[Problem, ...] = ()  # of this program
    next_at: datetime | None = None
    weekly: Weekly | None = None  # in the first digest of a week, if configured
    notified: int = 0  # the edition after which everything is news
    muted_count: int = 0  # hosts that mutes hide, each counted once
    muted_down_count: int = 0  # those of them that are down

    @property
    def faults(self) -> tuple[Problem, ...]:
        """The problems that may keep the digest from being complete."""
        return tuple(problem for problem in self.problems if not problem.is_in_footer)

    @property
    def remarks(self) -> tuple[Problem, ...]:
        """The other problems, which leave the digest complete."""
        return tuple(problem for problem in self.problems if problem.is_in_footer)

    @property
    def total(self) -> int:
        """The number of hosts that are not muted."""
        return len(self.down) + len(self.warnings) + len(self.up)

    @property
    def all_up(self) -> bool:
        """Every host that is not muted is up, as far as Google says."""
        return bool(self.up) and self.is_status_known and not (self.down or self.warnings)

    def ended(self, *how: Ending) -> list[Recovery]:
        return [entry for entry in self.recovered if entry.last.ending in how]
