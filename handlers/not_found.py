"""The 404 for all paths that are no route."""

from collections.abc import Callable, Sequence
from datetime import datetime

from tornado.web import HTTPError

from config import Config
from handlers.auth import authenticate_slack, delivery_refusal, may_see_status
from handlers.base import JSON, RequestRejected
from handlers.page_access import PageHandler
from handlers.routes import COMMANDS, DELIVERIES, nearest_route


class NotFoundHandler(PageHandler):
    """Reveals nothing to strangers, but logs a warning if Google or Slack was given a wrong URL.

    A browser gets a page that leads to the list of hosts, everything else JSON.
    """

    def initialize(self, *, config: Config, now: Callable[[], datetime]) -> None:
        self.config = config
        self.now = now

    def prepare(self) -> None:
        route = self._intended_route()
        if route is None:
            raise HTTPError(404)
        # Those who may see the status by their address have sent no credentials.
        good = "the credentials are valid, but " if route in (DELIVERIES, COMMANDS) else ""
        raise RequestRejected(404, reason=f"{good}the path is wrong: use {route}")

    def explain(self, status: int, sentence: str, nearest: Sequence[str] = ()) -> None:
        self.set_header("Vary", "Accept")
        if "text/html" in self.request.headers.get("Accept", "").lower():
            super().explain(status, sentence, nearest)
            return
        self.set_header("Content-Type", JSON)
        self.reply(error=self._reason)
        self.finish()

    def _intended_route(self) -> str | None:
        """Return None without the credentials of that route."""
        config, route = self.config, nearest_route(self.request.path)
        if route is None or route == DELIVERIES:
            return DELIVERIES if delivery_refusal(self.request.headers, config.gcp) is None else None
        is_allowed = self._is_slack() if route == COMMANDS else may_see_status(self.request, config.status)
        return route if is_allowed else None

    def _is_slack(self) -> bool:
        try:
            return authenticate_slack(self.request, self.config.slack, self.now()) is not None
        except HTTPError:
            return False
