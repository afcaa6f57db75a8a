"""Changes the state: every change is on the disk before anybody hears of it."""

import asyncio
import logging
import time
from collections.abc import Callable, Collection, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import UTC, datetime
from functools import partial
from typing import TypeVar

from hosts.identity import in_full
from hosts.model import Host, State, Status
from hosts.patch import NOTHING, Change, apply
from hosts.problems import Problem, ProblemKind
from state.atomic_file import AtomicFile, StateReplaced
from state.encoding import encode_head, encode_host
from state.histogram import Histogram
from state.lines import Lines
from state.transaction import Commit, PendingState

log = logging.getLogger("store")

V = TypeVar("V")
SAVE_TIMEOUT = 10  # seconds; a save takes milliseconds
RETRY_SECONDS = 5  # seconds from a failed save to the next try, if nothing arrives that needs one sooner
LOOK = 30  # seconds from a save to a look whether the file is still there, if nothing arrives sooner
WRITES = (0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.5, 1, 5)  # seconds
BATCHES = (1, 2, 5, 10, 20, 50, 100, 200)  # changes
COALESCE_TURNS = 3  # of the loop, from a request's first bytes to its commit


class SaveFailed(Exception):
    """The change is not on the disk and nothing has changed: trying again later is right."""


class Store:
    """Owns the state and the file that holds it, for as long as the process lives.

    `state` is only ever a state that the file has held. Changes that arrive during a save form
    the next one: one write and one fsync, then all of them are answered. There is no timer.
    """

    def __init__(  # noqa: PLR0913 - how a start found it
        self,
        disk: AtomicFile,
        state: State,
        lines: Lines,
        *,
        release: Callable[[], None],
        notice: str | None = None,
        is_behind: bool = False,
        first_saved: Callable[[], None] | None = None,
    ) -> None:
        """`is_behind`: the file does not hold this state yet, and is to be written at the first chance.

        `first_saved` is called in another thread, once something has been saved; it may raise OSError.
        """
        self.state = state
        self.failure: str | None = None  # why the last save failed; None while saving works
        self.notice = notice  # what people must know about how the file was found
        self.replaced: StateReplaced | None = None  # why this process must not write again, and has to end
        self.saved_at: datetime | None = None  # when the last save of this process ended well
        self.writes = Histogram(WRITES)  # how many seconds each save took
        self.batches = Histogram(BATCHES)  # how many changes shared each save
        self.failures = 0  # saves that failed
        self.version = 0  # grows whenever the state changes
        self.watchers: set[Callable[[Collection[str]], None]] = set()  # hear which hosts have changed
        self._busy_since: float | None = None  # what the disk was asked to do is not done yet
        self._rests_since = time.monotonic()
        self._is_behind = is_behind
        self._first_saved = first_saved
        self._closed = False
        self._disk = disk
        self._lines = lines
        self._release = release
        self._waiting: list[Commit] = []
        self._writer: asyncio.Task[None] | None = None
        # A thread of its own: a name server that does not answer can fill the shared ones.
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="store")

    def has_never_saved(self) -> bool:
        """This process has saved nothing yet, and the last try failed: as after a restart on a full disk."""
        return self.failure is not None and self.saved_at is None

    def trouble(self) -> str | None:
        """What keeps changes from becoming durable now, for people; None while saving works."""
        taken = 0.0 if self._busy_since is None else time.monotonic() - self._busy_since
        if taken > SAVE_TIMEOUT:
            sentence = f"the disk hangs: a save of {self._disk.path} has taken {taken:.0f} s so far"
            return Problem(sentence, ProblemKind.HANGING, self._disk.path, f"{taken:.0f}")
        return self.failure

    async def commit(self, change: Change) -> bool:
        """Make a change durable; returns whether it changed anything.

        Raises SaveFailed, or what the change itself raised; either way nothing has changed.
        """
        if self._closed:
            raise SaveFailed("the program is stopping")
        if self.replaced:
            raise SaveFailed(self.failure)
        return await self._queue(change).promise

    def look_after(self) -> None:
        """To be called every second. Neither that the disk has room again nor that the file is gone must
        wait for the next delivery to be seen."""
        rest = RETRY_SECONDS if self.failure else LOOK
        is_resting = time.monotonic() - self._rests_since < rest
        if not (self._writer or self._closed or self.replaced or is_resting):
            self._queue(lambda _: NOTHING)

    async def close(self) -> None:
        """Finish what is waiting, then let go of the file and the lock."""
        if self._closed:
            return
        self._closed = True
        while self._writer is not None:
            await asyncio.wait([self._writer])
        self._thread.shutdown()
        self._disk.close()
        self._release()

    def _queue(self, change: Change) -> Commit:
        commit = Commit(change)
        self._waiting.append(commit)
        if self._writer is None:
            self._writer = asyncio.create_task(self._write_all())
        return commit

    async def _write_all(self) -> None:
        try:
            while self._waiting:
                await self._coalesce()
                batch, self._waiting = self._waiting, []
                await self._write(batch)
        finally:
            self._writer = None

    async def _coalesce(self) -> None:
        """Whoever is arriving right now goes along. It ends: each connection brings one change at a time."""
        seen = 0
        while seen < len(self._waiting):
            seen = len(self._waiting)
            for _ in range(COALESCE_TURNS):
                await asyncio.sleep(0)

    async def _write(self, batch: list[Commit]) -> None:
        draft = PendingState(self.state)
        accepted = self._fold(draft, batch)
        try:
            if await self._must_save(changed=any(changed for _, changed in accepted)):
                await self._save(draft)
                self.batches.observe(len(accepted))
        except Exception as error:  # noqa: BLE001 - whatever it was, nobody may wait for ever
            self._put({name: self.state.hosts.get(name) for name in draft.changed_hosts.changed})
            self._failed([commit for commit, _ in accepted], error)
            return
        _log_turns(self.state, draft)
        draft.publish()
        if any(changed for _, changed in accepted):
            self.version += 1
            for watcher in tuple(self.watchers):
                watcher(draft.changed_hosts.changed)
        for commit, changed in accepted:
            commit.keep(changed)

    def _fold(self, draft: PendingState, batch: list[Commit]) -> list[tuple[Commit, bool]]:
        accepted = []
        for commit in batch:
            try:
                patch = commit.change(draft)
            except Exception as error:  # noqa: BLE001 - one refused change does not spoil its batch
                commit.fail(error)
            else:
                apply(draft, patch)
                accepted.append((commit, bool(patch)))
        return accepted

    async def _must_save(self, *, changed: bool) -> bool:
        """Also what changes nothing is acknowledged only while the next start would find it in the file.

        After a failure the file may be ahead of the state: the next save writes in any case.
        """
        if changed or self._is_behind or self.failure:
            return True
        return not await self._on_disk(self._disk.is_in_place)

    async def _save(self, draft: PendingState) -> None:
        self._put(draft.changed_hosts.changed)
        pieces = self._lines.file(encode_head(draft))
        begun = time.monotonic()
        try:
            await self._on_disk(partial(self._replace, pieces))
        finally:
            self._thread.submit(self._disk.release_old_versions)
        self.writes.observe(time.monotonic() - begun)
        self.saved_at = datetime.now(UTC)
        self._is_behind = False
        if self._disk.was_deleted:
            self._tell_deletion()
        if self.failure:
            log.warning("saving works again")
            self.failure = None

    def _replace(self, pieces: Sequence[bytes]) -> None:
        self._disk.replace(pieces)
        if self._first_saved:
            with suppress(OSError):  # all that would be missed is a warning
                self._first_saved()
            self._first_saved = None

    async def _on_disk(self, call: Callable[[], V]) -> V:
        """In the writing thread; if the disk hangs, that is seen."""
        self._busy_since = time.monotonic()
        try:
            return await asyncio.get_running_loop().run_in_executor(self._thread, call)
        finally:
            self._busy_since, self._rests_since = None, time.monotonic()

    def _tell_deletion(self) -> None:
        file = self._disk.path.name
        sentence = f"{file} was deleted while the server ran; it was written again, and nothing is lost"
        log.warning("%s", sentence)
        self.notice = self.notice or Problem(sentence, ProblemKind.DELETED, file)

    def _put(self, hosts: Mapping[str, Host | None]) -> None:
        for name, host in hosts.items():
            self._lines.put(name, None if host is None else encode_host(host))

    def _failed(self, commits: list[Commit], error: Exception) -> None:
        self.failures += 1
        if isinstance(error, StateReplaced):
            self.replaced = error
        why = getattr(error, "strerror", None) or error
        reason = Problem(f"cannot save {self._disk.path}: {why}", ProblemKind.NOT_SAVED, self._disk.path, why)
        if reason != self.failure:
            log.error("%s; answering 503 until it %s", reason, "ends" if self.replaced else "works again")
        self.failure = reason
        for commit in commits:
            commit.fail(SaveFailed(reason))


def _log_turns(before: State, after: PendingState) -> None:
    """A line for every host that stands otherwise than before."""
    for name, host in after.changed_hosts.changed.items():
        known = before.hosts.get(name)
        status = host.status if host else Status.UP
        if status is not (known.status if known else Status.UP):
            log.info("%s is %s", in_full(name), status)
