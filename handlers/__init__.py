"""The URL table. Handlers get what they need as keyword arguments and have no rules of their own."""

from collections.abc import Callable
from datetime import datetime

from tornado.routing import Rule, URLSpec
from tornado.web import Application

from config import Config
from digest.health import Stats
from digest.job import DigestJob
from handlers.actions import Actions
from handlers.command_context import ContextBuilder
from handlers.commands import CommandsHandler
from handlers.deduplicator import RequestDeduplicator
from handlers.deliveries import DeliveryReceiver, OnlyPosts
from handlers.dispatch import App
from handlers.interactions import Interactions
from handlers.not_found import NotFoundHandler
from handlers.page import AssetHandler, HostHandler, ListHandler
from handlers.page_api import (
    BadgeHandler,
    FeedHandler,
    HostApiHandler,
    HostsHandler,
    IncidentsCsvHandler,
    IncidentsHandler,
    OpenApiHandler,
    ShieldsHandler,
)
from handlers.page_events import EventsHandler
from handlers.page_maker import PageMaker
from handlers.queries import Queries
from handlers.routes import COMMANDS, DELIVERIES, HEALTH, LIVENESS, METRICS, OnlyReads
from handlers.status import HealthHandler, LiveHandler, MetricsHandler
from slack.responder import Responder
from state.store import Store


def make_app(  # noqa: PLR0913 - what the handlers get
    config: Config,
    store: Store,
    job: DigestJob,
    now: Callable[[], datetime],
    *,
    stats: Stats,
    deduplicator: RequestDeduplicator,
    responder: Responder,
) -> App:
    """Make the routes of one configuration; `stats`, `deduplicator` and `responder` outlive a reload."""
    context = ContextBuilder(config, store, now)
    interactions = Interactions(config, store, job, context, deduplicator=deduplicator, responder=responder)
    pages = PageMaker(config, store, job, stats, now)
    observed = {"status": config.status, "store": store, "job": job, "stats": stats}
    commands = {
        "slack": config.slack,
        "deduplicator": deduplicator,
        "context": context,
        "queries": Queries(job, stats.google),
        "actions": Actions(store, context, config.hosts),
        "press": interactions.receive,
        "now": now,
    }
    application = Application(
        [
            URLSpec(DELIVERIES, OnlyPosts),
            URLSpec(COMMANDS, CommandsHandler, commands),
            URLSpec(HEALTH, HealthHandler, observed),
            URLSpec(LIVENESS, LiveHandler, observed),
            URLSpec(METRICS, MetricsHandler, observed),
            # Names of hosts are in queries: in a path, browsers and proxies rewrite `..` and `%2F`.
            Rule(OnlyReads("/"), ListHandler, {"pages": pages}),
            URLSpec("/host", HostHandler, {"pages": pages}),
            URLSpec("/events", EventsHandler, {"config": config, "streams": pages.boards.streams}),
            URLSpec("/api/hosts", HostsHandler, {"pages": pages}),
            URLSpec("/api/host", HostApiHandler, {"pages": pages}),
            URLSpec("/api/incidents", IncidentsHandler, {"pages": pages}),
            URLSpec(r"/api/incidents\.csv", IncidentsCsvHandler, {"pages": pages}),
            URLSpec(r"/api/openapi\.json", OpenApiHandler, {"pages": pages}),
            URLSpec(r"/badge\.svg", BadgeHandler, {"pages": pages}),
            URLSpec(r"/badge\.json", ShieldsHandler, {"pages": pages}),
            URLSpec(r"/feed\.xml", FeedHandler, {"pages": pages}),
            URLSpec(r"/assets/([0-9a-f]+)/([a-z.]+)", AssetHandler, {"config": config}),
        ],
        default_handler_class=NotFoundHandler,
        default_handler_args={"config": config, "now": now},
        log_function=lambda _: None,  # handlers log what is worth a line
        cross_origin_protection=True,
    )
    receiver = DeliveryReceiver(store, config.gcp, now, stats)
    return App(application, receiver, config.trusted_proxies, pages)
