"""From a path to a store: first starts, second processes, damage, and what must never start empty."""

import os
import re
from collections.abc import AsyncIterator, Callable
from datetime import datetime
from pathlib import Path

import pytest
import pytest_asyncio

from digest.health import in_english
from digest.notifications import begin_edition, record_digest, sync_channels
from hosts.changes import record_incident
from hosts.model import DEFAULT, NOTHING, ChannelRecord
from hosts.problems import Problem, ProblemKind
from state.atomic_file import UnsafeFile
from state.decoding import decode
from state.loading import AlreadyRunning, StateDamaged, open_store
from state.store import Store
from tests.builders import MINUTE, NOON, encoded, filled, known, opened
from tests.test_decoding import DOCUMENT, WWW, file_of, replaced


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "var" / "state.json"


OPEN: list[Store] = []


@pytest_asyncio.fixture(autouse=True)
async def _closed_in_the_end() -> AsyncIterator[None]:
    yield
    while OPEN:
        await OPEN.pop().close()


def load(path: Path) -> Store:
    OPEN.append(open_store(path, NOON))
    return OPEN[-1]


def news(store: Store, *channels: str) -> list[Problem]:
    """The notices that one of the channels has yet to receive."""
    names = channels or (DEFAULT,)
    return [each.problem for each in store.notices if store.state.is_news(each.marker, names)]


async def test_a_missing_file_means_a_fresh_start_and_what_is_saved_then_is_there_again(path: Path) -> None:
    store = load(path)
    assert not store.state.hosts
    await store.commit(record_incident(opened("a")))
    await store.close()
    assert set(load(path).state.host_by_incident) == {"a"}


async def test_a_second_store_is_refused_even_when_the_lock_file_was_deleted(path: Path) -> None:
    load(path)
    with pytest.raises(AlreadyRunning, match=f"already running: process {os.getpid()} owns {path}"):
        load(path)
    path.with_name("state.lock").unlink()
    with pytest.raises(AlreadyRunning, match="lock file is gone"):
        load(path)


async def test_the_lock_is_released_when_loading_fails(path: Path) -> None:
    await filled(path, "a")
    path.chmod(0o666)
    with pytest.raises(UnsafeFile):
        load(path)
    path.chmod(0o600)
    load(path)


WRONG_VALUE = file_of(replaced((*WWW, "open", 0, "started"), "2026-11-22"))  # under a right checksum


@pytest.mark.parametrize(
    "content", [b"", b"{", b"null", b"[]", b'{"version":1}', b"\xff\xfe", b"[" * 100_000, WRONG_VALUE, None]
)
async def test_the_previous_version_of_a_damaged_or_missing_file_is_used_and_written_in_its_place(
    path: Path, content: bytes | None
) -> None:
    await filled(path, "a", "b")
    path.unlink()
    if content is not None:
        path.write_bytes(content)
        path.chmod(0o600)
    store = load(path)
    assert set(store.state.host_by_incident) == {"a"}
    (found,) = news(store)
    if content is None:
        assert (found.kind, "missing" in in_english(found)) == (ProblemKind.MISSING, True)
    else:
        kept = path.with_name("state.json.corrupt-20261122T120000Z")
        assert kept.read_bytes() == content
        assert (found.kind, found.detail) == (ProblemKind.DAMAGED, kept.name)
        assert re.search(rf" is kept as {kept.name}; .* \(cannot be read: .+\)$", in_english(found))
    await store.commit(lambda _: NOTHING)  # which every start has, though it changes nothing
    await store.close()
    assert known(path) == {"a"}


Harm = Callable[[Path], object]


def delete_both(path: Path) -> None:
    path.unlink()
    path.with_name("state.json.bak").unlink()


HARMS: list[tuple[Harm, ProblemKind]] = [
    (lambda path: path.write_bytes(b"damaged"), ProblemKind.DAMAGED),
    (lambda path: path.unlink(), ProblemKind.MISSING),
    (delete_both, ProblemKind.VANISHED),
]


async def start(path: Path, *posting: str, slot: datetime = NOON - 30 * MINUTE) -> list[ProblemKind]:
    """Start with the channels a and b; those posting get a digest, which had been due before the start."""
    store = load(path)
    await store.commit(sync_channels(("a", "b"), alerting=False))
    found = [problem.kind for problem in news(store, "a", "b")]
    for channel in posting:
        told = [each.marker for each in store.notices if store.state.is_news(each.marker, [channel])]
        await store.commit(record_digest(channel, slot, 1, notices=told))
    await store.commit(begin_edition)  # so that the version before it has the record, too
    await store.close()
    return found


@pytest.mark.parametrize("slot", [NOON - 30 * MINUTE, NOON + 9 * 60 * MINUTE])
async def test_every_start_reports_it_until_each_channel_has_been_told_and_then_no_more(
    path: Path, slot: datetime
) -> None:
    """Neither the due time of a digest nor a clock that was ahead makes it count as told."""
    await filled(path, "x", "y")
    for harm, kind in HARMS:
        await start(path, "a", "b", slot=slot)
        harm(path)
        found = [await start(path, *posting, slot=slot) for posting in ([], ["a"], ["a"], [], ["b"], [], [])]
        assert found == [[kind]] * 5 + [[]] * 2


async def test_a_channel_is_told_only_once(path: Path) -> None:
    await filled(path, "x", "y")
    path.unlink()
    await start(path, "a")
    store = load(path)
    assert [len(news(store, name)) for name in ("a", "b", "later")] == [0, 1, 0]


async def test_with_a_state_of_an_earlier_version_what_is_older_than_its_last_digest_counts_as_reported(
    path: Path,
) -> None:
    await filled(path, "x")
    state = decode(path.read_bytes())[0]
    state.unreported = None
    state.channels = {DEFAULT: ChannelRecord(1, NOON, NOON)}
    path.write_bytes(encoded(state))
    for name in ("corrupt-20261122T115959Z", "missing-20261122T120001Z"):
        path.with_name(f"state.json.{name}").touch()
    for _ in range(2):
        store = load(path)
        assert [problem.kind for problem in news(store)] == [ProblemKind.MISSING]
        await store.close()


@pytest.mark.parametrize(
    ("file", "bak", "told"),
    [
        (b"x", None, r"; there is no state\.json\.bak\. Put a backup in its place, or move it away"),
        (b"x", b"y", r"; state\.json\.bak cannot be read either: .*Put a backup .*, or move both files away"),
        (None, b"y", r" is missing, and state\.json\.bak cannot be read: .*, or move it away"),
    ],
)
async def test_without_a_readable_version_it_refuses_says_why_and_changes_nothing(
    path: Path, file: bytes | None, bak: bytes | None, told: str
) -> None:
    path.parent.mkdir()
    files = ((path, file), (path.with_name("state.json.bak"), bak))
    there = {each: content for each, content in files if content}
    for each, content in there.items():
        each.write_bytes(content)
        each.chmod(0o600)
    for _ in range(2):
        with pytest.raises(StateDamaged, match=rf"^{path}.*{told}"):
            load(path)
    assert {each: each.read_bytes() for each in path.parent.glob("state.json*")} == there


async def test_a_start_where_nothing_was_ever_saved_says_nothing(path: Path) -> None:
    """Nor does the next one: if the disk was full from the beginning, nothing is missing."""
    for _ in range(2):
        store = load(path)
        assert news(store) == []
        await store.close()


async def test_a_lock_file_shows_that_a_server_has_run(path: Path) -> None:
    path.parent.mkdir()
    path.with_name("state.lock").touch()
    assert [found.kind for found in news(load(path))] == [ProblemKind.VANISHED]


@pytest.mark.parametrize(
    "content",
    [
        b'{"version":2,"state":{"hosts":[]}}',
        b'{\n  "version": 2\n}\n',
        b'{"hosts":{},"version":2,"checksum":"sha256:00"}',
        b'{"version":"2.0","digest":{},"mutes":{},"hosts":{}}',
        b'{"version":12,"digest":{"edition":1},"hosts":{\n\n},"checksum":7}\n',
    ],
)
async def test_a_later_version_in_another_format_does_not_count_as_damage(path: Path, content: bytes) -> None:
    """Otherwise the previous version would be used in its place, and newer changes lost."""
    await filled(path, "a", "b")
    path.write_bytes(content)
    hint = r"version .*, but this program reads version 1\. Start the version of"
    with pytest.raises(StateDamaged, match=hint):
        load(path)
    assert path.read_bytes() == content


@pytest.mark.parametrize("name", ["state.json", "state.json.bak"])
async def test_a_file_of_a_later_version_is_refused_and_stays_in_place(path: Path, name: str) -> None:
    """As after an import into a newer state."""
    await filled(path, "a", "b")
    path.write_bytes(b"x")
    path.with_name(name).write_bytes(file_of(DOCUMENT | {"version": 2}))
    content = path.read_bytes()
    with pytest.raises(StateDamaged, match="has version 2"):
        load(path)
    assert path.read_bytes() == content


async def test_leftovers_of_a_kill_are_removed(path: Path) -> None:
    await filled(path, "a")
    left = path.with_name(".state.json.1.deadbeef.tmp")
    left.write_bytes(b"half")
    load(path)
    assert not left.exists()
