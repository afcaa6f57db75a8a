"""The board that all pages show: made when one is asked for, in short turns of the loop, and shared."""

import asyncio
from collections.abc import Callable, Collection
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from typing import NamedTuple

from config import Config
from digest.job import DigestJob
from digest.summary import summarizing
from handlers.page_events import EventStreams
from handlers.page_throttle import Throttle
from hosts.identity import never_reported
from hosts.problems import Problem
from page.board import Board
from page.lists import Head, head
from page.rendering import load_templates
from state.store import Store
from turns import turn


class PageVersion(NamedTuple):
    """What a page depends on besides its address: while it is the same, so is the page."""

    state: int  # the store's version
    minute: int
    problems: tuple[Problem, ...]


class BoardSnapshot(NamedTuple):
    """How everything stood in a version, and what all pages that show it begin with."""

    version: PageVersion
    board: Board
    head: Head


class Boards:
    """Makes boards, one at a time, and keeps the latest."""

    def __init__(self, config: Config, store: Store, job: DigestJob, now: Callable[[], datetime]) -> None:
        self._config = config
        self._store = store
        self._job = job
        self._now = now
        self.throttle = Throttle()
        self.streams = EventStreams(store, self.throttle.left)
        self.making = asyncio.Lock()  # held while a board or an answer is made, from end to end
        self._problems: tuple[Problem, ...] = ()  # looked up for each board, and when they change
        self._last: asyncio.Task[BoardSnapshot] | None = None  # makes the latest board, or has made it
        self._last_version: PageVersion | None = None
        self._next: asyncio.Task[BoardSnapshot] | None = None  # will make one of the state as it is by then
        self._has_templates = False
        store.watchers.add(self._changed)

    def close(self) -> None:
        """Stop throttling: make at once whatever was asked for."""
        self.throttle.close()
        self.streams.close()
        self._store.watchers.discard(self._changed)

    def problems_changed(self) -> None:
        """Look them up, and tell open pages, which will ask within a second."""
        self._problems = tuple(self._job.problems())
        self.streams.changed()

    async def latest(self) -> BoardSnapshot:
        """Return how everything stands now, or a little later. All who wait for it share it.

        While pages take too much time, it is how everything stood a few seconds ago; open pages are then
        signalled as soon as a newer one can be made.
        """
        task = self._task()
        if not task.done():
            await asyncio.shield(task)
            await turn()
        snapshot = task.result()
        if snapshot.version != self._version():
            self.streams.changed()
        return snapshot

    def _version(self) -> PageVersion:
        return PageVersion(self._store.version, int(self._now().timestamp()) // 60, self._problems)

    def _task(self) -> asyncio.Task[BoardSnapshot]:
        """Return the task that makes, or has made, the board for whoever asks now."""
        if self._last and _has_failed(self._last):
            self._last = None
        if self._last and self.throttle.is_too_long_to_wait():
            return self._last
        if self._next is None or self._next.done():
            if self._last and self._last_version == self._version():
                return self._last
            self._next = asyncio.create_task(self._make())
        return self._next

    async def _make(self) -> BoardSnapshot:
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
            return await self._make_now()

    async def _make_now(self) -> BoardSnapshot:
        self.throttle.begin()
        self._problems = tuple(self._job.problems())
        self._last_version = version = self._version()
        self.streams.renewed()
        config, state = self._config, self._store.state.snapshot()
        summing_up = summarizing(
            state,
            self._now(),
            notified=state.edition,  # so that nothing is news
            problems=version.problems,
            doubt_after=config.doubt_after,
            hosts=config.hosts,
        )
        # Between these steps a bare sleep gives way; `turn` would also queue behind all other computations.
        digest = await self.throttle.run(summing_up)
        await asyncio.sleep(0)
        heard = self._job.last_heard()
        await asyncio.sleep(0)
        unreported = never_reported(config.hosts, state.hosts)
        await asyncio.sleep(0)
        board = await self.throttle.run(Board.making(digest, state, unreported))
        await asyncio.sleep(0)
        return BoardSnapshot(version, board, head(board, heard, config.language, config.locale))

    def _changed(self, _: Collection[str]) -> None:
        """Drop at once what nobody will get any more: the next request may be a long time coming."""
        if not self.throttle.left():
            self._last = None


def _has_failed(task: asyncio.Task[BoardSnapshot]) -> bool:
    return task.done() and task.exception() is not None
