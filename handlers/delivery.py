"""One POST to the webhook: its body is gathered, recorded, and answered."""

import asyncio
import logging
from collections.abc import Callable
from http.client import responses

from tornado.httputil import (
    HTTPConnection,
    HTTPHeaders,
    HTTPMessageDelegate,
    RequestStartLine,
    ResponseStartLine,
)

from handlers.incidents import WITHOUT_CREDENTIALS, Answer, Incidents

log = logging.getLogger("http")
deliveries = logging.getLogger("deliveries")

WRONG = "another user name or password than gcp.username and gcp.password"
HEADERS = {"Server": "uptime-check-manager", "Content-Type": "application/json; charset=UTF-8"}


class Delivery(HTTPMessageDelegate):
    def __init__(self, incidents: Incidents, connection: HTTPConnection, asker: Callable[[], str]) -> None:
        self._incidents = incidents
        self._connection = connection
        self._asker = asker
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
            answer = await self._incidents.receive(self._headers, b"".join(self._body))
            self._tell(answer)
        except Exception:
            log.exception("a delivery failed")  # a fault of this program
            answer = Answer(500, {"error": responses[500]})
        send(self._connection, answer)

    def _tell(self, answer: Answer) -> None:
        """Of refusals, but for the one that Google asks for before it sends its credentials."""
        if answer.status == 400 or (answer.status == 401 and "Authorization" in self._headers):
            error = answer.fields["error"]
            reason = WRONG if error == WITHOUT_CREDENTIALS else error
            deliveries.warning("refused: %s (from %s)", reason, self._asker())


def send(connection: HTTPConnection, answer: Answer) -> None:
    """All of it in one write."""
    body = answer.body()
    headers = HTTPHeaders({**HEADERS, **answer.headers, "Content-Length": str(len(body))})
    start_line = ResponseStartLine("", answer.status, responses[answer.status])
    connection.write_headers(start_line, headers, body)
    connection.finish()
