"""Which version of the state to use: the file, or the one before it."""

import os
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from hosts.model import State
from hosts.problems import ProblemKind
from state.atomic_file import backup_path
from state.decoding import UnknownVersion, UnreadableState, decode
from state.lines import Lines

Read = Callable[[], bytes | None]


class StateDamaged(Exception):
    """No version of the state can be read; the text says what to do."""


class Version(NamedTuple):
    """A version of the state. `fault` says why it is not the latest one, `why` the same for people."""

    data: bytes | None  # None: there is none
    state: State
    lines: Lines
    fault: ProblemKind | None = None
    why: str = ""


def choose(path: Path, read: Read, read_bak: Read, *, is_new: bool) -> Version:
    """The version that a start uses. `is_new`: no server has ever saved a state here.

    Raises StateDamaged, and whatever the readers raise.
    """
    data = read()
    if data is None:
        return _without_file(path, read_bak(), is_new=is_new)
    try:
        return Version(data, *decode(data))
    except UnknownVersion as error:
        raise StateDamaged(f"{path}: {error}. Start the version of this program that wrote it.") from None
    except UnreadableState as error:
        return _without_whole_file(path, f"cannot be read: {error}", read_bak())


def read_version(path: Path, *, is_new: bool) -> Version:
    """The same without owning the files: the server may be running. Raises StateDamaged or OSError."""
    return choose(path, lambda: _read(path), lambda: _read(backup_path(path)), is_new=is_new)


def _read(path: Path) -> bytes | None:
    try:
        with open(path, "rb", opener=_open_at_once) as file:
            return file.read()
    except FileNotFoundError:
        return None


def _open_at_once(path: str, flags: int) -> int:
    return os.open(path, flags | os.O_NONBLOCK)  # a pipe would wait for its other end


def _without_file(path: Path, bak: bytes | None, *, is_new: bool) -> Version:
    if bak is None:
        return Version(None, State(), Lines({}), None if is_new else ProblemKind.VANISHED)
    why = f"{path} is missing, and {backup_path(path).name} cannot be read"
    state, lines = _decode_bak(bak, why, "Put a backup in its place, or move it away to start empty.")
    return Version(bak, state, lines, ProblemKind.MISSING, "is missing")


def _without_whole_file(path: Path, why: str, bak: bytes | None) -> Version:
    name = backup_path(path).name
    if bak is None:
        cure = "Put a backup in its place, or move it away to start empty."
        raise StateDamaged(f"{path} {why}; there is no {name}. {cure}")
    cure = "Put a backup in its place, or move both files away to start empty."
    state, lines = _decode_bak(bak, f"{path} {why}; {name} cannot be read either", cure)
    return Version(bak, state, lines, ProblemKind.DAMAGED, why)


def _decode_bak(data: bytes, why: str, cure: str) -> tuple[State, Lines]:
    try:
        return decode(data)
    except (UnreadableState, UnknownVersion) as error:
        raise StateDamaged(f"{why}: {error}. {cure}") from None
