"""What signals mean while the program starts: the event loop takes over once the state is loaded."""

import os
import signal
from collections.abc import Sequence
from types import FrameType


class EarlySignals:
    """To be made before anything else is imported, as that takes a tenth of a second.

    SIGTERM and SIGINT end a server at once, with 0: nothing has begun that would have to be finished.
    SIGHUP would end it too, in a way that systemd takes for a clean stop; it is remembered instead.
    """

    def __init__(self, arguments: Sequence[str]) -> None:
        self.hung_up = False  # the configuration is to be read again as soon as the server runs
        if _is_server(arguments):
            signal.signal(signal.SIGHUP, self._remember)
            signal.signal(signal.SIGTERM, _end)
            signal.signal(signal.SIGINT, _end)
        else:  # whoever interrupts a command needs no traceback, and must not take it for done
            signal.signal(signal.SIGINT, signal.SIG_DFL)

    def _remember(self, _number: int, _frame: FrameType | None) -> None:
        self.hung_up = True


def _is_server(arguments: Sequence[str]) -> bool:
    """Without any option but --config, which may be abbreviated. argparse itself is not loaded yet."""
    names = (word.partition("=")[0] for word in arguments if word.startswith("-"))
    return all("--config".startswith(name) for name in names)


def _end(_number: int, _frame: FrameType | None) -> None:
    os._exit(0)
