"""The closed incidents in a file, read when somebody looks: most hosts are well, and nobody does."""

import json

from state.incident import Incident
from state.past import Past
from state.rows import Policies, Rows, encode, incidents_of


class Filed(Past):
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

    def rows(self) -> Rows:
        if self._rows is None:
            _, policies = self._parsed()
            self._rows = {policy: encode(rows)[1:-1] for policy, rows in policies.items()}
        return self._rows

    def _parsed(self) -> tuple[str, Policies]:
        """The host's name, and what the line says of the past."""
        ((name, fields),) = json.loads(b"{%b}" % self._line).items()
        return name, fields["past"]
