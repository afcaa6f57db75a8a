"""Posts the alerts of one channel as soon as they are due."""

from datetime import datetime
from typing import NamedTuple

from digest import notifications
from digest.alerts import AlertBatch, AlertFilter, SettledEnds, finding_due_alerts, record_after
from digest.compose import titled_alerts
from digest.retry import RetryState
from digest.sender import Destination, Posting, TryCommit, can_be_completed
from hosts.identity import Titles
from hosts.model import AlertRecord, State
from state.store import Store
from turns import in_turns


class _InProgress(NamedTuple):
    batch: AlertBatch
    edition: int  # the last one that it covers
    posting: Posting


class AlertPoster:
    """Posts alerts at least once, and not again after a restart."""

    def __init__(self, to: Destination, store: Store, retry: RetryState, commit: TryCommit) -> None:
        self._store = store
        self._retry = retry
        self._commit = commit
        self._unsaved: AlertRecord | None = None  # of what was posted last, if the store could not save it
        self._settled = SettledEnds()
        self._has_new_rules = False
        self._in_progress: _InProgress | None = None
        self._use(to)

    def _use(self, to: Destination) -> None:
        self._to = to
        rules, doubt_after = to.config.alerts, to.config.doubt_after
        self._selected = AlertFilter(rules, to.channel.shows, self._settled, doubt_after)

    def adopt(self, to: Destination) -> None:
        if to.has_other_url(self._to):
            self._in_progress = None
        if (to.config.alerts, to.channel.shows) != (self._selected.rules, self._selected.shows):
            self._has_new_rules = True
        self._use(to)

    async def settle(self) -> None:
        """Keep what ended under the former rules from being judged by the new ones."""
        if not self._has_new_rules:
            return
        self._has_new_rules, state, record = False, self._store.state.snapshot(), self._record()
        if record:
            await in_turns(self._settled.settling(state, record, self._selected.matches))

    async def settle_muted(self, now: datetime) -> None:
        """Take note of what ends on muted hosts, as `post` does, while nothing is posted."""
        if record := self._record():
            await self._settle_muted(self._store.state.snapshot(), record, now)

    async def _settle_muted(self, state: State, record: AlertRecord, now: datetime) -> None:
        await in_turns(self._settled.settling_muted(state, record, self._selected.matches, now))

    async def post(self, now: datetime) -> None:
        """Post what is due. Raises PostFailed."""
        alerts = await self._start(now)
        if alerts is None:
            return
        await alerts.posting.post()
        self._in_progress = None
        self._retry.succeeded("alerts", now)
        if record := self._record():
            await self._save(record_after(record, alerts.batch, alerts.edition))

    async def advance(self, now: datetime, edition: int) -> None:
        """If no alert is due, the next batch need not look at the editions up to this one."""
        record = self._record()
        if record is None or edition <= record.notified_edition:  # alerts may have been posted meanwhile
            return
        if (batch := await self._due(record, now, edition)).is_empty:
            await self._save(record_after(record, batch, edition))

    async def _start(self, now: datetime) -> _InProgress | None:
        """The batch due now, or the rest of one that an earlier attempt posted in part."""
        record, unfinished = self._record(), self._in_progress
        if record is None:
            self._unsaved = None
            self._retry.cancel("alerts")
            return None
        if unfinished and can_be_completed(unfinished.posting, unfinished.batch.at, now):
            self._retry.start("alerts")
            return unfinished
        if (await self._due(record, now, self._store.state.edition)).is_empty:
            self._retry.cancel("alerts")
            return None
        self._retry.start("alerts")
        if not self._store.has_only_failed():  # otherwise the store is retrying already
            await self._commit(notifications.begin_edition)
        if self._store.has_only_failed():
            return None  # an earlier process may have posted them, and each restart would repeat them: wait
        # Again, as of the edition that has just been closed: hosts may have changed during the save.
        edition = self._store.state.edition - 1
        selected = self._selected
        batch = await self._due(record, now, edition)
        if batch.is_empty or selected is not self._selected:  # muted or edited meanwhile: look again
            self._retry.cancel("alerts")
            return None
        posting = self._to.sender.alerts(titled_alerts(batch, Titles(self._store.state.hosts)))
        self._in_progress = _InProgress(batch, edition, posting)
        return self._in_progress

    async def _due(self, record: AlertRecord, now: datetime, edition: int) -> AlertBatch:
        state, selected = self._store.state.snapshot(), self._selected
        await self._settle_muted(state, record, now)
        return await in_turns(finding_due_alerts(state, record, selected, now, edition))

    def _record(self) -> AlertRecord | None:
        """What the channel has received; None if it gets no alerts."""
        saved = self._store.state.record(self._to.channel.name).alerts
        return saved and (self._unsaved or saved)

    async def _save(self, record: AlertRecord) -> None:
        is_saved = await self._commit(notifications.record_alerts(self._to.channel.name, record))
        self._unsaved = None if is_saved else record
