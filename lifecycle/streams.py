"""Standard streams that can neither end nor block the program, whatever is printed or logged.

Characters that the encoding lacks are replaced. What cannot be written, to a full disk or a closed pipe, is
lost; `write_error` reports that.
"""

import errno
import io
import os
import select
import sys
from typing import Any, TextIO

SAMPLE = "\ud55c\udcff\n" + "." * 100  # beyond ASCII, not encodable, and longer than a label of DNS
READER_TIMEOUT = 100  # milliseconds


class _LossyFile(io.FileIO):
    """Accepts every write, whether or not it succeeds."""

    failure = 0  # errno of the last write that was lost
    timeout: int | None = None  # milliseconds to wait for a reader; None: forever

    def write(self, data: Any, /) -> int:
        whole = memoryview(data).cast("B")
        if not self._is_ready():
            self.failure, self.timeout = errno.EAGAIN, 0  # do not wait again until the reader is back
            return len(whole)
        try:
            # A pipe that is ready takes at least PIPE_BUF bytes without blocking.
            written = super().write(whole if self.timeout is None else whole[: select.PIPE_BUF])
        except OSError as error:
            self.failure = error.errno or errno.EIO
            return len(whole)
        if written is None:  # a full pipe in non-blocking mode
            self.failure = errno.EAGAIN
            return len(whole)
        return written

    def _is_ready(self) -> bool:
        if self.timeout is None:
            return True
        poll = select.poll()
        poll.register(self, select.POLLOUT)
        if not poll.poll(self.timeout):
            return False
        self.timeout = READER_TIMEOUT
        return True


def set_up() -> None:
    """Prepare the streams. Call this before anything is opened or printed."""
    _reserve_descriptors()
    sys.stdin = sys.stdin or open(os.devnull, encoding="utf-8")  # noqa: SIM115, PTH123 - for as long as we live
    sys.stdout = _lossy(sys.stdout, "replace")
    sys.stderr = _lossy(sys.stderr, "backslashreplace")


def drop_unread() -> None:
    """From now on also lose what nobody reads: a stopped terminal must not stop a server."""
    for stream in (sys.stdout, sys.stderr):
        if raw := _raw(stream):
            raw.timeout = READER_TIMEOUT


def write_error() -> str:
    """Why some of what was printed is lost; empty if nothing is."""
    sys.stdout.flush()
    raw = _raw(sys.stdout)
    return f"cannot write to standard output: {os.strerror(raw.failure)}" if raw and raw.failure else ""


def check_written() -> None:
    """Raises OSError if something that was printed is lost."""
    if error := write_error():
        raise OSError(error)


def _raw(stream: TextIO) -> _LossyFile | None:
    """None for a stream that is not one of ours, as in tests."""
    raw = getattr(getattr(stream, "buffer", None), "raw", None)
    return raw if isinstance(raw, _LossyFile) else None


def _reserve_descriptors() -> None:
    """Open descriptors 0 to 2 where they are closed: a file opened there would receive what is printed."""
    while (number := os.open(os.devnull, os.O_RDWR)) <= 2:
        pass
    os.close(number)


def _lossy(stream: TextIO | None, errors: str) -> TextIO:
    if stream is None:  # it was closed
        raw = _LossyFile(os.devnull, "w")
        raw.failure = errno.EBADF
        return io.TextIOWrapper(io.BufferedWriter(raw), "utf-8", errors)
    raw = _LossyFile(stream.fileno(), "w", closefd=False)
    return io.TextIOWrapper(
        io.BufferedWriter(raw),
        _usable_encoding(stream.encoding, errors),
        errors,
        line_buffering=bool(stream.line_buffering),
        write_through=isinstance(stream, io.TextIOWrapper) and stream.write_through,
    )


def _usable_encoding(name: str, errors: str) -> str:
    """UTF-8 in place of a codec that fails instead of replacing, such as idna."""
    try:
        SAMPLE.encode(name, errors)
    except (UnicodeError, LookupError):
        return "utf-8"
    return name
