"""What Google's lists cost: the longest turn of the loop if everything in them is new, and if nothing is."""

import asyncio
import gc
import os
import queue
import statistics
import threading
import time
from datetime import datetime, timedelta
from pathlib import Path

from bench.inside import turn_times
from bench.report import Row
from bench.states import NOW, name, state_in
from config import Google
from digest.google_view import GoogleView
from google.api import GoogleApi
from polling.reconciler import Reconciler
from polling.source import CONFIRMATIONS, Source
from state.loading import open_store
from tests.google_stand_in import PROJECT, GoogleStandIn, alert, check
from tests.process import resident_kb

ALERTS, CHECKS = 10_000, 2_000
DAY = timedelta(days=1)
SETTINGS = Google(PROJECT, None, timedelta(minutes=5))


def polls(folder: Path) -> list[Row]:
    served, done = queue.SimpleQueue[GoogleStandIn](), threading.Event()
    serving = threading.Thread(target=lambda: asyncio.run(_serve(served, done)))
    serving.start()
    try:
        return asyncio.run(_polls(folder, served.get()))
    finally:
        done.set()
        serving.join()


async def _serve(served: queue.SimpleQueue[GoogleStandIn], done: threading.Event) -> None:
    """A Google in a thread of its own, so that its work is not counted."""
    async with GoogleStandIn() as google:
        os.environ.update(google.environment)
        google.lists["alerts"] = [alert(f"0.l{number:011}", name(number)) for number in range(ALERTS)]
        google.lists["uptimeCheckConfigs"] = [check(f"{number}", name(number)) for number in range(CHECKS)]
        served.put(google)
        await asyncio.get_running_loop().run_in_executor(None, done.wait)


async def _polls(folder: Path, google: GoogleStandIn) -> list[Row]:
    store = open_store(state_in(folder / "lists", ALERTS, 1) / "var" / "state.json", NOW)
    reconciler, api = Reconciler(store, _now, GoogleView(), time.monotonic), GoogleApi(SETTINGS, None, _now)
    source = Source(api, PROJECT, SETTINGS.every, CONFIRMATIONS * DAY, lambda _: True)
    gc.set_threshold(3_000, 300, 50)  # as the server does

    async def read_alerts() -> None:
        await reconciler.alerts(source)
        await reconciler.closed_alerts(source)

    readings = {
        f"{ALERTS:,} alerts": read_alerts,
        f"{CHECKS:,} checks": lambda: reconciler.checks(source),
    }
    rows, kept = [], []
    for what, read in readings.items():
        gc.freeze()
        for news, times in {"all new": 1, "nothing new": 5}.items():
            before = resident_kb()
            measured = [await turn_times(read) for _ in range(times)]
            kept.append((resident_kb() - before) / 1024)
            seconds = statistics.median(sum(each) for each in measured)
            measurement = f"loop held up by a poll of {what}, {news} ({seconds:.2f} s in all), ms"
            rows.append(Row(measurement, [1e3 * max(each) for each in measured], 5, 3))
    api.close()
    await store.close()
    requests = len(google.asked) / 6  # all new once, nothing new five times
    return [
        *rows,
        Row("requests for a poll of all of these", [requests], 65, 62),
        Row("memory kept by five polls of all of these, nothing new, MB", [kept[1] + kept[3]], 10, 3),
    ]


def _now() -> datetime:
    return NOW
