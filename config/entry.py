"""One mistake in the file: where, of which key, and how to write it."""

from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from config.errors import ConfigIssue, IssueError
from config.nodes import Mapping, Node, Scalar, Sequence
from config.placeholders import quotes_around
from config.schema import Key
from config.secret_file import read_secret_file


class Entry(NamedTuple):
    """A value as it stands in the file, and where."""

    line: int
    node: Node


def value_of(key: Key, found: dict[str, Entry], folder: Path) -> object:
    here, file = found.get(key.path), found.get(f"{key.path}_file") if key.secret else None
    if here and file:
        text = f"{key.path} is given too, in line {here.line}; keep one"
        raise IssueError(ConfigIssue(file.line, f"{key.path}_file", text))
    if file:
        return _from_file(key, file, folder)
    if here:
        return _from_node(key, here)
    if key.default is None:
        hint = f", or {key.path}_file: PATH" if key.secret else ""
        raise IssueError(ConfigIssue(None, key.path, f"is missing; write it{hint}"))
    return _default(key)


def _default(key: Key) -> object:
    if key.many:
        return ()
    return key.read(key.default or "")


def _from_node(key: Key, place: Entry) -> object:
    if not key.many:
        return _scalar(key, place.line, place.node)
    if isinstance(place.node, Scalar) and not place.node.text and key.default is not None:
        return ()
    if isinstance(place.node, Mapping):
        raise IssueError(
            ConfigIssue(place.line, key.path, "is a section; write one value, or a list: [one, two]")
        )
    return _list(key, place.node if isinstance(place.node, Sequence) else Sequence(place.line, (place.node,)))


def _list(key: Key, node: Sequence) -> tuple[object, ...]:
    found: dict[object, None] = {}
    issues: list[ConfigIssue] = []
    for item in _apart(key, node):
        try:
            value = _scalar(key, item.line, item)
        except IssueError as error:
            issues += error.issues
            continue
        if value in found and not key.secret:
            issues.append(ConfigIssue(item.line, key.path, f"{_shown(key, item)}{_stands(key, item, value)}"))
        found[value] = None
    if key.default is None and not node.items:
        issues.append(ConfigIssue(node.line, key.path, "is an empty list; write one value at least"))
    if issues:
        raise IssueError(*issues)
    return tuple(found)


def _stands(key: Key, item: Node, value: object) -> str:
    """In a list, in which it may be written otherwise."""
    otherwise = isinstance(value, str) and isinstance(item, Scalar) and value != item.text and not key.quiet
    return f"it stands in this list already{f', as {value}' if otherwise else ''}; take it out"


def _apart(key: Key, node: Sequence) -> Iterator[Node]:
    """One item may be written for several."""
    for item in node.items:
        if isinstance(item, Scalar):
            yield from (item._replace(text=text) for text in key.split(item.text))
        else:
            yield item


def _scalar(key: Key, line: int, node: Node) -> object:
    if not isinstance(node, Scalar):
        raise IssueError(ConfigIssue(line, key.path, f"is {shape(node)}; write one value"))
    if node.tag != "str" and node.text and not _may_be_unquoted(key, node):
        cure = "put it in quotes" if key.quiet else f'put it in quotes: "{node.text:.60}"'
        raise IssueError(ConfigIssue(line, key.path, f"YAML takes it for {_yaml_kind(node)}; {cure}"))
    try:
        return key.read(node.text if key.secret else node.text.strip())
    except ValueError as error:
        quotes = quotes_around(node.text)
        cure = f"{quotes} are a part of it; take them out" if quotes else str(error)
        raise IssueError(ConfigIssue(line, key.path, f"{_shown(key, node)}{cure}")) from None


def _shown(key: Key, node: Node) -> str:
    return "" if key.quiet or not isinstance(node, Scalar) else f'found "{node.text:.60}"; '


def _may_be_unquoted(key: Key, node: Scalar) -> bool:
    """Where that is wanted, or a unit is missing, the key's own reader says it better."""
    if key.off and node.tag == "bool":
        return True
    return key.unquoted or (not key.secret and node.text.isdigit())


def _yaml_kind(node: Scalar) -> str:
    names = {
        "int": "a number",
        "float": "a number",
        "bool": "yes or no",
        "timestamp": "a date",
        "null": "nothing",
    }
    return names.get(node.tag, f"a {node.tag}")


def shape(node: Node) -> str:
    if isinstance(node, Scalar):
        return "one value"
    return "a list" if isinstance(node, Sequence) else "a section"


def _from_file(key: Key, place: Entry, folder: Path) -> object:
    name = f"{key.path}_file"
    if not isinstance(place.node, Scalar):
        raise IssueError(ConfigIssue(place.line, name, f"is {shape(place.node)}; write the path of a file"))
    try:
        return read_secret_file(key, place.node.text, folder)
    except ValueError as error:
        raise IssueError(ConfigIssue(place.line, name, str(error))) from None


def is_empty(node: Node) -> bool:
    return isinstance(node, Scalar) and node.tag == "null"
