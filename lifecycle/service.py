"""What runs by the configuration: made once, and then made to run by another."""

import asyncio
import sys
from collections.abc import Callable
from datetime import datetime

from config import Channel, Config
from digest.job import DigestJob
from digest.sender import Outlet
from digest.stats import Stats
from handlers import make_app
from handlers.commands import RequestDeduplicator
from handlers.dispatch import Dispatcher
from handlers.http_server import BoundedHTTPServer
from languages import LANGUAGES
from lifecycle.heartbeat import Heartbeat
from slack.alert_message import Manner
from slack.client import SlackClient
from slack.sender import SlackSender, TerminalSender
from state.store import Store


class Service:
    """Server and digests. Requests and posts that are on their way end as they began."""

    def __init__(self, store: Store, config: Config, now: Callable[[], datetime]) -> None:
        self.config = config
        self.stats = Stats(now())
        self._store = store
        self._now = now
        self._clients: dict[str, SlackClient] = {}
        self._leaving: set[asyncio.Task[None]] = set()
        self._repeats = RequestDeduplicator()
        self._pinger = Heartbeat()
        outlets, after = self._outlets(config), self._ping
        self.job = DigestJob(store, config, outlets, now, stats=self.stats, after_digest=after)
        self._app = self._make_app(config)
        self.server = BoundedHTTPServer(self._app)
        self._open_to(config)

    def adopt(self, config: Config) -> None:
        """From the next request and the next heartbeat on. What has been told and counted is kept."""
        self.config = config
        self.job.adopt(config, self._outlets(config))
        self._app.pages.close()
        self._app = self._make_app(config)
        self.server.request_callback = self._app
        self._open_to(config)
        for url in self._clients.keys() - {channel.webhook_url for channel in config.channels}:
            leaving = asyncio.create_task(self._clients.pop(url).retire())
            self._leaving.add(leaving)
            leaving.add_done_callback(self._leaving.discard)

    def _open_to(self, config: Config) -> None:
        """For the connections to come."""
        self.server.ssl_options = config.tls.context if config.tls else None
        self.server.trusted_proxies = config.trusted_proxies

    def end_streams(self) -> None:
        """They would go on for ever, and hold up the end."""
        self._app.pages.close()

    def close(self) -> None:
        for client in self._clients.values():
            client.close()

    def in_short(self) -> str:
        """`42 hosts, 2 down, last digest 14:00`."""
        host_counts, last = self.job.host_counts(), self.job.last_digest()
        told = f"last digest {last.astimezone(self.config.timezone):%H:%M}" if last else "no digest yet"
        return f"{host_counts.hosts:,} hosts, {host_counts.down:,} down, {told}"

    def problems(self) -> list[str]:
        return [*self.job.problems(), *self.job.failures()]

    def _make_app(self, config: Config) -> Dispatcher:
        stats, deduplicator = self.stats, self._repeats
        return make_app(config, self._store, self.job, self._now, stats=stats, deduplicator=deduplicator)

    def _outlets(self, config: Config) -> dict[str, Outlet]:
        return {channel.name: self._outlet(config, channel) for channel in config.channels}

    def _outlet(self, config: Config, channel: Channel) -> Outlet:
        language, slash = LANGUAGES[channel.language], config.slack.slash_only
        manner = Manner(config.timezone, language, config.alerts.mention, slash=slash)
        if not channel.webhook_url:
            return TerminalSender(sys.stdout, manner)
        client = self._clients.get(channel.webhook_url) or SlackClient(channel.webhook_url)
        client.go_through(config.proxy)
        self._clients[channel.webhook_url] = client  # channels may share it
        return SlackSender(client, manner)

    def _ping(self) -> None:
        if self.config.heartbeat_url:
            self._pinger.ping(self.config.heartbeat_url, self.config.proxy)
