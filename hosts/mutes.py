"""Which mute hides a host, and which mutes have ended by themselves. Pure: `now` decides."""

from collections.abc import Callable, Mapping
from collections.abc import Set as AbstractSet
from datetime import datetime
from functools import cache, lru_cache

from hosts.identity import name_of
from hosts.model import Host, Mute, State
from hosts.outages import Period, current_outage, current_warning
from hosts.patterns import HostFilter

MuteLookup = Callable[[str], Mute | None]


def is_pattern(name: str) -> bool:
    return "*" in name


def matching_hosts(name: str, hosts: Mapping[str, Host]) -> list[Host]:
    """The hosts that a name or pattern means: of a pattern perhaps none, of a name one at least."""
    if name in hosts:
        return [hosts[name]]
    wanted = HostFilter((name,))
    found = [host for host in hosts.values() if wanted.matches(host.name)]
    return found or ([] if is_pattern(name) else [Host(name)])


def mute_lookup(state: State, now: datetime) -> MuteLookup:
    """Return a function that finds the mute hiding a host: its own, or else that of the longest pattern."""
    return _lookup(tuple(active(state, now).values()))


def ended(state: State, now: datetime) -> list[Mute]:
    """The mutes that hide nothing any more, though they are still remembered."""
    return [mute for mute in state.mutes.values() if is_over(mute, state, now)]


def active(state: State, now: datetime) -> dict[str, Mute]:
    return {name: mute for name, mute in state.mutes.items() if not is_over(mute, state, now)}


def is_over(mute: Mute, state: State, now: datetime) -> bool:
    if mute.until:
        return mute.until <= now
    return mute.until_up and not _goes_on(mute, state)


def is_in_effect(wish: Mute, state: State) -> bool:
    """Is the same hidden for as long already, for the same reason?"""
    known = state.mutes.get(wish.host)
    if known is None or is_over(known, state, wish.at):
        return False
    return known._replace(by=wish.by, by_name=wish.by_name, at=wish.at, about=wish.about, ended_in=0) == wish


def about(wish: Mute, state: State) -> tuple[str, ...]:
    """The ids of the open incidents that a mute "until up" is about.

    Of each host those of its outage, or, if it is not down, of its warning period.
    """
    if not wish.until_up:
        return ()
    hosts = [host for host in state.hosts.values() if host.open and _hides(wish, host.name)]
    periods = filter(None, (current_outage(host) or current_warning(host) for host in hosts))
    return tuple(i.id for period in periods for i in period.incidents if i.is_open)


def _goes_on(mute: Mute, state: State) -> bool:
    """Does an outage or warning period go on that one of its incidents belongs to?"""
    wanted = set(mute.about)
    names = {name for name in map(state.host_by_incident.get, mute.about) if name}
    return any(_belongs(state.hosts[name], wanted) for name in names if _hides(mute, name))


def _hides(mute: Mute, name: str) -> bool:
    return mute.host == name or HostFilter((mute.host,)).matches(name)


def _belongs(host: Host, wanted: AbstractSet[str]) -> bool:
    """One that moved to a better name is no longer about this host."""
    periods: list[Period | None] = [current_outage(host), current_warning(host)] if host.open else []
    return any(incident.id in wanted for period in periods if period for incident in period.incidents)


@lru_cache(maxsize=1)  # alerts ask every second, and mutes seldom change
def _lookup(mutes: tuple[Mute, ...]) -> MuteLookup:
    by_name = {mute.host: mute for mute in mutes}
    patterns = sorted(filter(is_pattern, by_name), key=lambda pattern: (-len(pattern), pattern))
    filters = [(HostFilter((pattern,)), by_name[pattern]) for pattern in patterns]
    any_pattern = HostFilter(tuple(patterns))

    @cache
    def find(host: str) -> Mute | None:
        if mute := by_name.get(host) or by_name.get(name_of(host)):  # a name hides every thing of that name
            return mute
        if not any_pattern.matches(host):
            return None
        return next(mute for pattern, mute in filters if pattern.matches(host))

    return find
