"""What answers a connection: deliveries by a short way, everything else by the Application.

A RequestHandler takes half as long again for the same work (docs/performance.md), and when many
hosts go down at once, deliveries are all there is.
https://www.tornadoweb.org/en/stable/httputil.html#tornado.httputil.HTTPMessageDelegate
"""

import logging
from collections.abc import Awaitable, Callable
from functools import partial
from typing import Any, cast

from tornado.httputil import (
    HTTPConnection,
    HTTPHeaders,
    HTTPMessageDelegate,
    HTTPServerConnectionDelegate,
    RequestStartLine,
    ResponseStartLine,
)
from tornado.web import Application

from handlers.client_address import Networks, client_address, was_passed_on
from handlers.deliveries import Answer, Delivery, DeliveryReceiver, send
from handlers.http_server import LARGEST_BODY, Request
from handlers.page_maker import PageMaker
from handlers.routes import DELIVERIES, origin_form

FORM = "application/x-www-form-urlencoded"


class Dispatcher(HTTPServerConnectionDelegate):
    """Whom a request is for is known once its first line is there."""

    def __init__(
        self, application: Application, incidents: DeliveryReceiver, trusted: Networks, pages: PageMaker
    ) -> None:
        """`trusted` are the proxies that may say for whom they ask."""
        self.pages = pages
        self.application = application
        self.incidents = incidents
        self._trusted = trusted

    def start_request(self, server_conn: object, request_conn: HTTPConnection) -> HTTPMessageDelegate:
        return _Request(self, server_conn, request_conn)

    def client_address(self, connection: HTTPConnection, headers: HTTPHeaders) -> str:
        context = cast("Any", connection).context  # Tornado's, of the connection
        if not isinstance(context.address, tuple):
            return "this machine"  # by a socket in the file system
        forwarded = headers.get_list("X-Forwarded-For")
        if not forwarded and was_passed_on(headers):
            forwarded = [""]  # it was passed on for somebody who is not named
        return client_address(context.address[0], forwarded, self._trusted)


class _Request(Request):
    """Passes everything on to its taker."""

    _delegate: HTTPMessageDelegate

    def __init__(self, front: Dispatcher, server_conn: object, connection: HTTPConnection) -> None:
        self._front = front
        self._server_conn = server_conn
        self._connection = connection

    def headers_received(
        self, start_line: RequestStartLine | ResponseStartLine, headers: HTTPHeaders
    ) -> Awaitable[None] | None:
        line = cast("RequestStartLine", start_line)
        if not line.path.startswith("/"):
            line = line._replace(path=origin_form(line.path))
        who = partial(self._front.client_address, self._connection, headers)
        if is_oversized(headers):
            self._delegate = OversizedRequest(self._connection, who)
        elif line.method == "POST" and line.path.partition("?")[0] == DELIVERIES:
            self._delegate = Delivery(self._front.incidents, self._connection, who)
        else:
            cast("Any", self._connection).context.remote_ip = who()
            _leave_whole(headers)
            self._delegate = self._front.application.start_request(self._server_conn, self._connection)
        return self._delegate.headers_received(line, headers)

    def data_received(self, chunk: bytes) -> Awaitable[None] | None:
        return self._delegate.data_received(chunk)

    def finish(self) -> None:
        self.received()
        self._delegate.finish()

    def on_connection_close(self) -> None:
        self._delegate.on_connection_close()


def _leave_whole(headers: HTTPHeaders) -> None:
    """Keeps Tornado from decoding a form before its handler is asked who sent it. No handler needs that."""
    if headers.get("Content-Type", "").startswith(FORM) and "Content-Encoding" not in headers:
        del headers["Content-Type"]


log = logging.getLogger("http")

LARGEST_DISCARDED = 16 * LARGEST_BODY  # bytes; with more to come, Tornado hangs up


def is_oversized(headers: HTTPHeaders) -> bool:
    """What is no plain number is for Tornado to refuse."""
    length = headers.get("Content-Length", "")
    return len(length) < 10 and length.isdecimal() and LARGEST_BODY < int(length) <= LARGEST_DISCARDED


class OversizedRequest(HTTPMessageDelegate):
    """Answers 413 whatever was asked."""

    def __init__(self, connection: HTTPConnection, client_address: Callable[[], str]) -> None:
        self._connection = connection
        self._client_address = client_address

    def headers_received(
        self,
        start_line: RequestStartLine | ResponseStartLine,  # noqa: ARG002 - Tornado's hook
        headers: HTTPHeaders,
    ) -> None:
        self._length = int(headers["Content-Length"])
        cast("Any", self._connection).set_max_body_size(LARGEST_DISCARDED)

    def data_received(self, chunk: bytes) -> None:
        """Not kept."""

    def finish(self) -> None:
        error = f"the body has {self._length:,} bytes, and at most {LARGEST_BODY:,} are taken"
        log.info("refused: %s (from %s)", error, self._client_address())
        send(self._connection, Answer(413, {"error": error}))

    def on_connection_close(self) -> None:
        """Nobody is there to be told."""
