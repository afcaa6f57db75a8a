"""The whole URL table. Handlers get what they need as keyword arguments, and have no rules of their own."""

from collections.abc import Callable
from datetime import datetime

from tornado.routing import URLSpec
from tornado.web import Application

from config import Config
from digest.job import DigestJob
from handlers.base import NotFoundHandler
from handlers.commands import CommandsHandler
from handlers.health import HealthHandler
from handlers.incidents import IncidentsHandler
from state.store import Store


def make_app(config: Config, store: Store, job: DigestJob, now: Callable[[], datetime]) -> Application:
    incidents = {"store": store, "gcp": config.gcp, "history": config.history, "now": now}
    commands = {"store": store, "job": job, "slack": config.slack, "zone": config.timezone, "now": now}
    return Application(
        [
            URLSpec("/fromGCPMonitoring", IncidentsHandler, incidents),
            URLSpec("/fromSlack", CommandsHandler, commands),
            URLSpec("/healthz", HealthHandler, {"store": store, "job": job}),
        ],
        default_handler_class=NotFoundHandler,
        log_function=lambda _: None,  # what is worth a line is logged where it is known
        cross_origin_protection=True,
    )
