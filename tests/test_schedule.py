"""A clock is walked through days, changes of the hour, stops and jumps; the slots are compared."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest

from digest.schedule import due_slot, next_slot, slot_at
from tests.builders import NOON

MINUTE = timedelta(minutes=1)
HALF_HOUR = 30 * MINUTE
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)


def walk(
    every: timedelta, zone: str, start: datetime, span: timedelta, step: timedelta = MINUTE
) -> list[datetime]:
    """The slots that a program running all the time would post."""
    last, slots = slot_at(every, ZoneInfo(zone), start), []
    now = start
    while now < start + span:
        now += step
        slot = due_slot(every, ZoneInfo(zone), last, now)
        if slot:
            slots.append(slot)
            last = slot
    return slots


def clock(slots: list[datetime], zone: str) -> list[str]:
    return [f"{slot.astimezone(ZoneInfo(zone)):%H:%M}" for slot in slots]


def test_slots_sit_on_the_clock() -> None:
    slots = walk(HALF_HOUR, "UTC", NOON + 7 * MINUTE, 2 * HOUR)
    assert clock(slots, "UTC") == ["12:30", "13:00", "13:30", "14:00"]


@pytest.mark.parametrize("zone", ["Asia/Kolkata", "Asia/Kathmandu", "America/St_Johns"])
def test_they_sit_on_the_local_clock_where_hours_are_shifted(zone: str) -> None:
    slots = walk(HOUR, zone, NOON, 3 * HOUR)
    assert {slot.astimezone(ZoneInfo(zone)).minute for slot in slots} == {0}


CHANGES = [
    ("Europe/Berlin", datetime(2026, 3, 29, tzinfo=UTC)),
    ("Europe/Berlin", datetime(2026, 10, 25, tzinfo=UTC)),
    ("America/New_York", datetime(2026, 3, 8, 4, tzinfo=UTC)),
    ("America/New_York", datetime(2026, 11, 1, 3, tzinfo=UTC)),
    ("Australia/Lord_Howe", datetime(2026, 4, 4, 12, tzinfo=UTC)),
    ("Australia/Lord_Howe", datetime(2026, 10, 3, 12, tzinfo=UTC)),
    ("Asia/Seoul", datetime(2028, 2, 28, 12, tzinfo=UTC)),
]


@pytest.mark.parametrize(("zone", "start"), CHANGES)
def test_a_change_of_the_hour_neither_skips_nor_doubles_a_half_hour(zone: str, start: datetime) -> None:
    slots = walk(HALF_HOUR, zone, start, DAY)
    assert {later - earlier for earlier, later in pairwise(slots)} == {HALF_HOUR}
    assert len(slots) == 48


@pytest.mark.parametrize(("zone", "start"), CHANGES)
def test_a_daily_slot_comes_once_a_day_at_midnight(zone: str, start: datetime) -> None:
    slots = walk(DAY, zone, start, 3 * DAY, step=10 * MINUTE)
    assert set(clock(slots, zone)) == {"00:00"}
    days = [slot.astimezone(ZoneInfo(zone)).date() for slot in slots]
    assert len(days) >= 3
    assert {later - earlier for earlier, later in pairwise(days)} == {DAY}


def test_a_first_start_is_due_at_once() -> None:
    assert due_slot(HALF_HOUR, UTC, None, NOON + 7 * MINUTE) == NOON


def test_a_restart_repeats_nothing() -> None:
    assert due_slot(HALF_HOUR, UTC, NOON, NOON + 29 * MINUTE) is None


def test_after_a_stop_of_a_week_one_slot_is_due() -> None:
    now = NOON + 7 * DAY + MINUTE
    assert due_slot(HALF_HOUR, UTC, NOON, now) == NOON + 7 * DAY
    assert due_slot(HALF_HOUR, UTC, NOON + 7 * DAY, now) is None


def test_a_clock_set_back_an_hour_doubles_no_slot() -> None:
    assert due_slot(HALF_HOUR, UTC, NOON, NOON - HOUR) is None


def test_a_slot_recorded_by_a_clock_far_ahead_does_not_silence_the_digest() -> None:
    assert due_slot(HALF_HOUR, UTC, NOON + 365 * DAY, NOON) == NOON


@pytest.mark.parametrize(("zone", "start"), CHANGES)
@pytest.mark.parametrize("every", [HALF_HOUR, HOUR, 4 * HOUR, DAY])
def test_the_next_slot_is_the_one_that_comes(zone: str, start: datetime, every: timedelta) -> None:
    slots = walk(every, zone, start, 3 * DAY, step=5 * MINUTE)
    for earlier, later in pairwise(slots):
        assert next_slot(every, ZoneInfo(zone), earlier + MINUTE) == later
