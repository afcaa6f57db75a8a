"""The real server with clocks that a test sets, and the test's side of it.

As a script: clocked.py WHAT NOW PORT [ARGUMENT …] starts the server at NOW, without WHAT (see `without`). Over PORT
it gets lines, each with the time and the seconds that the monotonic clock advances. Each line is also a tick, and is
answered when everything that the tick started is done. Messages to Slack need not be a second apart.
"""

import asyncio
import os
import socket
import sys
import time
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Self, TextIO

IS_SCRIPT = __name__ == "__main__"
_monotonic, _moved = time.monotonic, [0.0]
if IS_SCRIPT:
    sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
    time.monotonic = lambda: _monotonic() + _moved[0]  # before anybody reads it

import slack.client  # noqa: E402 - only once the clock is replaced
from config import Config  # noqa: E402
from lifecycle import main, serving  # noqa: E402
from lifecycle.early_signals import EarlySignals  # noqa: E402
from prove.without import leave_out  # noqa: E402
from tests.program import Program  # noqa: E402

CLOCKED = Path(__file__).resolve()
EVERYTHING = "nothing"  # what is left out


class Stopped(Exception):
    """The program has ended."""


class Clocked(Program):
    """A program for which time stands still between two calls of `tick`."""

    def __init__(self, folder: Path, now: int, without: str = EVERYTHING) -> None:
        super().__init__(folder, CLOCKED)
        self.now = now
        self._without = without
        self._hands: TextIO | None = None

    def start(self) -> Self:
        with socket.create_server(("127.0.0.1", 0)) as server:
            self.program = (CLOCKED, self._without, str(self.now), str(server.getsockname()[1]))
            super().start()
            server.settimeout(20)
            with server.accept()[0] as connection:
                connection.settimeout(60)
                self._hands = connection.makefile("rw")
        return self

    def tick(self, now: int, later: float) -> None:
        """Raises Stopped if it ends before it answers."""
        self.now = now
        assert self._hands
        try:
            self._hands.write(f"{now} {later}\n")
            self._hands.flush()
            answer = self._hands.readline()
        except OSError:
            answer = ""
        if not answer:
            raise Stopped


class _Heart:
    """Takes the place of the PeriodicCallback."""

    def __init__(self, callback: Callable[[], Awaitable[None]], _every: object) -> None:
        self._callback = callback
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        self._task = self._task or asyncio.create_task(self._beat())

    def stop(self) -> None:
        pass

    async def _beat(self) -> None:
        job: Any = self._callback.__self__  # type: ignore[attr-defined]
        reader, writer = await asyncio.open_connection(sock=_hands)
        while line := await reader.readline():
            now, later = line.split()
            _now[0] = float(now)
            _moved[0] += float(later)
            await self._callback()
            await job.finish(20)
            writer.write(line)


def _serve(config: Config, early: EarlySignals | None) -> int:
    asyncio.new_event_loop().run_until_complete(serving.serve(config, _clock, early))
    return 0


def _clock() -> datetime:
    return datetime.fromtimestamp(_now[0], UTC)


if IS_SCRIPT:
    what, now, port, *arguments = sys.argv[1:]
    _now = [float(now)]
    _hands = socket.create_connection(("127.0.0.1", int(port)))
    if what != EVERYTHING:
        leave_out(what)
    slack.client.MESSAGE_INTERVAL = 0
    setattr(serving, "PeriodicCallback", _Heart)  # noqa: B010 - it does not export it
    main._serve = _serve
    code = main.main(arguments)
    sys.stdout.flush()
    os._exit(code)
