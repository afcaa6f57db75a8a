"""The whole state as the bytes of one file: to be kept or moved, and to be put in place again."""

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from pathlib import Path

from state.atomic_file import AtomicFile
from state.decoding import UnknownVersion, UnreadableState, decode
from state.loading import TIMESTAMP_FORMAT, StateDamaged, lock


class InvalidBackup(StateDamaged):
    """What was to be imported is no state for this program; the text says what to do."""


def read_state(path: Path) -> bytes:
    """All that the file holds, checked. The server may be running: it replaces the file, and never edits it.

    Raises Damaged or OSError.
    """
    cure = "start the server, which goes on with the version before it, or name the right --config"
    try:
        data = path.read_bytes()
        decode(data)
    except FileNotFoundError:
        raise StateDamaged(f"there is no {path} to export; {cure}") from None
    except UnknownVersion as error:
        raise StateDamaged(
            f"{path}: {error}. Export it with the version of this program that wrote it."
        ) from None
    except UnreadableState as error:
        raise StateDamaged(f"{path} cannot be read: {error}; {cure}") from None
    return data


def check_backup(data: bytes) -> int:
    """How many hosts such a state knows. Raises InvalidBackup."""
    try:
        return len(decode(data)[0].hosts)
    except UnknownVersion as error:
        cure = "import it with the version of this program that exported it, or a later one"
        raise InvalidBackup(f"{error}; {cure}") from None
    except UnreadableState as error:
        raise InvalidBackup(f"{error}; export it again, or take another back-up") from None


def replace_state(path: Path, data: bytes, now: datetime) -> None:
    """Make `data` the state of the next start, durably, and the state before it its `.bak`.

    Whenever it is killed, the old or the new state is there. Done twice, it is as if done once.
    Raises InvalidBackup, AlreadyRunning, Refused or OSError, and then nothing has changed.
    """
    check_backup(data)
    _become_owner(path.parent)
    with _owned(path) as file:
        file.sweep()
        before = file.read()
        if before == data:
            return
        if before is not None and _is_damaged(before) and file.read_bak() is not None:
            # As .bak it would take the place of a whole one.
            file.quarantine(f"{path.name}.replaced-{now:{TIMESTAMP_FORMAT}}")
        file.replace([data])


def _become_owner(directory: Path) -> None:
    """What root alone can read and lock, the server could not start with."""
    with suppress(FileNotFoundError):
        owner = directory.stat()
        if os.geteuid() == 0:
            os.setegid(owner.st_gid)
            os.seteuid(owner.st_uid)


@contextmanager
def _owned(path: Path) -> Iterator[AtomicFile]:
    file = AtomicFile(path)
    try:
        held = lock(path, file.directory)
        try:
            yield file
        finally:
            held.release()
    finally:
        file.close()


def _is_damaged(data: bytes) -> bool:
    try:
        decode(data)
    except UnknownVersion:
        return False
    except UnreadableState:
        return True
    return False
