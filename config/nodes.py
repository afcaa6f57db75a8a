"""YAML -> a tree of keys with their lines, strictly: nothing is guessed, repeated or expanded.

What YAML 1.1 turns into something else stays visible here: `10:30` is a number to it (630), and
`yes` a truth value. Every mistake has its line; no line is ever quoted, for it may hold a secret.
"""

import re
from typing import NamedTuple

import yaml

from config.errors import ConfigIssue, IssueError, Report

LARGEST = 512 * 1024  # bytes: ten thousand hosts by name
DEEPEST = 8
TAGS = {
    f"tag:yaml.org,2002:{name}"
    for name in ("str", "int", "float", "bool", "null", "timestamp", "map", "seq", "value")
}
ALIAS = "anchors (&) and aliases (*) are not read; write it out, or put a pattern in quotes"
CURES = {  # what PyYAML's parser says -> what to do
    r"'\t'": "a tab stands here; write spaces",
    "cannot start any token": "a value that begins with such a sign must stand in quotes",
    "expected alphabetic or numeric": 'a pattern must stand in quotes, such as "*.example.com"',
    "but found another document": "a second document begins here; keep one",
    "mapping values are not allowed": "one colon too many, or not in line with the lines above",
    "could not find expected ':'": "a colon is missing, or the space after it",
    "found '<block mapping start>'": "it does not begin below the lines above; indent it as they are",
    "found '<block sequence start>'": "a list begins here without its key, or not below the dashes above",
    "found '<scalar>'": "something stands behind a closing quote or bracket; take it out",
    "expected ',' or ']'": "a ] or a comma is missing",
    "expected ',' or '}'": "a } or a comma is missing",
    "escape character": "in double quotes write two backslashes for one, or take single quotes",
}
PARSERS_OWN = re.compile(r"<[a-z ]+>|[:,\]}]")  # all else that it quotes comes from the file


class Scalar(NamedTuple):
    """`tag` is what YAML takes it for: str, int, bool, null, …"""

    line: int
    text: str
    tag: str


class Mapping(NamedTuple):
    line: int
    items: dict[str, "Node"]
    key_lines: dict[str, int]


class Sequence(NamedTuple):
    line: int
    items: tuple["Node", ...]


Node = Scalar | Mapping | Sequence


class _Loader(yaml.SafeLoader):
    """Anchors and aliases are refused while they are read: expanding them can take for ever."""

    def compose_node(self, parent: yaml.Node | None, index: int) -> yaml.Node | None:
        event = self.peek_event()  # type: ignore[no-untyped-call]  # the stubs leave it out
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
            raise IssueError(ConfigIssue(event.start_mark.line + 1, "", ALIAS))
        return super().compose_node(parent, index)


def read_tree(data: bytes, report: Report) -> Mapping | None:
    """The top level, or None when nothing of it can be read. An empty file is an empty mapping."""
    try:
        return _tree(data, report)
    except IssueError as error:
        for issue in error.issues:
            report(issue)
    except UnicodeDecodeError:
        report(ConfigIssue(None, "", "is not UTF-8 text; save it as that"))
    except RecursionError:
        report(ConfigIssue(None, "", "is nested too deeply"))
    except yaml.MarkedYAMLError as error:
        report(_syntax(error))
    except yaml.YAMLError:
        report(ConfigIssue(None, "", "holds characters that YAML does not allow"))
    except (ValueError, OverflowError):  # PyYAML hands "\UFFFFFFFF" to chr() as it is
        report(ConfigIssue(None, "", "holds an escape (\\U…) or a number that stands for nothing"))
    return None


def _tree(data: bytes, report: Report) -> Mapping:
    if len(data) > LARGEST:
        raise IssueError(ConfigIssue(None, "", f"is larger than {LARGEST} bytes: is it the right file?"))
    root = yaml.compose(data.decode("utf-8"), _Loader)
    if root is None:
        return Mapping(1, {}, {})
    if not isinstance(root, yaml.MappingNode):
        raise IssueError(ConfigIssue(1, "", "has no keys; write lines such as `timezone: UTC`"))
    return _mapping(root, "", 1, report)


def _syntax(error: yaml.MarkedYAMLError) -> ConfigIssue:
    """Only where and what: the parser would quote the line."""
    mark = error.problem_mark or error.context_mark
    line = mark.line + 1 if mark else None
    column = f" (column {mark.column + 1})" if mark else ""
    return ConfigIssue(
        line, "", f"is not valid YAML: {_cure(error.problem or '')}{_since(error, line)}{column}"
    )


def _since(error: yaml.MarkedYAMLError, line: int | None) -> str:
    """A quote that is never closed is noticed far below."""
    begin, context = error.context_mark, error.context or ""
    if begin is None or begin.line + 1 == line or not context.startswith("while"):
        return ""
    return f", {context} that begins in line {begin.line + 1}"


def _cure(problem: str) -> str:
    for words, cure in CURES.items():
        if words in problem:
            return cure
    return re.sub(r"(['\"])(.*?)\1", lambda m: m[0] if PARSERS_OWN.fullmatch(m[2]) else "…", problem)


def _mapping(node: yaml.MappingNode, path: str, depth: int, report: Report) -> Mapping:
    items: dict[str, Node] = {}
    lines: dict[str, int] = {}
    for key_node, value_node in node.value:
        line = key_node.start_mark.line + 1
        if not isinstance(key_node, yaml.ScalarNode) or key_node.tag not in TAGS or not key_node.value:
            raise IssueError(ConfigIssue(line, "", "a key must be a plain word, and not << or a tag (!)"))
        key = key_node.value
        if key in items:
            report(ConfigIssue(line, f"{path}{key}", f"stands twice; line {lines[key]} has it already"))
            continue
        lines[key] = line
        items[key] = _node(value_node, f"{path}{key}.", depth + 1, report)
    return Mapping(node.start_mark.line + 1, items, lines)


def _node(node: yaml.Node, path: str, depth: int, report: Report) -> Node:
    line = node.start_mark.line + 1
    if depth > DEEPEST:
        raise IssueError(ConfigIssue(line, "", "is nested too deeply"))
    if node.tag not in TAGS:
        raise IssueError(ConfigIssue(line, "", "tags (!) are not read; take it out"))
    if isinstance(node, yaml.MappingNode):
        return _mapping(node, path, depth, report)
    if isinstance(node, yaml.SequenceNode):
        items = (
            _node(item, f"{path[:-1]}[{number}].", depth + 1, report)
            for number, item in enumerate(node.value)
        )
        return Sequence(line, tuple(items))
    return Scalar(line, node.value, node.tag.rpartition(":")[2])
