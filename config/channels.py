"""The list of channels -> the values of each, with what it takes from the top level."""

from collections.abc import Iterator
from pathlib import Path

from config.checks import schedule_mistakes
from config.entry import is_empty, shape
from config.errors import ConfigIssue, Report
from config.nodes import Mapping, Node, Sequence
from config.reading import Reading, read_values
from config.schema import CHANNEL, INHERITED
from hosts.model import DEFAULT

SCHEDULE = {"digest.every", "digest.at", "digest.days"}
RHYTHM = {"digest.every", "digest.at"}


def read_channels(tree: Mapping, top: Reading, folder: Path, report: Report) -> tuple[Reading, ...]:
    node = tree.items.get("channels")
    if node is None or is_empty(node):
        return ()
    if not isinstance(node, Sequence):
        text = f'is {shape(node)}; write a list in which each channel begins with "- name:"'
        report(ConfigIssue(tree.key_lines["channels"], "channels", text))
        return ()
    readings = tuple(_channels(node, top, folder, report))
    for problem in _same_names(readings, top):
        report(problem)
    return readings


def _channels(node: Sequence, top: Reading, folder: Path, report: Report) -> Iterator[Reading]:
    for number, item in enumerate(node.items):
        if isinstance(item, Mapping):
            yield _channel(item, top, folder, _reporting(number, item, report))
        else:
            text = f'is {shape(item)}; write its keys below each other, beginning with "- name:"'
            report(ConfigIssue(item.line, _path(number), text))


def _channel(item: Mapping, top: Reading, folder: Path, report: Report) -> Reading:
    own = read_values(item, CHANNEL, folder, report)
    whole = _inheriting(own, top)
    if SCHEDULE & own.lines.keys():  # else it is the mistake of the top level, and told there
        for problem in schedule_mistakes(whole):
            report(problem)
    return whole


def _inheriting(own: Reading, top: Reading) -> Reading:
    """What is not written is taken from the top level; `every` and `at` are one choice.

    Empty times, and an interval that is off, choose nothing.
    """
    written = {path for path in RHYTHM & own.lines.keys() if own.values.get(path)}
    chosen = RHYTHM if written else set()
    taken = set(INHERITED) - own.lines.keys() - chosen
    return Reading(
        own.schema,
        own.values | {path: value for path, value in top.values.items() if path in taken},
        own.lines | {path: line for path, line in top.lines.items() if path in taken},
        own.files,
    )


def _same_names(readings: tuple[Reading, ...], top: Reading) -> Iterator[ConfigIssue]:
    lines: dict[object, int | None] = {}
    if top.values.get("slack.webhook_url"):
        lines[DEFAULT] = top.lines.get("slack.webhook_url") or top.lines.get("slack.webhook_url_file")
    for number, reading in enumerate(readings):
        name, line = reading.values.get("name"), reading.lines.get("name")
        if name in lines:
            text = f"is the name of the channel in line {lines[name]} already; take another"
            yield ConfigIssue(line, f"{_path(number)}.name", text)
        elif name:
            lines[name] = line


def _reporting(number: int, item: Node, report: Report) -> Report:
    def report_with_path(problem: ConfigIssue) -> None:
        line = problem.line or item.line
        report(problem._replace(line=line, key=f"{_path(number)}.{problem.key}"))

    return report_with_path


def _path(number: int) -> str:
    return f"channels[{number}]"
