"""What may happen to the state, each change a pure function from a state to a patch of it."""

from collections.abc import Collection
from datetime import datetime

from state.incident import Incident, Kind
from state.model import Host, Mute, State
from state.mutes import ended, is_granted
from state.patch import NOTHING, Change, Patch

KINDS = tuple(Kind)


def record_incident(report: Incident, keep: int) -> Change:
    """Remember a report of an incident, and at most `keep` closed incidents of its host.

    An incident is unknown, then open, then closed, and closed is the end: any order and any
    repetition of the same reports leaves the same state. What a person resolved counts as open
    here: its close tells the true end, and a reminder opens it again.
    """

    def change(state: State) -> Patch:
        known = state.incident(report.id)
        told = join(known.as_reported(), report) if known else report
        if told == known:
            return NOTHING
        if known is None or known.resolved_by or known.is_open != told.is_open:
            told = told._replace(edition=state.edition)
        home = state.hosts.get(told.host) or Host(told.host)
        kept, dropped = _trimmed(_with(_freed(home, known), told), keep)
        if kept == home._replace(edition=kept.edition):  # a late report of what history has let go
            return NOTHING
        hosts: dict[str, Host | None] = {kept.name: kept}
        if known and known.host != told.host:
            left = _freed(state.hosts[known.host], known)  # gone if that was all it had
            hosts[known.host] = left if left.open or left.past or left.forgotten_since else None
        return Patch(hosts, {told.id: told.host} | {i.id: None for i in dropped})

    return change


def join(one: Incident, other: Incident) -> Incident:
    """Two reports of one incident as one: commutative, associative and idempotent."""
    if one.is_open and not other.is_open:
        one, other = other, one
    named_by, host = min((one.named_by, one.host), (other.named_by, other.host))
    # A close speaks for itself; what an open incident says besides goes when it closes.
    alike = one.is_open == other.is_open
    return one._replace(
        host=host,
        named_by=named_by,
        kind=one.kind if KINDS.index(one.kind) < KINDS.index(other.kind) else other.kind,
        started=min(one.started, other.started),
        ended=min(one.ended, other.ended) if one.ended and other.ended else one.ended,
        policy=_text(one.policy, other.policy),
        condition=_text(one.condition, other.condition) if alike else one.condition,
        url=_text(one.url, other.url) if alike else one.url,
        observed=_text(one.observed, other.observed) if alike else one.observed,
    )


def mute(*wishes: Mute) -> Change:
    """Hide hosts. Who asked first is remembered: to ask again for the same changes nothing."""

    def change(state: State) -> Patch:
        new = {wish.host: wish for wish in wishes if not is_granted(wish, state)}
        if not new:
            return NOTHING
        returned = {name: edition for name, edition in state.returned.items() if name not in new}
        return Patch(mutes={**state.mutes, **new}, returned=returned)

    return change


def unmute(*names: str) -> Change:
    gone = set(names)

    def change(state: State) -> Patch:
        left = {name: mute for name, mute in state.mutes.items() if name not in gone}
        return NOTHING if len(left) == len(state.mutes) else Patch(mutes=left)

    return change


def lift(now: datetime, channels: Collection[str]) -> Change:
    """Take out the mutes that have ended by themselves; it is remembered until all channels were told."""

    def change(state: State) -> Patch:
        over = {mute.host for mute in ended(state, now)}
        told = min(state.record(channel).covers for channel in channels)
        untold = {name: edition for name, edition in state.returned.items() if edition > told}
        if not over and len(untold) == len(state.returned):
            return NOTHING
        left = {name: mute for name, mute in state.mutes.items() if name not in over} if over else None
        return Patch(mutes=left, returned=untold | dict.fromkeys(over, state.edition))

    return change


def prune(before: datetime, most: int) -> Change:
    """Let go of incidents that ended earlier than `before`, on at most `most` hosts at a time."""

    def change(state: State) -> Patch:
        earliest = before.timestamp()
        stale = [host for host in state.hosts.values() if host.past and host.past.first < earliest][:most]
        pruned = [_trimmed(host, sum(i.ended >= before for i in host.past if i.ended)) for host in stale]
        gone = {i.id: None for _, dropped in pruned for i in dropped}
        return Patch({host.name: host for host, _ in pruned}, gone)

    return change


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


def _trimmed(host: Host, keep: int) -> tuple[Host, tuple[Incident, ...]]:
    excess = max(0, len(host.past) - keep)
    if not excess:
        return host, ()
    dropped = host.past[:excess]
    since = min(i.started for i in dropped)
    if host.forgotten_since:
        since = min(since, host.forgotten_since)
    return host._replace(past=host.past.without_first(excess), forgotten_since=since), dropped


def _by_start(incident: Incident) -> tuple[datetime, str]:
    return incident.started, incident.id


def _text(one: str, other: str) -> str:
    """Some choice that does not depend on the order; nothing gives way to something."""
    return min(one, other) if one and other else one or other
