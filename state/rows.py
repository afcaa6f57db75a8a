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
Rows = Mapping[str, str]  # of each policy, without the brackets around them

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


def rows_of(incidents: Iterable[Incident]) -> Rows:
    """Of incidents in the order of their ends."""
    policies: defaultdict[str, list[str]] = defaultdict(list)
    for incident in incidents:
        policies[incident.policy].append(row_of(incident))
    return {policy: ",".join(rows) for policy, rows in policies.items()}


def with_last(rows: Rows, incident: Incident) -> Rows:
    """And an incident that ended after all of them."""
    others = rows.get(incident.policy)
    return {**rows, incident.policy: f"{others},{row_of(incident)}" if others else row_of(incident)}


def without_first(rows: Rows, incident: Incident) -> Rows:
    """But for the one that ended before all others. Raises ValueError if its row is not as we write it."""
    before, row, left = rows[incident.policy].partition(row_of(incident))
    if before or not row:
        raise ValueError(incident.id)
    others = {policy: text for policy, text in rows.items() if policy != incident.policy}
    return {**others, incident.policy: left[1:]} if left else others


def text_of(rows: Rows) -> str:
    return f"{{{','.join(f'{encode(policy)}:[{rows[policy]}]' for policy in sorted(rows))}}}"


def _unusual(incident: Incident, fields: dict[str, Any]) -> Incident:
    resolved_by = fields.get("resolved_by")
    return incident._replace(
        kind=Kind(fields.get("kind", Kind.DOWNTIME)),
        named_by=NamedBy[fields.get("named_by", "host").upper()],
        observed=fields.get("observed", ""),
        resolved_by=resolved_by and Person(*resolved_by),
    )


def row_of(incident: Incident) -> str:
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
    return encode(row)
