"""The summary of a week, and which slot it belongs to."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta, tzinfo
from heapq import nlargest
from typing import NamedTuple

from hosts.identity import never_reported
from hosts.model import Host, State
from hosts.mutes import mute_lookup
from hosts.patterns import HostFilter
from hosts.uptime import Uptime, known_since, outages_within

WEEK = timedelta(days=7)
WORST = 3  # hosts


class Weekly(NamedTuple):
    """The last seven days of some hosts."""

    uptime: Uptime  # of all hosts together
    outages: int
    worst: tuple[tuple[str, timedelta], ...]  # names and downtime, longest first

    def joined(self, other: "Weekly") -> "Weekly":
        """The week of the hosts of both."""
        mine, theirs = self.uptime, other.uptime
        uptime = mine._replace(known=mine.known + theirs.known, down=mine.down + theirs.down)
        return Weekly(uptime, self.outages + other.outages, _worst((*self.worst, *other.worst)))


def starts_week(weekday: int, posted: datetime | None, slot: datetime, zone: tzinfo) -> bool:
    """Whether `slot` is the first of a week, given the slot of the last digest.

    Weeks start on `weekday` (Monday is 0). The very first digest has no week behind it.
    """
    if posted is None:
        return False
    return _week(posted.astimezone(zone).date(), weekday) < _week(slot.astimezone(zone).date(), weekday)


def _week(day: date, weekday: int) -> date:
    """The first day of the week of `day`."""
    return day - timedelta(days=(day.weekday() - weekday) % 7)


def visible_hosts(state: State, hosts: Iterable[str], shows: HostFilter, now: datetime) -> list[Host]:
    """The hosts that a channel shows and no mute hides, including the configured `hosts`."""
    hides = mute_lookup(state, now)
    known = [host for name, host in state.hosts.items() if shows.matches(name) and not hides(name)]
    return known + [Host(n) for n in never_reported(hosts, state.hosts) if shows.matches(n) and not hides(n)]


def summarize_week(hosts: Iterable[Host], now: datetime) -> Weekly:
    since, known, outages = now - WEEK, timedelta(), 0
    down: dict[str, timedelta] = {}
    for host in hosts:
        if begin := known_since(host):
            known += max(min(now - begin, WEEK), timedelta())
        if spans := outages_within(host, since, now):
            outages += len(spans)
            down[host.name] = sum((ended - begun for begun, ended in spans), timedelta())
    uptime = Uptime(since, known, sum(down.values(), timedelta()), whole=True)
    return Weekly(uptime, outages, _worst(down.items()))


def _worst(down: Iterable[tuple[str, timedelta]]) -> tuple[tuple[str, timedelta], ...]:
    return tuple(nlargest(WORST, down, key=lambda entry: (entry[1], entry[0])))
