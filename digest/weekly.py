"""What a week came to, and which digest tells it."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta, tzinfo
from heapq import nlargest
from typing import NamedTuple

from hosts.identity import unheard
from hosts.model import Host, State
from hosts.mutes import mute_lookup
from hosts.patterns import HostFilter
from hosts.uptime import Uptime, known_since, outages_within

WEEK = timedelta(days=7)
WORST = 3


class Weekly(NamedTuple):
    """Of some hosts, in the seven days before."""

    uptime: Uptime  # of all hosts together
    outages: int
    worst: tuple[tuple[str, timedelta], ...]  # names and how long they were down, the longest first

    def joined(self, other: "Weekly") -> "Weekly":
        """Of the hosts of both."""
        mine, theirs = self.uptime, other.uptime
        uptime = mine._replace(known=mine.known + theirs.known, down=mine.down + theirs.down)
        return Weekly(uptime, self.outages + other.outages, _worst((*self.worst, *other.worst)))


def begins_week(weekday: int, posted: datetime | None, slot: datetime, zone: tzinfo) -> bool:
    """Is `slot` the first since a week began on `weekday` (Monday is 0)? `posted` is the last one's slot.

    A first digest of all has no week to tell of.
    """
    if posted is None:
        return False
    return _week(posted.astimezone(zone).date(), weekday) < _week(slot.astimezone(zone).date(), weekday)


def _week(day: date, weekday: int) -> date:
    """The day on which the week of that day began."""
    return day - timedelta(days=(day.weekday() - weekday) % 7)


def watched(state: State, hosts: Iterable[str], shows: HostFilter, now: datetime) -> list[Host]:
    """Those that a channel shows and no mute hides; `hosts` are watched, heard of or not."""
    hides = mute_lookup(state, now)
    heard_of = [host for name, host in state.hosts.items() if shows.matches(name) and not hides(name)]
    return heard_of + [Host(n) for n in unheard(hosts, state.hosts) if shows.matches(n) and not hides(n)]


def sum_up(hosts: Iterable[Host], now: datetime) -> Weekly:
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
