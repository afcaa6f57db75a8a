"""Chooses what responds to a request, once its headers have arrived.

Deliveries bypass the Application: a RequestHandler takes half as long again for the same work
(docs/performance.md), and when many hosts go down at once, deliveries are all there is.
https://www.tornadoweb.org/en/stable/httputil.html#tornado.httputil.HTTPMessageDelegate
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from functools import partial
from http.client import responses
from typing import Any, NamedTuple, cast

from tornado.httputil import (
    HTTPConnection,
    HTTPHeaders,
    HTTPMessageDelegate,
    HTTPServerConnectionDelegate,
    RequestStartLine,
    ResponseStartLine,
)
from tornado.web import Application

from handlers.base import HEADERS, Response, json_line
from handlers.client_address import Networks, client_address, was_forwarded
from handlers.deliveries import DeliveryReceiver
from handlers.http_server import MAX_BODY_SIZE, Request
from handlers.page_maker import PageMaker
from handlers.routes import DELIVERIES, origin_form

log = logging.getLogger("http")

MAX_DISCARDED_SIZE = 16 * MAX_BODY_SIZE  # bytes; if more are announced, Tornado hangs up
FORM = "application/x-www-form-urlencoded"


class App(NamedTuple):
    """What responds to requests under one configuration."""

    application: Application
    receiver: DeliveryReceiver
    trusted: Networks  # the proxies whose X-Forwarded-For is believed
    pages: PageMaker


class Dispatcher(HTTPServerConnectionDelegate):
    """Passes deliveries to the receiver of `app`, and everything else to its application.

    `app` may be replaced at any time. The next request on a connection that is already open goes to the new
    one: Tornado calls `start_request` when it begins to wait for a request, which may be long before.
    """

    def __init__(self, app: App) -> None:
        self.app = app

    def start_request(self, server_conn: object, request_conn: HTTPConnection) -> HTTPMessageDelegate:
        return _Request(partial(self._delegate, server_conn, request_conn))

    def _delegate(
        self, server_conn: object, connection: HTTPConnection, line: RequestStartLine, headers: HTTPHeaders
    ) -> HTTPMessageDelegate:
        app = self.app
        address = partial(_client_address, connection, headers, app.trusted)
        if is_oversized(headers):
            return _OversizedRequest(connection, line, int(headers["Content-Length"]), address)
        if line.method == "POST" and line.path.partition("?")[0] == DELIVERIES:
            return _Delivery(connection, partial(app.receiver.receive, headers, address))
        cast("Any", connection).context.remote_ip = address()
        # Keep Tornado from decoding a form before a handler has authenticated its sender.
        if headers.get("Content-Type", "").startswith(FORM) and "Content-Encoding" not in headers:
            del headers["Content-Type"]
        return app.application.start_request(server_conn, connection)


def _client_address(connection: HTTPConnection, headers: HTTPHeaders, trusted: Networks) -> str:
    context = cast("Any", connection).context
    if not isinstance(context.address, tuple):
        return "this machine"  # by a Unix socket
    forwarded = headers.get_list("X-Forwarded-For")
    if not forwarded and was_forwarded(headers):
        forwarded = [""]  # the proxy does not name its client
    return client_address(context.address[0], forwarded, trusted)


def is_oversized(headers: HTTPHeaders) -> bool:
    """Whether the body is too long, but short enough to be read; malformed lengths are left to Tornado."""
    length = headers.get("Content-Length", "")
    return len(length) < 10 and length.isdecimal() and MAX_BODY_SIZE < int(length) <= MAX_DISCARDED_SIZE


class _Request(Request):
    """Forwards to the delegate that `choose` returns for the head of the request."""

    _delegate: HTTPMessageDelegate

    def __init__(self, choose: Callable[[RequestStartLine, HTTPHeaders], HTTPMessageDelegate]) -> None:
        self._choose = choose

    def headers_received(
        self, start_line: RequestStartLine | ResponseStartLine, headers: HTTPHeaders
    ) -> Awaitable[None] | None:
        line = cast("RequestStartLine", start_line)
        if not line.path.startswith("/"):
            line = line._replace(path=origin_form(line.path))
        self._delegate = self._choose(line, headers)
        return self._delegate.headers_received(line, headers)

    def data_received(self, chunk: bytes) -> Awaitable[None] | None:
        return self._delegate.data_received(chunk)

    def finish(self) -> None:
        self.on_complete()
        self._delegate.finish()

    def on_connection_close(self) -> None:
        self._delegate.on_connection_close()


class _Delivery(HTTPMessageDelegate):
    """Collects the body. Once it is complete, it is recorded even if the client is gone by then."""

    def __init__(self, connection: HTTPConnection, receive: Callable[[bytes], Awaitable[Response]]) -> None:
        self._connection = connection
        self._receive = receive
        self._body: list[bytes] = []

    def data_received(self, chunk: bytes) -> None:
        self._body.append(chunk)

    def finish(self) -> None:
        self._task = asyncio.ensure_future(self._respond())

    async def _respond(self) -> None:
        send(self._connection, await self._receive(b"".join(self._body)))


class _OversizedRequest(HTTPMessageDelegate):
    """Discards the body and responds with a 413 that says why; Tornado would send a bare 400."""

    def __init__(
        self, connection: HTTPConnection, line: RequestStartLine, size: int, address: Callable[[], str]
    ) -> None:
        self._connection = connection
        self._line = line
        self._size = size
        self._address = address
        cast("Any", connection).set_max_body_size(MAX_DISCARDED_SIZE)

    def finish(self) -> None:
        error = f"the body has {self._size:,} bytes, more than the limit of {MAX_BODY_SIZE:,}"
        path = self._line.path.partition("?")[0]
        log.warning("refused: %s %s: %s (from %s)", self._line.method, path, error, self._address())
        send(self._connection, Response(413, {"error": error}))


def send(connection: HTTPConnection, response: Response) -> None:
    """Send headers and body in one write."""
    body = json_line(response.fields)
    headers = HTTPHeaders({**HEADERS, **response.headers, "Content-Length": str(len(body))})
    start_line = ResponseStartLine("", response.status, responses[response.status])
    connection.write_headers(start_line, headers, body)
    connection.finish()
