"""The life cycle: arguments, configuration, lock, state, routes, callbacks, signals; and the way back."""

import argparse
import asyncio
import gc
import logging
import os
import signal
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

from tornado.ioloop import PeriodicCallback

import log
from config import PLACEHOLDER, Channel, Config, ConfigError, format_schedule, load
from digest.job import DigestJob
from digest.outlet import Outlet
from handlers import make_app
from handlers.connections import BoundedHTTPServer
from handlers.listening import listening_sockets
from preview import UnknownChannel, preview
from slack.bulletin import Manner
from slack.client import SlackClient
from slack.languages import LANGUAGES
from slack.sender import SlackSender, TerminalSender
from state.disk import Refused, Replaced
from state.loading import AlreadyRunning, Damaged, open_store
from state.store import Store

HEARTBEAT = 1  # seconds between two looks at the clock
STALLED = 15  # seconds without a heartbeat before it is started again
DRAIN = 2  # seconds for requests in flight when the program is told to stop

# Exit codes, by sysexits.h where it has one.
USAGE = 64
BAD_CONFIG = 78
DAMAGED = 65
CANNOT_START = 71
ALREADY_RUNNING = 75

SAMPLE = (
    '{"incident":{"incident_id":"try-1","state":"open","policy_name":"www uptime failure",'
    '"resource":{"type":"uptime_url","labels":{"host":"www.example.com"}}}}'
)

logger = logging.getLogger("server")


def main(arguments: Sequence[str]) -> int:
    options = _options(arguments)
    log.set_up()
    try:
        config = load(options.config)
    except ConfigError as error:
        print(error, file=sys.stderr)
        return 1 if options.check else BAD_CONFIG
    for warning in config.warnings:
        logger.warning("%s", warning)
    if options.check:
        print(f"{options.config} is good")
        return 0
    if options.preview is not None:
        return _guarded(lambda: preview(config, options.preview, datetime.now(UTC)))
    return _guarded(lambda: _run(config))


def _options(arguments: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Tells Slack how the hosts that Google watches stand.")
    default = Path(__file__).with_name("config.yaml")
    parser.add_argument("--config", type=Path, default=default, metavar="FILE", help="default: %(default)s")
    parser.add_argument("--check", action="store_true", help="only say whether the configuration is good")
    parser.add_argument(
        "--preview",
        nargs="?",
        const="",
        metavar="CHANNEL",
        help="only print the digest that would go out now",
    )
    return parser.parse_args(arguments)


def _run(config: Config) -> None:
    loop = asyncio.new_event_loop()  # asyncio.run would wait at the end for a name lookup that hangs
    loop.run_until_complete(serve(config, lambda: datetime.now(UTC)))


def _guarded(work: Callable[[], None]) -> int:
    """The exit code says who must act: see the table in the README."""
    try:
        work()
    except (AlreadyRunning, Replaced) as error:
        return _give_up(error, ALREADY_RUNNING)
    except UnknownChannel as error:
        return _give_up(error, USAGE)
    except (Damaged, Refused) as error:
        return _give_up(error, DAMAGED)
    except OSError as error:
        return _give_up(error, CANNOT_START)
    return 0


def _give_up(error: Exception, code: int) -> int:
    logger.critical("%s", error)
    return code


async def serve(config: Config, now: Callable[[], datetime]) -> None:
    """Serve until SIGTERM or SIGINT, then answer what is in flight and let go of everything."""
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    # What is known forms no cycles: looking for some in it again and again would hold up the loop.
    gc.disable()
    store = open_store(config.state_file, now())
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
    _greet(config, store, sockets[0].getsockname()[1])
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


def _greet(config: Config, store: Store, port: int) -> None:
    """Where it listens, what it will do, and what to try next."""
    host = f"[{config.listen.address}]" if ":" in config.listen.address else config.listen.address
    address = f"http://{host}:{port}"
    user = (
        f"{config.gcp.username}:{PLACEHOLDER}" if config.gcp.password == PLACEHOLDER else config.gcp.username
    )
    known = f"knowing {len(store.state.hosts)} hosts; its state is {config.state_file}"
    print(f"uptime-check-manager listens on {address}, {known}")
    for channel in config.channels:
        target = "to Slack" if channel.webhook_url else "here, since slack.webhook_url is empty"
        name = f" of channel {channel.name}" if len(config.channels) > 1 else ""
        print(f"It posts the digest{name} {format_schedule(channel.digest.schedule)} {target}.")
    print(f"Try: curl -u {user} {address}/fromGCPMonitoring -d '{SAMPLE}'", flush=True)


if __name__ == "__main__":
    code = main(sys.argv[1:])
    sys.stdout.flush()
    logging.shutdown()
    os._exit(code)  # a name lookup that hangs in its thread must not hold up the end
