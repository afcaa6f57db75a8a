"""One channel's share of the heartbeat: tell at once what must be, post the digest that is due, remember."""

import asyncio
import logging
from collections.abc import Callable, Sequence
from datetime import datetime

from config import Channel, Config
from digest.alerts import Bulletin, Watch, due_bulletin, record_after
from digest.model import Digest
from digest.news import is_old, standing
from digest.outlet import NotPosted, Outlet
from digest.schedule import due_slot
from digest.tries import Tries
from digest.view import digest_of, tells_week
from digest.weekly import Weekly, sum_up, watched
from state import telling
from state.model import AlertRecord
from state.patch import Change
from state.store import SaveFailed, Store

log = logging.getLogger("digest")

POST_WITHIN = 60  # seconds for all messages of a digest
SUMMED_AT_ONCE = 100  # hosts


class ChannelJob:
    """Tells one channel what is due, at least once, and not again after a restart."""

    _outlet: Outlet
    _config: Config
    _watch: Watch

    def __init__(
        self,
        channel: Channel,
        store: Store,
        *,
        problems: Callable[[], Sequence[str]],
        told: Callable[[], None],
    ) -> None:
        """`problems` says what a digest must own up to; `told` is called when one was taken."""
        self.channel = channel
        self.tries = Tries()
        self._store = store
        self._problems = problems
        self._told = told
        # What was told last, also when the disk would not remember it.
        self._slot: datetime | None = None
        self._since: datetime | None = None  # the first tick
        self._alerts: AlertRecord | None = None
        self._begun: tuple[datetime, Digest, int, int] | None = None  # slot, digest, covers, messages taken

    def adopt(self, channel: Channel, outlet: Outlet, config: Config) -> None:
        """To be called before the first tick, and whenever the configuration changes."""
        if channel.webhook_url != self.channel.webhook_url:
            self._begun = None  # what one destination took part of, another one gets whole
            self.tries.afresh()
        self.channel = channel
        self._outlet = outlet
        self._config = config
        self._watch = Watch(config.alerts, channel.shows, config.doubt_after)

    async def tick(self, now: datetime) -> None:
        self._since = self._since or now
        if self.tries.are_resting():
            return
        try:
            await self._tell_at_once(now)
            await self._tell_slot(now)
        except (NotPosted, TimeoutError) as error:
            self.tries.failed(error, self.channel.name)
        except Exception as error:
            # A fault of this program: seen, and not every second.
            log.exception("channel %s: what is due could not be made", self.channel.name)
            ours = NotPosted(f"the digest could not be made: {type(error).__name__}")
            self.tries.failed(ours, self.channel.name)

    async def _tell_at_once(self, now: datetime) -> None:
        state, record = self._store.state, self._alert_record()
        if record is None or self._due(record, now, state.edition).is_empty:
            self.tries.drop("alerts")
            return
        self.tries.begin("alerts")
        if self._store.forgets():
            return
        await self._commit(telling.begin_edition)
        if self._store.forgets():
            return  # perhaps told before this start, and otherwise told again at every one: it waits
        covers = state.edition - 1
        bulletin = self._due(record, now, covers)
        async with asyncio.timeout(POST_WITHIN):
            await self._outlet.post_bulletin(bulletin)
        self.tries.taken("alerts", now)
        self._alerts = record_after(record, bulletin, covers)
        await self._commit(telling.record_alerts(self.channel.name, self._alerts))

    def _due(self, record: AlertRecord, now: datetime, upto: int) -> Bulletin:
        return due_bulletin(self._store.state, record, self._watch, now, upto)

    def _alert_record(self) -> AlertRecord | None:
        return self._alerts or self._store.state.record(self.channel.name).alerts

    async def _tell_slot(self, now: datetime) -> None:
        record = self._store.state.record(self.channel.name)
        wanted = self.channel.digest
        slot = due_slot(wanted.schedule, self._config.timezone, self._slot or record.slot, now)
        if slot is None:
            self.tries.drop("digest")
            return
        digest = await self._digest(slot, now)
        if wanted.only_changes and is_old(digest, record, slot, wanted.at_least):
            self._slot = slot
            self.tries.drop("digest")
            await self._commit(telling.pass_over(self.channel.name, slot))
        else:
            await self._deliver(slot, now)

    async def _deliver(self, slot: datetime, now: datetime) -> None:
        self.tries.begin("digest")
        digest, covers, taken = await self._begin(slot, now)
        if self._is_perhaps_told(slot):
            self._slot = slot
            self.tries.drop("digest")
            return
        try:
            async with asyncio.timeout(POST_WITHIN):
                await self._outlet.post_digest(digest, taken)
        except NotPosted as error:
            self._begun = (slot, digest, covers, error.taken) if error.taken else None
            raise
        self._begun = None
        self._slot = slot
        self.tries.taken("digest", now)
        self._told()
        await self._commit(telling.record_digest(self.channel.name, slot, covers, standing(digest)))
        await self._let_alerts_follow(now, covers)

    def _is_perhaps_told(self, slot: datetime) -> bool:
        """On a full disk nobody knows of a slot before this start; it would be told again at every one."""
        return self._store.forgets() and self._since is not None and slot < self._since

    async def _let_alerts_follow(self, now: datetime, covers: int) -> None:
        """Where nothing was to be told at once, the next look can begin with this edition."""
        record = self._alert_record()
        if record and (bulletin := self._due(record, now, covers)).is_empty:
            self._alerts = record_after(record, bulletin, covers)
            await self._commit(telling.record_alerts(self.channel.name, self._alerts))

    async def _begin(self, slot: datetime, now: datetime) -> tuple[Digest, int, int]:
        """The digest, the edition it covers, and how many of its messages were taken at an earlier try."""
        if self._begun and self._begun[0] == slot:
            return self._begun[1:]
        await self._commit(telling.begin_edition)
        covers = self._store.state.edition - 1
        return await self._digest(slot, now), covers, 0

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
        return week

    async def _commit(self, change: Change) -> None:
        """A disk that refuses must not keep people from hearing how things stand."""
        try:
            await self._store.commit(change)
        except SaveFailed as error:
            log.warning("channel %s goes on without being remembered: %s", self.channel.name, error)
