"""An HTTP server that strangers cannot fill up: it bounds sizes, times and connections.

Tornado's own limits: https://www.tornadoweb.org/en/stable/httpserver.html
"""

import asyncio
import logging
import resource
import socket
import ssl
import sys
import time
from collections import deque
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

from handlers.client_address import Networks, is_in, parse_address

MAX_BODY_SIZE = 256 * 1024  # bytes; a hundred times the largest delivery seen
SIZE_LIMITS = {
    "max_body_size": MAX_BODY_SIZE,
    "max_header_size": 16 * 1024,
    "max_buffer_size": 1024 * 1024,
}
MAX_CONNECTIONS = 384  # so at most 96 MiB of bodies
MAX_WAITING = 1024  # connections that wait for room
RESERVED_DESCRIPTORS = 32  # for the state, Slack and DNS: without any left the accept loop spins
ARRIVAL_TIME = 0.5  # seconds that a request may take to arrive before others are preferred to it
HANDSHAKE_TIMEOUT = 10  # seconds for the TLS handshake, before the first request
REQUEST_TIMEOUT = 75  # seconds until the next request is complete; load balancers keep connections for 60
READING_TIMEOUT = 75  # seconds until the client has read the response
PROXY_TIMEOUT = 650  # the same for trusted proxies; Google's load balancer keeps connections for 600
BYTES_RECEIVED = slice(128, 136)  # in struct tcp_info of Linux's include/uapi/linux/tcp.h


class Request(HTTPMessageDelegate):
    """A request that calls `on_complete`, which the server sets, once it has fully arrived."""

    on_complete: Callable[[], None]


class BoundedHTTPServer(HTTPServer):
    """Makes room for a new connection by closing an idle one; if none is, the new one waits.

    Refusing the new one instead would let idle strangers keep Google out. It closes one that has sent
    nothing, or nothing since its last response, or whose request does not arrive, or whose client does not
    read; of each kind the oldest. They get `ARRIVAL_TIME`, unless too many wait already. A connection whose
    request is complete is not idle, however long the response takes to make. So the application must make
    each request a `Request`. While somebody waits, each response is the last on its connection: otherwise a
    client that sends its next request early enough would never be idle.

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
        # Those that may have sent nothing yet, or nothing since their last response, each with the number of
        # bytes that had been received by then.
        self._maybe_silent: dict[IOStream, int] = {}
        self._maybe_idle: dict[IOStream, int] = {}
        self._waiting: deque[tuple[IOStream, Any]] = deque()  # with their addresses
        self._from_proxies: WeakSet[IOStream] = WeakSet()
        self._is_draining = False
        self._monotonic = monotonic
        descriptors = resource.getrlimit(resource.RLIMIT_NOFILE)[0]
        self.max_connections = max(1, min(MAX_CONNECTIONS, descriptors - RESERVED_DESCRIPTORS))
        self.max_waiting = max(0, min(MAX_WAITING, descriptors - RESERVED_DESCRIPTORS - self.max_connections))

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
        self._waiting.append((stream, address))
        self._admit()
        if len(self._waiting) > self.max_waiting:
            self._make_room()
        if self._waiting:
            asyncio.get_running_loop().call_later(ARRIVAL_TIME, self._admit)

    def _admit(self) -> None:
        """Accept waiting connections while there is room, or an idle one to close."""
        while self._waiting and (self.open_connections < self.max_connections or self._close_idle()):
            stream, address = self._waiting.popleft()
            self.receiving[stream] = self._monotonic()
            self._maybe_silent[stream] = 0
            if is_in(parse_address(str(address[0]) if address else ""), self.trusted_proxies):
                self._from_proxies.add(stream)
            super().handle_stream(stream, address)
        self.conn_params.no_keep_alive = self._is_draining or bool(self._waiting)

    def _make_room(self) -> None:
        """Make room in the queue: close an idle connection or, if there is none, the last in the queue."""
        if self._close_idle(arrival_time=0):
            self._admit()
        else:
            self._waiting.pop()[0].close()

    def _close_idle(self, arrival_time: float = ARRIVAL_TIME) -> bool:
        """Close the most idle connection, if any is idle. Return whether one was."""
        idle = self._most_idle(self._monotonic() - arrival_time)
        if idle is not None:
            self._close(idle)
        return idle is not None

    def _most_idle(self, before: float) -> IOStream | None:
        """The connection to close first: it has kept us waiting since `before`, or is between requests.

        A flood of silent connections must not close a delivery that is still arriving.
        """
        if silent := self._quiet(self._maybe_silent):
            return silent if self.receiving[silent] <= before else None
        if between := self._quiet(self._maybe_idle):
            return between
        stalled = (stream for stream, since in self.receiving.items() if since <= before)
        unread = (stream for stream in self._waiting_for_clients() if self._unread_since(stream) <= before)
        return next(stalled, None) or next(unread, None)

    def _quiet(self, streams: dict[IOStream, int]) -> IOStream | None:
        """The oldest that has sent nothing meanwhile. Those that have are no longer among them."""
        while streams:
            stream, received = next(iter(streams.items()))
            if stream.closed() or bytes_received(stream.socket) == received:
                return stream
            del streams[stream]
        return None

    def _unread_since(self, stream: IOStream) -> float:
        return self._unread.setdefault(stream, self._monotonic())

    def _waiting_for_clients(self) -> Iterator[IOStream]:
        """Those whose response is still here, at least in part, because the client does not read."""
        return (stream for stream in self.responding if stream.writing())

    def start_request(self, server_conn: object, request_conn: HTTPConnection) -> HTTPMessageDelegate:
        stream = cast("HTTP1ServerConnection", server_conn).stream
        if stream.closed():
            _drop_rest(stream)
        if stream in self.responding:
            del self.responding[stream]
            self.receiving[stream] = self._monotonic()
            if not stream.closed():
                self._maybe_idle[stream] = bytes_received(stream.socket)
            if self._waiting:
                asyncio.get_running_loop().call_soon(self._admit)
        request = cast("Request", super().start_request(server_conn, request_conn))
        request.on_complete = partial(self._on_complete, stream)
        return request

    def _on_complete(self, stream: IOStream) -> None:
        if self.receiving.pop(stream, None) is not None:
            self._maybe_silent.pop(stream, None)
            self._maybe_idle.pop(stream, None)
            self.responding[stream] = None

    def on_close(self, server_conn: object) -> None:
        self._forget(cast("HTTP1ServerConnection", server_conn).stream)
        super().on_close(server_conn)
        self._admit()

    def _forget(self, stream: IOStream) -> None:
        self.receiving.pop(stream, None)
        self.responding.pop(stream, None)
        self._unread.pop(stream, None)
        self._maybe_silent.pop(stream, None)
        self._maybe_idle.pop(stream, None)

    def _close(self, stream: IOStream) -> None:
        self._forget(stream)
        stream.close()

    def sweep(self) -> None:
        """Close connections whose client takes too long to ask or to read. Call this every second or so."""
        now = self._monotonic()
        late = [stream for stream, since in self.receiving.items() if now - since > self._timeout(stream)]
        self._unread = {stream: self._unread_since(stream) for stream in self._waiting_for_clients()}
        late += [stream for stream, since in self._unread.items() if now - since > READING_TIMEOUT]
        for stream in late:
            self._close(stream)
        self._admit()

    def _timeout(self, stream: IOStream) -> int:
        if isinstance(stream.socket, ssl.SSLSocket) and stream.socket.version() is None:
            return HANDSHAKE_TIMEOUT
        return PROXY_TIMEOUT if stream in self._from_proxies else REQUEST_TIMEOUT

    async def drain(self, seconds: float) -> None:
        """After stop(): answer what is still arriving; each response is the last on its connection."""
        self._is_draining = self.conn_params.no_keep_alive = True
        deadline = self._monotonic() + seconds
        while (self.open_connections or self._waiting) and self._monotonic() < deadline:  # noqa: ASYNC110 - Tornado has no event for it
            await asyncio.sleep(0.02)


def _drop_rest(stream: IOStream) -> None:
    """Without this, Tornado would carry out everything that the client sent before it hung up."""
    with suppress(StreamClosedError):
        stream.read_bytes(SIZE_LIMITS["max_buffer_size"], partial=True)


def bytes_received(connection: socket.socket) -> int:
    """The number of bytes that the client has sent, even of a handshake; -1 if the kernel cannot tell."""
    try:
        info = connection.getsockopt(socket.IPPROTO_TCP, socket.TCP_INFO, BYTES_RECEIVED.stop)
    except OSError:  # a Unix socket
        return -1
    return int.from_bytes(info[BYTES_RECEIVED], sys.byteorder) if len(info) >= BYTES_RECEIVED.stop else -1


def _is_worth_logging(record: logging.LogRecord) -> bool:
    """Whether to log an error. A failed handshake counts only if a client refuses our certificate."""
    return not str(record.msg).startswith("SSL Error on") or "_ALERT_" in str(record.args)
