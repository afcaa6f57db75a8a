"""POST /fromGCPMonitoring: Google's incident webhooks."""

import json
import logging
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from types import MappingProxyType
from typing import NamedTuple

from config import Gcp
from handlers.basic import CHALLENGE, is_authorized
from handlers.payload import Ignored, parse
from handlers.strict_json import BadPayload
from state.changes import TooManyOpen, record_incident
from state.incident import Incident
from state.store import SaveFailed, Store
from vitals import Vitals

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

    def __init__(self, store: Store, gcp: Gcp, now: Callable[[], datetime], vitals: Vitals) -> None:
        self._store = store
        self._gcp = gcp
        self._now = now
        self._vitals = vitals

    async def receive(self, credentials: Sequence[str], body: bytes) -> Answer:
        """`credentials` are the Authorization headers. 200 means that what was delivered is on the disk."""
        if not is_authorized(credentials, self._gcp):
            self._vitals.deliveries["unauthorized"] += 1
            # Google sends its credentials only to one who asks for them.
            return Answer(401, {"error": WITHOUT_CREDENTIALS}, {"WWW-Authenticate": CHALLENGE})
        now = self._vitals.heard = self._now()
        try:
            answer = await self._record(parse(body, now))
        except BadPayload as error:
            self._vitals.deliveries["refused"] += 1
            return Answer(400, {"error": str(error)})
        except SaveFailed:  # the store has said it already
            self._vitals.deliveries["unsaved"] += 1
            said = "cannot save now; nothing was changed, try again"
            return Answer(503, {"error": said}, {"Retry-After": "10"})
        except TooManyOpen as error:
            self._vitals.deliveries["unsaved"] += 1
            log.warning("refused: %s", error)
            said = f"{error}, and no more can be recorded; nothing was changed"
            return Answer(503, {"error": said}, {"Retry-After": "600"})
        self._vitals.deliveries[answer.fields["result"]] += 1
        return answer

    async def _record(self, incident: Incident | Ignored) -> Answer:
        if isinstance(incident, Ignored):
            log.info("ignored: %s", incident.reason)
            return Answer(200, {"result": "ignored", "reason": incident.reason})
        changed = await self._store.commit(record_incident(incident))
        return Answer(200, {"result": "recorded" if changed else "unchanged", "host": incident.host})
