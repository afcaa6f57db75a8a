"""The standard streams, set up once, so that nothing printed or logged can end or hold up the program.

What an encoding has no letter for is replaced. What cannot be written (a full disk, a reader that is gone)
is lost; whoever needs to know asks `lost`.
"""

import errno
import io
import os
import select
import sys
from typing import Any, TextIO

PATIENCE = 100  # milliseconds that a server waits for a reader


class _Lossy(io.FileIO):
    """Takes everything it is given."""

    lost = 0  # errno: why something could not be written
    patience: int | None = None  # milliseconds to wait for a reader; None: as long as it takes

    def write(self, data: Any, /) -> int:
        whole = memoryview(data).cast("B")
        if not self._is_ready():
            self.lost, self.patience = errno.EAGAIN, 0  # until it reads again, nothing waits for it
            return len(whole)
        try:
            # So much a pipe that is ready takes without waiting.
            written = super().write(whole if self.patience is None else whole[: select.PIPE_BUF])
        except OSError as error:
            self.lost = error.errno or errno.EIO
            return len(whole)
        if written is None:  # it is full, and set not to wait
            self.lost = errno.EAGAIN
            return len(whole)
        return written

    def _is_ready(self) -> bool:
        if self.patience is None:
            return True
        waiting = select.poll()
        waiting.register(self, select.POLLOUT)
        if not waiting.poll(self.patience):
            return False
        self.patience = PATIENCE
        return True


def set_up() -> None:
    """To be called before anything is opened or printed."""
    _hold_open()
    sys.stdin = sys.stdin or open(os.devnull, encoding="utf-8")  # noqa: SIM115, PTH123 - for as long as we live
    sys.stdout = _harmless(sys.stdout, "replace")
    sys.stderr = _harmless(sys.stderr, "backslashreplace")


def wait_for_no_reader() -> None:
    """From now on what nobody reads is lost, too: a terminal that was stopped must not stop a server."""
    for stream in (sys.stdout, sys.stderr):
        if raw := _raw(stream):
            raw.patience = PATIENCE


def lost() -> str:
    """Why not all that was printed has arrived; empty if it has."""
    sys.stdout.flush()
    raw = _raw(sys.stdout)
    return f"cannot write to standard output: {os.strerror(raw.lost)}" if raw and raw.lost else ""


def check_written() -> None:
    """Raises OSError if not all that was printed has arrived: for those who print what was asked for."""
    if why := lost():
        raise OSError(why)


def _raw(stream: TextIO) -> _Lossy | None:
    """None: it is somebody else's."""
    raw = getattr(getattr(stream, "buffer", None), "raw", None)
    return raw if isinstance(raw, _Lossy) else None


def _hold_open() -> None:
    """The number of a stream that was closed goes to nothing else, which would get what is printed."""
    while (number := os.open(os.devnull, os.O_RDWR)) <= 2:
        pass
    os.close(number)


def _harmless(stream: TextIO | None, errors: str) -> TextIO:
    if stream is None:  # it was closed
        raw = _Lossy(os.devnull, "w")
        raw.lost = errno.EBADF
        return io.TextIOWrapper(io.BufferedWriter(raw), "utf-8", errors)
    raw = _Lossy(stream.fileno(), "w", closefd=False)
    return io.TextIOWrapper(
        io.BufferedWriter(raw),
        stream.encoding,
        errors,
        line_buffering=bool(stream.line_buffering),
        write_through=isinstance(stream, io.TextIOWrapper) and stream.write_through,
    )
