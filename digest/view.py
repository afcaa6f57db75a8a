"""What one channel gets to see, as configured."""

from collections.abc import Sequence
from datetime import datetime

from config import Channel, Config
from digest.model import Digest
from digest.schedule import next_slot
from digest.summary import summarize
from digest.titles import entitled
from digest.weekly import begins_week
from hosts.identity import Titles
from hosts.model import State
from hosts.problems import Problem


def digest_of(
    state: State, config: Config, channel: Channel, now: datetime, problems: Sequence[Problem] = ()
) -> Digest:
    """How everything that a channel shows stands now, as configured."""
    digest = summarize(
        state,
        now,
        next_at=next_slot(channel.digest.schedule, config.timezone, now),
        problems=problems,
        doubt_after=config.doubt_after,
        hosts=config.hosts,
        channel=channel.name,
        shows=channel.shows,
    )
    return entitled(digest, Titles(state.hosts))


def tells_week(state: State, config: Config, channel: Channel, slot: datetime) -> bool:
    """Is the digest of `slot` to tell of the week before?"""
    day, posted = channel.digest.weekly, state.record(channel.name).posted
    return day is not None and begins_week(day, posted, slot, config.timezone)
