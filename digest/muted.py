"""The mutes that a channel's digest lists: active ones with what they hide, and expired ones."""

from collections import ChainMap
from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from itertools import chain
from typing import NamedTuple

from digest.model import Muted, MuteEnded
from hosts.identity import is_labelled
from hosts.model import Host, Mute, State, Status
from hosts.mutes import active, ended, matching_hosts, mute_lookup, mutes_lookup
from hosts.patterns import HostFilter, is_pattern
from turns import Steps

_worst_first = tuple(Status)
HOSTS_PER_STEP = 100


class AllMuted(NamedTuple):
    """The mutes that hide any shown host, and how many they hide together."""

    mutes: tuple[Muted, ...] = ()
    hosts: int = 0
    down: int = 0


def listing_muted(
    state: State, now: datetime, never_reported: Collection[str], shows: HostFilter
) -> Steps[AllMuted]:
    """The active mutes that hide any shown host. `never_reported`: configured hosts that Google never reported."""
    mutes = [mute for _, mute in sorted(active(state, now).items())]
    if not mutes:
        return AllMuted()
    mutes_of = mutes_lookup(state, now)
    found: dict[str, list[Host]] = {}
    count = down = 0
    for number, host in enumerate(_perhaps_muted(state, mutes, never_reported)):
        if number % HOSTS_PER_STEP == 0:
            yield
        if (hiding := mutes_of(host.name)) and shows.matches(host.name):
            count, down = count + 1, down + (host.status is Status.DOWN)
            for mute in hiding:
                found.setdefault(mute.host, []).append(host)
    entries = []
    for mute in mutes:
        yield
        # A pattern may match a host later, and a muted name may be that of no host.
        if mute.host in found or (shows.matches_all if is_pattern(mute.host) else shows.matches(mute.host)):
            entries.append(_entry(mute, found.get(mute.host, ())))
    return AllMuted(tuple(entries), count, down)


def _perhaps_muted(state: State, mutes: Collection[Mute], never_reported: Collection[str]) -> Iterable[Host]:
    """All hosts, unless each mute can only hide the one that it names."""
    if any(is_pattern(mute.host) for mute in mutes) or any(map(is_labelled, state.hosts)):
        return chain(state.hosts.values(), map(Host, never_reported))
    known = ChainMap(state.hosts, {name: Host(name) for name in never_reported})
    return [known[mute.host] for mute in mutes if mute.host in known]


def listing_mutes_ended(
    state: State, now: datetime, notified: int, never_reported: Collection[str], shows: HostFilter
) -> Steps[tuple[MuteEnded, ...]]:
    """The mutes that expired since the edition `notified`, and what is visible again."""
    names = {mute.host for mute in ended(state, now) if not 0 < mute.ended_in <= notified}
    if not names:
        return ()
    hides = mute_lookup(state, now)
    hosts = ChainMap(state.hosts, {name: Host(name) for name in never_reported})
    entries = []
    for name in sorted(names):
        yield
        found = [h for h in matching_hosts(name, hosts) if shows.matches(h.name) and not hides(h.name)]
        entries += [MuteEnded(name, tuple(h for h in found if h.name in hosts))] if found else []
    return tuple(entries)


def _entry(mute: Mute, hosts: Sequence[Host]) -> Muted:
    statuses = [host.status for host in hosts]
    worst = min(statuses, key=_worst_first.index, default=Status.UP)
    host = hosts[0] if len(hosts) == 1 and not is_pattern(mute.host) else None
    return Muted(mute, worst, len(hosts), statuses.count(Status.DOWN), host, mute.host)
