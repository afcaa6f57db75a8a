"""--export and --import: copy the state to or from a file (none of the server's) or, for -, a stream."""

import os
import stat
import sys
from contextlib import suppress
from datetime import datetime
from functools import partial
from pathlib import Path

from config.files import describe
from lifecycle import streams
from state.atomic_file import UnsafeFile, backup_path
from state.backup import InvalidBackup, read_state, replace_state
from state.loading import LOCK_NAME, AlreadyRunning

STANDARD = "-"
BEGINNING = b'{"version":'  # of every state file


def export_state(state_file: Path, target: str) -> None:
    """Raises StateDamaged, UnsafeFile or OSError."""
    data, hosts = read_state(state_file)
    if target == STANDARD:
        sys.stdout.buffer.write(data)
        streams.check_written()
        return
    path = Path(target).absolute()
    _check_target(path, state_file)
    try:
        _write(path, data)
    except OSError as error:
        raise OSError(f"cannot export to {path}: {describe(error, path.parent)}") from None
    print(f"hosts exported to {path}: {hosts}")


def import_state(state_file: Path, source: str, now: datetime) -> None:
    """Raises InvalidBackup, AlreadyRunning, UnsafeFile or OSError, having changed nothing."""
    try:
        data = sys.stdin.buffer.read() if source == STANDARD else Path(source).read_bytes()
    except OSError as error:
        raise OSError(f"cannot read what to import: {describe(error)}") from None
    try:
        replaced = replace_state(state_file, data, now)
    except InvalidBackup as error:
        raise InvalidBackup(f"cannot import {source}: {error}") from None
    except AlreadyRunning as error:
        raise AlreadyRunning(f"{error}; stop it, import, and start it again") from None
    except OSError as error:
        raise OSError(f"cannot import into {state_file}: {describe(error, state_file)}") from None
    print(f"hosts imported into {state_file}: {replaced.hosts}")
    if replaced.is_damaged:
        print(f"the previous state was damaged, and is kept as {replaced.kept}")
    elif replaced.kept:
        print(f"the previous state is in {replaced.kept} until the server saves for the first time")


def _check_target(target: Path, state_file: Path) -> None:
    own = {state_file.name, backup_path(state_file).name, LOCK_NAME}
    if target.name in own and target.parent.resolve() == state_file.parent.resolve():
        raise UnsafeFile(f"{target} belongs to the server; export to another file")
    with suppress(FileNotFoundError):
        if not stat.S_ISREG(target.lstat().st_mode):
            raise UnsafeFile(f"{target} is not a regular file; export to another file, or to - for a pipe")
        with target.open("rb") as file:
            if file.read(len(BEGINNING)) not in (b"", BEGINNING):
                raise UnsafeFile(f"{target} is not an earlier export; export to another file")


def _write(path: Path, data: bytes) -> None:
    """Write the file atomically and durably, readable by nobody else."""
    temporary = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    try:
        with open(temporary, "xb", opener=partial(os.open, mode=0o600)) as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(path)
    except BaseException:
        with suppress(OSError):
            temporary.unlink()
        raise
    directory = os.open(path.parent, os.O_RDONLY | os.O_DIRECTORY)
    os.fsync(directory)
    os.close(directory)
