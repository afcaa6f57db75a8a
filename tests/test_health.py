"""The problems that people are told of: silence where something was expected, and an old certificate."""

import json
from datetime import UTC, datetime, timedelta
from itertools import chain, repeat
from pathlib import Path

import pytest

from digest.health import Health, Stats, certificate_problem, last_incident_at, silence_problem
from digest.job import DigestJob
from hosts.changes import record_incident, record_last_delivery
from hosts.incident import Incident
from hosts.model import State
from hosts.problems import Problem
from languages import Locale
from slack.phrases import problem_line
from state.loading import open_store
from tests.builders import (
    IN_ENGLISH,
    IN_KOREAN,
    MINUTE,
    NOON,
    closed,
    configured,
    opened,
    senders,
    state_after,
)
from tests.certificates import Authority, Pair
from tests.service import Service

NOW = datetime.now(UTC)
DAY, HOUR = timedelta(days=1), timedelta(hours=1)


@pytest.mark.parametrize(
    ("incidents", "last"),
    [
        ([], None),
        ([opened("0")], NOON),
        ([closed("0")], NOON + 10 * MINUTE),
        ([closed("0"), opened("1", started=NOON + DAY)], NOON + DAY),
        ([opened("0", started=NOON + DAY), closed("1", "b.test")], NOON + DAY),
    ],
)
def test_the_last_incident_is_the_one_that_began_or_ended_last(
    incidents: list[Incident], last: datetime | None
) -> None:
    assert last_incident_at(state_after(*incidents) if incidents else State()) == last


def test_silence_is_a_question_once_it_has_lasted_for_so_long() -> None:
    assert silence_problem(7 * DAY, 7 * DAY) is None
    asked = silence_problem(8 * DAY, 7 * DAY)
    assert asked
    assert str(asked) == "nothing from Google for 8 d: is the webhook still connected?"
    assert asked.is_question
    assert str(silence_problem(3 * MINUTE * 60, DAY / 24)).startswith("nothing from Google for 3 h")


@pytest.mark.parametrize(
    ("locale", "said"),
    [
        (IN_ENGLISH, "• nothing from Google for 8 d: is the webhook still connected?"),
        (IN_KOREAN, "• Google에서 8일 동안 아무것도 오지 않음: 웹훅이 아직 연결되어 있나요?"),
    ],
)
def test_both_languages_ask_it(locale: Locale, said: str) -> None:
    asked = silence_problem(8 * DAY, 7 * DAY)
    assert asked
    assert problem_line(asked, locale) == said


class Clock:
    def __init__(self) -> None:
        self.now = NOON

    async def post(self, _: object) -> None: ...


async def problems_after(
    folder: Path, span: timedelta, *incidents: Incident, **keys: object
) -> list[Problem]:
    return await problems_of(folder, state_after(*incidents) if incidents else State(), span, **keys)


async def problems_of(folder: Path, state: State, span: timedelta, **keys: object) -> list[Problem]:
    clock = Clock()
    store = open_store(folder / "state.json", NOON)
    store.state = state
    seconds = chain([0.0], repeat(span.total_seconds()))
    stats = Stats(NOON, lambda: next(seconds))
    job = DigestJob(store, configured(folder, **keys), senders(clock.post), lambda: NOON + span, stats=stats)
    found = job.problems()
    await store.close()
    return found


async def test_where_nothing_is_known_nothing_is_missed(tmp_path: Path) -> None:
    assert await problems_after(tmp_path, 30 * DAY) == []


async def test_configured_hosts_are_reason_enough(tmp_path: Path) -> None:
    (asked,) = await problems_after(tmp_path, 30 * DAY, hosts=["a.test"])
    assert "for 30 d" in str(asked)


async def test_a_restart_does_not_begin_the_silence_anew(tmp_path: Path) -> None:
    (asked,) = await problems_after(tmp_path, DAY, opened("0", started=NOON - 8 * DAY))
    assert "for 9 d" in str(asked)


@pytest.mark.parametrize(
    ("saved", "asked"),
    [(-DAY, False), (-8 * DAY, True), (30 * DAY, False)],
    ids=["a day ago", "8 days ago", "by a clock that was ahead"],
)
async def test_the_last_delivery_to_an_earlier_process_counts(
    tmp_path: Path, saved: timedelta, *, asked: bool
) -> None:
    """Not when the latest incident began or ended, if that is longer ago."""
    delivered = record_last_delivery(NOON + saved, timedelta())
    old = record_incident(opened("0", started=NOON - 20 * DAY))
    state = state_after(old, delivered)
    assert len(await problems_of(tmp_path, state, DAY / 2)) == asked


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


async def test_the_silence_may_be_set_and_switched_off(tmp_path: Path) -> None:
    assert await problems_after(tmp_path, 30 * DAY, opened("0"), silence_after="off") == []
    assert await problems_after(tmp_path, 30 * DAY, opened("0"), silence_after="40d") == []
    assert len(await problems_after(tmp_path, 2 * DAY, opened("0"), silence_after="1d")) == 1


@pytest.fixture(scope="module")
def pair(tmp_path_factory: pytest.TempPathFactory) -> Pair:
    return Authority(tmp_path_factory.mktemp("authority")).issue("ours")


def written(pair: Pair) -> dict[str, str]:
    return {"certificate": str(pair.certificate), "key": str(pair.key)}


def test_a_certificate_is_asked_about_two_weeks_before_and_after(tmp_path: Path, pair: Pair) -> None:
    config = configured(tmp_path, tls=written(pair))
    assert certificate_problem(config, NOW + 70 * DAY) is None
    for days in (80, 100):
        question = certificate_problem(config, NOW + days * DAY)
        assert question
        day = f"{NOW + 90 * DAY:%Y-%m-%d}"
        assert (
            str(question) == f"the certificate in {pair.certificate} expires on {day}: is it being renewed?"
        )
        assert problem_line(question, IN_ENGLISH).replace("`", "") == f"• {question}"
        assert "아직 갱신되고 있나요?" in problem_line(question, IN_KOREAN)
    assert certificate_problem(configured(tmp_path), NOW + 100 * DAY) is None


async def test_health_asks_and_fails_nothing(
    tmp_path: Path, pair: Pair, monkeypatch: pytest.MonkeyPatch
) -> None:
    service = Service(tmp_path, tls=written(pair))
    monkeypatch.setattr(service.job, "_now", lambda: NOW + 80 * DAY)
    status, _, body = await service.request("GET", "/healthz")
    assert status == 200
    assert "is it being renewed?" in json.loads(body)["problems"][0]
    await service.close()
