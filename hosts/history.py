"""The closed incidents of a host."""

import json
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from collections.abc import Set as AbstractSet
from typing import overload

from hosts.incident import Incident
from hosts.rows import BY_END, Policies, Rows, encode, incidents_of, rows_of, text_of, with_row, without_row


class ClosedIncidents(Sequence[Incident]):
    """Ordered by end, the latest last. A value: two of the same incidents are equal.

    `first` and `last` are when the first and the last of them ended, in seconds since 1970; 0: there is none.
    """

    __slots__ = ("_edition", "_incidents", "_length", "_rows", "first", "last")

    def __init__(self, incidents: Iterable[Incident] = (), rows: Rows | None = None) -> None:
        """`incidents` are in order; `rows` are theirs, if they are known."""
        self._incidents = tuple(incidents)
        self._length = len(self._incidents)
        self.first = _end(self._incidents[0]) if self._length else 0
        self.last = _end(self._incidents[-1]) if self._length else 0
        self._edition: int | None = None
        self._rows = rows

    @property
    def edition(self) -> int:
        """The latest of its incidents' editions; 0: there is none."""
        if self._edition is None:
            self._edition = max((incident.edition for incident in self), default=0)
        return self._edition

    def read(self) -> tuple[Incident, ...]:
        return self._incidents

    def read_once(self) -> tuple[Incident, ...]:
        """For who looks at every host in turn: what has to be parsed for it is not kept."""
        return self.read()

    def rows(self) -> Rows:
        """Encoded once: a host that flaps would otherwise encode its whole history at every delivery."""
        if self._rows is None:
            self._rows = rows_of(self)
        return self._rows

    def text(self) -> str:
        """As in the file."""
        return text_of(self.rows())

    def after(self, edition: int) -> list[Incident]:
        """Those that closed in a later edition."""
        return [i for i in self if i.edition > edition] if self.edition > edition else []

    def plus(self, incident: Incident) -> "ClosedIncidents":
        known = self.read()
        at = bisect_left(known, BY_END(incident), key=BY_END)
        following = next((later for later in known[at:] if later.policy == incident.policy), None)
        try:
            rows = with_row(self.rows(), incident, following)
        except ValueError:
            rows = None
        return ClosedIncidents((*known[:at], incident, *known[at:]), rows)

    def without(self, incident: Incident) -> "ClosedIncidents":
        known = self.read()
        at = known.index(incident)
        try:
            rows = without_row(self.rows(), incident)
        except ValueError:
            rows = None
        return ClosedIncidents((*known[:at], *known[at + 1 :]), rows)

    def without_all(self, dropped: AbstractSet[Incident]) -> "ClosedIncidents":
        return ClosedIncidents(incident for incident in self if incident not in dropped)

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


class LazyClosedIncidents(ClosedIncidents):
    """Knows its line, and of that only what is asked of every host."""

    __slots__ = ("_line", "_read")

    def __init__(self, line: bytes, length: int, first: int, last: int, edition: int) -> None:
        self._line = line
        self._length = length
        self.first = first
        self.last = last
        self._edition = edition
        self._rows: Rows | None = None
        self._read: tuple[Incident, ...] | None = None

    def read(self) -> tuple[Incident, ...]:
        if self._read is None:
            self._read = incidents_of(*self._parsed())
        return self._read

    def read_once(self) -> tuple[Incident, ...]:
        return self._read if self._read is not None else incidents_of(*self._parsed())

    def rows(self) -> Rows:
        if self._rows is None:
            _, policies = self._parsed()
            self._rows = {policy: encode(rows)[1:-1] for policy, rows in policies.items()}
        return self._rows

    def _parsed(self) -> tuple[str, Policies]:
        """The host's name, and what the line says of the past."""
        ((name, fields),) = json.loads(b"{%b}" % self._line).items()
        return name, fields["past"]
