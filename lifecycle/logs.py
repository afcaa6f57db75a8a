"""Sets up logging: one line per event. Strangers can neither forge lines nor fill the log."""

import logging
import os
import sys
import time
from typing import TextIO

LINE_LIMIT = 2400  # characters
PRIORITIES = {logging.CRITICAL: 2, logging.ERROR: 3, logging.WARNING: 4, logging.INFO: 6}  # of syslog
BURST = 20  # lines of one kind a minute: strangers must not fill the log


class Formatter(logging.Formatter):
    """Escapes control characters, line separators and bidirectional overrides."""

    def format(self, record: logging.LogRecord) -> str:
        text = super().format(record)
        if record.exc_info:  # our own traceback keeps its line breaks
            return text
        return "".join(c if c.isprintable() else ascii(c)[1:-1] for c in text[:LINE_LIMIT])


class JournalFormatter(Formatter):
    """Leaves out the time, which the journal adds, and begins every line with its priority.

    https://www.freedesktop.org/software/systemd/man/latest/sd-daemon.html
    """

    def __init__(self) -> None:
        super().__init__("%(name)s: %(message)s")

    def format(self, record: logging.LogRecord) -> str:
        prefix = f"<{PRIORITIES.get(record.levelno, 7)}>"
        return "\n".join(prefix + line for line in super().format(record).split("\n"))


def _is_journal(stream: TextIO) -> bool:
    """Compares the inode, too, as the output may have been redirected when the program was started.

    https://www.freedesktop.org/software/systemd/man/latest/systemd.exec.html#%24JOURNAL_STREAM
    """
    try:
        status = os.fstat(stream.fileno())
    except (OSError, ValueError):
        return False
    return os.environ.get("JOURNAL_STREAM") == f"{status.st_dev}:{status.st_ino}"


class Sampler(logging.Filter):
    """Passes `BURST` lines of one kind a minute, and then reports how many it suppressed.

    Changes made by the team always pass: strangers cannot cause them.
    """

    def __init__(self) -> None:
        super().__init__()
        self._seen: dict[tuple[str, str], tuple[float, int]] = {}

    def filter(self, record: logging.LogRecord) -> bool:
        if record.name == "changes":
            return True
        kind = (record.name, str(record.msg))
        now = time.monotonic()
        begun, count = self._seen.get(kind, (now, 0))
        if now - begun > 60:
            if count > BURST:
                record.msg = f"{record.msg} (and {count - BURST} more like it suppressed in the last minute)"
            begun, count = now, 0
        self._seen[kind] = (begun, count + 1)
        return count < BURST


def is_not_late(record: logging.LogRecord) -> bool:
    """False for Tornado's traceback of a name lookup that has timed out long before."""
    return "after timeout" not in str(record.msg)


def set_up() -> None:
    """Log to standard error, which both the journal and a terminal show."""
    handler = logging.StreamHandler(sys.stderr)
    terminal = Formatter("%(asctime)s %(levelname)s %(name)s: %(message)s")
    handler.setFormatter(JournalFormatter() if _is_journal(sys.stderr) else terminal)
    handler.addFilter(Sampler())
    logging.basicConfig(level=logging.INFO, handlers=[handler])
    # Tornado logs malformed requests at INFO.
    logging.getLogger("tornado.general").setLevel(logging.WARNING)
    logging.getLogger("tornado.application").addFilter(is_not_late)
    logging.getLogger("asyncio").setLevel(logging.WARNING)
    # No line shows these, so do not collect them: https://docs.python.org/3/howto/logging.html#optimization
    logging.logThreads = logging.logProcesses = logging.logMultiprocessing = False
    logging.raiseExceptions = False  # no tracebacks about a closed terminal
