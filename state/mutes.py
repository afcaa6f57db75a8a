"""Which mute hides a host, and which mutes have ended by themselves. Pure: `now` decides."""

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime, timedelta
from itertools import takewhile

from state.incident import Kind
from state.memo import Memo
from state.model import Host, Mute, State
from state.patterns import matcher

SECOND = timedelta(seconds=1)  # mutes are kept in whole ones, incidents are not
Hides = Callable[[str], Mute | None]


def is_pattern(name: str) -> bool:
    return "*" in name


def hiding(state: State, now: datetime) -> Hides:
    """Says which mute hides a host, if any does: its own, or else that of the longest pattern."""
    return _sorted_out(state.mutes).hiding({mute.host for mute in ended(state, now)})


def ended(state: State, now: datetime) -> list[Mute]:
    """The mutes that nothing is hidden by any more. They are few: the state soon lets go of them."""
    known = _sorted_out(state.mutes)
    timed = takewhile(lambda mute: is_over(mute, state, now), known.timed)
    return [*timed, *(mute for mute in known.until_up if is_over(mute, state, now))]


def is_over(mute: Mute, state: State, now: datetime) -> bool:
    if mute.until:
        return mute.until <= now
    return mute.until_up and _are_up_again(mute, state)


def is_granted(wish: Mute, state: State) -> bool:
    """Is the same hidden for as long already, for the same reason?"""
    known = state.mutes.get(wish.host)
    if known is None or is_over(known, state, wish.at):
        return False
    return known._replace(by=wish.by, by_name=wish.by_name, at=wish.at) == wish


def _are_up_again(mute: Mute, state: State) -> bool:
    if not is_pattern(mute.host):
        host = state.hosts.get(mute.host)
        return host is None or _is_up_since(host, mute.at)
    means = matcher((mute.host,))
    troubled = (host for host in state.hosts.values() if host.open)
    return all(_is_up_since(host, mute.at) for host in troubled if means(host.name))


def _is_up_since(host: Host, then: datetime) -> bool:
    """Was what troubled the host then over at any moment since? Of a host down, only downtime counts."""
    since = [i for i in host.incidents() if i.ended is None or i.ended > then]
    begun = [i for i in since if i.started < then + SECOND]
    if any(i.kind is Kind.DOWNTIME for i in begun):
        since = [i for i in since if i.kind is Kind.DOWNTIME]
    reached = then + SECOND
    for incident in sorted(since, key=lambda i: i.started):
        if incident.started > reached:
            break
        if incident.ended is None:
            return False
        reached = max(reached, incident.ended)
    return True


class _Shade(dict[str, Mute | None]):
    """What hides each host; of a pattern, found out when it is first asked for."""

    def __init__(self, mutes: Iterable[Mute]) -> None:
        super().__init__((mute.host, mute) for mute in mutes)
        patterns = sorted(filter(is_pattern, self), key=lambda pattern: (-len(pattern), pattern))
        self._means_any = matcher(tuple(patterns))
        self._each = [(matcher((pattern,)), self[pattern]) for pattern in patterns]

    def __missing__(self, name: str) -> Mute | None:
        found = None
        if self._each and self._means_any(name):
            found = next(mute for means, mute in self._each if means(name))
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

    def hiding(self, over: set[str]) -> Hides:
        if over != self._over:
            self._over = over
            self._shade = _Shade(mute for name, mute in self.mutes.items() if name not in over)
        return self._shade.__getitem__


_sorted_out = Memo(_Sorted)  # asked for every second
