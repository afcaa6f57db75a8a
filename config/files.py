"""Reading files with a time limit, since a dead network mount never answers, and explaining errors."""

import errno
import grp
import os
import pwd
import stat
import threading
from collections.abc import Callable
from concurrent.futures import Future, wait
from pathlib import Path
from typing import Any, TypeVar

T = TypeVar("T")

READ_TIMEOUT = 5  # seconds for each call; a local disk takes milliseconds
MAX_PENDING = 3  # unanswered calls for one path: each occupies a thread, and a service may have few
KINDS = {
    stat.S_IFIFO: "a pipe",
    stat.S_IFSOCK: "a socket",
    stat.S_IFCHR: "a device",
    stat.S_IFBLK: "a device",
}
_pending: dict[Path, list[Future[Any]]] = {}


def read_file(path: Path, limit: int) -> tuple[bytes, os.stat_result]:
    """Read a regular file of at most `limit` bytes.

    Raises OSError, also for anything but a regular file, and if the file system does not answer.
    """
    return call_with_timeout(path, lambda: _read(path, limit))


def status_of(path: Path) -> os.stat_result | None:
    """Of a regular file; only that, so nobody is told to close /tmp."""
    try:
        found = call_with_timeout(path, path.stat)
    except OSError:  # gone since it was read; the reloader notices
        return None
    return found if stat.S_ISREG(found.st_mode) else None


def exposure(path: Path, found: os.stat_result, *, is_secret: bool) -> str | None:
    """What others may do with a file that is for its owner to change, and a secret for few to read."""
    mode = found.st_mode
    rights = ("r" if is_secret and mode & stat.S_IROTH else "") + ("w" if mode & stat.S_IWOTH else "")
    is_shared = mode & stat.S_IWGRP and not _is_private_group(found.st_gid, found.st_uid)
    takes = [*(["g-w"] if is_shared else []), *([f"o-{rights}"] if rights else [])]
    if not takes:
        return None
    verb = {"r": "read", "w": "change", "rw": "read and change"}.get(rights)
    who = f"others on this machine can {verb} it" if verb else "its group can change it"
    return f"{path}: {who}; prevent that with: chmod {','.join(takes)} {path}"


def _is_private_group(group: int, user: int) -> bool:
    """Whether nobody but the user is in it: many systems make such a group for each user."""
    try:
        entry = grp.getgrgid(group)
    except KeyError:
        return group == user
    return entry.gr_name == owner_name(user) and set(entry.gr_mem) <= {entry.gr_name}


def call_with_timeout(path: Path, call: Callable[[], T]) -> T:
    """Return or raise what `call` does, or raise TimeoutError. `path` is what the call waits for.

    Nothing can interrupt a call into a dead network file system, so it is left running in its thread.
    """
    if len(_pending_calls(path)) >= MAX_PENDING:
        raise _no_answer()
    future: Future[T] = Future()

    def run() -> None:
        try:
            future.set_result(call())
        except BaseException as error:  # noqa: BLE001 - raised again in the waiting thread
            future.set_exception(error)

    threading.Thread(target=run, name=f"read {path}", daemon=True).start()
    wait([future], READ_TIMEOUT)
    if not future.done():
        _pending.setdefault(path, []).append(future)
        raise _no_answer()
    return future.result()


def has_pending_reads() -> bool:
    """Whether a call that timed out is still running; once it ends, reading is worth another try."""
    return any(_pending_calls(path) for path in list(_pending))


def _pending_calls(path: Path) -> list[Future[Any]]:
    pending = [call for call in _pending.pop(path, ()) if not call.done()]
    if pending:
        _pending[path] = pending
    return pending


def _read(path: Path, limit: int) -> tuple[bytes, os.stat_result]:
    # Checked before it is opened, because opening a device can have side effects, and without blocking,
    # because opening a pipe that has taken its place since would wait for a writer.
    _require_regular(path, path.stat())
    descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_NOCTTY | os.O_CLOEXEC)
    with os.fdopen(descriptor, "rb") as file:
        found = os.fstat(descriptor)
        _require_regular(path, found)
        os.set_blocking(descriptor, True)
        content = file.read(limit + 1)
    if len(content) > limit:
        raise OSError(errno.EFBIG, f"it is larger than {limit} bytes: is it the right file?", str(path))
    return content, found


def _require_regular(path: Path, found: os.stat_result) -> None:
    if stat.S_ISDIR(found.st_mode):
        raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), str(path))
    if not stat.S_ISREG(found.st_mode):
        kind = KINDS.get(stat.S_IFMT(found.st_mode), "something else")
        raise OSError(errno.EINVAL, f"it is {kind}; write the path of a regular file", str(path))


def _no_answer() -> TimeoutError:
    text = f"no answer within {READ_TIMEOUT:g} s; is it on a mount whose server is gone?"
    return TimeoutError(errno.ETIMEDOUT, text)


def describe(error: OSError, path: Path | None = None) -> str:
    """Say what failed with which file, and a hint if a permission is missing.

    `path` is the file that was meant; `error` may name only a part of it.
    """
    if error.strerror is None:
        return str(error)
    name = os.fsdecode(error.filename) if isinstance(error.filename, str | bytes | os.PathLike) else ""
    text = f"{error.strerror}: {name!r}" if name else error.strerror
    if not (path or name):
        return text
    place = Path(name).absolute() if path is None or name.startswith("/") else path
    return text + _permission_suffix(error, place)


def why_not(error: OSError, path: Path) -> str:
    """Say why a file of the configuration cannot be read, without its path, and what to do."""
    hint = f"; {_reading_hint(path.absolute())}" if isinstance(error, PermissionError) else ""
    return f"{error.strerror or error}{hint}"


def _permission_suffix(error: OSError, path: Path) -> str:
    """`; ` and a hint if a permission is missing, or else nothing."""
    return f"; {permission_hint(path.absolute())}" if isinstance(error, PermissionError) else ""


def _reading_hint(path: Path) -> str:
    """Say how to let this user read a file: unlike a person, a service cannot run anything with sudo."""
    nearest, status = _nearest(path)
    if status.st_uid == os.geteuid():
        return permission_hint(path)
    share = _sharing(nearest, status)
    if has_login(os.geteuid()):
        return f"{permission_hint(path)}; if a service runs as {owner_name(os.geteuid())}, {share}"
    return f"{nearest} belongs to {owner_name(status.st_uid)}; {share}"


def _sharing(place: Path, status: os.stat_result) -> str:
    """How to let this user read a file, or enter a folder, that belongs to somebody else."""
    name, group = owner_name(os.geteuid()), os.getegid()
    give = "" if status.st_gid in (group, *os.getgroups()) else f"chgrp {_group_name(group)} {place} && "
    if not stat.S_ISDIR(status.st_mode):
        return f"let {name} read it, as root, with: {give}chmod g+r {place}"
    if place.parent == place.parent.parent:  # such as /root, which is closed for good reason
        return "move the file out of it"
    return f"move the file out of it, or let {name} in, as root, with: {give}chmod g+x {place}"


def _nearest(path: Path) -> tuple[Path, os.stat_result]:
    """The path, or its nearest ancestor that this user can see."""
    nearest = next(place for place in (path, *path.parents) if os.path.lexists(place))
    return nearest, nearest.lstat()


def permission_hint(path: Path) -> str:
    """Say who may use `path`, or its nearest ancestor that this user can see."""
    (nearest, status), user = _nearest(path), os.geteuid()
    owner = status.st_uid
    if owner == user:
        return f"it is yours: check its permissions with ls -ld {nearest}"
    belongs = f"{nearest} belongs to {owner_name(owner)}"
    if not stat.S_ISDIR(status.st_mode) and nearest.parent.lstat().st_uid == user:
        # For instance, root ran it first and left a file in the service's directory.
        return f"{belongs}; make it yours, as root, with: chown {user} {nearest}"
    return f"{belongs}: run this again {'as that user, or ' if owner else ''}with sudo"


def owner_name(user: int) -> str:
    try:
        return pwd.getpwuid(user).pw_name
    except KeyError:
        return f"user {user}"


def _group_name(group: int) -> str:
    try:
        return grp.getgrgid(group).gr_name
    except KeyError:
        return str(group)


def has_login(user: int) -> bool:
    """Whether it is a person's account, not one that only runs a service."""
    try:
        return not pwd.getpwuid(user).pw_shell.endswith(("/nologin", "/false"))
    except KeyError:
        return False
