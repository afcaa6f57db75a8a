"""Reads the list of channels; each inherits from the top level what it does not set."""

from collections.abc import Iterator
from pathlib import Path

import yaml

from config.checks import schedule_issues
from config.errors import ConfigIssue, Report
from config.reading import Reading, read_values
from config.schema import CHANNEL, INHERITED
from config.yaml_tree import entries, is_null, line_of, shape
from hosts.model import DEFAULT

EVERY_OR_AT = {"digest.every", "digest.at"}
SCHEDULE = EVERY_OR_AT | {"digest.days"}


def read_channels(tree: yaml.MappingNode, top: Reading, folder: Path, report: Report) -> tuple[Reading, ...]:
    """Reads all channels; inherited values are among theirs."""
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
    if SCHEDULE & own.lines.keys():  # otherwise any issue is the top level's, and reported there
        for issue in schedule_issues(merged):
            report(issue)
    return merged


def _inherit(own: Reading, top: Reading) -> Reading:
    """Takes from the top level what the channel does not set.

    `every` and `at` are one choice: who sets one inherits neither. Empty or off does not count.
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
