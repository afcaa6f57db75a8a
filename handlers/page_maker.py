"""What all pages are made with: the board, rows and answers made before, and short turns of the loop."""

import asyncio
import zlib
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Collection, Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from secrets import token_hex
from types import MappingProxyType
from typing import Any, NamedTuple, TypeVar

from config import Config
from digest.health import Stats
from digest.job import DigestJob
from digest.summary import summarizing
from handlers.page_events import EventStreams
from handlers.page_throttle import Throttle
from hosts.identity import never_reported
from hosts.model import Host
from hosts.problems import Problem
from page.board import Board
from page.figures import detached, uptime_share
from page.lists import Head, Selection, head, select
from page.query import Query, Sort
from page.rendering import load_templates, render_row
from page.rows import Rows
from slack.nearest import finding_nearest
from slack.spellings import host_name, unformatted
from state.store import Store
from turns import Steps, in_turns, sorting, turn

MAX_ANSWERS = 32
MAX_ASKING = 128  # requests at once: together with all streams, they leave connections for deliveries
LEVEL, GZIP = 3, 31  # zlib's level, and its window bits for a gzip header
MONTH = timedelta(days=30)
NO_HEADERS: Mapping[str, str] = MappingProxyType({})  # besides those that every answer has

T = TypeVar("T")


class PageVersion(NamedTuple):
    """What a page depends on besides its address: while it is the same, so is the page."""

    state: int  # the store's version
    minute: int
    problems: tuple[Problem, ...]


class Made(NamedTuple):
    """How everything was in a version, and what all pages that show it begin with."""

    version: PageVersion
    board: Board
    head: Head


class Answer(NamedTuple):
    """What is sent to everybody who asks the same and may see as much."""

    compressed: bytes
    headers: Mapping[str, str]


class PageMaker:
    """One for each configuration that was in use."""

    def __init__(
        self, config: Config, store: Store, job: DigestJob, stats: Stats, now: Callable[[], datetime]
    ) -> None:
        self.config = config
        self.locale = config.locale
        self.store = store
        self.job = job
        self.stats = stats
        self._now = now
        self._problems: tuple[Problem, ...] = ()  # looked up for each board, and when they change
        self.token = token_hex(8)  # versions mean something else in another process or configuration
        self.throttle = Throttle()
        self.streams = EventStreams(store, self.throttle.left)
        self.asking: set[object] = set()  # the requests that wait for something to be made
        self.making = asyncio.Lock()  # held while a board or an answer is made, from end to end
        self.rows = Rows(render_row, self.locale)
        self._last: asyncio.Task[Made] | None = None  # makes the latest board, or has made it
        self._last_version: PageVersion | None = None
        self._next: asyncio.Task[Made] | None = None  # will make a board of the state as it is by then
        self._answers: OrderedDict[tuple[object, ...], Any] = OrderedDict()
        self._shares: tuple[datetime, dict[str, tuple[Host, float]]] = (now(), {})
        self._has_templates = False
        store.watchers.add(self._changed)

    def close(self) -> None:
        """Stop throttling: make at once whatever was asked for."""
        self.throttle.close()
        self.streams.close()
        self.store.watchers.discard(self._changed)

    def has_room(self) -> bool:
        """Whether one more may wait: others would take the last connections from Google and Slack."""
        return len(self.asking) < MAX_ASKING

    def problems_changed(self) -> None:
        """Look them up, and tell open pages, which will ask within a second."""
        self._problems = tuple(self.job.problems())
        self.streams.changed()

    def version(self) -> PageVersion:
        return PageVersion(self.store.version, int(self._now().timestamp()) // 60, self._problems)

    async def board(self) -> Made:
        """Return how everything stands now, or a little later. All who wait for it share it.

        While pages take too much time, it is how everything stood a few seconds ago; open pages are then
        signalled as soon as a newer one can be made.
        """
        board = self._board()
        if not board.done():
            await asyncio.shield(board)
            await turn()
        made = board.result()
        if made.version != self.version():
            self.streams.changed()
        return made

    def _board(self) -> asyncio.Task[Made]:
        """Return the task that makes, or has made, the board for whoever asks now."""
        if self._last and _has_failed(self._last):
            self._last = None
        if self._last and self.throttle.is_too_long_to_wait():
            return self._last
        if self._next is None or self._next.done():
            if self._last and self._last_version == self.version():
                return self._last
            self._next = asyncio.create_task(self._make_board())
        return self._next

    async def remembered(self, key: tuple[object, ...], make: Callable[[], Awaitable[T]]) -> T:
        """What was made for `key`, perhaps for somebody who asked before."""
        if key not in self._answers:
            async with self.making:
                if key not in self._answers:
                    self._answers[key] = await make()
        answer: T = self._answers[key]
        self._answers.move_to_end(key)
        while len(self._answers) > MAX_ANSWERS:
            self._answers.popitem(last=False)
        return answer

    async def in_turns(self, items: Iterable[T]) -> list[T]:
        """Make all items of a lazy sequence, giving way to others in between and before the first one."""

        def making() -> Steps[list[T]]:
            made = []
            for item in items:
                made.append(item)
                yield
            return made

        return await self._made(making())

    async def answer(self, pieces: Iterable[bytes], headers: Mapping[str, str] = NO_HEADERS) -> Answer:
        return Answer(b"".join(await self.in_turns(_compressing(pieces))), headers)

    async def select(self, board: Board, query: Query) -> Selection:
        """The hosts that match, in the requested order, and the requested page of them."""
        found = await self.in_turns(board.matching(query))
        if query.sort is Sort.NAME:
            found = await self._made(sorting(found, board.folded))
        if query.sort is Sort.UP:
            shares = await self.in_turns(self._share(board, key) for key in found)
            found = await self._made(sorting(found, dict(zip(found, shares, strict=True)).__getitem__))
        return select(found, query.page)

    async def nearest(self, name: str, made: Made) -> list[str]:
        """Return names of hosts that an unknown name may stand for."""
        key = ("nearest", made.version, name)
        return await self.remembered(key, lambda: self._nearest(name, made.board))

    async def _nearest(self, name: str, board: Board) -> list[str]:
        names = dict(await self.in_turns(board.names()))
        found = await self._made(finding_nearest(host_name(unformatted(name)), names))
        return [names[title] for title in found]

    async def _make_board(self) -> Made:
        if not self._has_templates:
            with ThreadPoolExecutor(1) as thread:  # compiling them would hold up the loop
                await asyncio.get_running_loop().run_in_executor(thread, load_templates)
            self._has_templates = True
        await self.throttle.wait()
        if self._last and self.throttle.left():  # a page made meanwhile took much more time than those before
            self._next = None
            return await self._last
        async with self.making:
            self._last, self._next = self._next, None
            return await self._make_board_now()

    async def _make_board_now(self) -> Made:
        self.throttle.begin()
        self._problems = tuple(self.job.problems())
        self._last_version = version = self.version()
        self.streams.renewed()
        config, state = self.config, self.store.state.snapshot()
        summing_up = summarizing(
            state,
            self._now(),
            notified=state.edition,  # so that nothing is news
            problems=version.problems,
            doubt_after=config.doubt_after,
            hosts=config.hosts,
        )
        digest = await self._made(summing_up)
        await asyncio.sleep(0)
        heard = max(filter(None, (self.job.last_delivery(), self.job.last_incident())), default=None)
        await asyncio.sleep(0)
        unreported = never_reported(config.hosts, state.hosts)
        await asyncio.sleep(0)
        board = await self._made(Board.making(digest, state, unreported))
        await asyncio.sleep(0)
        return Made(version, board, head(board, heard, config.language, self.locale))

    async def _made(self, steps: Steps[T]) -> T:
        return await in_turns(steps, self.throttle.charge)

    def _share(self, board: Board, key: str) -> float:
        """Return the uptime of 30 days, 2 if unknown. Computed once an hour while the host stays as it is."""
        hour = board.now.replace(minute=0, second=0, microsecond=0)
        if self._shares[0] != hour:
            self._shares = hour, {}
        shares, host = self._shares[1], board.entry(key).host
        made_of, share = shares.get(key, (None, 0.0))
        if made_of is not host:
            known = uptime_share(detached(host), board.now, MONTH)
            share = 2.0 if known is None else known
            shares[key] = host, share
        return share

    def _changed(self, hosts: Collection[str]) -> None:
        """Drop at once what nobody will get any more: the next request may be a long time coming."""
        if not self.throttle.left():
            self._last = None
        self.rows.forget(hosts)
        for host in hosts:
            self._shares[1].pop(host, None)


def _has_failed(task: asyncio.Task[Made]) -> bool:
    return task.done() and task.exception() is not None


def _compressing(pieces: Iterable[bytes]) -> Iterator[bytes]:
    compressor = zlib.compressobj(LEVEL, zlib.DEFLATED, GZIP)
    for piece in pieces:
        yield compressor.compress(piece)
    yield compressor.flush()
