"""Reading the value of every key in a schema from the YAML tree, and collecting every issue."""

from collections.abc import Iterator
from contextlib import suppress
from difflib import get_close_matches
from pathlib import Path
from typing import NamedTuple

import yaml

from config.errors import ConfigIssue, IssueError
from config.placeholders import advice
from config.schema import Key, Schema
from config.secrets import read_secret_file, secret_path
from config.yaml_tree import Entry, entries, is_commented_out, is_null, line_of, shape, tag_of

COMMENT = "# begins a comment; if that was the value, put it in quotes"
YAML_KINDS = {
    "int": "a number",
    "float": "a number",
    "bool": "yes or no",
    "timestamp": "a date",
    "null": "nothing",
}


class Reading(NamedTuple):
    """The value of every key by its path, and the lines of those that the file sets."""

    schema: Schema
    values: dict[str, object]
    lines: dict[str, int]
    files: tuple[Path, ...]  # with secrets, which were read or should have been
    commented_out: dict[str, int]  # the lines of keys whose whole value is commented out by a `#`
    prefix: str = ""  # of the keys in messages: `channels[0].`


def read_values(tree: yaml.MappingNode, schema: Schema, folder: Path, issues: list[ConfigIssue]) -> Reading:
    """Read all keys. A key with an issue has no value; the issue is added to `issues`."""
    written = dict(_walk(tree, schema, "", issues))
    found = {path: entry for path, entry in written.items() if not _is_unset(schema, path, entry.node)}
    for path in _superseded(schema, found):
        del found[path]
    values: dict[str, object] = {}
    for key in schema.keys:
        try:
            values[key.path] = _value(key, found, folder)
        except IssueError as error:
            issues += error.issues
    lines = {path: entry.line for path, entry in found.items()}
    commented_out = {path: entry.line for path, entry in written.items() if is_commented_out(entry.node)}
    return Reading(schema, values, lines, tuple(_secret_files(schema, found, folder)), commented_out)


def _walk(
    mapping: yaml.MappingNode, schema: Schema, prefix: str, issues: list[ConfigIssue]
) -> Iterator[tuple[str, Entry]]:
    keys = schema.by_path.keys() | schema.file_keys
    for name, entry in entries(mapping).items():
        path, (line, node) = f"{prefix}{name}", entry
        if path in schema.sections and isinstance(node, yaml.MappingNode):
            yield from _walk(node, schema, f"{path}.", issues)
        elif path in schema.sections and not is_null(node):
            issues.append(ConfigIssue(line, path, _not_a_section(line, node)))
        elif path in keys and "." in name:
            text = (
                "a dot is not allowed in a key; write the part after the dot on a line of its own, indented"
            )
            issues.append(ConfigIssue(line, path, text))
        elif path in keys:
            yield path, entry
        elif path not in (*schema.sections, *schema.lists):
            issues.append(ConfigIssue(line, path, f"no such key{_suggestion(path, schema)}"))


def _not_a_section(line: int, node: yaml.Node) -> str:
    below = line_of(node)
    if isinstance(node, yaml.ScalarNode) and below > line:
        return f"the text below it, in line {below}, is not a key: a colon is missing, or the space after it"
    if isinstance(node, yaml.SequenceNode) and below > line:
        return f"is a section; remove the dash in line {below} and write its keys below it"
    return "is a section; write its keys below it, indented by two spaces"


def _suggestion(written: str, schema: Schema) -> str:
    path = written.partition(":")[0][:60].lower()  # `password:secret`, without the space
    by_last_word = {name.rpartition(".")[2]: name for name in schema.names}
    near = get_close_matches(path, schema.names, 1, 0.7)
    near = near or [by_last_word[n] for n in get_close_matches(path.rpartition(".")[2], by_last_word, 1, 0.7)]
    return f"; did you mean {near[0]}?" if near else ""


def _is_unset(schema: Schema, path: str, node: yaml.Node) -> bool:
    """`key:` means the default. A key without a default stays, so that its issue names the line."""
    return is_null(node) and not (path in schema.by_path and schema.by_path[path].default is None)


def _superseded(schema: Schema, found: dict[str, Entry]) -> list[str]:
    """Secrets that are as shipped, each beside the `_file` key that replaces it."""
    return [
        path
        for path, (_, node) in found.items()
        if f"{path}_file" in found
        and node.value in ("", schema.by_path[path].shipped, [])
        and not isinstance(node, yaml.MappingNode)
    ]


def _secret_files(schema: Schema, found: dict[str, Entry], folder: Path) -> Iterator[Path]:
    for path in schema.file_keys & found.keys():
        node = found[path].node
        if isinstance(node, yaml.ScalarNode):
            with suppress(ValueError):  # reported when the value is read
                yield secret_path(node.value, folder)


def _value(key: Key, found: dict[str, Entry], folder: Path) -> object:
    here, file = found.get(key.path), found.get(f"{key.path}_file") if key.secret else None
    if here and file:
        text = f"{key.path} is also set, in line {here.line}; keep one"
        raise IssueError(ConfigIssue(file.line, f"{key.path}_file", text))
    if file:
        return _from_file(key, file, folder)
    if here:
        return _from_list(key, here) if key.multiple else _from_scalar(key, *here)
    if key.default is None:
        hint = f", or {key.path}_file: PATH" if key.secret else ""
        raise IssueError(ConfigIssue(None, key.path, f"is missing; set it{hint}"))
    return () if key.multiple else key.read(key.default)


def _from_file(key: Key, entry: Entry, folder: Path) -> object:
    line, node = entry
    path = f"{key.path}_file"
    if not isinstance(node, yaml.ScalarNode):
        raise IssueError(ConfigIssue(line, path, f"is {shape(node)}; write the path of a file"))
    try:
        return read_secret_file(key, node.value, folder)
    except ValueError as error:
        raise IssueError(ConfigIssue(line, path, str(error))) from None


def _from_list(key: Key, entry: Entry) -> tuple[object, ...]:
    """Read a list, or one value in its place."""
    line, node = entry
    if isinstance(node, yaml.ScalarNode) and not node.value and key.default is not None:
        return ()
    if isinstance(node, yaml.MappingNode):
        text = "is a section; write one value, or a list: [one, two]"
        raise IssueError(ConfigIssue(line, key.path, text))
    items = list(_split(key, node.value if isinstance(node, yaml.SequenceNode) else [node]))
    if key.default is None and not items:
        text = "is an empty list; write at least one value"
        raise IssueError(ConfigIssue(line_of(node), key.path, text))
    return _unique(key, items)


def _split(key: Key, items: list[yaml.Node]) -> Iterator[yaml.Node]:
    for item in items:
        if isinstance(item, yaml.ScalarNode):
            yield from (yaml.ScalarNode(item.tag, text, item.start_mark) for text in key.split(item.value))
        else:
            yield item


def _unique(key: Key, items: list[yaml.Node]) -> tuple[object, ...]:
    found: dict[object, None] = {}
    issues: list[ConfigIssue] = []
    for item in items:
        try:
            value = _from_scalar(key, line_of(item), item)
        except IssueError as error:
            issues += error.issues
            continue
        if value in found and not key.secret:
            is_spelled_otherwise = isinstance(value, str) and value != item.value and not key.redacted
            how = f", as {value}" if is_spelled_otherwise else ""
            text = f"{_quote(key, item)}it is already in this list{how}; remove it"
            issues.append(ConfigIssue(line_of(item), key.path, text))
        found[value] = None
    if issues:
        raise IssueError(*issues)
    return tuple(found)


def _from_scalar(key: Key, line: int, node: yaml.Node) -> object:
    if not isinstance(node, yaml.ScalarNode):
        raise IssueError(ConfigIssue(line, key.path, f"is {shape(node)}; write one value"))
    text = node.value
    if tag_of(node) != "str" and text and not _is_allowed_unquoted(key, node):
        kind = YAML_KINDS.get(tag_of(node), f"a {tag_of(node)}")
        quoted = "" if key.redacted else f': "{text:.60}"'
        raise IssueError(ConfigIssue(line, key.path, f"YAML reads it as {kind}; put it in quotes{quoted}"))
    try:
        return key.read(text if key.secret else text.strip())
    except ValueError as error:
        comment = f"; {COMMENT}" if is_commented_out(node) else ""
        text = f"{_quote(key, node)}{advice(text, error)}{comment}"
        raise IssueError(ConfigIssue(line, key.path, text)) from None


def _is_allowed_unquoted(key: Key, node: yaml.ScalarNode) -> bool:
    """A number without its unit counts: the key's own reader has a better message."""
    if key.allow_bool and tag_of(node) == "bool":
        return True
    return key.any_scalar or (not key.secret and node.value.isdigit())


def _quote(key: Key, node: yaml.Node) -> str:
    return "" if key.redacted else f'found "{node.value:.60}"; '
