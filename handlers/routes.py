"""Paths of the routes, and how they are compared with what a request asks for."""

import re
from typing import Any
from urllib.parse import unquote

from tornado.httputil import HTTPServerRequest
from tornado.routing import PathMatches

DELIVERIES, COMMANDS = "/fromGCPMonitoring", "/fromSlack"
HEALTH, LIVENESS, METRICS = "/healthz", "/livez", "/metrics"
ROUTES = {route.lower(): route for route in (DELIVERIES, COMMANDS, HEALTH, LIVENESS, METRICS)}
ABSOLUTE_FORM = re.compile(r"https?://[^/?#]+", re.IGNORECASE)


class OnlyReads(PathMatches):
    """A path that accepts nothing: a delivery that gets there has the wrong path."""

    def match(self, request: HTTPServerRequest) -> dict[str, Any] | None:
        return super().match(request) if request.method in ("GET", "HEAD") else None


def origin_form(target: str) -> str:
    """Strip scheme and host from a request target: there is only one host here.

    https://www.rfc-editor.org/rfc/rfc9112.html#section-3.2.2
    """
    host = ABSOLUTE_FORM.match(target)
    if host is None:
        return target
    path = target[host.end() :]
    return path if path.startswith("/") else f"/{path}"


def nearest_route(path: str) -> str | None:
    """Return the route that a path equals but for slashes, case and percent-encoding."""
    parts = unquote(path).lower().split("/")
    return ROUTES.get("/" + "/".join(filter(None, parts)))
