"""An HTTP server that strangers cannot fill: bounded sizes, times and connections.

Limits of Tornado: https://www.tornadoweb.org/en/stable/httpserver.html
"""

import asyncio
import logging
import resource
import socket
import ssl
import time
from collections.abc import Callable
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
from tornado.iostream import IOStream

from handlers.client_address import Networks, is_trusted

LARGEST_BODY = 256 * 1024  # bytes; a hundred times the largest delivery seen
LIMITS = {
    "max_body_size": LARGEST_BODY,
    "max_header_size": 16 * 1024,
    "max_buffer_size": 1024 * 1024,
    "idle_connection_timeout": 65,  # seconds; load balancers keep theirs for 60
}
HANDSHAKE = 10  # seconds until it is agreed upon how to encrypt; a request has not begun before
FROM_PROXIES = 650  # seconds; Google's load balancer keeps its connections for 600
SLOWEST = 75  # seconds for a whole request; Tornado's body_timeout would cost each one a tenth of its time
MOST_CONNECTIONS = 256  # so at most 64 MiB of bodies
BYTES_RECEIVED = slice(128, 136)  # of struct tcp_info in Linux's include/uapi/linux/tcp.h
KEPT_FREE = 32  # descriptors for the state, Slack and name lookups: without one the accept loop spins


class Request(HTTPMessageDelegate):
    """One that calls `received` once it is there whole."""

    received: Callable[[], None]


class BoundedHTTPServer(HTTPServer):
    """Makes room for a new connection by closing one that has sent nothing, or else the quiet for longest.

    Refusing the new one instead would let idle strangers keep Google out. Whose request is here whole
    is not quiet, however long its answer takes. What answers must make a `Request` of each.
    """

    def initialize(self, *args: Any, **options: Any) -> None:
        set_parse_body_config(ParseBodyConfig(multipart=ParseMultipartConfig(enabled=False)))
        logging.getLogger("tornado.general").addFilter(_is_news)
        super().initialize(*args, **{**LIMITS, **options})
        self._streams: dict[IOStream, float] = {}  # since when each waits for a request, the longest first
        self._silent: dict[IOStream, None] = {}  # those of them that may not have sent anything yet
        self._answering: set[IOStream] = set()  # whose request has been received whole
        self._of_proxies: WeakSet[IOStream] = WeakSet()
        self.trusted_proxies: Networks = ()
        # sweep() sees to it, for all at once; a timer for each request costs it a tenth of its time.
        self.conn_params.header_timeout = None
        descriptors = resource.getrlimit(resource.RLIMIT_NOFILE)[0]
        self.most_connections = max(1, min(MOST_CONNECTIONS, descriptors - KEPT_FREE))

    def _handle_connection(self, connection: socket.socket, address: Any) -> None:
        """Tornado's; of those who are gone before encryption can begin, it makes errors of the program."""
        try:
            if self.ssl_options is not None:
                connection.getpeername()
            super()._handle_connection(connection, address)
        except OSError:
            connection.close()

    def handle_stream(self, stream: IOStream, address: tuple[Any, ...]) -> None:
        if len(self._streams) + len(self._answering) >= self.most_connections:
            quiet = self._least_missed()
            if quiet is None:  # all others are about to be answered
                stream.close()
                return
            self._drop(quiet)
        self._streams[stream] = time.monotonic()
        self._silent[stream] = None
        if is_trusted(str(address[0]) if address else "", self.trusted_proxies):
            self._of_proxies.add(stream)
        # Tornado would turn this on for each answer and off again after it; ours are one write each.
        stream.set_nodelay(True)
        stream.set_nodelay = _as_it_is  # type: ignore[method-assign]
        super().handle_stream(stream, address)

    def _least_missed(self) -> IOStream | None:
        """The oldest of those that have sent nothing, or else the one that has been quiet for longest.

        A flood of the silent must not close a delivery that is still arriving.
        """
        while self._silent:
            stream = next(iter(self._silent))
            if stream.closed() or not has_sent(stream.socket):
                return stream
            del self._silent[stream]
        return next(iter(self._streams), None)

    def start_request(self, server_conn: object, request_conn: HTTPConnection) -> HTTPMessageDelegate:
        stream = cast("HTTP1ServerConnection", server_conn).stream
        if stream in self._answering or stream in self._streams:
            self._answering.discard(stream)
            self._streams.pop(stream, None)  # to be the last of them again
            self._streams[stream] = time.monotonic()
        request = cast("Request", super().start_request(server_conn, request_conn))
        request.received = partial(self._received, stream)
        return request

    def _received(self, stream: IOStream) -> None:
        if self._streams.pop(stream, None) is not None:
            self._answering.add(stream)

    def on_close(self, server_conn: object) -> None:
        self._forget(cast("HTTP1ServerConnection", server_conn).stream)
        super().on_close(server_conn)

    def _forget(self, stream: IOStream) -> None:
        self._streams.pop(stream, None)
        self._silent.pop(stream, None)
        self._answering.discard(stream)

    def sweep(self) -> None:
        """Let go of those that send their request too slowly. To be called every second or so."""
        now = time.monotonic()
        late = [stream for stream, since in self._streams.items() if now - since > self._patience(stream)]
        for stream in late:
            self._drop(stream)

    def _patience(self, stream: IOStream) -> int:
        """Seconds to wait for a whole request."""
        if isinstance(stream.socket, ssl.SSLSocket) and stream.socket.version() is None:
            return HANDSHAKE
        return FROM_PROXIES if stream in self._of_proxies else SLOWEST

    def _drop(self, stream: IOStream) -> None:
        self._forget(stream)
        stream.close()

    async def drain(self, seconds: float) -> None:
        """After stop(): answer what is being received, each answer the last on its connection."""
        self.conn_params.no_keep_alive = True
        deadline = time.monotonic() + seconds
        while (self._streams or self._answering) and time.monotonic() < deadline:  # noqa: ASYNC110 - Tornado says no when
            await asyncio.sleep(0.02)


def has_sent(connection: socket.socket) -> bool:
    """Whether anything has come from the other end, be it a handshake; true where that is not known."""
    try:
        info = connection.getsockopt(socket.IPPROTO_TCP, socket.TCP_INFO, BYTES_RECEIVED.stop)
    except OSError:  # a socket in the file system
        return True
    return len(info) < BYTES_RECEIVED.stop or any(info[BYTES_RECEIVED])


def _as_it_is(value: bool) -> None:  # noqa: FBT001 - Tornado's
    """Of TCP_NODELAY: two system calls less a request."""


def _is_news(record: logging.LogRecord) -> bool:
    """Of handshakes that failed: not that a stranger sent garbage, but why a client refuses us."""
    return not str(record.msg).startswith("SSL Error on") or "_ALERT_" in str(record.args)
