"""How many hosts stand how, without looking closely at those that are well."""

from collections.abc import Collection
from datetime import datetime
from typing import NamedTuple

from hosts.identity import unheard
from hosts.model import State, Status
from hosts.mutes import hiding


class Census(NamedTuple):
    """Numbers of hosts, those that are hidden in `hidden` alone; and of open incidents, hidden or not."""

    down: int
    warning: int
    up: int
    hidden: int
    open_incidents: int

    @property
    def hosts(self) -> int:
        """How many are counted: all but the hidden."""
        return self.down + self.warning + self.up


def count(state: State, now: datetime, watched: Collection[str] = ()) -> Census:
    """`watched` are hosts that are up until something else is heard of them."""
    silent = unheard(watched, state.hosts)
    hidden: set[str] = set()
    if state.mutes:
        hides = hiding(state, now)
        hidden = {name for names in (state.hosts, silent) for name in names if hides(name)}
    troubled = [host for host in state.hosts.values() if host.open]
    shown = [host.status for host in troubled if host.name not in hidden]
    total = len(state.hosts) + len(silent)
    return Census(
        down=shown.count(Status.DOWN),
        warning=shown.count(Status.WARNING),
        up=total - len(hidden) - len(shown),
        hidden=len(hidden),
        open_incidents=sum(len(host.open) for host in troubled),
    )
