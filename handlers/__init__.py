"""The whole URL table. Handlers get what they need as keyword arguments, and have no rules of their own."""

from collections.abc import Callable
from datetime import datetime

from tornado.routing import URLSpec
from tornado.web import Application

from config import Config
from digest.job import DigestJob
from digest.stats import Stats
from handlers.actions import Actions
from handlers.base import BaseHandler
from handlers.commands import CommandsHandler, RequestDeduplicator, context_source
from handlers.deliveries import DeliveryReceiver
from handlers.dispatch import Dispatcher
from handlers.metrics import MetricsHandler
from handlers.queries import Queries
from handlers.routes import COMMANDS, DELIVERIES, HEALTH, LIFE, METRICS, NotFoundHandler
from handlers.status import HealthHandler, LiveHandler
from state.store import Store


def make_app(  # noqa: PLR0913 - what the handlers get
    config: Config,
    store: Store,
    job: DigestJob,
    now: Callable[[], datetime],
    *,
    stats: Stats,
    deduplicator: RequestDeduplicator,
) -> Dispatcher:
    """`stats` and `deduplicator` go on when a changed configuration makes it necessary to make another."""
    context = context_source(config, store, now)
    seen = {"status": config.status, "store": store, "job": job, "stats": stats}
    commands = {
        "slack": config.slack,
        "deduplicator": deduplicator,
        "context": context,
        "queries": Queries(job),
        "actions": Actions(store, context, config.hosts),
        "now": now,
    }
    application = Application(
        [
            URLSpec(DELIVERIES, BaseHandler),  # answers 405 to what is no POST
            URLSpec(COMMANDS, CommandsHandler, commands),
            URLSpec(HEALTH, HealthHandler, seen),
            URLSpec(LIFE, LiveHandler, {"status": config.status}),
            URLSpec(METRICS, MetricsHandler, seen),
        ],
        default_handler_class=NotFoundHandler,
        default_handler_args={"gcp": config.gcp, "slack": config.slack, "status": config.status, "now": now},
        log_function=lambda _: None,  # what is worth a line is logged where it is known
        cross_origin_protection=True,
    )
    incidents = DeliveryReceiver(store, config.gcp, now, stats)
    return Dispatcher(application, incidents, config.trusted_proxies)
