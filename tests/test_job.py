"""The job behind the tick, with a clock that is moved by hand and a post that records."""

from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from itertools import pairwise
from pathlib import Path

import pytest

from digest import notifications
from digest.health import Stats
from digest.job import DigestJob
from digest.model import Digest
from digest.sender import PostFailed
from hosts.changes import mute, record_incident
from hosts.model import Mute
from hosts.problems import Problem, ProblemKind
from state.loading import open_store
from state.notices import Notice
from state.store import SaveFailed, Store
from tests.builders import MINUTE, NOON, closed, configured, opened, senders
from tests.support import PATIENCE

DISK_FULL = Problem("cannot save state.json: disk full", ProblemKind.NOT_SAVED, "state.json", "disk full")


class Bench:
    """A job on a real store, with everything around it in the test's hands."""

    def __init__(self, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.folder = folder
        self.now = NOON
        self.monotonic = 1000.0
        self.posted: list[Digest] = []
        self.errors: list[Exception] = []
        self.tries: list[datetime] = []
        self.meanwhile: Callable[[], Awaitable[object]] | None = None
        monkeypatch.setattr("digest.job.time.monotonic", lambda: self.monotonic)
        self.start()

    def start(self, **digest: object) -> None:
        self.store: Store = open_store(self.folder / "state.json", self.now)
        config = configured(self.folder, digest={"every": "30m"} | digest)
        self.stats = Stats(self.now, lambda: self.monotonic)
        self.job = DigestJob(self.store, config, senders(self.post), lambda: self.now, stats=self.stats)

    async def restart(self, **digest: object) -> None:
        await self.store.close()
        self.start(**digest)

    async def post(self, digest: Digest) -> None:
        self.tries.append(self.now)
        if self.errors:
            raise self.errors.pop(0)
        self.posted.append(digest)
        if self.meanwhile:
            await self.meanwhile()

    async def run(self, minutes: int, step: timedelta = MINUTE) -> list[datetime]:
        """Let time pass, a tick each step; returns when digests were posted."""
        before = len(self.posted)
        end = self.now + minutes * MINUTE
        while self.now < end:
            self.now += step
            self.monotonic += step.total_seconds()
            await self.job.tick()
            await self.job.finish(PATIENCE)
        return [digest.at for digest in self.posted[before:]]


@pytest.fixture
def bench(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Bench:
    return Bench(tmp_path, monkeypatch)


async def test_the_first_digest_comes_at_once_and_the_next_on_the_clock(bench: Bench) -> None:
    assert await bench.run(65) == [NOON + n * MINUTE for n in (1, 30, 60)]


async def test_a_restart_repeats_none_and_forgets_none(bench: Bench) -> None:
    await bench.run(10)
    await bench.restart()
    assert await bench.run(10) == []
    await bench.restart()
    assert await bench.run(15) == [NOON + 30 * MINUTE]


async def test_after_a_long_stop_one_digest_is_posted(bench: Bench) -> None:
    await bench.run(1)
    bench.now += timedelta(days=7)
    await bench.restart()
    assert len(await bench.run(5)) == 1


async def test_what_slack_did_not_take_is_tried_again_until_it_does(bench: Bench) -> None:
    bench.errors = [PostFailed("500"), PostFailed("500"), PostFailed("500")]
    assert len(await bench.run(29, step=timedelta(seconds=5))) == 1
    assert not bench.job.failures()


async def test_the_pauses_between_tries_grow(bench: Bench) -> None:
    """Doubled each time, and up to half of it taken off at random."""
    bench.errors = [PostFailed("500") for _ in range(7)]
    await bench.run(10, step=timedelta(seconds=1))
    pauses = [(later - earlier).total_seconds() for earlier, later in pairwise(bench.tries)]
    assert all(2**n / 2 <= pause <= 2**n + 1 for n, pause in enumerate(pauses, 1))


async def test_the_pauses_stay_long_after_1024_failures_in_a_row(bench: Bench) -> None:
    """More than five days without a network."""
    bench.errors = [PostFailed("no network") for _ in range(1040)]
    await bench.run(1030 * 10, step=10 * MINUTE)
    failures = len(bench.tries)
    assert failures == 1030
    await bench.run(9, step=timedelta(seconds=1))
    assert len(bench.tries) - failures <= 2
    bench.errors.clear()
    assert await bench.run(11, step=timedelta(seconds=1))


async def test_a_pause_that_slack_asks_for_is_kept(bench: Bench) -> None:
    bench.errors = [PostFailed("429", retry_after=600)]
    assert await bench.run(20) == [NOON + 11 * MINUTE]


async def test_a_fault_of_our_own_is_shown_and_tried_again_with_pauses(
    bench: Bench, caplog: pytest.LogCaptureFixture
) -> None:
    bench.errors = [ZeroDivisionError("ours") for _ in range(3)]
    await bench.run(1, step=timedelta(seconds=1) * 2)
    assert len(bench.tries) == 4
    assert caplog.text.count("ZeroDivisionError: ours") == 3
    assert not bench.job.failures()


async def test_a_failure_is_shown_until_a_digest_is_taken(bench: Bench) -> None:
    bench.errors = [PostFailed("no_service", retry_after=300)]
    await bench.run(2)
    assert bench.job.failures() == ["no_service"]
    await bench.run(10)
    assert not bench.job.failures()


async def test_what_happens_while_a_digest_is_posted_is_told_by_the_next(bench: Bench) -> None:
    await bench.store.commit(record_incident(opened()))
    bench.meanwhile = lambda: bench.store.commit(record_incident(closed()))
    await bench.run(1)
    bench.meanwhile = None
    await bench.run(30)
    assert [len(digest.down) for digest in bench.posted] == [1, 0]
    assert [len(digest.recovered) for digest in bench.posted] == [0, 1]
    await bench.run(30)
    assert not bench.posted[-1].recovered


async def test_a_disk_that_refuses_keeps_no_digest_from_being_posted_once(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    await bench.store.commit(record_incident(opened()))

    async def refuse(_change: object) -> bool:
        bench.store.failure = DISK_FULL
        raise SaveFailed("disk full")

    monkeypatch.setattr(bench.store, "commit", refuse)
    assert await bench.run(65) == [NOON + n * MINUTE for n in (1, 30, 60)]
    assert bench.posted[-1].problems == (DISK_FULL,)


async def test_people_are_told_once_that_a_damaged_state_was_replaced(bench: Bench) -> None:
    (bench.folder / "state.json.corrupt-1").touch()
    await bench.restart()
    (told,) = bench.job.problems()
    await bench.run(31)
    assert [digest.problems for digest in bench.posted] == [(told,), ()]
    await bench.restart()
    assert bench.job.problems() == []


async def test_each_channel_is_told_of_it(bench: Bench) -> None:
    """One that cannot be reached hears of it when it can, and the other only once."""
    bench.store.notices = [Notice("state.json.corrupt-1", DISK_FULL)]
    await bench.store.commit(notifications.sync_channels(("a", "b"), alerting=False))
    for channel, left in (("a", [0, 1, 1]), ("b", [0, 0, 0])):
        told = notifications.record_digest(channel, NOON, 1, notices=["state.json.corrupt-1"])
        await bench.store.commit(told)
        assert [len(bench.job.problems(who)) for who in (("a",), ("b",), ("a", "b"))] == left


async def test_history_is_let_go_of_after_its_days(bench: Bench) -> None:
    await bench.store.commit(record_incident(closed()))
    bench.now += timedelta(days=91)
    await bench.restart()
    await bench.run(24 * 60 - 1)
    assert bench.store.state.host_by_incident
    await bench.run(2)
    assert not bench.store.state.host_by_incident
    assert bench.store.state.hosts


@pytest.mark.parametrize("hours", [1, 24, 30])
async def test_a_clock_that_leaps_ahead_and_back_takes_nothing_away(bench: Bench, hours: int) -> None:
    """100 days ahead for three seconds, also in the very moment when the program looks at its history."""
    wish = Mute("m.test", "U1", "steve", bench.now, until=bench.now + timedelta(days=9))
    for change in (record_incident(closed()), mute(wish)):
        await bench.store.commit(change)
    await bench.run(hours * 60 - 1)
    for leap in (timedelta(days=100), -timedelta(days=100)):
        bench.now += leap
        await bench.run(1, timedelta(seconds=1))
    await bench.run(50 * 60)
    assert bench.store.state.host_by_incident
    assert bench.store.state.mutes == {"m.test": wish}
    assert [entry.mute for entry in (await bench.job.current()).muted] == [wish]


async def test_a_leap_just_before_a_start_takes_nothing_away(bench: Bench) -> None:
    await bench.store.commit(record_incident(closed()))
    bench.now += timedelta(days=100)
    await bench.restart()
    await bench.run(1)
    bench.now -= timedelta(days=100)
    await bench.run(50 * 60)
    assert bench.store.state.host_by_incident


async def test_after_a_clock_that_was_ahead_digests_pause_for_no_longer_than_their_interval(
    bench: Bench,
) -> None:
    """The clock is 9 h ahead, one digest goes out, then it is set right; with and without a restart."""
    for restart in (True, False):
        bench.now += timedelta(hours=9)
        await bench.run(1)
        bench.now -= timedelta(hours=9)
        if restart:
            await bench.restart()
        right = bench.now
        assert (await bench.run(31))[0] <= right + 30 * MINUTE


@pytest.mark.parametrize("minutes", [1, 12, 31, 45, 61, 540])
async def test_however_far_ahead_the_clock_was_no_digest_is_left_out(bench: Bench, minutes: int) -> None:
    """Ahead for one tick; then a digest every half an hour again, by a clock that does not leap."""
    await bench.run(1)
    bench.now += minutes * MINUTE
    await bench.run(1)
    bench.now -= minutes * MINUTE
    moments = [bench.monotonic]
    moments += [bench.monotonic for _ in range(24 * 60) if await bench.run(1)]
    assert max(later - earlier for earlier, later in pairwise(moments)) <= 32 * 60


@pytest.mark.parametrize("leap", [timedelta(days=100), -timedelta(days=100)])
async def test_a_clock_that_was_wrong_moves_no_end_of_a_silence(bench: Bench, leap: timedelta) -> None:
    bench.now += leap
    bench.stats.record_delivery()
    await bench.run(1)
    bench.now -= leap
    await bench.run(1)
    assert bench.posted[-1].problems == ()
    bench.monotonic += timedelta(days=8).total_seconds()
    await bench.run(31)
    assert "nothing from Google for 8 d" in str(bench.posted[-1].problems)


@pytest.mark.parametrize("restart", [True, False])
async def test_a_mute_made_by_a_clock_that_was_ahead_lasts_no_longer_once_it_is_set_right(
    bench: Bench, restart: bool
) -> None:
    """Nine hours ahead, a host is hidden for two hours; the one hidden before keeps its own end."""
    before = Mute("b.test", "U1", "steve", bench.now, until=bench.now + timedelta(hours=3))
    ahead = bench.now + timedelta(hours=9)
    made_ahead = Mute("a.test", "U1", "steve", ahead, until=ahead + timedelta(hours=2))
    for change in (record_incident(opened("0", "a.test")), mute(before), mute(made_ahead)):
        await bench.store.commit(change)
    if restart:
        await bench.restart()
    await bench.run(2 * 60)
    assert [entry.mute for entry in (await bench.job.current()).muted] == [made_ahead, before]
    await bench.run(2)
    assert [entry.mute for entry in (await bench.job.current()).muted] == [before]
    assert [down.host.name for down in (await bench.job.current()).down] == ["a.test"]
    assert "a.test" in str((await bench.job.current()).mutes_ended)
    await bench.run(60)
    assert (await bench.job.current()).muted == ()


async def test_a_mute_for_longer_than_the_clock_was_ahead_lasts_as_long_as_it_was_to(bench: Bench) -> None:
    """Made an hour ahead, for three hours."""
    ahead = bench.now + timedelta(hours=1)
    wish = Mute("a.test", "U1", "steve", ahead, until=ahead + timedelta(hours=3))
    for change in (record_incident(opened("0", "a.test")), mute(wish)):
        await bench.store.commit(change)
    await bench.run(3 * 60)
    assert [entry.mute for entry in (await bench.job.current()).muted] == [wish]
    await bench.run(2)
    assert (await bench.job.current()).muted == ()


async def test_a_mute_made_while_the_clock_was_right_outlasts_one_that_is_behind(bench: Bench) -> None:
    wish = Mute("a.test", "U1", "steve", bench.now, until=bench.now + timedelta(hours=6))
    await bench.store.commit(mute(wish))
    bench.now -= timedelta(days=9)
    await bench.run(5 * 60)
    bench.now += timedelta(days=9)
    await bench.run(1)
    assert [entry.mute for entry in (await bench.job.current()).muted] == [wish]
    await bench.run(60)
    assert (await bench.job.current()).muted == ()


async def test_a_digest_says_when_the_next_one_comes(bench: Bench) -> None:
    await bench.run(1)
    assert bench.posted[0].next_at == NOON + 30 * MINUTE


async def test_without_news_slots_are_passed_over_but_not_for_longer_than_a_day(bench: Bench) -> None:
    await bench.restart(only_changes=True)
    assert await bench.run(24 * 60 - 1) == [NOON + MINUTE]
    assert await bench.run(31) == [NOON + 24 * 60 * MINUTE]


async def test_news_waits_for_its_slot_even_after_a_restart(bench: Bench) -> None:
    await bench.restart(only_changes=True)
    await bench.run(35)
    await bench.store.commit(record_incident(opened("0.new")))
    await bench.restart(only_changes=True)
    assert await bench.run(50) == [NOON + 60 * MINUTE]


async def test_a_fault_in_looking_for_news_is_told_and_tried_again(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    await bench.restart(only_changes=True)
    await bench.run(1)
    monkeypatch.setattr("digest.channel.has_no_news", lambda *_: 1 / 0)
    await bench.run(30)
    assert bench.job.failures() == ["could not build the message: ZeroDivisionError"]
    monkeypatch.undo()


async def test_a_mute_that_ends_is_taken_out_and_told_by_the_next_digest(bench: Bench) -> None:
    await bench.run(1)
    wish = Mute("www.example.com", "U1", "steve", bench.now, until=bench.now + 20 * MINUTE)
    await bench.store.commit(mute(wish))
    await bench.store.commit(record_incident(opened(started=bench.now)))
    await bench.run(19)
    assert (await bench.job.current()).muted_count == 1
    await bench.run(1)
    assert not (await bench.job.current()).muted_count
    await bench.restart()
    await bench.run(60)
    told = [[entry.name for entry in digest.mutes_ended] for digest in bench.posted]
    assert told == [[], ["www.example.com"], []]
    assert [entry.new for entry in bench.posted[1].down] == [True]
    await bench.run(2 * 24 * 60)
    assert not bench.store.state.mutes
    assert not any(digest.mutes_ended for digest in bench.posted[2:])


async def test_a_mute_ends_though_it_cannot_be_saved(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    await bench.run(1)
    await bench.store.commit(mute(Mute("a.test", "U1", "steve", bench.now, until=bench.now + 20 * MINUTE)))
    tries = refuse_to_save(bench, monkeypatch)
    await bench.run(40)
    assert [entry.name for entry in bench.posted[-1].mutes_ended] == ["a.test"]
    assert len(tries) <= 3
    monkeypatch.undo()
    monkeypatch.setattr("digest.job.time.monotonic", lambda: bench.monotonic)
    await bench.run(40)
    assert [mute.ended_in > 0 for mute in bench.store.state.mutes.values()] == [True]


def refuse_to_save(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> list[object]:
    tries: list[object] = []

    def refuse(pieces: object) -> None:
        tries.append(pieces)
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(bench.store._file, "replace", refuse)
    return tries
