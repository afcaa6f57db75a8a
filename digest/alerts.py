"""Decides which alerts are due, and what counts as sent once they are posted."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from operator import attrgetter
from typing import NamedTuple

from config import Alerts
from digest.model import Down, Recovery
from hosts.incident import Incident
from hosts.model import Alerted, AlertRecord, Host, State
from hosts.mutes import ended as ended_mutes
from hosts.mutes import host_matcher, mute_lookup
from hosts.outages import DOUBT_AFTER, Period, current_outage, outages_ended_since
from hosts.patterns import HostFilter
from turns import Steps

_since = attrgetter("since")


class AlertBatch(NamedTuple):
    """The alerts of one message."""

    at: datetime
    down: tuple[Down, ...] = ()  # down for `hold` at least, first alert
    still_down: tuple[Down, ...] = ()  # alerted before, and now down for `escalate_after`
    recovered: tuple[Recovery, ...] = ()  # alerted before, or over before the alert was posted
    down_again: tuple[Recovery, ...] = ()  # these wait until the host is up again
    dropped: tuple[str, ...] = ()  # hosts alerted before that no longer qualify
    escalated: frozenset[str] = frozenset()  # hosts down for `escalate_after`
    doubt_after: timedelta = DOUBT_AFTER

    @property
    def needs_mention(self) -> bool:
        return bool(self.still_down) or any(entry.host.name in self.escalated for entry in self.down)

    @property
    def is_empty(self) -> bool:
        return not (self.down or self.still_down or self.recovered)


class SettledEnds:
    """Remembers the outages whose end needs no alert, because a mute hid the host when they ended.

    The same holds for what ended before the rules for alerts were edited. Nothing of this is saved: after a
    restart during a mute, it is found again, and after one that a mute did not outlast, the mute says when it
    ended.
    """

    def __init__(self) -> None:
        self._ends: dict[str, tuple[Host, frozenset[Incident]]] = {}

    def settling_muted(
        self, state: State, record: AlertRecord, matches: Callable[[str], bool], now: datetime
    ) -> Steps[None]:
        """Settle what has ended on the hosts that match and are muted now."""
        if state.mutes:
            hides = mute_lookup(state, now)
            yield from self.settling(state, record, lambda name: bool(hides(name)) and matches(name))

    def settling(self, state: State, record: AlertRecord, matches: Callable[[str], bool]) -> Steps[None]:
        """Settle what has ended on the hosts that match. A host is looked at again only if it has changed."""
        notified = record.notified_edition
        for name in [name for name, (host, _) in self._ends.items() if host.edition <= notified]:
            del self._ends[name]
        for name, host in state.hosts.items():
            if host.edition > notified and not self._has_seen(host) and matches(name):
                yield
                ended = outages_ended_since(host, notified)
                self._ends[name] = host, frozenset(i for outage in ended for i in outage.incidents)

    def _has_seen(self, host: Host) -> bool:
        return host.name in self._ends and self._ends[host.name][0] is host

    def include(self, outage: Period) -> bool:
        """Whether all that is now known of an outage had ended by then."""
        return outage.host.name in self._ends and self._ends[outage.host.name][1].issuperset(outage.incidents)


class AlertFilter(NamedTuple):
    """Selects the hosts to alert one channel about: those that it shows and `rules` name.

    The ends of outages in `settled` need no alert.
    """

    rules: Alerts
    shows: HostFilter
    settled: SettledEnds
    doubt_after: timedelta = DOUBT_AFTER

    def matches(self, host: str) -> bool:
        return HostFilter(self.rules.hosts).matches(host) and self.shows.matches(host)


class _PastMute(NamedTuple):
    at: datetime
    until: datetime
    names: Callable[[str], bool]


def finding_due_alerts(
    state: State, record: AlertRecord, selected: AlertFilter, now: datetime, edition: int
) -> Steps[AlertBatch]:
    """The alerts due now. Outages shorter than `hold` never are.

    `state` must not change meanwhile: take a snapshot. Includes only what was known by `edition`, so that the
    next batch can continue with the next edition. An outage counts from when Google saw it begin.
    """
    hold, long_before = selected.rules.hold, now - selected.rules.escalate_after
    down, recovered, down_again = yield from _down_and_recovered(state, record, selected, now, edition)
    escalated = {entry.host.name for entry, _ in down if entry.since <= long_before}
    first = [entry for entry, alerted in down if not alerted]
    unescalated = [entry for entry, alerted in down if alerted and not alerted.escalated]
    dropped = []
    for name in record.sent:
        if _is_dropped(name, state, record, selected):
            dropped.append(name)
        yield
    return AlertBatch(
        now,
        down=_grouped(first, hold, now),
        still_down=tuple(sorted((e for e in unescalated if e.host.name in escalated), key=_since)),
        recovered=tuple(sorted(recovered, key=attrgetter("at"))),
        down_again=tuple(down_again),
        dropped=tuple(dropped),
        escalated=frozenset(escalated),
        doubt_after=selected.doubt_after,
    )


def _down_and_recovered(
    state: State, record: AlertRecord, selected: AlertFilter, now: datetime, edition: int
) -> Steps[tuple[list[tuple[Down, Alerted | None]], list[Recovery], list[Recovery]]]:
    """The hosts down, each with the alert about that outage; the recoveries; those of hosts down again."""
    down: list[tuple[Down, Alerted | None]] = []
    recovered: list[Recovery] = []
    down_again: list[Recovery] = []
    hold, past_mutes = selected.rules.hold, _past_mutes(state, now)
    for host in _candidates(state, record, selected, now):
        yield
        last = record.sent.get(host.name)
        current, unreported = current_outage(host), _unreported(host, record, last)
        if not last:
            # First what is cheap: after a crowd of short outages, this is every host, every second.
            has_lasted = any(outage.lasted(outage.began) >= hold for outage in unreported)
            unreported = [o for o in unreported if has_lasted and not selected.settled.include(o)]
            unreported = [o for o in unreported if not _ended_while_muted(o, past_mutes)]
        if current and not current.is_new(edition):
            doubtful = current.is_doubtful(now - selected.doubt_after)
            entry = Down(host, current.began, new=False, doubtful=doubtful)
            down.append((entry, last if last and _is_about(last, current) else None))
        ended = [o for o in unreported if all(i.edition <= edition for i in o.incidents)]
        if ended and (last or max(o.lasted(o.began) for o in ended) >= hold):
            is_up = not current and ended == unreported
            (recovered if is_up else down_again).append(Recovery(host, ended))
    return down, recovered, down_again


def _past_mutes(state: State, now: datetime) -> list[_PastMute]:
    """The mutes that lasted until some time which is over."""
    ended = ended_mutes(state, now)
    return [_PastMute(mute.at, mute.until, host_matcher(mute)) for mute in ended if mute.until]


def _ended_while_muted(outage: Period, mutes: Iterable[_PastMute]) -> bool:
    """By the times of the mutes: nobody looked during them, as between a stop and the next start."""
    end, name = outage.ended, outage.host.name
    return end is not None and any(mute.at <= end <= mute.until and mute.names(name) for mute in mutes)


def _unreported(host: Host, record: AlertRecord, last: Alerted | None) -> list[Period]:
    """The outages whose end the channel has not been told, the earliest first.

    While a host is muted, or down again, alerts about others go on: its own is kept until its end can be
    reported.
    """
    return outages_ended_since(host, last.ends_after if last else record.notified_edition)


def _is_about(alerted: Alerted, outage: Period) -> bool:
    """Whether an alert reported this outage, or one of which a late close has turned out to be the rest."""
    was_sent = alerted.edition > 0
    return was_sent and (outage.began <= alerted.since or not outage.is_new(alerted.edition))


def record_after(record: AlertRecord, batch: AlertBatch, edition: int) -> AlertRecord:
    """The record once `batch` has been posted."""
    over = {entry.host.name for entry in batch.recovered}.union(batch.dropped)
    sent = {name: alerted for name, alerted in record.sent.items() if name not in over}
    for recovery in batch.down_again:
        began = recovery.outages[0].began
        sent.setdefault(recovery.host.name, Alerted(began, ends_after=record.notified_edition))
    for entry in (*batch.down, *batch.still_down):
        name, escalated = entry.host.name, entry.host.name in batch.escalated
        ends_after = sent[name].ends_after if name in sent else edition
        sent[name] = Alerted(entry.since, escalated, edition, ends_after)
    return AlertRecord(edition, sent)


def _candidates(state: State, record: AlertRecord, selected: AlertFilter, now: datetime) -> Iterator[Host]:
    """Filters cheaply, as this runs every second and few of ten thousand hosts are down or changed."""
    notified, hides = record.notified_edition, mute_lookup(state, now)
    for name, host in state.hosts.items():
        may_be_due = host.open or host.edition > notified or name in record.sent
        if may_be_due and not hides(name) and selected.matches(name):
            yield host


def _grouped(down: Sequence[Down], hold: timedelta, now: datetime) -> tuple[Down, ...]:
    """Hosts down for `hold`. They wait for others that are about to be due, but at most another `hold`."""
    due = sorted((entry for entry in down if _has_lasted(entry, hold, now)), key=_since)
    if len(due) < len(down) and due and timedelta() <= now - due[0].since < 2 * hold:
        return ()
    return tuple(due)


def _has_lasted(entry: Down, hold: timedelta, now: datetime) -> bool:
    """Also true if it began well after now: a clock was wrong, so nobody knows how long it has lasted."""
    return not -hold <= now - entry.since < hold


def _is_dropped(name: str, state: State, record: AlertRecord, selected: AlertFilter) -> bool:
    """Whether an alerted host was renamed or forgotten, or the rules no longer name it."""
    host, alerted = state.hosts.get(name), record.sent[name]
    is_due = host and (current_outage(host) or _unreported(host, record, alerted))
    return not (is_due and selected.matches(name))
