"""Finding the mute that hides a host, and the mutes that have ended."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from functools import cache, lru_cache

from hosts.identity import name_of
from hosts.model import Host, Mute, State
from hosts.outages import Period, current_outage, current_periods, current_warning
from hosts.patterns import HostFilter, is_pattern

MuteLookup = Callable[[str], Mute | None]
MutesLookup = Callable[[str], Sequence[Mute]]


def matching_hosts(name: str, hosts: Mapping[str, Host]) -> list[Host]:
    """The hosts that match a name or pattern. A name that matches nothing counts as a host."""
    if name in hosts:
        return [hosts[name]]
    matches = HostFilter((name,)).matches
    found = [host for host in hosts.values() if matches(host.name)]
    return found or ([] if is_pattern(name) else [Host(name)])


def mute_lookup(state: State, now: datetime) -> MuteLookup:
    """The mute that hides a host, looked up by its key: its own, or else that of the longest pattern."""
    (find, _), until_up = _lasting(state, now), _until_up(state)
    if not until_up:
        return find

    def find_first(host: str) -> Mute | None:
        found = find(host)
        waiting = until_up.get(host)
        return _ranked([*waiting, *([found] if found else [])], host)[0] if waiting else found

    return find_first


def mutes_lookup(state: State, now: datetime) -> MutesLookup:
    """All mutes that hide a host, looked up by its key: first the one that `mute_lookup` finds."""
    (_, find_all), until_up = _lasting(state, now), _until_up(state)
    if not until_up:
        return find_all

    def find_every(host: str) -> Sequence[Mute]:
        found, waiting = find_all(host), until_up.get(host)
        return _ranked([*waiting, *found], host) if waiting else found

    return find_every


def _lasting(state: State, now: datetime) -> tuple[MuteLookup, MutesLookup]:
    """The lookups among the mutes that hide whatever they name."""
    return _lookups(tuple(m for m in state.mutes.values() if not (m.waits or is_over(m, state, now))))


def _until_up(state: State) -> dict[str, list[Mute]]:
    """The mutes "until up" by the hosts that they hide."""
    found = dict[str, list[Mute]]()
    for mute in state.mutes.values():
        for host in waits_for(mute, state):
            found.setdefault(host, []).append(mute)
    return found


def _ranked(mutes: list[Mute], host: str) -> list[Mute]:
    """Its own mute comes first, then that of its bare name, then the longest pattern."""
    return sorted(mutes, key=lambda m: (is_pattern(m.host), m.host != host, -len(m.host), m.host))


def outlasting(mute: Mute, others: Iterable[Mute]) -> list[Mute]:
    """Those of the other mutes of the same hosts that may hide them once `mute` has ended.

    Just one that has no end, if any; else the last that has a time, and one "until up".
    """
    found = [other for other in others if other.host != mute.host]
    if mute.until is None and not mute.waits:
        return []
    if endless := [other for other in found if other.until is None and not other.waits]:
        return endless[:1]
    timed = [other for other in found if other.until and (mute.until is None or other.until > mute.until)]
    waiting = [other for other in found if other.waits and not mute.waits]
    return [*sorted(timed, key=lambda other: other.until or mute.at)[-1:], *waiting[:1]]


def ended(state: State, now: datetime) -> list[Mute]:
    """The mutes that are remembered, but hide nothing any more."""
    return [mute for mute in state.mutes.values() if is_over(mute, state, now)]


def active(state: State, now: datetime) -> dict[str, Mute]:
    return {name: mute for name, mute in state.mutes.items() if not is_over(mute, state, now)}


def is_over(mute: Mute, state: State, now: datetime) -> bool:
    """Whether it has ended. One "until up" does not come back once a digest has been posted since."""
    if mute.until:
        return mute.until <= now
    return mute.waits and not waits_for(mute, state)


def _is_reported(mute: Mute, state: State) -> bool:
    """Whether a digest has been posted since it ended. A new channel has received none yet."""
    posted = [record.notified_edition for record in state.channels.values() if record.posted]
    return 0 < mute.ended_in <= max(posted, default=0)


def is_in_effect(mute: Mute, state: State) -> bool:
    """Whether the same host is muted already, with the same end and the same reason.

    A mute "until up" is not, if something goes on that began after the known one was made.
    """
    known = state.mutes.get(mute.host)
    if known is None or is_over(known, state, mute.at):
        return False
    if mute.waits and not all(_includes_any(period, known.about) for period in _periods(mute, state)):
        return False
    if _is_double_tap(known, mute):
        known = known._replace(until=mute.until)
    return known._replace(by=mute.by, at=mute.at, about=mute.about, ended_in=0) == mute


def _is_double_tap(known: Mute, mute: Mute) -> bool:
    """Whether a mute as long as the known one is asked for within a minute of it.

    A second tap on "for 1 h" asks for an end some seconds later, which nobody means.
    """
    if known.until is None or mute.until is None:
        return False
    longer = (mute.until - mute.at) - (known.until - known.at)
    return mute.at - known.at < timedelta(minutes=1) and abs(longer) < timedelta(seconds=1)


def open_incidents(mute: Mute, state: State) -> tuple[str, ...]:
    """The ids of the incidents that must close before a mute "until up" ends.

    For each host these are the open incidents of its outage or, if it is not down, of its warning period.
    """
    if not mute.until_up:
        return ()
    return tuple(i.id for period in _periods(mute, state) for i in period.incidents if i.is_open)


def _periods(mute: Mute, state: State) -> list[Period]:
    """The outage or, if there is none, the warning period of each host that the mute names."""
    names = host_matcher(mute)
    hosts = (host for name, host in state.hosts.items() if host.open and names(name))
    return [period for host in hosts if (period := current_outage(host) or current_warning(host))]


def waits_for(mute: Mute, state: State) -> frozenset[str]:
    """The hosts that a mute "until up" hides: an outage or warning period that it is about goes on."""
    return _goes_on(mute, state) if mute.waits and not _is_reported(mute, state) else frozenset()


def _goes_on(mute: Mute, state: State) -> frozenset[str]:
    ids, names = set(mute.about), hosts_about(mute, state)
    hosts = (state.hosts[name] for name in names if state.hosts[name].open)
    return frozenset(host.name for host in hosts if _is_going_on(host, ids))


def hosts_about(mute: Mute, state: State) -> list[str]:
    """The hosts whose outages or warning periods a mute "until up" is about, be they over or not."""
    names = host_matcher(mute)  # an incident may have moved to a better name, which the mute does not hide
    found = map(state.host_by_incident.get, mute.about)
    return list(dict.fromkeys(name for name in found if name and names(name)))


def _is_going_on(host: Host, ids: Collection[str]) -> bool:
    """Whether any of these incidents is part of an outage or a warning period that goes on."""
    if any(incident.id in ids for incident in host.open):
        return True
    return any(_includes_any(period, ids) for period in current_periods(host))


def _includes_any(period: Period, ids: Collection[str]) -> bool:
    return any(incident.id in ids for incident in period.incidents)


def host_matcher(mute: Mute) -> Callable[[str], bool]:
    """Says of a host, by its key, whether a mute names it."""
    if is_pattern(mute.host):
        return HostFilter((mute.host,)).matches
    return lambda host: mute.host in (host, name_of(host))  # a bare name stands for everything with that name


@lru_cache(maxsize=1)  # alerts ask every second, and mutes seldom change
def _lookups(mutes: tuple[Mute, ...]) -> tuple[MuteLookup, MutesLookup]:
    by_name = {mute.host: mute for mute in mutes}
    patterns = sorted(filter(is_pattern, by_name), key=lambda pattern: (-len(pattern), pattern))
    filters = [(HostFilter((pattern,)), by_name[pattern]) for pattern in patterns]
    any_pattern = HostFilter(tuple(patterns))

    @cache
    def find_all(host: str) -> tuple[Mute, ...]:
        # A bare name hides everything with that name.
        own, namesake = by_name.get(host), by_name.get(name_of(host))
        named = (own,) if own is namesake else (own, namesake)
        found = tuple(filter(None, named))
        if not patterns or not any_pattern.matches(host):
            return found
        return (*found, *(mute for pattern, mute in filters if pattern.matches(host)))

    @cache
    def find(host: str) -> Mute | None:
        found = find_all(host)
        return found[0] if found else None

    return find, find_all
