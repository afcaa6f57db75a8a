"""The job behind the heartbeat: lets every channel tell what is due, and lets go of old history."""

import asyncio
import logging
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from datetime import datetime, timedelta

from config import Config
from digest import notifications
from digest.channel import ChannelJob
from digest.clock import MutesAhead, SettledTime
from digest.health import expiry, last_news, silence
from digest.model import Digest
from digest.sender import Outlet
from digest.stats import Stats
from digest.summary import HostCounts, count_hosts
from digest.view import digest_of
from hosts import changes, retention
from hosts.patch import Change
from hosts.patterns import ALL_HOSTS
from hosts.problems import Problem, ProblemKind
from hosts.retention import prune_forgotten
from state.store import SaveFailed, Store

log = logging.getLogger("digest")

PRUNED_AT_ONCE = 100  # hosts a tick: letting go of history must not hold up the loop


class DigestJob:
    """All channels of a configuration. `outlets` are by the names of the channels."""

    def __init__(  # noqa: PLR0913 - what the job depends on
        self,
        store: Store,
        config: Config,
        outlets: Mapping[str, Outlet],
        now: Callable[[], datetime],
        *,
        stats: Stats,
        after_digest: Callable[[], None] = lambda: None,
    ) -> None:
        """`after_digest` is called whenever a digest was taken."""
        self._store = store
        self._now = now
        self._stats = stats
        self._after_digest = after_digest
        self._known_before = last_news(store.state)  # the least that the process before this one had heard
        self.ticked = time.monotonic()
        self._channels: list[ChannelJob] = []
        self._telling: dict[str, asyncio.Task[None]] = {}
        self._settled = SettledTime(now())
        self._ahead = MutesAhead()
        self._horizon: datetime | None = None  # while there may be something from before it to let go of
        self.adopt(config, outlets)

    def adopt(self, config: Config, outlets: Mapping[str, Outlet]) -> None:
        """Go on by this configuration. A channel that keeps its name keeps what it was told."""
        known = {job.channel.name: job for job in self._channels}
        self._config = config
        self._records_kept = False
        self._channels = []
        for channel in config.channels:
            job = known.get(channel.name) or ChannelJob(
                channel, self._store, problems=self.problems, told=self._told
            )
            job.adopt(channel, outlets[channel.name], config)
            self._channels.append(job)

    async def tick(self) -> None:
        """One heartbeat, every second. A channel that is still busy with an earlier one misses this one."""
        self.ticked = time.monotonic()
        now = self._now()
        if not self._records_kept:
            await self.begin()
        for job in self._channels:
            name = job.channel.name
            if name not in self._telling or self._telling[name].done():
                self._telling[name] = asyncio.create_task(job.tick(now))
        self._horizon = self._settled.passed(now) or self._horizon
        if not self._store.failure:
            await self._change(retention.end_mutes(self._ahead.served(self._store.state, now), now))
            await self._change(retention.mark_ended_mutes(now))
            await self._let_go()

    async def finish(self, seconds: float) -> None:
        """Let what is being posted arrive, and be remembered, but wait no longer than that."""
        if self._telling:
            await asyncio.wait(self._telling.values(), timeout=seconds)

    def current(self, hosts: tuple[str, ...] = ALL_HOSTS) -> Digest:
        """The digest of this moment, as `uptime check` shows it. `hosts` are names and patterns."""
        channel = replace(self._config.channels[-1], hosts=hosts)
        return digest_of(self._store.state, self._config, channel, self._now(), self.problems())

    def problems(self) -> list[Problem]:
        """What keeps the program from doing its job, for the people who read the digest."""
        saving, config = (self._store.problem(), self._store.notice), self._stats.config_problem
        troubles = (*saving, config, *self._crowded(), expiry(self._config, self._now()), self._silence())
        return [problem for problem in troubles if problem]

    def host_counts(self) -> HostCounts:
        return count_hosts(self._store.state, self._now(), self._config.hosts)

    def failures(self) -> list[str]:
        """What was not taken at the last try, by channel."""
        failing = [job for job in self._channels if job.retry.failure]
        if len(self._channels) == 1:
            return [str(job.retry.failure) for job in failing]
        return [f"channel {job.channel.name}: {job.retry.failure}" for job in failing]

    def waiting(self) -> int:
        """How many messages are due that were not taken yet."""
        return sum(len(job.retry.waiting) for job in self._channels)

    def posts(self) -> Counter[tuple[str, str]]:
        """How often digests and alerts were taken, and failed: `("digest", "taken")`."""
        return sum((job.retry.posts for job in self._channels), Counter())

    def last_digest(self) -> datetime | None:
        """The slot of the last digest that was taken, in any channel."""
        posted = [self._store.state.record(job.channel.name).posted for job in self._channels]
        return max(filter(None, posted), default=None)

    def last_incident(self) -> datetime | None:
        """When the latest incident began or ended, by Google's clock."""
        return last_news(self._store.state)

    def _crowded(self) -> Iterator[Problem]:
        for host in self._store.state.hosts.values():
            if len(host.open) >= changes.MAX_OPEN_INCIDENTS:
                said = f"{host.name} has {len(host.open):,} open incidents, and no more can be recorded"
                yield Problem(said, ProblemKind.CROWDED, host.name, f"{len(host.open):,}")

    def _silence(self) -> Problem | None:
        """Where no host is known or configured, nothing is to be expected."""
        after, heard = self._config.silence_after, self._stats.heard or self._known_before
        if after is None or not (heard or self._config.hosts):
            return None
        return silence(self._quiet_for(), after)

    def _quiet_for(self) -> timedelta:
        """Wall clocks leap: only what was heard before the start is compared with one."""
        quiet = self._stats.quiet_for()
        if self._stats.heard or self._known_before is None:
            return quiet
        return max(quiet, self._now() - self._known_before)

    def _told(self) -> None:
        self._store.notice = None  # people have read it now
        self._after_digest()

    async def begin(self) -> None:
        """Begin the records of channels that are new, before anything comes that would be news to them."""
        names = [channel.name for channel in self._config.channels]
        alerting = bool(self._config.alerts.hosts)
        self._records_kept = await self._commit(notifications.keep_channels(names, alerting=alerting))

    async def _let_go(self) -> None:
        """Some hosts at a heartbeat, until nothing is left to let go of."""
        if self._horizon is None:
            return
        kept = self._config.history
        prune = retention.prune(self._horizon, kept.days, kept.per_host, PRUNED_AT_ONCE)
        if not await self._change(prune):
            await self._change(retention.prune_mutes(self._horizon))
            await self._change(prune_forgotten(self._horizon))
            self._horizon = None

    async def _change(self, change: Change) -> bool:
        """Was there anything to change? While that cannot be saved, things go on as if it was done."""
        if not change(self._store.state):
            return False
        await self._commit(change)
        return True

    async def _commit(self, change: Change) -> bool:
        try:
            await self._store.commit(change)
        except SaveFailed as error:
            log.warning("it goes on without being remembered: %s", error)
            return False
        return True
