"""The closed incidents of a host, kept encoded and parsed only when needed.

In the file they are rows, by policy: `{"policy":[[id, start, seconds, edition],…],…}`. The edition in which
the incident became known follows if it differs, and then an object with anything else that is unusual.
"""

import json
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from copy import copy
from datetime import UTC, datetime
from types import MappingProxyType
from typing import Any, overload

from hosts.checks import NoCheck
from hosts.incident import Incident, Kind, NamedBy, Person, by_end

Policies = Mapping[str, list[list[Any]]]
EncodedRows = Mapping[str, tuple[str, ...]]  # by policy, ordered by end

encode = json.JSONEncoder(ensure_ascii=True, allow_nan=False, separators=(",", ":")).encode


def decode_rows(host: str, policies: Policies) -> tuple[Incident, ...]:
    """The incidents, ordered by end."""
    found = [_incident(host, policy, row) for policy, rows in policies.items() for row in rows]
    return tuple(sorted(found, key=by_end))


def encode_row(incident: Incident) -> str:
    seconds = int(((incident.ended or incident.started) - incident.started).total_seconds())
    row: list[object] = [incident.id, int(incident.started.timestamp()), seconds, incident.edition]
    if incident.known_in != incident.edition:
        row.append(incident.known_in)
    unusual = {
        "kind": "" if incident.kind is Kind.DOWNTIME else incident.kind,
        "named_by": "" if incident.named_by is NamedBy.HOST else incident.named_by.name.lower(),
        "observed": incident.observed,
        "resolved_by": incident.resolved_by,
        "listed": incident.listed,
        "snoozed": incident.snoozed,
        "no_check": incident.no_check,
    }
    if any(unusual.values()):
        row.append({name: text for name, text in unusual.items() if text})
    return encode(row)


def _incident(host: str, policy: str, row: list[Any]) -> Incident:
    begun, edition = row[1], row[3]
    started, ended = datetime.fromtimestamp(begun, UTC), datetime.fromtimestamp(begun + row[2], UTC)
    incident = Incident(
        row[0], host, NamedBy.HOST, Kind.DOWNTIME, started, ended, policy, edition=edition, known_in=edition
    )
    return incident if len(row) == 4 else _completed(incident, row[4:])


def _completed(incident: Incident, more: list[Any]) -> Incident:
    fields = more[-1] if type(more[-1]) is dict else {}
    resolved_by, no_check = fields.get("resolved_by"), fields.get("no_check")
    return incident._replace(
        kind=Kind(fields.get("kind", Kind.DOWNTIME)),
        named_by=NamedBy[fields.get("named_by", "host").upper()],
        observed=fields.get("observed", ""),
        resolved_by=resolved_by and Person(*resolved_by),
        listed=fields.get("listed", False),
        snoozed=fields.get("snoozed", False),
        no_check=no_check and NoCheck(no_check),
        known_in=more[0] if type(more[0]) is int else incident.edition,
    )


class ClosedIncidents(Sequence[Incident]):
    """Incidents ordered by end, the latest last. Immutable, and equal to another with the same incidents.

    They are kept encoded, as rows or as the line of the host in the file, and parsed when first needed: most
    hosts are up and stay up. Parsing them all would take five times the memory, and make a start take twice
    as long. `first` and `last` are when the first and the last one ended, in seconds since 1970, and
    `edition` is the latest edition of any of them; 0 if there are none.
    """

    __slots__ = ("_encoded", "_host", "_length", "_parsed", "edition", "first", "last")

    def __init__(  # noqa: PLR0913 - one object for the figures would double the memory
        self,
        host: str = "",
        encoded: EncodedRows | bytes = MappingProxyType({}),
        *,
        length: int = 0,
        first: int = 0,
        last: int = 0,
        edition: int = 0,
    ) -> None:
        """`encoded`: the rows, or the line of the host, which was checked to be valid."""
        self._host = host
        self._encoded = encoded
        self._length = length
        self._parsed: tuple[Incident, ...] | None = None
        self.first = first
        self.last = last
        self.edition = edition

    @classmethod
    def of(cls, incidents: Iterable[Incident]) -> "ClosedIncidents":
        """`incidents` are those of one host, in order."""
        known = tuple(incidents)
        if not known:
            return cls()
        rows = defaultdict[str, list[str]](list)
        for incident in known:
            rows[incident.policy].append(encode_row(incident))
        return cls(
            known[0].host,
            {policy: tuple(some) for policy, some in rows.items()},
            length=len(known),
            first=_end(known[0]),
            last=_end(known[-1]),
            edition=max(incident.edition for incident in known),
        )

    def read(self) -> tuple[Incident, ...]:
        if self._parsed is None:
            self._parsed = decode_rows(self._host, self._policies())
        return self._parsed

    def copy(self) -> "ClosedIncidents":
        """A copy for walks through all hosts: whatever it parses is freed with it."""
        return copy(self)

    def text(self) -> str:
        """The incidents as they are in the file."""
        if isinstance(self._encoded, bytes):
            return encode(self._policies())
        fields = (f"{encode(policy)}:[{','.join(rows)}]" for policy, rows in sorted(self._encoded.items()))
        return f"{{{','.join(fields)}}}"

    def after(self, edition: int) -> list[Incident]:
        """The incidents that closed in a later edition."""
        return [i for i in self if i.edition > edition] if self.edition > edition else []

    def plus(self, incident: Incident) -> "ClosedIncidents":
        end, all_rows = _end(incident), self._rows()
        rows = all_rows.get(incident.policy, ())
        at = len(rows) if end > self.last else bisect_left(rows, (end, incident.id), key=_place)
        row = encode_row(incident)
        grown = ClosedIncidents(
            incident.host,
            {**all_rows, incident.policy: (*rows[:at], row, *rows[at:])},
            length=self._length + 1,
            first=min(self.first, end) if self._length else end,
            last=max(self.last, end),
            edition=max(self.edition, incident.edition),
        )
        if self._parsed:  # what was read once is likely to be read again
            parsed = _incident(incident.host, incident.policy, json.loads(row))
            at = bisect_left(self._parsed, by_end(parsed), key=by_end)
            grown._parsed = (*self._parsed[:at], parsed, *self._parsed[at:])
        return grown

    def without(self, incident: Incident) -> "ClosedIncidents":
        return ClosedIncidents.of(known for known in self if known.id != incident.id)

    def _rows(self) -> EncodedRows:
        if not isinstance(self._encoded, bytes):
            return self._encoded
        return {
            policy: tuple(map(encode, sorted(rows, key=_place_of_row)))
            for policy, rows in self._policies().items()
        }

    def _policies(self) -> Policies:
        found: Policies
        if isinstance(self._encoded, bytes):
            ((_, fields),) = json.loads(b"{%b}" % self._encoded).items()
            found = fields["past"]
        else:
            found = json.loads(self.text())
        return found

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


def _end(incident: Incident) -> int:
    return int((incident.ended or incident.started).timestamp())


def _place(row: str) -> tuple[int, str]:
    return _place_of_row(json.loads(row))


def _place_of_row(row: list[Any]) -> tuple[int, str]:
    """When it ended, and its id."""
    return row[1] + row[2], row[0]
