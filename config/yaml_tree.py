"""Parsing YAML into PyYAML's nodes, strictly: no tags, anchors, aliases, merge keys or duplicate keys.

A scalar keeps its text, and its tag shows what YAML 1.1 makes of it: `10:30` is an int (630), `yes` a bool.
Every issue names its line, and none quotes it, since a line may hold a secret.
"""

from typing import NamedTuple

import yaml

from config.errors import ConfigIssue, IssueError
from config.yaml_syntax import DASH, syntax_issue

MAX_DEPTH = 8
TAG = "tag:yaml.org,2002:"
TAGS = {
    f"{TAG}{name}" for name in ["str", "int", "float", "bool", "null", "timestamp", "map", "seq", "value"]
}
ALIAS = "anchors (&) and aliases (*) are not supported; write the value out, or put a pattern in quotes"

TEMPLATE = "{{ … }} is a template that nothing has filled in; write the value itself"


class Entry(NamedTuple):
    """The value of a key, and the key's line."""

    line: int
    node: yaml.Node


class _Loader(yaml.SafeLoader):
    """A loader that rejects anchors and aliases while parsing, because expanding them can take forever."""

    def compose_node(self, parent: yaml.Node | None, index: int) -> yaml.Node | None:
        event = self.peek_event()  # type: ignore[no-untyped-call]  # the stubs leave it out
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
            raise _error(event.start_mark.line + 1, ALIAS)
        return super().compose_node(parent, index)


def read_tree(data: bytes, issues: list[ConfigIssue]) -> yaml.MappingNode | None:
    """The top level, or None if the file cannot be parsed."""
    try:
        return _tree(_text(data), issues)
    except IssueError as error:
        issues += error.issues
    except RecursionError:
        issues.append(ConfigIssue(None, "", "is nested too deeply"))
    except yaml.MarkedYAMLError as error:
        issues.append(syntax_issue(error, _text(data)))
    except yaml.reader.ReaderError as error:
        line = data.decode("utf-8").count("\n", 0, error.position) + 1
        issues.append(ConfigIssue(line, "", "contains a character that YAML does not allow"))
    except (ValueError, OverflowError):  # PyYAML passes "\UFFFFFFFF" to chr() unchecked
        issues.append(ConfigIssue(None, "", "contains an escape (\\U…) or a number that is out of range"))
    return None


def entries(mapping: yaml.MappingNode) -> dict[str, Entry]:
    """The entries of a checked mapping by their keys."""
    return {key.value: Entry(line_of(key), value) for key, value in mapping.value}


def line_of(node: yaml.Node) -> int:
    return int(node.start_mark.line) + 1


def tag_of(node: yaml.Node) -> str:
    """`str`, `int`, `bool`, `null`, `map` or another of YAML's types."""
    return node.tag.removeprefix(TAG)


def shape(node: yaml.Node) -> str:
    """What was written, for a sentence."""
    if isinstance(node, yaml.ScalarNode):
        return "one value"
    return "a list" if isinstance(node, yaml.SequenceNode) else "a section"


def is_commented_out(node: yaml.Node) -> bool:
    """Whether a `#` comments out a whole value, as in `mention: #ops`."""
    mark = node.start_mark
    behind = (mark.buffer or "")[mark.pointer :].partition("\n")[0]
    return (
        isinstance(node, yaml.ScalarNode)
        and not (node.value or node.style)
        and behind.lstrip().startswith("#")
    )


def is_null(node: yaml.Node) -> bool:
    return isinstance(node, yaml.ScalarNode) and tag_of(node) == "null"


def _error(line: int | None, text: str) -> IssueError:
    return IssueError(ConfigIssue(line, "", text))


def _text(data: bytes) -> str:
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise _error(line, "has a character that is not UTF-8; save the file as UTF-8") from None


def _tree(text: str, issues: list[ConfigIssue]) -> yaml.MappingNode:
    root = yaml.compose(text, _Loader)
    if root is None:
        raise _error(None, "is empty, or has only comments; start from the config.yaml of the release")
    if not isinstance(root, yaml.MappingNode):
        raise _error(1, "has no keys; write lines such as `timezone: UTC`")
    _check_mapping(root, "", 1, issues)
    return root


def _check_mapping(node: yaml.MappingNode, path: str, depth: int, issues: list[ConfigIssue]) -> None:
    """Report duplicate keys, and keep the first of each."""
    first: dict[str, tuple[yaml.ScalarNode, yaml.Node]] = {}
    for key, value in node.value:
        if isinstance(key, yaml.MappingNode):
            raise IssueError(ConfigIssue(line_of(key), path.rstrip("."), TEMPLATE))
        if not isinstance(key, yaml.ScalarNode) or key.tag not in TAGS or not key.value:
            raise _error(line_of(key), "a key must be a plain word, not << or a tag (!)")
        name = key.value
        if name in first:
            text = f"appears twice; it is already in line {line_of(first[name][0])}"
            issues.append(ConfigIssue(line_of(key), f"{path}{name}", text))
            continue
        first[name] = key, value
        if _lacks_space(key, value):
            raise IssueError(ConfigIssue(line_of(value), f"{path}{name}", DASH))
        _check(value, f"{path}{name}", depth + 1, issues)
    node.value = list(first.values())


def _lacks_space(key: yaml.Node, value: yaml.Node) -> bool:
    """Whether `-www.example.com` was written where a list was meant."""
    is_plain = isinstance(value, yaml.ScalarNode) and value.style is None
    return is_plain and value.value.startswith("-") and line_of(value) > line_of(key)


def _check(node: yaml.Node, path: str, depth: int, issues: list[ConfigIssue]) -> None:
    if depth > MAX_DEPTH:
        raise _error(line_of(node), "is nested too deeply")
    if node.tag not in TAGS:
        raise _error(line_of(node), "tags (!) are not supported; remove it")
    if isinstance(node, yaml.MappingNode):
        _check_mapping(node, f"{path}.", depth, issues)
    elif isinstance(node, yaml.SequenceNode):
        for number, item in enumerate(node.value):
            _check(item, f"{path}[{number}]", depth + 1, issues)
