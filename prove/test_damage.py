"""A file cut at each of its bytes, and with random damage: never a crash, never silently empty."""

import asyncio
import random
from pathlib import Path

from prove.size import times
from state.changes import record_incident
from state.loading import open_store
from tests.builders import KEEP, NOON, closed, opened


async def _two_versions(path: Path) -> tuple[bytes, bytes]:
    """A whole file and the version before it, which lacks the last incident."""
    store = open_store(path, NOON)
    for number in range(4):
        await store.commit(record_incident(closed(f"past-{number}", f"{number}.test", policy="정책"), KEEP))
    await store.commit(record_incident(opened("before", "a.test", policy="p", url="https://x.test"), KEEP))
    await store.commit(record_incident(opened("last", "b.test"), KEEP))
    await store.close()
    return path.read_bytes(), path.with_name("state.json.bak").read_bytes()


async def _load(path: Path, content: bytes, before: bytes) -> tuple[set[str], str | None]:
    path.write_bytes(content)
    path.with_name("state.json.bak").write_bytes(before)
    store = open_store(path, NOON)
    await store.close()
    for kept in path.parent.glob("*.corrupt-*"):
        kept.unlink()
    return set(store.state.owners), store.notice


async def _check(path: Path, content: bytes, whole: bytes, before: bytes) -> None:
    known, notice = await _load(path, content, before)
    if notice:
        assert known >= {"before", "past-0"}
        assert "last" not in known
    else:
        assert known >= {"before", "last"}, f"silently less than was saved, from {content!r}"
        assert content.rstrip() == whole.rstrip() or len(content) == len(whole)


def test_cut_at_each_byte(tmp_path: Path) -> None:
    async def play() -> None:
        whole, before = await _two_versions(tmp_path / "state.json")
        for end in range(0, len(whole), times(7, 1)):
            await _check(tmp_path / "state.json", whole[:end], whole, before)

    asyncio.run(play())


def test_random_damage(tmp_path: Path) -> None:
    dice = random.Random(1)

    async def play() -> None:
        whole, before = await _two_versions(tmp_path / "state.json")
        for _ in range(times(200, 5_000)):
            damaged = bytearray(whole)
            for _ in range(dice.randint(1, 8)):
                damaged[dice.randrange(len(damaged))] = dice.randrange(256)
            await _check(tmp_path / "state.json", bytes(damaged), whole, before)

    asyncio.run(play())
