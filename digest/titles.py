"""What is told of hosts, told of them by the titles that people know them by."""

from collections.abc import Iterable
from typing import TypeVar

from digest.alerts import AlertBatch
from digest.model import Digest, Down, MuteEnded, Recovery, Warned
from digest.weekly import Weekly
from hosts.identity import Titles
from hosts.model import Host

Entry = TypeVar("Entry", Down, Warned, Recovery)


def entitled(digest: Digest, titles: Titles) -> Digest:
    """The digest, to be put into words. Only what has labels is called otherwise than by its key."""
    if not titles:
        return digest
    return digest._replace(
        down=_told(digest.down, titles),
        recovered=_told(digest.recovered, titles),
        warnings=_told(digest.warnings, titles),
        returned=tuple(_returned(entry, titles) for entry in digest.returned),
        muted=tuple(m._replace(mute=m.mute._replace(host=titles(m.mute.host))) for m in digest.muted),
        up=tuple(sorted(map(titles, digest.up), key=lambda title: (title.casefold(), title))),
    )


def entitled_alerts(batch: AlertBatch, titles: Titles) -> AlertBatch:
    return batch._replace(
        down=_told(batch.down, titles),
        still=_told(batch.still, titles),
        over=_told(batch.over, titles),
        escalated=frozenset(map(titles, batch.escalated)),
    )


def entitled_week(week: Weekly, titles: Titles) -> Weekly:
    return week._replace(worst=tuple((titles(name), down) for name, down in week.worst))


def entitled_host(host: Host, titles: Titles) -> Host:
    title = titles(host.name)
    return host if title == host.name else host._replace(name=title)


def _told(entries: Iterable[Entry], titles: Titles) -> tuple[Entry, ...]:
    return tuple(entry._replace(host=entitled_host(entry.host, titles)) for entry in entries)


def _returned(entry: MuteEnded, titles: Titles) -> MuteEnded:
    hosts = tuple(entitled_host(host, titles) for host in entry.hosts)
    return MuteEnded(titles(entry.name), hosts)
