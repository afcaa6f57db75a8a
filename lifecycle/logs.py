"""Sets up logging: one line per event. Strangers can neither forge lines nor fill the log."""

import logging
import os
import sys
import time
from typing import TextIO

LINE_LIMIT = 2400  # characters
PRIORITIES = {logging.CRITICAL: 2, logging.ERROR: 3, logging.WARNING: 4, logging.INFO: 6}  # of syslog
BURST = 20  # lines of one kind a minute: strangers must not fill the log
MINUTE = 60  # seconds
SUPPRESSED = "%d more like this one suppressed within a minute: %s"


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


class Burst:
    """The lines of one kind within a minute."""

    def __init__(self, begun: float) -> None:
        self._begun = begun
        self._count = 0
        self._last: logging.LogRecord | None = None  # that was suppressed

    def is_over(self, now: float) -> bool:
        return now - self._begun > MINUTE

    def passes(self, record: logging.LogRecord) -> bool:
        self._count += 1
        if self._count > BURST:
            self._last = record
        return self._count <= BURST

    def report(self) -> logging.LogRecord | None:
        """A line that says how many were suppressed, if any, with the last of them."""
        if self._last is None:
            return None
        suppressed = self._count - BURST, self._last.getMessage()
        return logging.LogRecord(self._last.name, self._last.levelno, "", 0, SUPPRESSED, suppressed, None)


class Sampler(logging.Filter):
    """Passes `BURST` lines of one kind a minute. Somebody has to ask for its reports about the others.

    Changes made by the team always pass: strangers cannot cause them.
    """

    def __init__(self) -> None:
        super().__init__()
        self._bursts: dict[tuple[str, str], Burst] = {}
        self._over: list[Burst] = []  # and not reported yet

    def filter(self, record: logging.LogRecord) -> bool:
        if record.name == "changes":
            return True
        kind, now = (record.name, str(record.msg)), time.monotonic()
        burst = self._bursts.get(kind)
        if burst and burst.is_over(now):
            self._over.append(burst)
        if burst is None or burst.is_over(now):
            burst = self._bursts[kind] = Burst(now)
        return burst.passes(record)

    def reports(self, *, is_end: bool = False) -> list[logging.LogRecord]:
        """About the minutes that are over or, at the end, about all of them."""
        now = time.monotonic()
        for kind, burst in list(self._bursts.items()):
            if is_end or burst.is_over(now):
                self._over.append(self._bursts.pop(kind))
        over, self._over = self._over, []
        return [report for burst in over if (report := burst.report())]


class SampledHandler(logging.StreamHandler[TextIO]):
    """Writes what its sampler passes, and in time how many lines it did not."""

    def __init__(self, stream: TextIO) -> None:
        super().__init__(stream)
        self._sampler = Sampler()
        self.addFilter(self._sampler)

    def report(self, *, is_end: bool = False) -> None:
        if self.lock:
            with self.lock:  # other threads log, too
                for record in self._sampler.reports(is_end=is_end):
                    self.emit(record)

    def close(self) -> None:
        self.report(is_end=True)
        super().close()


def report_suppressed() -> None:
    """Call this every second."""
    for handler in logging.root.handlers:
        if isinstance(handler, SampledHandler):
            handler.report()


def is_not_late(record: logging.LogRecord) -> bool:
    """False for Tornado's traceback of a name lookup that has timed out long before."""
    return "after timeout" not in str(record.msg)


def set_up() -> None:
    """Log to standard error, which both the journal and a terminal show."""
    handler = SampledHandler(sys.stderr)
    terminal = Formatter("%(asctime)s %(levelname)s %(name)s: %(message)s")
    handler.setFormatter(JournalFormatter() if _is_journal(sys.stderr) else terminal)
    logging.basicConfig(level=logging.INFO, handlers=[handler])
    # Tornado logs malformed requests at INFO.
    logging.getLogger("tornado.general").setLevel(logging.WARNING)
    logging.getLogger("tornado.application").addFilter(is_not_late)
    logging.getLogger("asyncio").setLevel(logging.WARNING)
    # No line shows these, so do not collect them: https://docs.python.org/3/howto/logging.html#optimization
    logging.logThreads = logging.logProcesses = logging.logMultiprocessing = False
    logging.raiseExceptions = False  # no tracebacks about a closed terminal
