"""What must be told at once, and what it leaves to be told."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from config import Alerts
from digest.model import Down, Recovery
from hosts.model import Alerted, AlertRecord, Host, State
from hosts.mutes import mute_lookup
from hosts.outages import DOUBT_AFTER, Period, current_outage, outages_ended_since
from hosts.patterns import HostFilter


class AlertBatch(NamedTuple):
    """What is told at once, in one message."""

    at: datetime
    down: tuple[Down, ...] = ()  # down for `hold` at least, and not yet told
    still: tuple[Down, ...] = ()  # told, and down for `escalate_after` by now
    over: tuple[Recovery, ...] = ()  # told and over; or over before it could be told
    forgotten: tuple[str, ...] = ()  # hosts told of that are no longer to be told of
    escalated: frozenset[str] = frozenset()  # hosts down for `escalate_after`: people are called for them

    @property
    def calls(self) -> bool:
        """Are people called for any of it?"""
        return bool(self.still) or any(entry.host.name in self.escalated for entry in self.down)

    @property
    def is_empty(self) -> bool:
        return not (self.down or self.still or self.over)


class AlertFilter(NamedTuple):
    """What is told at once in one channel: the hosts it shows of those that `rules` name."""

    rules: Alerts
    shows: HostFilter
    doubt_after: timedelta = DOUBT_AFTER

    def matches(self, host: str) -> bool:
        return HostFilter(self.rules.hosts).matches(host) and self.shows.matches(host)


def due_alerts(state: State, record: AlertRecord, watch: AlertFilter, now: datetime, upto: int) -> AlertBatch:
    """What is to be told now. Outages shorter than `hold` never are.

    Only what was over by the edition `upto` counts as over, so that the next edition can go on
    where this one ends. Time is counted from when Google saw an outage begin.
    """
    doubtful_before = now - watch.doubt_after
    seen = [_look(host, record, upto) for host in _candidates(state, record, watch, now)]
    looks = [look for look in seen if look]
    hold, long_before = watch.rules.hold, now - watch.rules.escalate_after
    escalated = {look.host.name for look in looks if look.since and look.since <= long_before}
    untold = [look.down(doubtful_before) for look in looks if look.since and not look.told]
    still = [
        look.down(doubtful_before)
        for look in looks
        if look.told and not look.told.escalated and look.since and look.host.name in escalated
    ]
    over = [Recovery(look.host, look.ended) for look in looks if look.is_over(hold)]
    return AlertBatch(
        now,
        down=_together(untold, hold, now),
        still=tuple(sorted(still, key=lambda entry: entry.since)),
        over=tuple(sorted(over, key=lambda entry: entry.at)),
        forgotten=tuple(_forgotten(state, record, watch)),
        escalated=frozenset(escalated),
    )


class _Look(NamedTuple):
    """A host: its outage, if it is down; what `ended` before; and what was told of it that still holds."""

    host: Host
    outage: Period | None
    ended: Sequence[Period]
    told: Alerted | None
    was_told: bool

    @property
    def since(self) -> datetime | None:
        return self.outage and self.outage.began

    def down(self, doubtful_before: datetime) -> Down:
        """Raises ValueError if it is not."""
        if self.outage is None:
            raise ValueError(self.host.name)
        return Down(
            self.host, self.outage.began, new=False, doubtful=self.outage.is_doubtful(doubtful_before)
        )

    def is_over(self, hold: timedelta) -> bool:
        """Is there an end to tell: of what was told, or of what nobody was told in time?"""
        if not self.ended:
            return False
        return (self.was_told and not self.told) or max(o.lasted(o.began) for o in self.ended) >= hold


def _look(host: Host, record: AlertRecord, upto: int) -> _Look | None:
    """None: its last end belongs to the next edition."""
    outage, ended = current_outage(host), outages_ended_since(host, record.covers)
    if any(incident.edition > upto for over in ended for incident in over.incidents):
        return None
    told = record.told.get(host.name)
    holds = told and outage and outage.began <= told.since  # else it is another outage than the one told
    return _Look(host, outage, ended, told if holds else None, was_told=bool(told))


def record_after(record: AlertRecord, batch: AlertBatch, upto: int) -> AlertRecord:
    """What has been told once `bulletin` was."""
    over = {entry.host.name: entry.at for entry in batch.over}
    told = {
        name: alerted
        for name, alerted in record.told.items()
        # The end of an earlier outage, told late, is not that of the one that goes on.
        if name not in batch.forgotten and not (name in over and alerted.since <= over[name])
    }
    for entry in (*batch.down, *batch.still):
        told[entry.host.name] = Alerted(entry.since, escalated=entry.host.name in batch.escalated)
    return AlertRecord(upto, told)


def _candidates(state: State, record: AlertRecord, watch: AlertFilter, now: datetime) -> Iterator[Host]:
    """This is asked every second: of ten thousand hosts few are open, or changed since."""
    covers, hides = record.covers, mute_lookup(state, now)
    for name, host in state.hosts.items():
        if (host.open or host.edition > covers) and not hides(name) and watch.matches(name):
            yield host


def _together(down: Sequence[Down], hold: timedelta, now: datetime) -> tuple[Down, ...]:
    """Those down for `hold`; while others are about to be, they wait for them, but no longer than `hold`."""
    due = sorted((entry for entry in down if now - entry.since >= hold), key=lambda entry: entry.since)
    if len(due) < len(down) and due and now - due[0].since < 2 * hold:
        return ()
    return tuple(due)


def _forgotten(state: State, record: AlertRecord, watch: AlertFilter) -> Iterator[str]:
    """Told of, but its incidents are another host's by now, or nobody wants to know any more."""
    for name in record.told:
        host = state.hosts.get(name)
        if host is None or not watch.matches(name) or _is_settled(host, record):
            yield name


def _is_settled(host: Host, record: AlertRecord) -> bool:
    return not (current_outage(host) or outages_ended_since(host, record.covers))
