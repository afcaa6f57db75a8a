"""Parses YAML into PyYAML's nodes, strictly: no tags, anchors, aliases, merge keys or duplicate keys.

A scalar keeps its text, and its tag shows what YAML 1.1 makes of it: `10:30` is an int (630), `yes` a bool.
Every issue names its line, and none quotes it, since a line may hold a secret.
"""

import re
from typing import NamedTuple

import yaml

from config.errors import ConfigIssue, IssueError, Report

MAX_FILE_SIZE = 512 * 1024  # bytes; enough for ten thousand hosts by name
MAX_DEPTH = 8
TAG = "tag:yaml.org,2002:"
TAGS = {
    f"{TAG}{name}" for name in ["str", "int", "float", "bool", "null", "timestamp", "map", "seq", "value"]
}
ALIAS = "anchors (&) and aliases (*) are not supported; write the value out, or put a pattern in quotes"
CURES = {  # PyYAML's words -> what to do
    r"'\t'": "there is a tab here; use spaces",
    "cannot start any token": "a value that begins with this character must be in quotes",
    "expected alphabetic or numeric": 'a pattern must be in quotes, such as "*.example.com"',
    "but found another document": "a second document begins here; keep only one",
    "mapping values are not allowed": "one colon too many, or not aligned with the lines above",
    "could not find expected ':'": "a colon is missing, or the space after it",
    "found '<block mapping start>'": "wrong indentation; align it with the lines above",
    "found '<block sequence start>'": "a list begins here without a key, or misaligned with the dashes above",
    "found '<scalar>'": "there is something after a closing quote or bracket; remove it",
    "expected ',' or ']'": "a ] or a comma is missing",
    "expected ',' or '}'": "a } or a comma is missing",
    "escape character": "in double quotes write each backslash twice, or use single quotes",
}
PARSER_TERM = re.compile(r"<[a-z ]+>|[:,\]}]")  # whatever else PyYAML quotes comes from the file


class Entry(NamedTuple):
    """The value of a key, and the key's line."""

    line: int
    node: yaml.Node


class _Loader(yaml.SafeLoader):
    """Rejects anchors and aliases while parsing, because expanding them can take forever."""

    def compose_node(self, parent: yaml.Node | None, index: int) -> yaml.Node | None:
        event = self.peek_event()  # type: ignore[no-untyped-call]  # the stubs leave it out
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
            raise _error(event.start_mark.line + 1, ALIAS)
        return super().compose_node(parent, index)


def read_tree(data: bytes, report: Report) -> yaml.MappingNode | None:
    """Returns the top level, or None if the file cannot be parsed. An empty file is an empty mapping."""
    try:
        return _tree(data, report)
    except IssueError as error:
        for issue in error.issues:
            report(issue)
    except UnicodeDecodeError:
        report(ConfigIssue(None, "", "is not UTF-8 text; save it as UTF-8"))
    except RecursionError:
        report(ConfigIssue(None, "", "is nested too deeply"))
    except yaml.MarkedYAMLError as error:
        report(_syntax_issue(error))
    except yaml.YAMLError:
        report(ConfigIssue(None, "", "contains characters that YAML does not allow"))
    except (ValueError, OverflowError):  # PyYAML passes "\UFFFFFFFF" to chr() unchecked
        report(ConfigIssue(None, "", "contains an escape (\\U…) or a number that is out of range"))
    return None


def entries(mapping: yaml.MappingNode) -> dict[str, Entry]:
    """Returns the entries of a checked mapping by their keys."""
    return {key.value: Entry(line_of(key), value) for key, value in mapping.value}


def line_of(node: yaml.Node) -> int:
    return int(node.start_mark.line) + 1


def tag_of(node: yaml.Node) -> str:
    """Returns `str`, `int`, `bool`, `null`, `map` or another of YAML's types."""
    return node.tag.removeprefix(TAG)


def shape(node: yaml.Node) -> str:
    """Names what was written, for a sentence."""
    if isinstance(node, yaml.ScalarNode):
        return "one value"
    return "a list" if isinstance(node, yaml.SequenceNode) else "a section"


def is_null(node: yaml.Node) -> bool:
    return isinstance(node, yaml.ScalarNode) and tag_of(node) == "null"


def _error(line: int | None, text: str) -> IssueError:
    return IssueError(ConfigIssue(line, "", text))


def _tree(data: bytes, report: Report) -> yaml.MappingNode:
    if len(data) > MAX_FILE_SIZE:
        raise _error(None, f"is larger than {MAX_FILE_SIZE} bytes: is it the right file?")
    root = yaml.compose(data.decode("utf-8"), _Loader)
    if root is None:
        return yaml.MappingNode(f"{TAG}map", [])
    if not isinstance(root, yaml.MappingNode):
        raise _error(1, "has no keys; write lines such as `timezone: UTC`")
    _check_mapping(root, "", 1, report)
    return root


def _check_mapping(node: yaml.MappingNode, path: str, depth: int, report: Report) -> None:
    """Reports duplicate keys, and keeps the first of each."""
    first: dict[str, tuple[yaml.ScalarNode, yaml.Node]] = {}
    for key, value in node.value:
        if not isinstance(key, yaml.ScalarNode) or key.tag not in TAGS or not key.value:
            raise _error(line_of(key), "a key must be a plain word, not << or a tag (!)")
        name = key.value
        if name in first:
            text = f"appears twice; it is already in line {line_of(first[name][0])}"
            report(ConfigIssue(line_of(key), f"{path}{name}", text))
            continue
        first[name] = key, value
        _check(value, f"{path}{name}", depth + 1, report)
    node.value = list(first.values())


def _check(node: yaml.Node, path: str, depth: int, report: Report) -> None:
    if depth > MAX_DEPTH:
        raise _error(line_of(node), "is nested too deeply")
    if node.tag not in TAGS:
        raise _error(line_of(node), "tags (!) are not supported; remove it")
    if isinstance(node, yaml.MappingNode):
        _check_mapping(node, f"{path}.", depth, report)
    elif isinstance(node, yaml.SequenceNode):
        for number, item in enumerate(node.value):
            _check(item, f"{path}[{number}]", depth + 1, report)


def _syntax_issue(error: yaml.MarkedYAMLError) -> ConfigIssue:
    """Says only where and what: PyYAML's own message would quote the line."""
    mark = error.problem_mark or error.context_mark
    line = mark.line + 1 if mark else None
    column = f" (column {mark.column + 1})" if mark else ""
    cure = _cure(error.problem or "")
    return ConfigIssue(line, "", f"is not valid YAML: {cure}{_begin(error, line)}{column}")


def _begin(error: yaml.MarkedYAMLError, line: int | None) -> str:
    """Says where the construct begins: the parser notices an unclosed quote far below it."""
    mark, context = error.context_mark, error.context or ""
    if mark is None or mark.line + 1 == line or not context.startswith("while"):
        return ""
    return f", {context} that begins in line {mark.line + 1}"


def _cure(problem: str) -> str:
    for words, cure in CURES.items():
        if words in problem:
            return cure
    return re.sub(r"(['\"])(.*?)\1", lambda m: m[0] if PARSER_TERM.fullmatch(m[2]) else "…", problem)
