"""Loading config.yaml, and what channels inherit: a Config, or a ConfigError with every issue in the file."""

import os
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import yaml

from config import validation
from config.building import build
from config.errors import ConfigError, ConfigIssue, UnreadableConfigError
from config.files import read_file, why_not
from config.model import Config
from config.reading import Reading, read_values
from config.schema import CHANNEL, INHERITED, TOP
from config.tls import read_tls, tls_files
from config.yaml_tree import entries, is_null, line_of, read_tree, shape

MAX_FILE_SIZE = 512 * 1024  # bytes; enough for ten thousand hosts by name
EVERY_OR_AT = {"digest.every", "digest.at"}
SCHEDULE = EVERY_OR_AT | {"digest.days"}


def load(path: Path) -> Config:
    """Read and check the file at `path`. Raises nothing but ConfigError, whatever the file contains or is."""
    issues: list[ConfigIssue] = []
    folder = path.parent
    found, tree, top = _read_top(path, issues)
    channels = _channels(tree, top, folder, issues)
    issues += [*validation.secret_issues(top), *validation.schedule_issues(top)]
    storage = validation.storage_issue(top, folder)
    if storage and not top.values.get("state_on_network"):
        issues.append(storage)
    pair = tls_files(top, folder)
    tls = read_tls(top, pair, issues)
    readings = (top, *channels)
    files = (*(file for reading in readings for file in reading.files), *pair)
    if issues:
        raise ConfigError(path, issues, files)
    config = build(top, channels, tls, folder, (path, *files))
    return replace(config, warnings=tuple(_warnings(config, readings, storage, found)))


def state_file(path: Path) -> Path:
    """The path of the state file, even if only the server may read the secret files.

    Raises ConfigError for an issue that does not concern a secret file.
    """
    issues: list[ConfigIssue] = []
    _, _, top = _read_top(path, issues)
    issues = [issue for issue in issues if issue.key not in TOP.file_keys]
    if issues:
        raise ConfigError(path, issues)
    return (path.parent / str(top.values["state_file"])).absolute()


def check_exposed(config: Config, addresses: Iterable[str]) -> None:
    """Raise ConfigError if the shipped password would be accepted on an address other than loopback."""
    if any(validation.is_exposed(config.gcp.passwords, address) for address in addresses):
        path, *others = config.sources
        raise ConfigError(path, [ConfigIssue(None, "gcp.password", validation.EXPOSED)], tuple(others))


def _warnings(
    config: Config, readings: tuple[Reading, ...], storage: ConfigIssue | None, found: os.stat_result
) -> Iterator[str]:
    """`readings` are of the top level and of each channel; `found` is of the configuration file."""
    path, top = config.sources[0], readings[0]
    if storage:
        yield storage.in_file(path)
    yield from (f"{path}: {warning}" for warning in validation.warnings(config, datetime.now(UTC), top))
    for reading in readings:
        yield from (issue.in_file(path) for issue in validation.suspicious_values(reading))
    yield from validation.open_to_others(config, readings, found)


def _read_top(path: Path, issues: list[ConfigIssue]) -> tuple[os.stat_result, yaml.MappingNode, Reading]:
    """The status of the file, its tree, and the keys of the top level."""
    try:
        data, found = read_file(path, MAX_FILE_SIZE)
    except (OSError, ValueError) as error:  # ValueError: a NUL in the path
        reason = why_not(error, path) if isinstance(error, OSError) else error
        raise UnreadableConfigError(path, [ConfigIssue(None, "", f"cannot be read: {reason}")]) from None
    tree = read_tree(data, issues)
    if tree is None:
        raise ConfigError(path, issues)
    top = read_values(tree, TOP, path.parent, issues)
    issues += validation.state_file_issues(top, path, (*top.files, *tls_files(top, path.parent)))
    return found, tree, top


def _channels(
    tree: yaml.MappingNode, top: Reading, folder: Path, issues: list[ConfigIssue]
) -> tuple[Reading, ...]:
    """Read all channels, with the values that they inherit."""
    line, node = entries(tree).get("channels", (0, None))
    if node is None or is_null(node):
        return ()
    if not isinstance(node, yaml.SequenceNode):
        text = f'is {shape(node)}; write a list in which each channel begins with "- name:"'
        issues.append(ConfigIssue(line, "channels", text))
        return ()
    readings = list[Reading]()
    for number, item in enumerate(node.value):
        if isinstance(item, yaml.MappingNode):
            readings.append(_channel(item, f"channels[{number}].", top, folder, issues))
        else:
            text = f'is {shape(item)}; write each key on its own line, beginning with "- name:"'
            issues.append(ConfigIssue(line_of(item), f"channels[{number}]", text))
    issues += validation.duplicate_names(readings, top)
    return tuple(readings)


def _channel(
    item: yaml.MappingNode, prefix: str, top: Reading, folder: Path, issues: list[ConfigIssue]
) -> Reading:
    found: list[ConfigIssue] = []
    own = read_values(item, CHANNEL, folder, found)
    merged = _inherit(own, top)._replace(prefix=prefix)
    if SCHEDULE & own.lines.keys():  # otherwise any mistake is at the top level, and reported there
        found += validation.schedule_issues(merged)
    issues += [i._replace(line=i.line or line_of(item), key=f"{prefix}{i.key}") for i in found]
    return merged


def _inherit(own: Reading, top: Reading) -> Reading:
    """Take from the top level what a channel does not set.

    `every` and `at` are one choice: a channel that sets one inherits neither. Empty or off does not count.
    """
    chooses = any(own.values.get(path) for path in EVERY_OR_AT & own.lines.keys())
    taken = set(INHERITED) - own.lines.keys() - (EVERY_OR_AT if chooses else set())
    return own._replace(
        values=own.values | {path: value for path, value in top.values.items() if path in taken},
        lines=own.lines | {path: line for path, line in top.lines.items() if path in taken},
    )
