"""What answers a connection: deliveries by a short way, everything else by the Application.

A RequestHandler takes half as long again for the same work (docs/performance.md), and when many
hosts go down at once, deliveries are all there is.
https://www.tornadoweb.org/en/stable/httputil.html#tornado.httputil.HTTPMessageDelegate
"""

from collections.abc import Awaitable
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

from handlers.asker import Networks, asker, was_passed_on
from handlers.connections import Request
from handlers.delivery import Delivery
from handlers.incidents import Incidents
from handlers.oversized import Oversized, is_oversized
from handlers.routes import DELIVERIES, origin_form

FORM = "application/x-www-form-urlencoded"


class Front(HTTPServerConnectionDelegate):
    """Whom a request is for is known once its first line is there."""

    def __init__(self, application: Application, incidents: Incidents, trusted: Networks = ()) -> None:
        """`trusted` are the proxies that may say for whom they ask."""
        self.application = application
        self.incidents = incidents
        self._trusted = trusted

    def start_request(self, server_conn: object, request_conn: HTTPConnection) -> HTTPMessageDelegate:
        return _Request(self, server_conn, request_conn)

    def asker(self, connection: HTTPConnection, headers: HTTPHeaders) -> str:
        context = cast("Any", connection).context  # Tornado's, of the connection
        if not isinstance(context.address, tuple):
            return "this machine"  # by a socket in the file system
        forwarded = headers.get_list("X-Forwarded-For")
        if not forwarded and was_passed_on(headers):
            forwarded = [""]  # it was passed on for somebody who is not named
        return asker(context.address[0], forwarded, self._trusted)


class _Request(Request):
    """Passes everything on to its taker."""

    _taker: HTTPMessageDelegate

    def __init__(self, front: Front, server_conn: object, connection: HTTPConnection) -> None:
        self._front = front
        self._server_conn = server_conn
        self._connection = connection

    def headers_received(
        self, start_line: RequestStartLine | ResponseStartLine, headers: HTTPHeaders
    ) -> Awaitable[None] | None:
        line = cast("RequestStartLine", start_line)
        if not line.path.startswith("/"):
            line = line._replace(path=origin_form(line.path))
        who = partial(self._front.asker, self._connection, headers)
        if is_oversized(headers):
            self._taker = Oversized(self._connection, who)
        elif line.method == "POST" and line.path.partition("?")[0] == DELIVERIES:
            self._taker = Delivery(self._front.incidents, self._connection, who)
        else:
            cast("Any", self._connection).context.remote_ip = who()
            _leave_whole(headers)
            self._taker = self._front.application.start_request(self._server_conn, self._connection)
        return self._taker.headers_received(line, headers)

    def data_received(self, chunk: bytes) -> Awaitable[None] | None:
        return self._taker.data_received(chunk)

    def finish(self) -> None:
        self.received()
        self._taker.finish()

    def on_connection_close(self) -> None:
        self._taker.on_connection_close()


def _leave_whole(headers: HTTPHeaders) -> None:
    """Keeps Tornado from decoding a form before its handler is asked who sent it. No handler needs that."""
    if headers.get("Content-Type", "").startswith(FORM) and "Content-Encoding" not in headers:
        del headers["Content-Type"]
