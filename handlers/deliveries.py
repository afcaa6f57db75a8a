"""POST /fromGCPMonitoring: records Google's incident webhooks."""

import logging
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from http.client import responses

from tornado.httputil import HTTPHeaders

from config import PLACEHOLDER, Gcp
from digest.stats import Stats
from google.strict_json import InvalidPayload
from google.webhook import Ignored, parse
from handlers.auth import CHALLENGE, is_authorized
from handlers.base import Response
from handlers.client_address import was_forwarded
from hosts.changes import TooManyOpenIncidents, record_incident
from hosts.identity import name_of
from hosts.incident import Incident
from state.renaming import adopting_former_name
from state.store import SaveFailed, Store

log = logging.getLogger("deliveries")

NO_CREDENTIALS = "authentication required: HTTP Basic, with gcp.username and gcp.password of config.yaml"
WRONG_CREDENTIALS = "the user name or password is not gcp.username and gcp.password"
PLACEHOLDER_REFUSED = (
    "gcp.password is the published example, which is not accepted through a proxy; "
    "make your own, with: openssl rand -base64 24"
)


class DeliveryReceiver:
    """Authenticates, parses and records deliveries."""

    def __init__(self, store: Store, gcp: Gcp, now: Callable[[], datetime], stats: Stats) -> None:
        self._store = store
        self._gcp = gcp
        self._unpublished = replace(gcp, passwords=tuple(p for p in gcp.passwords if p != PLACEHOLDER))
        self._now = now
        self._stats = stats

    async def receive(self, headers: HTTPHeaders, body: bytes, address: Callable[[], str]) -> Response:
        """200 means that the delivery is on the disk. `address` returns the client's, for the log."""
        try:
            response = await self._respond(headers, body)
        except Exception:
            log.exception("unhandled exception in a delivery")
            return Response(500, {"error": responses[500]})
        if response.status == 400 or (response.status == 401 and "Authorization" in headers):
            error = response.fields["error"]
            reason = WRONG_CREDENTIALS if error == NO_CREDENTIALS else error
            log.warning("refused: %s (from %s)", reason, address())
        return response

    async def _respond(self, headers: HTTPHeaders, body: bytes) -> Response:
        if error := self._authentication_error(headers):
            self._stats.deliveries["unauthorized"] += 1
            # Google sends its credentials only when challenged.
            return Response(401, {"error": error}, {"WWW-Authenticate": CHALLENGE})
        now = self._now()
        self._stats.record_delivery(now)
        try:
            response = await self._record(parse(body, now))
        except InvalidPayload as error:
            self._stats.deliveries["refused"] += 1
            return Response(400, {"error": str(error)})
        except SaveFailed:  # logged by the store
            self._stats.deliveries["unsaved"] += 1
            return _unavailable("cannot save now; nothing was changed, try again", "10")
        except TooManyOpenIncidents as error:
            self._stats.deliveries["unsaved"] += 1
            log.warning("refused: %s", error)
            return _unavailable(f"{error}, and no more can be recorded; nothing was changed", "600")
        self._stats.deliveries[response.fields["result"]] += 1
        return response

    def _authentication_error(self, headers: HTTPHeaders) -> str | None:
        given = headers.get_list("Authorization")
        if not is_authorized(given, self._gcp):
            return NO_CREDENTIALS
        if self._unpublished == self._gcp or is_authorized(given, self._unpublished):
            return None
        return PLACEHOLDER_REFUSED if was_forwarded(headers) else None

    async def _record(self, incident: Incident | Ignored) -> Response:
        if isinstance(incident, Ignored):
            log.info("ignored: %s", incident.reason)
            return Response(200, {"result": "ignored", "reason": incident.reason})
        changed = await self._store.commit(adopting_former_name(incident.host, record_incident(incident)))
        result = "recorded" if changed else "unchanged"
        return Response(200, {"result": result, "host": name_of(incident.host)})


def _unavailable(error: str, retry_after: str) -> Response:
    return Response(503, {"error": error}, {"Retry-After": retry_after})
