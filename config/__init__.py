"""config.yaml -> a frozen Config, or every mistake in it at once."""

import os
import stat
from pathlib import Path
from typing import Any

from config.checks import PLACEHOLDER, doubts, refusals
from config.model import EVERY_DAY, Config, DigestSettings, Gcp, History, Listen, Schedule, Slack
from config.nodes import LARGEST, Problem, read_tree
from config.reading import Reading, read_values
from config.schema import KEYS
from config.times import format_schedule

__all__ = [
    "PLACEHOLDER",
    "Config",
    "ConfigError",
    "DigestSettings",
    "Gcp",
    "History",
    "Listen",
    "Problem",
    "Schedule",
    "Slack",
    "format_schedule",
    "load",
]


class ConfigError(Exception):
    """Everything that is wrong with the file, one mistake a line."""

    def __init__(self, path: Path, problems: list[Problem]) -> None:
        self.problems = tuple(sorted(problems, key=lambda problem: problem.line or 0))
        super().__init__("\n".join(f"{path} {problem}" for problem in self.problems))


def load(path: Path) -> Config:
    """Raises ConfigError and nothing else, whatever the file is or holds."""
    problems: list[Problem] = []
    try:
        data, mode = _read(path)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or error
        problem = Problem(None, "", f"cannot be read: {reason}; name the file with --config")
        raise ConfigError(path, [problem]) from None
    tree = read_tree(data, problems.append)
    reading = read_values(tree, path.parent, problems.append) if tree else None
    if reading:
        problems += refusals(reading)
    if reading is None or problems:
        raise ConfigError(path, problems)
    return _config(reading, path, mode)


def _read(path: Path) -> tuple[bytes, int]:
    with path.open("rb") as file:
        return file.read(LARGEST + 1), os.fstat(file.fileno()).st_mode


def _config(reading: Reading, path: Path, mode: int) -> Config:
    values: dict[str, Any] = reading.values
    digest = _digest(values)
    warnings = [*doubts(values, digest.schedule)]
    if mode & stat.S_IROTH and _holds_secrets(reading):
        warnings.append(f"others on this machine can read it; take that away with: chmod o-r {path}")
    return Config(
        listen=Listen(values["listen.address"], values["listen.port"]),
        state_file=(path.parent / values["state_file"]).absolute(),
        gcp=Gcp(values["gcp.username"], values["gcp.password"]),
        slack=Slack(values["slack.webhook_url"], values["slack.outgoing_token"]),
        digest=digest,
        timezone=values["timezone"],
        language=values["language"],
        doubt_after=values["doubt_after"],
        hosts=values["hosts"],
        history=History(values["history_days"], values["history_per_host"]),
        warnings=tuple(f"{path}: {warning}" for warning in warnings),
    )


def _digest(values: dict[str, Any]) -> DigestSettings:
    at, days = values["digest.at"], values["digest.days"]
    every = None if at else values["digest.every"]
    schedule = Schedule(every, tuple(sorted(at)), frozenset(days or EVERY_DAY))
    return DigestSettings(schedule, values["digest.only_changes"], values["digest.at_least"])


def _holds_secrets(reading: Reading) -> bool:
    """Secrets in files of their own leave this one readable, as do the shipped values."""
    written = [key for key in KEYS if key.secret and key.path in reading.lines]
    return any(reading.values[key.path] not in ("", (), PLACEHOLDER) for key in written)
