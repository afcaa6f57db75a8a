"""What may happen to the state, each change a pure function from a state to a patch of it."""

from collections.abc import Collection
from datetime import datetime, timedelta
from itertools import islice

from hosts.identity import APART
from hosts.incident import EARLIEST, Incident, Kind
from hosts.model import Host, Mute, State
from hosts.mutes import about, is_granted, is_over
from hosts.outages import current_outage, current_warning
from hosts.patch import NOTHING, Change, Patch

KINDS = tuple(Kind)
REPEATED_FOR = timedelta(days=3)  # so long after its end Google may still repeat an incident
MOST_OPEN = 1_000  # incidents of one host; each is encoded anew with every delivery to it
MOST_CLOSED = 10_000  # incidents of one host, before `prune` looks at them


class TooManyOpen(Exception):
    """A host has so many open incidents that no other can be recorded."""


def record_incident(report: Incident) -> Change:
    """Remember a report of an incident.

    An incident is unknown, then open, then closed, and closed is the end: any order and any
    repetition of the same reports leaves the same state. What a person resolved counts as open
    here: its close tells the true end, and a reminder opens it again. The change raises TooManyOpen.
    """

    def change(state: State) -> Patch:
        if report.id in state.forgotten:
            return NOTHING
        known = state.incident(report.id)
        told = _told(known, report, state.edition)
        if told == known:
            return NOTHING
        home = _freed(state.hosts.get(told.host) or Host(told.host), known)
        if told.is_open and len(home.open) >= MOST_OPEN:
            raise TooManyOpen(f"{home.name} has {MOST_OPEN:,} open incidents")
        kept, dropped = _bounded(_with(home, told))
        hosts: dict[str, Host | None] = {kept.name: kept}
        if known and known.host != told.host:
            left = _freed(state.hosts[known.host], known)  # gone if that was all it had
            hosts[known.host] = left if left.open or left.past or left.known_since else None
        return Patch(hosts, {told.id: told.host} | {i.id: None for i in dropped})

    return change


def _told(known: Incident | None, report: Incident, edition: int) -> Incident:
    """What is known once a report has come in `edition`."""
    if known is None:
        return report._replace(edition=edition, opened=edition)
    joined = join(known.as_reported(), report)._replace(edition=known.edition, opened=known.opened)
    if known.resolved_by and joined.is_open:
        return joined._replace(edition=edition, opened=edition)
    if known.resolved_by or known.is_open != joined.is_open:
        return joined._replace(edition=edition)
    return joined


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


def mute(*wishes: Mute) -> Change:
    """Hide hosts. Who asked first is remembered: to ask again for the same changes nothing."""

    def change(state: State) -> Patch:
        new = [wish for wish in wishes if not is_granted(wish, state)]
        if not new:
            return NOTHING
        granted = {wish.host: wish._replace(about=about(wish, state)) for wish in new}
        return Patch(mutes={**state.mutes, **granted})

    return change


def unmute(*names: str) -> Change:
    gone = set(names)

    def change(state: State) -> Patch:
        left = {name: mute for name, mute in state.mutes.items() if name not in gone}
        return NOTHING if len(left) == len(state.mutes) else Patch(mutes=left)

    return change


def mark_ended_mutes(now: datetime) -> Change:
    """Note in which edition each mute ended by itself. What a leap of the clock had ended goes on again."""

    def change(state: State) -> Patch:
        ended = {name: is_over(mute, state, now) for name, mute in state.mutes.items()}
        changed = {
            name: mute._replace(ended_in=state.edition if ended[name] else 0)
            for name, mute in state.mutes.items()
            if ended[name] != bool(mute.ended_in)
        }
        return Patch(mutes={**state.mutes, **changed}) if changed else NOTHING

    return change


def end_mutes(over: Collection[Mute], now: datetime) -> Change:
    """Date these, each with an `until`, as if they ended now."""

    def change(state: State) -> Patch:
        ended = {m.host: m._replace(at=now - (m.until - m.at), until=now) for m in over if m.until}
        still = {name: mute for name, mute in ended.items() if state.mutes.get(name) in over}
        return Patch(mutes={**state.mutes, **still}) if still else NOTHING

    return change


def prune_mutes(now: datetime) -> Change:
    """Let go of the mutes that ended before `now`, once every channel was told."""

    def change(state: State) -> Patch:
        told = state.told()
        left = {
            name: mute
            for name, mute in state.mutes.items()
            if not (0 < mute.ended_in <= told and is_over(mute, state, now))
        }
        return NOTHING if len(left) == len(state.mutes) else Patch(mutes=left)

    return change


def prune(now: datetime, days: int, per_host: int, most: int) -> Change:
    """Let go of closed incidents that ended more than `days` ago, or are more than `per_host` on a host.

    Looks for at most `most` hosts at a time. Kept in any case is what Google may still repeat, what some
    channel has not been told, and what belongs to an outage or a warning period that goes on.
    """
    settled, before = now - REPEATED_FOR, now - timedelta(days=days)

    def stale(host: Host) -> bool:
        first = host.past.first if host.past else settled.timestamp()
        return first < settled.timestamp() and (first < before.timestamp() or len(host.past) > per_host)

    def change(state: State) -> Patch:
        told = state.told()
        pruned = (
            _without_old(host, settled, before, per_host, told)
            for host in state.hosts.values()
            if stale(host)
        )
        found = list(islice(((host, dropped) for host, dropped in pruned if dropped), most))
        gone = {incident.id: None for _, dropped in found for incident in dropped}
        return Patch({host.name: host for host, _ in found}, gone)

    return change


def _without_old(
    host: Host, settled: datetime, before: datetime, per_host: int, told: int
) -> tuple[Host, list[Incident]]:
    current = [*filter(None, (current_outage(host), current_warning(host)))]
    goes_on = {incident for period in current for incident in period.incidents}
    excess = len(host.past) - per_host
    dropped = [
        incident
        for at, incident in enumerate(host.past)
        if incident.ended
        and (incident.ended < before or at < excess)
        and incident.ended < settled
        and incident.edition <= told
        and incident not in goes_on
    ]
    return _without(host, dropped), dropped


def _without(host: Host, dropped: list[Incident]) -> Host:
    ends = [incident.ended for incident in dropped if incident.ended]
    if not ends:
        return host
    since = max([*ends, host.known_since] if host.known_since else ends)
    return host._replace(past=host.past.without_all(set(dropped)), known_since=since)


def _bounded(host: Host) -> tuple[Host, list[Incident]]:
    """However much is delivered in a short time, a host does not grow for ever.

    A tenth goes at once: to take out one at every delivery would cost as much as all of them.
    """
    dropped = list(host.past[: -MOST_CLOSED * 9 // 10]) if len(host.past) > MOST_CLOSED else []
    return _without(host, dropped), dropped


def _with(host: Host, incident: Incident) -> Host:
    edition = max(host.edition, incident.edition)
    if not incident.is_open:
        return host._replace(past=host.past.plus(incident), edition=edition)
    opened = sorted((*host.open, incident), key=_by_start)
    return host._replace(open=tuple(opened), edition=edition)


def _freed(host: Host, known: Incident | None) -> Host:
    """Without what was known of an incident."""
    if known is None or known.host != host.name:
        return host
    if known.is_open:
        return host._replace(open=tuple(i for i in host.open if i.id != known.id))
    return host._replace(past=host.past.without(known))


def _doubt(report: Incident) -> tuple[int, int, str]:
    """About which host it is: of two names as good, the one that more labels tell apart is surer."""
    return report.named_by, -report.host.count(APART), report.host


def _by_start(incident: Incident) -> tuple[datetime, str]:
    return incident.started, incident.id


def _ended(one: Incident, other: Incident) -> datetime | None:
    """Never before it began, though one clock may have told the one and another the other."""
    ended = _earliest(one.ended, other.ended) if one.ended and other.ended else one.ended
    return ended and max(ended, _earliest(one.started, other.started))


def _earliest(one: datetime, other: datetime) -> datetime:
    """The earlier of two, but rather one that a clock told which had been set."""
    told = [moment for moment in (one, other) if moment >= EARLIEST]
    return min(told or (one, other))


def _text(one: str, other: str) -> str:
    """Some choice that does not depend on the order; nothing gives way to something."""
    return min(one, other) if one and other else one or other
