"""What mutes hide, and what they hide no more."""

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from datetime import datetime

from digest.model import Muted, Returned
from state.model import Host, Mute, State, Status
from state.mutes import active, ended, hiding, is_pattern
from state.patterns import matcher

_worst_first = tuple(Status)
Shows = Callable[[str], object]


def muted(state: State, now: datetime, silent: Collection[str], shows: Shows) -> tuple[Muted, ...]:
    """Every mute that shown hosts are hidden by. `silent` are hosts of which nothing was heard yet."""
    wishes = [mute for _, mute in sorted(active(state, now).items())]
    behind = _behind_patterns(state, now, silent, shows) if any(is_pattern(m.host) for m in wishes) else {}
    entries = []
    watched = {*state.hosts, *silent}
    for wish in wishes:
        if is_pattern(wish.host):
            hosts = behind.get(wish.host, [])
            if hosts or shows is bool:
                entries.append(_of_pattern(wish, hosts))
        elif shows(wish.host):
            host = state.hosts.get(wish.host) or Host(wish.host)
            down = int(host.status is Status.DOWN)
            entries.append(Muted(wish, host.status, int(wish.host in watched), down, host.was_heard_of))
    return tuple(entries)


def returned(state: State, now: datetime, covers: int, shows: Shows) -> tuple[Returned, ...]:
    """What counts again, of all that the last digest could not tell of yet."""
    names = {mute.host for mute in ended(state, now) if not 0 < mute.ended_in <= covers}
    if not names:
        return ()
    hides = hiding(state, now)
    entries = [
        Returned(
            name, tuple(host for host in _meant(name, state) if shows(host.name) and not hides(host.name))
        )
        for name in sorted(names)
    ]
    return tuple(entry for entry in entries if entry.hosts)


def _behind_patterns(
    state: State, now: datetime, silent: Iterable[str], shows: Shows
) -> dict[str, list[Host]]:
    """The hosts that each pattern hides: those that no mute of their own, or longer pattern, does."""
    hides = hiding(state, now)
    behind: dict[str, list[Host]] = {}
    for host in _all(state, silent):
        mute = hides(host.name)
        if mute and mute.host != host.name and shows(host.name):
            behind.setdefault(mute.host, []).append(host)
    return behind


def _all(state: State, silent: Iterable[str]) -> Iterator[Host]:
    yield from state.hosts.values()
    yield from map(Host, silent)


def _of_pattern(mute: Mute, hosts: Sequence[Host]) -> Muted:
    statuses = [host.status for host in hosts]
    worst = min(statuses, key=_worst_first.index, default=Status.UP)
    return Muted(mute, worst, len(hosts), statuses.count(Status.DOWN))


def _meant(name: str, state: State) -> list[Host]:
    if not is_pattern(name):
        return [state.hosts.get(name) or Host(name)]
    means = matcher((name,))
    return [host for host in state.hosts.values() if means(host.name)]
