"""The HTTP client for all outgoing calls, through the configured proxy if there is one.

Asks the proxy to connect to the host (CONNECT) and starts TLS with the host itself:
https://www.rfc-editor.org/rfc/rfc9110#section-9.3.6
"""

import asyncio
import socket
import ssl
from base64 import b64encode
from datetime import timedelta
from typing import Any

from tornado.httpclient import AsyncHTTPClient
from tornado.httputil import HTTPInputError, encode_username_password, parse_response_start_line
from tornado.iostream import IOStream, StreamClosedError
from tornado.netutil import Resolver
from tornado.simple_httpclient import HTTPStreamClosedError, HTTPTimeoutError, SimpleAsyncHTTPClient
from tornado.tcpclient import TCPClient

from config import Proxy, is_this_machine
from config.addresses import host_and_port

MAX_RESPONSE_HEADER = 16 * 1024  # bytes, of the proxy's response
WEB_SERVER_STATUS = (400, 404, 405, 501)  # how a web server responds to CONNECT


class ProxyError(Exception):
    """The proxy did not connect. The message says how to fix it, and contains no secret and no URL."""


def http_client(proxy: Proxy | None, **options: Any) -> AsyncHTTPClient:
    """Return a new client, to be closed by the caller; `options` are Tornado's.

    Its `fetch` may also raise ProxyError. Calls to this machine bypass the proxy.
    """
    client = SimpleAsyncHTTPClient(force_instance=True, **options)
    if proxy:
        client.tcp_client = _ProxiedTCPClient(proxy, client.resolver)
    return client


def describe_failure(error: Exception) -> str:
    """Say why there was no answer, without the URL, which may be a secret and in the error's own text."""
    match getattr(error, "real_error", None) or error:
        case socket.gaierror() | UnicodeError():
            return "its name cannot be resolved; check DNS"
        case ssl.SSLError(strerror=why) as refusal:
            return f"TLS failed: {getattr(refusal, 'verify_message', str(why)).partition(',')[0]}"
        case TimeoutError() | HTTPTimeoutError():
            return "timed out"
        case StreamClosedError() | HTTPStreamClosedError():
            return "the connection was closed"
        case OSError(strerror=str(why)):
            return why.lower()
        case other:
            return type(other).__name__


def describe_answer(code: int, text: str) -> str:
    """Such as `404 'no_service'`."""
    return f"{code} {text[:80]!a}" if text else f"{code} without text"


class _ProxiedTCPClient(TCPClient):
    """Connects to hosts through the proxy."""

    def __init__(self, proxy: Proxy, resolver: Resolver) -> None:
        super().__init__(resolver)
        self._proxy = proxy

    async def connect(  # noqa: PLR0913, PLR0917 - Tornado's signature
        self,
        host: str,
        port: int,
        af: socket.AddressFamily = socket.AF_UNSPEC,
        ssl_options: dict[str, Any] | ssl.SSLContext | None = None,
        max_buffer_size: int | None = None,
        source_ip: str | None = None,
        source_port: int | None = None,
        timeout: float | timedelta | None = None,  # noqa: ASYNC109 - the same
    ) -> IOStream:
        """Raises ProxyError. `timeout` covers the connection, the proxy's response and the handshake."""
        if is_this_machine(host):
            return await super().connect(
                host, port, af, ssl_options, max_buffer_size, source_ip, source_port, timeout
            )
        seconds = timeout.total_seconds() if isinstance(timeout, timedelta) else timeout
        try:
            async with asyncio.timeout(seconds):
                stream = await self._reach_proxy(max_buffer_size)
                await self._open_tunnel(stream, host_and_port(host, port))
                return stream if ssl_options is None else await self._start_tls(stream, ssl_options, host)
        except TimeoutError:
            raise self._error("does not answer in time; is it the right address and port?") from None

    async def _reach_proxy(self, max_buffer_size: int | None) -> IOStream:
        host, port = self._proxy.host, self._proxy.port
        try:
            return await super().connect(host, port, max_buffer_size=max_buffer_size)
        except (OSError, ValueError, StreamClosedError) as error:  # ValueError: not a valid host name
            why = describe_failure(error)
            raise self._error(f"cannot be reached ({why}); is it running, and the right address?") from None

    async def _open_tunnel(self, stream: IOStream, target: str) -> None:
        """Return once the proxy has connected the stream to the target."""
        try:
            await stream.write(self._request(target))
            header = await stream.read_until_regex(rb"\r?\n\r?\n", MAX_RESPONSE_HEADER)
            first_line = header.decode("latin-1").partition("\n")[0]
            # Some proxies leave out the reason together with the space before it.
            code, reason = parse_response_start_line(f"{first_line.strip()} ")[1:]
        except (StreamClosedError, HTTPInputError):
            stream.close()
            raise self._error("does not answer as an HTTP proxy; is it the right port?") from None
        except BaseException:  # such as a time-out
            stream.close()
            raise
        if not 200 <= code < 300:
            stream.close()
            answer = describe_answer(code, (reason or "").strip())
            raise self._error(f"answered {answer}; {self._hint(code)}")

    def _request(self, target: str) -> bytes:
        lines = [f"CONNECT {target} HTTP/1.1", f"Host: {target}"]
        if self._proxy.username:
            credentials = encode_username_password(self._proxy.username, self._proxy.password)
            lines.append(f"Proxy-Authorization: Basic {b64encode(credentials).decode()}")
        return "\r\n".join([*lines, "", ""]).encode()

    def _hint(self, code: int) -> str:
        if code == 407:
            wrong = "check the user and the password" if self._proxy.username else "it needs a user"
            return f"{wrong}: http://USER:PASSWORD@HOST:PORT (only Basic authentication is supported)"
        if code in WEB_SERVER_STATUS:
            return "is it an HTTP proxy that supports CONNECT?"
        if code >= 500:
            return "can it reach the host that is called?"
        return "let it allow CONNECT to that host and port"

    async def _start_tls(
        self, stream: IOStream, ssl_options: dict[str, Any] | ssl.SSLContext, host: str
    ) -> IOStream:
        """Start TLS with the host, whose certificate must be for `host`."""
        try:
            handshake = stream.start_tls(server_side=False, ssl_options=ssl_options, server_hostname=host)
        except ValueError:  # the proxy sent more than its response
            stream.close()
            raise self._error("does not answer as an HTTP proxy; is it the right port?") from None
        try:
            return await handshake
        except ssl.SSLCertVerificationError as error:
            why = error.verify_message.partition(",")[0]
            raise self._error(
                f"led to a certificate that is not trusted ({why}); if it intercepts TLS, "
                "this machine must trust its authority: SSL_CERT_FILE"
            ) from None
        except (OSError, StreamClosedError):
            raise self._error("broke off the TLS connection; can it reach the host that is called?") from None
        finally:
            handshake.cancel()  # closes the stream after a time-out

    def _error(self, what: str) -> ProxyError:
        return ProxyError(f"proxy {self._proxy.address} {what}")
