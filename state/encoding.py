"""Encoding the state: valid JSON, one host a line, keys sorted, so that people can read and diff it.

    {"version":1,"digest":{…},"last_delivery":"…","reported":{…},"mutes":{
    "old.example.com":{…}
    },"log":[
    {…}
    ],"hosts":{
    "www.example.com":{…}
    },"checksum":123}

The checksum is the sum of the CRC-32s of the head and of each host's line, so that a save only has to add
what changed.
"""

from collections.abc import Mapping
from datetime import UTC, datetime
from functools import lru_cache

from hosts.checks import Check, Watch
from hosts.closed_incidents import encode
from hosts.incident import Incident
from hosts.model import AuditEntry, ChannelRecord, Host, Mute, State

VERSION = 1
SEPARATOR = b",\n"


def encode_head(state: State) -> bytes:
    """Everything before the hosts."""
    channels = {name: _record(record) for name, record in sorted(state.channels.items())}
    digest: dict[str, object] = {"edition": state.edition, "channels": channels}
    opening = f'{{"version":{VERSION},"digest":{encode(digest)},'
    if state.forgotten:
        forgotten = {incident: _stamp(at) for incident, at in sorted(state.forgotten.items())}
        opening += f'"forgotten":{encode(forgotten)},'
    if state.last_delivery:
        opening += f'"last_delivery":"{_stamp(state.last_delivery)}",'
    if state.alerts_read:
        opening += f'"alerts_read":"{_stamp(state.alerts_read)}",'
    if state.unreported is not None:
        opening += f'"reported":{encode(dict(state.unreported))},'
    mutes, audit_log = _mutes(tuple(state.mutes.items())), _log(state.log)
    return f'{opening}"mutes":{{{mutes}\n}},"log":[{audit_log}\n],"hosts":{{\n'.encode()


def encode_tail(checksum: int) -> bytes:
    return f'\n}},"checksum":{checksum}}}\n'.encode()


def encode_host(host: Host) -> bytes:
    """A host's line, without the separator."""
    opened = ",".join(map(_open, host.open))
    fields = [f'"open":[{opened}]', f'"past":{host.closed.text()}']
    if host.dropped_until:
        fields.append(f'"known_since":"{_stamp(host.dropped_until)}"')
    if host.watch:
        fields.append(f'"watch":{_watch(host.watch)}')
    return f"{encode(host.name)}:{{{','.join(fields)}}}".encode()


@lru_cache(maxsize=1)  # most saves leave the mutes and the log as they were: 200 entries take 1.5 ms
def _mutes(mutes: tuple[tuple[str, Mute], ...]) -> str:
    return ",".join(f"\n{encode(name)}:{encode(_mute(mute))}" for name, mute in sorted(mutes))


@lru_cache(maxsize=1)
def _log(log: tuple[AuditEntry, ...]) -> str:
    return ",".join(f"\n{encode(_audit_entry(entry))}" for entry in log)


def _record(record: ChannelRecord) -> dict[str, object]:
    fields: dict[str, object] = {
        "covers": record.notified_edition,
        "slot": record.slot and _stamp(record.slot),
        "posted": record.posted and _stamp(record.posted),
        "told": record.fingerprint,
    }
    if record.alerts:
        sent = record.alerts.sent.items()
        fields["alerts"] = {
            "covers": record.alerts.notified_edition,
            "told": {host: [_stamp(alerted.since), alerted.escalated] for host, alerted in sent},
            # not in `told`, so that earlier versions can read it
            "editions": {host: [alerted.edition, alerted.ends_after] for host, alerted in sent},
        }
    return fields


@lru_cache(maxsize=1_024)  # each delivery encodes all open incidents of its host: up to a thousand
def _open(incident: Incident) -> str:
    fields = {
        "id": incident.id,
        "started": _stamp(incident.started),
        "kind": incident.kind,
        "named_by": incident.named_by.name.lower(),
        "edition": incident.edition,
    }
    optional = {
        "policy": incident.policy,
        "condition": incident.condition,
        "url": incident.url,
        "observed": incident.observed,
        "listed": incident.listed,
        "confirmed": incident.confirmed and _stamp(incident.confirmed),
        "absent": incident.absent,
        "opened": 0 if incident.known_in == incident.edition else incident.known_in,
        "resolved_in": incident.resolved_in,
    }
    return encode({**fields, **_given(optional)})


def _watch(watch: Watch) -> str:
    optional = {
        "since": watch.since and _stamp(watch.since),
        "snoozed": watch.snoozed and _stamp(watch.snoozed),
        "off_since": watch.off_since and _stamp(watch.off_since),
        "ended_in": watch.ended_in,
    }
    return encode({"checks": [*map(_check, watch.checks)], **_given(optional)})


def _check(check: Check) -> dict[str, object]:
    optional = {
        "name": check.name,
        "target": check.target,
        "period": int(check.period.total_seconds()),
        "regions": check.regions,
        "disabled": check.disabled,
        "project": check.project,
    }
    return {"id": check.id, **_given(optional)}


def _mute(mute: Mute) -> dict[str, object]:
    fields = {"at": _stamp(mute.at), **_by(mute), **_expiry(mute)}
    return {**fields, **_given({"about": mute.about, "ended_in": mute.ended_in})}


def _audit_entry(entry: AuditEntry) -> dict[str, object]:
    optional = {"request": entry.request, "replaced": entry.replaced and _mute(entry.replaced)}
    fields = {"at": _stamp(entry.at), "did": entry.action, "what": entry.target, **_by(entry)}
    return {**fields, **_expiry(entry), **_given(optional)}


def _by(of: Mute | AuditEntry) -> dict[str, object]:
    return {"by": of.by.id, "by_name": of.by.name}


def _expiry(of: Mute | AuditEntry) -> dict[str, object]:
    return _given({"until": of.until and _stamp(of.until), "until_up": of.until_up, "reason": of.reason})


def _given(fields: Mapping[str, object]) -> dict[str, object]:
    """Leave out what is empty, zero or false, as decoding assumes."""
    return {name: value for name, value in fields.items() if value}


def _stamp(moment: datetime) -> str:
    return f"{moment.astimezone(UTC).isoformat()[:19]}Z"
