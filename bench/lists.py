"""What Google's lists cost: the longest turn of the loop in a look to which all is new, or nothing."""

import asyncio
import gc
import statistics
import time
from collections.abc import Awaitable, Callable, Sequence
from datetime import timedelta
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

from bench.report import Row
from bench.states import NOW, name, state_in
from digest.google_view import GoogleView
from hosts.checks import Check
from hosts.incident import Incident, Kind, NamedBy
from lifecycle.reconciler import Reconciler
from state.loading import open_store

ALERTS, CHECKS = 10_000, 2_000
DAY = timedelta(days=1)


class Alerts(NamedTuple):
    """As the API returns them."""

    incidents: Sequence[Incident]
    error: Exception | None = None


class Lists:
    """Answers at once, so that only our own work is measured."""

    def __init__(self) -> None:
        self._alerts = Alerts([_alert(number) for number in range(ALERTS)])
        self._checks = [_check(number) for number in range(CHECKS)]

    async def open_alerts(self) -> Alerts:
        return self._alerts

    async def alert(self, incident_id: str) -> Incident | None:  # noqa: ARG002
        return None

    async def checks(self) -> Sequence[Check]:
        return self._checks


def _alert(number: int) -> Incident:
    host = name(number)
    return Incident(f"0.l{number:011}", host, NamedBy.HOST, Kind.DOWNTIME, NOW, policy="host uptime failure")


def _check(number: int) -> Check:
    host = name(number)
    return Check(f"{number}", host, "start page", f"https://{host}/", timedelta(minutes=1))


def looks(folder: Path) -> list[Row]:
    return asyncio.run(_looks(folder))


async def _looks(folder: Path) -> list[Row]:
    store = open_store(state_in(folder / "lists", ALERTS, 1) / "var" / "state.json", NOW)
    reconciler, lists = Reconciler(store, lambda: NOW, GoogleView()), Lists()
    gc.freeze()
    gc.set_threshold(3_000, 300, 50)  # as the server does
    readings = {
        f"{ALERTS:,} alerts": lambda: reconciler.alerts(lists, DAY, lambda _: True),
        f"{CHECKS:,} checks": lambda: reconciler.checks(lists),
    }
    rows = []
    for what, read in readings.items():
        for news, times in {"all new": 1, "nothing new": 5}.items():
            measured = [await turns(read) for _ in range(times)]
            seconds = statistics.median(sum(each) for each in measured)
            axis = f"loop held up by a look at {what}, {news} ({seconds:.2f} s in all), ms"
            rows.append(Row(axis, [1e3 * max(each) for each in measured], 5, 3))
    await store.close()
    return rows


async def turns(read: Callable[[], Awaitable[None]]) -> list[float]:
    """How much of its processor each turn of the loop took, in seconds."""
    reading = asyncio.ensure_future(read())
    times = [time.thread_time()]
    while not reading.done():
        await asyncio.sleep(0)
        times.append(time.thread_time())
    await reading
    return [after - before for before, after in pairwise(times)]
