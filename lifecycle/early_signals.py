"""Handles signals during the start, imports included, until the event loop takes over."""

import os
import signal
from collections.abc import Sequence
from types import FrameType


class EarlySignals:
    """Handles signals until the event loop does. Make it before the slow imports.

    SIGTERM and SIGINT end a server at once with exit code 0, as it has nothing to finish yet. SIGHUP is
    remembered: its default would end the server, and systemd would take that for a clean stop.
    """

    def __init__(self, arguments: Sequence[str]) -> None:
        self.reload_requested = False  # by SIGHUP: the server reloads as soon as it runs
        if is_server(arguments):
            signal.signal(signal.SIGHUP, self._remember)
            signal.signal(signal.SIGTERM, _exit)
            signal.signal(signal.SIGINT, _exit)
        else:  # an interrupted command shows no traceback, and must not count as done
            signal.signal(signal.SIGINT, signal.SIG_DFL)

    def _remember(self, _number: int, _frame: FrameType | None) -> None:
        self.reload_requested = True


def is_server(arguments: Sequence[str]) -> bool:
    """Whether --config, perhaps abbreviated, is the only option. It is too early to import argparse."""
    names = (word.partition("=")[0] for word in arguments if word.startswith("-"))
    return all("--config".startswith(name) for name in names)


def _exit(_number: int, _frame: FrameType | None) -> None:
    os._exit(0)
