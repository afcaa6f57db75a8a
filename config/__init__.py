"""config.yaml -> a frozen Config, or every mistake in it at once."""

import os
import stat
from pathlib import Path
from typing import Any

from config.model import Config, Gcp, History, Listen, Schedule, Slack
from config.nodes import LARGEST, Problem, read_tree
from config.reading import Reading, read_values
from config.schema import KEYS
from config.values import format_duration, is_loopback

__all__ = [
    "PLACEHOLDER",
    "Config",
    "ConfigError",
    "Gcp",
    "History",
    "Listen",
    "Problem",
    "Schedule",
    "Slack",
    "format_duration",
    "load",
]

PLACEHOLDER = "change-me"  # the password that config.yaml is shipped with
SHORT_PASSWORD = 12  # characters; fewer can be guessed over the network in a year


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
        problems += _refusals(reading)
    if reading is None or problems:
        raise ConfigError(path, problems)
    return _config(reading, path, mode)


def _read(path: Path) -> tuple[bytes, int]:
    with path.open("rb") as file:
        return file.read(LARGEST + 1), os.fstat(file.fileno()).st_mode


def _refusals(reading: Reading) -> list[Problem]:
    address = str(reading.values.get("listen.address", "127.0.0.1"))
    if reading.values.get("gcp.password") != PLACEHOLDER or is_loopback(address):
        return []
    why = "is the one that everybody can read in this project, so only 127.0.0.1 may be listened on with it"
    cure = "make your own, with: openssl rand -base64 24"
    return [Problem(reading.lines.get("gcp.password"), "gcp.password", f"{why}; {cure}")]


def _config(reading: Reading, path: Path, mode: int) -> Config:
    values: dict[str, Any] = reading.values
    warnings = _doubts(values)
    if mode & stat.S_IROTH and _holds_secrets(reading):
        warnings.append(f"others on this machine can read it; take that away with: chmod o-r {path}")
    return Config(
        listen=Listen(values["listen.address"], values["listen.port"]),
        state_file=(path.parent / values["state_file"]).absolute(),
        gcp=Gcp(values["gcp.username"], values["gcp.password"]),
        slack=Slack(values["slack.webhook_url"], values["slack.outgoing_token"]),
        digest=Schedule(values["digest.every"]),
        timezone=values["timezone"],
        history=History(values["history_days"], values["history_per_host"]),
        warnings=tuple(f"{path}: {warning}" for warning in warnings),
    )


def _doubts(values: dict[str, Any]) -> list[str]:
    password = values["gcp.password"]
    doubts = []
    if password == PLACEHOLDER:
        doubts.append("gcp.password is still the shipped one; make your own before Google connects")
    elif len(password) < SHORT_PASSWORD:
        doubts.append(f"gcp.password is short; take {SHORT_PASSWORD} characters or more")
    if values["digest.every"].total_seconds() < 60:
        doubts.append(f"a digest every {format_duration(values['digest.every'])} is good for a trial only")
    return doubts


def _holds_secrets(reading: Reading) -> bool:
    """Secrets in files of their own leave this one readable, as do the shipped values."""
    written = [key for key in KEYS if key.secret and key.path in reading.lines]
    return any(reading.values[key.path] not in ("", (), PLACEHOLDER) for key in written)
