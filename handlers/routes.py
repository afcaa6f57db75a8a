"""The paths of the routes, and which of them a wrong path comes near; pure."""

import re
from collections.abc import Callable
from datetime import datetime
from urllib.parse import unquote

from tornado.web import HTTPError

from config import Gcp, Slack, Status
from handlers.auth import is_authorized
from handlers.base import BaseHandler, Refusal
from handlers.commands import authenticate
from handlers.status import may_see

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


class NotFoundHandler(BaseHandler):
    """Strangers learn nothing from it, but a wrong endpoint at Google or Slack must not stay unnoticed."""

    def initialize(self, *, gcp: Gcp, slack: Slack, status: Status, now: Callable[[], datetime]) -> None:
        self.gcp = gcp
        self.slack = slack
        self.status = status
        self.now = now

    def prepare(self) -> None:
        route = self._route_meant()
        if route is None:
            raise HTTPError(404)
        raise Refusal(404, reason=f"the credentials are good, but the path is wrong: it is {route}")

    def _route_meant(self) -> str | None:
        """None for those who do not have the credentials that the route wants."""
        route = nearest_route(self.request.path)
        if route is None or route == DELIVERIES:
            given = self.request.headers.get_list("Authorization")
            return DELIVERIES if is_authorized(given, self.gcp) else None
        allowed = self._is_slack() if route == COMMANDS else may_see(self.request, self.status)
        return route if allowed else None

    def _is_slack(self) -> bool:
        try:
            return authenticate(self.request, self.slack, self.now()) is not None
        except HTTPError:
            return False
