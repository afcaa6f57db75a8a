"""The last outages of many hosts, found without looking at all that ever happened."""

import asyncio
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from operator import attrgetter

from hosts.model import Host
from hosts.outages import Period, outages

MOST = 20
LOOKED_AT_ONCE = 200  # hosts: a few milliseconds at worst
_EVER = datetime.min.replace(tzinfo=UTC)
_begun = attrgetter("began", "host.name")  # in reverse


async def last_outages(hosts: Sequence[Host]) -> list[Period]:
    """At most `MOST`, the last begun first. Others get a turn meanwhile."""
    found: list[Period] = []
    for at in range(0, len(hosts), LOOKED_AT_ONCE):
        found = newest(hosts[at : at + LOOKED_AT_ONCE], found)
        await asyncio.sleep(0)
    return found


def newest(hosts: Iterable[Host], found: Sequence[Period] = ()) -> list[Period]:
    """Of those `hosts` and of what was found before."""
    best = list(found)
    for host in hosts:
        since = best[-1].began if len(best) == MOST else _EVER
        if newer := _begun_after(since, host):
            best = sorted([*best, *newer], key=_begun, reverse=True)[:MOST]
    return best


def _begun_after(since: datetime, host: Host) -> list[Period]:
    if not host.open and host.past.last <= since.timestamp():
        return []
    return [outage for outage in outages(host, since) if outage.began > since]
