"""Decoding a state file: the state, and the line of each host. See `state.encoding` for the format."""

import json
from collections.abc import Iterable, Mapping
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from operator import attrgetter
from typing import Any
from zlib import crc32

from hosts.checks import Check, Watch, watch
from hosts.closed_incidents import LazyClosedIncidents
from hosts.incident import Incident, Kind, NamedBy, Person
from hosts.model import DEFAULT, Action, Alerted, AlertRecord, AuditEntry, ChannelRecord, Host, Mute, State
from hosts.mutes import open_incidents
from state.encoding import SEPARATOR, VERSION
from state.lines import Lines
from state.renaming import respell
from state.shape import first_error

EDITION = attrgetter("edition")
NEW = tuple.__new__
EPOCH = datetime.fromtimestamp(0, UTC)
FIRST, LAST = b'"hosts":{\n', b'\n},"checksum":'
# Whatever decoding a foreign document may raise.
UNREADABLE = (ValueError, TypeError, LookupError, AttributeError, OverflowError, RecursionError, OSError)


class UnreadableState(Exception):
    """Raised for bytes that are not a complete state file; the text says why."""


class UnknownVersion(Exception):
    """Raised for the complete state file of another version of this program."""


def decode(data: bytes) -> tuple[State, Lines]:
    """Decode a state file into the state and the lines of its hosts.

    Raises UnreadableState or UnknownVersion.
    """
    try:
        document = json.loads(data)
        _check_version(document, data)
        hosts, (lines, checksum) = document["hosts"], _checked_lines(data, document["checksum"])
        if mistake := first_error(document):
            raise UnreadableState(mistake)
        state, found = _state(document, lines), Lines(dict(zip(hosts, lines, strict=True)), checksum)
        respell(state, found)
    except UNREADABLE as error:
        raise UnreadableState(f"it is not a complete state file ({type(error).__name__})") from error
    return state, found


def _check_version(document: dict[str, Any], data: bytes) -> None:
    """Runs first, for another version may have another shape. Raises UnknownVersion."""
    version = document["version"]
    if type(version) not in (int, str):
        raise ValueError(type(version))
    if version != VERSION and not _is_only_version_damaged(document, data):
        raise UnknownVersion(f"it has version {version!s:.20}, but this program reads version {VERSION}")


def _is_only_version_damaged(document: dict[str, Any], data: bytes) -> bool:
    """Whether the checksum is correct with our version in place of the one found."""
    other, ours = (json.dumps(version).encode() for version in (document["version"], VERSION))
    with suppress(*UNREADABLE, UnreadableState):
        _checked_lines(data.replace(other, ours, 1), document["checksum"])
        return True
    return False


def _checked_lines(data: bytes, checksum: int) -> tuple[list[bytes], int]:
    """Return the lines of the hosts and the sum of their CRC-32s. Raises UnreadableState."""
    start, end = data.index(FIRST) + len(FIRST), data.rindex(LAST)
    lines = data[start:end].split(SEPARATOR) if start < end else []
    found = sum(map(crc32, lines))
    if crc32(data[:start]) + found != checksum:
        raise UnreadableState("its checksum is wrong: it was damaged, or edited by hand")
    return lines, found


def _state(document: dict[str, Any], lines: Iterable[bytes]) -> State:
    digest = document["digest"]
    channels = _channels(digest)
    notified = min((record.notified_edition for record in channels.values()), default=0)
    hosts, host_by_incident = _hosts(document["hosts"], lines, notified)
    mutes = {name: _mute(name, fields) for name, fields in document["mutes"].items()}
    log = tuple(map(_audit_entry, document.get("log", ())))  # earlier versions had none
    forgotten = {i: _moment(at) for i, at in document.get("forgotten", {}).items()}
    state = State(hosts, host_by_incident, mutes, digest["edition"], channels, log, forgotten)
    if (reported := document.get("reported")) is not None:
        state.reported = {notice: tuple(waiting) for notice, waiting in reported.items()}
    if delivered := document.get("last_delivery"):
        state.last_delivery = _moment(delivered)
    state.mutes = _upgraded_mutes(state, digest.get("returned", {}))
    return state


def _channels(fields: dict[str, Any]) -> dict[str, ChannelRecord]:
    """Earlier versions had only one channel, with its record among the digest's fields."""
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
    sent = {host: Alerted(_moment(since), escalated) for host, (since, escalated) in fields["told"].items()}
    return AlertRecord(fields["covers"], sent)


def _hosts(
    documents: dict[str, dict[str, Any]], lines: Iterable[bytes], notified: int
) -> tuple[dict[str, Host], dict[str, str]]:
    """The hosts, and the host of each incident. One loop with few calls: most of a start is spent here."""
    hosts, host_by_incident = {}, {}
    for (name, fields), line in zip(documents.items(), lines, strict=True):
        length = first = last = edition = 0
        for rows in fields["past"].values():
            for row in rows:
                host_by_incident[row[0]] = name
                ended, closed_in = row[1] + row[2], row[3]
                if ended < first or not length:
                    first = ended
                if ended > last:  # noqa: PLR1730 - `max` would take as long as all the rest
                    last = ended
                if closed_in > edition:  # noqa: PLR1730
                    edition = closed_in
                length += 1
        closed = LazyClosedIncidents(line, length, first, last, edition)
        if edition > notified:
            closed.read()  # the next digest needs it
        host = NEW(Host, (name, (), closed, None, edition, None))
        is_plain = len(fields) == 2 and not fields["open"]
        hosts[name] = host if is_plain else _completed(host, fields, host_by_incident)
    return hosts, host_by_incident


def _completed(host: Host, fields: dict[str, Any], host_by_incident: dict[str, str]) -> Host:
    opened = tuple([_opened(host.name, entry) for entry in fields["open"]])
    host_by_incident.update((incident.id, host.name) for incident in opened)
    since = _known_since(host, fields)
    edition = max(host.edition, *map(EDITION, opened)) if opened else host.edition
    found = fields.get("watch")
    watched = found and _watch(host.name, found)
    return host._replace(open=opened, known_since=since, edition=edition, watch=watched)


def _watch(host: str, fields: dict[str, Any]) -> Watch:
    checks = (_check(host, check) for check in fields["checks"])
    snoozed = fields.get("snoozed")
    return watch(_moment(fields["since"]), checks, fields.get("ended_in", 0), snoozed and _moment(snoozed))


def _check(host: str, fields: dict[str, Any]) -> Check:
    name, target, regions = fields.get("name", ""), fields.get("target", ""), tuple(fields.get("regions", ()))
    period = timedelta(seconds=fields.get("period", 0))
    return Check(fields["id"], host, name, target, period, regions, fields.get("disabled", False))


def _known_since(host: Host, fields: dict[str, Any]) -> datetime | None:
    """Earlier versions wrote when the earliest of the incidents that they had dropped began."""
    if earliest := fields.get("forgotten_since"):
        return datetime.fromtimestamp(host.closed.first, UTC) if host.closed else _moment(earliest)
    since = fields.get("known_since")
    return since and _moment(since)


def _opened(host: str, fields: dict[str, Any]) -> Incident:
    texts = {name: fields.get(name, "") for name in ("policy", "condition", "url", "observed")}
    return Incident(
        id=fields["id"],
        host=host,
        named_by=NamedBy[fields["named_by"].upper()],
        kind=Kind(fields["kind"]),
        started=_moment(fields["started"]),
        edition=fields["edition"],
        opened=fields["edition"],
        listed=fields.get("listed", False),
        confirmed=(confirmed := fields.get("confirmed")) and _moment(confirmed),
        absent=fields.get("absent", False),
        **texts,
    )


def _mute(host: str, fields: dict[str, Any]) -> Mute:
    expiry, about = _expiry(fields), tuple(fields.get("about", ()))
    at, ended_in = _moment(fields["at"]), fields.get("ended_in", 0)
    return Mute(host, fields["by"], fields["by_name"], at, *expiry, about, ended_in)


def _upgraded_mutes(state: State, returned: Mapping[str, int]) -> Mapping[str, Mute]:
    """Complete the mutes of earlier versions.

    Mutes "until up" did not list their incidents, and ended mutes were kept apart, as `returned`.
    """
    mutes = {
        name: mute if mute.about else mute._replace(about=open_incidents(mute, state))
        for name, mute in state.mutes.items()
    }
    ended = {
        name: Mute(name, "", "", EPOCH, until=EPOCH, ended_in=edition) for name, edition in returned.items()
    }
    return ended | mutes


def _audit_entry(fields: dict[str, Any]) -> AuditEntry:
    by = Person(fields["by"], fields["by_name"])
    request = bytes.fromhex(fields.get("request", "")).hex()  # raises ValueError for anything else
    return AuditEntry(
        Action(fields["did"]), fields["what"], by, _moment(fields["at"]), *_expiry(fields), request
    )


def _expiry(fields: dict[str, Any]) -> tuple[datetime | None, bool, str]:
    """The end and the reason; earlier versions wrote neither."""
    until = fields.get("until")
    return until and _moment(until), fields.get("until_up", False), fields.get("reason", "")


def _moment(stamp: str) -> datetime:
    return datetime.fromisoformat(stamp)
