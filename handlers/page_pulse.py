"""Tells open streams that something has changed."""

import asyncio
from collections.abc import Collection
from typing import Protocol

from state.store import Store

MAX_STREAMS = 64  # each takes one of the server's connections
NEWS_PAUSE = 1  # seconds between two pieces of news


class Stream(Protocol):
    """What can be told that something has changed, and ended."""

    def wake(self) -> None: ...
    def end(self) -> None: ...


class Pulse:
    """All open streams."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._streams: set[Stream] = set()
        self._told_at = 0.0
        self._telling: asyncio.TimerHandle | None = None
        self._closed = False
        store.watchers.add(self._changed)

    def has_room(self) -> bool:
        return len(self._streams) < MAX_STREAMS and not self._closed

    def join(self, stream: Stream) -> None:
        self._streams.add(stream)

    def leave(self, stream: Stream) -> None:
        self._streams.discard(stream)

    def close(self) -> None:
        """End all streams: the program stops, or goes on with another configuration."""
        self._closed = True
        self._store.watchers.discard(self._changed)
        if self._telling:
            self._telling.cancel()
        for stream in tuple(self._streams):
            stream.end()

    def tell(self) -> None:
        """Tell all open pages now."""
        self._telling = None
        self._told_at = asyncio.get_running_loop().time()
        for stream in self._streams:
            stream.wake()

    def _changed(self, _: Collection[str]) -> None:
        """Tell them soon, but at most once a second, however many changes there are."""
        if self._telling is None and self._streams:
            loop = asyncio.get_running_loop()
            at = max(loop.time(), self._told_at + NEWS_PAUSE)
            self._telling = loop.call_at(at, self.tell)
