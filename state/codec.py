"""The state as JSON: valid JSON, one host a line, keys sorted, so that people can read and compare it.

    {"version":1,"digest":{…},"mutes":{
    "old.example.com":{…}
    },"hosts":{
    "www.example.com":{…}
    },"checksum":123}

The checksum is the sum of the CRC-32 of every line before it, so that a save costs only what changed.
"""

import json
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from operator import attrgetter
from typing import Any
from zlib import crc32

from state.model import DigestRecord, Host, Incident, Kind, Mute, NamedBy, State

VERSION = 1
SEPARATOR = b",\n"
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
BY_END = attrgetter("ended", "id")
_encode = json.JSONEncoder(ensure_ascii=True, allow_nan=False, separators=(",", ":")).encode


class Unreadable(Exception):
    """The bytes are not a whole state file; the text says why."""


class UnknownVersion(Exception):
    """A whole state file, written by another version of this program."""


def encode_head(state: State) -> bytes:
    """All that stands before the hosts."""
    digest = state.digest
    record = {
        "edition": digest.edition,
        "covers": digest.covers,
        "slot": None if digest.slot is None else _stamp(digest.slot),
        "posted": None if digest.posted is None else _stamp(digest.posted),
        "told": digest.told,
    }
    mutes = ",".join(f"\n{_encode(name)}:{_encode(_mute(state.mutes[name]))}" for name in sorted(state.mutes))
    return f'{{"version":{VERSION},"digest":{_encode(record)},"mutes":{{{mutes}\n}},"hosts":{{\n'.encode()


def encode_tail(checksum: int) -> bytes:
    return f'\n}},"checksum":{checksum}}}\n'.encode()


def encode_host(host: Host) -> bytes:
    """One line, without the separator."""
    policies: dict[str, list[str]] = {}
    for incident in host.past:
        policies.setdefault(incident.policy, []).append(incident.row or _row(incident))
    rows = ",".join(f"{_encode(policy)}:[{','.join(policies[policy])}]" for policy in sorted(policies))
    fields = [f'"open":{_encode([_open(i) for i in host.open])}', f'"past":{{{rows}}}']
    if host.forgotten_since:
        fields.append(f'"forgotten_since":"{_stamp(host.forgotten_since)}"')
    return f"{_encode(host.name)}:{{{','.join(fields)}}}".encode()


def decode(data: bytes) -> tuple[State, dict[str, bytes]]:
    """The state in `data`, and the line of each host. Raises Unreadable or UnknownVersion."""
    try:
        document = json.loads(data)
        lines = _checked_lines(data, document["checksum"], document["hosts"])
        if document["version"] != VERSION:
            raise UnknownVersion(f"its version is {document['version']}, and this program reads {VERSION}")
        return _state(document), lines
    except (
        ValueError,
        TypeError,
        KeyError,
        IndexError,
        AttributeError,
        OverflowError,
        RecursionError,
    ) as error:
        raise Unreadable(f"it is not a whole state file ({type(error).__name__})") from error


def _checked_lines(data: bytes, checksum: int, hosts: Iterable[str]) -> dict[str, bytes]:
    head, mark, rest = data.partition(b'"hosts":{\n')
    body = rest.rpartition(b'\n},"checksum":')[0]
    lines = body.split(SEPARATOR) if body else []
    if crc32(head + mark) + sum(map(crc32, lines)) != checksum:
        raise Unreadable("its checksum is wrong: it was damaged, or edited by hand")
    return dict(zip(hosts, lines, strict=True))


def _state(document: dict[str, Any]) -> State:
    digest = document["digest"]
    slot, posted = digest["slot"], digest.get("posted")
    hosts = {name: _host(name, fields) for name, fields in document["hosts"].items()}
    return State(
        hosts=hosts,
        owners={i.id: name for name, host in hosts.items() for i in host.incidents()},
        mutes={name: _mute_from(name, fields) for name, fields in document["mutes"].items()},
        digest=DigestRecord(
            digest["edition"],
            digest["covers"],
            slot and _moment(slot),
            posted and _moment(posted),
            digest.get("told", ""),
        ),
    )


def _host(name: str, fields: dict[str, Any]) -> Host:
    past = [_past(name, policy, row) for policy, rows in fields["past"].items() for row in rows]
    if len(past) > 1:
        past.sort(key=BY_END)
    opened = [_open_from(name, entry) for entry in fields["open"]]
    forgotten_since = fields.get("forgotten_since")
    return Host(
        name,
        tuple(opened),
        tuple(past),
        _moment(forgotten_since) if forgotten_since else None,
        max([i.edition for i in (*opened, *past)], default=0),
    )


def _open(incident: Incident) -> dict[str, object]:
    fields = {
        "id": incident.id,
        "started": _stamp(incident.started),
        "kind": incident.kind,
        "named_by": incident.named_by.name.lower(),
        "policy": incident.policy,
        "condition": incident.condition,
        "url": incident.url,
        "observed": incident.observed,
        "edition": incident.edition,
    }
    return {name: value for name, value in fields.items() if value != ""}


def _open_from(host: str, fields: dict[str, Any]) -> Incident:
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


def _row(incident: Incident) -> str:
    """A closed incident as `[id, start, seconds, edition]`, and what is unusual about it, if anything."""
    if not incident.row:
        seconds = int(((incident.ended or incident.started) - incident.started).total_seconds())
        begun = int(incident.started.timestamp())
        row: list[object] = [incident.id, begun, seconds, incident.edition]
        unusual = {
            "kind": "" if incident.kind is Kind.DOWNTIME else incident.kind,
            "named_by": "" if incident.named_by is NamedBy.HOST else incident.named_by.name.lower(),
            "observed": incident.observed,
        }
        if any(unusual.values()):
            row.append({name: text for name, text in unusual.items() if text})
        # Encoded once: a host that flaps would otherwise encode its whole history at every delivery.
        incident.row = _encode(row)
    return incident.row


def _past(host: str, policy: str, row: list[Any]) -> Incident:
    started = EPOCH + timedelta(seconds=row[1])
    ended = started + timedelta(seconds=row[2])
    if len(row) == 4:
        return Incident(row[0], host, NamedBy.HOST, Kind.DOWNTIME, started, ended, policy, "", "", "", row[3])
    unusual = row[4]
    return Incident(
        row[0],
        host,
        NamedBy[unusual.get("named_by", "host").upper()],
        Kind(unusual.get("kind", Kind.DOWNTIME)),
        started,
        ended,
        policy,
        observed=unusual.get("observed", ""),
        edition=row[3],
    )


def _mute(mute: Mute) -> dict[str, str]:
    return {"at": _stamp(mute.at), "by": mute.by, "by_name": mute.by_name}


def _mute_from(host: str, fields: dict[str, str]) -> Mute:
    return Mute(host, fields["by"], fields["by_name"], _moment(fields["at"]))


def _stamp(moment: datetime) -> str:
    return f"{moment.astimezone(UTC).isoformat()[:19]}Z"


def _moment(stamp: str) -> datetime:
    return datetime.fromisoformat(stamp)
