"""From a path to a store: the lock, what a killed process left, the file, or its last good version."""

import logging
import os
from datetime import datetime
from pathlib import Path

from filelock import FileLock, Timeout, lock_descriptor

from state.decoding import UnknownVersion, Unreadable, decode
from state.disk import Disk
from state.lines import Lines
from state.model import State
from state.store import Store
from state.trouble import Problem, Trouble

log = logging.getLogger("store")

STAMP = "%Y%m%dT%H%M%SZ"  # a time in the name of a file


class AlreadyRunning(Exception):
    """Another process owns the state; the text says which."""


class Damaged(Exception):
    """No version of the state can be read; the text says what to do."""


def open_store(path: Path, now: datetime) -> Store:
    """Own the state in `path`, which need not exist yet.

    Raises AlreadyRunning, Damaged, Refused (not a file to trust), or OSError.
    """
    disk = Disk(path)
    try:
        held = lock(path, disk.directory)
        disk.sweep()
        state, lines, notice = _load(disk, now)
    except BaseException:
        disk.close()
        raise
    return Store(disk, state, lines, release=held.release, notice=notice)


def lock(path: Path, directory: int) -> FileLock:
    """Own the directory. Raises AlreadyRunning or OSError.

    The state file itself is never locked: some locks truncate what they lock.
    """
    lock_path = path.with_name("state.lock")
    held = FileLock(lock_path, mode=0o600, thread_local=False, fallback_to_soft=False, on_acquired=_write_pid)
    try:
        held.acquire(timeout=0)
    except Timeout:
        holder = lock_path.read_text(errors="replace").strip() or "unknown"
        raise AlreadyRunning(f"already running: process {holder} owns {path}") from None
    # The lock file can be deleted under its holder; the directory cannot.
    if not lock_descriptor(directory, blocking=False):
        raise AlreadyRunning(
            f"already running: another process owns {path.parent}, though its lock file is gone"
        )
    return held


def _write_pid(descriptor: int) -> None:
    os.ftruncate(descriptor, 0)
    os.pwrite(descriptor, f"{os.getpid()}\n".encode(), 0)


def _load(disk: Disk, now: datetime) -> tuple[State, Lines, Problem | None]:
    """The state, its lines, and what people must know about how it was found."""
    data = disk.read()
    try:
        if data is not None:
            state, lines = decode(data)
            return state, lines, _untold(disk, state)
        why = "is missing"
    except UnknownVersion as error:
        raise Damaged(f"{disk.path}: {error}. Start the version of this program that wrote it.") from None
    except Unreadable as error:
        why = f"cannot be read: {error}"
    return _load_bak(disk, why, now if data is not None else None)


def _untold(disk: Disk, state: State) -> Problem | None:
    """Of a damaged file that was kept aside, and that no digest has told of: no restart hushes it up."""
    names = [path.name for path in disk.path.parent.iterdir()]
    kept = max((name for name in names if name.startswith(_kept_name(disk, ""))), default=None)
    posted = [record.posted for record in state.channels.values() if record.posted]
    if kept is None or (posted and kept <= _kept_name(disk, f"{max(posted):{STAMP}}")):
        return None
    return _noticed(Trouble.DAMAGED, disk, "was damaged", kept)


def _load_bak(disk: Disk, why: str, damaged_at: datetime | None) -> tuple[State, Lines, Problem | None]:
    data = disk.read_bak()
    if data is None and damaged_at is None:
        return State(), Lines({}), None  # a first start
    try:
        state, lines = decode(data or b"")
    except (Unreadable, UnknownVersion) as error:
        raise Damaged(
            f"{disk.path} {why}; {disk.bak_path.name} cannot be read either: {error}. "
            "Put a back-up in its place, or move both files away to start with nothing."
        ) from None
    if damaged_at is None:
        return state, lines, _noticed(Trouble.MISSING, disk, why)
    kept = _kept_name(disk, f"{damaged_at:{STAMP}}")
    disk.set_aside(kept)
    return state, lines, _noticed(Trouble.DAMAGED, disk, why, kept)


def _kept_name(disk: Disk, damaged_at: str) -> str:
    """Of a damaged file, so that nothing takes its place."""
    return f"{disk.path.name}.corrupt-{damaged_at}"


def _noticed(kind: Trouble, disk: Disk, why: str, kept: str = "") -> Problem:
    notice = f"{disk.path.name} {why}; the version before it is in use"
    if kept:
        notice += f", and the damaged one is kept as {kept}"
    log.error("%s", notice)
    return Problem(notice, kind, disk.path.name, kept)
