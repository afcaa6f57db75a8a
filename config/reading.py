"""A tree of keys -> the value of every key of the schema, and all the mistakes on the way."""

from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

from config.entry import Entry, is_empty, value_of
from config.errors import ConfigIssue, IssueError, Report
from config.nodes import Mapping, Node, Scalar, Sequence
from config.schema import Key, Schema
from config.secret_file import secret_path


class Reading(NamedTuple):
    """The value of every key by its path, and the lines of those that are written in the file.

    `files` are those of their own that secrets were read from, or should have been.
    """

    schema: Schema
    values: dict[str, object]
    lines: dict[str, int]
    files: tuple[Path, ...]


def read_values(tree: Mapping, schema: Schema, folder: Path, report: Report) -> Reading:
    """A key with a mistake is reported and has no value."""
    written = _walk(tree, schema, "", report)
    found = {path: place for path, place in written if not _is_unset(schema, path, place.node)}
    for path in _give_way(schema, found):
        del found[path]
    values: dict[str, object] = {}
    for key in schema.keys:
        try:
            values[key.path] = value_of(key, found, folder)
        except IssueError as error:
            for issue in error.issues:
                report(issue)
    lines = {path: place.line for path, place in found.items()}
    return Reading(schema, values, lines, tuple(_files(schema, found, folder)))


def _files(schema: Schema, found: dict[str, Entry], folder: Path) -> Iterator[Path]:
    for path in schema.files & found.keys():
        node = found[path].node
        if isinstance(node, Scalar):
            with suppress(ValueError):  # told where it is read
                yield secret_path(node.text, folder)


def _walk(mapping: Mapping, schema: Schema, prefix: str, report: Report) -> Iterator[tuple[str, Entry]]:
    entries = schema.by_path.keys() | schema.files
    for name, node in mapping.items.items():
        path, line = f"{prefix}{name}", mapping.key_lines[name]
        if path in schema.sections and isinstance(node, Mapping):
            yield from _walk(node, schema, f"{path}.", report)
        elif path in schema.sections and not is_empty(node):
            report(ConfigIssue(line, path, _no_section(line, node)))
        elif path in entries and "." in name:
            report(
                ConfigIssue(line, path, "its dot stands for a section; write the last word below the first")
            )
        elif path in entries:
            yield path, Entry(line, node)
        elif path not in (*schema.sections, *schema.lists):
            report(ConfigIssue(line, path, f"no such key{_nearest(path, schema)}"))


def _no_section(line: int, node: Node) -> str:
    if isinstance(node, Scalar) and node.line > line:
        return (
            f"what stands below it, in line {node.line}, is no key: a colon is missing, or the space after it"
        )
    if isinstance(node, Sequence) and node.line > line:
        return f"is a section; take the dash away in line {node.line}, and write its keys below it"
    return "is a section; write its keys below it, indented by two spaces"


def _nearest(written: str, schema: Schema) -> str:
    from difflib import get_close_matches  # noqa: PLC0415 - seldom wanted, and felt at every start

    path = written.partition(":")[0][:60].lower()  # `password:secret`, without the space
    by_last_word = {name.rpartition(".")[2]: name for name in schema.known}
    near = get_close_matches(path, schema.known, 1, 0.7)
    near = near or [by_last_word[n] for n in get_close_matches(path.rpartition(".")[2], by_last_word, 1, 0.7)]
    return f"; did you mean {near[0]}?" if near else ""


def _give_way(schema: Schema, found: dict[str, Entry]) -> list[str]:
    """Secrets as they are shipped, each beside the file that now has it."""
    secrets = [key for key in schema.keys if key.path in found and f"{key.path}_file" in found]
    return [key.path for key in secrets if _is_shipped(key, found[key.path].node)]


def _is_shipped(key: Key, node: Node) -> bool:
    if isinstance(node, Scalar):
        return node.text in ("", key.shipped)
    return isinstance(node, Sequence) and not node.items


def _is_unset(schema: Schema, path: str, node: Node) -> bool:
    """`key:` means the default. Where there is none, its line is worth telling."""
    if path in schema.files and isinstance(node, Scalar) and not node.text:
        return True
    return is_empty(node) and not (path in schema.by_path and schema.by_path[path].default is None)
