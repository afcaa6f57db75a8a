"""The state as JSON: valid JSON, one host a line, keys sorted, so that people can read and compare it.

    {"version":1,"digest":{…},"mutes":{
    "old.example.com":{…}
    },"log":[
    {…}
    ],"hosts":{
    "www.example.com":{…}
    },"checksum":123}

The checksum is the sum of the CRC-32 of every line before it, so that a save costs only what changed.
"""

import json
from collections.abc import Mapping
from datetime import UTC, datetime

from state.deeds import Deed
from state.incident import Incident, Kind, NamedBy
from state.memo import Memo
from state.model import ChannelRecord, Host, Mute, State

VERSION = 1
SEPARATOR = b",\n"
_encode = json.JSONEncoder(ensure_ascii=True, allow_nan=False, separators=(",", ":")).encode


def encode_head(state: State) -> bytes:
    """All that stands before the hosts."""
    channels = {name: _record(record) for name, record in sorted(state.channels.items())}
    digest: dict[str, object] = {"edition": state.edition, "channels": channels}
    if state.returned:
        digest["returned"] = dict(sorted(state.returned.items()))
    opening = f'{{"version":{VERSION},"digest":{_encode(digest)},"mutes":{{'.encode()
    return b"".join([opening, _mutes(state.mutes), b'\n},"log":[', _log(state.log), b'\n],"hosts":{\n'])


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


@Memo
def _mutes(mutes: Mapping[str, Mute]) -> bytes:
    return ",".join(f"\n{_encode(name)}:{_encode(_mute(mutes[name]))}" for name in sorted(mutes)).encode()


@Memo
def _log(log: tuple[Deed, ...]) -> bytes:
    return ",".join(f"\n{_encode(_deed(deed))}" for deed in log).encode()


def _record(record: ChannelRecord) -> dict[str, object]:
    fields: dict[str, object] = {
        "covers": record.covers,
        "slot": None if record.slot is None else _stamp(record.slot),
        "posted": None if record.posted is None else _stamp(record.posted),
        "told": record.told,
    }
    if record.alerts:
        told = {host: [_stamp(alerted.since), alerted.called] for host, alerted in record.alerts.told.items()}
        fields["alerts"] = {"covers": record.alerts.covers, "told": told}
    return fields


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
            "resolved_by": incident.resolved_by,
        }
        if any(unusual.values()):
            row.append({name: text for name, text in unusual.items() if text})
        # Encoded once: a host that flaps would otherwise encode its whole history at every delivery.
        incident.row = _encode(row)
    return incident.row


def _mute(mute: Mute) -> dict[str, object]:
    return {"at": _stamp(mute.at), "by": mute.by, "by_name": mute.by_name, **_term(mute)}


def _deed(deed: Deed) -> dict[str, object]:
    by = {"by": deed.by.id, "by_name": deed.by.name}
    return {"at": _stamp(deed.at), "did": deed.did, "what": deed.what, **by, **_term(deed)}


def _term(of: Mute | Deed) -> dict[str, object]:
    """Until when, and why, as far as that was said."""
    fields: dict[str, object] = {"until": _stamp(of.until)} if of.until else {}
    if of.until_up:
        fields["until_up"] = True
    if of.reason:
        fields["reason"] = of.reason
    return fields


def _stamp(moment: datetime) -> str:
    return f"{moment.astimezone(UTC).isoformat()[:19]}Z"
