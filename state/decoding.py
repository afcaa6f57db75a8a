"""The bytes of a state file -> the state, and the line of each host. `state.encoding` has the format."""

import json
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from operator import attrgetter
from typing import Any
from zlib import crc32

from state.deeds import Deed, Did, Person
from state.encoding import SEPARATOR, VERSION
from state.incident import Incident, Kind, NamedBy
from state.model import DEFAULT, Alerted, AlertRecord, ChannelRecord, Host, Mute, State

BY_END, EDITION = attrgetter("ended", "id"), attrgetter("edition")
# Ten thousand hosts are read at a start: what each needs is looked up once, and a tuple made at once.
DOWNTIME, BY_HOST = Kind.DOWNTIME, NamedBy.HOST
AT, NEW = datetime.fromtimestamp, tuple.__new__
# What a document that is not ours ends in.
UNREADABLE = (ValueError, TypeError, LookupError, AttributeError, OverflowError, RecursionError, OSError)


class Unreadable(Exception):
    """The bytes are not a whole state file; the text says why."""


class UnknownVersion(Exception):
    """A whole state file, written by another version of this program."""


def decode(data: bytes) -> tuple[State, dict[str, bytes]]:
    """The state in `data`, and the line of each host. Raises Unreadable or UnknownVersion."""
    try:
        document = json.loads(data)
        lines = _checked_lines(data, document["checksum"], document["hosts"])
        if document["version"] != VERSION:
            raise UnknownVersion(f"its version is {document['version']}, and this program reads {VERSION}")
        return _state(document), lines
    except UNREADABLE as error:
        raise Unreadable(f"it is not a whole state file ({type(error).__name__})") from error


def _checked_lines(data: bytes, checksum: int, hosts: Iterable[str]) -> dict[str, bytes]:
    head, mark, rest = data.partition(b'"hosts":{\n')
    body = rest.rpartition(b'\n},"checksum":')[0]
    lines = body.split(SEPARATOR) if body else []
    if crc32(head + mark) + sum(map(crc32, lines)) != checksum:
        raise Unreadable("its checksum is wrong: it was damaged, or edited by hand")
    return dict(zip(hosts, lines, strict=True))


def _state(document: dict[str, Any]) -> State:
    hosts = {name: _host(name, fields) for name, fields in document["hosts"].items()}
    owners = {i.id: name for name, host in hosts.items() for i in host.past}
    owners |= {i.id: name for name, host in hosts.items() for i in host.open}
    mutes = {name: _mute(name, fields) for name, fields in document["mutes"].items()}
    digest = document["digest"]
    log = tuple(map(_deed, document.get("log", ())))  # files of earlier versions have none
    channels, returned = _channels(digest), digest.get("returned", {})
    return State(hosts, owners, mutes, digest["edition"], channels, log, returned)


def _channels(fields: dict[str, Any]) -> dict[str, ChannelRecord]:
    """Files of earlier versions have the record of the one channel there was among the fields."""
    channels = fields.get("channels")
    if channels is None:
        channels = {DEFAULT: fields}
    return {name: _record(record) for name, record in channels.items()}


def _record(fields: dict[str, Any]) -> ChannelRecord:
    slot, posted, alerts = fields["slot"], fields.get("posted"), fields.get("alerts")
    return ChannelRecord(
        fields["covers"],
        slot and _moment(slot),
        posted and _moment(posted),
        fields.get("told", ""),
        alerts and _alerts(alerts),
    )


def _alerts(fields: dict[str, Any]) -> AlertRecord:
    told = {host: Alerted(_moment(since), called) for host, (since, called) in fields["told"].items()}
    return AlertRecord(fields["covers"], told)


def _host(name: str, fields: dict[str, Any]) -> Host:
    past, latest = _past(name, fields["past"])
    opened = tuple([_opened(name, entry) for entry in fields["open"]]) if fields["open"] else ()
    since = fields.get("forgotten_since")
    edition = max(latest, *map(EDITION, opened)) if opened else latest
    return Host(name, opened, past, since and _moment(since), edition)


def _past(host: str, policies: Mapping[str, list[list[Any]]]) -> tuple[tuple[Incident, ...], int]:
    """Ordered by end, and the latest edition: in one loop without calls, as it is most of a start."""
    past, latest = [], 0
    for policy, rows in policies.items():
        for row in rows:
            begun, edition = row[1], row[3]
            started, ended = AT(begun, UTC), AT(begun + row[2], UTC)
            plain = (row[0], host, BY_HOST, DOWNTIME, started, ended, policy, "", "", "", edition, None)
            incident = NEW(Incident, plain)
            past.append(incident if len(row) == 4 else _unusual(incident, row[4]))
            latest = max(latest, edition)
    if len(past) > 1:
        past.sort(key=BY_END)
    return tuple(past), latest


def _unusual(incident: Incident, fields: dict[str, Any]) -> Incident:
    resolved_by = fields.get("resolved_by")
    return incident._replace(
        kind=Kind(fields.get("kind", Kind.DOWNTIME)),
        named_by=NamedBy[fields.get("named_by", "host").upper()],
        observed=fields.get("observed", ""),
        resolved_by=resolved_by and Person(*resolved_by),
    )


def _opened(host: str, fields: dict[str, Any]) -> Incident:
    texts = {name: fields.get(name, "") for name in ("policy", "condition", "url", "observed")}
    return Incident(
        id=fields["id"],
        host=host,
        named_by=NamedBy[fields["named_by"].upper()],
        kind=Kind(fields["kind"]),
        started=_moment(fields["started"]),
        edition=fields["edition"],
        **texts,
    )


def _mute(host: str, fields: dict[str, Any]) -> Mute:
    return Mute(host, fields["by"], fields["by_name"], _moment(fields["at"]), *_term(fields))


def _deed(fields: dict[str, Any]) -> Deed:
    by = Person(fields["by"], fields["by_name"])
    return Deed(Did(fields["did"]), fields["what"], by, _moment(fields["at"]), *_term(fields))


def _term(fields: dict[str, Any]) -> tuple[datetime | None, bool, str]:
    """Until when, and why; files of earlier versions do not say."""
    until = fields.get("until")
    return until and _moment(until), fields.get("until_up", False), fields.get("reason", "")


def _moment(stamp: str) -> datetime:
    return datetime.fromisoformat(stamp)
