"""config.yaml -> a frozen Config, or every mistake in it at once."""

import stat
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path

from config.building import build
from config.channels import read_channels
from config.checks import (
    EXPOSED,
    doubts,
    holds_secrets,
    is_exposed,
    same_password,
    schedule_mistakes,
    shipped_password,
    slips,
)
from config.files import is_open_to_all, is_waiting, read_file
from config.issue import ConfigIssue
from config.model import (
    EVERY_DAY,
    Alerts,
    Channel,
    Config,
    DigestSettings,
    Gcp,
    Listen,
    Page,
    Retention,
    Schedule,
    Slack,
    Status,
)
from config.nodes import LARGEST, read_tree
from config.proxy import Proxy
from config.reading import Reading, read_values
from config.schema import PLACEHOLDER, TOP
from config.storage import network_storage
from config.tls import Tls, read_tls, tls_files
from config.values import is_loopback, is_slacks

__all__ = [
    "EVERY_DAY",
    "PLACEHOLDER",
    "Alerts",
    "Channel",
    "Config",
    "ConfigError",
    "ConfigIssue",
    "DigestSettings",
    "Gcp",
    "Listen",
    "NotRead",
    "Page",
    "Proxy",
    "Retention",
    "Schedule",
    "Slack",
    "Status",
    "Tls",
    "check_exposed",
    "is_loopback",
    "is_slacks",
    "is_waiting",
    "load",
    "state_file",
]


class ConfigError(Exception):
    """Everything that is wrong with the file, one mistake a line. `sources` are all the files concerned."""

    def __init__(self, path: Path, problems: list[ConfigIssue], sources: tuple[Path, ...] = ()) -> None:
        self.path = path
        self.sources = (path, *sources)
        self.problems = tuple(sorted(problems, key=lambda problem: problem.line or 0))
        super().__init__("\n".join(f"{path} {problem}" for problem in self.problems))


class NotRead(ConfigError):
    """There is no such file, or it cannot be read."""


def load(path: Path) -> Config:
    """Raises ConfigError and nothing else, whatever the file is or holds, or where it lies."""
    data, mode = _read(path)
    problems: list[ConfigIssue] = []
    tree = read_tree(data, problems.append)
    if tree is None:
        raise ConfigError(path, problems)
    top = read_values(tree, TOP, path.parent, problems.append)
    channels = read_channels(tree, top, path.parent, problems.append)
    problems += [*shipped_password(top), *same_password(top), *schedule_mistakes(top)]
    doubtful = network_storage(top, path.parent)
    if doubtful and not top.values.get("state_on_network"):
        problems.append(doubtful)
    pair = tls_files(top, path.parent)
    tls = read_tls(top, pair, problems.append)
    files = (*(file for reading in (top, *channels) for file in reading.files), *pair)
    if problems:
        raise ConfigError(path, problems, files)
    config = build(top, channels, tls, path.parent)._replace(sources=(path, *files))
    if doubtful:
        config = config._replace(warnings=(f"{path} {doubtful}",))
    return _with_warnings(config, top, channels, mode)


def state_file(path: Path) -> Path:
    """Where the state lies, even if only the server can read the secrets. Raises ConfigError."""
    data, _ = _read(path)
    problems: list[ConfigIssue] = []
    tree = read_tree(data, problems.append)
    values = read_values(tree, TOP, path.parent, problems.append).values if tree else {}
    mistakes = [problem for problem in problems if problem.key not in TOP.files]
    if mistakes:
        raise ConfigError(path, mistakes)
    return (path.parent / str(values["state_file"])).absolute()


def check_exposed(config: Config, path: Path, addresses: Iterable[str]) -> None:
    """Raises ConfigError if the shipped password could be used at one of the addresses listened on."""
    if any(is_exposed(config.gcp.passwords, address) for address in addresses):
        raise ConfigError(path, [ConfigIssue(None, "gcp.password", EXPOSED)], config.sources[1:])


def _read(path: Path) -> tuple[bytes, int]:
    try:
        data, found = read_file(path, LARGEST)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or error
        raise NotRead(path, [ConfigIssue(None, "", f"cannot be read: {reason}")]) from None
    return data, found.st_mode


def _with_warnings(config: Config, top: Reading, channels: tuple[Reading, ...], mode: int) -> Config:
    path, *files = config.sources
    public = config.tls and config.tls.file
    open_to_all = [file for file in files if file != public and is_open_to_all(file)]
    if mode & stat.S_IROTH and any(map(holds_secrets, (top, *channels))):
        open_to_all.insert(0, path)
    readable = "others on this machine can read it; take that away with: chmod o-r"
    found = [*doubts(config, datetime.now(UTC)), *slips(top)]
    for number, channel in enumerate(channels):
        found += slips(channel, f"channels[{number}].")
    warnings = [f"{path}: {doubt}" for doubt in found]
    return config._replace(
        warnings=(*config.warnings, *warnings, *(f"{file}: {readable} {file}" for file in open_to_all))
    )
