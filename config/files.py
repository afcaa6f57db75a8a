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

READ_WITHIN = 10  # seconds for all files of a configuration; a local disk takes milliseconds
KINDS = {
    stat.S_IFIFO: "a pipe",
    stat.S_IFSOCK: "a socket",
    stat.S_IFCHR: "a device",
    stat.S_IFBLK: "a device",
}


def read_file(path: Path, largest: int) -> tuple[bytes, os.stat_result]:
    """At most one byte more than `largest`, and what kind of file it is.

    Raises OSError, or ValueError for what is no regular file: reading a pipe could wait for ever.
    """
    # Without O_NONBLOCK, even opening a pipe waits for somebody who writes into it.
    descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    try:
        found = os.fstat(descriptor)
        if stat.S_ISDIR(found.st_mode):
            raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), str(path))
        if not stat.S_ISREG(found.st_mode):
            kind = KINDS.get(stat.S_IFMT(found.st_mode), "something else")
            raise ValueError(f"it is {kind}; write the path of a regular file")
        with open(descriptor, "rb", closefd=False) as file:
            return file.read(largest + 1), found
    finally:
        os.close(descriptor)


def within(seconds: float, work: Callable[[], T]) -> T:
    """What `work` returns or raises. Raises TimeoutError if that takes longer; then it goes on unheeded.

    A read from a network file system that does not answer cannot be interrupted.
    """
    done: Future[T] = Future()

    def run() -> None:
        try:
            done.set_result(work())
        except BaseException as error:  # noqa: BLE001 - raised where it is waited for
            done.set_exception(error)

    threading.Thread(target=run, name="config", daemon=True).start()
    return done.result(timeout=seconds)
