"""Reads the files that a configuration consists of, whatever somebody has put in their place."""

import errno
import os
import stat
import threading
from collections.abc import Callable
from concurrent.futures import Future
from pathlib import Path
from typing import TypeVar

T = TypeVar("T")

ANSWER_WITHIN = 5  # seconds for each file; a local disk takes milliseconds
TRIES = 3  # of one file, while nothing answers: each keeps a thread, and a service may have few
KINDS = {
    stat.S_IFIFO: "a pipe",
    stat.S_IFSOCK: "a socket",
    stat.S_IFCHR: "a device",
    stat.S_IFBLK: "a device",
}
_unanswered: dict[Path, list[Future[None]]] = {}


def read_file(path: Path, largest: int) -> tuple[bytes, os.stat_result]:
    """At most one byte more than `largest`, and what kind of file it is.

    Raises OSError, also for what is no regular file, and TimeoutError, which is one, when nothing answers.
    """
    return within(ANSWER_WITHIN, path, lambda: _read(path, largest))


def is_open_to_all(path: Path) -> bool:
    """May everybody on this machine read it?"""
    try:
        return bool(within(ANSWER_WITHIN, path, path.stat).st_mode & stat.S_IROTH)
    except OSError:  # gone since it was read, which the next look notices
        return False


def within(seconds: float, path: Path, call: Callable[[], T]) -> T:
    """What `call`, which concerns `path`, returns or raises; TimeoutError if it takes longer than that.

    Nothing can interrupt a call into a network file system that does not answer: it goes on, unheeded.
    """
    if len(_pending(path)) >= TRIES:
        raise _no_answer(seconds)
    outcome: list[T] = []
    done: Future[None] = Future()

    def run() -> None:
        try:
            outcome.append(call())
            done.set_result(None)
        except BaseException as error:  # noqa: BLE001 - raised where it is waited for
            done.set_exception(error)

    threading.Thread(target=run, name=f"read {path}", daemon=True).start()
    try:
        error = done.exception(timeout=seconds)
    except TimeoutError:
        _unanswered.setdefault(path, []).append(done)
        raise _no_answer(seconds) from None
    if error:
        raise error
    return outcome[0]


def is_waiting() -> bool:
    """Is there still a call that was given up on? Its end is worth another try."""
    return any(_pending(path) for path in list(_unanswered))


def _pending(path: Path) -> list[Future[None]]:
    pending = [each for each in _unanswered.get(path, ()) if not each.done()]
    if pending:
        _unanswered[path] = pending
    else:
        _unanswered.pop(path, None)
    return pending


def _read(path: Path, largest: int) -> tuple[bytes, os.stat_result]:
    _require_regular(path, path.stat())  # to open a device may do something; a socket cannot be opened
    # Should it be a pipe by now, opening it would wait for somebody who writes into it.
    descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_NOCTTY | os.O_CLOEXEC)
    with os.fdopen(descriptor, "rb") as file:
        found = os.fstat(descriptor)
        _require_regular(path, found)
        os.set_blocking(descriptor, True)
        return file.read(largest + 1), found


def _require_regular(path: Path, found: os.stat_result) -> None:
    if stat.S_ISDIR(found.st_mode):
        raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), str(path))
    if not stat.S_ISREG(found.st_mode):
        kind = KINDS.get(stat.S_IFMT(found.st_mode), "something else")
        raise OSError(errno.EINVAL, f"it is {kind}; write the path of a regular file", str(path))


def _no_answer(seconds: float) -> TimeoutError:
    text = f"no answer within {seconds:g} s; is it on a mount whose server is gone?"
    return TimeoutError(errno.ETIMEDOUT, text)
