"""Loads config.yaml: a frozen Config, or a ConfigError with every issue in the file."""

import stat
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from pathlib import Path

from config.building import build
from config.channels import read_channels
from config.checks import (
    EXPOSED,
    doubts,
    holds_secrets,
    is_exposed,
    schedule_mistakes,
    shipped_password,
    slips,
)
from config.errors import ConfigError, ConfigIssue, UnreadableConfigError
from config.files import is_open_to_all, read_file
from config.model import Config
from config.nodes import LARGEST, read_tree
from config.reading import Reading, read_values
from config.schema import TOP
from config.storage import network_storage
from config.tls import read_tls, tls_files


def load(path: Path) -> Config:
    """Reads and checks the file at `path`.

    Raises:
        ConfigError: The only exception, whatever the file contains or is.
    """
    data, mode = _read(path)
    issues: list[ConfigIssue] = []
    report, folder = issues.append, path.parent
    tree = read_tree(data, report)
    if tree is None:
        raise ConfigError(path, issues)
    top = read_values(tree, TOP, folder, report)
    channels = read_channels(tree, top, folder, report)
    issues += [*shipped_password(top), *schedule_mistakes(top)]
    storage = network_storage(top, folder)
    if storage and not top.values.get("state_on_network"):
        report(storage)
    pair = tls_files(top, folder)
    tls = read_tls(top, pair, report)
    files = (*(file for reading in (top, *channels) for file in reading.files), *pair)
    if issues:
        raise ConfigError(path, issues, files)
    config = build(top, channels, tls, folder)._replace(sources=(path, *files))
    warnings = (
        *([f"{path} {storage}"] if storage else ()),
        *(f"{path}: {warning}" for warning in _doubts(config, top, channels)),
        *_readable_by_others(config, (top, *channels), mode),
    )
    return config._replace(warnings=warnings)


def state_file(path: Path) -> Path:
    """Returns the path of the state file, even if only the server may read the secret files.

    Raises:
        ConfigError: The file has an issue that does not concern a secret file.
    """
    data, _ = _read(path)
    issues: list[ConfigIssue] = []
    tree = read_tree(data, issues.append)
    values = read_values(tree, TOP, path.parent, issues.append).values if tree else {}
    issues = [issue for issue in issues if issue.key not in TOP.files]
    if issues:
        raise ConfigError(path, issues)
    return (path.parent / str(values["state_file"])).absolute()


def check_exposed(config: Config, path: Path, addresses: Iterable[str]) -> None:
    """Raises ConfigError if the shipped password would be accepted on an address other than loopback."""
    if any(is_exposed(config.gcp.passwords, address) for address in addresses):
        raise ConfigError(path, [ConfigIssue(None, "gcp.password", EXPOSED)], config.sources[1:])


def _read(path: Path) -> tuple[bytes, int]:
    try:
        data, found = read_file(path, LARGEST)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or error
        raise UnreadableConfigError(path, [ConfigIssue(None, "", f"cannot be read: {reason}")]) from None
    return data, found.st_mode


def _doubts(config: Config, top: Reading, channels: tuple[Reading, ...]) -> Iterator[str]:
    yield from doubts(config, datetime.now(UTC))
    yield from slips(top)
    for number, channel in enumerate(channels):
        yield from slips(channel, f"channels[{number}].")


def _readable_by_others(config: Config, readings: tuple[Reading, ...], mode: int) -> Iterator[str]:
    path, *files = config.sources
    public = config.tls and config.tls.file
    exposed = [file for file in files if file != public and is_open_to_all(file)]
    if mode & stat.S_IROTH and any(map(holds_secrets, readings)):
        exposed.insert(0, path)
    for file in exposed:
        yield f"{file}: others on this machine can read it; take that away with: chmod o-r {file}"
