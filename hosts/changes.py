"""Changes by deliveries and people, with their limits: pure functions from a state to a patch."""

from collections.abc import Collection
from datetime import datetime, timedelta

from hosts.incident import Incident, Person, by_start, join
from hosts.model import NOTHING, AuditEntry, Change, Host, Mute, Patch, State
from hosts.mutes import is_in_effect, is_over, open_incidents
from hosts.retention import REPEAT_WINDOW, trimmed_log, without

MAX_OPEN_INCIDENTS = 1_000  # per host: each delivery to a host encodes all of them
MAX_CLOSED_INCIDENTS = 10_000  # per host, until `prune` runs


class TooManyOpenIncidents(Exception):
    """A host has so many open incidents that another one cannot be recorded."""


def record_incident(report: Incident) -> Change:
    """Record a report of an incident.

    An incident goes from unknown to open to closed, and stays closed: the same reports in any order, however
    often repeated, leave the same state. An incident that a person resolved counts as open here: Google's
    close gives its true end, and a reminder reopens it. The change may raise TooManyOpenIncidents.
    """

    def change(state: State) -> Patch:
        if report.id in state.forgotten:
            return NOTHING
        known = state.incident(report.id)
        merged = _merged(known, report, state.edition)
        if merged == known:
            return NOTHING
        host = _removed(state.hosts.get(merged.host) or Host(merged.host), known)
        if host.watch and merged.ended and (known is None or known.as_reported().is_open):
            merged = merged._replace(no_check=host.watch.no_check_at(merged.ended))
        if merged.is_open and len(host.open) >= MAX_OPEN_INCIDENTS:
            raise TooManyOpenIncidents(f"{host.name} has {MAX_OPEN_INCIDENTS:,} open incidents")
        host, dropped = _bounded(_added(host, merged))
        hosts: dict[str, Host | None] = {host.name: host}
        if known and known.host != merged.host:
            left = _removed(state.hosts[known.host], known)
            hosts[known.host] = left if left.has_history or left.watch else None
        # The name is equal to `merged.host`, but the state has it already: no second copy is kept.
        return Patch(hosts, {merged.id: host.name} | {i.id: None for i in dropped})

    return change


def delivered(change: Change, now: datetime) -> Change:
    """Add the time of the delivery to a change, unless it turns out to change nothing."""

    def both(state: State) -> Patch:
        patch = change(state)
        return patch._replace(last_delivery=now.replace(microsecond=0)) if patch else patch

    return both


def record_last_delivery(at: datetime, age: timedelta) -> Change:
    """Record when the last delivery came, unless the recorded one is within `age` of it."""

    def change(state: State) -> Patch:
        if state.last_delivery and abs(at - state.last_delivery) <= age:
            return NOTHING
        return Patch(last_delivery=at.replace(microsecond=0))

    return change


def _merged(known: Incident | None, report: Incident, edition: int) -> Incident:
    if known is None:
        return report._replace(edition=edition, known_in=edition)
    # The id is equal, but `host_by_incident` has the known one: no second copy is kept.
    joined = join(known.as_reported(), report)._replace(
        id=known.id, edition=known.edition, known_in=known.known_in, resolved_in=known.resolved_in
    )
    if known.resolved_by and joined.is_open:
        # A digest or alert begins an edition: in the same one, none can have called it resolved.
        if known.edition == edition:
            return joined._replace(edition=known.known_in)
        return joined._replace(edition=edition, resolved_in=known.edition)
    if known.resolved_by or known.is_open != joined.is_open:
        return joined._replace(edition=edition, resolved_in=0)
    return joined


def mute(wanted: Mute) -> Change:
    """Mute a host. Repeating a mute changes nothing, so the person who asked first stays on record."""

    def change(state: State) -> Patch:
        if is_in_effect(wanted, state):
            return NOTHING
        added = wanted._replace(about=open_incidents(wanted, state))
        return Patch(mutes={**state.mutes, wanted.host: added})

    return change


def unmute(*names: str) -> Change:
    def change(state: State) -> Patch:
        left = {name: mute for name, mute in state.mutes.items() if name not in names}
        return NOTHING if len(left) == len(state.mutes) else Patch(mutes=left)

    return change


def resolve(name: str, by: Person, at: datetime) -> Change:
    """Close a host's open incidents as of `at`, which is in whole seconds."""

    def change(state: State) -> Patch:
        host = state.hosts.get(name)
        if host is None or not host.open:
            return NOTHING
        closed = host.closed
        for incident in host.open:
            ended = max(at, incident.started)  # Google's clock may be ahead of ours
            closed = closed.plus(
                incident._replace(ended=ended, resolved_by=by, observed="", edition=state.edition)
            )
        return Patch({name: host._replace(open=(), closed=closed, edition=state.edition)})

    return change


def forget(names: Collection[str], at: datetime) -> Change:
    """Remove hosts with their history and mutes, unless any of them has an open incident.

    A host that an uptime check still watches stays, as if first seen now. The ids of their incidents are
    remembered for as long as Google may repeat them, so that a late repeat does not bring a host back.
    """

    def change(state: State) -> Patch:
        hosts = [host for name in names if (host := state.hosts.get(name))]
        if not hosts or any(host.open for host in hosts):
            return NOTHING
        closed, since = [incident for host in hosts for incident in host.closed], at - REPEAT_WINDOW
        repeatable = {i.id: at for i in closed if i.ended and i.ended >= since}
        return Patch(
            hosts={
                host.name: Host(host.name, watch=watch._replace(since=watch.since and at))
                if (watch := host.watch) and watch.checks
                else None
                for host in hosts
            },
            host_by_incident={incident.id: None for incident in closed},
            forgotten={**state.forgotten, **repeatable},
            mutes={name: mute for name, mute in state.mutes.items() if name not in names},
        )

    return change


def _bounded(host: Host) -> tuple[Host, list[Incident]]:
    """Limit the history of a host, however fast deliveries arrive.

    Drops a tenth at once: dropping one at each delivery would cost as much as dropping many.
    """
    is_full = len(host.closed) > MAX_CLOSED_INCIDENTS
    dropped = list(host.closed[: -MAX_CLOSED_INCIDENTS * 9 // 10]) if is_full else []
    return without(host, dropped), dropped


def _added(host: Host, incident: Incident) -> Host:
    edition = max(host.edition, incident.edition)
    if not incident.is_open:
        return host._replace(closed=host.closed.plus(incident), edition=edition)
    return host._replace(open=tuple(sorted((*host.open, incident), key=by_start)), edition=edition)


def _removed(host: Host, known: Incident | None) -> Host:
    if known is None or known.host != host.name:
        return host
    if known.is_open:
        return host._replace(open=tuple(i for i in host.open if i.id != known.id))
    return host._replace(closed=host.closed.without(known))


class ReplayedRequest(Exception):
    """The request has already changed something, so it changes nothing now."""


class OncePerRequest:
    """Wrap the changes of one request so that a replay of the request changes nothing.

    Anyone who intercepts a signed request could send it again while its signature is valid.
    """

    def __init__(self, request: str) -> None:
        """`request` is the idempotency key; if empty, replays cannot be detected and everything passes."""
        self._request = request
        self._is_first: bool | None = None  # decided by the request's first change, for all of them

    def __call__(self, change: Change) -> Change:
        """A change that raises ReplayedRequest if the state already has the request."""

        def checked(state: State) -> Patch:
            if self._is_first is None:
                known = {entry.request for entry in state.log}
                self._is_first = not self._request or self._request not in known
            if not self._is_first:
                raise ReplayedRequest
            return change(state)

        return checked


def with_audit(change: Change, *entries: AuditEntry) -> Change:
    """Add audit entries to a change, unless it turns out to change nothing.

    If mutes change, each entry gets the one that its target had.
    """

    def both(state: State) -> Patch:
        patch = change(state)
        if not patch:
            return patch
        made = entries if patch.mutes is None else [_with_replaced(entry, state) for entry in entries]
        return patch._replace(log=trimmed_log((*state.log, *made)))

    return both


def _with_replaced(entry: AuditEntry, state: State) -> AuditEntry:
    known = state.mutes.get(entry.target)
    return entry._replace(replaced=known) if known and not is_over(known, state, entry.at) else entry
