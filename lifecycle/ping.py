"""Calls `heartbeat_url`, so that something outside can miss it. The URL is a secret and is never shown."""

import asyncio
import logging

from tornado.httpclient import AsyncHTTPClient

log = logging.getLogger("heartbeat")


class Pinger:
    """Through an HTTP client of its own: nothing waits for it, and it is not tried again."""

    def __init__(self) -> None:
        self._http: AsyncHTTPClient | None = None  # until there is something to call
        self._calls: set[asyncio.Task[None]] = set()

    def ping(self, url: str) -> None:
        defaults = {"connect_timeout": 5, "request_timeout": 10}
        self._http = self._http or AsyncHTTPClient(force_instance=True, defaults=defaults)
        call = asyncio.create_task(self._get(self._http, url))
        self._calls.add(call)
        call.add_done_callback(self._calls.discard)

    async def _get(self, http: AsyncHTTPClient, url: str) -> None:
        try:
            response = await http.fetch(url, raise_error=False)
        except Exception as error:  # noqa: BLE001 - as with Slack: anything may come, none may pass
            log.warning("heartbeat_url does not answer (%s)", type(error).__name__)
        else:
            if not 200 <= response.code < 300:
                log.warning("heartbeat_url answered %d", response.code)

    def close(self) -> None:
        if self._http:
            self._http.close()
