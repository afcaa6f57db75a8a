"""One channel's share of the heartbeat: tell at once what must be, post the digest that is due, remember."""

import asyncio
import logging
import time
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta, tzinfo
from hashlib import sha256
from typing import NamedTuple

from config import Channel, Config, Proxy, Schedule
from digest import notifications
from digest.alerts import AlertBatch, AlertFilter, due_alerts, record_after
from digest.model import Digest
from digest.schedule import due_slot, next_slot, slot_at
from digest.sender import Outlet, PostFailed, Posting, RetryState
from digest.titles import entitled_alerts, entitled_week
from digest.view import digest_of, tells_week
from digest.weekly import Weekly, sum_up, watched
from hosts.identity import Titles
from hosts.model import AlertRecord, ChannelRecord
from hosts.patch import Change
from hosts.problems import Problem
from state.store import SaveFailed, Store

log = logging.getLogger("digest")

SUMMED_AT_ONCE = 100  # hosts
# What was taken in part is finished for so long, though the next slot is due: Slack may ask for pauses that
# are longer than the time between two digests, and only the first messages of each would ever be seen.
FINISHED_WITHIN = timedelta(hours=1)


class _BegunDigest(NamedTuple):
    """The digest of a slot on its way. It tells of every edition up to `covers`."""

    slot: datetime
    digest: Digest
    covers: int
    posting: Posting


class _BegunAlerts(NamedTuple):
    """Alerts on their way. They tell of every edition up to `covers`."""

    batch: AlertBatch
    covers: int
    posting: Posting


class ChannelJob:
    """Tells one channel what is due, at least once, and not again after a restart."""

    _outlet: Outlet
    _config: Config
    _watch: AlertFilter

    def __init__(
        self,
        channel: Channel,
        store: Store,
        *,
        problems: Callable[[], Sequence[Problem]],
        told: Callable[[], None],
    ) -> None:
        """`problems` says what a digest must own up to; `told` is called when one was taken."""
        self.channel = channel
        self.retry = RetryState()
        self._store = store
        self._problems = problems
        self._told = told
        # What was told last, also when the disk would not remember it.
        self._slot: datetime | None = None
        self._slot_at = 0.0  # when, by the monotonic clock
        self._since: datetime | None = None  # the first tick, or what a clock set back says of it
        self._alerts: AlertRecord | None = None
        self._way: tuple[str, Proxy | None] | None = None  # by which messages go
        self._begun_digest: _BegunDigest | None = None
        self._begun_alerts: _BegunAlerts | None = None

    def adopt(self, channel: Channel, outlet: Outlet, config: Config) -> None:
        """To be called before the first tick, and whenever the configuration changes."""
        if channel.webhook_url != self.channel.webhook_url:
            # What one destination took part of, another one gets whole.
            self._begun_digest = self._begun_alerts = None
        if self._way != (channel.webhook_url, config.proxy):
            self._way = channel.webhook_url, config.proxy
            self.retry.reset()
        self.channel = channel
        self._outlet = outlet
        self._config = config
        self._watch = AlertFilter(config.alerts, channel.shows, config.doubt_after)

    async def tick(self, now: datetime) -> None:
        self._since = min(self._since or now, now)
        if self.retry.is_waiting():
            return
        try:
            await self._tell_at_once(now)
            await self._tell_slot(now)
        except PostFailed as error:
            self.retry.failed(error, self.channel.name)
        except Exception as error:
            # A fault of this program: seen, and not every second.
            log.exception("channel %s: what is due could not be made", self.channel.name)
            ours = PostFailed(f"the digest could not be made: {type(error).__name__}")
            self.retry.failed(ours, self.channel.name)

    async def _tell_at_once(self, now: datetime) -> None:
        begun = await self._begin_alerts(now)
        if begun is None:
            return
        await begun.posting.post()
        self._begun_alerts = None
        self.retry.succeeded("alerts", now)
        if record := self._alert_record():
            self._alerts = record_after(record, begun.batch, begun.covers)
            await self._commit(notifications.record_alerts(self.channel.name, self._alerts))

    async def _begin_alerts(self, now: datetime) -> _BegunAlerts | None:
        """What is to be told at once, or what is left of it when part of it was taken at an earlier try."""
        state, record = self._store.state, self._alert_record()
        if record is None:
            self.retry.cancel("alerts")
            return None
        begun = self._begun_alerts
        if begun and begun.posting.begun and abs(now - begun.batch.at) < FINISHED_WITHIN:
            self.retry.begin("alerts")
            return begun
        if self._due(record, now, state.edition).is_empty:
            self.retry.cancel("alerts")
            return None
        self.retry.begin("alerts")
        if self._store.has_never_saved():
            return None
        await self._commit(notifications.begin_edition)
        if self._store.has_never_saved():
            return None  # perhaps told before this start, and otherwise told again at every one: it waits
        covers = state.edition - 1
        batch = self._due(record, now, covers)
        told = entitled_alerts(batch, Titles(state.hosts))
        self._begun_alerts = _BegunAlerts(batch, covers, self._outlet.batch(told))
        return self._begun_alerts

    def _due(self, record: AlertRecord, now: datetime, upto: int) -> AlertBatch:
        return due_alerts(self._store.state, record, self._watch, now, upto)

    def _alert_record(self) -> AlertRecord | None:
        return self._alerts or self._store.state.record(self.channel.name).alerts

    async def _tell_slot(self, now: datetime) -> None:
        slot = self._slot_to_tell(now)
        if slot is None:
            self.retry.cancel("digest")
            return
        if await self._is_old(slot, now):
            self._passed(slot)
            self.retry.cancel("digest")
            await self._commit(notifications.pass_over(self.channel.name, slot))
        else:
            await self._deliver(slot, now)

    def _slot_to_tell(self, now: datetime) -> datetime | None:
        """The slot that is due; while a digest taken in part is fresh enough to be finished, its slot."""
        begun, last = self._begun_digest, self._slot or self._store.state.record(self.channel.name).slot
        if begun and begun.posting.begun and abs(now - begun.slot) < FINISHED_WITHIN:
            return begun.slot
        schedule, zone = self.channel.digest.schedule, self._config.timezone
        return due_slot(schedule, zone, last, now) or self._overdue_slot(schedule, zone, now)

    def _overdue_slot(self, schedule: Schedule, zone: tzinfo, now: datetime) -> datetime | None:
        """The current slot, if the last one is more than an interval ago, whatever the clock says."""
        slot = slot_at(schedule, zone, now)
        interval = (next_slot(schedule, zone, now) - slot).total_seconds()
        overdue = time.monotonic() - self._slot_at > interval + max(60, interval / 100)  # clocks drift apart
        return slot if self._slot and overdue else None

    def _passed(self, slot: datetime) -> None:
        """`slot` was posted, or left out."""
        self._slot, self._slot_at = slot, time.monotonic()

    async def _is_old(self, slot: datetime, now: datetime) -> bool:
        """Whether the digest of `slot` may be passed over. One that was taken in part is told to its end."""
        wanted = self.channel.digest
        if not wanted.only_changes or self._rest_of(slot):
            return False
        record = self._store.state.record(self.channel.name)
        return has_no_news(await self._digest(slot, now), record, slot, wanted.at_least)

    async def _deliver(self, slot: datetime, now: datetime) -> None:
        self.retry.begin("digest")
        begun = await self._begin(slot, now)
        if self._is_perhaps_told(slot):
            self._passed(slot)
            self.retry.cancel("digest")
            return
        await begun.posting.post()
        self._begun_digest = None
        self._passed(slot)
        self.retry.succeeded("digest", now)
        self._told()
        told = standing(begun.digest)
        await self._commit(notifications.record_digest(self.channel.name, slot, begun.covers, told))
        await self._let_alerts_follow(now, begun.covers)

    def _is_perhaps_told(self, slot: datetime) -> bool:
        """On a full disk nobody knows of a slot before this start; it would be told again at every one."""
        return self._store.has_never_saved() and self._since is not None and slot < self._since

    async def _let_alerts_follow(self, now: datetime, covers: int) -> None:
        """Where nothing was to be told at once, the next look can begin with this edition."""
        record = self._alert_record()
        if record and (batch := self._due(record, now, covers)).is_empty:
            self._alerts = record_after(record, batch, covers)
            await self._commit(notifications.record_alerts(self.channel.name, self._alerts))

    async def _begin(self, slot: datetime, now: datetime) -> _BegunDigest:
        """The digest of `slot`, or what is left of it when part of it was taken at an earlier try."""
        if rest := self._rest_of(slot):
            return rest
        await self._commit(notifications.begin_edition)
        covers = self._store.state.edition - 1
        digest = await self._digest(slot, now)
        self._begun_digest = _BegunDigest(slot, digest, covers, self._outlet.digest(digest))
        return self._begun_digest

    def _rest_of(self, slot: datetime) -> _BegunDigest | None:
        """None: no message of it was taken, so it can still be made of what is known by now."""
        begun = self._begun_digest
        return begun if begun and begun.slot == slot and begun.posting.begun else None

    async def _digest(self, slot: datetime, now: datetime) -> Digest:
        state, config, channel = self._store.state, self._config, self.channel
        digest = digest_of(state, config, channel, now, self._problems())
        await asyncio.sleep(0)  # to put thousands of hosts into words is as much again: others get a turn
        if tells_week(state, config, channel, slot):
            return digest._replace(weekly=await self._week(now))
        return digest

    async def _week(self, now: datetime) -> Weekly:
        """Some hosts at a time, so that years of history do not hold up the loop."""
        week = sum_up((), now)
        hosts = watched(self._store.state, self._config.hosts, self.channel.shows, now)
        for at in range(0, len(hosts), SUMMED_AT_ONCE):
            week = week.joined(sum_up(hosts[at : at + SUMMED_AT_ONCE], now))
            await asyncio.sleep(0)
        return entitled_week(week, Titles(self._store.state.hosts))

    async def _commit(self, change: Change) -> None:
        """A disk that refuses must not keep people from hearing how things stand."""
        try:
            await self._store.commit(change)
        except SaveFailed as error:
            log.warning("channel %s goes on without being remembered: %s", self.channel.name, error)


def standing(digest: Digest) -> str:
    """How things stand, in short: the same as long as nothing changes but the time."""
    facts = (
        [(down.host.name, sorted(i.id for i in down.host.open), down.doubtful) for down in digest.down],
        [(warned.host.name, sorted(i.id for i in warned.host.open)) for warned in digest.warnings],
        digest.up,
        [(muted.mute.host, muted.status, muted.hosts, muted.down) for muted in digest.muted],
        digest.received,
        [problem.kind for problem in digest.problems],
    )
    return sha256(repr(facts).encode()).hexdigest()[:16]


def has_no_news(digest: Digest, record: ChannelRecord, slot: datetime, at_least: timedelta) -> bool:
    """Whether the digest of `slot` would tell nothing new, and the last one is not `at_least` so old.

    How old one is that a clock ahead of its time dated, nobody knows.
    """
    if record.posted is None or not timedelta() <= slot - record.posted < at_least:
        return False
    news = digest.recovered or digest.returned or digest.weekly
    return not news and standing(digest) == record.fingerprint
