"""Opening the store: lock the folder, clean up, and read the file or its last good version."""

import os
import stat
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import NamedTuple

from filelock import FileLock, Timeout, lock_descriptor

from hosts.model import State
from hosts.problems import ProblemKind
from state.atomic_file import AtomicFile, UnsafeFile, backup_path
from state.decoding import UnknownVersion, UnreadableState, decode
from state.lines import Lines
from state.notices import channels_waiting, marker_name, markers, notice
from state.store import LoadedState, Store

Read = Callable[[], bytes | None]
LOCK_NAME = "state.lock"  # beside the state file; holds the owner's process id
NOTHING_SAVED = "nothing saved yet"  # in the lock file until the first save


class StateDamaged(Exception):
    """No version of the state can be read; the text says what to do."""


class Version(NamedTuple):
    """A version of the state. `fault` is why it is not the latest one, and `why` says so to people."""

    data: bytes | None  # None if there is no such file
    state: State
    lines: Lines
    fault: ProblemKind | None = None
    why: str = ""


def choose_version(path: Path, read: Read, read_bak: Read, *, is_new: bool) -> Version:
    """The version to start with. `is_new`: no server has ever saved a state here. Raises StateDamaged."""
    data = read()
    if data is None:
        return _without_file(path, read_bak(), is_new=is_new)
    try:
        return Version(data, *decode(data))
    except UnknownVersion as error:
        raise StateDamaged(f"{path}: {error}. Start the version of this program that wrote it.") from None
    except UnreadableState as error:
        return _with_damaged_file(path, f"cannot be read: {error}", read_bak())


def read_current(path: Path) -> Version:
    """The version that a start would use now. The server may be running.

    Raises StateDamaged, UnsafeFile or OSError.
    """
    return choose_version(path, lambda: _read(path), lambda: _read(backup_path(path)), is_new=_is_new(path))


def _read(path: Path) -> bytes | None:
    try:
        # Opening a pipe would wait for its other end.
        with open(path, "rb", opener=lambda name, flags: os.open(name, flags | os.O_NONBLOCK)) as file:
            if stat.S_ISREG(os.fstat(file.fileno()).st_mode):
                return file.read()
    except IsADirectoryError:
        pass
    except FileNotFoundError:
        return None
    raise UnsafeFile(f"{path} is not a regular file; move it away")


def _without_file(path: Path, bak: bytes | None, *, is_new: bool) -> Version:
    if bak is None:
        return Version(None, State(), Lines({}), None if is_new else ProblemKind.VANISHED)
    why = f"{path} is missing, and {backup_path(path).name} cannot be read"
    state, lines = _decode_bak(bak, why, "Put a backup in its place, or move it away to start empty.")
    return Version(bak, state, lines, ProblemKind.MISSING, "is missing")


def _with_damaged_file(path: Path, why: str, bak: bytes | None) -> Version:
    name = backup_path(path).name
    if bak is None:
        hint = "Put a backup in its place, or move it away to start empty."
        raise StateDamaged(f"{path} {why}; there is no {name}. {hint}")
    hint = "Put a backup in its place, or move both files away to start empty."
    state, lines = _decode_bak(bak, f"{path} {why}; {name} cannot be read either", hint)
    return Version(bak, state, lines, ProblemKind.DAMAGED, why)


def _decode_bak(data: bytes, why: str, hint: str) -> tuple[State, Lines]:
    try:
        return decode(data)
    except (UnreadableState, UnknownVersion) as error:
        raise StateDamaged(f"{why}: {error}. {hint}") from None


class AlreadyRunning(Exception):
    """Another process owns the state; the text says which one."""


def open_store(path: Path, now: datetime) -> Store:
    """Lock and load the state in `path`, which need not exist yet.

    Raises AlreadyRunning, StateDamaged, UnsafeFile or OSError.
    """
    file = AtomicFile(path)
    try:
        is_new = _is_new(path)
        held = lock(path, file.directory)
        file.sweep()
        loaded = _load(file, now, is_new=is_new)
    except BaseException:
        file.close()
        raise
    on_first_save = partial(_write_owner, path.with_name(LOCK_NAME)) if is_new else None
    return Store(file, loaded, release=held.release, on_first_save=on_first_save)


def lock(path: Path, directory: int) -> FileLock:
    """Lock the folder until the caller releases the lock. Raises AlreadyRunning or OSError.

    `path` is that of the state file, and `directory` a descriptor of its folder. The state file itself is
    never locked, because some locks truncate the locked file.
    """
    lock_path = path.with_name(LOCK_NAME)
    own = partial(_write_owner, note=f"{NOTHING_SAVED}\n" if _is_new(path) else "")
    held = FileLock(lock_path, mode=0o600, thread_local=False, fallback_to_soft=False, on_acquired=own)
    try:
        held.acquire(timeout=0)
    except Timeout:
        holder, _, _ = lock_path.read_text(errors="replace").partition("\n")
        holder = holder.strip() or "unknown"
        raise AlreadyRunning(f"already running: process {holder} owns {path}") from None
    # The lock file can be deleted while it is held; the directory cannot.
    if not lock_descriptor(directory, blocking=False):
        raise AlreadyRunning(
            f"already running: another process owns {path.parent}, though its lock file is gone"
        )
    return held


def _is_new(path: Path) -> bool:
    """Whether no server has ever saved a state in this folder."""
    if path.exists() or backup_path(path).exists():
        return False
    try:
        return NOTHING_SAVED in path.with_name(LOCK_NAME).read_text(errors="replace")
    except FileNotFoundError:
        return True


def _write_owner(lock_file: int | Path, note: str = "") -> None:
    with open(lock_file, "r+b", buffering=0, closefd=isinstance(lock_file, Path)) as file:
        file.truncate()
        file.write(f"{os.getpid()}\n{note}".encode())


def _load(file: AtomicFile, now: datetime, *, is_new: bool) -> LoadedState:
    version = choose_version(file.path, file.read, file.read_bak, is_new=is_new)
    state, name, fault = version.state, file.path.name, version.fault
    found = markers(file.path)
    # The record of what was reported went with the state, so all older markers count as reported.
    is_lost = fault is ProblemKind.VANISHED
    state.unreported = dict.fromkeys(found, ()) if is_lost else channels_waiting(name, state, found)
    notices = [notice(name, m, kind) for m, kind in found.items() if state.unreported.get(m) != ()]
    if fault:
        marker = _leave_marker(file, fault, now)
        state.unreported.pop(marker, None)
        notices.append(notice(name, marker, fault, version.why))
    return LoadedState(state, version.lines, notices, is_behind=fault is not None)


def _leave_marker(file: AtomicFile, fault: ProblemKind, now: datetime) -> str:
    marker = marker_name(file.path.name, fault, now)
    if fault is ProblemKind.DAMAGED:
        file.quarantine(marker)
    else:
        with suppress(OSError):  # if the disk is full, later starts just will not know
            file.create_empty(marker)
    return marker
