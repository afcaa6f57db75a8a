"""Incidents as Google reports them, and how two reports of one are joined."""

import re
from datetime import UTC, datetime
from enum import IntEnum, StrEnum
from operator import attrgetter
from typing import NamedTuple

from hosts.checks import NoCheck
from hosts.identity import LABEL_START, name_of
from hosts.names import is_host_name

# How Google begins the observed value when a policy edit, not a recovery, closed the incident.
CANCELLED = "Incident cancelled because"
# An earlier time comes from a clock that had not been set: this program did not exist yet.
EARLIEST_PLAUSIBLE = datetime(2026, 1, 1, tzinfo=UTC)
_WEB_ADDRESS = re.compile(r"https?://[^\s<>|\x00-\x1f\x7f]+", re.IGNORECASE)

by_start = attrgetter("started", "id")
by_end = attrgetter("ended", "id")


class Kind(StrEnum):
    """What an incident is about, the most specific first: if two reports differ, the more specific counts."""

    DOWNTIME = "downtime"
    CERTIFICATE = "certificate"
    SIGNAL = "signal"  # another uptime metric: latency, content, status
    OTHER = "other"


class NamedBy(IntEnum):
    """What the name of an incident's host was taken from, the most reliable first."""

    HOST = 1
    RESOURCE = 2
    CHECK = 3
    POLICY = 4


def names_a_host(name: str, named_by: NamedBy) -> bool:
    """Whether a canonical name is that of a host, and so its own key.

    A policy is often named after its host. A service or an instance never is, whatever its name looks like.
    """
    return named_by is NamedBy.HOST or (named_by is NamedBy.POLICY and is_host_name(name))


def is_web_address(url: str) -> bool:
    """Whether a URL from outside may become a link: it cannot run anything, nor end the link early."""
    return bool(_WEB_ADDRESS.fullmatch(url))


class Ending(IntEnum):
    """How an incident or an outage ended, as far as anybody knows; later ones say less about the host."""

    RECOVERED = 1  # Google saw it end
    CLOSED = 2  # by an edit of the policy
    SNOOZED = 3  # by a snooze of the policy
    DISABLED = 4  # by itself, while all checks of the host were disabled
    UNWATCHED = 5  # by itself, when the last check of the host had been deleted
    RESOLVED = 6  # by a person


# These say nothing about the host itself.
UNSEEN = frozenset({Ending.CLOSED, Ending.SNOOZED, Ending.DISABLED, Ending.UNWATCHED})
ENDING_WITHOUT_CHECK = {
    None: Ending.RECOVERED,
    NoCheck.DISABLED: Ending.DISABLED,
    NoCheck.DELETED: Ending.UNWATCHED,
}


class Person(NamedTuple):
    """A Slack user: the id, and a name for display only, since anybody can choose a name."""

    id: str
    name: str


class Incident(NamedTuple):
    """An incident. Texts are raw, as Google sent them."""

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
    edition: int = 0  # the digest edition in which it last opened or closed
    resolved_by: Person | None = None  # None: closed by Google
    known_in: int = 0  # the digest edition in which it became known
    resolved_in: int = 0  # the one in which a person resolved it, if Google has opened it again since
    listed: bool = False  # only Google's list of alerts, no webhook, says that it is open or closed
    confirmed: datetime | None = None  # when Google's list last showed it open; saved only now and then
    absent: bool = False  # Google no longer knows it, but never reported a close
    snoozed: bool = False  # it closed while its policy was snoozed
    no_check: NoCheck | None = None  # it closed while, as was known by then, no check watched its host

    @property
    def is_open(self) -> bool:
        return self.ended is None

    def was_known_in(self, edition: int) -> bool:
        """Whether a digest of that edition knew it, and not as resolved by a person."""
        return self.known_in <= edition and not 0 < self.resolved_in <= edition < self.edition

    @property
    def cancelled(self) -> bool:
        """Closed by an edit of its policy, which says nothing about the host."""
        return self.observed.startswith(CANCELLED)

    @property
    def ending(self) -> Ending:
        """How a closed incident ended, as far as anybody knows."""
        if self.resolved_by:
            return Ending.RESOLVED
        if self.cancelled:
            return Ending.CLOSED
        return Ending.SNOOZED if self.snoozed else ENDING_WITHOUT_CHECK[self.no_check]

    def as_reported(self) -> "Incident":
        """The incident without a person's resolution: Google has not closed it."""
        return self._replace(ended=None, resolved_by=None) if self.resolved_by else self


KINDS = tuple(Kind)


def join(one: Incident, other: Incident) -> Incident:
    """Join two reports of one incident: commutative, associative and idempotent."""
    if one.is_open and not other.is_open:
        one, other = other, one
    surest = min(one, other, key=_uncertainty)
    joined = one._replace(
        host=surest.host,
        named_by=surest.named_by,
        kind=min(one.kind, other.kind, key=KINDS.index),
        started=_earliest(one.started, other.started),
        ended=_ended(one, other),
        policy=_text(one.policy, other.policy),
    )
    if one.is_open != other.is_open:  # a close replaces what was reported while it was open
        return joined
    return joined._replace(
        condition=_text(one.condition, other.condition),
        url=_text(one.url, other.url),
        observed=_text(one.observed, other.observed),
        listed=one.listed and other.listed,
        confirmed=max(filter(None, (one.confirmed, other.confirmed)), default=None),
        absent=one.absent and other.absent,
        snoozed=one.snoozed or other.snoozed,
        no_check=max(filter(None, (one.no_check, other.no_check)), default=None),
    )


def _uncertainty(report: Incident) -> tuple[int, int, bool, str]:
    """Rank the name of the host: of two equally reliable ones, the one with more labels is more certain.

    A name is better than the number of an instance: Google's lists of alerts have no other name for one.
    """
    labels, is_number = report.host.count(LABEL_START), name_of(report.host).isdecimal()
    return report.named_by, -labels, is_number, report.host


def _ended(one: Incident, other: Incident) -> datetime | None:
    """The end, never before the start, even if different clocks reported the two."""
    ended = _earliest(one.ended, other.ended) if one.ended and other.ended else one.ended
    return ended and max(ended, _earliest(one.started, other.started))


def _earliest(one: datetime, other: datetime) -> datetime:
    plausible = [moment for moment in (one, other) if moment >= EARLIEST_PLAUSIBLE]
    return min(plausible or (one, other))


def _text(one: str, other: str) -> str:
    """Choose regardless of the order, and prefer any text to none."""
    return min(one, other) if one and other else one or other
