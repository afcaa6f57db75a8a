"""What to say of a file that this user cannot use: what is wrong, and who can."""

import errno
import os
import pwd
import stat
from pathlib import Path

DENIED = (errno.EACCES, errno.EPERM)


def told(error: OSError, path: Path | None = None) -> str:
    """What failed, and at which file; if a permission is missing, the cure as well.

    `path` is what was to be used, where the error may name it by a part only.
    """
    if error.strerror is None:
        return str(error)
    name = os.fsdecode(error.filename) if isinstance(error.filename, str | bytes | os.PathLike) else ""
    said = f"{error.strerror}: {name!r}" if name else error.strerror
    if error.errno not in DENIED or not (path or name):
        return said
    place = Path(name).absolute() if path is None or name.startswith("/") else path
    return f"{said}; {cure(place)}"


def cure(path: Path) -> str:
    """For who may not use `path`, which need not be visible: who may."""
    nearest = next(place for place in (path, *path.parents) if os.path.lexists(place))
    found, user = nearest.lstat(), os.geteuid()
    owner = found.st_uid
    if owner == user:
        return f"it is yours: look at its permissions with ls -ld {nearest}"
    if not stat.S_ISDIR(found.st_mode) and nearest.parent.lstat().st_uid == user:
        # As after a first run by root, beside what is the service's.
        return f"{nearest} belongs to {_name(owner)}; make it yours, as root, with: chown {user} {nearest}"
    return f"run this as {_name(owner)}, who owns {nearest}{', or as root' if owner else ''}"


def _name(user: int) -> str:
    try:
        return pwd.getpwuid(user).pw_name
    except KeyError:
        return f"user {user}"
