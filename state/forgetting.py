"""A host that was mistyped or retired is forgotten, with all that was known of it."""

from collections.abc import Collection
from datetime import datetime, timedelta

from state.changes import REPEATED_FOR
from state.model import State
from state.patch import NOTHING, Change, Patch


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
