"""The problems that people are told about: silence where something was expected, and an old certificate."""

from datetime import UTC, datetime, timedelta
from itertools import chain, repeat
from pathlib import Path

import pytest

from digest.health import (
    Health,
    Stats,
    certificate_problem,
    google_silence_problem,
    in_english,
    last_incident_at,
)
from hosts.changes import record_last_delivery
from hosts.checks import Check
from hosts.model import Change
from hosts.reconciling import record_alerts_read, watch_hosts
from slack.phrases import problem_line
from state.loading import open_store
from tests.builders import (
    DAY,
    HOUR,
    IN_ENGLISH,
    IN_KOREAN,
    MINUTE,
    NOON,
    Step,
    closed,
    configured,
    opened,
    state_after,
)
from tests.certificates import Authority

NOW = datetime.now(UTC)


@pytest.mark.parametrize(
    ("steps", "last"),
    [
        ([], None),
        ([opened("0")], NOON),
        ([closed("0")], NOON + 10 * MINUTE),
        ([closed("0"), opened("1", started=NOON + DAY)], NOON + DAY),
        ([opened("0", started=NOON + DAY), closed("1", "b.test")], NOON + DAY),
    ],
)
def test_the_last_incident_is_what_began_or_ended_last(steps: list[Step], last: datetime | None) -> None:
    assert last_incident_at(state_after(*steps)) == last


def test_silence_is_a_question_once_it_has_lasted_for_so_long() -> None:
    assert google_silence_problem(7 * DAY, 7 * DAY) is None
    for lasted, said in ((3 * HOUR, "3 h"), (HOUR / 720, "5 s")):
        short = google_silence_problem(lasted, HOUR / 900)
        assert short
        assert in_english(short).startswith(f"nothing from Google for {said}:")
    asked = google_silence_problem(8 * DAY, 7 * DAY)
    assert asked
    assert not asked.is_failure
    assert in_english(asked) == "nothing from Google for 8 d: is the webhook still connected?"
    assert problem_line(asked, IN_ENGLISH) == f"• {in_english(asked)}"
    korean = "• Google에서 8일 동안 아무것도 오지 않음: 웹훅이 아직 연결되어 있나요?"
    assert problem_line(asked, IN_KOREAN) == korean


CHECK = Check("1", "a.test", "a", "https://a.test/", MINUTE)
LONG_AGO = opened(started=NOON - 20 * DAY)


def delivered(ago: timedelta) -> Change:
    return record_last_delivery(NOON - ago, timedelta())


@pytest.mark.parametrize(
    ("steps", "keys", "passed", "quiet"),
    [
        ([], {}, 30, None),  # nothing is known, so nothing is missed
        ([], {"hosts": ["a.test"]}, 30, 30),  # configured hosts are reason enough
        ([opened(started=NOON - 8 * DAY)], {}, 1, 9),  # a restart does not begin it anew
        ([LONG_AGO, delivered(DAY)], {}, 1, None),  # a delivery a day ago, to an earlier process
        ([LONG_AGO, delivered(8 * DAY)], {}, 1, 9),  # 8 days ago
        ([LONG_AGO, delivered(-30 * DAY)], {}, 1, None),  # by a clock that was ahead
        ([opened()], {"silence_after": "off"}, 30, None),  # switched off
        ([opened()], {"silence_after": "40d"}, 30, None),  # set to longer
        ([opened()], {"silence_after": "1d"}, 2, 2),  # set to shorter
    ],
)
async def test_silence_is_asked_about_where_something_was_expected(
    tmp_path: Path, steps: list[Step], keys: dict[str, object], passed: int, quiet: int | None
) -> None:
    """`passed` are the days since the start of the process, `quiet` those asked about."""
    store = open_store(tmp_path / "state.json", NOON)
    store.state = state_after(*steps)
    seconds = chain([0.0], repeat(passed * DAY.total_seconds()))
    found = Health(store, Stats(NOON, lambda: next(seconds))).problems(
        configured(tmp_path, **keys), NOON + passed * DAY, ()
    )
    await store.close()
    assert [in_english(problem).partition(":")[0] for problem in found] == (
        [f"nothing from Google for {quiet} d"] if quiet else []
    )


@pytest.mark.parametrize(
    ("steps", "listed", "quiet"),
    [
        ([], None, 9),  # not even once, since the start
        ([], 0, 9),
        ([], 1, 8),
        ([], 3, None),
        ([delivered(20 * DAY)], None, 29),
        ([delivered(20 * DAY), record_alerts_read(NOON - DAY, HOUR)], None, 10),  # by an earlier process
        ([record_alerts_read(NOON + 30 * DAY, HOUR)], None, 9),  # by a clock that was ahead
        ([record_alerts_read(NOON - DAY, HOUR)], 3, None),
        ([delivered(20 * DAY)], 1, 8),
        ([delivered(20 * DAY)], 9, None),
    ],
)
async def test_a_list_of_open_alerts_is_a_word_from_google(
    tmp_path: Path, steps: list[Step], listed: int | None, quiet: int | None
) -> None:
    """Nine days after the start; `listed` is the day on which the alerts were last read."""
    store = open_store(tmp_path / "state.json", NOON)
    store.state = state_after(*steps, watch_hosts(["a.test"], {"a.test": [CHECK]}, NOON))
    seconds, config = [0.0], configured(tmp_path)
    stats = Stats(NOON, lambda: seconds[0])
    health = Health(store, stats)
    stats.google.begin(asked=True)
    if listed is not None:
        seconds[0] = listed * DAY.total_seconds()
        stats.google.alerts_were_read()
        assert health.last_heard(NOON + listed * DAY) == NOON + listed * DAY
    seconds[0], now = 9 * DAY.total_seconds(), NOON + 9 * DAY
    found = [in_english(problem).partition(":")[0] for problem in health.problems(config, now, ())]
    assert found == ([f"nothing from Google for {quiet} d"] if quiet else [])
    await store.close()


async def test_a_clock_that_was_ahead_leaves_no_delivery_in_the_future(tmp_path: Path) -> None:
    store = open_store(tmp_path / "state.json", NOON)
    seconds, now = [0.0], [NOON + 9 * HOUR]
    stats = Stats(NOON, lambda: seconds[0])
    health = Health(store, stats)
    stats.record_delivery()
    assert health.last_delivery(now[0]) == NOON + 9 * HOUR
    await store.commit(record_last_delivery(NOON + 9 * HOUR, timedelta()))
    assert health.last_delivery(NOON) == NOON
    seconds[0] = 60
    assert health.last_delivery(NOON + MINUTE) == NOON
    assert Health(store, Stats(NOON, lambda: seconds[0])).last_delivery(NOON + HOUR) == NOON + HOUR
    await store.close()


def test_one_unanswered_challenge_is_reported_a_minute_and_none_that_is_answered() -> None:
    seconds = [0.0]
    stats = Stats(NOON, lambda: seconds[0])

    def reported() -> list[tuple[float, str]]:
        found = []
        for _ in range(70):
            seconds[0] += 1
            found += [(seconds[0], address)] if (address := stats.unanswered_challenge()) else []
        return found

    stats.record_delivery()
    seconds[0] = 1
    stats.record_challenge(lambda: "10.0.0.1")
    stats.record_challenge(lambda: "10.0.0.2")
    assert reported() == [(62, "10.0.0.1")]
    stats.record_challenge(lambda: "10.0.0.1")
    stats.record_delivery()
    assert reported() == []
    stats.record_challenge(lambda: "10.0.0.1")
    stats.record_delivery()
    seconds[0] += 1
    stats.record_challenge(lambda: "10.0.0.3")
    assert [address for _, address in reported()] == ["10.0.0.3"]
    stats.record_challenge(lambda: "10.0.0.1")
    stats.record_wrong_credentials()
    assert reported() == []


async def test_a_certificate_is_asked_about_two_weeks_before_its_end_and_a_fault_after_it(
    tmp_path: Path, authority: Authority
) -> None:
    pair = authority.issue("ours")
    config = configured(tmp_path, tls={"certificate": str(pair.certificate), "key": str(pair.key)})
    assert certificate_problem(config, NOW + 70 * DAY) is None
    question, day = certificate_problem(config, NOW + 80 * DAY), f"{NOW + 90 * DAY:%Y-%m-%d}"
    assert question
    asked = f"expires on {day}: is it being renewed?"
    assert in_english(question) == f"the certificate in {pair.certificate} {asked}"
    assert problem_line(question, IN_ENGLISH).replace("`", "") == f"• {in_english(question)}"
    assert "아직 갱신되고 있나요?" in problem_line(question, IN_KOREAN)
    store = open_store(tmp_path / "state.json", NOW)
    (expired,) = Health(store, Stats(NOW)).problems(config, NOW + 100 * DAY, ())
    assert (question.is_failure, expired.is_failure) == (False, True)
    end = f"expired on {day}: Google and Slack cannot reach this server"
    assert in_english(expired) == f"the certificate in {pair.certificate} {end}"
    assert problem_line(expired, IN_ENGLISH).replace("`", "") == f"• {in_english(expired)}"
    assert "만료됨" in problem_line(expired, IN_KOREAN)
    assert certificate_problem(configured(tmp_path), NOW + 100 * DAY) is None
    await store.close()
