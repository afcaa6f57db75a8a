"""The parts that depend on the configuration: the HTTP server, the digest job and the Slack clients."""

import asyncio
import logging
import sys
from collections.abc import Callable, Coroutine
from contextlib import closing
from datetime import datetime
from functools import partial
from typing import Any

from config import Channel, Config, Proxy
from digest.health import Stats, in_english
from digest.job import DigestJob
from digest.sender import Sender
from google import alerts
from google.api import GoogleApi
from handlers import make_app
from handlers.deduplicator import RequestDeduplicator
from handlers.dispatch import App, Dispatcher
from handlers.http_server import BoundedHTTPServer
from http_client import ProxyError, describe_failure, http_client
from polling.poller import GooglePoller
from polling.source import Source
from slack.client import SlackClient
from slack.responder import Responder
from slack.sender import ChannelSender
from slack.terminal import to_terminal
from state.store import Store

heartbeat_log = logging.getLogger("heartbeat")


class Service:
    """`adopt` applies another configuration; requests and posts in flight end under the old one."""

    def __init__(self, store: Store, config: Config, now: Callable[[], datetime]) -> None:
        self.config = config
        self.stats = Stats(now())
        self.responder = Responder()
        self._store = store
        self._now = now
        self._clients: dict[str, SlackClient] = {}  # by webhook_url
        self._tasks: set[asyncio.Task[None]] = set()  # that nobody waits for
        self._deduplicator = RequestDeduplicator()
        self._shown: list[str] = []  # the problems that open pages know of, or are being told of
        self.poller = GooglePoller(store, now, self.stats.google)
        self._google: tuple[object, GoogleApi] | None = None  # the API, and the settings it was made from
        self.poller.adopt(self._source(config))
        senders, after = self._senders(config), self._send_heartbeat
        self.job = DigestJob(store, config, senders, now, stats=self.stats, after_digest=after)
        self._dispatcher = Dispatcher(self._make_app(config))
        self.server = BoundedHTTPServer(self._dispatcher)
        self._configure_connections(config)

    def adopt(self, config: Config) -> None:
        """Takes effect from the next request and the next tick on."""
        self.config = config
        self.job.adopt(config, self._senders(config))
        self._dispatcher.app.pages.close()
        self._dispatcher.app = self._make_app(config)
        self._configure_connections(config)
        self.poller.adopt(self._source(config))
        for url in self._clients.keys() - {channel.webhook_url for channel in config.channels}:
            self._start(self._clients.pop(url).close_when_idle())

    def _configure_connections(self, config: Config) -> None:
        """Applies to new connections."""
        self.server.ssl_options = config.tls.context if config.tls else None
        self.server.trusted_proxies = config.trusted_proxies

    def end_streams(self) -> None:
        """End the streams of open pages, which would hold up a stop for ever."""
        self._dispatcher.app.pages.close()

    def close(self) -> None:
        self.poller.close()
        for client in self._clients.values():
            client.close()

    def summary(self) -> str:
        """Such as `42 hosts, 2 down, last digest 14:00`."""
        counts, last = self.job.host_counts(), self.job.last_digest()
        digest = f"last digest {last.astimezone(self.config.timezone):%H:%M}" if last else "no digest yet"
        return f"{counts.hosts:,} hosts, {counts.down:,} down, {digest}"

    def problems(self) -> list[str]:
        return [*map(in_english, self.job.problems()), *self.job.failures()]

    def show(self, problems: list[str]) -> None:
        """Notify open pages of problems that have appeared or gone away."""
        if problems != self._shown:
            self._shown = problems
            self._dispatcher.app.pages.boards.problems_changed()

    def _source(self, config: Config) -> Source | None:
        """What the poller asks. The API and its token are kept while its settings are the same."""
        google, proxy = config.google, config.proxy
        if not google.project:
            self._google = None
            return None
        made_from = google.project, google.credentials, proxy
        if self._google is None or self._google[0] != made_from:
            self._google = made_from, GoogleApi(google, proxy, self._now)
        may_list = partial(alerts.may_list, project=google.project)
        hosts = frozenset(config.hosts)
        api, page_url = self._google[1], config.page.url
        return Source(api, google.project, google.every, config.doubt_after, may_list, hosts, page_url)

    def _make_app(self, config: Config) -> App:
        return make_app(
            config,
            self._store,
            self.job,
            self._now,
            stats=self.stats,
            deduplicator=self._deduplicator,
            responder=self.responder,
        )

    def _senders(self, config: Config) -> dict[str, Sender]:
        return {channel.name: self._sender(config, channel) for channel in config.channels}

    def _sender(self, config: Config, channel: Channel) -> Sender:
        locale = config.locale_of(channel)
        if not channel.webhook_url:
            return ChannelSender(to_terminal(sys.stdout), locale, config.alerts.mention)
        client = self._clients.get(channel.webhook_url) or SlackClient(channel.webhook_url)
        client.use_proxy(config.proxy)
        self._clients[channel.webhook_url] = client  # channels may share it
        menus_of = channel.name if config.slack.buttons else ""
        return ChannelSender(client.post, locale, config.alerts.mention, menus_of=menus_of)

    def _send_heartbeat(self) -> None:
        if self.config.heartbeat_url:
            self._start(call_heartbeat(self.config.heartbeat_url, self.config.proxy))

    def _start(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)


async def call_heartbeat(url: str, proxy: Proxy | None) -> None:
    """Call `heartbeat_url`, so that an outside service notices when the digests stop.

    It is not called again if that fails. The URL is a secret: never log it.
    """
    try:
        with closing(http_client(proxy, defaults={"connect_timeout": 5, "request_timeout": 10})) as http:
            response = await http.fetch(url, raise_error=False)
    except ProxyError as error:
        heartbeat_log.warning("heartbeat_url was not called: %s", error)
    except Exception as error:  # noqa: BLE001 - the client may raise anything, with the URL in its text
        heartbeat_log.warning("heartbeat_url does not answer (%s)", describe_failure(error))
    else:
        if not 200 <= response.code < 300:
            heartbeat_log.warning("heartbeat_url answered %d", response.code)
