"""Opening the store: lock the folder, clean up, and read the file or its last good version."""

import logging
import os
from contextlib import suppress
from datetime import datetime
from functools import partial
from pathlib import Path

from filelock import FileLock, Timeout, lock_descriptor

from hosts.model import State
from hosts.problems import Problem, ProblemKind
from state.atomic_file import AtomicFile, backup_path
from state.decoding import UnknownVersion, UnreadableState, decode
from state.lines import Lines
from state.store import LoadedState, Store

log = logging.getLogger("store")

LOCK_NAME = "state.lock"  # beside the state file; holds the owner's process id
NOTHING_SAVED = "nothing saved yet"  # in the lock file until the first save
TIMESTAMP_FORMAT = "%Y%m%dT%H%M%SZ"  # in file names
# Files with these names beside the state remind later starts of what an earlier one found.
MARKER_NAMES = {ProblemKind.DAMAGED: "corrupt", ProblemKind.MISSING: "missing"}


class AlreadyRunning(Exception):
    """Another process owns the state; the text says which one."""


class StateDamaged(Exception):
    """No version of the state can be read; the text says what to do."""


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
    """Lock the folder. Raises AlreadyRunning or OSError.

    The state file itself is never locked, for some locks truncate the locked file.
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
    data = file.read()
    if data is None:
        return _without_file(file, now, is_new=is_new)
    try:
        state, lines = decode(data)
    except UnknownVersion as error:
        raise StateDamaged(
            f"{file.path}: {error}. Start the version of this program that wrote it."
        ) from None
    except UnreadableState as error:
        return _without_whole_file(file, f"cannot be read: {error}", now)
    return LoadedState(state, lines, _unreported(file, state))


def _without_file(file: AtomicFile, now: datetime, *, is_new: bool) -> LoadedState:
    bak = file.read_bak()
    if bak is None:
        return LoadedState(State(), Lines({}), None if is_new else _vanished_notice(file))
    why = f"{file.path} is missing, and {file.bak_path.name} cannot be read"
    state, lines = _decode_bak(bak, why, "Put a backup in its place, or move it away to start empty.")
    with suppress(OSError):  # on a full disk, only later starts will not know
        file.create_empty(_marker(file, ProblemKind.MISSING, now))
    return LoadedState(state, lines, _notice(ProblemKind.MISSING, file, "is missing"), is_behind=True)


def _without_whole_file(file: AtomicFile, why: str, now: datetime) -> LoadedState:
    bak = file.read_bak()
    if bak is None:
        cure = "Put a backup in its place, or move it away to start empty."
        raise StateDamaged(f"{file.path} {why}; there is no {file.bak_path.name}. {cure}")
    cure = "Put a backup in its place, or move both files away to start empty."
    state, lines = _decode_bak(bak, f"{file.path} {why}; {file.bak_path.name} cannot be read either", cure)
    kept = _marker(file, ProblemKind.DAMAGED, now)
    file.quarantine(kept)
    return LoadedState(state, lines, _notice(ProblemKind.DAMAGED, file, why, kept), is_behind=True)


def _decode_bak(data: bytes, why: str, cure: str) -> tuple[State, Lines]:
    try:
        return decode(data)
    except (UnreadableState, UnknownVersion) as error:
        raise StateDamaged(f"{why}: {error}. {cure}") from None


def _unreported(file: AtomicFile, state: State) -> Problem | None:
    """What an earlier start found, unless a digest has reported it since."""
    names = [path.name for path in file.path.parent.iterdir()]
    posted = [record.posted for record in state.channels.values() if record.posted]
    for kind in MARKER_NAMES:
        marker = max((name for name in names if name.startswith(_marker(file, kind))), default=None)
        if marker and not (posted and marker <= _marker(file, kind, max(posted))):
            kept = marker if kind is ProblemKind.DAMAGED else ""
            return _notice(kind, file, f"was {'damaged' if kept else 'missing'}", kept)
    return None


def _marker(file: AtomicFile, kind: ProblemKind, at: datetime | None = None) -> str:
    """The name of a marker file, or without a time its prefix."""
    return f"{file.path.name}.{MARKER_NAMES[kind]}-{f'{at:{TIMESTAMP_FORMAT}}' if at else ''}"


def _notice(kind: ProblemKind, file: AtomicFile, why: str, kept: str = "") -> Problem:
    notice = f"{file.path.name} {why}; the version before it is in use"
    if kept:
        notice += f", and the damaged one is kept as {kept}"
    log.error("%s", notice)
    return Problem(notice, kind, file.path.name, kept)


def _vanished_notice(file: AtomicFile) -> Problem:
    name = file.path.name
    found = f"{name} is missing from {file.path.parent}, but {LOCK_NAME} shows that a server has run there"
    notice = f"{found}: starting empty; restore a backup if you have one"
    log.error("%s", notice)
    return Problem(notice, ProblemKind.VANISHED, name)
