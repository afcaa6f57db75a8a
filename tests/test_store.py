"""Every change is on the disk before anybody sees it, and nobody sees one that is not."""

import asyncio
import threading
import time
from collections.abc import AsyncIterator, Sequence
from pathlib import Path

import pytest
import pytest_asyncio

from digest.health import in_english
from hosts.changes import mute, record_incident
from hosts.checks import NoCheck
from hosts.incident import CANCELLED, Incident
from hosts.model import NOTHING, Patch, State
from hosts.problems import ProblemKind
from state import store as store_module
from state.atomic_file import AtomicFile
from state.decoding import decode
from state.lines import Lines
from state.store import LoadedState, SaveFailed, Store
from tests.builders import closed, opened, wish
from tests.support import PATIENCE


class SlowDisk(AtomicFile):
    """A real disk whose saves can be held up, and fail as often as wanted."""

    def __init__(self, path: Path, failures: Sequence[bool] = ()) -> None:
        super().__init__(path)
        self.gate = threading.Event()
        self.gate.set()
        self.failures = list(failures)
        self.saves = 0

    def replace(self, pieces: Sequence[bytes]) -> None:
        self.gate.wait(PATIENCE)
        self.saves += 1
        if self.failures and self.failures.pop(0):
            raise OSError(28, "No space left on device")
        super().replace(pieces)


@pytest.fixture
def disk(tmp_path: Path) -> SlowDisk:
    return SlowDisk(tmp_path / "data" / "state.json")


@pytest_asyncio.fixture
async def store(disk: SlowDisk) -> AsyncIterator[Store]:
    store = Store(disk, LoadedState(State(), Lines({})), release=lambda: None)
    yield store
    disk.gate.set()
    await store.close()


def on_disk(disk: AtomicFile) -> State:
    return decode(disk.path.read_bytes())[0]


def deliver(store: Store, *incident_ids: str) -> list[asyncio.Task[bool]]:
    return [asyncio.create_task(store.commit(record_incident(opened(each)))) for each in incident_ids]


async def held_up(store: Store, disk: SlowDisk, *incident_ids: str) -> list[asyncio.Task[bool]]:
    """Deliver, and return once the writer has taken them and is held up by the disk."""
    disk.gate.clear()
    tasks = deliver(store, *incident_ids)
    await asyncio.sleep(0)
    while store._waiting:
        await asyncio.sleep(0)
    return tasks


async def tick(store: Store) -> None:
    store.tick()
    while store._writer:
        await asyncio.wait([store._writer])


async def test_nothing_is_published_before_it_is_on_the_disk(store: Store, disk: SlowDisk) -> None:
    (commit,) = await held_up(store, disk, "0.abc")
    assert not store.state.hosts
    assert not commit.done()
    disk.gate.set()
    assert await commit is True
    assert on_disk(disk) == store.state
    assert "www.example.com" in store.state.hosts


async def test_what_arrives_during_a_save_shares_the_next_one(store: Store, disk: SlowDisk) -> None:
    first = await held_up(store, disk, "first")
    later = deliver(store, *map(str, range(50)))
    await asyncio.sleep(0)
    disk.gate.set()
    await asyncio.gather(*first, *later)
    assert disk.saves == 2


async def test_a_change_that_changes_nothing_writes_nothing(store: Store, disk: SlowDisk) -> None:
    assert [await store.commit(record_incident(opened())) for _ in range(2)] == [True, False]
    assert disk.saves == 1


async def test_what_can_wait_is_not_even_queued_if_it_changes_nothing(store: Store, disk: SlowDisk) -> None:
    change = record_incident(opened())
    assert await store.commit_if_needed(change) is True
    disk.gate.clear()
    assert await store.commit_if_needed(change) is False
    assert disk.saves == 1


async def test_what_can_wait_is_known_to_be_needed_though_it_is_not_saved(
    store: Store, disk: SlowDisk
) -> None:
    disk.failures = [True]
    assert await store.commit_if_needed(record_incident(opened())) is True
    assert not store.state.hosts


async def test_a_duplicate_waits_for_the_save_that_carries_its_twin(store: Store, disk: SlowDisk) -> None:
    commits = await held_up(store, disk, "twin", "twin")
    commits += deliver(store, "twin")
    await asyncio.sleep(0)
    assert not any(task.done() for task in commits)
    disk.gate.set()
    assert sorted(await asyncio.gather(*commits)) == [False, False, True]


async def test_a_failed_save_is_tried_again_though_nothing_arrives(
    store: Store, disk: SlowDisk, monkeypatch: pytest.MonkeyPatch
) -> None:
    disk.failures = [True, True]
    with pytest.raises(SaveFailed):
        await store.commit(record_incident(opened()))
    failing = []
    for rest in (60, 0, 0, 0):  # so soon after the failure it rests; after a success there is nothing to do
        monkeypatch.setattr(store_module, "RETRY_SECONDS", rest)
        await tick(store)
        failing.append((disk.saves, bool(store.failure)))
    assert failing == [(1, True), (2, True), (3, False), (3, False)]
    assert on_disk(disk) == State()


async def test_a_failed_save_fails_its_batch_and_publishes_nothing(store: Store, disk: SlowDisk) -> None:
    disk.failures = [True]
    with pytest.raises(SaveFailed, match="No space left"):
        await store.commit(record_incident(opened()))
    assert not store.state.hosts
    failure = store.failure
    assert failure
    assert "No space left" in str(failure)
    assert (failure.kind, failure.detail) == (ProblemKind.NOT_SAVED, "No space left on device")
    assert await store.commit(record_incident(opened())) is True
    assert store.failure is None
    assert on_disk(disk) == store.state


async def test_a_hanging_disk_is_reported(
    store: Store, disk: SlowDisk, monkeypatch: pytest.MonkeyPatch
) -> None:
    (commit,) = await held_up(store, disk, "0.abc")
    assert store.problem() is None
    since = time.monotonic()
    monkeypatch.setattr("state.store.time.monotonic", lambda: since + 60)
    hangs = store.problem()
    assert hangs
    assert "the disk is hanging" in in_english(hangs)
    assert (hangs.kind, round(hangs.lasting.total_seconds())) == (ProblemKind.HANGING, 60)
    monkeypatch.undo()
    disk.gate.set()
    await commit
    assert store.problem() is None


async def test_one_refused_change_does_not_fail_its_batch(store: Store, disk: SlowDisk) -> None:
    def refused(_state: State) -> Patch:
        raise LookupError("no")

    (good,) = deliver(store, "good")
    with pytest.raises(LookupError):
        await store.commit(refused)
    assert await good is True
    assert on_disk(disk).hosts


async def test_what_cannot_be_encoded_fails_and_leaves_the_store_working(
    store: Store, disk: SlowDisk
) -> None:
    poison = opened()._replace(observed=float("nan"))  # type: ignore[arg-type]
    with pytest.raises(SaveFailed):
        await store.commit(record_incident(poison))
    assert await store.commit(record_incident(opened())) is True
    assert on_disk(disk) == store.state


@pytest.mark.parametrize("fails", [False, True])
async def test_a_cancelled_client_harms_nobody(store: Store, disk: SlowDisk, *, fails: bool) -> None:
    disk.failures = [fails]
    disk.gate.clear()
    gone, stays = deliver(store, "a", "b")
    await asyncio.sleep(0)
    gone.cancel()
    disk.gate.set()
    (answer,) = await asyncio.gather(stays, return_exceptions=True)
    assert type(answer) is (SaveFailed if fails else bool)
    assert set(store.state.host_by_incident) == (set() if fails else {"a", "b"})
    assert disk.saves == 1


async def test_closing_finishes_what_waits_and_refuses_what_comes(store: Store, disk: SlowDisk) -> None:
    waiting = deliver(store, *map(str, range(9)))
    await asyncio.sleep(0)
    await store.close()
    assert all(await asyncio.gather(*waiting))
    assert len(on_disk(disk).host_by_incident) == 9
    with pytest.raises(SaveFailed, match="stopping"):
        await store.commit(record_incident(opened("late")))


async def test_what_is_known_already_is_acknowledged_only_where_the_next_start_will_look(
    store: Store, disk: SlowDisk, tmp_path: Path
) -> None:
    assert await store.commit(mute(wish("a.test"))) is True
    (tmp_path / "data").rename(tmp_path / "elsewhere")
    for name in ("a.test", "b.test", "a.test"):
        with pytest.raises(SaveFailed, match="moved away"):
            await store.commit(mute(wish(name)))
    assert store.failure
    assert (store.failure.kind, store.failures) == (ProblemKind.NOT_SAVED, 1)
    assert store.problem() == store.failure
    assert store.replaced
    (tmp_path / "elsewhere").rename(tmp_path / "data")
    with pytest.raises(SaveFailed, match="moved away"):  # somebody else may have written meanwhile
        await store.commit(mute(wish("b.test")))
    assert set(on_disk(disk).mutes) == {"a.test"}


async def test_a_failed_check_of_the_file_is_a_failure_until_a_save_succeeds(
    store: Store, disk: SlowDisk, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail() -> bool:
        raise OSError(5, "Input/output error")

    await store.commit(mute(wish("a.test")))
    monkeypatch.setattr(disk, "is_in_place", fail)
    with pytest.raises(SaveFailed, match="Input/output"):
        await store.commit(mute(wish("a.test")))
    assert store.failure
    assert "Input/output" in store.failure.detail
    monkeypatch.undo()
    assert await store.commit(mute(wish("a.test"))) is False
    assert (store.problem(), store.replaced, disk.saves) == (None, None, 2)


@pytest.mark.parametrize("name", ["a.test", "b.test"], ids=["known already", "new"])
async def test_a_deleted_file_is_written_again_and_that_is_reported(
    store: Store, disk: SlowDisk, name: str
) -> None:
    for known in ("before.test", "a.test"):
        await store.commit(mute(wish(known)))
    for path in (disk.path, disk.bak_path):
        path.unlink()
    assert await store.commit(mute(wish(name))) is (name == "b.test")
    assert on_disk(disk) == store.state
    (notice,) = store.notices
    assert (notice.problem.kind, notice.problem.subject) == (ProblemKind.DELETED, "state.json")
    assert not notice.problem.is_failure
    assert (store.failure, store.replaced) == (None, None)


async def test_a_missing_file_or_folder_is_noticed_even_if_nothing_arrives(
    store: Store, disk: SlowDisk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    await store.commit(mute(wish("a.test")))
    disk.path.unlink()
    seen = []
    for rest in (60, 0, 0):  # so soon after a save it rests
        monkeypatch.setattr(store_module, "CHECK_SECONDS", rest)
        await tick(store)
        seen.append((disk.saves, disk.path.exists()))
    assert seen == [(1, False), (2, True), (2, True)]
    (tmp_path / "data").rename(tmp_path / "elsewhere")
    for _ in range(2):
        await tick(store)
    assert store.replaced
    assert store.failures == 1


async def test_a_file_that_is_behind_is_written_with_the_first_commit(disk: SlowDisk) -> None:
    disk.failures = [True]
    store = Store(disk, LoadedState(State(edition=7), Lines({}), is_behind=True), release=lambda: None)
    with pytest.raises(SaveFailed):
        await store.commit(lambda _: NOTHING)
    for _ in range(2):
        assert await store.commit(lambda _: NOTHING) is False
    assert (disk.saves, on_disk(disk).edition) == (2, 7)
    await store.close()


@pytest.mark.parametrize(
    ("close", "logged"),
    [
        (closed(), "www.example.com is up"),
        (closed(snoozed=True), "www.example.com is no longer down: snoozed"),
        (closed(no_check=NoCheck.DISABLED), "www.example.com is no longer down: disabled"),
        (closed(observed=f"{CANCELLED} the policy changed"), "www.example.com is no longer down: closed"),
    ],
    ids=["recovered", "snoozed", "without a check", "edited"],
)
async def test_the_log_says_that_a_host_is_up_only_if_google_saw_it_recover(
    store: Store, caplog: pytest.LogCaptureFixture, close: Incident, logged: str
) -> None:
    caplog.set_level("INFO")
    for incident in (opened(), close):
        await store.commit(record_incident(incident))
    assert caplog.messages == ["www.example.com is down", logged]
