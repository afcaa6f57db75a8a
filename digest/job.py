"""The job that ticks every second: runs every channel, and the upkeep of the state."""

import asyncio
import logging
import time
from collections import Counter
from collections.abc import Callable, Collection, Mapping
from dataclasses import replace
from datetime import datetime, timedelta

from config import Channel, Config
from digest import notifications
from digest.channel import ChannelJob
from digest.compose import composing
from digest.health import Health, Stats
from digest.model import Digest
from digest.sender import Destination, Sender
from digest.summary import HostCounts, count_hosts
from digest.upkeep import Upkeep
from hosts import changes
from hosts.patterns import ALL_HOSTS
from hosts.problems import Problem
from state.store import Store
from turns import in_turns, turn

log = logging.getLogger("digest")

LAST_DELIVERY_AGE = timedelta(minutes=10)  # how old the saved one may be while the server runs


def renamed_channels(before: Collection[Channel], after: Collection[Channel]) -> dict[str, str]:
    """The former names of channels, where only one that is gone and one that is new have the same webhook."""
    gone, new = _only_in(before, after), _only_in(after, before)
    return {new[url]: gone[url] for url in gone.keys() & new.keys()}


def _only_in(channels: Collection[Channel], others: Collection[Channel]) -> dict[str, str]:
    """The names of those that the others lack, by a webhook that none of these share."""
    names = {channel.name for channel in others}
    found = [channel for channel in channels if channel.webhook_url and channel.name not in names]
    times = Counter(channel.webhook_url for channel in found)
    return {channel.webhook_url: channel.name for channel in found if times[channel.webhook_url] == 1}


class DigestJob:
    """Runs the channels of the configuration that it adopted last, and the upkeep of the state."""

    def __init__(  # noqa: PLR0913 - what the job depends on
        self,
        store: Store,
        config: Config,
        senders: Mapping[str, Sender],
        now: Callable[[], datetime],
        *,
        stats: Stats,
        after_digest: Callable[[], None] = lambda: None,
    ) -> None:
        """`senders` are by channel; `after_digest` is called for each digest posted."""
        self._store = store
        self._now = now
        self._after_digest = after_digest
        self._health = Health(store, stats)
        self.ticked = time.monotonic()
        self._channels: list[ChannelJob] = []
        self._renamed: dict[str, Destination] = {}  # by the former name, while that is in use
        self._ticks: dict[str, asyncio.Task[None]] = {}  # by channel
        self._upkeep = Upkeep(now())
        self._awaited: dict[tuple[Channel, int | None], asyncio.Task[Digest]] = {}  # digests not yet started
        self._composing = asyncio.Lock()
        self.adopt(config, senders)

    def adopt(self, config: Config, senders: Mapping[str, Sender]) -> None:
        """Continue with this configuration.

        A channel is the same one while it has the same name, or the same webhook under another name. It
        keeps the former name until its record, of what it has received, can be moved.
        """
        known = {job.channel.name: job for job in self._channels}
        former_names = renamed_channels([job.channel for job in self._channels], config.channels)
        self._config, self._senders = config, senders
        self._are_channels_synced = False
        self._channels, self._renamed = [], {}
        for channel in config.channels:
            to, name = Destination(channel, senders[channel.name], config), channel.name
            if former := former_names.get(name):
                self._renamed[former], name = to, former
                to = to._replace(channel=replace(channel, name=former))
            if job := known.get(name):
                job.adopt(to, self._now())
            else:
                job = ChannelJob(to, self._store, problems=self.problems, on_digest=self._after_digest)
            self._channels.append(job)

    async def tick(self) -> None:
        """Runs every second. A channel that is still busy with an earlier tick skips this one."""
        self.ticked = time.monotonic()
        now = self._now()
        if not self._are_channels_synced:
            await self.sync_channels()
        for job in filter(self._is_idle, self._channels):
            if to := self._renamed.get(job.channel.name):
                await self._rename(job, to, now)
        for job in filter(self._is_idle, self._channels):
            self._ticks[job.channel.name] = asyncio.create_task(job.tick(now))
        if not self._store.failure:
            await self._upkeep.tick(self._store, now, self._config.history)
            await self._save_last_delivery(LAST_DELIVERY_AGE)

    def _is_idle(self, job: ChannelJob) -> bool:
        name = job.channel.name
        return name not in self._ticks or self._ticks[name].done()

    async def _rename(self, job: ChannelJob, to: Destination, now: datetime) -> None:
        old, new = job.channel.name, to.channel.name
        if await self._store.try_commit(notifications.rename_channel(old, new)):
            log.info("channel %s is now called %s", old, new)
            job.adopt(to, now)
            self._renamed.pop(old, None)
            if self._config is not to.config:  # edited meanwhile
                self.adopt(self._config, self._senders)

    async def finish(self, seconds: float) -> None:
        if self._ticks:
            await asyncio.wait(self._ticks.values(), timeout=seconds)
        await self._save_last_delivery()

    async def sync_channels(self) -> None:
        """Begin the records of new channels, before anything arrives that would be news to them."""
        names = [job.channel.name for job in self._channels]
        recorded, alerting = self._store.state.channels.keys(), bool(self._config.alerts.hosts)
        gone, new = recorded - {*names}, {*names} - recorded
        sync = notifications.sync_channels(names, alerting=alerting)
        self._are_channels_synced = await self._store.try_commit(sync)
        if self._are_channels_synced and gone and new:
            text = "channels: %s no longer, but %s: a channel that gets another name starts anew"
            log.warning(text, ", ".join(sorted(gone)), ", ".join(sorted(new)))

    async def current(
        self,
        hosts: tuple[str, ...] = ALL_HOSTS,
        channel: Channel | None = None,
        notified: int | None = None,
    ) -> Digest:
        """The digest that `uptime check` shows, or one for a channel. `hosts` are names and patterns.

        News is what happened since the channel's last digest, or since the edition `notified`.

        Everyone who asks for the same one before work on it starts shares it: many may ask at once.
        """
        channel = replace(channel or self._config.channels[-1], hosts=hosts)
        wanted = channel, notified
        if wanted not in self._awaited:
            self._awaited[wanted] = asyncio.create_task(self._compose(channel, notified))
        digest = await asyncio.shield(self._awaited[wanted])
        await turn()  # each renders it in a turn of its own
        return digest

    async def _compose(self, channel: Channel, notified: int | None) -> Digest:
        async with self._composing:
            del self._awaited[channel, notified]
            state, problems = self._store.state, self.problems()
            steps = composing(state, self._config, channel, self._now(), problems, notified=notified)
            return await in_turns(steps)

    def problems(self, channels: Collection[str] = ()) -> list[Problem]:
        """The problems that concern some channels; by default, all channels."""
        channels = channels or [channel.name for channel in self._config.channels]
        return self._health.problems(self._config, self._now(), channels)

    def host_counts(self) -> HostCounts:
        return count_hosts(self._store.state, self._now(), self._config.hosts)

    def failures(self) -> list[str]:
        """Why the last attempts to post failed, by channel."""
        failing = [job for job in self._channels if job.retry.failure]
        if len(self._channels) == 1:
            return [str(job.retry.failure) for job in failing]
        return [f"channel {job.channel.name}: {job.retry.failure}" for job in failing]

    def waiting(self) -> int:
        return sum(len(job.retry.waiting) for job in self._channels)

    def posts(self) -> Counter[tuple[str, str]]:
        """How often digests and alerts were posted, and failed: `("digest", "taken")`."""
        return sum((job.retry.posts for job in self._channels), Counter())

    def last_digest(self) -> datetime | None:
        """The slot of the last digest posted in any channel."""
        saved = [self._store.state.record(job.channel.name).posted for job in self._channels]
        return max(filter(None, [*saved, *(job.posted for job in self._channels)]), default=None)

    def last_delivery(self) -> datetime | None:
        return self._health.last_delivery(self._now())

    def last_heard(self) -> datetime | None:
        return self._health.last_heard(self._now())

    async def _save_last_delivery(self, age: timedelta = timedelta(seconds=1)) -> None:
        """Most deliveries are saved with what they change; those that change nothing only now and then."""
        if last := self.last_delivery():
            await self._store.commit_if_needed(changes.record_last_delivery(last, age))
