"""Start-up and shutdown of the server, and what runs every second in between."""

import asyncio
import gc
import logging
import signal
import socket
import time
from collections.abc import Callable, Collection
from datetime import datetime, timedelta
from functools import partial

from tornado.ioloop import PeriodicCallback

from config import Config, check_exposed
from config.files import describe
from config.validation import UNENCRYPTED, is_unencrypted
from digest.health import in_english
from handlers.deliveries import warn_of_missing_credentials
from lifecycle import logs, streams
from lifecycle.banner import banner
from lifecycle.early_signals import EarlySignals
from lifecycle.reloading import Reloader, Signatures, signatures
from lifecycle.service import Service
from lifecycle.storage import unusable_folder, writable_by_others
from lifecycle.systemd import Notifier, addresses, ip_addresses, listening_sockets
from slack import mute_ends
from state.loading import open_store
from state.store import Store

TICK = 1  # seconds
STALLED_AFTER = 15  # seconds without a tick
DRAIN_TIMEOUT = 2  # seconds for requests, and again for posts, in flight at shutdown

log = logging.getLogger("server")


async def serve(config: Config, now: Callable[[], datetime], early: EarlySignals | None) -> None:
    """Serve until SIGTERM or SIGINT. The configuration is reloaded when one of its files changes.

    Raises AlreadyRunning, StateDamaged, UnsafeFile, StateReplaced, ConfigError or OSError.
    """
    loaded = signatures(config)  # opening the state may take seconds, in which the files may be edited
    store = _open_store(config, now())
    stop, reload_requested = _handle_signals(early)
    # The state has no reference cycles: scanning it for garbage would block the loop again and again.
    gc.freeze()
    # Often, so that each is short: after fifty thousand objects, one took 17 ms (measured).
    gc.set_threshold(3_000, 300, 50)
    service = Service(store, config, now)
    try:
        await _serve(service, store, loaded, stop, reload_requested)
    finally:
        await store.close()
        service.close()
    if store.replaced:
        raise store.replaced


def _handle_signals(early: EarlySignals | None) -> tuple[asyncio.Event, asyncio.Event]:
    """The events that SIGTERM or SIGINT sets, and SIGHUP."""
    stop, reload_requested, loop = asyncio.Event(), asyncio.Event(), asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    loop.add_signal_handler(signal.SIGHUP, reload_requested.set)
    if early and early.reload_requested:
        reload_requested.set()
    return stop, reload_requested


def _open_store(config: Config, now: datetime) -> Store:
    file = config.state_file
    try:
        store = open_store(file, now)
    except OSError as error:
        reason = unusable_folder(file.parent) or describe(error, file)
        raise OSError(f"cannot keep the state in {file} (state_file): {reason}") from None
    for notice in store.notices:
        log.error("%s", in_english(notice.problem))
    for warning in writable_by_others(file.parent):
        log.warning("%s", warning)
    return store


async def _serve(
    service: Service, store: Store, loaded: Signatures, stop: asyncio.Event, reload_requested: asyncio.Event
) -> None:
    await service.job.sync_channels()
    notifier = Notifier()
    config, sockets = service.config, _listen(service)
    reloader = Reloader(config, loaded, service.adopt, service.stats, ip_addresses(sockets))
    _print_banner(config, len(store.state.hosts), sockets)
    ticker = PeriodicCallback(service.job.tick, timedelta(seconds=TICK))
    notifier.ready()
    if config.slack.outgoing_tokens or config.slack.signing_secrets:
        asyncio.get_running_loop().run_in_executor(None, mute_ends.prepare)
    tasks = [
        asyncio.create_task(service.poller.run(partial(_restart, ticker))),
        asyncio.create_task(_supervise(service, ticker, store, notifier)),
        asyncio.create_task(_reload_on_change(reloader, reload_requested, notifier)),
        asyncio.create_task(stop.wait()),
    ]
    ended, others = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    log.info("stopping")
    notifier.stopping()
    for task in others:
        task.cancel()
    ticker.stop()
    await _shut_down(service, store)
    for task in ended:
        task.result()  # raises if a task failed: that must not pass for a requested stop


def _restart(ticker: PeriodicCallback) -> None:
    ticker.stop()
    ticker.start()


def _listen(service: Service) -> list[socket.socket]:
    """The sockets on which the server now listens. Raises ConfigError or OSError."""
    config = service.config
    sockets = listening_sockets(config.listen.address, config.listen.port)
    check_exposed(config, ip_addresses(sockets))
    _warn_if_unencrypted(config, ip_addresses(sockets))
    service.server.add_sockets(sockets)
    return sockets


def _warn_if_unencrypted(config: Config, listening: Collection[str]) -> None:
    """Warn about what systemd listens on: what the configuration says has been reported."""
    if not is_unencrypted(config, config.listen.address):
        for address in listening:
            if is_unencrypted(config, address):
                log.warning("systemd listens on %s: %s", address, UNENCRYPTED)


def _print_banner(config: Config, hosts: int, sockets: Collection[socket.socket]) -> None:
    print(*banner(config, hosts, addresses(sockets)), sep="\n", flush=True)
    if error := streams.write_error():
        log.warning("%s; what is printed there is lost", error)


async def _shut_down(service: Service, store: Store) -> None:
    """Answer first: closing the connections would break the requests in flight, though they are saved."""
    service.server.stop()
    service.end_streams()
    await service.server.drain(DRAIN_TIMEOUT)
    await service.job.finish(DRAIN_TIMEOUT)
    await service.responder.finish(DRAIN_TIMEOUT)
    await store.close()  # finishes the last save, and with it the last answers
    await asyncio.sleep(0)
    await service.server.close_all_connections()


async def _supervise(service: Service, ticker: PeriodicCallback, store: Store, notifier: Notifier) -> None:
    """Check on everything each second, by the monotonic clock, until another process replaces the state."""
    while not store.replaced:
        begun = time.monotonic()
        await asyncio.sleep(TICK)
        service.stats.lag.observe(max(0, time.monotonic() - begun - TICK))
        service.server.sweep()
        store.tick()
        warn_of_missing_credentials(service.stats)
        logs.report_suppressed()
        problems = service.problems()
        service.show(problems)
        if notifier.wants_status(problems):
            notifier.status(service.summary(), problems)
        if time.monotonic() - service.job.ticked > STALLED_AFTER:  # such as after the wall clock was set back
            log.warning("digest timer stalled; restarting it")
            _restart(ticker)
        elif store.problem() is None:
            notifier.alive()


async def _reload_on_change(reloader: Reloader, reload_requested: asyncio.Event, notifier: Notifier) -> None:
    """Reload the configuration when it changes, and at once on SIGHUP."""
    while True:
        try:
            async with asyncio.timeout(TICK):
                await reload_requested.wait()
        except TimeoutError:
            await reloader.poll()
        else:
            reload_requested.clear()
            notifier.reloading()
            await reloader.reload()
            notifier.ready()
