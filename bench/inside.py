"""What holds up the loop, in processor time: encoding a commit, building a digest, and any other work."""

import asyncio
import gc
import random
import statistics
import time
from collections.abc import Awaitable, Callable
from datetime import UTC, timedelta
from itertools import pairwise

from bench.states import NOW, make_state, name, opened
from digest.summary import summarizing
from languages import ENGLISH, Locale
from slack.digest_message import rendering
from state.encoding import encode_head, encode_host
from state.lines import Lines
from tests.builders import summarize
from turns import Steps, in_turns

AT_ONCE = 64  # deliveries in one commit
REPEATS = 21


def encode_ms(hosts: int, closed: int) -> float:
    """The step of a commit that the loop waits for."""
    state = make_state(hosts, closed)
    lines = Lines({host.name: encode_host(host) for host in state.hosts.values()})
    lines.file(b"")
    gc.freeze()  # as the server does once it has loaded its state

    def step() -> None:
        for host in changed:
            lines.put(host.name, encode_host(host))
        lines.file(encode_head(state))

    times = []
    for number in range(REPEATS):
        changed = [
            opened(state.hosts[name(random.randrange(hosts))], number) for _ in range(min(AT_ONCE, hosts))
        ]
        times.append(_ms(step))
    return statistics.median(times)


def digest_ms(hosts: int, down: int) -> float:
    """The longest turn while a digest is summarized and rendered, with `down` hosts down."""
    state = make_state(hosts, 1)
    for number in range(down):
        host = state.hosts[name(number * (hosts // down))]
        state.hosts[host.name] = opened(host, 1)
    gc.freeze()

    now = NOW + timedelta(hours=1)
    digest = summarize(state, now)
    computations = (
        lambda: summarizing(state, now, notified=1),
        lambda: rendering(digest, Locale(UTC, ENGLISH)),
    )
    return max(
        statistics.median(asyncio.run(_longest_turn_ms(compute())) for _ in range(REPEATS))
        for compute in computations
    )


async def turn_times(read: Callable[[], Awaitable[None]]) -> list[float]:
    """How much processor time each turn of the loop took meanwhile, in seconds."""
    reading = asyncio.ensure_future(read())
    times = [time.thread_time()]
    while not reading.done():
        await asyncio.sleep(0)
        times.append(time.thread_time())
    await reading
    return [after - before for before, after in pairwise(times)]


async def _longest_turn_ms(steps: Steps[object]) -> float:
    turns = list[float]()
    await in_turns(steps, turns.append)
    return max(turns) * 1e3


def _ms(step: Callable[[], object]) -> float:
    began = time.thread_time()
    step()
    return (time.thread_time() - began) * 1e3
