"""What every handler shares: JSON replies, also when something is wrong."""

import json
import logging
from typing import Any

from tornado.web import HTTPError, RequestHandler

log = logging.getLogger("http")

UNREADABLE = "The body is not what its Content-Type says, or has too many fields"


class Refusal(HTTPError):
    """Somebody who may be one of ours did something wrong: a warning in the log, for who can mend it."""


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
        self.reply(error=UNREADABLE if _is_unreadable(*kwargs.get("exc_info", ())[1:2]) else self._reason)
        self.finish()

    def log_exception(self, typ: Any, value: Any, tb: Any) -> None:
        """A line for what the sender did wrong; a traceback for what we did."""
        request = self.request
        said = (request.method, request.path, value, request.remote_ip)
        if isinstance(value, Refusal):
            # With the reason in the format, many lines of one reason hold back no line of another.
            line = f"refused: %s %s: {value.reason} (from %s)"
            log.warning(line, request.method, request.path, request.remote_ip)
        elif isinstance(value, HTTPError):
            log.info("%s %s: %s (from %s)", *said)
        else:
            log.error("%s %s failed", request.method, request.path, exc_info=(typ, value, tb))


def _is_unreadable(error: object = None) -> bool:
    """Tornado gives no reason of its own when it cannot take a body apart."""
    return isinstance(error, HTTPError) and (error.log_message or "").startswith("Invalid body")
