"""Decoding a state file: the state, and the line of each host. See `state.encoding` for the format."""

import json
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from typing import Any
from zlib import crc32

from hosts.incident import Person
from hosts.model import DEFAULT, Action, Alerted, AlertRecord, AuditEntry, ChannelRecord, Host, Mute, State
from hosts.mutes import open_incidents
from state.decoding_hosts import decode_host
from state.encoding import SEPARATOR, VERSION
from state.lines import Lines
from state.renaming import respell
from state.type_checks import boolean, items, mapping, moment, moment_or_none, number, text, texts

EPOCH = datetime.fromtimestamp(0, UTC)
FIRST, LAST = b'"hosts":{\n', b'\n},"checksum":'
# Whatever decoding a foreign document may raise.
UNREADABLE = (ValueError, TypeError, LookupError, AttributeError, OverflowError, RecursionError, OSError)


class UnreadableState(Exception):
    """Raised for bytes that are not a complete state file; the text says why."""


class UnknownVersion(Exception):
    """Raised for a complete state file of another version of this program."""


def decode(data: bytes) -> tuple[State, Lines]:
    """Decode a state file into the state and the lines of its hosts.

    Raises UnreadableState or UnknownVersion.
    """
    try:
        document = json.loads(_without_hosts(data))
        _check_version(document, data)
        lines, checksum = _checked_lines(data, document["checksum"])
        state = _state(document, lines)
        by_host = Lines(dict(zip(state.hosts, lines, strict=True)), checksum)
        respell(state, by_host)
    except UNREADABLE as error:
        raise UnreadableState(f"it is not a complete state file ({_flaw(data, error)})") from error
    return state, by_host


def _flaw(data: bytes, error: Exception) -> str:
    """What the error means, for people who have never seen this program's code."""
    if not data:
        return "empty"
    if isinstance(error, UnicodeDecodeError):
        return "not UTF-8 text"
    return "not JSON" if isinstance(error, json.JSONDecodeError) else "a part is missing or invalid"


def _without_hosts(data: bytes) -> bytes:
    """Hosts are parsed one by one: parsing 10,000 of them at once takes 7 MB (measured)."""
    start, end = data.find(FIRST), data.rfind(LAST)
    return data if start < 0 or end < 0 else data[: start + len(FIRST)] + data[end:]


def _check_version(document: dict[str, Any], data: bytes) -> None:
    """Runs first, because another version may have another shape. Raises UnknownVersion."""
    version = document["version"]
    if type(version) not in (int, str):
        raise ValueError(type(version))
    if version != VERSION and not _is_only_version_damaged(document, data):
        json.loads(data)  # if it is damaged as well, its copy may be read instead
        raise UnknownVersion(f"it has version {version!s:.20}, but this program reads version {VERSION}")


def _is_only_version_damaged(document: dict[str, Any], data: bytes) -> bool:
    """Whether the checksum is correct with our version in place of the one found."""
    other, ours = (json.dumps(version).encode() for version in (document["version"], VERSION))
    with suppress(*UNREADABLE, UnreadableState):
        _checked_lines(data.replace(other, ours, 1), document["checksum"])
        return True
    return False


def _checked_lines(data: bytes, checksum: int) -> tuple[list[bytes], int]:
    """The lines of the hosts and the sum of their CRC-32s. Raises UnreadableState."""
    start, end = data.index(FIRST) + len(FIRST), data.rindex(LAST)
    lines = data[start:end].split(SEPARATOR) if start < end else []
    found = sum(map(crc32, lines))
    if crc32(data[:start]) + found != checksum:
        raise UnreadableState("its checksum is wrong: it was damaged, or edited by hand")
    return lines, found


def _state(document: dict[str, Any], lines: Iterable[bytes]) -> State:
    with _blaming("its digest section is"):
        digest = document["digest"]
        edition, channels = number(digest["edition"]), _channels(digest)
        returned = {name: number(ended) for name, ended in mapping(digest.get("returned", {})).items()}
    with _blaming("its mutes are"):
        mutes = {name: _mute(name, fields) for name, fields in mapping(document["mutes"]).items()}
    with _blaming("its list of forgotten incidents is"):
        forgotten = {i: moment(at) for i, at in mapping(document.get("forgotten", {})).items()}
    with _blaming("its last delivery is"):
        delivered = moment_or_none(document.get("last_delivery"))
    with _blaming("the time of its last list is"):
        read = moment_or_none(document.get("alerts_read"))
    with _blaming("its notices are"):
        notices = document.get("reported")
        unreported = None if notices is None else {n: texts(left) for n, left in mapping(notices).items()}
    with _blaming("its log is"):
        log = tuple(map(_audit_entry, items(document.get("log", []))))
    notified = min((record.notified_edition for record in channels.values()), default=0)
    hosts, host_by_incident = _hosts(lines, notified)
    last = delivered, read
    state = State(hosts, host_by_incident, mutes, edition, channels, log, forgotten, unreported, *last)
    state.mutes = _upgraded_mutes(state, returned)
    return state


@contextmanager
def _blaming(part: str) -> Iterator[None]:
    try:
        yield
    except UNREADABLE as error:
        raise UnreadableState(f"{part} invalid") from error


def _channels(digest: dict[str, Any]) -> dict[str, ChannelRecord]:
    """Earlier versions had only one channel, with its record among the digest's fields."""
    channels = digest.get("channels")
    if channels is None:
        channels = {DEFAULT: digest}
    return {name: _record(record) for name, record in mapping(channels).items()}


def _record(fields: dict[str, Any]) -> ChannelRecord:
    return ChannelRecord(
        notified_edition=number(fields["covers"]),
        slot=moment_or_none(fields["slot"]),
        posted=moment_or_none(fields.get("posted")),
        fingerprint=text(fields.get("told", "")),
        alerts=None if fields.get("alerts") is None else _alerts(fields["alerts"]),
    )


def _alerts(fields: dict[str, Any]) -> AlertRecord:
    covered, editions = number(fields["covers"]), mapping(fields.get("editions", {}))
    sent = {}
    for host, (since, escalated) in mapping(fields["told"]).items():
        # Earlier versions kept only when the outage began; 1 because they did send an alert.
        alert, ends_after = editions.get(host, (1, covered))
        sent[host] = Alerted(moment(since), boolean(escalated), number(alert), number(ends_after))
    return AlertRecord(covered, sent)


def _hosts(lines: Iterable[bytes], notified: int) -> tuple[dict[str, Host], dict[str, str]]:
    """The hosts, and the host of each incident."""
    hosts: dict[str, Host] = {}
    host_by_incident: dict[str, str] = {}
    for line in lines:
        ((name, fields),) = json.loads(b"{%b}" % line).items()
        try:
            hosts[text(name)] = decode_host(name, fields, line, notified, host_by_incident)
        except UNREADABLE as error:
            raise UnreadableState(f"its entry for {name:.100} is invalid") from error
    return hosts, host_by_incident


def _mute(host: str, fields: dict[str, Any]) -> Mute:
    return Mute(
        host,
        _by(fields),
        moment(fields["at"]),
        *_expiry(fields),
        about=texts(fields.get("about", [])),
        ended_in=number(fields.get("ended_in", 0)),
    )


def _upgraded_mutes(state: State, returned: Mapping[str, int]) -> Mapping[str, Mute]:
    """Complete the mutes of earlier versions.

    Mutes "until up" did not list their incidents, and ended mutes were kept apart, as `returned`.
    """
    mutes = {
        name: mute if mute.about else mute._replace(about=open_incidents(mute, state))
        for name, mute in state.mutes.items()
    }
    ended = {
        name: Mute(name, Person("", ""), EPOCH, until=EPOCH, ended_in=edition)
        for name, edition in returned.items()
    }
    return ended | mutes


def _audit_entry(fields: dict[str, Any]) -> AuditEntry:
    request = bytes.fromhex(fields.get("request", "")).hex()  # raises ValueError for anything else
    action, target, at = Action(fields["did"]), text(fields["what"]), moment(fields["at"])
    replaced = _mute(target, fields["replaced"]) if "replaced" in fields else None
    return AuditEntry(action, target, _by(fields), at, *_expiry(fields), request, replaced)


def _by(fields: dict[str, Any]) -> Person:
    return Person(text(fields["by"]), text(fields["by_name"]))


def _expiry(fields: dict[str, Any]) -> tuple[datetime | None, bool, str]:
    """The end and the reason; earlier versions wrote neither."""
    until = moment_or_none(fields.get("until"))
    return until, boolean(fields.get("until_up", False)), text(fields.get("reason", ""))
