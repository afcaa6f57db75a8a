"""What may happen to the state: each change is a pure function from a state to a patch."""

from collections.abc import Collection
from datetime import datetime

from hosts.incident import Incident, Person, join
from hosts.model import Host, Mute, State
from hosts.mutes import about, is_in_effect
from hosts.patch import NOTHING, Change, Patch
from hosts.retention import REPEAT_WINDOW, without

MAX_OPEN_INCIDENTS = 1_000  # incidents of one host; each is encoded anew with every delivery to it
MAX_CLOSED_INCIDENTS = 10_000  # incidents of one host, before `prune` looks at them


class TooManyOpenIncidents(Exception):
    """A host has so many open incidents that no other can be recorded."""


def record_incident(report: Incident) -> Change:
    """Remember a report of an incident.

    An incident is unknown, then open, then closed, and closed is the end: any order and any
    repetition of the same reports leaves the same state. What a person resolved counts as open
    here: its close tells the true end, and a reminder opens it again. The change raises TooManyOpenIncidents.
    """

    def change(state: State) -> Patch:
        if report.id in state.forgotten:
            return NOTHING
        known = state.incident(report.id)
        merged = _merged(known, report, state.edition)
        if merged == known:
            return NOTHING
        home = _freed(state.hosts.get(merged.host) or Host(merged.host), known)
        if merged.is_open and len(home.open) >= MAX_OPEN_INCIDENTS:
            raise TooManyOpenIncidents(f"{home.name} has {MAX_OPEN_INCIDENTS:,} open incidents")
        kept, dropped = _bounded(_with(home, merged))
        hosts: dict[str, Host | None] = {kept.name: kept}
        if known and known.host != merged.host:
            left = _freed(state.hosts[known.host], known)  # gone if that was all it had
            hosts[known.host] = left if left.open or left.closed or left.known_since else None
        return Patch(hosts, {merged.id: merged.host} | {i.id: None for i in dropped})

    return change


def _merged(known: Incident | None, report: Incident, edition: int) -> Incident:
    """What is known once a report has come in `edition`."""
    if known is None:
        return report._replace(edition=edition, opened=edition)
    joined = join(known.as_reported(), report)._replace(edition=known.edition, opened=known.opened)
    if known.resolved_by and joined.is_open:
        return joined._replace(edition=edition, opened=edition)
    if known.resolved_by or known.is_open != joined.is_open:
        return joined._replace(edition=edition)
    return joined


def mute(*wishes: Mute) -> Change:
    """Hide hosts. Who asked first is remembered: to ask again for the same changes nothing."""

    def change(state: State) -> Patch:
        new = [wish for wish in wishes if not is_in_effect(wish, state)]
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


def resolve(name: str, by: Person, at: datetime) -> Change:
    """Close what is open on a host as of `at`, in whole seconds; with nothing open it changes nothing."""

    def change(state: State) -> Patch:
        host = state.hosts.get(name)
        if host is None or not host.open:
            return NOTHING
        closed = host.closed
        for incident in host.open:
            closed = closed.plus(_resolved(incident, by, at)._replace(edition=state.edition))
        return Patch({name: host._replace(open=(), closed=closed, edition=state.edition)})

    return change


def forget(names: Collection[str], at: datetime) -> Change:
    """Remove hosts, their history and their own mutes: all of them, or none while something is open on one.

    Its incidents stay known by their ids for as long as Google may repeat them: a late repeat of an old
    open must not bring the host back.
    """

    def change(state: State) -> Patch:
        hosts = [host for name in names if (host := state.hosts.get(name))]
        if not hosts or any(host.open for host in hosts):
            return NOTHING
        closed, since = [incident for host in hosts for incident in host.closed], at - REPEAT_WINDOW
        repeatable = {i.id: at for i in closed if i.ended and i.ended >= since}
        return Patch(
            hosts={host.name: None for host in hosts},
            host_by_incident={incident.id: None for incident in closed},
            forgotten={**state.forgotten, **repeatable},
            mutes={name: mute for name, mute in state.mutes.items() if name not in names},
        )

    return change


def _resolved(incident: Incident, by: Person, at: datetime) -> Incident:
    """Texts that only an open incident has are left out, as at a close by Google."""
    ended = max(at, incident.started)  # Google's clock may be ahead of ours
    return incident._replace(ended=ended, resolved_by=by, condition="", url="", observed="")


def _bounded(host: Host) -> tuple[Host, list[Incident]]:
    """However much is delivered in a short time, a host does not grow for ever.

    A tenth goes at once: to take out one at every delivery would cost as much as all of them.
    """
    dropped = (
        list(host.closed[: -MAX_CLOSED_INCIDENTS * 9 // 10])
        if len(host.closed) > MAX_CLOSED_INCIDENTS
        else []
    )
    return without(host, dropped), dropped


def _with(host: Host, incident: Incident) -> Host:
    edition = max(host.edition, incident.edition)
    if not incident.is_open:
        return host._replace(closed=host.closed.plus(incident), edition=edition)
    opened = sorted((*host.open, incident), key=_by_start)
    return host._replace(open=tuple(opened), edition=edition)


def _freed(host: Host, known: Incident | None) -> Host:
    """Without what was known of an incident."""
    if known is None or known.host != host.name:
        return host
    if known.is_open:
        return host._replace(open=tuple(i for i in host.open if i.id != known.id))
    return host._replace(closed=host.closed.without(known))


def _by_start(incident: Incident) -> tuple[datetime, str]:
    return incident.started, incident.id
