"""Posts what is due in one channel: alerts at once, digests at their slots."""

import logging
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta, tzinfo
from typing import NamedTuple

from config import Channel, Config, Schedule
from digest import notifications
from digest.alerts import AlertBatch, AlertFilter, SettledEnds, finding_due_alerts, record_after
from digest.compose import slot_digest, titled_alerts
from digest.model import Digest
from digest.notifications import fingerprint, has_no_news
from digest.schedule import due_slot, next_slot, slot_at
from digest.sender import PostFailed, Posting, RetryState, Sender
from hosts.identity import Titles
from hosts.model import AlertRecord, Change, ChannelRecord, State
from hosts.problems import Problem
from state.store import Store
from turns import in_turns

log = logging.getLogger("digest")

# A partly posted message is completed within this time even if the next slot is due: Slack may ask for pauses
# longer than the schedule's interval, and then no digest would ever be complete.
COMPLETE_WITHIN = timedelta(hours=1)


class _DigestInProgress(NamedTuple):
    slot: datetime
    digest: Digest
    edition: int  # the last one that it covers
    version: int  # of the store's state
    posting: Posting


class _AlertsInProgress(NamedTuple):
    batch: AlertBatch
    edition: int  # the last one that it covers
    posting: Posting


class ChannelJob:
    """Posts to one channel at least once, and not again after a restart."""

    def __init__(  # noqa: PLR0913 - what the job depends on
        self,
        channel: Channel,
        sender: Sender,
        config: Config,
        store: Store,
        *,
        problems: Callable[[], Sequence[Problem]],
        on_digest: Callable[[], None],
    ) -> None:
        """`problems` returns those to mention in a digest; `on_digest` is called for each digest posted."""
        self.retry = RetryState()
        self.posted: datetime | None = None  # the slot of the last digest that this process posted
        self._store = store
        self._problems = problems
        self._on_digest = on_digest
        self._first_tick: datetime | None = None  # or an earlier time, if the clock was set back since
        # What was posted last: the store may not have been able to save it.
        self._slot: datetime | None = None
        self._slot_at = 0.0  # on the monotonic clock
        self._unsaved: tuple[int, ChannelRecord] | None = None  # the version of the state it was made from
        self._cannot_save = False
        self._alert_record: AlertRecord | None = None
        self._settled = SettledEnds()
        self._has_new_rules = False
        self._digest_in_progress: _DigestInProgress | None = None
        self._alerts_in_progress: _AlertsInProgress | None = None
        self._use(channel, sender, config)

    def _use(self, channel: Channel, sender: Sender, config: Config) -> None:
        self.channel = channel
        self._sender = sender
        self._config = config
        self._alerted_hosts = AlertFilter(config.alerts, channel.shows, self._settled, config.doubt_after)

    def adopt(self, channel: Channel, sender: Sender, config: Config) -> None:
        has_moved = channel.webhook_url != self.channel.webhook_url
        if has_moved:  # the new destination gets the whole message
            self._digest_in_progress = self._alerts_in_progress = None
        if has_moved or config.proxy != self._config.proxy:
            self.retry.reset()
        if (config.alerts, channel.shows) != (self._config.alerts, self.channel.shows):
            self._has_new_rules = True
        self._use(channel, sender, config)

    async def tick(self, now: datetime) -> None:
        self._first_tick = min(self._first_tick or now, now)
        try:
            if self._has_new_rules:
                await self._settle_all()
            if not self.retry.is_backing_off():
                await self._post_alerts(now)
                await self._post_due_digest(now)
        except PostFailed as error:
            self.retry.failed(error, self.channel.name)
        except Exception as error:
            # A bug of ours: report it, but back off, so that it does not flood the log every second.
            log.exception("channel %s: unhandled exception", self.channel.name)
            ours = PostFailed(f"could not build the message: {type(error).__name__}")
            self.retry.failed(ours, self.channel.name)

    async def _post_alerts(self, now: datetime) -> None:
        alerts = await self._start_alerts(now)
        if alerts is None:
            return
        await alerts.posting.post()
        self._alerts_in_progress = None
        self.retry.succeeded("alerts", now)
        if record := self._last_alerts():
            await self._record_alerts(record_after(record, alerts.batch, alerts.edition))

    async def _start_alerts(self, now: datetime) -> _AlertsInProgress | None:
        """The batch due now, or the rest of one that an earlier attempt posted in part."""
        record, unfinished = self._last_alerts(), self._alerts_in_progress
        if record is None:
            self._alert_record = None
            self.retry.cancel("alerts")
            return None
        if unfinished and _can_be_completed(unfinished.posting, unfinished.batch.at, now):
            self.retry.start("alerts")
            return unfinished
        if (await self._due_alerts(record, now, self._store.state.edition)).is_empty:
            self.retry.cancel("alerts")
            return None
        self.retry.start("alerts")
        if not self._store.has_never_saved():
            await self._commit(notifications.begin_edition)
        if self._store.has_never_saved():
            return None  # an earlier process may have posted them, and each restart would repeat them: wait
        # Again, as of the edition that has just been closed: hosts may have changed during the save.
        edition = self._store.state.edition - 1
        selected = self._alerted_hosts
        batch = await self._due_alerts(record, now, edition)
        if batch.is_empty or selected is not self._alerted_hosts:  # muted or edited meanwhile: look again
            self.retry.cancel("alerts")
            return None
        posting = self._sender.alerts(titled_alerts(batch, Titles(self._store.state.hosts)))
        self._alerts_in_progress = _AlertsInProgress(batch, edition, posting)
        return self._alerts_in_progress

    async def _settle_all(self) -> None:
        """Keep what ended under the former rules from being judged by the new ones."""
        self._has_new_rules, state, record = False, self._store.state.snapshot(), self._last_alerts()
        if record:
            await in_turns(self._settled.settling(state, record, self._alerted_hosts.matches))

    async def _due_alerts(self, record: AlertRecord, now: datetime, edition: int) -> AlertBatch:
        state = self._store.state.snapshot()
        selected = self._alerted_hosts
        await in_turns(self._settled.settling_muted(state, record, selected.matches, now))
        return await in_turns(finding_due_alerts(state, record, selected, now, edition))

    def _last_alerts(self) -> AlertRecord | None:
        """What the channel has received; None if it gets no alerts."""
        saved = self._store.state.record(self.channel.name).alerts
        return saved and (self._alert_record or saved)

    async def _record_alerts(self, record: AlertRecord) -> None:
        is_saved = await self._commit(notifications.record_alerts(self.channel.name, record))
        self._alert_record = None if is_saved else record

    async def _post_due_digest(self, now: datetime) -> None:
        slot = self._due_slot(now)
        if slot is None:
            self.retry.cancel("digest")
        elif await self._can_skip(slot, now):
            self._finish_slot(slot)
            self.retry.cancel("digest")
            await self._commit(notifications.record_skipped(self.channel.name, slot))
        else:
            await self._post_digest(slot, now)

    def _due_slot(self, now: datetime) -> datetime | None:
        """The slot that is due, or that of a digest that was posted in part and can still be completed."""
        unfinished = self._digest_in_progress
        if unfinished and _can_be_completed(unfinished.posting, unfinished.slot, now):
            return unfinished.slot
        last = self._slot or self._store.state.record(self.channel.name).slot
        schedule, zone = self.channel.digest.schedule, self._config.timezone
        return due_slot(schedule, zone, last, now) or self._overdue_slot(schedule, zone, now)

    def _overdue_slot(self, schedule: Schedule, zone: tzinfo, now: datetime) -> datetime | None:
        """The current slot, if the last one is more than an interval ago, whatever the wall clock says."""
        slot = slot_at(schedule, zone, now)
        interval = (next_slot(schedule, zone, now) - slot).total_seconds()
        is_overdue = time.monotonic() - self._slot_at > interval + max(60, interval / 100)  # clocks drift
        return slot if self._slot and is_overdue else None

    def _finish_slot(self, slot: datetime) -> None:
        self._slot, self._slot_at = slot, time.monotonic()

    async def _can_skip(self, slot: datetime, now: datetime) -> bool:
        wanted = self.channel.digest
        if not wanted.only_changes or self._unfinished_digest(slot):
            return False
        record = self._state().record(self.channel.name)
        return has_no_news(await self._digest(slot, now), record, slot, wanted.at_least)

    async def _post_digest(self, slot: datetime, now: datetime) -> None:
        self.retry.start("digest")
        current = self._unfinished_digest(slot) or await self._start_digest(slot, now)
        if self._may_have_been_posted(slot):
            self._finish_slot(slot)
            self.retry.cancel("digest")
            return
        await current.posting.post()
        self._digest_in_progress, self.posted = None, slot
        self._finish_slot(slot)
        self.retry.succeeded("digest", now)
        self._on_digest()
        name, content = self.channel.name, fingerprint(current.digest)
        notices = [each.marker for each in self._store.notices if each.problem in current.digest.problems]
        record = notifications.record_digest(name, slot, current.edition, content, notices)
        is_saved = await self._commit(record)
        told = notifications.all_told(self._store.state, name, slot, content)
        self._unsaved = None if is_saved else (current.version, told)
        await self._advance_alerts(now, current.edition)

    def _state(self) -> State:
        """Return the saved state; if saves fail, with what has been posted in spite of that."""
        state, unsaved = self._store.state, self._unsaved
        if unsaved is None or unsaved[0] != self._store.version:
            return state
        return replace(state, channels={**state.channels, self.channel.name: unsaved[1]})

    def _may_have_been_posted(self, slot: datetime) -> bool:
        """Whether an earlier process may have posted it without saving that. A restart must not repeat it."""
        return self._store.has_never_saved() and self._first_tick is not None and slot < self._first_tick

    async def _advance_alerts(self, now: datetime, edition: int) -> None:
        """If no alert is due, the next batch need not look at the editions up to this one."""
        record = self._last_alerts()
        if record is None or edition <= record.notified_edition:  # a batch was posted before the digest was
            return
        if (batch := await self._due_alerts(record, now, edition)).is_empty:
            await self._record_alerts(record_after(record, batch, edition))

    async def _start_digest(self, slot: datetime, now: datetime) -> _DigestInProgress:
        await self._commit(notifications.begin_edition)
        edition, version = self._store.state.edition - 1, self._store.version
        digest = await self._digest(slot, now)
        posting = await self._sender.digest(digest)
        self._digest_in_progress = _DigestInProgress(slot, digest, edition, version, posting)
        return self._digest_in_progress

    def _unfinished_digest(self, slot: datetime) -> _DigestInProgress | None:
        """Return a digest that was posted in part. Any other can still be made from the latest state."""
        current = self._digest_in_progress
        return current if current and current.slot == slot and current.posting.is_partly_posted else None

    async def _digest(self, slot: datetime, now: datetime) -> Digest:
        state, problems = self._state(), self._problems()
        return await slot_digest(state, self._config, self.channel, slot=slot, now=now, problems=problems)

    async def _commit(self, change: Change) -> bool:
        """Return whether it is saved. A failing disk must not stop the digests."""
        is_saved = await self._store.try_commit(change)
        if not (is_saved or self._cannot_save):
            text = "channel %s: posting digests that cannot be saved; a restart may repeat some"
            log.warning(text, self.channel.name)
        self._cannot_save = not is_saved
        return is_saved


def _can_be_completed(posting: Posting, since: datetime, now: datetime) -> bool:
    return posting.is_partly_posted and abs(now - since) < COMPLETE_WITHIN
