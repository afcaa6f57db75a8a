"""Runs long computations in short turns of the event loop.

Such a computation is a generator that yields wherever it may be interrupted, and returns its result.
The state may change in between, so it works on a snapshot of what it needs. By convention its name ends in
-ing: `rendering`. `render = at_once(rendering)` does the same without pauses.
"""

import asyncio
import time
from collections.abc import Callable, Generator, Iterable
from functools import wraps
from heapq import merge
from typing import Any, ParamSpec, TypeVar
from weakref import WeakKeyDictionary

P = ParamSpec("P")
T = TypeVar("T")
Steps = Generator[None, None, T]

TURN = 0.002  # seconds of work before others get their turn
SORTED_AT_ONCE = 100
_locks: WeakKeyDictionary[asyncio.AbstractEventLoop, asyncio.Lock] = WeakKeyDictionary()


def at_once(compute: Callable[P, Steps[T]]) -> Callable[P, T]:
    """Make a function of a generator function: it runs to the end at once and returns the result."""

    @wraps(compute)
    def computed(*args: P.args, **kwargs: P.kwargs) -> T:
        steps = compute(*args, **kwargs)
        while True:
            try:
                next(steps)
            except StopIteration as end:
                result: T = end.value
                return result

    return computed


async def turn() -> None:
    """Wait for a turn of one's own in the event loop, even if hundreds ask at once."""
    async with _locks.setdefault(asyncio.get_running_loop(), asyncio.Lock()):
        await asyncio.sleep(0)


async def in_turns(steps: Steps[T], spent: Callable[[float], object] = lambda _: None) -> T:
    """Run a computation, giving way to the event loop each time it has run for `TURN` seconds.

    However many run at once, a delivery waits for one of them at a time.
    `spent` is called with the processor time of each turn, in seconds.
    """
    await turn()
    begun, worked = time.monotonic(), time.thread_time()
    while True:
        try:
            next(steps)
        except StopIteration as end:
            spent(time.thread_time() - worked)
            result: T = end.value
            return result
        if time.monotonic() - begun > TURN:
            spent(time.thread_time() - worked)
            await turn()
            begun, worked = time.monotonic(), time.thread_time()


def sorting(items: Iterable[T], key: Callable[[T], Any]) -> Steps[list[T]]:
    """Like `sorted`, which would take too long for ten thousand items."""
    found = [*items]
    runs = []
    for at in range(0, len(found), SORTED_AT_ONCE):
        yield
        runs.append(sorted(found[at : at + SORTED_AT_ONCE], key=key))
    merged = []
    for item in merge(*runs, key=key):
        yield
        merged.append(item)
    return merged
