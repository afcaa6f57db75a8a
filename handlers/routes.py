"""The paths of the routes, and which of them a wrong path comes near; pure."""

import re
from urllib.parse import unquote

DELIVERIES, COMMANDS = "/fromGCPMonitoring", "/fromSlack"
HEALTH, LIFE, METRICS = "/healthz", "/livez", "/metrics"
ROUTES = {route.lower(): route for route in (DELIVERIES, COMMANDS, HEALTH, LIFE, METRICS)}
ABSOLUTE = re.compile(r"https?://[^/?#]+", re.IGNORECASE)


def origin_form(target: str) -> str:
    """A request-target without the host that it may name, for there is only this one.

    https://www.rfc-editor.org/rfc/rfc9112.html#section-3.2.2
    """
    host = ABSOLUTE.match(target)
    if host is None:
        return target
    path = target[host.end() :]
    return path if path.startswith("/") else f"/{path}"


def nearest_route(path: str) -> str | None:
    """The route that a path is, but for its slashes, its capitals, and letters that need no encoding."""
    parts = unquote(path).lower().split("/")
    return ROUTES.get("/" + "/".join(filter(None, parts)))
