"""Small JSON responses, of request handlers and of message delegates."""

import json
import logging
from collections.abc import Awaitable, Mapping, Sequence
from types import MappingProxyType
from typing import Any, NamedTuple

from tornado.web import HTTPError, RequestHandler

log = logging.getLogger("http")

JSON = "application/json; charset=UTF-8"
HEADERS = {"Server": "uptime-check-manager", "Content-Type": JSON}
NO_HEADERS: Mapping[str, str] = MappingProxyType({})  # besides those that every answer has
_UNIMPLEMENTED = RequestHandler.get
UNREADABLE_BODY = "The body does not match its Content-Type, or has too many fields"


class Response(NamedTuple):
    """What a message delegate sends."""

    status: int
    fields: Mapping[str, str]
    headers: Mapping[str, str] = NO_HEADERS


def dumped(value: object) -> bytes:
    """Readable with curl in any language. A lone surrogate, which UTF-8 cannot hold, is replaced."""
    return json.dumps(value, ensure_ascii=False).encode(errors="replace")


def json_line(fields: Mapping[str, object]) -> bytes:
    return dumped(fields) + b"\n"


class RequestRejected(HTTPError):
    """The sender may be a misconfigured client of ours, so the operator gets a warning in the log."""


class BaseHandler(RequestHandler):
    """Responds with JSON, to errors as well."""

    def set_default_headers(self) -> None:
        for name, value in HEADERS.items():
            self.set_header(name, value)

    def set_status(self, status_code: int, reason: str | None = None) -> None:
        """A 405 has to say what is allowed: https://www.rfc-editor.org/rfc/rfc9110.html#section-15.5.6"""
        super().set_status(status_code, reason)
        if status_code == 405:
            self.set_header("Allow", ", ".join(self.allowed()))

    def allowed(self) -> Sequence[str]:
        """The methods that are answered."""
        implemented = [m for m in ("GET", "POST") if getattr(type(self), m.lower()) is not _UNIMPLEMENTED]
        return ["HEAD", *implemented] if "GET" in implemented else implemented

    def compute_etag(self) -> None:
        """No response is worth caching."""

    def head(self, *path: str) -> Awaitable[None] | None:
        """As GET: Tornado leaves out the body."""
        return self.get(*path)

    def reply(self, **fields: object) -> None:
        self.write(json_line(fields))

    def write_error(self, status_code: int, **kwargs: Any) -> None:  # noqa: ARG002 - Tornado's hook
        error = kwargs.get("exc_info", (None, None))[1]
        # Tornado gives no reason of its own if it cannot parse the body.
        is_unreadable = isinstance(error, HTTPError) and (error.log_message or "").startswith("Invalid body")
        self.reply(error=UNREADABLE_BODY if is_unreadable else self._reason)
        self.finish()

    def log_exception(self, typ: Any, value: Any, tb: Any) -> None:
        """Log one line for the sender's mistakes, and a traceback for ours."""
        request = self.request
        target = (request.method, request.path)
        if isinstance(value, RequestRejected):
            # The log samples lines by their format: with the reason in it, one reason hides no other.
            log.warning(f"refused: %s %s: {value.reason} (from %s)", *target, request.remote_ip)  # noqa: G004
        elif isinstance(value, HTTPError):
            log.info("%s %s: %s (from %s)", *target, value, request.remote_ip)
        else:
            log.error("unhandled exception: %s %s", *target, exc_info=(typ, value, tb))
