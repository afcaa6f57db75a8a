"""Sends one request to Google, with bounds on time and size, and knows where its services are."""

import asyncio
import os
from collections.abc import Mapping
from ipaddress import ip_address
from typing import NamedTuple
from urllib.parse import urlsplit

from tornado.httpclient import HTTPRequest, HTTPResponse
from tornado.httputil import HTTPHeaders

from config import Proxy, is_loopback
from google.refusals import GoogleError
from http_client import ProxyError, describe_failure, http_client

METADATA_HOST = "metadata.google.internal"
OVERRIDES = {  # environment variables that Google's own tools use, too
    "monitoring": "CLOUDSDK_API_ENDPOINT_OVERRIDES_MONITORING",
    "logging": "CLOUDSDK_API_ENDPOINT_OVERRIDES_LOGGING",
}
MAX_ANSWER = 4 * 1024 * 1024  # bytes, also when unpacked: 200 alerts are about 150 KB
NO_ANSWER = 599  # Tornado's own code for a timeout or a lost connection
USER_AGENT = "uptime-check-manager (gzip)"  # Google compresses only if this contains `gzip`
CONNECT_TIMEOUT, REQUEST_TIMEOUT = 5.0, 20.0  # seconds


def api_url(service: str) -> str:
    """The URL of an API, ending in a slash. Raises GoogleError."""
    variable = OVERRIDES[service]
    url = os.environ.get(variable) or f"https://{service}.googleapis.com/"
    return f"{safe_url(url, variable).rstrip('/')}/"


def metadata_url() -> str:
    """The URL of the metadata server. It only speaks http, so it must be here or on the local link."""
    place = os.environ.get("GCE_METADATA_HOST") or METADATA_HOST
    host = _host(f"http://{place}")
    if not (host == METADATA_HOST or is_loopback(host) or _is_link_local(host)):
        raise GoogleError("GCE_METADATA_HOST must be this machine or a link-local address, host:port")
    return f"http://{place}/computeMetadata/v1/"


def safe_url(url: str, name: str) -> str:
    """The URL, if a token may be sent there: https, or http to this machine. GoogleError calls it `name`."""
    host = _host(url)
    scheme = url.partition("://")[0].lower()
    if not host or not url.isascii() or not (scheme == "https" or (scheme == "http" and is_loopback(host))):
        raise GoogleError(f"{name} must be an https URL, or http to this machine")
    return url


def _host(url: str) -> str:
    """The host of a URL; empty if it is not one, or has parts that do not belong there."""
    try:
        parts = urlsplit(url)
        is_plain = not parts.username and parts.port != 0
    except ValueError:
        return ""
    return (is_plain and parts.hostname) or ""


def _is_link_local(host: str) -> bool:
    """Whether it is link-local, or the metadata server's address in IPv6-only networks."""
    try:
        address = ip_address(host)
    except ValueError:
        return False
    return address.is_link_local or address == ip_address("fd20:ce::254")


class Answer(NamedTuple):
    """An answer from Google, whatever its status."""

    code: int
    headers: HTTPHeaders
    body: bytes


class Transport:
    """Follows no redirects: Google never sends any, and the token would be sent along."""

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
        """Send a GET, or a POST if there is a body. Raises GoogleError if there is no answer."""
        method = "GET" if body is None else "POST"
        try:
            response = await self._response(HTTPRequest(url, method, HTTPHeaders(headers), body))
        except ProxyError as error:
            raise GoogleError(str(error)) from None
        except Exception as error:  # noqa: BLE001 - DNS, TLS, resets: Tornado lets any exception through
            why = f"no answer from {urlsplit(url).hostname} ({describe_failure(error)})"
            raise GoogleError(why, code=NO_ANSWER) from None
        return Answer(response.code, response.headers, response.body)

    async def _response(self, request: HTTPRequest) -> HTTPResponse:
        """The response. A cancelled fetch goes on, as Tornado would log a traceback."""
        fetching = asyncio.ensure_future(self._http.fetch(request, raise_error=False))
        fetching.add_done_callback(lambda ended: ended.cancelled() or ended.exception())
        await asyncio.wait([fetching], timeout=self._timeout + 1)  # in case the client's own time-outs fail
        if not fetching.done():
            raise TimeoutError
        return fetching.result()

    def close(self) -> None:
        self._http.close()
