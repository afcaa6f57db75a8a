"""When a digest is due. Pure: a clock can be walked through it.

Slots sit on the clock of the configured time zone: every 30 minutes means :00 and :30, whenever
the program was started. They are counted in local time from the same midnight for everybody.
"""

from datetime import UTC, datetime, timedelta, tzinfo

MIDNIGHT = datetime(2001, 1, 1)  # noqa: DTZ001 - local time, a Monday: weekly slots begin there
CLOCK_ERROR = timedelta(days=1)


def due_slot(every: timedelta, zone: tzinfo, last: datetime | None, now: datetime) -> datetime | None:
    """The slot to post now, or None. `last` is the slot of the last digest that was posted.

    A first start is due at once; after a long stop one slot is due, not all that were missed; a
    clock set back repeats none, unless the last slot lies more than a day ahead: then it was
    recorded by a wrong clock, and waiting for it would be silence.
    """
    slot = slot_at(every, zone, now)
    if last is None or slot > last or last - now > CLOCK_ERROR:
        return slot
    return None


def slot_at(every: timedelta, zone: tzinfo, now: datetime) -> datetime:
    """The latest slot that is not after `now`, in UTC."""
    local = now.astimezone(zone)
    since_slot = (local.replace(tzinfo=None) - MIDNIGHT) % every
    begun = (local.replace(tzinfo=None) - since_slot).replace(tzinfo=zone, fold=local.fold)
    return min(begun.astimezone(UTC), now.astimezone(UTC))


def next_slot(every: timedelta, zone: tzinfo, now: datetime) -> datetime:
    """The earliest slot after `now`, in UTC."""
    local = slot_at(every, zone, now).astimezone(zone).replace(tzinfo=None, fold=0)
    by_the_clock = (local + every).replace(tzinfo=zone).astimezone(UTC)
    # In the hour that a clock goes back over, the next slot comes sooner than the clock face says.
    return min(slot for slot in (by_the_clock, slot_at(every, zone, now + every)) if slot > now)
