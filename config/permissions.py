"""Explains a file error: what failed, and who may do it if a permission is missing."""

import errno
import os
import pwd
import stat
from pathlib import Path

DENIED = (errno.EACCES, errno.EPERM)


def describe(error: OSError, path: Path | None = None) -> str:
    """What failed and at which file, with the remedy if a permission is missing.

    `path` is the file that was to be used, where `error` may name only a part of it.
    """
    if error.strerror is None:
        return str(error)
    name = os.fsdecode(error.filename) if isinstance(error.filename, str | bytes | os.PathLike) else ""
    text = f"{error.strerror}: {name!r}" if name else error.strerror
    if not (path or name):
        return text
    place = Path(name).absolute() if path is None or name.startswith("/") else path
    return text + cure(error, place)


def cure(error: OSError, path: Path) -> str:
    """`; run this as …` if a permission is missing, or else an empty string."""
    return f"; {remedy(path.absolute())}" if error.errno in DENIED else ""


def remedy(path: Path) -> str:
    """Who may use `path`, or its nearest ancestor that this user can see."""
    nearest = next(place for place in (path, *path.parents) if os.path.lexists(place))
    status, user = nearest.lstat(), os.geteuid()
    owner = status.st_uid
    if owner == user:
        return f"it is yours: check its permissions with ls -ld {nearest}"
    if not stat.S_ISDIR(status.st_mode) and nearest.parent.lstat().st_uid == user:
        # Such as a file left by a first run as root in the service's directory.
        return f"{nearest} belongs to {_name(owner)}; make it yours, as root, with: chown {user} {nearest}"
    return f"run this as {_name(owner)}, who owns {nearest}{', or as root' if owner else ''}"


def _name(user: int) -> str:
    try:
        return pwd.getpwuid(user).pw_name
    except KeyError:
        return f"user {user}"
