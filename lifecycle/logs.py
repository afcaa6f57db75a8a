"""Lines for a person or the journal: one an event, nothing foreign in them that could forge another."""

import logging
import os
import sys
import time
from typing import TextIO

LONGEST = 2400  # characters; what strangers send is cut where it is logged
BURST = 20  # lines of one kind a minute; strangers must not fill the log


class Formatter(logging.Formatter):
    """Control characters, line separators and bidirectional overrides are shown, not obeyed."""

    def format(self, record: logging.LogRecord) -> str:
        text = super().format(record)
        if record.exc_info:  # our own traceback: its line breaks are meant
            return text
        return "".join(c if c.isprintable() else ascii(c)[1:-1] for c in text[:LONGEST])


class JournalFormatter(Formatter):
    """The journal has its own clock, and takes the level from the beginning of every line.

    https://www.freedesktop.org/software/systemd/man/latest/sd-daemon.html
    """

    def __init__(self) -> None:
        super().__init__("%(name)s: %(message)s")

    def format(self, record: logging.LogRecord) -> str:
        prefix = f"<{_priority(record.levelno)}>"
        return "\n".join(prefix + line for line in super().format(record).split("\n"))


def _priority(level: int) -> int:
    """As in syslog: 2 is critical, 7 is for debugging."""
    steps = ((logging.CRITICAL, 2), (logging.ERROR, 3), (logging.WARNING, 4), (logging.INFO, 6))
    return next((priority for least, priority in steps if level >= least), 7)


def _is_journal(stream: TextIO) -> bool:
    """JOURNAL_STREAM names the device and inode of the stream, which another program may have changed."""
    try:
        found = os.fstat(stream.fileno())
    except (OSError, ValueError):
        return False
    return os.environ.get("JOURNAL_STREAM") == f"{found.st_dev}:{found.st_ino}"


class Sampler(logging.Filter):
    """Lets `BURST` lines a minute of one kind pass, and then says how many it held back.

    What people of the team changed is always told: strangers cannot bring it about.
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
                record.msg = f"{record.msg} (and {count - BURST} more like it in the minute before)"
            begun, count = now, 0
        self._seen[kind] = (begun, count + 1)
        return count < BURST


def is_news(record: logging.LogRecord) -> bool:
    """Tornado tells again, with a traceback, of a name lookup that was given up on long before."""
    return "after timeout" not in str(record.msg)


def set_up() -> None:
    """To standard error: where systemd's journal and a person at a terminal both read."""
    handler = logging.StreamHandler(sys.stderr)
    by_hand = Formatter("%(asctime)s %(levelname)s %(name)s: %(message)s")
    handler.setFormatter(JournalFormatter() if _is_journal(sys.stderr) else by_hand)
    handler.addFilter(Sampler())
    logging.basicConfig(level=logging.INFO, handlers=[handler])
    # What a client garbles is no event of ours; Tornado says it at INFO.
    logging.getLogger("tornado.general").setLevel(logging.WARNING)
    logging.getLogger("tornado.application").addFilter(is_news)
    logging.getLogger("asyncio").setLevel(logging.WARNING)
    # No line shows these, so do not collect them: https://docs.python.org/3/howto/logging.html#optimization
    logging.logThreads = logging.logProcesses = logging.logMultiprocessing = False
    logging.raiseExceptions = False  # a closed terminal must not end in tracebacks
