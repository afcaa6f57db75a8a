"""POST /fromGCPMonitoring: Google's incident webhooks."""

import asyncio
import json
import logging
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime
from http.client import responses
from types import MappingProxyType
from typing import NamedTuple

from tornado.httputil import (
    HTTPConnection,
    HTTPHeaders,
    HTTPMessageDelegate,
    RequestStartLine,
    ResponseStartLine,
)

from config import PLACEHOLDER, Gcp
from digest.stats import Stats
from google.strict_json import BadPayload
from google.webhook import Ignored, parse
from handlers.auth import CHALLENGE, is_authorized
from handlers.client_address import was_passed_on
from hosts.changes import TooManyOpenIncidents, record_incident
from hosts.identity import name_of
from hosts.incident import Incident
from state.renaming import adopting_former_name
from state.store import SaveFailed, Store

log = logging.getLogger("deliveries")

SHIPPED = (
    "gcp.password is the one that everybody can read in this project, so it is not taken through a proxy; "
    "make your own, with: openssl rand -base64 24"
)
WITHOUT_CREDENTIALS = "credentials please: HTTP Basic, gcp.username and gcp.password of config.yaml"


class Answer(NamedTuple):
    """What Google gets: small JSON that says what became of its delivery."""

    status: int
    fields: Mapping[str, str]
    headers: Mapping[str, str] = MappingProxyType({})

    def body(self) -> bytes:
        return f"{json.dumps(self.fields)}\n".encode()


class DeliveryReceiver:
    """Records what is delivered. One for all deliveries."""

    def __init__(self, store: Store, gcp: Gcp, now: Callable[[], datetime], stats: Stats) -> None:
        self._store = store
        self._gcp = gcp
        self._own = replace(gcp, passwords=tuple(each for each in gcp.passwords if each != PLACEHOLDER))
        self._now = now
        self._stats = stats

    async def receive(self, headers: HTTPHeaders, body: bytes) -> Answer:
        """200 means that what was delivered is on the disk."""
        if refusal := self._refusal(headers):
            self._stats.deliveries["unauthorized"] += 1
            # Google sends its credentials only to one who asks for them.
            return Answer(401, {"error": refusal}, {"WWW-Authenticate": CHALLENGE})
        now = self._now()
        self._stats.record_delivery(now)
        try:
            answer = await self._record(parse(body, now))
        except BadPayload as error:
            self._stats.deliveries["refused"] += 1
            return Answer(400, {"error": str(error)})
        except SaveFailed:  # the store has said it already
            self._stats.deliveries["unsaved"] += 1
            said = "cannot save now; nothing was changed, try again"
            return Answer(503, {"error": said}, {"Retry-After": "10"})
        except TooManyOpenIncidents as error:
            self._stats.deliveries["unsaved"] += 1
            log.warning("refused: %s", error)
            said = f"{error}, and no more can be recorded; nothing was changed"
            return Answer(503, {"error": said}, {"Retry-After": "600"})
        self._stats.deliveries[answer.fields["result"]] += 1
        return answer

    def _refusal(self, headers: HTTPHeaders) -> str | None:
        """Why the credentials are not good enough; None if they are."""
        given = headers.get_list("Authorization")
        if not is_authorized(given, self._gcp):
            return WITHOUT_CREDENTIALS
        if self._own == self._gcp or is_authorized(given, self._own) or not was_passed_on(headers):
            return None
        return SHIPPED

    async def _record(self, incident: Incident | Ignored) -> Answer:
        if isinstance(incident, Ignored):
            log.info("ignored: %s", incident.reason)
            return Answer(200, {"result": "ignored", "reason": incident.reason})
        changed = await self._store.commit(adopting_former_name(incident.host, record_incident(incident)))
        result = "recorded" if changed else "unchanged"
        return Answer(200, {"result": result, "host": name_of(incident.host)})


WRONG = "another user name or password than gcp.username and gcp.password"
HEADERS = {"Server": "uptime-check-manager", "Content-Type": "application/json; charset=UTF-8"}


class Delivery(HTTPMessageDelegate):
    def __init__(
        self, incidents: DeliveryReceiver, connection: HTTPConnection, client_address: Callable[[], str]
    ) -> None:
        self._incidents = incidents
        self._connection = connection
        self._client_address = client_address
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
            log.warning("refused: %s (from %s)", reason, self._client_address())


def send(connection: HTTPConnection, answer: Answer) -> None:
    """All of it in one write."""
    body = answer.body()
    headers = HTTPHeaders({**HEADERS, **answer.headers, "Content-Length": str(len(body))})
    start_line = ResponseStartLine("", answer.status, responses[answer.status])
    connection.write_headers(start_line, headers, body)
    connection.finish()
