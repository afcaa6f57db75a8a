"""A body that is too long, but not endless: it is read and dropped, so that its sender can read why."""

import logging
from collections.abc import Callable
from typing import Any, cast

from tornado.httputil import (
    HTTPConnection,
    HTTPHeaders,
    HTTPMessageDelegate,
    RequestStartLine,
    ResponseStartLine,
)

from handlers.delivery import send
from handlers.incidents import Answer

log = logging.getLogger("http")

LONGEST = 256 * 1024  # bytes; a hundred times the largest delivery seen
DROPPED = 16 * LONGEST  # bytes; with more to come, Tornado hangs up


def is_oversized(headers: HTTPHeaders) -> bool:
    """What is no plain number is for Tornado to refuse."""
    length = headers.get("Content-Length", "")
    return len(length) < 10 and length.isdecimal() and LONGEST < int(length) <= DROPPED


class Oversized(HTTPMessageDelegate):
    """Answers 413 whatever was asked."""

    def __init__(self, connection: HTTPConnection, asker: Callable[[], str]) -> None:
        self._connection = connection
        self._asker = asker

    def headers_received(
        self,
        start_line: RequestStartLine | ResponseStartLine,  # noqa: ARG002 - Tornado's hook
        headers: HTTPHeaders,
    ) -> None:
        self._length = int(headers["Content-Length"])
        cast("Any", self._connection).set_max_body_size(DROPPED)

    def data_received(self, chunk: bytes) -> None:
        """Not kept."""

    def finish(self) -> None:
        error = f"the body has {self._length:,} bytes, and at most {LONGEST:,} are taken"
        log.info("refused: %s (from %s)", error, self._asker())
        send(self._connection, Answer(413, {"error": error}))

    def on_connection_close(self) -> None:
        """Nobody is there to be told."""
