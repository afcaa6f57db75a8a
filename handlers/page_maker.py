"""Makes pages in short turns of the event loop, and caches boards, rows and answers for whoever asks next."""

import zlib
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Collection, Iterable, Iterator, Mapping
from datetime import datetime, timedelta
from itertools import chain
from math import inf
from secrets import token_hex
from typing import Any, NamedTuple, TypeVar

from config import Config
from digest.health import Stats
from digest.job import DigestJob
from handlers.base import NO_HEADERS
from handlers.page_boards import Boards, BoardSnapshot
from hosts.model import Host
from page.board import Board
from page.figures import detached, uptime_share
from page.lists import Selection, select
from page.query import Query, Sort
from page.rendering import render_row
from page.rows import Rows
from slack.nearest import finding_nearest
from slack.spellings import host_name, unformatted
from state.store import Store
from turns import Steps, sorting

MAX_ANSWERS = 32
MAX_ASKING = 128  # requests at once: together with all streams, they leave connections for deliveries
LEVEL, GZIP = 3, 31  # zlib's level, and its window bits for a gzip header
MONTH = timedelta(days=30)

T = TypeVar("T")


class Answer(NamedTuple):
    """What is sent to everybody who asks the same and may see as much."""

    compressed: bytes
    headers: Mapping[str, str]


class PageMaker:
    """Makes all pages of one configuration; a reload makes another one."""

    def __init__(
        self, config: Config, store: Store, job: DigestJob, stats: Stats, now: Callable[[], datetime]
    ) -> None:
        self.config = config
        self.locale = config.locale
        self.store = store
        self.job = job
        self.stats = stats
        self.token = token_hex(8)  # versions mean something else in another process or configuration
        self.boards = Boards(config, store, job, now)
        self.asking: set[object] = set()  # the requests that wait for something to be made
        self.rows = Rows(render_row, self.locale)
        self._answers: OrderedDict[tuple[object, ...], Any] = OrderedDict()
        self._shares: tuple[datetime, dict[str, tuple[Host, float]]] = (now(), {})
        store.watchers.add(self._changed)

    def close(self) -> None:
        """Make at once whatever was asked for."""
        self.boards.close()
        self.store.watchers.discard(self._changed)

    def has_room(self) -> bool:
        """Whether one more may wait: others would take the last connections from Google and Slack."""
        return len(self.asking) < MAX_ASKING

    async def cached(self, key: tuple[object, ...], make: Callable[[], Awaitable[T]]) -> T:
        """Return what `make` returns, or has returned for somebody who asked for the same `key` before."""
        if key not in self._answers:
            async with self.boards.making:
                if key not in self._answers:
                    self._answers[key] = await make()
        answer: T = self._answers[key]
        self._answers.move_to_end(key)
        while len(self._answers) > MAX_ANSWERS:
            self._answers.popitem(last=False)
        return answer

    async def collect(self, items: Iterable[T]) -> list[T]:
        """Return all items of a lazy sequence, computed in turns."""

        def collecting() -> Steps[list[T]]:
            found = []
            for item in items:
                found.append(item)
                yield
            return found

        return await self._run(collecting())

    async def answer(self, pieces: Iterable[bytes], headers: Mapping[str, str] = NO_HEADERS) -> Answer:
        return Answer(b"".join(await self.collect(_compressing(pieces))), headers)

    async def select(self, board: Board, query: Query) -> Selection:
        """The hosts that match, in the requested order, and the requested page of them."""
        by_state = await self._run(board.finding(query))
        found = [*chain.from_iterable(by_state.values())]
        if query.sort is Sort.NAME:
            found = await self._run(sorting(found, board.folded))
        if query.sort is Sort.UP:
            shares = await self.collect(self._share(board, key) for key in found)
            found = await self._run(sorting(found, dict(zip(found, shares, strict=True)).__getitem__))
        counts = {shown: len(keys) for shown, keys in by_state.items()}
        return select(found, query.page, counts)

    async def nearest(self, name: str, snapshot: BoardSnapshot) -> list[str]:
        """Return names of hosts that an unknown name may stand for."""
        key = ("nearest", snapshot.version, name)
        return await self.cached(key, lambda: self._nearest(name, snapshot.board))

    async def _nearest(self, name: str, board: Board) -> list[str]:
        names = dict(await self.collect(board.names()))
        found = await self._run(finding_nearest(host_name(unformatted(name)), names))
        return [names[title] for title in found]

    async def _run(self, steps: Steps[T]) -> T:
        return await self.boards.throttle.run(steps)

    def _share(self, board: Board, key: str) -> float:
        """Return the uptime of 30 days to sort by. Computed once an hour while the host stays as it is."""
        hour = board.now.replace(minute=0, second=0, microsecond=0)
        if self._shares[0] != hour:
            self._shares = hour, {}
        shares, host = self._shares[1], board.entry(key).host
        computed_for, share = shares.get(key, (None, 0.0))
        if computed_for is not host:
            known = uptime_share(detached(host), board.now, MONTH)
            share = inf if known is None else known  # the unknown come last
            shares[key] = host, share
        return share

    def _changed(self, hosts: Collection[str]) -> None:
        """Drop at once what nobody will get any more: the next request may be a long time coming."""
        self.rows.forget(hosts)
        for host in hosts:
            self._shares[1].pop(host, None)


def _compressing(pieces: Iterable[bytes]) -> Iterator[bytes]:
    compressor = zlib.compressobj(LEVEL, zlib.DEFLATED, GZIP)
    for piece in pieces:
        yield compressor.compress(piece)
    yield compressor.flush()
