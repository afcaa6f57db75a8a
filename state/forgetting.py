"""A host that was mistyped or retired is forgotten, with all that was known of it."""

from datetime import datetime, timedelta

from state.changes import REPEATED_FOR
from state.model import State
from state.patch import NOTHING, Change, Patch


def forget(name: str, at: datetime) -> Change:
    """Remove a host, its history and its own mute; a host with something open stays.

    Its incidents stay known by their ids for as long as Google may repeat them: a late repeat of an old
    open must not bring the host back.
    """

    def change(state: State) -> Patch:
        host = state.hosts.get(name)
        if host is None or host.open:
            return NOTHING
        since = at - REPEATED_FOR
        repeatable = {i.id: at for i in host.past if i.ended and i.ended >= since}
        return Patch(
            hosts={name: None},
            owners={incident.id: None for incident in host.past},
            forgotten={**state.forgotten, **repeatable},
            mutes={other: mute for other, mute in state.mutes.items() if other != name},
        )

    return change


def prune_forgotten(now: datetime) -> Change:
    """Let go of the ids that Google no longer repeats."""

    def change(state: State) -> Patch:
        left = {i: at for i, at in state.forgotten.items() if at >= now - REPEATED_FOR - timedelta(days=1)}
        return NOTHING if len(left) == len(state.forgotten) else Patch(forgotten=left)

    return change
