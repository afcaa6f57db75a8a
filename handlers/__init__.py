"""The whole URL table. Handlers get what they need as keyword arguments, and have no rules of their own."""

from collections.abc import Callable
from datetime import datetime

from tornado.routing import URLSpec
from tornado.web import Application

from config import Config
from digest.job import DigestJob
from digest.stats import Stats
from handlers.base import BaseHandler
from handlers.commands import CommandsHandler, RequestDeduplicator, SlackAuthenticator
from handlers.deliveries import DeliveryReceiver
from handlers.dispatch import Dispatcher
from handlers.metrics import MetricsHandler
from handlers.page import AssetHandler, HostHandler, ListHandler
from handlers.page_api import (
    HostApiHandler,
    HostsHandler,
    IncidentsCsvHandler,
    IncidentsHandler,
    OpenApiHandler,
)
from handlers.page_events import EventsHandler
from handlers.page_feeds import BadgeHandler, FeedHandler, ShieldsHandler
from handlers.page_maker import PageMaker
from handlers.routes import COMMANDS, DELIVERIES, HEALTH, LIFE, METRICS, NotFoundHandler
from handlers.status import HealthHandler, LiveHandler
from languages import LANGUAGES
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
    """`stats` and `repeats` go on when a changed configuration makes it necessary to make another."""
    authenticator = SlackAuthenticator(config.slack, LANGUAGES[config.language], now, deduplicator)
    pages = PageMaker(config, store, job, stats, now)
    seen = {"status": config.status, "store": store, "job": job, "stats": stats}
    commands = {
        "store": store,
        "job": job,
        "authenticator": authenticator,
        "zone": config.timezone,
        "watched": config.hosts,
        "language": LANGUAGES[config.language],
        "doubt_after": config.doubt_after,
        "now": now,
    }
    application = Application(
        [
            URLSpec(DELIVERIES, BaseHandler),  # answers 405 to what is no POST
            URLSpec(COMMANDS, CommandsHandler, commands),
            URLSpec(HEALTH, HealthHandler, seen),
            URLSpec(LIFE, LiveHandler, {"status": config.status}),
            URLSpec(METRICS, MetricsHandler, seen),
            # Names of hosts stand in queries: in a path, browsers and proxies rewrite `..` and `%2F`.
            URLSpec("/", ListHandler, {"pages": pages}),
            URLSpec("/host", HostHandler, {"pages": pages}),
            URLSpec("/events", EventsHandler, {"pages": pages}),
            URLSpec("/api/hosts", HostsHandler, {"pages": pages}),
            URLSpec("/api/host", HostApiHandler, {"pages": pages}),
            URLSpec("/api/incidents", IncidentsHandler, {"pages": pages}),
            URLSpec(r"/api/incidents\.csv", IncidentsCsvHandler, {"pages": pages}),
            URLSpec(r"/api/openapi\.json", OpenApiHandler, {"pages": pages}),
            URLSpec(r"/badge\.svg", BadgeHandler, {"pages": pages}),
            URLSpec(r"/badge\.json", ShieldsHandler, {"pages": pages}),
            URLSpec(r"/feed\.xml", FeedHandler, {"pages": pages}),
            URLSpec(r"/assets/([0-9a-f]+)/([a-z.]+)", AssetHandler, {"pages": pages}),
        ],
        default_handler_class=NotFoundHandler,
        default_handler_args={"gcp": config.gcp, "authenticator": authenticator, "status": config.status},
        log_function=lambda _: None,  # what is worth a line is logged where it is known
        cross_origin_protection=True,
    )
    incidents = DeliveryReceiver(store, config.gcp, now, stats)
    return Dispatcher(application, incidents, config.trusted_proxies, pages)
