"""A simulated year: a million deliveries, with digests in between; memory, descriptors and the file stay bounded."""

import asyncio
import gc
import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from digest.health import Stats
from digest.job import DigestJob
from digest.model import Digest
from hosts.changes import record_incident
from hosts.incident import Incident, Kind, NamedBy
from prove.size import times
from state.loading import open_store
from tests.builders import NOON, configured, senders
from tests.process import descriptors, resident_kb

HOSTS = times(200, 10_000)
DELIVERIES = times(20_000, 1_000_000)
YEAR = timedelta(days=365)
AT_ONCE = 128  # deliveries that arrive together


@dataclass(frozen=True)
class Weight:
    resident_kb: int
    descriptors: int
    file_bytes: int


def weigh(state_file: Path) -> Weight:
    gc.collect()
    return Weight(resident_kb(), descriptors(), state_file.stat().st_size)


def outages(dice: random.Random) -> Iterator[tuple[datetime, Incident, Incident]]:
    """The outages of the year: when, the open, and its close."""
    pairs = DELIVERIES // 2
    for number in range(pairs):
        started = NOON + YEAR * number / pairs
        host = f"host-{dice.randrange(HOSTS)}.example.com"
        incident = Incident(
            f"0.{number:012x}", host, NamedBy.HOST, Kind.DOWNTIME, started, policy=f"{host} uptime"
        )
        yield started, incident, incident._replace(ended=started + timedelta(minutes=dice.randrange(1, 90)))


async def live(folder: Path, monkeypatch: pytest.MonkeyPatch) -> list[Weight]:
    """Weights after each quarter of the year."""
    clock = [NOON]

    def monotonic() -> float:
        return (clock[0] - NOON).total_seconds()

    monkeypatch.setattr("digest.job.time.monotonic", monotonic)
    store = open_store(folder / "state.json", NOON)
    config = configured(folder, digest={"every": "1d"})
    posted: list[datetime] = []

    async def post(digest: Digest) -> None:
        posted.append(digest.at)

    job = DigestJob(store, config, senders(post), lambda: clock[0], stats=Stats(NOON))
    weights: list[Weight] = []
    batch: list[Incident] = []
    for at, opened, closed in outages(random.Random(1)):
        batch += [opened, closed]
        if len(batch) >= AT_ONCE:
            await asyncio.gather(*(store.commit(record_incident(i)) for i in batch))
            batch.clear()
            clock[0] = at
            await job.tick()
            await job.finish(20)
            if at > NOON + YEAR / 4 * (len(weights) + 1):
                weights.append(weigh(folder / "state.json"))
    await store.close()
    assert len(posted) > 100
    return [*weights, weigh(folder / "state.json")]


def test_a_year_leaves_nothing_behind_but_its_last_days(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    weights = asyncio.run(live(tmp_path, monkeypatch))
    for weight in weights:
        print(weight)
    settled, last = weights[1], weights[-1]  # after 90 days history is as long as it gets
    assert last.file_bytes < settled.file_bytes * 1.15
    assert last.resident_kb < settled.resident_kb * 1.15 + 3_000
    assert last.descriptors <= settled.descriptors
