"""The job behind the tick of every second: runs every channel, ends mutes and prunes history."""

import asyncio
import logging
import time
from collections import Counter
from collections.abc import Callable, Collection, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial

from config import Channel, Config
from digest import notifications
from digest.channel import ChannelJob
from digest.compose import composing
from digest.health import Health, Stats, last_incident_at
from digest.model import Digest
from digest.sender import Sender
from digest.summary import HostCounts, count_hosts
from hosts import changes, retention
from hosts.model import Change, Mute, State
from hosts.patterns import ALL_HOSTS
from hosts.problems import Problem
from state.store import Store
from turns import in_turns

log = logging.getLogger("digest")

LAST_DELIVERY_AGE = timedelta(minutes=10)  # how old the saved one may be while the server runs
DAY = 86_400  # seconds
HOSTS_PRUNED_PER_TICK = 100  # more would hold up the loop


class DigestJob:
    """All channels of a configuration."""

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
        self._ticks: dict[str, asyncio.Task[None]] = {}  # by channel
        self._prune_horizon = PruneHorizon(now())
        self._prune_before: datetime | None = None  # while there may be something left to prune
        self._future_mutes = FutureMutes()
        self.adopt(config, senders)

    def adopt(self, config: Config, senders: Mapping[str, Sender]) -> None:
        """Continue with this configuration. A channel is the same one while it has the same name."""
        known = {job.channel.name: job for job in self._channels}
        self._config = config
        self._are_channels_synced = False
        self._channels = []
        for channel in config.channels:
            sender, job = senders[channel.name], known.get(channel.name)
            if job:
                job.adopt(channel, sender, config)
            else:
                job = ChannelJob(
                    channel,
                    sender,
                    config,
                    self._store,
                    problems=partial(self.problems, (channel.name,)),
                    on_digest=self._after_digest,
                )
            self._channels.append(job)

    async def tick(self) -> None:
        """Runs every second. A channel that is still busy with an earlier tick skips this one."""
        self.ticked = time.monotonic()
        now = self._now()
        if not self._are_channels_synced:
            await self.sync_channels()
        for job in self._channels:
            name = job.channel.name
            if name not in self._ticks or self._ticks[name].done():
                self._ticks[name] = asyncio.create_task(job.tick(now))
        self._prune_before = self._prune_horizon.next(now) or self._prune_before
        if not self._store.failure:
            await self._change(retention.end_mutes(self._future_mutes.expired(self._store.state, now), now))
            await self._change(retention.mark_ended_mutes(now))
            await self._prune()
            await self._save_last_delivery(LAST_DELIVERY_AGE)

    async def finish(self, seconds: float) -> None:
        if self._ticks:
            await asyncio.wait(self._ticks.values(), timeout=seconds)
        await self._save_last_delivery()

    async def sync_channels(self) -> None:
        """Begin the records of new channels, before anything arrives that would be news to them."""
        names = [channel.name for channel in self._config.channels]
        alerting = bool(self._config.alerts.hosts)
        sync = notifications.sync_channels(names, alerting=alerting)
        self._are_channels_synced = await self._store.try_commit(sync)

    async def current(self, hosts: tuple[str, ...] = ALL_HOSTS, channel: Channel | None = None) -> Digest:
        """The digest that `uptime check` shows, or one for a channel. `hosts` are names and patterns."""
        channel = replace(channel or self._config.channels[-1], hosts=hosts)
        steps = composing(self._store.state, self._config, channel, self._now(), self.problems())
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

    def last_incident(self) -> datetime | None:
        return last_incident_at(self._store.state)

    async def _prune(self) -> None:
        """Prune some hosts at each tick, until nothing is left to prune."""
        if self._prune_before is None:
            return
        keep = self._config.history
        some = retention.prune(self._prune_before, keep.days, keep.per_host, HOSTS_PRUNED_PER_TICK)
        if not await self._change(some):
            await self._change(retention.prune_mutes(self._prune_before))
            await self._change(retention.prune_forgotten(self._prune_before))
            self._prune_before = None

    async def _save_last_delivery(self, age: timedelta = timedelta(seconds=1)) -> None:
        """Most deliveries are saved with what they change; those that change nothing only now and then."""
        if last := self.last_delivery():
            await self._change(changes.record_last_delivery(last, age))

    async def _change(self, change: Change) -> bool:
        """Returns whether there was anything to change, saved or not."""
        if not change(self._store.state):
            return False
        await self._store.try_commit(change)
        return True


class PruneHorizon:
    """Returns, once a day, the time before which history may be pruned."""

    def __init__(self, now: datetime) -> None:
        self._previous = (now, time.monotonic())

    def next(self, now: datetime) -> datetime | None:
        """Return the earlier of now and the last time, as the clock may be ahead; None most of the day."""
        (before, at), seconds = self._previous, time.monotonic()
        if seconds - at < DAY:
            return None
        self._previous = (now, seconds)
        return min(before, now)


class FutureMutes:
    """Ends mutes that seem to begin in the future, after as long as they were meant to last.

    That happens if the clock was ahead when they were made, or is behind now.
    """

    def __init__(self) -> None:
        self._seen: dict[Mute, float] = {}

    def expired(self, state: State, now: datetime) -> list[Mute]:
        seconds, mutes = time.monotonic(), set(state.mutes.values())
        new = {mute: seconds for mute in mutes if mute.until and mute.at > now}
        self._seen = new | {mute: since for mute, since in self._seen.items() if mute in mutes}
        seen_for = ((mute, timedelta(seconds=seconds - since)) for mute, since in self._seen.items())
        return [mute for mute, lasted in seen_for if mute.until and lasted >= mute.until - mute.at]
