"""The HTTP client of every outgoing call, through the proxy where one is configured.

The proxy is asked to connect to the host that is called (CONNECT), and TLS begins behind it:
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
from tornado.simple_httpclient import SimpleAsyncHTTPClient
from tornado.tcpclient import TCPClient

from config import Proxy, is_loopback

LARGEST_ANSWER = 16 * 1024  # bytes of a proxy's answer
NO_PROXY_EITHER = (400, 404, 405, 501)  # what a web server says to CONNECT


class ProxyError(Exception):
    """The proxy led nowhere. The text says what to do about it, and holds no secret and no URL."""


def http_client(proxy: Proxy | None, **options: Any) -> AsyncHTTPClient:
    """A client of its own, to be closed; `options` are Tornado's. Its `fetch` may raise ProxyError, too.

    This machine itself is called directly.
    """
    client = SimpleAsyncHTTPClient(force_instance=True, **options)
    if proxy:
        client.tcp_client = _ProxiedTCPClient(proxy, client.resolver)
    return client


class _ProxiedTCPClient(TCPClient):
    """Connects to a host by asking the proxy to."""

    def __init__(self, proxy: Proxy, resolver: Resolver) -> None:
        super().__init__(resolver)
        self._proxy = proxy

    async def connect(  # noqa: PLR0913, PLR0917 - as Tornado calls it
        self,
        host: str,
        port: int,
        af: socket.AddressFamily = socket.AF_UNSPEC,
        ssl_options: dict[str, Any] | ssl.SSLContext | None = None,
        max_buffer_size: int | None = None,
        source_ip: str | None = None,
        source_port: int | None = None,
        timeout: float | timedelta | None = None,  # noqa: ASYNC109 - same
    ) -> IOStream:
        """`timeout` is for all of it. Raises ProxyError."""
        if is_loopback(host):
            return await super().connect(
                host, port, af, ssl_options, max_buffer_size, source_ip, source_port, timeout
            )
        seconds = timeout.total_seconds() if isinstance(timeout, timedelta) else timeout
        try:
            async with asyncio.timeout(seconds):
                stream = await self._reach(max_buffer_size)
                await self._ask(stream, f"[{host}]:{port}" if ":" in host else f"{host}:{port}")
                return stream if ssl_options is None else await self._encrypt(stream, ssl_options, host)
        except TimeoutError:
            raise self._error("does not answer in time; is it the right address and port?") from None

    async def _reach(self, max_buffer_size: int | None) -> IOStream:
        host, port = self._proxy.host, self._proxy.port
        try:
            return await super().connect(host, port, max_buffer_size=max_buffer_size)
        except (OSError, ValueError, StreamClosedError) as error:  # ValueError: no name to look up
            why = type(getattr(error, "real_error", None) or error).__name__
            raise self._error(f"cannot be reached ({why}); is it running, and the right address?") from None

    async def _ask(self, stream: IOStream, target: str) -> None:
        """Returns once the proxy has connected the stream to the target."""
        try:
            await stream.write(self._request(target))
            answer = await stream.read_until_regex(rb"\r?\n\r?\n", LARGEST_ANSWER)
            first_line = answer.decode("latin-1").partition("\n")[0]
            # The space before a reason that is left out is left out, too, by some.
            code, reason = parse_response_start_line(f"{first_line.strip()} ")[1:]
        except (StreamClosedError, HTTPInputError):
            stream.close()
            raise self._error("does not answer as an HTTP proxy; is it the right port?") from None
        except BaseException:  # a time-out
            stream.close()
            raise
        if not 200 <= code < 300:
            stream.close()
            raise self._error(f"answered {code} {(reason or '').strip()[:80]!a}; {self._cure(code)}")

    def _request(self, target: str) -> bytes:
        lines = [f"CONNECT {target} HTTP/1.1", f"Host: {target}"]
        if self._proxy.username:
            credentials = encode_username_password(self._proxy.username, self._proxy.password)
            lines.append(f"Proxy-Authorization: Basic {b64encode(credentials).decode()}")
        return "\r\n".join([*lines, "", ""]).encode()

    def _cure(self, code: int) -> str:
        if code == 407:
            wrong = "check the user and the password" if self._proxy.username else "it wants a user"
            return f"{wrong}: http://USER:PASSWORD@HOST:PORT (only Basic authentication is known here)"
        if code in NO_PROXY_EITHER:
            return "is it an HTTP proxy that knows CONNECT?"
        if code >= 500:
            return "can it reach the host that is called?"
        return "let it allow CONNECT to the host and port that are called"

    async def _encrypt(
        self, stream: IOStream, ssl_options: dict[str, Any] | ssl.SSLContext, host: str
    ) -> IOStream:
        """TLS with the host itself, whose certificate must be for its name."""
        try:
            handshake = stream.start_tls(server_side=False, ssl_options=ssl_options, server_hostname=host)
        except ValueError:  # more came than the proxy's answer
            stream.close()
            raise self._error("does not answer as an HTTP proxy; is it the right port?") from None
        try:
            return await handshake
        except ssl.SSLCertVerificationError as error:
            why = error.verify_message.partition(",")[0]
            raise self._error(
                f"led to a certificate that is not trusted ({why}); if it looks into TLS, "
                "this machine has to trust its authority: SSL_CERT_FILE"
            ) from None
        except (OSError, StreamClosedError):
            raise self._error("broke off the TLS connection; can it reach the host that is called?") from None
        finally:
            handshake.cancel()  # after a time-out: closes the stream

    def _error(self, what: str) -> ProxyError:
        return ProxyError(f"proxy {self._proxy.address} {what}")
