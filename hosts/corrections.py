"""Changes a person makes to what is known: resolving incidents and forgetting hosts."""

from collections.abc import Collection
from datetime import datetime, timedelta

from hosts.changes import REPEATED_FOR
from hosts.incident import Incident
from hosts.model import Person, State
from hosts.patch import NOTHING, Change, Patch


def resolve(name: str, by: Person, at: datetime) -> Change:
    """Close what is open on a host as of `at`, in whole seconds; with nothing open it changes nothing."""

    def change(state: State) -> Patch:
        host = state.hosts.get(name)
        if host is None or not host.open:
            return NOTHING
        past = host.past
        for incident in host.open:
            past = past.plus(_resolved(incident, by, at)._replace(edition=state.edition))
        return Patch({name: host._replace(open=(), past=past, edition=state.edition)})

    return change


def _resolved(incident: Incident, by: Person, at: datetime) -> Incident:
    """Texts that only an open incident has are left out, as at a close by Google."""
    ended = max(at, incident.started)  # Google's clock may be ahead of ours
    return incident._replace(ended=ended, resolved_by=by, condition="", url="", observed="")


def forget(names: Collection[str], at: datetime) -> Change:
    """Remove hosts, their history and their own mutes: all of them, or none while something is open on one.

    Its incidents stay known by their ids for as long as Google may repeat them: a late repeat of an old
    open must not bring the host back.
    """

    def change(state: State) -> Patch:
        hosts = [host for name in names if (host := state.hosts.get(name))]
        if not hosts or any(host.open for host in hosts):
            return NOTHING
        past, since = [incident for host in hosts for incident in host.past], at - REPEATED_FOR
        repeatable = {i.id: at for i in past if i.ended and i.ended >= since}
        return Patch(
            hosts={host.name: None for host in hosts},
            owners={incident.id: None for incident in past},
            forgotten={**state.forgotten, **repeatable},
            mutes={name: mute for name, mute in state.mutes.items() if name not in names},
        )

    return change


def prune_forgotten(now: datetime) -> Change:
    """Let go of the ids that Google no longer repeats."""

    def change(state: State) -> Patch:
        left = {i: at for i, at in state.forgotten.items() if at >= now - REPEATED_FOR - timedelta(days=1)}
        return NOTHING if len(left) == len(state.forgotten) else Patch(forgotten=left)

    return change
