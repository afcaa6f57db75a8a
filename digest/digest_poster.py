"""Posts the digests of one channel at their slots."""

import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime, tzinfo
from typing import NamedTuple

from config import Schedule
from digest import notifications
from digest.compose import slot_digest
from digest.model import Digest
from digest.notifications import fingerprint, has_no_news
from digest.retry import RetryState
from digest.schedule import due_slot, next_slot, slot_at
from digest.sender import Destination, Posting, TryCommit, can_be_completed
from hosts.model import ChannelRecord, State
from hosts.problems import Problem
from state.store import Store


class _InProgress(NamedTuple):
    slot: datetime
    digest: Digest
    edition: int  # the last one that it covers
    version: int  # of the store's state
    posting: Posting


class DigestPoster:
    """Posts each digest at least once, and not again after a restart."""

    def __init__(
        self,
        to: Destination,
        store: Store,
        retry: RetryState,
        commit: TryCommit,
        *,
        problems: Callable[[], Sequence[Problem]],
    ) -> None:
        """`problems` returns those to mention."""
        self.posted: datetime | None = None  # the slot of the last digest that this process posted
        self._to = to
        self._store = store
        self._retry = retry
        self._commit = commit
        self._problems = problems
        self._first_tick: datetime | None = None  # or an earlier time, if the clock was set back since
        # What was posted last: the store may not have been able to save it.
        self._slot: datetime | None = None
        self._slot_at = 0.0  # on the monotonic clock
        self._has_passed_slot = False  # `_slot` lies before an edit of the schedule; not saved yet
        # The slot that was current when the schedule was edited, if a digest was due: it stands for both.
        self._covered_slot: datetime | None = None
        self._unsaved: tuple[int, ChannelRecord] | None = None  # the version of the state it was made from
        self._unsaved_notices: frozenset[str] = frozenset()  # posted, but that is not saved yet
        self._in_progress: _InProgress | None = None

    def adopt(self, to: Destination, now: datetime) -> None:
        if to.has_other_url(self._to):
            self._in_progress = None
        has_other_slots, last = to.has_other_slots(self._to), self._last_slot()
        was_due = has_other_slots and self._due_slot(now) is not None
        self._to = to
        if was_due:
            self._covered_slot = slot_at(*to.slots, now)
        elif has_other_slots:
            self._pass_slot(now, last)

    def tick(self, now: datetime) -> None:
        self._first_tick = min(self._first_tick or now, now)

    def _pass_slot(self, now: datetime, last: datetime | None) -> None:
        """A slot that lies before the edit that made it one has not been missed."""
        slot = slot_at(*self._to.slots, now)
        if last and slot > last:
            self._finish_slot(slot)
            self._has_passed_slot = True

    async def post(self, now: datetime) -> int | None:
        """Post what is due, and return the last edition that it covers. Raises PostFailed."""
        await self._save_passed_slot()
        slot = self._due_slot(now)
        if slot is None:
            self._retry.cancel("digest")
        elif await self._can_skip(slot, now):
            slot = self._finish_slot(slot)
            self._retry.cancel("digest")
            await self._record_skipped(slot)
        else:
            return await self._post(slot, now)
        return None

    def _due_slot(self, now: datetime) -> datetime | None:
        """The slot that is due, or that of a digest that was posted in part and can still be completed."""
        unfinished = self._in_progress
        if unfinished and can_be_completed(unfinished.posting, unfinished.slot, now):
            return unfinished.slot
        schedule, zone = self._to.slots
        return due_slot(schedule, zone, self._last_slot(), now) or self._overdue_slot(schedule, zone, now)

    def _last_slot(self) -> datetime | None:
        return self._slot or self._store.state.record(self._to.channel.name).slot

    def _overdue_slot(self, schedule: Schedule, zone: tzinfo, now: datetime) -> datetime | None:
        """The current slot, if the last one is more than an interval ago, whatever the wall clock says."""
        slot = slot_at(schedule, zone, now)
        interval = (next_slot(schedule, zone, now) - slot).total_seconds()
        is_overdue = time.monotonic() - self._slot_at > interval + max(60, interval / 100)  # clocks drift
        return slot if self._slot and is_overdue else None

    def _finish_slot(self, slot: datetime) -> datetime:
        """Return the last slot that is covered."""
        self._slot, self._slot_at = max(slot, self._covered_slot or slot), time.monotonic()
        self._covered_slot = None
        return self._slot

    async def _save_passed_slot(self) -> None:
        if self._slot and self._has_passed_slot:
            self._has_passed_slot = False
            await self._record_skipped(self._slot)

    async def _record_skipped(self, slot: datetime) -> None:
        notices = self._unsaved_notices
        if await self._commit(notifications.record_skipped(self._to.channel.name, slot, notices)):
            self._unsaved_notices = frozenset()

    async def _can_skip(self, slot: datetime, now: datetime) -> bool:
        wanted = self._to.channel.digest
        if not wanted.only_changes or self._unfinished(slot):
            return False
        record = self._state().record(self._to.channel.name)
        return has_no_news(await self._digest(slot, now), record, slot, wanted.at_least)

    async def _post(self, slot: datetime, now: datetime) -> int | None:
        self._retry.start("digest")
        current = self._unfinished(slot) or await self._start(slot, now)
        # Only now: the commit of `_start` is the first attempt to save after a restart.
        if self._may_have_been_posted(slot):
            self._finish_slot(slot)
            self._retry.cancel("digest")
            return None
        await current.posting.post()
        self._in_progress = None
        self.posted = self._finish_slot(slot)
        self._retry.succeeded("digest", now)
        await self._record(current, self.posted)
        return current.edition

    def _may_have_been_posted(self, slot: datetime) -> bool:
        """Whether an earlier process may have posted it without saving that. A restart must not repeat it."""
        return self._store.has_only_failed() and self._first_tick is not None and slot < self._first_tick

    async def _record(self, posted: _InProgress, slot: datetime) -> None:
        name, content = self._to.channel.name, fingerprint(posted.digest)
        told = {each.marker for each in self._store.notices if each.problem in posted.digest.problems}
        notices = self._unsaved_notices | told
        record = notifications.record_digest(name, slot, posted.edition, content, notices)
        is_saved = await self._commit(record)
        self._unsaved_notices = frozenset() if is_saved else notices
        everything = notifications.record_of_everything(self._store.state, name, slot, content)
        self._unsaved = None if is_saved else (posted.version, everything)

    def _state(self) -> State:
        """The saved state; if saves fail, with what has been posted in spite of that."""
        state, unsaved = self._store.state, self._unsaved
        if unsaved is None or unsaved[0] != self._store.version:
            return state
        return replace(state, channels={**state.channels, self._to.channel.name: unsaved[1]})

    async def _start(self, slot: datetime, now: datetime) -> _InProgress:
        await self._commit(notifications.begin_edition)
        edition, version = self._store.state.edition - 1, self._store.version
        digest = await self._digest(slot, now)
        posting = await self._to.sender.digest(digest)
        self._in_progress = _InProgress(slot, digest, edition, version, posting)
        return self._in_progress

    def _unfinished(self, slot: datetime) -> _InProgress | None:
        """A digest that was posted in part. Any other can still be made from the latest state."""
        current = self._in_progress
        return current if current and current.slot == slot and current.posting.is_partly_posted else None

    async def _digest(self, slot: datetime, now: datetime) -> Digest:
        state, to, problems = self._state(), self._to, self._untold_problems()
        return await slot_digest(state, to.config, to.channel, slot=slot, now=now, problems=problems)

    def _untold_problems(self) -> list[Problem]:
        """Without the notices about the file that were posted, but could not be saved as reported."""
        told, name = self._unsaved_notices, self._to.channel.name
        notices = [each for each in self._store.notices if self._store.state.is_news(each.marker, [name])]
        repeated = {each.problem for each in notices if each.marker in told}
        untold = {each.problem for each in notices if each.marker not in told}  # two may read the same
        return [problem for problem in self._problems() if problem not in repeated - untold]
