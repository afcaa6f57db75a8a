"""Lock, state, routes, callbacks, signals; and the way back."""

import asyncio
import gc
import logging
import signal
import sys
import time
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta

from tornado.ioloop import PeriodicCallback

from config import Channel, Config
from digest.job import DigestJob
from digest.outlet import Outlet
from handlers import make_app
from handlers.connections import BoundedHTTPServer
from handlers.listening import listening_sockets
from lifecycle.greeting import greeting
from slack.bulletin import Manner
from slack.client import SlackClient
from slack.languages import LANGUAGES
from slack.sender import SlackSender, TerminalSender
from state.disk import Replaced
from state.loading import open_store
from state.store import Store

HEARTBEAT = 1  # seconds between two looks at the clock
STALLED = 15  # seconds without a heartbeat before it is started again
DRAIN = 2  # seconds for requests in flight when the program is told to stop

logger = logging.getLogger("server")


async def serve(config: Config, now: Callable[[], datetime]) -> None:
    """Serve until SIGTERM or SIGINT, then answer what is in flight and let go of everything."""
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    store = open_store(config.state_file, now())
    # What is known forms no cycles: looking for some in it again and again would hold up the loop.
    gc.freeze()
    gc.set_threshold(50_000, 20, 50)
    gc.enable()
    clients = {url: SlackClient(url) for url in {channel.webhook_url for channel in config.channels} - {""}}
    try:
        outlets = {channel.name: _outlet(config, channel, clients) for channel in config.channels}
        await _serve(config, store, DigestJob(store, config, outlets, now), now, stop)
    finally:
        await store.close()
        for client in clients.values():
            client.close()
    if store.replaced:
        raise Replaced(f"{config.state_file} was replaced by somebody else; start again to go on with it")


async def _serve(
    config: Config, store: Store, job: DigestJob, now: Callable[[], datetime], stop: asyncio.Event
) -> None:
    await job.begin()
    server = BoundedHTTPServer(make_app(config, store, job, now))
    sockets = listening_sockets(config.listen.address, config.listen.port)
    server.add_sockets(sockets)
    print(*greeting(config, len(store.state.hosts), sockets[0].getsockname()[1]), sep="\n", flush=True)
    heartbeat = PeriodicCallback(job.tick, timedelta(seconds=HEARTBEAT))
    heartbeat.start()
    watch = asyncio.create_task(_watch(server, heartbeat, job, store))
    await asyncio.wait([watch, asyncio.create_task(stop.wait())], return_when=asyncio.FIRST_COMPLETED)
    logger.info("stopping")
    server.stop()
    watch.cancel()
    heartbeat.stop()
    await server.drain(DRAIN)
    await job.finish(DRAIN)
    await store.close()  # finishes the last save, and with it the last answers
    await asyncio.sleep(0)
    await server.close_all_connections()


async def _watch(
    server: BoundedHTTPServer, heartbeat: PeriodicCallback, job: DigestJob, store: Store
) -> None:
    """Every second, by a clock that nobody sets. Ends when another writer owns the state."""
    while not store.replaced:
        await asyncio.sleep(HEARTBEAT)
        server.sweep()
        if time.monotonic() - job.ticked > STALLED:  # as after the wall clock went back
            logger.warning("the heartbeat stood still; starting it again")
            heartbeat.stop()
            heartbeat.start()


def _outlet(config: Config, channel: Channel, clients: Mapping[str, SlackClient]) -> Outlet:
    manner = Manner(config.timezone, LANGUAGES[channel.language], config.alerts.mention)
    if channel.webhook_url:
        return SlackSender(clients[channel.webhook_url], manner)
    return TerminalSender(sys.stdout, manner)
