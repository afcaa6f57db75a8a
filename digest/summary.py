"""Summarizes a state as a digest, or as mere counts."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from operator import attrgetter
from typing import NamedTuple

from digest.model import Digest, Down, Recovery, Snoozed, Warned
from digest.muted import listing_muted, listing_mutes_ended
from hosts.identity import name_of, never_reported
from hosts.model import Host, State, Status
from hosts.mutes import MuteLookup, mute_lookup
from hosts.outages import DOUBT_AFTER, current_outage, current_warning, outages_ended_since
from hosts.patterns import EVERY_HOST, HostFilter
from hosts.problems import Problem
from turns import Steps

HOSTS_PER_STEP = 500  # hosts per turn: well under a millisecond
_longest_first = attrgetter("since", "host.name")
_by_end = attrgetter("at", "host.name")


def _news_first(entry: Down) -> tuple[int, float, str]:
    """What has just happened comes first, and what may be over already comes last."""
    since, name = entry.since.timestamp(), entry.host.name
    if entry.doubtful:
        return 2, since, name
    return (0, -since, name) if entry.new else (1, since, name)


def summarizing(  # noqa: PLR0913 - what a digest depends on
    state: State,
    now: datetime,
    *,
    notified: int,
    next_at: datetime | None = None,
    problems: Collection[Problem] = (),
    doubt_after: timedelta = DOUBT_AFTER,
    hosts: Collection[str] = (),
    shows: HostFilter = EVERY_HOST,
) -> Steps[Digest]:
    """The digest of the hosts that match `shows`; news is what happened after the edition `notified`.

    After the current edition nothing is news: it only says how everything stands, which is much less work.
    `state` must not change meanwhile: take a snapshot. `hosts` are the configured ones: they count as up
    until Google reports an incident, like those that are only known to have a check.
    """
    hides = mute_lookup(state, now)
    found = yield from _partition(state, notified, shows, hides, now)
    down, warned = yield from _down_and_warned(found.troubled, notified, now - doubt_after)
    is_down = {entry.host.name for entry in down}
    recovered = yield from _recovered([host for host in found.changed if host.name not in is_down], notified)
    never_reported_names = [n for n in never_reported(hosts, state.hosts) if shows.matches(n)]
    is_reported = bool(down or warned or found.up)
    up = [*found.up, *found.assumed_up, *(n for n in never_reported_names if not hides(n))]
    muted = yield from listing_muted(state, now, never_reported_names, shows)
    mutes_ended = yield from listing_mutes_ended(state, now, notified, never_reported_names, shows)
    gone = [host.name for host in found.unwatched if _is_gone_since(host, notified)]
    still_gone = [name for name in _staying_though_gone(found.unwatched, hosts) if name not in gone]
    return Digest(
        at=now,
        down=tuple(down),
        recovered=tuple(sorted(recovered, key=_by_end, reverse=True)),
        warnings=tuple(sorted(warned, key=_longest_first)),
        up=tuple(sorted(up)),
        mutes_ended=mutes_ended,
        muted=muted.mutes,
        snoozed=tuple(sorted(found.snoozed)),
        disabled=tuple(sorted(host.name for host in found.unwatched if not host.is_gone)),
        gone=tuple(sorted(gone)),
        still_gone=tuple(sorted(still_gone)),
        has_received=state.has_received(),
        is_status_known=is_reported if up else state.has_received(shows),
        doubt_after=doubt_after,
        problems=tuple(problems),
        next_at=next_at,
        notified=notified,
        muted_count=muted.hosts,
        muted_down_count=muted.down,
    )


def _is_gone_since(host: Host, notified: int) -> bool:
    """Whether its last check was deleted after that edition."""
    watch = host.watch
    return watch is not None and watch.is_over and max(watch.ended_in, host.edition) > notified


def _staying_though_gone(unwatched: Iterable[Host], configured: Collection[str]) -> list[str]:
    """Those of the configured hosts whose last check was deleted."""
    gone = [host.name for host in unwatched if host.is_gone]
    names = {name.lower() for name in configured} if gone else set[str]()
    return [key for key in gone if name_of(key).lower() in names]


@dataclass
class _Partition:
    """The hosts to show. Nearly all of ten thousand are up; only the others are examined further."""

    troubled: list[Host] = field(default_factory=list)  # with open incidents
    unwatched: list[Host] = field(default_factory=list)
    snoozed: list[Snoozed] = field(default_factory=list)
    assumed_up: list[str] = field(default_factory=list)  # with checks, but the open alerts are not known yet
    up: list[str] = field(default_factory=list)
    changed: list[Host] = field(default_factory=list)  # any of these, if changed since the last digest


def _partition(
    state: State, notified: int, shows: HostFilter, hides: MuteLookup, now: datetime
) -> Steps[_Partition]:
    found = _Partition()
    for number, (name, host) in enumerate(state.hosts.items()):
        if number % HOSTS_PER_STEP == 0:
            yield
        if hides(name) or not shows.matches(name):
            continue
        if host.open:
            found.troubled.append(host)
        elif host.watch is None:
            found.up.append(name)
        elif host.is_unwatched:
            found.unwatched.append(host)
        elif until := host.snoozed_until(now):
            found.snoozed.append(Snoozed(name, until))
        elif host.has_only_checks:
            found.assumed_up.append(name)
        else:
            found.up.append(name)
        if host.edition > notified:
            found.changed.append(host)
    return found


def _down_and_warned(
    hosts: Iterable[Host], notified: int, doubtful_before: datetime
) -> Steps[tuple[list[Down], list[Warned]]]:
    down, warned = [], []  # those down with their sort keys: making thousands at once takes too long
    for host in hosts:
        yield
        if outage := current_outage(host):
            doubtful = outage.is_doubtful(doubtful_before)
            entry = Down(host, outage.began, outage.is_new(notified), doubtful)
            down.append((_news_first(entry), entry))
        elif warning := current_warning(host):
            warned.append(Warned(host, warning.began, warning.is_new(notified)))
    yield
    return [entry for _, entry in sorted(down)], warned


def _recovered(hosts: Iterable[Host], notified: int) -> Steps[list[Recovery]]:
    recovered = []
    for host in hosts:
        yield
        if ended := outages_ended_since(host, notified):
            recovered.append(Recovery(host, ended))
    return recovered


class HostCounts(NamedTuple):
    """Numbers of hosts by status, muted ones apart; and of open incidents, those of muted hosts included."""

    down: int
    warning: int
    up: int
    muted: int
    # With disabled checks, snoozed policies, or configured, with no check left or nothing ever received.
    unknown: int
    open_incidents: int

    @property
    def hosts(self) -> int:
        """The number of hosts that are not muted."""
        return self.down + self.warning + self.up + self.unknown

    def by_state(self) -> dict[str, int]:
        """Count hosts for monitoring; a muted host counts as muted only."""
        return {name: count for name, count in self._asdict().items() if name != "open_incidents"}


def count_hosts(state: State, now: datetime, hosts: Collection[str] = ()) -> HostCounts:
    """`hosts` are the configured ones: up unless Google says otherwise, once it has said anything."""
    never_reported_names = never_reported(hosts, state.hosts)
    muted_names: set[str] = set()
    if state.mutes:
        hides = mute_lookup(state, now)
        muted_names = {name for names in (state.hosts, never_reported_names) for name in names if hides(name)}
    troubled = [host for host in state.hosts.values() if host.open]
    watched = [host for host in state.hosts.values() if host.watch and host.name not in muted_names]
    unwatched = [host for host in watched if host.is_unwatched]
    disabled = sum(not host.is_gone for host in unwatched)
    still_gone = len(_staying_though_gone(unwatched, hosts))
    snoozed = sum(host.snoozed_until(now) is not None for host in watched)
    statuses = [host.status for host in troubled if host.name not in muted_names]
    others = len(muted_names) + len(statuses) + len(unwatched) + snoozed
    healthy = len(state.hosts) + len(never_reported_names) - others
    is_anything_known = state.has_received()
    return HostCounts(
        down=statuses.count(Status.DOWN),
        warning=statuses.count(Status.WARNING),
        up=healthy if is_anything_known else 0,
        muted=len(muted_names),
        unknown=disabled + still_gone + snoozed + (0 if is_anything_known else healthy),
        open_incidents=sum(len(host.open) for host in troubled),
    )
