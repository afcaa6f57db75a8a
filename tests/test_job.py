"""The digests of one channel, with a clock that is moved by hand."""

from datetime import timedelta
from itertools import pairwise

import pytest

from digest.retry import RetryState
from digest.sender import PostFailed
from hosts.problems import Problem, ProblemKind
from state.notices import Notice
from tests.builders import DAY, HOUR, MINUTE, NOON, closed, full_disk, opened, wish
from tests.job_rig import EVERY_HALF_HOUR, ONLY_CHANGES, JobRig

TEN_MINUTES = 10 * MINUTE
DAILY, EVERY_SIX_HOURS = {"every": "1d"}, {"every": "6h"}


@pytest.fixture
def rig(rig: JobRig) -> JobRig:
    rig.start()
    return rig


async def test_the_first_digest_comes_at_once_and_the_next_on_the_clock(rig: JobRig) -> None:
    await rig.run(65)
    assert rig.sender.told() == [NOON + n * MINUTE for n in (1, 30, 60)]
    assert [digest.next_at for digest in rig.sender.digests[:2]] == [NOON + n * MINUTE for n in (30, 60)]


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (PostFailed("500"), "500"),
        (ZeroDivisionError("ours"), "could not build the message: ZeroDivisionError"),
    ],
)
async def test_a_failed_digest_is_retried_with_pauses_and_reported_until_it_is_accepted(
    rig: JobRig, error: Exception, said: str, caplog: pytest.LogCaptureFixture
) -> None:
    rig.sender.errors = [error] * 3
    await rig.run(2 / 60, step=timedelta(seconds=2))
    assert rig.job.failures() == [said]
    await rig.run(1, step=timedelta(seconds=2))
    assert (rig.sender.attempts, len(rig.sender.digests), rig.job.failures()) == (4, 1, [])
    assert caplog.text.count("ZeroDivisionError: ours") == (0 if isinstance(error, PostFailed) else 3)


def test_pauses_double_up_to_ten_minutes_and_restart_after_a_success(monkeypatch: pytest.MonkeyPatch) -> None:
    """Up to half of each is taken off at random. 1,100 failures are more than five days without a network."""
    retry, now = RetryState(), 0.0
    monkeypatch.setattr("digest.retry.time.monotonic", lambda: now)
    pauses = [min(2**number, 600) for number in range(1, 1100)]
    for pause in [*pauses, 2]:
        if pause == 2:
            retry.succeeded("digest", NOON)
        now = 0.0
        retry.failed("digest", PostFailed("no network"), "ops")
        now = pause / 2 - 0.001
        assert retry.is_backing_off()
        now = float(pause)
        assert not retry.is_backing_off()


async def test_a_pause_that_slack_asks_for_is_kept(rig: JobRig) -> None:
    rig.sender.errors = [PostFailed("429", retry_after=600)]
    await rig.run(20)
    assert rig.sender.told() == [NOON + 11 * MINUTE]


async def test_what_happens_while_a_digest_is_posted_is_in_the_next_one(rig: JobRig) -> None:
    await rig.deliver(opened())
    rig.sender.meanwhile = lambda: rig.deliver(closed())
    await rig.run(1)
    rig.sender.meanwhile = None
    await rig.run(60)
    told = [(len(digest.down), len(digest.recovered)) for digest in rig.sender.digests]
    assert told == [(1, 0), (0, 1), (0, 0)]


async def test_people_are_told_once_that_a_damaged_state_was_replaced(rig: JobRig) -> None:
    (rig.folder / "state.json.corrupt-1").touch()
    await rig.restart()
    (told,) = rig.job.problems()
    await rig.run(31)
    assert [digest.problems for digest in rig.sender.digests] == [(told,), ()]
    await rig.restart()
    assert rig.job.problems() == []


@pytest.mark.parametrize("schedule", [EVERY_HALF_HOUR, ONLY_CHANGES])
async def test_a_full_disk_does_not_repeat_that(rig: JobRig, schedule: dict[str, object]) -> None:
    await rig.run(1)
    (rig.folder / "state.json.corrupt-1").touch()
    await rig.restart(digest=schedule)
    (fault,) = rig.job.problems()
    with full_disk():
        await rig.run(90)
        assert fault in rig.job.problems()
    await rig.run(60)
    assert rig.job.problems() == []
    await rig.restart(digest=schedule)
    await rig.run(60)
    assert [fault in digest.problems for digest in rig.sender.digests].count(True) == 1


async def test_a_full_disk_hides_no_later_notice_that_reads_the_same(rig: JobRig) -> None:
    await rig.restart(digest=ONLY_CHANGES)
    await rig.run(1)
    fault = Problem(ProblemKind.MISSING, "state.json")
    with full_disk():
        for marker in ("state.json.missing-1", "state.json.missing-2"):
            rig.store.notices.append(Notice(marker, fault))
            await rig.run(90)
    assert [fault in digest.problems for digest in rig.sender.digests].count(True) == 2


async def test_history_is_dropped_after_its_days(rig: JobRig) -> None:
    await rig.deliver(closed())
    rig.now += 91 * DAY
    await rig.restart(digest=DAILY)
    await rig.run(24 * 60 - 10, step=TEN_MINUTES)
    assert rig.store.state.host_by_incident
    await rig.run(20, step=TEN_MINUTES)
    assert not rig.store.state.host_by_incident
    assert rig.store.state.hosts


@pytest.mark.parametrize("hours", [1, 24, 30])
async def test_a_clock_that_leaps_ahead_and_back_takes_nothing_away(rig: JobRig, hours: int) -> None:
    """By 100 days, also in the very moment when the program looks at its history."""
    await rig.restart(digest=DAILY)
    lasting = wish("m.test", until=NOON + 9 * DAY)
    await rig.deliver(closed())
    await rig.mute(lasting)
    await rig.run(hours * 60 - 10, step=TEN_MINUTES)
    for leap in (100 * DAY, -100 * DAY):
        rig.now += leap
        await rig.run(10)
    await rig.run(50 * 60, step=TEN_MINUTES)
    assert rig.store.state.host_by_incident
    assert await rig.muted() == [*rig.store.state.mutes.values()] == [lasting]


async def test_a_leap_just_before_a_start_takes_nothing_away(rig: JobRig) -> None:
    await rig.deliver(closed())
    rig.now += 100 * DAY
    await rig.restart(digest=DAILY)
    await rig.run(1)
    rig.now -= 100 * DAY
    await rig.run(50 * 60, step=TEN_MINUTES)
    assert rig.store.state.host_by_incident


@pytest.mark.parametrize("minutes", [1, 12, 31, 45, 61, 540])
async def test_however_far_ahead_the_clock_was_no_digest_is_left_out(rig: JobRig, minutes: int) -> None:
    """Ahead for one tick; then a digest every half an hour again, by a clock that does not leap."""
    await rig.run(1)
    rig.now += minutes * MINUTE
    await rig.run(1)
    rig.now -= minutes * MINUTE
    moments = [rig.monotonic]
    for _ in range(minutes + 90):
        told = len(rig.sender.digests)
        await rig.run(1)
        moments += [rig.monotonic] * (len(rig.sender.digests) - told)
    assert max(later - earlier for earlier, later in pairwise([*moments, rig.monotonic])) <= 32 * 60


@pytest.mark.parametrize(("ahead", "lasts", "restart"), [(9, 2, False), (9, 2, True), (1, 3, False)])
async def test_a_mute_made_by_a_clock_that_was_ahead_lasts_as_long_as_it_was_to(
    rig: JobRig, ahead: int, lasts: int, *, restart: bool
) -> None:
    """All in hours, and the clock is corrected at once. A mute made before keeps its own end."""
    then = NOON + ahead * HOUR
    made_ahead = wish("a.test", at=then, until=then + lasts * HOUR)
    before = wish("b.test", until=NOON + (lasts + 1) * HOUR)
    await rig.deliver(opened("0", "a.test"))
    await rig.mute(before, made_ahead)
    if restart:
        await rig.restart()
    await rig.run(lasts * 60)
    assert await rig.muted() == [made_ahead, before]
    await rig.run(2)
    now = await rig.job.current()
    assert [entry.mute for entry in now.muted] == [before]
    assert ([down.host.name for down in now.down], [e.name for e in now.mutes_ended]) == (["a.test"],) * 2
    await rig.run(60)
    assert await rig.muted() == []


async def test_a_mute_made_while_the_clock_was_right_outlasts_one_that_is_behind(rig: JobRig) -> None:
    lasting = wish("a.test", until=NOON + 6 * HOUR)
    await rig.mute(lasting)
    await rig.restart(digest=DAILY)
    rig.now -= 9 * DAY
    await rig.run(5 * 60, step=TEN_MINUTES)
    rig.now += 9 * DAY
    await rig.run(1)
    assert await rig.muted() == [lasting]
    await rig.run(60)
    assert await rig.muted() == []


async def test_slots_without_news_are_skipped_but_not_for_longer_than_a_day(rig: JobRig) -> None:
    await rig.restart(digest=ONLY_CHANGES)
    await rig.run(24 * 60 + 30, step=TEN_MINUTES)
    assert rig.sender.told() == [NOON + TEN_MINUTES, NOON + DAY]


async def test_news_waits_for_its_slot_even_after_a_restart(rig: JobRig) -> None:
    await rig.restart(digest=ONLY_CHANGES)
    await rig.run(35)
    await rig.deliver(opened("0.new"))
    await rig.restart(digest=ONLY_CHANGES)
    await rig.run(50)
    assert rig.sender.told() == [NOON + MINUTE, NOON + 60 * MINUTE]


async def test_a_mute_that_ends_is_removed_and_reported_by_the_next_digest(rig: JobRig) -> None:
    await rig.run(1)
    await rig.mute(wish(at=rig.now, until=rig.now + 20 * MINUTE))
    await rig.deliver(opened(started=rig.now))
    await rig.run(19)
    assert (await rig.job.current()).muted_count == 1
    await rig.run(1)
    assert not (await rig.job.current()).muted_count
    await rig.restart(digest=EVERY_SIX_HOURS)
    await rig.run(2 * 24 * 60, step=TEN_MINUTES)
    told = [[entry.name for entry in digest.mutes_ended] for digest in rig.sender.digests]
    assert told[:2] == [[], ["www.example.com"]]
    assert not any(told[2:])
    assert [entry.new for entry in rig.sender.digests[1].down] == [True]
    assert not rig.store.state.mutes


async def test_a_mute_ends_even_if_that_cannot_be_saved(rig: JobRig) -> None:
    await rig.run(1)
    await rig.mute(wish("a.test", at=rig.now, until=rig.now + 20 * MINUTE))
    with full_disk() as attempts:
        await rig.run(60)
    last = rig.sender.digests[-1]
    assert [entry.name for entry in last.mutes_ended] == ["a.test"]
    assert [problem.kind for problem in last.problems] == [ProblemKind.NOT_SAVED]
    assert len(attempts) <= 5
    await rig.run(30)
    assert [mute.ended_in > 0 for mute in rig.store.state.mutes.values()] == [True]
