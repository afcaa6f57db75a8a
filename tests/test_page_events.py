"""The stream: it says that something has changed, and nothing else; it is bounded and burdens nobody."""

import asyncio
import math
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager, closing
from http.client import HTTPConnection
from pathlib import Path
from types import SimpleNamespace

import pytest
import pytest_asyncio

from handlers import page_events, page_throttle
from handlers.page_events import MAX_STREAMS
from hosts.incident import Person
from hosts.model import Action, AuditEntry, Patch
from tests.builders import NOON, opened
from tests.pages import MakePage, PageService, pages_of, plant_problem
from tests.program import QUICK, running
from tests.support import PATIENCE, LoopClock, incident_body, until

REQUEST = b"GET /events HTTP/1.1\r\nHost: localhost\r\n\r\n"


class Reader:
    """A browser at the other end of a stream."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader = reader
        self._writer = writer

    async def begin(self) -> None:
        self._writer.write(REQUEST)
        head = await asyncio.wait_for(self._reader.readuntil(b"\r\n\r\n"), PATIENCE)
        self.head = head.decode()
        if self.head.startswith("HTTP/1.1 200"):
            assert await self._chunk() == "retry: 2000\n\n"

    def close(self) -> None:
        self._writer.close()

    async def word(self) -> str:
        """Of the next event; empty at the end of the stream."""
        chunk = await self._chunk()
        if not chunk:
            return ""
        name, data, *rest = chunk.split("\n")
        assert (data, rest) == ("data:", ["", ""])
        return name.removeprefix("event: ")

    async def _chunk(self) -> str:
        try:
            size = int(await asyncio.wait_for(self._reader.readuntil(b"\r\n"), PATIENCE), 16)
            return (await self._reader.readexactly(size + 2))[:-2].decode()
        except asyncio.IncompleteReadError:
            return ""


@asynccontextmanager
async def reading(service: PageService) -> AsyncIterator[Reader]:
    reader = Reader(*await asyncio.open_connection("127.0.0.1", service.port))
    with closing(reader):
        await reader.begin()
        yield reader


@pytest_asyncio.fixture
async def service(make_page: MakePage) -> AsyncIterator[PageService]:
    service = make_page()
    yield service
    pages_of(service).close()


async def test_it_says_that_something_has_changed_and_nothing_else(service: PageService) -> None:
    async with reading(service) as reader:
        head = reader.head.lower()
        assert "content-type: text/event-stream" in head
        assert "cache-control: no-store" in head
        assert "x-accel-buffering: no" in head
        assert "content-security-policy" in head
        await service.deliver(incident_body())
        assert await reader.word() == "news"


async def test_what_changes_nothing_is_no_news(service: PageService, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(page_events, "TICK", 0.2)
    await service.deliver(incident_body())
    async with reading(service) as reader:
        await service.deliver(incident_body())
        assert [await reader.word(), await reader.word()] == ["tick", "tick"]


async def test_many_changes_are_one_signal_a_second(
    service: PageService, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Seconds are minutes here, so that none passes by itself."""
    monkeypatch.setattr(page_events, "NEWS_PAUSE", 60 * page_events.NEWS_PAUSE)
    monkeypatch.setattr(page_events, "TICK", 60 * page_events.TICK)
    clock = LoopClock(monkeypatch)
    await clock.advance(page_events.NEWS_PAUSE)  # a machine may have been up for less
    async with reading(service) as reader:
        for number in range(11):
            await service.record(opened(f"0.{number}", f"h{number}.test"))
            if not number:
                assert await reader.word() == "news"
        await clock.advance(page_events.NEWS_PAUSE)
        assert await reader.word() == "news"
        await clock.advance(page_events.TICK)
        assert await reader.word() == "tick"


async def test_it_ends_after_a_while(service: PageService, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(page_events, "LONGEST", 0.2)
    async with reading(service) as reader:
        assert await reader.word() == ""


async def test_who_is_gone_makes_room(service: PageService, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(page_events, "MAX_STREAMS", 1)
    async with reading(service), reading(service) as other:
        assert other.head.startswith("HTTP/1.1 204")
    await until(pages_of(service).boards.streams.has_room)
    async with reading(service) as reader:
        assert reader.head.startswith("HTTP/1.1 200")


async def test_a_client_that_connects_while_streams_end_is_asked_to_reconnect(
    service: PageService, monkeypatch: pytest.MonkeyPatch
) -> None:
    """After a reload or a restart there is room."""
    monkeypatch.setattr(page_events, "MAX_STREAMS", 0)
    pages_of(service).close()
    async with reading(service) as reader:
        assert reader.head.startswith("HTTP/1.1 200")
        assert await reader.word() == ""


async def stop_without_a_deadline(service: PageService) -> None:
    """Nothing but the end of every connection ends it."""
    service.server.stop()
    pages_of(service).close()
    await asyncio.wait_for(service.server.drain(math.inf), PATIENCE)


def begin_pause(service: PageService, monkeypatch: pytest.MonkeyPatch, seconds: float) -> Callable[[], None]:
    """Pages have taken so much time that they pause, until what is returned is called."""
    clock, throttle = SimpleNamespace(monotonic=lambda: 0.0), pages_of(service).boards.throttle
    monkeypatch.setattr(page_throttle, "time", clock)
    monkeypatch.setattr(page_throttle, "PATIENCE", 0)
    throttle._begun, throttle._costs = 0.0, [seconds / page_throttle.PAUSE_RATIO] * 3

    def end() -> None:
        clock.monotonic = lambda: 2 * seconds

    return end


async def test_while_pages_take_too_much_time_the_last_one_is_sent_until_streams_are_signalled(
    service: PageService, monkeypatch: pytest.MonkeyPatch
) -> None:
    await service.record(opened("0", "early.test"))
    _, first, _ = await service.get("/")
    pause = 0.1
    end_pause = begin_pause(service, monkeypatch, pause)
    await service.record(opened("1", "late.test"))
    async with reading(service) as reader:
        status, last, page = await service.get("/")
        assert (status, last["etag"], b"late" in page) == (200, first["etag"], False)
        assert (await service.get("/", **{"If-None-Match": last["etag"]}))[0] == 304
        told = asyncio.create_task(reader.word())
        await asyncio.sleep(2 * pause)
        assert not told.done()
        end_pause()
        assert await told == "news"
        assert b"late" in (await service.get("/", **{"If-None-Match": last["etag"]}))[2]


async def test_a_client_with_a_page_from_before_a_problem_is_signalled_once_it_can_be_shown(
    service: PageService, monkeypatch: pytest.MonkeyPatch
) -> None:
    """However late the stream was opened."""
    await service.get("/")
    end_pause = begin_pause(service, monkeypatch, 0.1)
    plant_problem(service, "something is wrong")
    pages_of(service).boards.problems_changed()
    async with reading(service) as reader:
        assert b"something is wrong" not in (await service.get("/"))[2]
        end_pause()
        assert await reader.word() == "news"
        assert b"something is wrong" in (await service.get("/"))[2]


async def test_the_last_page_is_sent_without_any_wait(
    service: PageService, monkeypatch: pytest.MonkeyPatch
) -> None:
    await service.get("/")
    begin_pause(service, monkeypatch, PATIENCE)
    await service.record(opened("1", "a.test"))
    monkeypatch.setattr(page_throttle.Throttle, "wait", lambda _: asyncio.Future())
    status, _, page = await asyncio.wait_for(service.get("/"), PATIENCE)
    assert (status, b"a.test" in page) == (200, False)


async def test_a_host_page_from_a_while_ago_is_consistent(
    service: PageService, monkeypatch: pytest.MonkeyPatch
) -> None:
    await service.record(opened("1", "a.test"))
    await service.get("/")
    begin_pause(service, monkeypatch, PATIENCE)
    done = AuditEntry(Action.REMOVE, "a.test", Person("U1", "Mina"), NOON)
    await service.change(lambda _: Patch(log=(done,)))
    status, _, page = await service.get("/host?name=a.test")
    assert (status, b"Mina" in page) == (200, False)


async def test_streams_are_signalled_about_what_somebody_else_was_shown_first(
    service: PageService, monkeypatch: pytest.MonkeyPatch
) -> None:
    await service.get("/")
    async with reading(service) as reader:
        end_pause = begin_pause(service, monkeypatch, PATIENCE)
        await service.record(opened("1", "a.test"))
        end_pause()
        assert b"a.test" in (await service.get("/"))[2]
        assert await reader.word() == "news"


async def test_with_all_streams_open_everybody_is_answered_and_they_end_when_the_program_does(
    service: PageService,
) -> None:
    async with AsyncExitStack() as stack:
        readers = [await stack.enter_async_context(reading(service)) for _ in range(MAX_STREAMS)]
        assert (await service.deliver(incident_body()))[0] == 200
        assert (await service.get("/"))[0] == 200
        assert {await reader.word() for reader in readers} == {"news"}
        await stop_without_a_deadline(service)
        assert not service.server.responding
        assert {await reader.word() for reader in readers} <= {"", "tick"}


async def test_a_reader_that_never_reads_holds_nobody_up(
    service: PageService, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(page_events, "START", b": full\n" * 2_000_000)  # more than any buffer takes
    _, writer = await asyncio.open_connection("127.0.0.1", service.port)
    writer.write(REQUEST)
    await until(lambda: any(stream._is_writing for stream in pages_of(service).boards.streams.open))
    assert (await service.deliver(incident_body()))[0] == 200
    await stop_without_a_deadline(service)
    writer.close()


def test_a_rejected_edit_is_news(tmp_path: Path) -> None:
    with (
        running(tmp_path, *QUICK) as program,
        closing(HTTPConnection(program.url.removeprefix("http://"), timeout=PATIENCE)) as browser,
    ):
        browser.request("GET", "/events")
        stream = browser.getresponse()
        with program.config.open("a") as file:
            file.write("langage: ko\n")
        problems: list[str] = []
        while not problems:  # the first digest is news, too
            assert next(line for line in stream if line.startswith(b"event")) == b"event: news\n"
            problems = program.request("/api/hosts", None, {})[1]["problems"]
    assert "langage" in problems[0]
