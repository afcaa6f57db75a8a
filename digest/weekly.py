"""The summary of a week, and which slot it belongs to."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta, tzinfo
from heapq import nlargest
from typing import NamedTuple

from hosts.identity import never_reported
from hosts.model import Host, State
from hosts.mutes import mute_lookup
from hosts.patterns import HostFilter
from hosts.uptime import MIN_KNOWN, Uptime, known_since, outages_within
from turns import Steps

WEEK = timedelta(days=7)
WORST = 3  # hosts


class Weekly(NamedTuple):
    """The last seven days of some hosts."""

    uptime: Uptime  # of the hosts known for a day at least, all together
    down: timedelta  # of all hosts
    outages: int
    worst: tuple[tuple[str, timedelta], ...]  # names and downtime, longest first

    @property
    def percent(self) -> str:
        """Empty if too little is known, or if only hosts known for less than a day were down."""
        return "" if self.down and not self.uptime.down else self.uptime.percent


def starts_week(weekday: int, posted: datetime | None, slot: datetime, zone: tzinfo) -> bool:
    """Whether `slot` is the first of a week, given the slot of the last digest.

    Weeks start on `weekday` (Monday is 0). The very first digest has no week behind it.
    """
    if posted is None:
        return False
    return _week(posted.astimezone(zone).date(), weekday) < _week(slot.astimezone(zone).date(), weekday)


def _week(day: date, weekday: int) -> date:
    return day - timedelta(days=(day.weekday() - weekday) % 7)


def visible_hosts(state: State, hosts: Iterable[str], shows: HostFilter, now: datetime) -> list[Host]:
    """The hosts that a channel shows and no mute hides, including the configured `hosts`."""
    hides = mute_lookup(state, now)
    known = [host for name, host in state.hosts.items() if shows.matches(name) and not hides(name)]
    return known + [Host(n) for n in never_reported(hosts, state.hosts) if shows.matches(n) and not hides(n)]


def summarizing_week(hosts: Iterable[Host], now: datetime) -> Steps[Weekly]:
    """The week of these hosts: years of history may have to be read for it."""
    since, outages = now - WEEK, 0
    down: dict[str, timedelta] = {}
    known: dict[str, timedelta] = {}  # of those known for long enough
    for host in hosts:
        yield
        if (begin := known_since(host)) and now - begin >= MIN_KNOWN:
            known[host.name] = min(now - begin, WEEK)
        if spans := outages_within(host, since, now):
            outages += len(spans)
            down[host.name] = sum((ended - begun for begun, ended in spans), timedelta())
    counted = sum((down.get(name, timedelta()) for name in known), timedelta())
    uptime = Uptime(since, sum(known.values(), timedelta()), counted, whole=True)
    worst = nlargest(WORST, down.items(), key=lambda entry: (entry[1], entry[0]))
    return Weekly(uptime, sum(down.values(), timedelta()), outages, tuple(worst))
