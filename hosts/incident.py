"""What Google reports: an incident of a host, with its kind, its times and its texts."""

from datetime import UTC, datetime
from enum import IntEnum, StrEnum
from typing import NamedTuple

from hosts.model import Person

# How Google begins the observed value when a policy edit, not a recovery, closed the incident.
CANCELLED = "Incident cancelled because"


# Before it, a moment was told by a clock that had not been set yet.
EARLIEST = datetime(2000, 1, 1, tzinfo=UTC)


class Kind(StrEnum):
    """What an incident is about, the most specific first: of two readings of one incident the first wins."""

    DOWNTIME = "downtime"
    CERTIFICATE = "certificate"
    SIGNAL = "signal"  # another uptime metric: latency, content, status
    OTHER = "other"


class NamedBy(IntEnum):
    """How surely an incident's host is known, the surest first."""

    HOST = 1
    RESOURCE = 2
    CHECK = 3
    POLICY = 4


class Incident(NamedTuple):
    """What Google opened, and perhaps closed. Texts are raw, as Google sent them."""

    id: str
    host: str
    named_by: NamedBy
    kind: Kind
    started: datetime
    ended: datetime | None = None
    policy: str = ""
    condition: str = ""
    url: str = ""
    observed: str = ""
    edition: int = 0  # the digest edition during which it last opened or closed
    resolved_by: Person | None = None  # who closed it; None: Google
    opened: int = 0  # the digest edition during which it became known, or opened again

    @property
    def is_open(self) -> bool:
        return self.ended is None

    @property
    def cancelled(self) -> bool:
        """Closed by an edit of its policy, which says nothing about the host."""
        return self.observed.startswith(CANCELLED)

    def as_reported(self) -> "Incident":
        """Without what a person said of it: as far as Google's reports go, it is open."""
        return self._replace(ended=None, resolved_by=None) if self.resolved_by else self
