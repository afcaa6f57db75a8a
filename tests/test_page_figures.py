"""Uptime figures and the bar of 90 days: the same truth as everywhere else, day by day."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hosts.incident import Incident, Kind
from hosts.model import Host, State
from hosts.outages import outages
from hosts.uptime import WINDOWS, known_since, outages_within, uptime
from page.figures import (
    DAYS,
    HEIGHT,
    STEPS,
    WIDTH,
    Figures,
    bar,
    calendar,
    detached,
    figures,
    height,
    strokes,
    uptime_share,
)
from tests.builders import DAY, HOUR, IN_ENGLISH, IN_KOREAN, MINUTE, NOON, closed, opened, state_after

SEOUL, BERLIN = ZoneInfo("Asia/Seoul"), ZoneInfo("Europe/Berlin")
HOST = "www.example.com"


def known(*incidents: Incident, now: datetime = NOON, zone: object = UTC) -> Figures:
    state = state_after(*incidents)
    assert isinstance(zone, (type(UTC), ZoneInfo))
    return figures(state.hosts.get(HOST) or Host(HOST), now, calendar(now, zone))


def spell(began: datetime, lasted: timedelta) -> Incident:
    return closed(f"0.{began.timestamp()}", started=began, ended=began + lasted)


def on(found: Figures, day: date, *, now: datetime = NOON, zone: ZoneInfo | None = None) -> int | None:
    return found.days[calendar(now, zone or UTC).days.index(day)]


histories = st.lists(
    st.builds(
        lambda ago, lasted, kind, number: opened(
            f"0.{number}",
            started=NOON - ago * MINUTE,
            ended=None if lasted is None else NOON - ago * MINUTE + lasted * MINUTE,
            kind=kind,
        ),
        st.integers(-60, 150 * 1440),
        st.none() | st.integers(0, 20 * 1440),
        st.sampled_from([Kind.DOWNTIME, Kind.DOWNTIME, Kind.SIGNAL]),
        st.integers(0, 9),
    ),
    max_size=9,
)


@given(histories)
def test_windows_agree_with_uptime_check_and_with_the_order_of_the_list(history: list[Incident]) -> None:
    found, host = known(*history), state_after(*history).hosts.get(HOST)
    begin = host and known_since(host)
    for window, one in zip(WINDOWS, found.uptimes, strict=False):
        if host is None or begin is None:
            assert one is None
        elif begin <= NOON:
            assert one
            theirs = uptime(outages_within(host, NOON - window, NOON), NOON, window, begin)
            assert (one.percent, one.whole, one.since) == (theirs.percent, theirs.whole, theirs.since)
        share = uptime_share(host, NOON, window) if host else None
        assert (share is None) == (one is None or not one.percent)
        if share is not None and one:
            assert float(one.percent) == pytest.approx(100 * share, abs=0.011)


@given(histories)
def test_days_add_up_to_the_whole(history: list[Incident]) -> None:
    found = known(*history)
    down = [seconds for seconds in found.days if seconds is not None]
    assert sum(down) == pytest.approx(found.down.total_seconds(), abs=DAYS)
    assert all(0 <= seconds <= 86_400 for seconds in down)
    assert found.days == (None,) * (DAYS - len(down)) + tuple(down)


def test_a_host_that_was_never_reported_has_no_cells() -> None:
    found = known()
    assert (found.days, found.uptimes) == ((None,) * DAYS, (None,) * 4)
    drawn = bar(found, IN_ENGLISH)
    assert drawn == ("last 90 days: nothing known", "", WIDTH)


def test_each_day_has_its_part_of_an_outage_and_today_ends_now() -> None:
    assert known(opened(started=NOON - 30 * HOUR)).days[-2:] == (18 * 3600, 12 * 3600)


def test_a_day_is_one_of_the_time_zone() -> None:
    late = datetime(2026, 11, 20, 23, tzinfo=UTC)  # 08:00 of the next day in Seoul
    found = known(spell(late, 10 * MINUTE), zone=SEOUL)
    assert on(found, date(2026, 11, 21), zone=SEOUL) == 600


@pytest.mark.parametrize(
    ("day", "hours"), [(date(2026, 10, 25), 25), (date(2026, 3, 29), 23), (date(2026, 6, 1), 24)]
)
def test_a_day_has_23_or_25_hours_when_clocks_change(day: date, hours: int) -> None:
    now = datetime(day.year, day.month, day.day, tzinfo=BERLIN) + 10 * DAY
    found = known(spell(now - 20 * DAY, 15 * DAY), now=now, zone=BERLIN)
    assert on(found, day, now=now, zone=BERLIN) == hours * 3600


def test_what_is_older_than_90_days_is_not_counted() -> None:
    found = known(spell(NOON - 200 * DAY, HOUR), spell(NOON - 95 * DAY, 6 * DAY + HOUR))
    assert (found.outages, on(found, calendar(NOON, UTC).days[0])) == (1, 13 * 3600)
    assert None not in found.days


@pytest.mark.parametrize(
    ("minutes", "high"),
    [(1, 5), (4.9, 5), (5, 9), (29, 9), (30, 13), (119, 13), (120, 17), (479, 17), (480, 20), (1440, 20)],
)
def test_longer_outages_have_higher_strokes(minutes: float, high: int) -> None:
    assert height(int(minutes * 60)) == high


def test_only_days_with_outages_are_drawn() -> None:
    assert strokes((None, 0, 0)) == ""
    assert strokes((60, 0, 7 * 3600)) == f"M1 {HEIGHT}v-5M7 {HEIGHT}v-17"
    assert {high for _, high in STEPS} < set(range(HEIGHT))


def test_days_before_it_was_known_are_unknown_and_the_bar_says_so_in_words() -> None:
    found = known(spell(NOON - 10 * DAY, 2 * MINUTE))
    assert found.days == (None,) * 79 + (120,) + (0,) * 10
    english, korean = (bar(found, locale) for locale in (IN_ENGLISH, IN_KOREAN))
    assert english.unknown == 79 * 3
    assert english.title == "last 90 days: down on 1 day, 2 min in all; nothing known about the first 79"
    assert korean.title == "최근 90일: 1일 중단, 총 2분. 처음 79일은 기록 없음"


def test_the_last_outage_is_the_one_that_ended_last() -> None:
    found = known(spell(NOON - 3 * HOUR, 12 * MINUTE), spell(NOON - 9 * HOUR, HOUR), opened("0.now"))
    assert found.last
    assert found.last.ended == NOON - 3 * HOUR + 12 * MINUTE


def test_a_detached_host_is_the_same_host() -> None:
    state: State = state_after(spell(NOON - 3 * HOUR, 12 * MINUTE), opened("0.now"))
    host = state.hosts[HOST]
    assert detached(host) == host
    assert outages(detached(host)) == outages(host)
