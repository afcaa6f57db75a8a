"""Export and import of the whole state."""

import os
from contextlib import ExitStack, closing, suppress
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

from state.atomic_file import AtomicFile, backup_path
from state.decoding import UnknownVersion, UnreadableState, decode
from state.loading import StateDamaged, lock, read_current
from state.notices import TIMESTAMP_FORMAT


class Replaced(NamedTuple):
    """An import: how many hosts it brought, and what became of the state before it."""

    hosts: int
    kept: Path | None  # where the state before it is now; None if there was none
    is_damaged: bool = False  # so nobody can go back to it


class InvalidBackup(StateDamaged):
    """The data to be imported is not a state file of this program; the text says what to do."""


def read_state(path: Path) -> tuple[bytes, int]:
    """Read and check the state file, even of a running server: its bytes, and the number of its hosts.

    Raises StateDamaged, UnsafeFile or OSError.
    """
    version = read_current(path)
    if version.data is None:
        raise StateDamaged(f"there is no {path} to export; name the right --config")
    if version.fault:
        hint = "start the server, which uses the previous version, or pass the right --config"
        raise StateDamaged(f"cannot export {path}: it {version.why}; {hint}")
    return version.data, len(version.state.hosts)


def check_backup(data: bytes) -> int:
    """The number of hosts in it. Raises InvalidBackup."""
    try:
        return len(decode(data)[0].hosts)
    except UnknownVersion as error:
        hint = "import it with the version of this program that exported it, or a later one"
        raise InvalidBackup(f"{error}; {hint}") from None
    except UnreadableState as error:
        raise InvalidBackup(f"{error}; export it again, or use another backup") from None


def replace_state(path: Path, data: bytes, now: datetime) -> Replaced:
    """Make `data` the state of the next start, durably, and keep the previous one, as `.bak` if possible.

    Idempotent. If it is killed, either the old state or the new one is in place.
    Raises InvalidBackup, AlreadyRunning, UnsafeFile or OSError, and then nothing has changed.
    """
    hosts = check_backup(data)
    _become_owner(path.parent)
    with ExitStack() as stack:
        file = stack.enter_context(closing(AtomicFile(path)))
        stack.callback(lock(path, file.directory).release)
        file.sweep()
        before = file.read()
        if before == data:
            bak = file.read_bak()
            kept = None if bak is None else backup_path(path)
            return Replaced(hosts, kept, bak is not None and _is_damaged(bak))
        is_damaged = before is not None and _is_damaged(before)
        kept = backup_path(path)
        if is_damaged and file.read_bak() is not None:  # it must not replace a good .bak
            kept = path.with_name(f"{path.name}.replaced-{now:{TIMESTAMP_FORMAT}}")
            file.quarantine(kept.name)
        file.replace([data])
        return Replaced(hosts, None if before is None else kept, is_damaged)


def _become_owner(directory: Path) -> None:
    """Drop root's rights for those of the folder's owner, or the server could not read the files."""
    with suppress(FileNotFoundError):
        owner = directory.stat()
        if os.geteuid() == 0:
            os.setegid(owner.st_gid)
            os.seteuid(owner.st_uid)


def _is_damaged(data: bytes) -> bool:
    try:
        decode(data)
    except (UnknownVersion, UnreadableState) as error:
        return isinstance(error, UnreadableState)
    return False
