"""The last outages of many hosts, found without looking at all that ever happened."""

import asyncio
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from operator import attrgetter
from typing import NamedTuple

from digest.outages import merged
from digest.uptime import reaching
from state.incident import Incident, Kind
from state.model import Host

MOST = 20
LOOKED_AT_ONCE = 200  # hosts: a few milliseconds at worst
_EVER = datetime.min.replace(tzinfo=UTC)
_begun = attrgetter("began", "host.name")  # in reverse


class Outage(NamedTuple):
    """One of a host; `reached` is the moment of asking while it goes on."""

    host: Host
    began: datetime
    reached: datetime

    def as_incident(self) -> Incident:
        """The incident that ended it, or has not ended yet, as if it had begun with the outage."""
        parts = [
            i
            for i in self.host.incidents()
            if i.kind is Kind.DOWNTIME and self.began <= i.started <= self.reached
        ]
        last = max(parts, key=lambda i: (i.is_open, i.ended or self.reached))
        return last._replace(started=self.began)


async def last_outages(hosts: Sequence[Host], now: datetime) -> list[Outage]:
    """At most `MOST`, the last begun first. Others get a turn meanwhile."""
    found: list[Outage] = []
    for at in range(0, len(hosts), LOOKED_AT_ONCE):
        found = newest(hosts[at : at + LOOKED_AT_ONCE], now, found)
        await asyncio.sleep(0)
    return found


def newest(hosts: Iterable[Host], now: datetime, found: Sequence[Outage] = ()) -> list[Outage]:
    """Of those `hosts` and of what was found before."""
    best = list(found)
    for host in hosts:
        since = best[-1].began if len(best) == MOST else _EVER
        if newer := _begun_after(since, host, now):
            best = sorted([*best, *newer], key=_begun, reverse=True)[:MOST]
    return best


def _begun_after(since: datetime, host: Host, now: datetime) -> list[Outage]:
    """What began after a moment ended after it, too: nothing earlier can belong to it."""
    if not host.open and host.past.last <= since.timestamp():
        return []
    spans = merged(reaching(host, since), now)
    return [Outage(host, began, reached) for began, reached in spans if began > since]
