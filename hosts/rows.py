"""Closed incidents as the file has them, by policy: `{"policy":[[id, start, seconds, edition],…],…}`.

The edition in which it opened follows, if it is another one, and then what else is unusual about it.
"""

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from operator import attrgetter
from typing import Any

from hosts.incident import Incident, Kind, NamedBy, Person

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
            edition = row[3]
            opened = row[4] if len(row) > 4 and type(row[4]) is int else edition
            plain = (
                row[0],
                host,
                BY_HOST,
                DOWNTIME,
                started,
                ended,
                policy,
                "",
                "",
                "",
                edition,
                None,
                opened,
            )
            incident = NEW(Incident, plain)
            found.append(_unusual(incident, row[-1]) if type(row[-1]) is dict else incident)
    if len(found) > 1:
        found.sort(key=BY_END)
    return tuple(found)


def rows_of(incidents: Iterable[Incident]) -> Rows:
    """Of incidents in the order of their ends."""
    policies: defaultdict[str, list[str]] = defaultdict(list)
    for incident in incidents:
        policies[incident.policy].append(row_of(incident))
    return {policy: ",".join(rows) for policy, rows in policies.items()}


def with_row(rows: Rows, incident: Incident, following: Incident | None) -> Rows:
    """And an incident, before the `following` one of its policy. Raises ValueError: see `without_row`."""
    others, row = rows.get(incident.policy), row_of(incident)
    if others and following:
        before, after = _around(others, following)
        row = f"{before}{row},{row_of(following)}{after}"
    elif others:
        row = f"{others},{row}"
    return {**rows, incident.policy: row}


def without_row(rows: Rows, incident: Incident) -> Rows:
    """But for an incident. Raises ValueError if its row is not as we write it."""
    before, after = _around(rows[incident.policy], incident)
    left = before[:-1] + after if before else after[1:]
    others = {policy: text for policy, text in rows.items() if policy != incident.policy}
    return {**others, incident.policy: left} if left else others


def _around(rows: str, incident: Incident) -> tuple[str, str]:
    """No text in a row can look like another row: quotes within it are escaped."""
    before, row, after = rows.partition(row_of(incident))
    if not row:
        raise ValueError(incident.id)
    return before, after


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
    if incident.opened != incident.edition:
        row.append(incident.opened)
    unusual = {
        "kind": "" if incident.kind is Kind.DOWNTIME else incident.kind,
        "named_by": "" if incident.named_by is NamedBy.HOST else incident.named_by.name.lower(),
        "observed": incident.observed,
        "resolved_by": incident.resolved_by,
    }
    if any(unusual.values()):
        row.append({name: text for name, text in unusual.items() if text})
    return encode(row)
