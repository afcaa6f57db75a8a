"""Tells open pages to refresh, over a stream that carries no data of its own.

https://html.spec.whatwg.org/multipage/server-sent-events.html
"""

import asyncio
from collections.abc import Callable, Collection
from typing import cast

from tornado.http1connection import HTTP1Connection
from tornado.iostream import StreamClosedError

from config import Config
from handlers.page_access import PageHandler
from state.store import Store

MAX_STREAMS = 64  # each takes one of the server's connections
NEWS_PAUSE = 1  # seconds between two pieces of news
TICK = 10  # seconds after which a quiet stream shows that it is alive
LONGEST = 3600  # seconds of one stream; then the browser reconnects
START = b"retry: 2000\n\n"


class EventStreams:
    """All open streams."""

    def __init__(self, store: Store, pause: Callable[[], float]) -> None:
        """`pause` returns for how many seconds pages will still show what they show now."""
        self._store = store
        self._pause = pause
        self.open: set[EventsHandler] = set()
        self._notified_at = 0.0
        self._pending: asyncio.TimerHandle | None = None
        self.is_closed = False
        store.watchers.add(self.changed)

    def has_room(self) -> bool:
        return len(self.open) < MAX_STREAMS

    def close(self) -> None:
        """End all streams: the program is stopping, or continues with another configuration."""
        self.is_closed = True
        self._store.watchers.discard(self.changed)
        if self._pending:
            self._pending.cancel()
        for stream in tuple(self.open):
            stream.end()

    def notify(self) -> None:
        """Signal all open pages now."""
        if self._pending:
            self._pending.cancel()
            self._pending = None
        self._notified_at = asyncio.get_running_loop().time()
        for stream in self.open:
            stream.wake()

    def changed(self, _: Collection[str] = ()) -> None:
        """Signal them as soon as pages can show it, but at most once a second, however much changes."""
        if self._pending is None and self.open:
            loop = asyncio.get_running_loop()
            at = max(loop.time() + self._pause(), self._notified_at + NEWS_PAUSE)
            self._pending = loop.call_at(at, self._due)

    def renewed(self) -> None:
        """Pages show a newer state from now on: those not signalled yet need not wait any longer."""
        if self._pending and asyncio.get_running_loop().time() >= self._notified_at + NEWS_PAUSE:
            self.notify()

    def _due(self) -> None:
        self._pending = None
        if self._pause():
            self.changed()
        else:
            self.notify()


class EventsHandler(PageHandler):
    """One open stream. It waits for its own reader, and for nobody else's."""

    def initialize(self, *, config: Config, streams: EventStreams) -> None:
        self.config = config
        self._streams = streams
        self._has_news = self._has_ended = self._is_writing = False
        self._woken = asyncio.Event()

    async def get(self) -> None:
        if self._streams.is_closed:
            self.end()  # at once, with a 200: after any other status the browser would not reconnect
        elif not self._streams.has_room():
            self.set_status(204)  # makes a browser not reconnect
            return
        self.head()
        self._streams.open.add(self)
        try:
            async with asyncio.timeout(LONGEST):
                await self._send(START)
                while not self._has_ended:
                    await self._send(b"event: %b\ndata:\n\n" % await self._word())
        except (StreamClosedError, TimeoutError):
            pass
        finally:
            self._streams.open.discard(self)

    def head(self, *_: str) -> None:
        self.set_header("Content-Type", "text/event-stream")
        self.set_header("Cache-Control", "no-store")
        self.set_header("X-Accel-Buffering", "no")

    def wake(self) -> None:
        """Something has changed. Until the reader has been signalled, further changes make no difference."""
        self._has_news = True
        self._woken.set()

    def end(self) -> None:
        self._has_ended = True
        self._woken.set()
        if self._is_writing:  # to a reader that does not read
            self._hang_up()

    def on_connection_close(self) -> None:
        self.end()

    def on_finish(self) -> None:
        """Close the connection, in spite of the headers: a stop cannot wait for it."""
        if self._has_ended:
            self._hang_up()

    async def _word(self) -> bytes:
        try:
            async with asyncio.timeout(TICK):
                await self._woken.wait()
        except TimeoutError:
            return b"tick"
        self._woken.clear()
        has_news, self._has_news = self._has_news, False
        return b"news" if has_news else b"tick"

    async def _send(self, content: bytes) -> None:
        self.write(content)
        self._is_writing = True
        try:
            await self.flush()
        finally:
            self._is_writing = False

    def _hang_up(self) -> None:
        cast("HTTP1Connection", self.request.connection).stream.close()
