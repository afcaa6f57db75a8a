"""Entry point: `python server.py --help`."""

import logging
import os
import sys

from lifecycle import streams
from lifecycle.early_signals import EarlySignals

NOT_INSTALLED = (
    "{} is not installed for this Python; use .venv/bin/python, or set that up again with "
    "`make run`, or for the service `sudo make install`"
)


def run() -> int:
    """Return the exit code."""
    early = EarlySignals(sys.argv[1:])
    try:
        from lifecycle.main import main  # noqa: PLC0415 - takes 0.2 s; a signal must count meanwhile
    except ModuleNotFoundError as error:
        sys.exit(NOT_INSTALLED.format(error.name))
    streams.set_up()
    return main(sys.argv[1:], early)


if __name__ == "__main__":
    code = run()
    sys.stdout.flush()
    logging.shutdown()
    os._exit(code)  # sys.exit would wait for a thread whose name lookup hangs
