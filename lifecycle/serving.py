"""Lock, state, port, callbacks, signals; and the way back."""

import asyncio
import gc
import logging
import signal
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import NamedTuple

from tornado.ioloop import PeriodicCallback

from config import Config, check_exposed
from lifecycle import streams
from lifecycle.banner import greeting
from lifecycle.check import open_to_others
from lifecycle.permissions import told
from lifecycle.reloading import Reloader
from lifecycle.service import Service
from lifecycle.signals import EarlySignals
from lifecycle.systemd import Notifier, addresses, listening_sockets
from state.loading import open_store
from state.store import Store

HEARTBEAT = 1  # seconds between two looks at the clock
STALLED = 15  # seconds without a heartbeat before it is started again
DRAIN = 2  # seconds for requests in flight when the program is told to stop

log = logging.getLogger("server")


class Signals(NamedTuple):
    """What has come since the event loop takes care of them."""

    stop: asyncio.Event
    hang_up: asyncio.Event


async def serve(
    config: Config, path: Path, now: Callable[[], datetime], early: EarlySignals | None = None
) -> None:
    """Serve until SIGTERM or SIGINT, then answer what is in flight and let go of everything.

    `path` is where the configuration was read from, and is read from again when it changes.
    """
    store = _opened(config, now())
    signals = _take_over(early)
    # What is known forms no cycles: looking for some in it again and again would hold up the loop.
    gc.freeze()
    gc.set_threshold(50_000, 20, 50)
    gc.enable()
    service = Service(store, config, now)
    try:
        await _serve(service, store, path, signals)
    finally:
        await store.close()
        service.close()
    if store.replaced:
        raise store.replaced


def _take_over(early: EarlySignals | None) -> Signals:
    """From now on the loop cares for signals. What came before is not forgotten."""
    signals, loop = Signals(asyncio.Event(), asyncio.Event()), asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, signals.stop.set)
    loop.add_signal_handler(signal.SIGHUP, signals.hang_up.set)
    if early and early.hung_up:
        signals.hang_up.set()
    return signals


def _opened(config: Config, now: datetime) -> Store:
    file = config.state_file
    try:
        store = open_store(file, now)
    except OSError as error:
        raise OSError(f"cannot keep the state in {file} (state_file): {told(error, file)}") from None
    for danger in open_to_others(file.parent):
        log.warning("%s", danger)
    return store


async def _serve(service: Service, store: Store, path: Path, signals: Signals) -> None:
    config = service.config
    await service.job.begin()
    supervision = Notifier()
    sockets = listening_sockets(config.listen.address, config.listen.port)
    check_exposed(config, path, addresses(sockets))
    service.server.add_sockets(sockets)
    reloader = Reloader(path, config, service.adopt, service.stats, addresses(sockets))
    print(*greeting(config, len(store.state.hosts), sockets[0].getsockname()), sep="\n", flush=True)
    if why := streams.lost():
        log.warning("%s; what would be shown there is lost", why)
    heartbeat = PeriodicCallback(service.job.tick, timedelta(seconds=HEARTBEAT))
    heartbeat.start()
    supervision.ready()
    tasks = [
        asyncio.create_task(_watch(service, heartbeat, store, supervision)),
        asyncio.create_task(_follow(reloader, signals.hang_up, supervision)),
        asyncio.create_task(signals.stop.wait()),
    ]
    ended, others = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    log.info("stopping")
    supervision.stopping()
    for task in others:
        task.cancel()
    heartbeat.stop()
    await _wind_up(service, store)
    for task in ended:
        task.result()  # a fault of this program is raised: it must not end as if it had been told to stop


async def _wind_up(service: Service, store: Store) -> None:
    """Answers before connections: closed first, those in flight would break, though all is on the disk."""
    service.server.stop()
    service.end_streams()
    await service.server.drain(DRAIN)
    await service.job.finish(DRAIN)
    await store.close()  # finishes the last save, and with it the last answers
    await asyncio.sleep(0)
    await service.server.close_all_connections()


async def _watch(service: Service, heartbeat: PeriodicCallback, store: Store, supervision: Notifier) -> None:
    """Every second, by a clock that nobody sets. Ends when another writer owns the state."""
    while not store.replaced:
        begun = time.monotonic()
        await asyncio.sleep(HEARTBEAT)
        service.stats.lag.observe(max(0, time.monotonic() - begun - HEARTBEAT))
        service.server.sweep()
        store.look_after()
        problems = service.problems()
        if supervision.wants_status(problems):
            supervision.status(service.in_short(), problems)
        if time.monotonic() - service.job.ticked > STALLED:  # as after the wall clock went back
            log.warning("the heartbeat stood still; starting it again")
            heartbeat.stop()
            heartbeat.start()
        elif store.trouble() is None:
            supervision.alive()


async def _follow(reloader: Reloader, hang_up: asyncio.Event, supervision: Notifier) -> None:
    """Take over an edited configuration: by itself, and at once on SIGHUP."""
    while True:
        try:
            async with asyncio.timeout(HEARTBEAT):
                await hang_up.wait()
        except TimeoutError:
            await reloader.look()
        else:
            hang_up.clear()
            supervision.reloading()
            await reloader.reload()
            supervision.ready()
