"""What mutes hide, and what they hide no more."""

from collections import ChainMap
from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import datetime

from digest.model import Muted, MuteEnded
from hosts.identity import is_labelled
from hosts.model import Host, Mute, State, Status
from hosts.mutes import active, ended, hosts_of, is_pattern, mute_lookup
from hosts.patterns import HostFilter

_worst_first = tuple(Status)


def muted(state: State, now: datetime, silent: Collection[str], shows: HostFilter) -> tuple[Muted, ...]:
    """Every mute that shown hosts are hidden by. `silent` are hosts of which nothing was heard yet."""
    wishes = [mute for _, mute in sorted(active(state, now).items())]
    hide_others = any(is_pattern(wish.host) for wish in wishes) or any(map(is_labelled, state.hosts))
    behind = _behind(state, now, silent, shows) if wishes and hide_others else {}
    entries = []
    watched = {*state.hosts, *silent}
    for wish in wishes:
        several, hosts = is_pattern(wish.host), behind.get(wish.host, [])
        if not several and shows.matches(wish.host) and (wish.host in watched or not hosts):
            hosts = [state.hosts.get(wish.host) or Host(wish.host), *hosts]
        if hosts or (several and shows.matches_all):
            entry = _hidden_by(wish, hosts)
            is_no_host = not several and not (wish.host in watched or behind.get(wish.host))
            entries.append(entry._replace(hosts=0) if is_no_host else entry)
    return tuple(entries)


def returned(
    state: State, now: datetime, covers: int, silent: Collection[str], shows: HostFilter
) -> tuple[MuteEnded, ...]:
    """What counts again, of all that the last digest could not tell of yet."""
    names = {mute.host for mute in ended(state, now) if not 0 < mute.ended_in <= covers}
    if not names:
        return ()
    hides, hosts = mute_lookup(state, now), ChainMap(state.hosts, {name: Host(name) for name in silent})
    entries = [
        MuteEnded(
            name,
            tuple(
                host for host in hosts_of(name, hosts) if shows.matches(host.name) and not hides(host.name)
            ),
        )
        for name in sorted(names)
    ]
    return tuple(entry for entry in entries if entry.hosts)


def _behind(state: State, now: datetime, silent: Iterable[str], shows: HostFilter) -> dict[str, list[Host]]:
    """The hosts that each pattern hides, or name of several: those that no mute nearer to them does."""
    hides = mute_lookup(state, now)
    behind: dict[str, list[Host]] = {}
    for host in _all(state, silent):
        mute = hides(host.name)
        if mute and mute.host != host.name and shows.matches(host.name):
            behind.setdefault(mute.host, []).append(host)
    return behind


def _all(state: State, silent: Iterable[str]) -> Iterator[Host]:
    yield from state.hosts.values()
    yield from map(Host, silent)


def _hidden_by(mute: Mute, hosts: Sequence[Host]) -> Muted:
    statuses = [host.status for host in hosts]
    worst = min(statuses, key=_worst_first.index, default=Status.UP)
    heard_of = is_pattern(mute.host) or any(host.was_heard_of for host in hosts)
    return Muted(mute, worst, len(hosts), statuses.count(Status.DOWN), heard_of)
