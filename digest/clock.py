"""Guards against a wall clock that jumps ahead and is later corrected: deletions cannot be undone."""

import time
from collections.abc import Iterator
from datetime import datetime

from hosts.model import Mute, State

DAY = 86_400  # seconds


class PruneHorizon:
    """Returns, once a day, the time before which history may be pruned."""

    def __init__(self, now: datetime) -> None:
        self._previous = (now, time.monotonic())

    def next(self, now: datetime) -> datetime | None:
        """The earlier of `now` and the `now` of a day ago, as the clock may be ahead; None in between."""
        (before, at), seconds = self._previous, time.monotonic()
        if seconds - at < DAY:
            return None
        self._previous = (now, seconds)
        return min(before, now)


class FutureMutes:
    """Ends mutes that seem to begin in the future, after as long as they were meant to last.

    The clock was ahead when they were made, or is behind now.
    """

    def __init__(self) -> None:
        self._seen: dict[Mute, float] = {}

    def expired(self, state: State, now: datetime) -> list[Mute]:
        seconds, mutes = time.monotonic(), set(state.mutes.values())
        new = dict.fromkeys(_in_future(state, now), seconds)
        self._seen = new | {mute: since for mute, since in self._seen.items() if mute in mutes}
        return [mute for mute, since in self._seen.items() if seconds - since >= _length(mute)]


def _in_future(state: State, now: datetime) -> Iterator[Mute]:
    return (mute for mute in state.mutes.values() if mute.until and mute.at > now)


def _length(mute: Mute) -> float:
    """In seconds."""
    return (mute.until - mute.at).total_seconds() if mute.until else float("inf")
