"""Decides for how long pages go on showing the same state, so that they take little time while it changes."""

import asyncio
import time
from contextlib import suppress
from typing import TypeVar

from turns import Steps, in_turns

PAUSE_RATIO = 75  # a newer state has to wait this many times as long as the last pages took
LONGEST_PAUSE = 15  # seconds
PATIENCE = 1  # second: whoever would wait longer for a newer state gets the last one instead

T = TypeVar("T")


class Throttle:
    """The pause after each board, in proportion to the work that the board and its pages took."""

    def __init__(self) -> None:
        self._begun = 0.0  # when work on the last board began
        self._costs = [0.0, 0.0, 0.0]  # seconds of work since then, and for the two boards before
        self._closed = asyncio.Event()

    def close(self) -> None:
        """Let nobody wait any longer."""
        self._closed.set()

    def begin(self) -> None:
        """Work on a newer board begins."""
        self._begun, self._costs = time.monotonic(), [0.0, *self._costs[:2]]

    async def run(self, steps: Steps[T]) -> T:
        """Run a computation in turns, as a part of that work."""
        return await in_turns(steps, self._charge)

    def _charge(self, seconds: float) -> None:
        self._costs[0] += seconds

    def left(self) -> float:
        """Return for how many seconds no newer state is shown.

        Neither a single slow page, such as the first after a while, nor one still being made counts.
        """
        if self._closed.is_set():
            return 0
        pause = min(LONGEST_PAUSE, PAUSE_RATIO * sorted(self._costs)[1])
        return max(0, self._begun + pause - time.monotonic())

    def is_too_long_to_wait(self) -> bool:
        """Whether whoever asks gets the last state instead of waiting for a newer one."""
        return self.left() > PATIENCE

    async def wait(self) -> None:
        """Wait until a newer state may be shown, but not for longer than `PATIENCE`."""
        now = asyncio.get_running_loop().time
        given_up_at = now() + PATIENCE
        while (left := min(self.left(), given_up_at - now())) > 0:
            with suppress(TimeoutError):
                async with asyncio.timeout(left):
                    await self._closed.wait()
