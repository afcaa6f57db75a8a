"""Composes the digest of one channel, as configured."""

import asyncio
from collections.abc import Sequence
from datetime import datetime

from config import Channel, Config
from digest.model import Digest
from digest.schedule import next_slot
from digest.summary import summarizing
from digest.titles import titled_week, titling
from digest.turns import Steps, in_turns
from digest.weekly import Weekly, starts_week, summarize_week, visible_hosts
from hosts.identity import Titles
from hosts.model import State
from hosts.problems import Problem

HOSTS_PER_TURN = 100  # of the event loop


def composing(
    state: State, config: Config, channel: Channel, now: datetime, problems: Sequence[Problem]
) -> Steps[Digest]:
    """The status of every host that `channel` shows."""
    titles = Titles(state.hosts)
    digest = yield from summarizing(
        state,
        now,
        next_at=next_slot(channel.digest.schedule, config.timezone, now),
        problems=problems,
        doubt_after=config.doubt_after,
        hosts=config.hosts,
        channel=channel.name,
        shows=channel.shows,
    )
    yield
    return (yield from titling(digest, titles))


async def slot_digest(  # noqa: PLR0913 - what a digest depends on
    state: State,
    config: Config,
    channel: Channel,
    *,
    slot: datetime,
    now: datetime,
    problems: Sequence[Problem] = (),
) -> Digest:
    """The digest to post for `slot`: with the summary of the week, if it is due."""
    digest = await in_turns(composing(state, config, channel, now, problems))
    weekday, posted = channel.digest.weekly, state.record(channel.name).posted
    if weekday is None or not starts_week(weekday, posted, slot, config.timezone):
        return digest
    week = await _week(state, config, channel, now)
    return digest._replace(weekly=titled_week(week, Titles(state.hosts)))


async def _week(state: State, config: Config, channel: Channel, now: datetime) -> Weekly:
    """Yields to the event loop in between: years of history may have to be read."""
    week = summarize_week((), now)
    hosts = visible_hosts(state, config.hosts, channel.shows, now)
    for at in range(0, len(hosts), HOSTS_PER_TURN):
        week = week.joined(summarize_week(hosts[at : at + HOSTS_PER_TURN], now))
        await asyncio.sleep(0)
    return week
