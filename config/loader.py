"""Loads config.yaml: a frozen Config, or a ConfigError with every issue in the file."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import yaml

from config import checks
from config.building import build
from config.channels import read_channels
from config.errors import ConfigError, ConfigIssue, UnreadableConfigError
from config.files import cure, read_file
from config.model import Config
from config.reading import Reading, read_values
from config.schema import TOP
from config.tls import read_tls, tls_files
from config.yaml_tree import MAX_FILE_SIZE, read_tree


def load(path: Path) -> Config:
    """Reads and checks the file at `path`.

    Raises:
        ConfigError: The only exception, whatever the file contains or is.
    """
    issues: list[ConfigIssue] = []
    report, folder = issues.append, path.parent
    mode, tree, top = _read_top(path, issues)
    channels = read_channels(tree, top, folder, report)
    issues += [*checks.password_issues(top), *checks.page_issues(top)]
    issues += [*checks.button_issues(top), *checks.schedule_issues(top)]
    storage = checks.storage_issue(top, folder)
    if storage and not top.values.get("state_on_network"):
        report(storage)
    pair = tls_files(top, folder)
    tls = read_tls(top, pair, report)
    readings = (top, *channels)
    files = (*(file for reading in readings for file in reading.files), *pair)
    if issues:
        raise ConfigError(path, issues, files)
    config = build(top, channels, tls, folder, (path, *files))
    warnings = [f"{path}: {warning}" for warning in checks.warnings(config, datetime.now(UTC), top)]
    warnings += [issue.in_file(path) for issue in _suspicious_values(readings)]
    if storage:
        warnings.insert(0, storage.in_file(path))
    return replace(config, warnings=(*warnings, *checks.readable_by_others(config, readings, mode)))


def state_file(path: Path) -> Path:
    """Returns the path of the state file, even if only the server may read the secret files.

    Raises:
        ConfigError: The file has an issue that does not concern a secret file.
    """
    issues: list[ConfigIssue] = []
    _, _, top = _read_top(path, issues)
    issues = [issue for issue in issues if issue.key not in TOP.file_keys]
    if issues:
        raise ConfigError(path, issues)
    return (path.parent / str(top.values["state_file"])).absolute()


def check_exposed(config: Config, path: Path, addresses: Iterable[str]) -> None:
    """Raises ConfigError if the shipped password would be accepted on an address other than loopback."""
    if any(checks.is_exposed(config.gcp.passwords, address) for address in addresses):
        raise ConfigError(path, [ConfigIssue(None, "gcp.password", checks.EXPOSED)], config.sources[1:])


def _read_top(path: Path, issues: list[ConfigIssue]) -> tuple[int, yaml.MappingNode, Reading]:
    """Returns the mode of the file, its tree, and the keys of the top level."""
    try:
        data, found = read_file(path, MAX_FILE_SIZE)
    except OSError as error:
        reason = f"{error.strerror or error}{cure(error, path)}"
        raise UnreadableConfigError(path, [ConfigIssue(None, "", f"cannot be read: {reason}")]) from None
    except ValueError as error:  # a NUL in the path
        raise UnreadableConfigError(path, [ConfigIssue(None, "", f"cannot be read: {error}")]) from None
    tree = read_tree(data, issues.append)
    if tree is None:
        raise ConfigError(path, issues)
    return found.st_mode, tree, read_values(tree, TOP, path.parent, issues.append)


def _suspicious_values(readings: Sequence[Reading]) -> Iterator[ConfigIssue]:
    top, *channels = readings
    yield from checks.suspicious_values(top)
    for number, channel in enumerate(channels):
        yield from checks.suspicious_values(channel, f"channels[{number}].")
