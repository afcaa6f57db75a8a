"""Composes the digest of one channel, and gives hosts the titles that people know."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from itertools import chain
from typing import TypeVar

from config import Channel, Config
from digest.alerts import AlertBatch
from digest.model import Digest, Down, MuteEnded, Recovery, Warned
from digest.schedule import next_slot
from digest.summary import summarizing
from digest.weekly import Weekly, starts_week, summarizing_week, visible_hosts
from hosts.identity import Titles
from hosts.model import Host, Mute, State
from hosts.problems import Problem
from turns import Steps, in_turns

Entry = TypeVar("Entry", Down, Warned, Recovery)


def composing(  # noqa: PLR0913 - what a digest depends on
    state: State,
    config: Config,
    channel: Channel,
    now: datetime,
    problems: Sequence[Problem],
    *,
    notified: int | None = None,
) -> Steps[Digest]:
    """News is what happened since the channel's last digest, or since the edition `notified`."""
    if notified is None:
        notified = state.record(channel.name).notified_edition
    state = state.snapshot()
    titles = Titles(state.hosts)
    digest = yield from summarizing(
        state,
        now,
        notified=notified,
        next_at=next_slot(channel.digest.schedule, config.timezone, now),
        problems=problems,
        doubt_after=config.doubt_after,
        hosts=config.hosts,
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
    hosts = visible_hosts(state, config.hosts, channel.shows, now)
    week = await in_turns(summarizing_week(hosts, now))
    return digest._replace(weekly=titled_week(week, Titles(state.hosts)))


def titling(digest: Digest, titles: Titles) -> Steps[Digest]:
    """Give the hosts of a digest their titles, which differ from their keys only for hosts with labels."""
    if not titles:
        return digest
    entries: Iterable[Down | Recovery] = chain(digest.down, digest.recovered)
    for key in chain(digest.up, (entry.host.name for entry in entries)):
        titles(key)  # cached from here on
        yield
    up = _titled_names(digest.up, titles)
    yield
    return digest._replace(
        down=_titled_entries(digest.down, titles),
        recovered=_titled_entries(digest.recovered, titles),
        warnings=_titled_entries(digest.warnings, titles),
        mutes_ended=tuple(
            MuteEnded(titles(entry.name), tuple(_titled_host(host, titles) for host in entry.hosts))
            for entry in digest.mutes_ended
        ),
        muted=tuple(
            entry._replace(
                mute=_titled_mute(entry.mute, titles),
                also=tuple(_titled_mute(mute, titles) for mute in entry.also),
            )
            for entry in digest.muted
        ),
        up=up,
        snoozed=tuple(sorted(e._replace(name=titles(e.name)) for e in digest.snoozed)),
        disabled=_titled_names(digest.disabled, titles),
        gone=_titled_names(digest.gone, titles),
        still_gone=_titled_names(digest.still_gone, titles),
    )


def _titled_names(names: Iterable[str], titles: Titles) -> tuple[str, ...]:
    by_case = sorted(map(titles, names))  # decides between titles that differ in case alone
    return tuple(sorted(by_case, key=str.casefold))


def titled_alerts(batch: AlertBatch, titles: Titles) -> AlertBatch:
    return batch._replace(
        down=_titled_entries(batch.down, titles),
        still_down=_titled_entries(batch.still_down, titles),
        recovered=_titled_entries(batch.recovered, titles),
        escalated=frozenset(map(titles, batch.escalated)),
    )


def titled_week(week: Weekly, titles: Titles) -> Weekly:
    return week._replace(worst=tuple((titles(name), down) for name, down in week.worst))


def _titled_host(host: Host, titles: Titles) -> Host:
    title = titles(host.name)
    return host if title == host.name else host._replace(name=title)


def _titled_mute(mute: Mute, titles: Titles) -> Mute:
    return mute._replace(host=titles(mute.host))


def _titled_entries(entries: Iterable[Entry], titles: Titles) -> tuple[Entry, ...]:
    return tuple(entry._replace(host=_titled_host(entry.host, titles)) for entry in entries)
