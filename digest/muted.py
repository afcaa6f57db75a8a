"""The mutes that a channel's digest lists: active ones with what they hide, and expired ones."""

from collections import ChainMap
from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from itertools import chain

from digest.model import Muted, MuteEnded
from hosts.identity import is_labelled
from hosts.model import Host, Mute, State, Status
from hosts.mutes import active, ended, matching_hosts, mute_lookup
from hosts.patterns import HostFilter, is_pattern
from turns import Steps

_worst_first = tuple(Status)
HOSTS_PER_STEP = 100


def listing_muted(
    state: State, now: datetime, never_reported: Collection[str], shows: HostFilter
) -> Steps[tuple[Muted, ...]]:
    """The active mutes that hide any shown host. Those `never_reported` by Google are configured hosts."""
    mutes = [mute for _, mute in sorted(active(state, now).items())]
    if not mutes:
        return ()
    hide_others = any(is_pattern(mute.host) for mute in mutes) or any(map(is_labelled, state.hosts))
    others = (yield from _muted_by_another_name(state, now, never_reported, shows)) if hide_others else {}
    known = ChainMap(state.hosts, {name: Host(name) for name in never_reported})
    entries = []
    for mute in mutes:
        yield
        hosts = others.get(mute.host, [])
        if is_pattern(mute.host):
            if hosts or shows.matches_all:
                entries.append(_entry(mute, hosts))
            continue
        is_host = mute.host in known
        if shows.matches(mute.host) and (is_host or not hosts):
            hosts = [known.get(mute.host) or Host(mute.host), *hosts]
        if hosts:
            counts = is_host or mute.host in others  # else the mute is of a name that no host has
            entries.append(_entry(mute, hosts if counts else ()))
    return tuple(entries)


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


def _muted_by_another_name(
    state: State, now: datetime, never_reported: Iterable[str], shows: HostFilter
) -> Steps[dict[str, list[Host]]]:
    """The shown hosts by the pattern, or the name without labels, that hides them."""
    hides = mute_lookup(state, now)
    found: dict[str, list[Host]] = {}
    for number, host in enumerate(chain(state.hosts.values(), map(Host, never_reported))):
        if number % HOSTS_PER_STEP == 0:
            yield
        mute = hides(host.name)
        if mute and mute.host != host.name and shows.matches(host.name):
            found.setdefault(mute.host, []).append(host)
    return found


def _entry(mute: Mute, hosts: Sequence[Host]) -> Muted:
    statuses = [host.status for host in hosts]
    worst = min(statuses, key=_worst_first.index, default=Status.UP)
    host = hosts[0] if len(hosts) == 1 and not is_pattern(mute.host) else None
    return Muted(mute, worst, len(hosts), statuses.count(Status.DOWN), host, mute.host)
