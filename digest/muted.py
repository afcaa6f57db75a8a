"""The mutes that a channel's digest lists: active ones with what they hide, and expired ones."""

from collections import ChainMap
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from itertools import chain
from typing import NamedTuple

from digest.model import Muted, MuteEnded
from hosts.identity import is_labelled
from hosts.model import Host, Mute, State, Status
from hosts.mutes import (
    MutesLookup,
    active,
    ended,
    hosts_about,
    matching_hosts,
    mute_lookup,
    mutes_lookup,
    outlasting,
)
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
    """The active mutes that hide any shown host, even one of those that Google has `never_reported`."""
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
            entries.append(_entry(mute, found.get(mute.host, ()), mutes_of))
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
    over = [mute for mute in ended(state, now) if not 0 < mute.ended_in <= notified]
    if not over:
        return ()
    hides = mute_lookup(state, now)
    known = ChainMap(state.hosts, {name: Host(name) for name in never_reported})
    entries = []
    for mute in sorted(over):
        yield
        hosts = _once_hidden(mute, state, known)
        found = [host for host in hosts if shows.matches(host.name) and not hides(host.name)]
        if found:
            entries.append(MuteEnded(mute.host, tuple(host for host in found if host.name in known)))
    return tuple(entries)


def _once_hidden(mute: Mute, state: State, known: Mapping[str, Host]) -> list[Host]:
    names = hosts_about(mute, state) if mute.waits else []
    if names or (mute.waits and is_pattern(mute.host)):
        return [known[name] for name in names]
    return matching_hosts(mute.host, known)


def _entry(mute: Mute, hosts: Sequence[Host], mutes_of: MutesLookup) -> Muted:
    statuses = [host.status for host in hosts]
    worst = min(statuses, key=_worst_first.index, default=Status.UP)
    host = hosts[0] if len(hosts) == 1 and not is_pattern(mute.host) else None
    down, warnings = statuses.count(Status.DOWN), statuses.count(Status.WARNING)
    also = tuple(outlasting(mute, mutes_of(host.name))) if host else ()
    return Muted(mute, worst, len(hosts), down, host, mute.host, warnings, also)
