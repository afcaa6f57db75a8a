"""POST /fromGCPMonitoring: records Google's incident webhooks."""

import logging
from collections.abc import Callable, Sequence
from datetime import datetime
from http.client import responses

from tornado.httputil import HTTPHeaders

from config import Gcp
from digest.health import Stats
from google.strict_json import InvalidPayload
from google.webhook import Ignored, parse
from handlers.auth import CHALLENGE, Refusal, delivery_refusal
from handlers.base import BaseHandler, Response
from hosts.changes import TooManyOpenIncidents, delivered, record_incident
from hosts.identity import name_of
from hosts.incident import Incident
from state.renaming import adopting_former_name
from state.store import SaveFailed, Store

log = logging.getLogger("deliveries")

NEVER_GIVEN = (
    "requests without a user name and password arrive, such as one from %s, and none with the right ones "
    "has followed within a minute: if they are Google's, tick Use HTTP Basic Auth on its notification channel"
)


def warn_of_missing_credentials(stats: Stats) -> None:
    """Call this every second. One request without credentials is no alarm: Google's first may have none."""
    if address := stats.unanswered_challenge():
        log.warning(NEVER_GIVEN, address)


class OnlyPosts(BaseHandler):
    """Responds with 405 at the path of deliveries.

    A POST never gets here: Dispatcher hands it to the DeliveryReceiver, because a RequestHandler takes half
    as long again (docs/performance.md).
    """

    def allowed(self) -> Sequence[str]:
        return ["POST"]


class DeliveryReceiver:
    """Authenticates, parses and records deliveries."""

    def __init__(self, store: Store, gcp: Gcp, now: Callable[[], datetime], stats: Stats) -> None:
        self._store = store
        self._gcp = gcp
        self._now = now
        self._stats = stats

    async def receive(self, headers: HTTPHeaders, address: Callable[[], str], body: bytes) -> Response:
        """200 means that the delivery is on the disk. `address` returns the client's, for the log."""
        try:
            if refusal := delivery_refusal(headers, self._gcp):
                return self._unauthorized(refusal, address)
            result, response = await self._respond(body)
        except Exception:
            log.exception("unhandled exception in a delivery")
            return Response(500, {"error": responses[500]})
        self._stats.deliveries[result] += 1
        if response.status == 400:
            log.warning("refused: %s (from %s)", response.fields["error"], address())
        return response

    def _unauthorized(self, refusal: Refusal, address: Callable[[], str]) -> Response:
        """Log nothing yet if there are no credentials: Google sends them only when challenged."""
        self._stats.deliveries["unauthorized"] += 1
        if refusal is Refusal.NO_CREDENTIALS:
            self._stats.record_challenge(address)
        else:
            self._stats.record_wrong_credentials()
            log.warning(f"refused: {refusal.value} (from %s)", address())  # noqa: G004 - each reason is sampled by itself
        told = Refusal.NO_CREDENTIALS if refusal is Refusal.WRONG_CREDENTIALS else refusal
        return Response(401, {"error": told.value}, {"WWW-Authenticate": CHALLENGE})

    async def _respond(self, body: bytes) -> tuple[str, Response]:
        """The result, as `/metrics` counts it, and what to answer."""
        now = self._now()
        self._stats.record_delivery()
        try:
            fields = await self._record(parse(body, now), now)
        except InvalidPayload as refused:
            return "refused", Response(400, {"error": str(refused)})
        except SaveFailed:  # logged by the store
            return "unsaved", _unavailable(
                "cannot save right now; nothing was changed, so try again later", "10"
            )
        except TooManyOpenIncidents as full:
            log.warning("refused: %s", full)
            return "unsaved", _unavailable(f"{full}, and no more can be recorded; nothing was changed", "600")
        return fields["result"], Response(200, fields)

    async def _record(self, incident: Incident | Ignored, now: datetime) -> dict[str, str]:
        if isinstance(incident, Ignored):
            log.info("ignored: %s", incident.reason)
            return {"result": "ignored", "reason": incident.reason}
        incident = self._stats.google.explained(incident)
        change = adopting_former_name(incident.host, record_incident(incident))
        changed = await self._store.commit(delivered(change, now))
        return {"result": "recorded" if changed else "unchanged", "host": name_of(incident.host)}


def _unavailable(error: str, retry_after: str) -> Response:
    return Response(503, {"error": error}, {"Retry-After": retry_after})
