"""Export and import of the whole state."""

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from pathlib import Path

from state.atomic_file import AtomicFile
from state.decoding import UnknownVersion, UnreadableState, decode
from state.loading import lock, read_current
from state.notices import TIMESTAMP_FORMAT
from state.versions import StateDamaged


class InvalidBackup(StateDamaged):
    """The data to be imported is not a state file of this program; the text says what to do."""


def read_state(path: Path) -> bytes:
    """Read and check the state file. The server may be running, for it never edits the file in place.

    Raises StateDamaged or OSError.
    """
    version = read_current(path)
    if version.data is None:
        raise StateDamaged(f"there is no {path} to export; name the right --config")
    if version.fault:
        cure = "start the server, which uses the previous version, or pass the right --config"
        raise StateDamaged(f"cannot export {path}: it {version.why}; {cure}")
    return version.data


def check_backup(data: bytes) -> int:
    """Return the number of hosts in a backup. Raises InvalidBackup."""
    try:
        return len(decode(data)[0].hosts)
    except UnknownVersion as error:
        cure = "import it with the version of this program that exported it, or a later one"
        raise InvalidBackup(f"{error}; {cure}") from None
    except UnreadableState as error:
        raise InvalidBackup(f"{error}; export it again, or use another backup") from None


def replace_state(path: Path, data: bytes, now: datetime) -> None:
    """Make `data` the state of the next start, durably, and the state before it the `.bak`.

    Idempotent. If it is killed, the old state or the new one is in place.
    Raises InvalidBackup, AlreadyRunning, UnsafeFile or OSError, and then nothing has changed.
    """
    check_backup(data)
    _become_owner(path.parent)
    with _locked(path) as file:
        file.sweep()
        before = file.read()
        if before == data:
            return
        if before is not None and _is_damaged(before) and file.read_bak() is not None:
            # It would replace a good .bak.
            file.quarantine(f"{path.name}.replaced-{now:{TIMESTAMP_FORMAT}}")
        file.replace([data])


def _become_owner(directory: Path) -> None:
    """Drop root's rights for those of the folder's owner, or the server could not read the files."""
    with suppress(FileNotFoundError):
        owner = directory.stat()
        if os.geteuid() == 0:
            os.setegid(owner.st_gid)
            os.seteuid(owner.st_uid)


@contextmanager
def _locked(path: Path) -> Iterator[AtomicFile]:
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
