"""A file cut at each of its bytes, and with random damage: never a crash, never silently empty."""

import asyncio
import random
from pathlib import Path

import pytest

from hosts.changes import record_incident
from hosts.model import State
from prove.size import times
from prove.without import leave_out
from state.decoding import decode
from state.loading import open_store
from tests.builders import NOON, closed, opened


async def _two_versions(path: Path) -> tuple[bytes, bytes]:
    """A whole file and the version before it, which lacks the last incident."""
    store = open_store(path, NOON)
    for number in range(4):
        await store.commit(record_incident(closed(f"past-{number}", f"{number}.test", policy="정책")))
    await store.commit(record_incident(opened("before", "a.test", policy="p", url="https://x.test")))
    await store.commit(record_incident(opened("last", "b.test")))
    await store.close()
    return path.read_bytes(), path.with_name("state.json.bak").read_bytes()


async def _load(path: Path, content: bytes, before: bytes) -> tuple[State, str]:
    path.write_bytes(content)
    path.with_name("state.json.bak").write_bytes(before)
    store = open_store(path, NOON)
    await store.close()
    for kept in path.parent.glob("*.corrupt-*"):
        kept.unlink()
    return store.state, "".join(notice.marker for notice in store.notices)


async def _check(path: Path, content: bytes, whole: bytes, before: bytes) -> None:
    found, notice = await _load(path, content, before)
    saved = decode(before if notice else whole)[0]
    assert found == saved, f"silently other than what was saved, from {content!r}"


def cut_everywhere(path: Path) -> None:
    async def play() -> None:
        whole, before = await _two_versions(path)
        for end in range(0, len(whole), times(7, 1)):
            await _check(path, whole[:end], whole, before)

    asyncio.run(play())


def test_a_file_cut_at_each_byte(tmp_path: Path) -> None:
    cut_everywhere(tmp_path / "state.json")


def test_a_store_that_starts_with_nothing_instead_is_noticed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    leave_out("refusal", monkeypatch.setattr)
    with pytest.raises(AssertionError, match="silently other"):
        cut_everywhere(tmp_path / "state.json")


def damage_often(path: Path, often: int) -> None:
    dice = random.Random(1)

    async def play() -> None:
        whole, before = await _two_versions(path)
        for _ in range(often):
            damaged = bytearray(whole)
            for _ in range(dice.randint(1, 8)):
                damaged[dice.randrange(len(damaged))] = dice.randrange(256)
            await _check(path, bytes(damaged), whole, before)

    asyncio.run(play())


def test_random_damage(tmp_path: Path) -> None:
    damage_often(tmp_path / "state.json", times(200, 5_000))


def test_without_the_checksum_some_damage_would_go_unnoticed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    leave_out("checksum", monkeypatch.setattr)
    with pytest.raises(AssertionError, match="silently other"):
        damage_often(tmp_path / "state.json", 5_000)  # it ends at the first one found
