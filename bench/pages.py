"""The web page: what it costs the loop, and deliveries that arrive meanwhile."""

import asyncio
import gc
import gzip
import statistics
import time
from collections.abc import Awaitable, Callable
from contextlib import ExitStack
from datetime import timedelta
from http.client import HTTPConnection
from pathlib import Path
from typing import NamedTuple

from bench.inside import turn_times
from bench.load import load
from bench.report import Row
from bench.servers import Server, product
from bench.states import make_state, name, opened, state_in, write_state
from bench.watchers import Watchers
from handlers.page_events import MAX_STREAMS
from hosts.model import Patch
from page.rendering import assets
from tests.pages import PageService, pages_of

HOSTS, PAST, DOWN = 10_000, 20, 20
# Everything that looks at all hosts, and pages that nobody has asked for before.
PATHS = (
    *("/", "/?page=2", "/?sort=name", "/?sort=up", "/?sort=up&page=3", "/?q=99", "/?q=*9*", "/?state=up"),
    *(f"/host?name={name(0)}", "/host?name=hast-000003", f"/api/host?name={name(0)}", "/api/hosts?page=4"),
    *("/api/incidents", "/api/incidents.csv", "/api/incidents?open=true", "/badge.svg", "/feed.xml"),
)
REPEATS = 200
WARM_UP, SLICES = 3, 20  # seconds of load for each server


class Used(NamedTuple):
    """What a server did under load, and the processor time that it took."""

    seconds: float
    deliveries: int


class Answer(NamedTuple):
    """What matters here about an answer."""

    status: int
    etag: str
    body: bytes


def pages(folder: Path, rounds: int) -> list[Row]:
    return [
        *asyncio.run(_sizes(folder)),
        *asyncio.run(_within(_prepared(folder / "pages", HOSTS, PAST), rounds)),
        _beside_deliveries(folder, rounds),
        _memory(folder),
    ]


async def _within(place: Path, rounds: int) -> list[Row]:
    longest_turn = await _longest_turn(place, rounds)
    service = _service(place)
    rows = [
        Row("500 of 10,000 hosts that nobody has looked at, ms", await _first_looks(service), 300, 200),
        longest_turn,
        Row("processor time of a page that has not changed (304), ms", [await _unchanged(service)], 0.5, 0.4),
        Row(
            "a change on the page of whoever watches 10,000 hosts, ms", await _changes(service), 1_500, 1_000
        ),
        Row(f"one message to {MAX_STREAMS} streams, ms of one turn", await _message(service), 4, 3),
    ]
    await service.close()
    return rows


def _prepared(place: Path, hosts: int, past: int) -> Path:
    """A state with some hosts down, and that many past incidents of each spread over 90 days."""
    state = make_state(hosts, past, timedelta(days=90) / past)
    for number in range(DOWN):
        state.hosts[name(number)] = opened(state.hosts[name(number)], number)
    write_state(place / "state.json", state)
    return place


def _service(place: Path) -> PageService:
    service = PageService(place)
    gc.freeze()
    gc.set_threshold(3_000, 300, 50)  # as the server does
    return service


async def _sizes(folder: Path) -> list[Row]:
    service = _service(_prepared(folder / "sizes", 500, 3))
    page = await asyncio.to_thread(ask, service.port, "/")
    await service.close()
    return [
        Row(
            "500 hosts with 3 outages each as they are, kB", [len(gzip.decompress(page.body)) / 1e3], 450, 400
        ),
        Row("the same as they are sent, kB", [len(page.body) / 1e3], 40, 25),
        Row("the style as it is sent, kB", [len(assets()["page.css"].compressed) / 1e3], 6, 5),
        Row("the script as it is sent, kB", [len(assets()["page.js"].compressed) / 1e3], 4, 3.5),
    ]


async def _first_looks(service: PageService) -> list[float]:
    times = []
    for page in range(5, 13):
        began = time.perf_counter()
        await asyncio.to_thread(ask, service.port, f"/?page={page}")
        times.append(_ms_since(began))
    return times


async def _longest_turn(place: Path, rounds: int) -> Row:
    """Return the longest turns of the worst page, one for each round with a new server."""
    longest: dict[str, list[float]] = {path: [] for path in PATHS}
    for _ in range(rounds):
        service = _service(place)
        for path, times in longest.items():
            times.append(1e3 * max(await turn_times(_asking(service, path))))
        await service.close()
    worst = max(longest, key=lambda path: statistics.median(longest[path]))
    measurement = f"loop held up by any page, 10,000 hosts, {PAST} past incidents each ({worst}), ms"
    return Row(measurement, longest[worst], 5, 3)


def _asking(service: PageService, path: str) -> Callable[[], Awaitable[None]]:
    async def look() -> None:
        assert (await asyncio.to_thread(ask, service.port, path)).status in (200, 404)

    return look


async def _unchanged(service: PageService) -> float:
    """Over a connection that is kept open."""
    service.stop_clock()
    known = await asyncio.to_thread(ask, service.port, "/")
    began = time.thread_time()
    await asyncio.to_thread(_ask_again, service.port, known.etag)
    service.stopped_at = None
    return (time.thread_time() - began) * 1e3 / REPEATS


def _ask_again(port: int, etag: str) -> None:
    connection = HTTPConnection("127.0.0.1", port)
    for _ in range(REPEATS):
        assert _ask(connection, "/", {"If-None-Match": etag}).status == 304
    connection.close()


async def _changes(service: PageService) -> list[float]:
    """From the moment it is on the disk to the page that shows it, as fast as somebody may ask."""
    times = []
    for number in range(DOWN, DOWN + 8):
        host = service.store.state.hosts[name(number)]
        patch = Patch({host.name: opened(host, number)})
        await service.store.commit(lambda _, patch=patch: patch)  # type: ignore[misc]
        began = time.perf_counter()
        await _until_down(service, host.name)
        times.append(_ms_since(began))
    return times


async def _until_down(service: PageService, host: str) -> None:
    """While a newer page would take too much time, the last one is sent."""
    row = f'class="down" data-host="{host}"'.encode()
    page = b""
    while row not in page:
        page = gzip.decompress((await asyncio.to_thread(ask, service.port, "/")).body)


async def _message(service: PageService) -> list[float]:
    """All of them wake in the same turn."""
    streams, times = pages_of(service).boards.streams, []
    with Watchers(service.port, MAX_STREAMS, askers=0) as watchers:
        await asyncio.to_thread(watchers.wait)
        for _ in range(9):
            streams.notify()
            times.append(1e3 * max(await turn_times(lambda: asyncio.sleep(0.02))))
    return times


def _beside_deliveries(folder: Path, rounds: int) -> Row:
    shares = [_left_to_deliveries(folder / f"watched {number}") for number in range(rounds)]
    measurement = f"deliveries with {MAX_STREAMS} streams and 200 people who ask ÷ without"
    return Row(measurement, shares, 0.95, 0.98, at_least=True)


def _left_to_deliveries(folder: Path) -> float:
    """The share of the processor that people who look leave to deliveries.

    Two servers are loaded in turn, so that the machine is as fast for one as for the other; people look at
    one of them all the time. What that one uses in addition, for the same number of deliveries, is what
    people take. Both are new: minutes of load give every host more incidents than it has in years.
    """
    with ExitStack() as stack:
        servers = [product(state_in(folder / name, 1_000, PAST)) for name in ("watched", "alone")]
        for server in servers:
            stack.callback(server.stop)
            load(server, 1_000, 64, 1)
        assert ask(_port(servers[0]), "/").status == 200  # they have looked before
        watchers = stack.enter_context(Watchers(_port(servers[0]), MAX_STREAMS, askers=200))
        watchers.wait()
        _loaded_in_turn(servers, WARM_UP)
        began = time.perf_counter()
        watched, alone = _loaded_in_turn(servers, SLICES)
        took = time.perf_counter() - began
    return 1 - (watched.seconds - alone.seconds * watched.deliveries / alone.deliveries) / took


def _loaded_in_turn(servers: list[Server], slices: int) -> list[Used]:
    """For a second each. What a server does while another is loaded counts as well."""
    before = [server.processor_seconds() for server in servers]
    loads = [[load(server, 1_000, 64, 1).requests for server in servers] for _ in range(slices)]
    each = zip(servers, before, zip(*loads, strict=True), strict=True)
    return [Used(server.processor_seconds() - since, sum(requests)) for server, since, requests in each]


def _memory(folder: Path) -> Row:
    server = product(state_in(folder / "looked at", HOSTS, PAST))
    try:
        ask(_port(server), "/badge.svg?name=none")
        before = server.resident_mb()
        for page in range(1, HOSTS // 500 + 1):
            assert ask(_port(server), f"/?page={page}").status == 200
        grown = server.resident_mb() - before
    finally:
        server.stop()
    return Row(
        f"memory left by a look at every page of 10,000 hosts, {PAST} past incidents each, MB",
        [grown],
        15,
        10,
    )


def _port(server: Server) -> int:
    return int(server.url.rpartition(":")[2])


def ask(port: int, path: str) -> Answer:
    connection = HTTPConnection("127.0.0.1", port, timeout=60)
    try:
        return _ask(connection, path)
    finally:
        connection.close()


def _ask(connection: HTTPConnection, path: str, headers: dict[str, str] | None = None) -> Answer:
    connection.request("GET", path, headers={"Accept-Encoding": "gzip", **(headers or {})})
    answer = connection.getresponse()
    return Answer(answer.status, answer.headers.get("ETag", ""), answer.read())


def _ms_since(began: float) -> float:
    return (time.perf_counter() - began) * 1e3
