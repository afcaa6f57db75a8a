"""config.yaml -> a frozen Config, or every mistake in it at once."""

from pathlib import Path
from typing import Any

from config.model import Config, Gcp, History, Listen, Schedule, Slack
from config.nodes import LARGEST, Problem, read_tree
from config.reading import read_values
from config.values import format_duration, is_loopback

__all__ = [
    "PLACEHOLDER",
    "Config",
    "ConfigError",
    "Gcp",
    "History",
    "Listen",
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
    data = _read(path, problems)
    tree = read_tree(data, problems.append) if data is not None else None
    if tree is not None:
        values = read_values(tree, path.parent, problems.append)
        problems += _refusals(values)
    if tree is None or problems:
        raise ConfigError(path, problems)
    return _config(values, path)


def _read(path: Path, problems: list[Problem]) -> bytes | None:
    try:
        with path.open("rb") as file:
            return file.read(LARGEST + 1)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or error
        problems.append(Problem(None, "", f"cannot be read: {reason}; name the file with --config"))
        return None


def _refusals(values: dict[str, object]) -> list[Problem]:
    address = str(values.get("listen.address", "127.0.0.1"))
    if values.get("gcp.password") != PLACEHOLDER or is_loopback(address):
        return []
    why = "is the one that everybody can read in this project, so only 127.0.0.1 may be listened on with it"
    return [Problem(None, "gcp.password", f"{why}; make your own, with: openssl rand -base64 24")]


def _config(values: dict[str, Any], path: Path) -> Config:
    return Config(
        listen=Listen(values["listen.address"], values["listen.port"]),
        state_file=(path.parent / values["state_file"]).absolute(),
        gcp=Gcp(values["gcp.username"], values["gcp.password"]),
        slack=Slack(values["slack.webhook_url"], values["slack.outgoing_token"]),
        digest=Schedule(values["digest.every"]),
        timezone=values["timezone"],
        history=History(values["history_days"], values["history_per_host"]),
        warnings=tuple(f"{path}: {warning}" for warning in _warnings(values, path)),
    )


def _warnings(values: dict[str, Any], path: Path) -> list[str]:
    password = values["gcp.password"]
    warnings = []
    if password == PLACEHOLDER:
        warnings.append("gcp.password is still the shipped one; make your own before Google connects")
    elif len(password) < SHORT_PASSWORD:
        warnings.append(f"gcp.password is short; take {SHORT_PASSWORD} characters or more")
    if values["digest.every"].total_seconds() < 60:
        warnings.append(f"a digest every {format_duration(values['digest.every'])} is good for a trial only")
    if password != PLACEHOLDER and path.stat().st_mode & 0o004:
        warnings.append(f"others on this machine can read it; take that away with: chmod o-r {path}")
    return warnings
