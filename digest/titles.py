"""Replaces the keys of hosts in digests and alerts by the titles that people know."""

from collections.abc import Iterable
from itertools import chain
from typing import TypeVar

from digest.alerts import AlertBatch
from digest.model import Digest, Down, MuteEnded, Recovery, Warned
from digest.turns import Steps, at_once
from digest.weekly import Weekly
from hosts.identity import Titles
from hosts.model import Host

Entry = TypeVar("Entry", Down, Warned, Recovery)


def titling(digest: Digest, titles: Titles) -> Steps[Digest]:
    """The digest to be rendered. Only a host with labels has a title other than its key."""
    if not titles:
        return digest
    entries: Iterable[Down | Recovery] = chain(digest.down, digest.recovered)
    for key in chain(digest.up, (entry.host.name for entry in entries)):
        titles(key)  # remembered, so that the rest is quick
        yield
    up = _titled_names(digest.up, titles)
    yield
    return digest._replace(
        down=_titled_entries(digest.down, titles),
        recovered=_titled_entries(digest.recovered, titles),
        warnings=_titled_entries(digest.warnings, titles),
        mutes_ended=tuple(_titled_mute_ended(entry, titles) for entry in digest.mutes_ended),
        muted=tuple(m._replace(mute=m.mute._replace(host=titles(m.mute.host))) for m in digest.muted),
        up=up,
        snoozed=tuple(sorted(e._replace(name=titles(e.name)) for e in digest.snoozed)),
        disabled=_titled_names(digest.disabled, titles),
        gone=_titled_names(digest.gone, titles),
    )


titled = at_once(titling)


def _titled_names(names: Iterable[str], titles: Titles) -> tuple[str, ...]:
    return tuple(sorted(map(titles, names), key=lambda title: (title.casefold(), title)))


def titled_alerts(batch: AlertBatch, titles: Titles) -> AlertBatch:
    return batch._replace(
        down=_titled_entries(batch.down, titles),
        still_down=_titled_entries(batch.still_down, titles),
        recovered=_titled_entries(batch.recovered, titles),
        escalated=frozenset(map(titles, batch.escalated)),
    )


def titled_week(week: Weekly, titles: Titles) -> Weekly:
    return week._replace(worst=tuple((titles(name), down) for name, down in week.worst))


def titled_host(host: Host, titles: Titles) -> Host:
    title = titles(host.name)
    return host if title == host.name else host._replace(name=title)


def _titled_entries(entries: Iterable[Entry], titles: Titles) -> tuple[Entry, ...]:
    return tuple(entry._replace(host=titled_host(entry.host, titles)) for entry in entries)


def _titled_mute_ended(entry: MuteEnded, titles: Titles) -> MuteEnded:
    hosts = tuple(titled_host(host, titles) for host in entry.hosts)
    return MuteEnded(titles(entry.name), hosts)
