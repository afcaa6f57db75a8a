"""What Google reports: an incident of a host, with its kind, its times and its texts."""

from datetime import UTC, datetime
from enum import IntEnum, StrEnum
from typing import NamedTuple

from hosts.identity import LABEL_START

# How Google begins the observed value when a policy edit, not a recovery, closed the incident.
CANCELLED = "Incident cancelled because"


# A clock that shows less has not been set: this program was not written yet.
CLOCK_WAS_UNSET_BEFORE = datetime(2026, 1, 1, tzinfo=UTC)


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


class Person(NamedTuple):
    """Slack's id of a user, and a name for display only: anybody can choose a name."""

    id: str
    name: str


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


KINDS = tuple(Kind)


def join(one: Incident, other: Incident) -> Incident:
    """Two reports of one incident as one: commutative, associative and idempotent."""
    if one.is_open and not other.is_open:
        one, other = other, one
    surest = min(one, other, key=_doubt)
    # A close speaks for itself; what an open incident says besides goes when it closes.
    alike = one.is_open == other.is_open
    return one._replace(
        host=surest.host,
        named_by=surest.named_by,
        kind=one.kind if KINDS.index(one.kind) < KINDS.index(other.kind) else other.kind,
        started=_earliest(one.started, other.started),
        ended=_ended(one, other),
        policy=_text(one.policy, other.policy),
        condition=_text(one.condition, other.condition) if alike else one.condition,
        url=_text(one.url, other.url) if alike else one.url,
        observed=_text(one.observed, other.observed) if alike else one.observed,
    )


def _doubt(report: Incident) -> tuple[int, int, str]:
    """About which host it is: of two names as good, the one that more labels tell apart is surer."""
    return report.named_by, -report.host.count(LABEL_START), report.host


def _ended(one: Incident, other: Incident) -> datetime | None:
    """Never before it began, though one clock may have told the one and another the other."""
    ended = _earliest(one.ended, other.ended) if one.ended and other.ended else one.ended
    return ended and max(ended, _earliest(one.started, other.started))


def _earliest(one: datetime, other: datetime) -> datetime:
    """The earlier of two, but rather one that a clock told which had been set."""
    told = [moment for moment in (one, other) if moment >= CLOCK_WAS_UNSET_BEFORE]
    return min(told or (one, other))


def _text(one: str, other: str) -> str:
    """Some choice that does not depend on the order; nothing gives way to something."""
    return min(one, other) if one and other else one or other
