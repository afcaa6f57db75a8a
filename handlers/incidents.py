"""POST /fromGCPMonitoring: Google's incident webhooks."""

import logging
from collections.abc import Callable
from datetime import datetime

from config import Gcp, History
from handlers.base import BaseHandler
from handlers.basic import CHALLENGE, is_authorized
from handlers.payload import Ignored, parse
from state.changes import record_incident
from state.store import Store

log = logging.getLogger("deliveries")


class IncidentsHandler(BaseHandler):
    def initialize(self, *, store: Store, gcp: Gcp, history: History, now: Callable[[], datetime]) -> None:
        self.store = store
        self.gcp = gcp
        self.history = history
        self.now = now

    async def post(self) -> None:
        """200 means that what was delivered is on the disk."""
        if not is_authorized(self.request.headers.get_list("Authorization"), self.gcp):
            # Google sends its credentials only to one who asks for them.
            self.set_status(401)
            self.set_header("WWW-Authenticate", CHALLENGE)
            self.reply(error="credentials please: HTTP Basic, gcp.username and gcp.password of config.yaml")
            return
        incident = parse(self.request.body, self.now())
        if isinstance(incident, Ignored):
            log.info("ignored: %s", incident.reason)
            self.reply(result="ignored", reason=incident.reason)
        elif await self.store.commit(record_incident(incident, self.history.per_host)):
            log.info(
                "%s is %s: incident %s", incident.host, "open" if incident.is_open else "closed", incident.id
            )
            self.reply(result="recorded", host=incident.host)
        else:
            self.reply(result="unchanged", host=incident.host)
