"""Calls `heartbeat_url`, so that an outside service notices when the digests stop."""

import asyncio
import logging
from contextlib import closing

from config import Proxy
from http_client import ProxyError, http_client

log = logging.getLogger("heartbeat")


class Heartbeat:
    """Calls in the background, without retries. The URL is a secret: never log it."""

    def __init__(self) -> None:
        self._calls: set[asyncio.Task[None]] = set()

    def send(self, url: str, proxy: Proxy | None) -> None:
        call = asyncio.create_task(self._get(url, proxy))
        self._calls.add(call)
        call.add_done_callback(self._calls.discard)

    async def _get(self, url: str, proxy: Proxy | None) -> None:
        try:
            with closing(http_client(proxy, defaults={"connect_timeout": 5, "request_timeout": 10})) as http:
                response = await http.fetch(url, raise_error=False)
        except ProxyError as error:
            log.warning("heartbeat_url was not called: %s", error)
        except Exception as error:  # noqa: BLE001 - the client may raise anything, with the URL in its text
            log.warning("heartbeat_url does not answer (%s)", type(error).__name__)
        else:
            if not 200 <= response.code < 300:
                log.warning("heartbeat_url answered %d", response.code)
