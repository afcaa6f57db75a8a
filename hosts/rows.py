"""Closed incidents as rows of the file, by policy: `{"policy":[[id, start, seconds, edition],…],…}`.

The edition in which the incident opened follows if it is a different one, and then an object with whatever
else is unusual about the incident.
"""

import json
from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from hosts.incident import Incident, Kind, NamedBy, Person, by_end

Policies = Mapping[str, list[list[Any]]]

encode = json.JSONEncoder(ensure_ascii=True, allow_nan=False, separators=(",", ":")).encode


def decode_rows(host: str, policies: Policies) -> tuple[Incident, ...]:
    """Ordered by end."""
    found = [_incident(host, policy, row) for policy, rows in policies.items() for row in rows]
    return tuple(sorted(found, key=by_end))


def join_rows(policies: Sequence[str], rows: Sequence[str]) -> str:
    """Join encoded rows, each with its policy, into the text of the whole object."""
    by_policy: dict[str, Sequence[str]] = dict.fromkeys(policies, rows)
    if len(by_policy) > 1:  # seldom: a host with a single policy takes a third of the time
        by_policy = _grouped(policies, rows)
    fields = (f"{encode(policy)}:[{','.join(by_policy[policy])}]" for policy in sorted(by_policy))
    return f"{{{','.join(fields)}}}"


def _grouped(policies: Sequence[str], rows: Sequence[str]) -> dict[str, Sequence[str]]:
    groups = defaultdict[str, list[str]](list)
    for policy, row in zip(policies, rows, strict=True):
        groups[policy].append(row)
    return {**groups}


def encode_row(incident: Incident) -> str:
    seconds = int(((incident.ended or incident.started) - incident.started).total_seconds())
    row: list[object] = [incident.id, int(incident.started.timestamp()), seconds, incident.edition]
    if incident.opened != incident.edition:
        row.append(incident.opened)
    unusual = {
        "kind": "" if incident.kind is Kind.DOWNTIME else incident.kind,
        "named_by": "" if incident.named_by is NamedBy.HOST else incident.named_by.name.lower(),
        "observed": incident.observed,
        "resolved_by": incident.resolved_by,
        "listed": incident.listed,
        "snoozed": incident.snoozed,
    }
    if any(unusual.values()):
        row.append({name: text for name, text in unusual.items() if text})
    return encode(row)


def _incident(host: str, policy: str, row: list[Any]) -> Incident:
    begun, edition = row[1], row[3]
    started, ended = datetime.fromtimestamp(begun, UTC), datetime.fromtimestamp(begun + row[2], UTC)
    incident = Incident(
        row[0], host, NamedBy.HOST, Kind.DOWNTIME, started, ended, policy, edition=edition, opened=edition
    )
    return incident if len(row) == 4 else _completed(incident, row[4:])


def _completed(incident: Incident, more: list[Any]) -> Incident:
    fields = more[-1] if type(more[-1]) is dict else {}
    resolved_by = fields.get("resolved_by")
    return incident._replace(
        kind=Kind(fields.get("kind", Kind.DOWNTIME)),
        named_by=NamedBy[fields.get("named_by", "host").upper()],
        observed=fields.get("observed", ""),
        resolved_by=resolved_by and Person(*resolved_by),
        listed=fields.get("listed", False),
        snoozed=fields.get("snoozed", False),
        opened=more[0] if type(more[0]) is int else incident.edition,
    )
