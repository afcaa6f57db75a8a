"""When a digest is due. Pure: a clock can be walked through it.

Slots sit on the face of the local clock: every 30 minutes means :00 and :30, whenever the program
was started, counted from the same midnight for everybody. A face that is set forward shows some
times never, one that is set back shows some twice: `_moments` says when a time is due then.
"""

from bisect import bisect_left
from datetime import UTC, date, datetime, time, timedelta, tzinfo

from config.model import Schedule

MIDNIGHT = datetime(2001, 1, 1)  # noqa: DTZ001 - local time, a Monday: weekly slots begin there
DAY = timedelta(days=1)
ADJUSTMENT = timedelta(hours=1)  # a clock that is set back by more was wrong


def due_slot(schedule: Schedule, zone: tzinfo, last: datetime | None, now: datetime) -> datetime | None:
    """The slot to post now, or None. `last` is the slot of the last digest that was posted.

    A first start is due at once; after a long stop one slot is due, not all that were missed; a
    clock set back repeats none, unless the last slot lies an hour ahead or beyond the next one: then
    it was recorded by a wrong clock, and waiting for it would be silence.
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
    """Those just before and after now, also by a clock that is not yet, or no longer, set back."""
    offsets = {(now + away).astimezone(zone).utcoffset() or timedelta() for away in (-DAY, timedelta(), DAY)}
    faces = [now.astimezone(UTC).replace(tzinfo=None) + offset for offset in offsets]
    times = {near for face in faces for near in (_at_or_before(schedule, face), _after(schedule, face))}
    return {moment for shown in times for moment in _moments(schedule, zone, shown)}


def _moments(schedule: Schedule, zone: tzinfo, shown: datetime) -> list[datetime]:
    """When the time that a clock shows is due, in UTC.

    A time that is skipped is due when the clock is set forward over it. One that comes twice is due
    the first time; the second time too only if waiting longer would leave out a whole `every`.
    """
    first = shown.replace(tzinfo=zone).astimezone(UTC)
    second = shown.replace(tzinfo=zone, fold=1).astimezone(UTC)
    if first > second:
        return [_set_forward(zone, shown, second, first)]
    short = schedule.every is not None and schedule.every <= second - first
    return [first, second] if short else [first]


def _set_forward(zone: tzinfo, shown: datetime, early: datetime, late: datetime) -> datetime:
    """The first second at which the clock is past the time that it never shows."""
    seconds = range(int((late - early).total_seconds()))
    closed = bisect_left(
        seconds,
        x=True,
        key=lambda s: (early + timedelta(seconds=s)).astimezone(zone).replace(tzinfo=None) >= shown,
    )
    return early + timedelta(seconds=closed)


def _at_or_before(schedule: Schedule, face: datetime) -> datetime:
    found = _last_of_any_day(schedule, face)
    while found.weekday() not in schedule.days:
        found = _last_of_any_day(schedule, _midnight(found.date()) - timedelta.resolution)
    return found


def _after(schedule: Schedule, face: datetime) -> datetime:
    found = _next_of_any_day(schedule, face)
    while found.weekday() not in schedule.days:
        found = _next_of_any_day(schedule, _midnight(found.date()) + DAY - timedelta.resolution)
    return found


def _last_of_any_day(schedule: Schedule, face: datetime) -> datetime:
    if schedule.every:
        return face - (face - MIDNIGHT) % schedule.every
    return max(shown for shown in _daily(schedule, face) if shown <= face)


def _next_of_any_day(schedule: Schedule, face: datetime) -> datetime:
    if schedule.every:
        return _last_of_any_day(schedule, face) + schedule.every
    return min(shown for shown in _daily(schedule, face) if shown > face)


def _daily(schedule: Schedule, face: datetime) -> list[datetime]:
    days = (face.date() - DAY, face.date(), face.date() + DAY)
    return [datetime.combine(day, at) for day in days for at in schedule.at]


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time())
