"""When mutes end and when history is cleaned up: what is due every second besides digests and alerts."""

import time
from datetime import datetime, timedelta

from config import Retention
from hosts import retention
from hosts.model import Mute, State
from state.store import Store

DAY = 86_400  # seconds
HOSTS_PRUNED_PER_TICK = 100  # more would hold up the loop


class Upkeep:
    """Ends mutes, and once a day prunes history, some hosts at each tick until nothing is left to prune."""

    def __init__(self, now: datetime) -> None:
        self._horizon = PruneHorizon(now)
        self._prune_before: datetime | None = None  # while there may be something left to prune
        self._future_mutes = FutureMutes()

    async def tick(self, store: Store, now: datetime, keep: Retention) -> None:
        await store.commit_if_needed(retention.end_mutes(self._future_mutes.expired(store.state, now), now))
        await store.commit_if_needed(retention.mark_ended_mutes(now))
        self._prune_before = self._horizon.next(now) or self._prune_before
        if self._prune_before and not await self._prune(store, self._prune_before, keep):
            self._prune_before = None

    async def _prune(self, store: Store, before: datetime, keep: Retention) -> bool:
        """Whether there may be something left."""
        some = retention.prune(before, keep.days, keep.per_host, HOSTS_PRUNED_PER_TICK)
        if await store.commit_if_needed(some):
            return True
        await store.commit_if_needed(retention.prune_mutes(before))
        await store.commit_if_needed(retention.prune_forgotten(before))
        return False


class PruneHorizon:
    """Returns, once a day, the time before which history may be pruned."""

    def __init__(self, now: datetime) -> None:
        self._previous = (now, time.monotonic())

    def next(self, now: datetime) -> datetime | None:
        """The earlier of now and the last time, as the clock may be ahead; None most of the day."""
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
