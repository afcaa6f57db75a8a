"""POST /fromGCPMonitoring: Google's incident webhooks."""

import json
import logging
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from types import MappingProxyType
from typing import NamedTuple

from config import Gcp, History
from handlers.basic import CHALLENGE, is_authorized
from handlers.payload import BadPayload, Ignored, parse
from state.changes import record_incident
from state.store import SaveFailed, Store

log = logging.getLogger("deliveries")

WITHOUT_CREDENTIALS = "credentials please: HTTP Basic, gcp.username and gcp.password of config.yaml"


class Answer(NamedTuple):
    """What Google gets: small JSON that says what became of its delivery."""

    status: int
    fields: Mapping[str, str]
    headers: Mapping[str, str] = MappingProxyType({})

    def body(self) -> bytes:
        return f"{json.dumps(self.fields)}\n".encode()


class Incidents:
    """Records what is delivered. One for all deliveries."""

    def __init__(self, store: Store, gcp: Gcp, history: History, now: Callable[[], datetime]) -> None:
        self._store = store
        self._gcp = gcp
        self._history = history
        self._now = now

    async def receive(self, credentials: Sequence[str], body: bytes) -> Answer:
        """`credentials` are the Authorization headers. 200 means that what was delivered is on the disk."""
        if not is_authorized(credentials, self._gcp):
            # Google sends its credentials only to one who asks for them.
            return Answer(401, {"error": WITHOUT_CREDENTIALS}, {"WWW-Authenticate": CHALLENGE})
        try:
            return await self._record(body)
        except BadPayload as error:
            log.info("refused: %s", error)
            return Answer(400, {"error": str(error)})
        except SaveFailed:  # the store has said it already
            said = "cannot save now; nothing was changed, try again"
            return Answer(503, {"error": said}, {"Retry-After": "10"})

    async def _record(self, body: bytes) -> Answer:
        incident = parse(body, self._now())
        if isinstance(incident, Ignored):
            log.info("ignored: %s", incident.reason)
            return Answer(200, {"result": "ignored", "reason": incident.reason})
        if not await self._store.commit(record_incident(incident, self._history.per_host)):
            return Answer(200, {"result": "unchanged", "host": incident.host})
        state = "open" if incident.is_open else "closed"
        log.info("%s is %s: incident %s", incident.host, state, incident.id)
        return Answer(200, {"result": "recorded", "host": incident.host})
