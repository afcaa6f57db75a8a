"""Finding the mute that hides a host, and the mutes that have ended."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from functools import cache, lru_cache

from hosts.identity import name_of
from hosts.model import Host, Mute, State
from hosts.outages import current_outage, current_periods, current_warning
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
    return _lookups(tuple(active(state, now).values()))[0]


def mutes_lookup(state: State, now: datetime) -> MutesLookup:
    """All mutes that hide a host, looked up by its key: first the one that `mute_lookup` finds."""
    return _lookups(tuple(active(state, now).values()))[1]


def ended(state: State, now: datetime) -> list[Mute]:
    """The mutes that are remembered, but hide nothing any more."""
    return [mute for mute in state.mutes.values() if is_over(mute, state, now)]


def active(state: State, now: datetime) -> dict[str, Mute]:
    return {name: mute for name, mute in state.mutes.items() if not is_over(mute, state, now)}


def is_over(mute: Mute, state: State, now: datetime) -> bool:
    """Whether it has ended. One "until up" does not come back once a digest has been posted since."""
    if mute.until:
        return mute.until <= now
    return mute.until_up and (_is_reported(mute, state) or not _goes_on(mute, state))


def _is_reported(mute: Mute, state: State) -> bool:
    """Whether a digest has been posted since it ended. A new channel has received none yet."""
    posted = [record.notified_edition for record in state.channels.values() if record.posted]
    return 0 < mute.ended_in <= max(posted, default=0)


def is_in_effect(mute: Mute, state: State) -> bool:
    """Whether the same host is muted already, with the same end and the same reason."""
    known = state.mutes.get(mute.host)
    if known is None or is_over(known, state, mute.at):
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
    hosts = [host for host in state.hosts.values() if host.open and _hides(mute, host.name)]
    periods = filter(None, (current_outage(host) or current_warning(host) for host in hosts))
    return tuple(i.id for period in periods for i in period.incidents if i.is_open)


def _goes_on(mute: Mute, state: State) -> bool:
    """Whether an outage or warning period that includes one of the mute's incidents goes on."""
    ids = set(mute.about)  # an incident may have moved to a better name, which the mute does not hide
    names = {name for name in map(state.host_by_incident.get, ids) if name and _hides(mute, name)}
    hosts = [state.hosts[name] for name in names if state.hosts[name].open]
    periods = [period for host in hosts for period in current_periods(host)]
    return any(incident.id in ids for period in periods for incident in period.incidents)


def _hides(mute: Mute, name: str) -> bool:
    return mute.host == name or HostFilter((mute.host,)).matches(name)


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
