"""A clock is moved through days, daylight saving changes, stops and jumps; the slots are compared."""

from collections.abc import Iterator
from datetime import UTC, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest

from config import Schedule
from digest.schedule import due_slot, next_slot, slot_at
from tests.builders import DAY, HOUR, MINUTE, NOON

STEP = 15 * MINUTE  # every slot here lies on one; one that does not would be posted late
HALF_HOURS = Schedule(30 * MINUTE)
AT_NIGHT = tuple(time(*at) for at in ((0, 0), (0, 30), (1, 30), (1, 45), (2, 0), (2, 15), (2, 30), (3, 0)))
WEEKDAYS = frozenset(range(5))


def at(*clock: str, days: frozenset[int] = frozenset(range(7))) -> Schedule:
    return Schedule(None, tuple(time.fromisoformat(each) for each in clock), days)


def steps(start: datetime, span: timedelta) -> Iterator[datetime]:
    return (start + n * STEP for n in range(1, span // STEP + 1))


def walk(schedule: Schedule, zone: str, start: datetime, span: timedelta) -> list[datetime]:
    """The slots that a program running all the time would post."""
    last, slots = slot_at(schedule, ZoneInfo(zone), start), []
    for now in steps(start, span):
        slot = due_slot(schedule, ZoneInfo(zone), last, now)
        if slot:
            assert slot == now, "posted late"
            assert slot_at(schedule, ZoneInfo(zone), slot) == slot, "does not know its own slot"
            slots.append(slot)
            last = slot
    return slots


def first_seen(schedule: Schedule, zone: str, start: datetime, span: timedelta) -> list[datetime]:
    """The same for times of the day, by looking at the clock: when did it first show that time or a later one?"""
    faces = [(now, now.astimezone(ZoneInfo(zone)).replace(tzinfo=None)) for now in steps(start, span)]
    begun = faces[0][1] - STEP
    days = [begun.date() + n * DAY for n in range(span // DAY + 2)]
    times = [datetime.combine(day, shown) for day in days for shown in schedule.at]
    times = [shown for shown in times if shown > begun and shown.weekday() in schedule.days]
    seen = {next((now for now, face in faces if face >= shown), None) for shown in times}
    return sorted(moment for moment in seen if moment)


def clock(slots: list[datetime], zone: str) -> list[str]:
    return [f"{slot.astimezone(ZoneInfo(zone)):%H:%M}" for slot in slots]


@pytest.mark.parametrize("zone", ["UTC", "Asia/Kolkata", "Asia/Kathmandu", "America/St_Johns"])
def test_slots_sit_on_the_local_clock_even_where_hours_are_shifted(zone: str) -> None:
    local = NOON.replace(tzinfo=ZoneInfo(zone))
    assert clock(walk(HALF_HOURS, zone, local, 2 * HOUR), zone) == ["12:30", "13:00", "13:30", "14:00"]


CHANGES = [
    ("Europe/Berlin", datetime(2026, 3, 29, tzinfo=UTC)),
    ("Europe/Berlin", datetime(2026, 10, 25, tzinfo=UTC)),
    ("America/New_York", datetime(2026, 3, 8, 4, tzinfo=UTC)),
    ("America/New_York", datetime(2026, 11, 1, 3, tzinfo=UTC)),
    ("Australia/Lord_Howe", datetime(2026, 4, 4, 12, tzinfo=UTC)),
    ("Australia/Lord_Howe", datetime(2026, 10, 3, 12, tzinfo=UTC)),
    ("America/Havana", datetime(2026, 3, 8, tzinfo=UTC)),  # at midnight
    ("America/Havana", datetime(2026, 11, 1, tzinfo=UTC)),
    ("Pacific/Apia", datetime(2011, 12, 29, tzinfo=UTC)),  # a day that never was
    ("Asia/Seoul", datetime(2028, 2, 28, 12, tzinfo=UTC)),
]


@pytest.mark.parametrize(("zone", "start"), CHANGES)
def test_a_change_of_the_clocks_neither_skips_nor_doubles_a_half_hour(zone: str, start: datetime) -> None:
    slots = walk(HALF_HOURS, zone, start, DAY)
    assert {later - earlier for earlier, later in pairwise(slots)} == {30 * MINUTE}
    assert len(slots) == 48


@pytest.mark.parametrize(("zone", "start"), CHANGES)
@pytest.mark.parametrize("every", [90 * MINUTE, 2 * HOUR, 4 * HOUR, DAY])
def test_a_long_interval_is_due_once_for_each_time_that_the_clock_shows(
    zone: str, start: datetime, every: timedelta
) -> None:
    slots = walk(Schedule(every), zone, start, 3 * DAY)
    faces = [slot.astimezone(ZoneInfo(zone)).replace(tzinfo=None) for slot in slots]
    assert faces == sorted(set(faces))
    assert all(
        later - earlier <= every + (DAY if "Apia" in zone else HOUR) for earlier, later in pairwise(slots)
    )


@pytest.mark.parametrize(("zone", "start"), CHANGES)
def test_a_daily_slot_is_due_at_midnight(zone: str, start: datetime) -> None:
    slots = walk(Schedule(DAY), zone, start, 3 * DAY)
    assert slots == walk(at("00:00"), zone, start, 3 * DAY)
    assert len(slots) >= 2


@pytest.mark.parametrize(("zone", "start"), CHANGES)
@pytest.mark.parametrize("days", [frozenset(range(7)), WEEKDAYS, frozenset({5, 6})])
def test_times_of_day_are_due_once_when_the_clock_first_shows_them(
    zone: str, start: datetime, days: frozenset[int]
) -> None:
    schedule = Schedule(None, AT_NIGHT, days)
    assert walk(schedule, zone, start, 3 * DAY) == first_seen(schedule, zone, start, 3 * DAY)


def test_an_interval_skips_the_other_days() -> None:
    friday = datetime(2026, 11, 20, 17, tzinfo=UTC)
    slots = walk(Schedule(4 * HOUR, days=WEEKDAYS), "Asia/Seoul", friday, 3 * DAY)
    assert clock(slots[:2], "Asia/Seoul") == ["00:00", "04:00"]
    assert {slot.astimezone(ZoneInfo("Asia/Seoul")).weekday() for slot in slots} == {0, 1}


NINE, MORNING_AND_EVENING = NOON - 3 * HOUR, at("09:00", "18:00")


@pytest.mark.parametrize(
    ("schedule", "last", "now", "slot"),
    [
        (HALF_HOURS, None, NOON + 7 * MINUTE, NOON),  # a first start
        (HALF_HOURS, NOON, NOON + 29 * MINUTE, None),  # a restart
        (HALF_HOURS, NOON, NOON + 7 * DAY + MINUTE, NOON + 7 * DAY),  # a stop of a week
        (HALF_HOURS, NOON + 7 * DAY, NOON + 7 * DAY + MINUTE, None),  # once
        (MORNING_AND_EVENING, NINE, NOON + 7 * DAY, NINE + 7 * DAY),  # the same by times of the day
        (MORNING_AND_EVENING, NINE + 7 * DAY, NOON + 7 * DAY, None),  # once
        (HALF_HOURS, NOON + HOUR, NOON + MINUTE, NOON),  # recorded by a clock an hour ahead
        (HALF_HOURS, NOON + 9 * HOUR, NOON + MINUTE, NOON),  # by one 9 hours ahead
        (HALF_HOURS, NOON + 365 * DAY, NOON, NOON),  # by one a year ahead
        (MORNING_AND_EVENING, NOON + 6 * HOUR, NOON, NINE),  # by one ahead of a long pause
    ],
)
def test_one_slot_is_due_at_once_after_a_stop_or_a_wrong_clock_and_none_twice(
    schedule: Schedule, last: datetime | None, now: datetime, slot: datetime | None
) -> None:
    assert due_slot(schedule, UTC, last, now) == slot


@pytest.mark.parametrize(
    ("schedule", "slot", "back", "due"),
    [
        (at("09:00", "11:30"), NOON - 30 * MINUTE, NOON - HOUR, []),
        (HALF_HOURS, NOON, NOON - 30 * MINUTE, [NOON + 30 * MINUTE]),
    ],
    ids=["an hour", "within an interval"],
)
def test_a_clock_that_is_set_back_repeats_no_slot(
    schedule: Schedule, slot: datetime, back: datetime, due: list[datetime]
) -> None:
    found = [due_slot(schedule, UTC, slot, now) for now in steps(back, HOUR)]
    assert [each for each in found if each] == due


SCHEDULES = [
    *(Schedule(every) for every in (15 * MINUTE, 45 * MINUTE, HOUR, 90 * MINUTE, DAY)),
    Schedule(30 * MINUTE, days=WEEKDAYS),
    Schedule(None, AT_NIGHT, WEEKDAYS),
]


@pytest.mark.parametrize(("zone", "start"), CHANGES)
@pytest.mark.parametrize("schedule", SCHEDULES, ids=str)
def test_the_next_slot_is_the_next_one_that_is_due(zone: str, start: datetime, schedule: Schedule) -> None:
    told = {next_slot(schedule, ZoneInfo(zone), now) for now in steps(start - STEP, DAY)}
    came = walk(schedule, zone, start, DAY)
    assert sorted(slot for slot in told if start < slot <= start + DAY) == came
