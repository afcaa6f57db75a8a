"""The closed incidents of a host, encoded once and parsed late.

In the file they are rows, by policy: `{"policy":[[id, start, seconds, edition],…],…}`. The edition in which
the incident opened follows if it differs, and then an object with whatever else is unusual.
"""

import json
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, overload

from hosts.incident import Incident, Kind, NamedBy, Person, by_end

Policies = Mapping[str, list[list[Any]]]

encode = json.JSONEncoder(ensure_ascii=True, allow_nan=False, separators=(",", ":")).encode


def decode_rows(host: str, policies: Policies) -> tuple[Incident, ...]:
    """The incidents, ordered by end."""
    found = [_incident(host, policy, row) for policy, rows in policies.items() for row in rows]
    return tuple(sorted(found, key=by_end))


def join_rows(policies: Sequence[str], rows: Sequence[str]) -> str:
    """Join encoded rows, each with its policy, into the text of the whole object."""
    by_policy: dict[str, Sequence[str]] = dict.fromkeys(policies, rows)
    if len(by_policy) > 1:  # skipped for a host with a single policy, which takes a third of the time
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


class ClosedIncidents(Sequence[Incident]):
    """Incidents ordered by end, the latest last. Immutable, and equal to another with the same incidents.

    `first` and `last` are the ends of the first and the last one, in seconds since 1970; 0 if there is none.
    """

    __slots__ = ("_edition", "_incidents", "_length", "_rows", "first", "last")

    def __init__(self, incidents: Iterable[Incident] = (), rows: tuple[str, ...] | None = None) -> None:
        """`incidents` must be in order; `rows` are their encoded rows, if known."""
        self._incidents = tuple(incidents)
        self._length = len(self._incidents)
        self.first = _end(self._incidents[0]) if self._length else 0
        self.last = _end(self._incidents[-1]) if self._length else 0
        self._edition: int | None = None
        self._rows = rows

    @property
    def edition(self) -> int:
        """The latest edition of any incident; 0 if there is none."""
        if self._edition is None:
            self._edition = max((incident.edition for incident in self), default=0)
        return self._edition

    def read(self) -> tuple[Incident, ...]:
        return self._incidents

    def read_once(self) -> tuple[Incident, ...]:
        """Parse without keeping the result, for going through every host."""
        return self.read()

    def rows(self) -> tuple[str, ...]:
        """Encoded once: else each delivery to a flapping host would encode its whole history."""
        if self._rows is None:
            self._rows = tuple(map(encode_row, self))
        return self._rows

    def text(self) -> str:
        """The incidents as they stand in the file."""
        return join_rows([incident.policy for incident in self], self.rows())

    def after(self, edition: int) -> list[Incident]:
        """The incidents that closed in a later edition."""
        return [i for i in self if i.edition > edition] if self.edition > edition else []

    def plus(self, incident: Incident) -> "ClosedIncidents":
        known, rows = self.read(), self.rows()
        at = bisect_left(known, by_end(incident), key=by_end)
        incident = _sharing_texts(incident, known[-1]) if known else incident
        return ClosedIncidents(
            (*known[:at], incident, *known[at:]), (*rows[:at], encode_row(incident), *rows[at:])
        )

    def without(self, incident: Incident) -> "ClosedIncidents":
        known, rows = self.read(), self.rows()
        at = known.index(incident)
        return ClosedIncidents((*known[:at], *known[at + 1 :]), (*rows[:at], *rows[at + 1 :]))

    def __len__(self) -> int:
        return self._length

    @overload
    def __getitem__(self, at: int) -> Incident: ...
    @overload
    def __getitem__(self, at: slice) -> tuple[Incident, ...]: ...
    def __getitem__(self, at: int | slice) -> Incident | tuple[Incident, ...]:
        return self.read()[at]

    def __iter__(self) -> Iterator[Incident]:
        return iter(self.read())

    def __reversed__(self) -> Iterator[Incident]:
        return reversed(self.read())

    def __eq__(self, other: object) -> bool:
        return isinstance(other, ClosedIncidents) and len(self) == len(other) and self.read() == other.read()

    def __hash__(self) -> int:
        return hash(self.read())

    def __repr__(self) -> str:
        return f"ClosedIncidents({self.read()!r})"


def _sharing_texts(incident: Incident, other: Incident) -> Incident:
    """Equal, with the other's strings: with copies, a history takes a sixth more memory."""
    if (incident.host, incident.policy) != (other.host, other.policy):
        return incident
    return incident._replace(host=other.host, policy=other.policy)


def _end(incident: Incident) -> int:
    return int((incident.ended or incident.started).timestamp())


class LazyClosedIncidents(ClosedIncidents):
    """Closed incidents that are parsed from the host's line when first needed.

    Most hosts are up and stay so: at 10,000 hosts with 20 incidents each this halves the start and saves
    two thirds of the memory.
    """

    __slots__ = ("_line", "_read")

    def __init__(self, line: bytes, length: int, first: int, last: int, edition: int) -> None:
        self._line = line
        self._length = length
        self.first = first
        self.last = last
        self._edition = edition
        self._rows: tuple[str, ...] | None = None
        self._read: tuple[Incident, ...] | None = None

    def read(self) -> tuple[Incident, ...]:
        if self._read is None:
            self._read = decode_rows(*self._parsed())
        return self._read

    def read_once(self) -> tuple[Incident, ...]:
        return self._read if self._read is not None else decode_rows(*self._parsed())

    def text(self) -> str:
        return encode(self._parsed()[1])

    def _parsed(self) -> tuple[str, Policies]:
        ((host, fields),) = json.loads(b"{%b}" % self._line).items()
        return host, fields["past"]
