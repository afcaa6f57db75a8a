"""Drops what is no longer needed: old incidents, ended mutes, audit entries."""

from collections.abc import Collection, Mapping
from datetime import datetime, timedelta
from itertools import islice

from hosts.closed_incidents import ClosedIncidents
from hosts.incident import Incident
from hosts.model import NOTHING, AuditEntry, Change, Host, Mute, Patch, State
from hosts.mutes import is_over, waits_for
from hosts.outages import current_periods

REPEAT_WINDOW = timedelta(days=3)  # how long after its end Google may repeat an incident
AUDIT_LOG_SIZE = 200  # entries; people ask for the last few
# A signature is valid from five minutes before its timestamp until five minutes after it, so a request can
# be replayed for ten minutes at most; one more is for rounding.
REPLAY_WINDOW = timedelta(minutes=11)


def mark_ended_mutes(now: datetime) -> Change:
    """Record the edition in which each mute ended, and clear that if a clock jump revived it."""

    def change(state: State) -> Patch:
        ended = {name: is_over(mute, state, now) for name, mute in state.mutes.items()}
        changed = {
            name: mute._replace(ended_in=state.edition if ended[name] else 0)
            for name, mute in state.mutes.items()
            if ended[name] != bool(mute.ended_in)
        }
        return Patch(mutes={**state.mutes, **changed}) if changed else NOTHING

    return change


def without_reported(state: State, edition: int) -> Mapping[str, Mute] | None:
    """The mutes once a digest has covered `edition`; None if they stay the same.

    One "until up" that goes on for some hosts does not come back for those that the digest showed again.
    """

    def is_reported(incident: str, waiting: Collection[str]) -> bool:
        name = state.host_by_incident.get(incident)
        return name is None or (name not in waiting and state.hosts[name].edition <= edition)

    left = dict[str, Mute]()
    for name, mute in state.mutes.items():
        if waiting := waits_for(mute, state):
            about = tuple(incident for incident in mute.about if not is_reported(incident, waiting))
            left |= {name: mute._replace(about=about)} if about != mute.about else {}
    return {**state.mutes, **left} if left else None


def end_mutes(mutes: Collection[Mute], now: datetime) -> Change:
    """End mutes now, preserving how long each was to last. Those without `until` are left alone."""

    def change(state: State) -> Patch:
        ended = {m.host: m._replace(at=now - (m.until - m.at), until=now) for m in mutes if m.until}
        still = {name: mute for name, mute in ended.items() if state.mutes.get(name) in mutes}
        return Patch(mutes={**state.mutes, **still}) if still else NOTHING

    return change


def prune_mutes(now: datetime) -> Change:
    """Drop the mutes that have ended, once every channel has been notified."""

    def change(state: State) -> Patch:
        notified = state.notified_edition()
        left = {
            name: mute
            for name, mute in state.mutes.items()
            if not (0 < mute.ended_in <= notified and is_over(mute, state, now))
        }
        return NOTHING if len(left) == len(state.mutes) else Patch(mutes=left)

    return change


def prune(now: datetime, days: int, per_host: int, max_hosts: int) -> Change:
    """Drop closed incidents that ended more than `days` ago or exceed `per_host`, on up to `max_hosts` hosts.

    Always kept are incidents that Google may still repeat, that some channel has not been notified of, or
    that belong to an outage or warning period that goes on.
    """
    settled, before = now - REPEAT_WINDOW, now - timedelta(days=days)

    def is_stale(host: Host) -> bool:
        first = host.closed.first if host.closed else settled.timestamp()
        return first < settled.timestamp() and (first < before.timestamp() or len(host.closed) > per_host)

    def change(state: State) -> Patch:
        notified = state.notified_edition()
        pruned = (
            _without_old(host, settled, before, per_host, notified)
            for host in state.hosts.values()
            if is_stale(host)
        )
        found = list(islice(((host, dropped) for host, dropped in pruned if dropped), max_hosts))
        gone = {incident.id: None for _, dropped in found for incident in dropped}
        return Patch({host.name: host for host, _ in found}, gone)

    return change


def _without_old(
    host: Host, settled: datetime, before: datetime, per_host: int, notified: int
) -> tuple[Host, list[Incident]]:
    goes_on = {incident for period in current_periods(host) for incident in period.incidents}
    excess = len(host.closed) - per_host
    dropped = [
        incident
        for at, incident in enumerate(host.closed)
        if incident.ended
        and (incident.ended < before or at < excess)
        and incident.ended < settled
        and incident.edition <= notified
        and incident not in goes_on
    ]
    return without(host, dropped), dropped


def without(host: Host, dropped: list[Incident]) -> Host:
    ends = [incident.ended for incident in dropped if incident.ended]
    if not ends:
        return host
    until = max([*ends, host.dropped_until] if host.dropped_until else ends)
    gone = set(dropped)
    left = ClosedIncidents.of(incident for incident in host.closed if incident not in gone)
    return host._replace(closed=left, dropped_until=until)


def prune_forgotten(now: datetime) -> Change:
    """Drop the ids of forgotten incidents that Google no longer repeats."""

    def change(state: State) -> Patch:
        left = {i: at for i, at in state.forgotten.items() if at >= now - REPEAT_WINDOW - timedelta(days=1)}
        return NOTHING if len(left) == len(state.forgotten) else Patch(forgotten=left)

    return change


def trimmed_log(log: tuple[AuditEntry, ...]) -> tuple[AuditEntry, ...]:
    """Keep the latest entries, and one entry for each request that could still be replayed."""
    last, earlier = log[-AUDIT_LOG_SIZE:], log[:-AUDIT_LOG_SIZE]
    known = {entry.request for entry in last} | {""}
    since = last[-1].at - REPLAY_WINDOW
    live = {entry.request: entry for entry in earlier if entry.request not in known and entry.at >= since}
    return (*live.values(), *last)
