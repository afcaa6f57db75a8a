"""Which mute hides a host, and which mutes have ended by themselves. Pure: `now` decides."""

from collections.abc import Callable, Iterable, Mapping
from collections.abc import Set as AbstractSet
from datetime import datetime
from itertools import takewhile

from hosts.cache import IdentityCache
from hosts.identity import name_of
from hosts.model import Host, Mute, State
from hosts.outages import Period, current_outage, current_warning
from hosts.patterns import HostFilter

MuteLookup = Callable[[str], Mute | None]


def is_pattern(name: str) -> bool:
    return "*" in name


def hosts_of(name: str, hosts: Mapping[str, Host]) -> list[Host]:
    """The hosts that a name or pattern means: of a pattern perhaps none, of a name one at least."""
    if name in hosts:
        return [hosts[name]]
    wanted = HostFilter((name,))
    found = [host for host in hosts.values() if wanted.matches(host.name)]
    return found or ([] if is_pattern(name) else [Host(name)])


def mute_lookup(state: State, now: datetime) -> MuteLookup:
    """Says which mute hides a host, if any does: its own, or else that of the longest pattern."""
    return _sorted_out(state.mutes).mute_lookup({mute.host for mute in ended(state, now)})


def ended(state: State, now: datetime) -> list[Mute]:
    """The mutes that hide nothing any more, though they are still remembered."""
    known = _sorted_out(state.mutes)
    timed = takewhile(lambda mute: is_over(mute, state, now), known.timed)
    return [*timed, *(mute for mute in known.until_up if is_over(mute, state, now))]


def active(state: State, now: datetime) -> dict[str, Mute]:
    """The mutes that have not ended."""
    over = {mute.host for mute in ended(state, now)}
    return {name: mute for name, mute in state.mutes.items() if name not in over}


def is_over(mute: Mute, state: State, now: datetime) -> bool:
    if mute.until:
        return mute.until <= now
    return mute.until_up and not _goes_on(mute, state)


def is_granted(wish: Mute, state: State) -> bool:
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


class _Shade(dict[str, Mute | None]):
    """What hides each host; of a pattern, found out when it is first asked for.

    A name hides every thing of that name that is not hidden by itself.
    """

    def __init__(self, mutes: Iterable[Mute]) -> None:
        super().__init__((mute.host, mute) for mute in mutes)
        patterns = sorted(filter(is_pattern, self), key=lambda pattern: (-len(pattern), pattern))
        self._any = HostFilter(tuple(patterns))
        self._each = [(HostFilter((pattern,)), self[pattern]) for pattern in patterns]

    def __missing__(self, name: str) -> Mute | None:
        found = self.get(name_of(name))
        if found is None and self._each and self._any.matches(name):
            found = next(mute for pattern, mute in self._each if pattern.matches(name))
        self[name] = found
        return found


class _Sorted:
    """Some mutes by how they end, and what they hide but for those that are `over`."""

    def __init__(self, mutes: Mapping[str, Mute]) -> None:
        self.mutes = mutes
        self.timed = sorted((m for m in mutes.values() if m.until), key=lambda m: m.until or m.at)
        self.until_up = [m for m in mutes.values() if m.until_up and not m.until]
        self._over: set[str] = set()
        self._shade = _Shade(mutes.values())

    def mute_lookup(self, over: set[str]) -> MuteLookup:
        if over != self._over:
            self._over = over
            self._shade = _Shade(mute for name, mute in self.mutes.items() if name not in over)
        return self._shade.__getitem__


_sorted_out = IdentityCache(_Sorted)  # asked for every second
