"""What is wrong with a configuration file, and how it is reported."""

import re
from collections.abc import Callable
from typing import NamedTuple

TELLABLE = re.compile(r"\A((?:[\w.-]|\[\d+\])*)(.*)\Z", re.DOTALL)  # of a key: `channels[2].name`


class ConfigIssue(NamedTuple):
    line: int | None
    key: str
    text: str

    def __str__(self) -> str:
        """One line. `password:secret` without the space is a key to YAML: only its first word is told."""
        where = f"line {self.line}: " if self.line else ""
        key = TELLABLE.sub(lambda found: found[1] + ("…" if found[2] else ""), self.key)
        told = f"{where}{key:.60}: {self.text}" if key else f"{where}{self.text}"
        return "".join(char if char.isprintable() else ascii(char)[1:-1] for char in told)


Report = Callable[[ConfigIssue], None]
