"""A tree of keys -> the value of every key of the schema, and all the mistakes on the way."""

from collections.abc import Iterator
from difflib import get_close_matches
from pathlib import Path
from typing import NamedTuple

from config.nodes import Mapping, Node, Problem, Report, Scalar, Sequence
from config.schema import BY_PATH, FILES, KEYS, QUIET, SECTIONS, Key
from config.secret_file import read_secret_file


class Found(NamedTuple):
    """A value as it stands in the file, and where."""

    line: int
    node: Node


class Reading(NamedTuple):
    """The value of every key by its path, and the lines of those that are written in the file."""

    values: dict[str, object]
    lines: dict[str, int]


def read_values(tree: Mapping, folder: Path, report: Report) -> Reading:
    """A key with a mistake is reported and has no value."""
    found = {path: place for path, place in _walk(tree, "", report) if not _is_unset(path, place.node)}
    values: dict[str, object] = {}
    for key in KEYS:
        try:
            values[key.path] = _value(key, found, folder)
        except _Mistake as mistake:
            for problem in mistake.problems:
                report(problem)
    return Reading(values, {path: place.line for path, place in found.items()})


class _Mistake(Exception):
    """One of a value, or all of a list."""

    def __init__(self, *problems: Problem) -> None:
        super().__init__()
        self.problems = problems


def _walk(mapping: Mapping, prefix: str, report: Report) -> Iterator[tuple[str, Found]]:
    for name, node in mapping.items.items():
        path, line = f"{prefix}{name}", mapping.key_lines[name]
        if path in SECTIONS and isinstance(node, Mapping):
            yield from _walk(node, f"{path}.", report)
        elif path in SECTIONS and not _is_empty(node):
            report(Problem(line, path, "is a section; write its keys below it, indented by two spaces"))
        elif (path in BY_PATH or path in FILES) and "." in name:
            report(Problem(line, path, "its dot stands for a section; write the last word below the first"))
        elif path in BY_PATH or path in FILES:
            yield path, Found(line, node)
        elif path not in SECTIONS:
            report(Problem(line, path, f"no such key{_nearest(path)}"))


def _nearest(written: str) -> str:
    path = written.partition(":")[0][:60]  # `password:secret`, without the space
    known = [*BY_PATH, *FILES]
    by_last_word = {name.rpartition(".")[2]: name for name in known}
    near = get_close_matches(path, known, 1, 0.7)
    near = near or [by_last_word[n] for n in get_close_matches(path.rpartition(".")[2], by_last_word, 1, 0.7)]
    return f"; did you mean {near[0]}?" if near else ""


def _is_empty(node: Node) -> bool:
    return isinstance(node, Scalar) and node.tag == "null"


def _is_unset(path: str, node: Node) -> bool:
    """`key:` means the default. Where there is none, its line is worth telling."""
    return _is_empty(node) and not (path in BY_PATH and BY_PATH[path].default is None)


def _value(key: Key, found: dict[str, Found], folder: Path) -> object:
    here, file = found.get(key.path), found.get(f"{key.path}_file") if key.secret else None
    if here and file:
        text = f"{key.path} is given too, in line {here.line}; keep one"
        raise _Mistake(Problem(file.line, f"{key.path}_file", text))
    if file:
        return _from_file(key, file, folder)
    if here:
        return _from_node(key, here)
    if key.default is None:
        hint = f", or {key.path}_file: PATH" if key.secret else ""
        raise _Mistake(Problem(None, key.path, f"is missing; write it{hint}"))
    return _default(key)


def _default(key: Key) -> object:
    if key.many:
        return ()
    return key.read(key.default or "")


def _from_node(key: Key, place: Found) -> object:
    if key.many and isinstance(place.node, Sequence):
        return _list(key, place.node)
    if key.many and isinstance(place.node, Scalar) and not place.node.text:
        return ()
    if key.many and isinstance(place.node, Mapping):
        raise _Mistake(Problem(place.line, key.path, "is a section; write one value, or a list: [one, two]"))
    value = _scalar(key, place.line, place.node)
    return (value,) if key.many else value


def _list(key: Key, node: Sequence) -> tuple[object, ...]:
    found: dict[object, None] = {}
    problems: list[Problem] = []
    for item in node.items:
        try:
            value = _scalar(key, item.line, item)
        except _Mistake as mistake:
            problems += mistake.problems
            continue
        if value in found and not key.secret:
            problems.append(Problem(item.line, key.path, "stands in this list already; take it out"))
        found[value] = None
    if problems:
        raise _Mistake(*problems)
    return tuple(found)


def _scalar(key: Key, line: int, node: Node) -> object:
    if not isinstance(node, Scalar):
        raise _Mistake(Problem(line, key.path, f"is {_shape(node)}; write one value"))
    quotable = key.path.rpartition(".")[0] not in QUIET
    shown = f'found "{node.text:.60}"; ' if quotable else ""
    if node.tag != "str" and node.text and not _may_be_unquoted(key, node):
        cure = f'put it in quotes: "{node.text:.60}"' if quotable else "put it in quotes"
        raise _Mistake(Problem(line, key.path, f"YAML takes it for {_yaml_kind(node)}; {cure}"))
    try:
        return key.read(node.text)
    except ValueError as error:
        raise _Mistake(Problem(line, key.path, f"{shown}{error}")) from None


def _may_be_unquoted(key: Key, node: Scalar) -> bool:
    """Where that is wanted, or a unit is missing, the key's own reader says it better."""
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


def _shape(node: Node) -> str:
    return "a list" if isinstance(node, Sequence) else "a section"


def _from_file(key: Key, place: Found, folder: Path) -> object:
    name = f"{key.path}_file"
    if not isinstance(place.node, Scalar):
        raise _Mistake(Problem(place.line, name, f"is {_shape(place.node)}; write the path of a file"))
    try:
        return read_secret_file(key, place.node.text, folder)
    except ValueError as error:
        raise _Mistake(Problem(place.line, name, str(error))) from None
