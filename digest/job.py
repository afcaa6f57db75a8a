"""The job behind the heartbeat: is a digest due, post it, remember that."""

import asyncio
import logging
import random
import time
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from datetime import datetime, timedelta

from config import Config
from digest.model import Digest
from digest.news import is_old, standing
from digest.schedule import due_slot, next_slot
from digest.summary import summarize
from state import changes
from state.model import State
from state.store import SaveFailed, Store

log = logging.getLogger("digest")

POST_WITHIN = 60  # seconds for all messages of a digest
LONGEST_PAUSE = 600.0  # seconds between two tries of one digest
PRUNED_AT_ONCE = 100  # hosts a tick: letting go of history must not hold up the loop


class NotPosted(Exception):
    """The digest was not taken. `pause` is how many seconds to wait at least, if that is known."""

    def __init__(self, reason: str, pause: float = 0) -> None:
        super().__init__(reason)
        self.pause = pause


def digest_of(state: State, config: Config, now: datetime, problems: Sequence[str] = ()) -> Digest:
    """How everything stands now, as configured."""
    return summarize(
        state,
        now,
        next_at=next_slot(config.digest.schedule, config.timezone, now),
        problems=problems,
        doubt_after=config.doubt_after,
        hosts=config.hosts,
    )


class DigestJob:
    """Posts what is due through `post`, at least once for every slot, and not again after a restart."""

    def __init__(
        self,
        store: Store,
        config: Config,
        post: Callable[[Digest], Awaitable[None]],
        now: Callable[[], datetime],
    ) -> None:
        self._store = store
        self._config = config
        self._post = post
        self._now = now
        self.failure: str | None = None  # why the last try failed; None once a digest was taken
        self.ticked = time.monotonic()
        self._running = asyncio.Lock()
        self._pruning = True
        self._failures = 0
        self._rest_until = 0.0
        self._told: datetime | None = None  # the last slot, also when the disk would not remember it

    async def tick(self) -> None:
        """One heartbeat, every few seconds."""
        self.ticked = time.monotonic()
        async with self._running:
            now = self._now()
            slot = due_slot(self._config.digest.schedule, self._config.timezone, self._last(), now)
            if slot and time.monotonic() >= self._rest_until:
                await self._tell(slot, now)
            if self._pruning:
                await self._prune(now)

    async def finish(self, seconds: float) -> None:
        """Let a digest that is being posted arrive, and be remembered."""
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._running.acquire()

    def current(self) -> Digest:
        """The digest of this moment, as `uptime check` shows it."""
        return digest_of(self._store.state, self._config, self._now(), self.problems())

    def problems(self) -> list[str]:
        """What keeps the program from doing its job, for the people who read the digest."""
        return [problem for problem in (self._store.trouble(), self._store.notice) if problem]

    def _last(self) -> datetime | None:
        return self._told or self._store.state.digest.slot

    async def _tell(self, slot: datetime, now: datetime) -> None:
        wanted, record = self._config.digest, self._store.state.digest
        try:
            if wanted.only_changes and is_old(self.current(), record, slot, wanted.at_least):
                self._told = slot
                await self._commit(changes.pass_over(slot))
            else:
                await self._deliver(slot, now)
        except (NotPosted, TimeoutError) as error:
            self._failed(error)
        except Exception as error:
            # A fault of this program: seen, and not every second.
            log.exception("the digest could not be made")
            self._failed(NotPosted(f"the digest could not be made: {type(error).__name__}"))

    async def _deliver(self, slot: datetime, now: datetime) -> None:
        await self._commit(changes.begin_digest)
        covers = self._store.state.digest.edition - 1
        digest = self.current()
        async with asyncio.timeout(POST_WITHIN):
            await self._post(digest)
        self.failure = None
        self._failures = 0
        self._told = slot
        self._pruning = True
        self._store.notice = None  # people have read it now
        log.info("digest posted at %s", f"{now:%Y-%m-%dT%H:%M:%SZ}")
        await self._commit(changes.record_digest(slot, covers, standing(digest)))

    def _failed(self, error: NotPosted | TimeoutError) -> None:
        self._failures += 1
        least = error.pause if isinstance(error, NotPosted) else 0
        # Growing and jittered, so that a Slack in trouble is not hammered by everybody at once.
        pause = max(least, random.uniform(0.5, 1) * min(LONGEST_PAUSE, 2.0**self._failures))  # noqa: S311
        self._rest_until = time.monotonic() + pause
        self.failure = str(error) or "no answer within a minute"
        log.warning("digest not posted: %s; trying again in %.0f s", self.failure, pause)

    async def _prune(self, now: datetime) -> None:
        """Once a digest, some hosts at a heartbeat, until nothing is left to let go of."""
        before = now - timedelta(days=self._config.history.days)
        change = changes.prune(before, PRUNED_AT_ONCE)
        self._pruning = bool(change(self._store.state))
        if self._pruning:
            await self._commit(change)

    async def _commit(self, change: changes.Change) -> None:
        """A disk that refuses must not keep people from hearing how things stand."""
        try:
            await self._store.commit(change)
        except SaveFailed as error:
            log.warning("the digest goes on without being remembered: %s", error)
