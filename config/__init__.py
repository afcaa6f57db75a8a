"""config.yaml -> a frozen Config, or every mistake in it at once."""

import os
import stat
from collections.abc import Iterable
from pathlib import Path

from config.building import build
from config.channels import read_channels
from config.checks import PLACEHOLDER, doubts, holds_secrets, schedule_mistakes, shipped_password
from config.model import (
    EVERY_DAY,
    Alerts,
    Channel,
    Config,
    DigestSettings,
    Gcp,
    History,
    Listen,
    Schedule,
    Slack,
)
from config.nodes import LARGEST, read_tree
from config.problem import Problem
from config.reading import Reading, read_values
from config.schema import TOP

__all__ = [
    "EVERY_DAY",
    "PLACEHOLDER",
    "Alerts",
    "Channel",
    "Config",
    "ConfigError",
    "DigestSettings",
    "Gcp",
    "History",
    "Listen",
    "Problem",
    "Schedule",
    "Slack",
    "load",
]


class ConfigError(Exception):
    """Everything that is wrong with the file, one mistake a line."""

    def __init__(self, path: Path, problems: list[Problem]) -> None:
        self.problems = tuple(sorted(problems, key=lambda problem: problem.line or 0))
        super().__init__("\n".join(f"{path} {problem}" for problem in self.problems))


def load(path: Path) -> Config:
    """Raises ConfigError and nothing else, whatever the file is or holds."""
    data, mode = _read(path)
    problems: list[Problem] = []
    tree = read_tree(data, problems.append)
    if tree is None:
        raise ConfigError(path, problems)
    top = read_values(tree, TOP, path.parent, problems.append)
    channels = read_channels(tree, top, path.parent, problems.append)
    problems += [*shipped_password(top), *schedule_mistakes(top)]
    if problems:
        raise ConfigError(path, problems)
    return _with_warnings(build(top, channels, path.parent), (top, *channels), path, mode)


def _read(path: Path) -> tuple[bytes, int]:
    try:
        with path.open("rb") as file:
            return file.read(LARGEST + 1), os.fstat(file.fileno()).st_mode
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or error
        problem = Problem(None, "", f"cannot be read: {reason}; name the file with --config")
        raise ConfigError(path, [problem]) from None


def _with_warnings(config: Config, readings: Iterable[Reading], path: Path, mode: int) -> Config:
    warnings = [*doubts(config)]
    if mode & stat.S_IROTH and any(map(holds_secrets, readings)):
        warnings.append(f"others on this machine can read it; take that away with: chmod o-r {path}")
    return config._replace(warnings=tuple(f"{path}: {warning}" for warning in warnings))
