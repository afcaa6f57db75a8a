"""What every handler shares: JSON replies, and one table from exception to status."""

import json
import logging
from typing import Any

from tornado.web import HTTPError, RequestHandler

from handlers.payload import BadPayload
from state.store import SaveFailed

log = logging.getLogger("http")


class BaseHandler(RequestHandler):
    """Answers in small JSON, also when something is wrong."""

    def set_default_headers(self) -> None:
        self.set_header("Server", "uptime-check-manager")
        self.set_header("Content-Type", "application/json; charset=UTF-8")

    def compute_etag(self) -> None:
        """No answer here is worth caching."""

    def reply(self, **fields: object) -> None:
        self.write(json.dumps(fields) + "\n")

    def write_error(self, status_code: int, **kwargs: Any) -> None:  # noqa: ARG002 - Tornado's hook
        error = kwargs.get("exc_info", (None, None))[1]
        if isinstance(error, SaveFailed):
            self.set_status(503)
            self.set_header("Retry-After", "10")
            self.reply(error="cannot save now; nothing was changed, try again")
        elif isinstance(error, BadPayload):
            self.set_status(400)
            self.reply(error=str(error))
        else:
            self.reply(error=self._reason)
        self.finish()

    def log_exception(self, typ: Any, value: Any, tb: Any) -> None:
        """A line for what the sender did wrong; a traceback for what we did."""
        if isinstance(value, (BadPayload, HTTPError)):
            log.info("%s %s: %s", self.request.method, self.request.path, value)
        elif not isinstance(value, SaveFailed):  # the store has said it already
            log.error("%s %s failed", self.request.method, self.request.path, exc_info=(typ, value, tb))


class NotFoundHandler(BaseHandler):
    def prepare(self) -> None:
        raise HTTPError(404)
