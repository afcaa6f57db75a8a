"""Decides when a digest is due, even after the clock has been wrong.

Slots are times of the local clock: every 30 minutes means :00 and :30, whenever the program was started.
Daylight saving time skips some local times and repeats others; `_moments` says when a slot is due then.
"""

from bisect import bisect_left
from datetime import UTC, datetime, time, timedelta, tzinfo

from config.model import Schedule

MIDNIGHT = datetime(2001, 1, 1)  # noqa: DTZ001 - local time; a Monday, where weekly slots begin
DAY = timedelta(days=1)
ADJUSTMENT = timedelta(hours=1)  # a clock that is set back by more was wrong


def due_slot(schedule: Schedule, zone: tzinfo, last: datetime | None, now: datetime) -> datetime | None:
    """The slot to post now, or None. `last` is the slot of the last digest.

    The first digest is due at once. After a long stop one slot is due, not every missed one. A clock that
    is set back repeats no slot, unless `last` lies beyond the next one or an hour ahead: then the clock was
    wrong when it was recorded, and waiting for it would mean silence.
    """
    slot = slot_at(schedule, zone, now)
    if last is None or slot > last or last > min(next_slot(schedule, zone, now), now + ADJUSTMENT):
        return slot
    return None


def slot_at(schedule: Schedule, zone: tzinfo, now: datetime) -> datetime:
    """The latest slot that is not after `now`, in UTC."""
    return max(slot for slot in _slots_around(schedule, zone, now) if slot <= now)


def next_slot(schedule: Schedule, zone: tzinfo, now: datetime) -> datetime:
    """The earliest slot after `now`, in UTC."""
    return min(slot for slot in _slots_around(schedule, zone, now) if slot > now)


def _slots_around(schedule: Schedule, zone: tzinfo, now: datetime) -> set[datetime]:
    """The slots just before and after now, by the UTC offsets of yesterday, today and tomorrow."""
    offsets = {(now + away).astimezone(zone).utcoffset() or timedelta() for away in (-DAY, timedelta(), DAY)}
    readings = [now.astimezone(UTC).replace(tzinfo=None) + offset for offset in offsets]
    times = {near for local in readings for near in _near(schedule, local)}
    return {moment for local in times for moment in _moments(schedule, zone, local)}


def _moments(schedule: Schedule, zone: tzinfo, local: datetime) -> list[datetime]:
    """When a local time is due, in UTC.

    A skipped time is due when the clock is set forward over it. A repeated one is due the first time, and
    the second time only if `every` fits between the two.
    """
    first = local.replace(tzinfo=zone).astimezone(UTC)
    second = local.replace(tzinfo=zone, fold=1).astimezone(UTC)
    if first > second:
        return [_end_of_gap(zone, local, second, first)]
    short = schedule.every is not None and schedule.every <= second - first
    return [first, second] if short else [first]


def _end_of_gap(zone: tzinfo, local: datetime, early: datetime, late: datetime) -> datetime:
    """The first second at which the local clock is past the skipped time."""
    seconds = range(int((late - early).total_seconds()))
    gap = bisect_left(
        seconds,
        x=True,
        key=lambda s: (early + timedelta(seconds=s)).astimezone(zone).replace(tzinfo=None) >= local,
    )
    return early + timedelta(seconds=gap)


def _near(schedule: Schedule, local: datetime) -> tuple[datetime, datetime]:
    """The local slots at or before a time, and after it."""
    before, after = _near_on_any_day(schedule, local)
    while before.weekday() not in schedule.days:
        before, _ = _near_on_any_day(schedule, _midnight(before) - timedelta.resolution)
    while after.weekday() not in schedule.days:
        _, after = _near_on_any_day(schedule, _midnight(after) + DAY - timedelta.resolution)
    return before, after


def _near_on_any_day(schedule: Schedule, local: datetime) -> tuple[datetime, datetime]:
    if schedule.every:
        before = local - (local - MIDNIGHT) % schedule.every
        return before, before + schedule.every
    days = (local.date() - DAY, local.date(), local.date() + DAY)
    daily = [datetime.combine(day, at) for day in days for at in schedule.at]
    return max(at for at in daily if at <= local), min(at for at in daily if at > local)


def _midnight(moment: datetime) -> datetime:
    return datetime.combine(moment, time())
