"""The store: owns the state, makes every change durable before it is visible, reports a hanging disk."""

import asyncio
import logging
import time
from collections.abc import Callable, Collection, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import NamedTuple, TypeVar

from hosts.identity import in_full
from hosts.incident import Ending
from hosts.model import NOTHING, Change, Patch, State, Status, apply
from hosts.problems import Problem, ProblemKind
from state.atomic_file import AtomicFile, StateReplaced
from state.encoding import encode_head, encode_host
from state.histogram import Histogram
from state.lines import Lines
from state.notices import Notice, marker_name, notice
from state.transaction import Commit, overlaid

log = logging.getLogger("store")

V = TypeVar("V")
SAVE_TIMEOUT = 10  # seconds; a save takes milliseconds
RETRY_SECONDS = 5  # after a failed save, unless a change arrives sooner
CHECK_SECONDS = 30  # between checks that the file is still in place, unless a change arrives sooner
SAVE_BUCKETS = (0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.5, 1, 5)  # seconds
BATCH_BUCKETS = (1, 2, 5, 10, 20, 50, 100, 200)  # changes
COALESCE_TURNS = 3  # turns of the loop from a request's first bytes to its commit


class SaveFailed(Exception):
    """The change is not on the disk, and nothing has changed. Try again later."""


class LoadedState(NamedTuple):
    """What was loaded: the state, its encoded hosts, and what people must know about the file."""

    state: State
    lines: Lines
    notices: Sequence[Notice] = ()
    is_behind: bool = False  # the file does not hold this state yet


class Store:
    """The owner of the state and its file for as long as the process lives.

    `state` is only ever a state that the file has held. Changes that arrive during a save form the next
    batch: one write and one fsync for all of them. There is no timer.
    """

    def __init__(
        self,
        file: AtomicFile,
        loaded: LoadedState,
        *,
        release: Callable[[], None],
        on_first_save: Callable[[], None] | None = None,
    ) -> None:
        """`on_first_save` is called in the writer thread after the first save; it may raise OSError."""
        self.state = loaded.state
        self.failure: Problem | None = None  # why the last save failed
        self.notices = [*loaded.notices]  # what people must know about the file, whether reported yet or not
        self.replaced: StateReplaced | None = None  # why this process must not write again and has to end
        self.saved_at: datetime | None = None  # when this process last saved
        self.writes = Histogram(SAVE_BUCKETS)  # seconds per save
        self.batches = Histogram(BATCH_BUCKETS)  # changes per save
        self.failures = 0  # number of failed saves
        self.version = 0  # grows whenever the state changes
        self.watchers: set[Callable[[Collection[str]], None]] = set()  # called with the hosts that changed
        self._busy_since: float | None = None  # since when the writer thread has been busy
        self._idle_since = time.monotonic()
        self._is_behind = loaded.is_behind
        self._on_first_save = on_first_save
        self._closed = False
        self._file = file
        self._lines = loaded.lines
        self._release = release
        self._waiting: list[Commit] = []
        self._writer: asyncio.Task[None] | None = None
        # Its own thread: a name server that does not answer can block all threads of the default executor.
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="store")

    def has_only_failed(self) -> bool:
        """Whether saving has failed and never yet worked, as after a restart on a full disk."""
        return self.failure is not None and self.saved_at is None

    def problem(self) -> Problem | None:
        """Why changes cannot be saved now; None while saving works."""
        elapsed = 0.0 if self._busy_since is None else time.monotonic() - self._busy_since
        if elapsed > SAVE_TIMEOUT:
            return Problem(ProblemKind.HANGING, str(self._file.path), lasting=timedelta(seconds=elapsed))
        return self.failure

    async def commit(self, change: Change) -> bool:
        """Make a change durable. Returns whether it changed anything.

        Raises SaveFailed, or whatever the change itself raised; either way nothing has changed.
        """
        if self._closed:
            raise SaveFailed("the program is stopping")
        if self.replaced:
            raise SaveFailed(str(self.replaced))
        return await self._queue(change).promise

    async def try_commit(self, change: Change) -> bool:
        """Commit what can wait. Returns whether it was saved; a failure has been logged."""
        try:
            await self.commit(change)
        except SaveFailed:
            return False
        return True

    async def commit_if_needed(self, change: Change) -> bool:
        """Commit what can wait, if it changes anything. The result is whether it does, saved or not."""
        if not change(self.state):
            return False
        await self.try_commit(change)
        return True

    def tick(self) -> None:
        """Retry a failed save and check that the file is in place. Call this every second."""
        rest = RETRY_SECONDS if self.failure else CHECK_SECONDS
        is_resting = time.monotonic() - self._idle_since < rest
        if not (self._writer or self._closed or self.replaced or is_resting):
            self._queue(lambda _: NOTHING)

    async def close(self) -> None:
        """Save the waiting changes, write the file again if it is gone, and release it and the lock."""
        if self._closed:
            return
        if not self.replaced:
            self._queue(lambda _: NOTHING)  # the file may have been deleted since
        self._closed = True
        while self._writer is not None:
            await asyncio.wait([self._writer])
        self._thread.shutdown()
        self._file.close()
        self._release()

    def _queue(self, change: Change) -> Commit:
        commit = Commit(change)
        self._waiting.append(commit)
        if self._writer is None:
            self._writer = asyncio.create_task(self._save_batches())
        return commit

    async def _save_batches(self) -> None:
        try:
            while self._waiting:
                await self._coalesce()
                batch, self._waiting = self._waiting, []
                await self._write(batch)
        finally:
            self._writer = None

    async def _coalesce(self) -> None:
        """Wait for changes that are just arriving. It ends: each connection has one change in flight."""
        seen = 0
        while seen < len(self._waiting):
            seen = len(self._waiting)
            for _ in range(COALESCE_TURNS):
                await asyncio.sleep(0)

    async def _write(self, batch: list[Commit]) -> None:
        pending = overlaid(self.state)
        accepted = self._fold(pending, batch)
        has_changed = any(patch for _, patch in accepted)
        names = tuple(dict.fromkeys(name for _, patch in accepted for name in patch.hosts))
        try:
            if await self._must_save(changed=has_changed):
                self._put_lines(names, pending)
                await self._save(encode_head(pending))
                self.batches.observe(len(accepted))
        except Exception as error:  # noqa: BLE001 - no caller may wait for ever
            self._put_lines(names, self.state)
            self._failed([commit for commit, _ in accepted], error)
            return
        _log_status_changes(names, self.state, pending)
        for _, patch in accepted:
            apply(self.state, patch)
        if has_changed:
            self.version += 1
            for watcher in tuple(self.watchers):
                watcher(names)
        for commit, patch in accepted:
            commit.succeed(patch)

    def _fold(self, pending: State, batch: list[Commit]) -> list[tuple[Commit, Patch]]:
        accepted = []
        for commit in batch:
            try:
                patch = commit.change(pending)
            except Exception as error:  # noqa: BLE001 - one failing change must not fail its batch
                commit.fail(error)
            else:
                apply(pending, patch)
                accepted.append((commit, patch))
        return accepted

    async def _must_save(self, *, changed: bool) -> bool:
        """Whether to write, even for changes that change nothing.

        They may be acknowledged only while the file is in place, and after a failure the file may be ahead
        of the state.
        """
        if changed or self._is_behind or self.failure:
            return True
        return not await self._on_disk(self._file.is_in_place)

    async def _save(self, head: bytes) -> None:
        pieces = self._lines.file(head)
        begun = time.monotonic()
        try:
            await self._on_disk(partial(self._replace, pieces))
        finally:
            self._thread.submit(self._file.release_old_versions)
        self.writes.observe(time.monotonic() - begun)
        self.saved_at = datetime.now(UTC)
        self._is_behind = False
        if self._file.was_deleted:
            self._report_deletion(self.saved_at)
        if self.failure:
            log.warning("saving works again")
            self.failure = None

    def _replace(self, pieces: Sequence[bytes]) -> None:
        self._file.replace(pieces)
        if self._on_first_save:
            with suppress(OSError):  # only a warning depends on it
                self._on_first_save()
            self._on_first_save = None

    async def _on_disk(self, call: Callable[[], V]) -> V:
        """Run a call in the writer thread, watched by `problem`."""
        self._busy_since = time.monotonic()
        try:
            return await asyncio.get_running_loop().run_in_executor(self._thread, call)
        finally:
            self._busy_since, self._idle_since = None, time.monotonic()

    def _report_deletion(self, at: datetime) -> None:
        file, kind = self._file.path.name, ProblemKind.DELETED
        found = notice(file, marker_name(file, kind, at), kind)
        log.warning("%s was deleted; it was written again, and nothing is lost", file)
        self.notices.append(found)
        self._thread.submit(self._file.create_empty, found.marker)  # a restart must not forget it

    def _put_lines(self, names: Iterable[str], state: State) -> None:
        for name in names:
            host = state.hosts.get(name)
            self._lines.put(name, None if host is None else encode_host(host))

    def _failed(self, commits: list[Commit], error: Exception) -> None:
        self.failures += 1
        if isinstance(error, StateReplaced):
            self.replaced = error
        path, why = str(self._file.path), str(getattr(error, "strerror", None) or error)
        failure = Problem(ProblemKind.NOT_SAVED, path, why)
        if failure != self.failure:
            until = "the program ends" if self.replaced else "saving works again"
            log.error("cannot save %s: %s; answering 503 until %s", path, why, until)
        self.failure = failure
        for commit in commits:
            commit.fail(SaveFailed(why))


def _log_status_changes(names: Iterable[str], before: State, after: State) -> None:
    for name in names:
        known, host = before.hosts.get(name), after.hosts.get(name)
        earlier, status = (each.status if each else Status.UP for each in (known, host))
        if status is earlier:
            continue
        last = host.closed[-1] if host and host.closed and status is Status.UP else None
        ending = last.ending if last else Ending.RECOVERED
        if ending is Ending.RECOVERED:
            log.info("%s is %s", in_full(name), status)
        else:
            log.info("%s is no longer %s: %s", in_full(name), earlier, ending.name.lower())
