"""Loads config.yaml: a frozen Config, or a ConfigError with every issue in the file."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import yaml

from config import checks
from config.building import build
from config.checks import schedule_issues
from config.errors import ConfigError, ConfigIssue, Report, UnreadableConfigError
from config.files import cure, read_file
from config.model import Config
from config.reading import Reading, read_values
from config.schema import CHANNEL, INHERITED, TOP
from config.tls import read_tls, tls_files
from config.yaml_tree import MAX_FILE_SIZE, entries, is_null, line_of, read_tree, shape
from hosts.model import DEFAULT

EVERY_OR_AT = {"digest.every", "digest.at"}
SCHEDULE = EVERY_OR_AT | {"digest.days"}


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


def read_channels(tree: yaml.MappingNode, top: Reading, folder: Path, report: Report) -> tuple[Reading, ...]:
    """Read all channels, with the values that they inherit."""
    line, node = entries(tree).get("channels", (0, None))
    if node is None or is_null(node):
        return ()
    if not isinstance(node, yaml.SequenceNode):
        text = f'is {shape(node)}; write a list in which each channel begins with "- name:"'
        report(ConfigIssue(line, "channels", text))
        return ()
    readings = tuple(_channels(node, top, folder, report))
    for issue in _duplicate_names(readings, top):
        report(issue)
    return readings


def _channels(node: yaml.SequenceNode, top: Reading, folder: Path, report: Report) -> Iterator[Reading]:
    for number, item in enumerate(node.value):
        if isinstance(item, yaml.MappingNode):
            yield _channel(item, top, folder, _with_prefix(number, item, report))
        else:
            text = f'is {shape(item)}; write each key on its own line, beginning with "- name:"'
            report(ConfigIssue(line_of(item), _path(number), text))


def _channel(item: yaml.MappingNode, top: Reading, folder: Path, report: Report) -> Reading:
    own = read_values(item, CHANNEL, folder, report)
    merged = _inherit(own, top)
    if SCHEDULE & own.lines.keys():  # otherwise any mistake is at the top level, and reported there
        for issue in schedule_issues(merged):
            report(issue)
    return merged


def _inherit(own: Reading, top: Reading) -> Reading:
    """Take from the top level what a channel does not set.

    `every` and `at` are one choice: a channel that sets one inherits neither. Empty or off does not count.
    """
    chooses = any(own.values.get(path) for path in EVERY_OR_AT & own.lines.keys())
    taken = set(INHERITED) - own.lines.keys() - (EVERY_OR_AT if chooses else set())
    return Reading(
        own.schema,
        own.values | {path: value for path, value in top.values.items() if path in taken},
        own.lines | {path: line for path, line in top.lines.items() if path in taken},
        own.files,
        own.commented_out,
    )


def _duplicate_names(readings: tuple[Reading, ...], top: Reading) -> Iterator[ConfigIssue]:
    lines: dict[object, int | None] = {}
    if top.values.get("slack.webhook_url"):
        lines[DEFAULT] = top.lines.get("slack.webhook_url") or top.lines.get("slack.webhook_url_file")
    for number, reading in enumerate(readings):
        name, line = reading.values.get("name"), reading.lines.get("name")
        if name in lines:
            text = f"is already the name of the channel in line {lines[name]}; choose another"
            yield ConfigIssue(line, f"{_path(number)}.name", text)
        elif name:
            lines[name] = line


def _with_prefix(number: int, item: yaml.Node, report: Report) -> Report:
    def report_with_prefix(issue: ConfigIssue) -> None:
        line = issue.line or line_of(item)
        report(issue._replace(line=line, key=f"{_path(number)}.{issue.key}"))

    return report_with_prefix


def _path(number: int) -> str:
    return f"channels[{number}]"
