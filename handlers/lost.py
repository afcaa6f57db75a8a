"""Where nothing is: 404, and for one of ours who nearly hit a route, a warning that names it."""

from tornado.web import HTTPError

from config import Gcp, Status
from handlers.access import may_see
from handlers.base import BaseHandler, Refusal
from handlers.basic import is_authorized
from handlers.door import Door
from handlers.routes import COMMANDS, DELIVERIES, nearest_route


class NotFoundHandler(BaseHandler):
    """Strangers learn nothing from it, but a wrong endpoint at Google or Slack must not stay unnoticed."""

    def initialize(self, *, gcp: Gcp, door: Door, status: Status) -> None:
        self.gcp = gcp
        self.door = door
        self.status = status

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
            return self.door.let_in(self.request) is not None
        except HTTPError:
            return False
