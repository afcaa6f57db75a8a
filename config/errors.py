"""Errors in the configuration file."""

import re
from pathlib import Path
from typing import NamedTuple

SAFE_KEY = re.compile(r"\A((?:[\w.-]|\[\d+\])*)(.*)\Z", re.DOTALL)  # `channels[2].name`


class ConfigIssue(NamedTuple):
    """What is wrong, with which key (its path, or empty) and in which line."""

    line: int | None
    key: str
    text: str

    def in_file(self, path: Path) -> str:
        """The same with the path of the file in front."""
        return f"{path}{' ' if self.line or not self.key else ': '}{self}"

    def __str__(self) -> str:
        """One printable line. YAML reads `password:secret` as a key, so only its first word is shown."""
        where = f"line {self.line}: " if self.line else ""
        key = SAFE_KEY.sub(lambda found: found[1] + ("…" if found[2] else ""), self.key)
        line = f"{where}{key:.60}: {self.text}" if key else f"{where}{self.text}"
        return "".join(char if char.isprintable() else ascii(char)[1:-1] for char in line)


class IssueError(Exception):
    """Issues on the way to the caller that reports them; never leaves this package."""

    def __init__(self, *issues: ConfigIssue) -> None:
        super().__init__()
        self.issues = issues


class ConfigError(Exception):
    """Every issue in a configuration, one per line. `sources` are all the files it was read from."""

    def __init__(self, path: Path, issues: list[ConfigIssue], sources: tuple[Path, ...] = ()) -> None:
        self.path = path
        self.sources = (path, *sources)
        self.issues = tuple(sorted(issues, key=lambda issue: issue.line or 0))
        super().__init__("\n".join(issue.in_file(path) for issue in self.issues))


class UnreadableConfigError(ConfigError):
    """The configuration file is missing or cannot be read."""
