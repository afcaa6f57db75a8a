"""One request to Google, with bounds on its time and its size."""

import asyncio
from collections.abc import Mapping
from typing import NamedTuple
from urllib.parse import urlsplit

from tornado.httpclient import HTTPRequest, HTTPResponse
from tornado.httputil import HTTPHeaders

from config import Proxy
from google.errors import GoogleError
from http_client import ProxyError, http_client

MAX_ANSWER = 4 * 1024 * 1024  # bytes, also unpacked: 200 alerts are about 150 KB
NO_ANSWER = 599  # as Tornado counts it among the HTTP codes
CONNECT_TIMEOUT, REQUEST_TIMEOUT = 5.0, 20.0  # seconds
USER_AGENT = "uptime-check-manager (gzip)"  # without that word Google does not compress


class Answer(NamedTuple):
    """What Google answered, whatever the status."""

    code: int
    headers: HTTPHeaders
    body: bytes


class Transport:
    """Follows no redirect: none is ever right, and a token would go along."""

    def __init__(self, proxy: Proxy | None, request_timeout: float = REQUEST_TIMEOUT) -> None:
        self._timeout = request_timeout
        defaults = {
            "connect_timeout": min(CONNECT_TIMEOUT, request_timeout),
            "request_timeout": request_timeout,
            "follow_redirects": False,
            "user_agent": USER_AGENT,
        }
        self._http = http_client(proxy, defaults=defaults, max_body_size=MAX_ANSWER)

    async def fetch(self, url: str, headers: Mapping[str, str], body: bytes | None = None) -> Answer:
        """GET, or POST if there is a body. Raises GoogleError if there is no answer."""
        method = "GET" if body is None else "POST"
        try:
            response = await self._response(HTTPRequest(url, method, HTTPHeaders(headers), body))
        except ProxyError as error:
            raise GoogleError(str(error)) from None
        except Exception as error:  # noqa: BLE001 - name resolution, TLS, resets: anything may be raised, none may pass
            why = f"no answer from {urlsplit(url).hostname} ({type(error).__name__})"
            raise GoogleError(why, code=NO_ANSWER) from None
        return Answer(response.code, response.headers, response.body)

    async def _response(self, request: HTTPRequest) -> HTTPResponse:
        """Does not cancel the fetch when cancelled itself: Tornado would log a traceback when that ends."""
        fetching = asyncio.ensure_future(self._http.fetch(request, raise_error=False))
        fetching.add_done_callback(lambda ended: ended.cancelled() or ended.exception())
        await asyncio.wait([fetching], timeout=self._timeout + 1)  # should the time-outs of the client fail
        if not fetching.done():
            raise TimeoutError
        return fetching.result()

    def close(self) -> None:
        self._http.close()
