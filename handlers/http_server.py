"""An HTTP server that strangers cannot fill up: it bounds sizes, times and connections.

Tornado's own limits: https://www.tornadoweb.org/en/stable/httpserver.html
"""

import asyncio
import logging
import resource
import socket
import ssl
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from functools import partial
from typing import Any, cast
from weakref import WeakSet

from tornado.http1connection import HTTP1ServerConnection
from tornado.httpserver import HTTPServer
from tornado.httputil import (
    HTTPConnection,
    HTTPMessageDelegate,
    ParseBodyConfig,
    ParseMultipartConfig,
    set_parse_body_config,
)
from tornado.iostream import IOStream, StreamClosedError

from handlers.client_address import Networks, is_trusted

MAX_BODY_SIZE = 256 * 1024  # bytes; a hundred times the largest delivery seen
SIZE_LIMITS = {
    "max_body_size": MAX_BODY_SIZE,
    "max_header_size": 16 * 1024,
    "max_buffer_size": 1024 * 1024,
}
MAX_CONNECTIONS = 256  # so at most 64 MiB of bodies
RESERVED_DESCRIPTORS = 32  # for the state, Slack and DNS: without any left the accept loop spins
HANDSHAKE_TIMEOUT = 10  # seconds for the TLS handshake, before the first request
REQUEST_TIMEOUT = 75  # seconds until the next request is complete; load balancers keep connections for 60
READING_TIMEOUT = 75  # seconds until the client has read the response
PROXY_TIMEOUT = 650  # the same for trusted proxies; Google's load balancer keeps connections for 600
BYTES_RECEIVED = slice(128, 136)  # in struct tcp_info of Linux's include/uapi/linux/tcp.h


class Request(HTTPMessageDelegate):
    """A request that calls `on_complete`, which the server sets, once all of it has arrived."""

    on_complete: Callable[[], None]


class BoundedHTTPServer(HTTPServer):
    """Makes room for a new connection by closing an idle one.

    Refusing the new one instead would let idle strangers keep Google out. It closes one that has sent
    nothing, or else the one that has been idle for longest, or else one whose client does not read. A
    connection whose request is complete is not idle, however long the response takes to make. So the
    application must make each request a `Request`.

    Tornado's timers for headers and bodies are off: each costs a request a tenth of its time.
    Instead, `sweep` closes all late connections at once.
    """

    def initialize(self, *args: Any, monotonic: Callable[[], float] = time.monotonic, **options: Any) -> None:
        set_parse_body_config(ParseBodyConfig(multipart=ParseMultipartConfig(enabled=False)))
        logging.getLogger("tornado.general").addFilter(_is_worth_logging)
        super().initialize(*args, **{**SIZE_LIMITS, **options})
        self.conn_params.header_timeout = None
        self.trusted_proxies: Networks = ()
        self.receiving: dict[IOStream, float] = {}  # since when each waits for a request, the longest first
        self.responding: dict[IOStream, None] = {}  # those whose request is complete
        self._unread: dict[IOStream, float] = {}  # since when each response waits for its client
        self._maybe_silent: dict[IOStream, None] = {}  # those that may have sent nothing so far
        self._from_proxies: WeakSet[IOStream] = WeakSet()
        self._monotonic = monotonic
        descriptors = resource.getrlimit(resource.RLIMIT_NOFILE)[0]
        self.max_connections = max(1, min(MAX_CONNECTIONS, descriptors - RESERVED_DESCRIPTORS))

    @property
    def open_connections(self) -> int:
        return len(self.receiving) + len(self.responding)

    def _handle_connection(self, connection: socket.socket, address: Any) -> None:
        """Overridden because Tornado logs an error when a client disconnects before the handshake."""
        try:
            if self.ssl_options is not None:
                connection.getpeername()
            super()._handle_connection(connection, address)
        except OSError:
            connection.close()

    def handle_stream(self, stream: IOStream, address: tuple[Any, ...]) -> None:
        if self.open_connections >= self.max_connections:
            idle = self._most_idle()
            if idle is None:
                stream.close()
                return
            self._close(idle)
        self.receiving[stream] = self._monotonic()
        self._maybe_silent[stream] = None
        if is_trusted(str(address[0]) if address else "", self.trusted_proxies):
            self._from_proxies.add(stream)
        super().handle_stream(stream, address)

    def _most_idle(self) -> IOStream | None:
        """Return the oldest that has sent nothing, else the one idle for longest, if any is.

        A flood of silent connections must not close a delivery that is still arriving.
        """
        while self._maybe_silent:
            stream = next(iter(self._maybe_silent))
            if stream.closed() or not has_sent(stream.socket):
                return stream
            del self._maybe_silent[stream]
        return next(iter(self.receiving), None) or next(self._waiting_for_clients(), None)

    def _waiting_for_clients(self) -> Iterator[IOStream]:
        """Those whose response, or a part of it, is still here because the client does not read."""
        return (stream for stream in self.responding if stream.writing())

    def start_request(self, server_conn: object, request_conn: HTTPConnection) -> HTTPMessageDelegate:
        stream = cast("HTTP1ServerConnection", server_conn).stream
        if stream.closed():
            _drop_rest(stream)
        if stream in self.responding or stream in self.receiving:
            self.responding.pop(stream, None)
            self.receiving.pop(stream, None)  # so that it becomes the last one
            self.receiving[stream] = self._monotonic()
        request = cast("Request", super().start_request(server_conn, request_conn))
        request.on_complete = partial(self._on_complete, stream)
        return request

    def _on_complete(self, stream: IOStream) -> None:
        if self.receiving.pop(stream, None) is not None:
            self.responding[stream] = None

    def on_close(self, server_conn: object) -> None:
        self._forget(cast("HTTP1ServerConnection", server_conn).stream)
        super().on_close(server_conn)

    def _forget(self, stream: IOStream) -> None:
        self.receiving.pop(stream, None)
        self.responding.pop(stream, None)
        self._unread.pop(stream, None)
        self._maybe_silent.pop(stream, None)

    def _close(self, stream: IOStream) -> None:
        self._forget(stream)
        stream.close()

    def sweep(self) -> None:
        """Close connections whose client takes too long to ask or to read. Call this every second or so."""
        now = self._monotonic()
        late = [stream for stream, since in self.receiving.items() if now - since > self._timeout(stream)]
        self._unread = {stream: self._unread.get(stream, now) for stream in self._waiting_for_clients()}
        late += [stream for stream, since in self._unread.items() if now - since > READING_TIMEOUT]
        for stream in late:
            self._close(stream)

    def _timeout(self, stream: IOStream) -> int:
        if isinstance(stream.socket, ssl.SSLSocket) and stream.socket.version() is None:
            return HANDSHAKE_TIMEOUT
        return PROXY_TIMEOUT if stream in self._from_proxies else REQUEST_TIMEOUT

    async def drain(self, seconds: float) -> None:
        """After stop(): answer what is still arriving; each response is the last on its connection."""
        self.conn_params.no_keep_alive = True
        deadline = self._monotonic() + seconds
        while self.open_connections and self._monotonic() < deadline:  # noqa: ASYNC110 - Tornado has no event for it
            await asyncio.sleep(0.02)


def _drop_rest(stream: IOStream) -> None:
    """Tornado would carry out a thousand requests of somebody who has sent them together and hung up."""
    with suppress(StreamClosedError):
        stream.read_bytes(SIZE_LIMITS["max_buffer_size"], partial=True)


def has_sent(connection: socket.socket) -> bool:
    """Whether the client has sent any bytes, even of a handshake; true if the kernel cannot tell."""
    try:
        info = connection.getsockopt(socket.IPPROTO_TCP, socket.TCP_INFO, BYTES_RECEIVED.stop)
    except OSError:  # a Unix socket
        return True
    return len(info) < BYTES_RECEIVED.stop or any(info[BYTES_RECEIVED])


def _is_worth_logging(record: logging.LogRecord) -> bool:
    """Whether to log an error. A failed handshake counts only if a client refuses our certificate."""
    return not str(record.msg).startswith("SSL Error on") or "_ALERT_" in str(record.args)
