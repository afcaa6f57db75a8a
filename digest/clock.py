"""A wall clock may leap and be set right again: what is lost by it must not be lost for good."""

import time
from collections.abc import Iterator
from datetime import datetime

from hosts.model import Mute, State

DAY = 86_400  # seconds


class SettledTime:
    """What time it certainly is: what is let go of is gone, and a clock may leap ahead and back again."""

    def __init__(self, now: datetime) -> None:
        self._look = (now, time.monotonic())

    def passed(self, now: datetime) -> datetime | None:
        """Once a day, the earlier of what the clock says now and what it said a day ago, or at the start."""
        (before, at), seconds = self._look, time.monotonic()
        if seconds - at < DAY:
            return None
        self._look = (now, seconds)
        return min(before, now)


class MutesAhead:
    """Mutes that were made later than it is: by a clock that was ahead, unless it is behind now.

    Either way each of them is over once it has been seen like that for as long as it was to last.
    """

    def __init__(self) -> None:
        self._seen: dict[Mute, float] = {}

    def served(self, state: State, now: datetime) -> list[Mute]:
        """Those that have lasted for long enough."""
        seconds, known = time.monotonic(), set(state.mutes.values())
        ahead = dict.fromkeys(_ahead(state, now), seconds)
        self._seen = ahead | {mute: since for mute, since in self._seen.items() if mute in known}
        return [mute for mute, since in self._seen.items() if seconds - since >= _length(mute)]


def _ahead(state: State, now: datetime) -> Iterator[Mute]:
    return (mute for mute in state.mutes.values() if mute.until and mute.at > now)


def _length(mute: Mute) -> float:
    """In seconds."""
    return (mute.until - mute.at).total_seconds() if mute.until else float("inf")
