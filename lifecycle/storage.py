"""Whether the state can be kept, and kept safely, where the configuration says."""

import os
import stat
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from config.files import has_login, owner_name, permission_hint
from state.atomic_file import UnsafeFile, backup_path, folder_as_backup, unsafe
from state.loading import LOCK_NAME, StateDamaged, read_current
from state.mounts import not_replaceable


def storage_warnings(state_file: Path) -> Iterator[str]:
    """What would stop or endanger a server started by the user that runs this."""
    lock = state_file.with_name(LOCK_NAME)
    of_files = _unsafe(state_file), folder_as_backup(state_file), _unusable(lock)
    for wrong in filter(None, (unusable_folder(state_file.parent), *of_files)):
        yield f"cannot keep the state in {state_file} (state_file): {wrong}"
    try:
        read_current(state_file)
    except StateDamaged as error:
        yield str(error)
    except (OSError, UnsafeFile):
        pass  # reported above
    yield from filter(None, (not_replaceable(state_file), not_replaceable(backup_path(state_file))))
    yield from writable_by_others(state_file.parent)


def missing_state(state_file: Path) -> str | None:
    """What to say if nothing has been saved there. None if it cannot be read: that is reported elsewhere."""
    with suppress(OSError, StateDamaged, UnsafeFile):
        if read_current(state_file).data is None:
            return f"there is no state in {state_file} (state_file) yet: a server would start empty"
    return None


def unusable_folder(folder: Path) -> str | None:
    """Why this user cannot keep files in a folder, which need not exist yet, and what to do about it."""
    place = next(each for each in (folder, *folder.parents) if os.path.lexists(each))
    try:
        found = place.stat()
    except OSError as error:
        broken = f"{place} is a link to {place.readlink()}: {error.strerror}"
        return f"{broken}; create its target, or remove the link"
    if not stat.S_ISDIR(found.st_mode):
        return f"{place} is not a folder; move it away, or name another state_file"
    if os.statvfs(place).f_flag & os.ST_RDONLY:
        return f"{place} is on a read-only file system"
    if os.access(place, os.R_OK | os.W_OK | os.X_OK):
        return None
    return f"{place} is not writable; {_writing_hint(folder, place, found.st_uid)}"


def _writing_hint(folder: Path, place: Path, owner: int) -> str:
    """`place` is the folder, or its nearest ancestor that is there."""
    if owner == os.geteuid():
        return permission_hint(place)
    make = "" if place == folder else f"mkdir -p {folder} && "
    give = f"give it to this user, as root: {make}chown {os.geteuid()} {folder}"
    if has_login(os.geteuid()):
        return f"{permission_hint(place)}; or {give}"
    return f"{place} belongs to {owner_name(owner)}; {give}"


def writable_by_others(folder: Path) -> Iterator[str]:
    with suppress(OSError):
        mode = folder.stat().st_mode
        if mode & (stat.S_IWGRP | stat.S_IWOTH):
            who = "everybody" if mode & stat.S_IWOTH else "its group"
            yield f"{who} may write to {folder}, and so replace the state; fix it with: chmod go-w {folder}"


def _unsafe(state_file: Path) -> str | None:
    """Why a server would refuse the file: one of this user, or of the folder's owner if this is root."""
    with suppress(OSError):  # there is none, or the folder has been reported
        user = os.geteuid() or state_file.parent.stat().st_uid
        return unsafe(state_file, state_file.lstat(), user)
    return None


def _unusable(lock: Path) -> str | None:
    with suppress(OSError):
        if not stat.S_ISREG(lock.lstat().st_mode):
            return f"{lock} is not a regular file; remove it"
        if not os.access(lock, os.R_OK | os.W_OK):
            return f"{lock} is not writable; {permission_hint(lock)}"
    return None
