"""What answers a connection: deliveries by a short way, everything else by the Application.

A RequestHandler takes half as long again for the same work (docs/performance.md), and when many
hosts go down at once, deliveries are all there is.
https://www.tornadoweb.org/en/stable/httputil.html#tornado.httputil.HTTPMessageDelegate
"""

import asyncio
import logging
from collections.abc import Awaitable
from http.client import responses
from typing import cast

from tornado.httputil import (
    HTTPConnection,
    HTTPHeaders,
    HTTPMessageDelegate,
    HTTPServerConnectionDelegate,
    RequestStartLine,
    ResponseStartLine,
)
from tornado.web import Application

from handlers.incidents import Answer, Incidents

log = logging.getLogger("http")

DELIVERIES = "/fromGCPMonitoring"
HEADERS = {"Server": "uptime-check-manager", "Content-Type": "application/json; charset=UTF-8"}


class Front(HTTPServerConnectionDelegate):
    """Whom a request is for is known once its first line is there."""

    def __init__(self, application: Application, incidents: Incidents) -> None:
        self.application = application
        self.incidents = incidents

    def start_request(self, server_conn: object, request_conn: HTTPConnection) -> HTTPMessageDelegate:
        return _Request(self, server_conn, request_conn)


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
            self._taker = _Delivery(self._front.incidents, self._connection)
        else:
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

    def __init__(self, incidents: Incidents, connection: HTTPConnection) -> None:
        self._incidents = incidents
        self._connection = connection
        self._body: list[bytes] = []

    def headers_received(
        self,
        start_line: RequestStartLine | ResponseStartLine,  # noqa: ARG002 - Tornado's hook
        headers: HTTPHeaders,
    ) -> None:
        self._credentials = headers.get_list("Authorization")

    def data_received(self, chunk: bytes) -> None:
        self._body.append(chunk)

    def finish(self) -> None:
        self._answering = asyncio.ensure_future(self._answer())

    def on_connection_close(self) -> None:
        """Who delivered is gone; what was delivered whole is recorded all the same."""

    async def _answer(self) -> None:
        try:
            answer = await self._incidents.receive(self._credentials, b"".join(self._body))
        except Exception:
            log.exception("a delivery failed")  # a fault of this program
            answer = Answer(500, {"error": responses[500]})
        body = answer.body()
        headers = HTTPHeaders({**HEADERS, **answer.headers, "Content-Length": str(len(body))})
        start_line = ResponseStartLine("", answer.status, responses[answer.status])
        self._connection.write_headers(start_line, headers, body)
        self._connection.finish()
