"""Closed incidents as the file has them, by policy: `{"policy":[[id, start, seconds, edition],…],…}`.

What is unusual about one follows its edition.
"""

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from operator import attrgetter
from typing import Any

from state.deeds import Person
from state.incident import Incident, Kind, NamedBy

Policies = Mapping[str, list[list[Any]]]

BY_END = attrgetter("ended", "id")
AT, NEW = datetime.fromtimestamp, tuple.__new__
DOWNTIME, BY_HOST = Kind.DOWNTIME, NamedBy.HOST
encode = json.JSONEncoder(ensure_ascii=True, allow_nan=False, separators=(",", ":")).encode


def incidents_of(host: str, policies: Policies) -> tuple[Incident, ...]:
    """Ordered by end; without calls, as one who looks at many hosts waits for it."""
    found = []
    for policy, rows in policies.items():
        for row in rows:
            begun = row[1]
            started, ended = AT(begun, UTC), AT(begun + row[2], UTC)
            plain = (row[0], host, BY_HOST, DOWNTIME, started, ended, policy, "", "", "", row[3], None)
            incident = NEW(Incident, plain)
            found.append(incident if len(row) == 4 else _unusual(incident, row[4]))
    if len(found) > 1:
        found.sort(key=BY_END)
    return tuple(found)


def text_of(incidents: Iterable[Incident]) -> str:
    """Of incidents in the order of their ends."""
    policies: defaultdict[str, list[str]] = defaultdict(list)
    for incident in incidents:
        policies[incident.policy].append(incident.row or _row(incident))
    rows = [f"{encode(policy)}:[{','.join(policies[policy])}]" for policy in sorted(policies)]
    return f"{{{','.join(rows)}}}"


def _unusual(incident: Incident, fields: dict[str, Any]) -> Incident:
    resolved_by = fields.get("resolved_by")
    return incident._replace(
        kind=Kind(fields.get("kind", Kind.DOWNTIME)),
        named_by=NamedBy[fields.get("named_by", "host").upper()],
        observed=fields.get("observed", ""),
        resolved_by=resolved_by and Person(*resolved_by),
    )


def _row(incident: Incident) -> str:
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
        incident.row = encode(row)
    return incident.row
