"""What answers a connection: deliveries by a short way, everything else by the Application.

A RequestHandler takes half as long again for the same work (docs/performance.md), and when many
hosts go down at once, deliveries are all there is.
https://www.tornadoweb.org/en/stable/httputil.html#tornado.httputil.HTTPMessageDelegate
"""

import asyncio
import logging
from collections.abc import Awaitable
from http.client import responses
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

from handlers.asker import Networks, asker
from handlers.incidents import Answer, Incidents

log = logging.getLogger("http")
deliveries = logging.getLogger("deliveries")

DELIVERIES = "/fromGCPMonitoring"
WRONG = "another user name or password than gcp.username and gcp.password"
HEADERS = {"Server": "uptime-check-manager", "Content-Type": "application/json; charset=UTF-8"}


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
        return asker(context.address[0], headers.get_list("X-Forwarded-For"), self._trusted)


class _Request(HTTPMessageDelegate):
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
        if line.method == "POST" and line.path.partition("?")[0] == DELIVERIES:
            self._taker = _Delivery(self._front, self._connection)
        else:
            cast("Any", self._connection).context.remote_ip = self._front.asker(self._connection, headers)
            self._taker = self._front.application.start_request(self._server_conn, self._connection)
        return self._taker.headers_received(start_line, headers)

    def data_received(self, chunk: bytes) -> Awaitable[None] | None:
        return self._taker.data_received(chunk)

    def finish(self) -> None:
        self._taker.finish()

    def on_connection_close(self) -> None:
        self._taker.on_connection_close()


class _Delivery(HTTPMessageDelegate):
    """One POST to the webhook."""

    def __init__(self, front: Front, connection: HTTPConnection) -> None:
        self._front = front
        self._connection = connection
        self._body: list[bytes] = []

    def headers_received(
        self,
        start_line: RequestStartLine | ResponseStartLine,  # noqa: ARG002 - Tornado's hook
        headers: HTTPHeaders,
    ) -> None:
        self._headers = headers

    def data_received(self, chunk: bytes) -> None:
        self._body.append(chunk)

    def finish(self) -> None:
        self._answering = asyncio.ensure_future(self._answer())

    def on_connection_close(self) -> None:
        """Who delivered is gone; what was delivered whole is recorded all the same."""

    async def _answer(self) -> None:
        try:
            credentials = self._headers.get_list("Authorization")
            answer = await self._front.incidents.receive(credentials, b"".join(self._body))
            self._tell(answer, with_credentials=bool(credentials))
        except Exception:
            log.exception("a delivery failed")  # a fault of this program
            answer = Answer(500, {"error": responses[500]})
        body = answer.body()
        headers = HTTPHeaders({**HEADERS, **answer.headers, "Content-Length": str(len(body))})
        start_line = ResponseStartLine("", answer.status, responses[answer.status])
        self._connection.write_headers(start_line, headers, body)
        self._connection.finish()

    def _tell(self, answer: Answer, *, with_credentials: bool) -> None:
        """Of refusals, but for the one that Google asks for before it sends its credentials."""
        if answer.status == 400 or (answer.status == 401 and with_credentials):
            reason = WRONG if answer.status == 401 else answer.fields["error"]
            deliveries.info(
                "refused: %s (from %s)", reason, self._front.asker(self._connection, self._headers)
            )
