"""People who look at the page, in a thread of their own."""

import asyncio
import os
import threading
from collections.abc import AsyncIterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager, suppress
from typing import Self

from tornado.httputil import HTTPHeaders

from bench.servers import LOAD_CORE

ASK_EVERY = 10  # seconds


class Watchers:
    """Each stream reads what comes; each asker asks again for what it has, as an open page does."""

    def __init__(self, port: int, streams: int, askers: int) -> None:
        self._port = port
        self._streams = streams
        self._askers = askers
        self._left = streams  # that have not started
        self._ready = threading.Event()
        self._loop = asyncio.new_event_loop()
        self._thread = ThreadPoolExecutor(1)

    def __enter__(self) -> Self:
        self._done = self._thread.submit(self._loop.run_until_complete, self._watch())
        return self

    def wait(self) -> None:
        """Return once all streams have started. The server's own loop must keep running meanwhile."""
        assert self._ready.wait(60)

    def __exit__(self, *_: object) -> None:
        self._loop.call_soon_threadsafe(self._watching.cancel)
        self._done.result()
        self._loop.close()
        self._thread.shutdown()

    async def _watch(self) -> None:
        os.sched_setaffinity(0, {int(LOAD_CORE)})  # of this thread alone
        streams = (self._read() for _ in range(self._streams))
        askers = (self._ask(ASK_EVERY * number / self._askers) for number in range(self._askers))
        self._watching = asyncio.gather(*streams, *askers)
        with suppress(asyncio.CancelledError):
            await self._watching
        await asyncio.sleep(0.1)  # for the connections to close

    async def _read(self) -> None:
        async with self._connection() as (reader, writer):
            writer.write(_request("/events"))
            assert b" 200 " in await reader.readline()
            self._left -= 1
            if not self._left:
                self._ready.set()
            while await reader.read(65_536):
                pass
        raise ConnectionError("the server ended a stream")

    async def _ask(self, after: float) -> None:
        """Like a browser: on one connection, and on another if the server closes that to make room."""
        etag, due = "", self._loop.time() + after
        while True:
            with suppress(asyncio.IncompleteReadError):
                async with self._connection() as (reader, writer):
                    while True:
                        await asyncio.sleep(due - self._loop.time())
                        writer.write(_request("/", f"If-None-Match: {etag}"))
                        etag = await _read_response(reader)
                        due += ASK_EVERY  # whenever the answer came

    @asynccontextmanager
    async def _connection(self) -> AsyncIterator[tuple[asyncio.StreamReader, asyncio.StreamWriter]]:
        reader, writer = await asyncio.open_connection("127.0.0.1", self._port)
        try:
            yield reader, writer
        finally:
            writer.close()


def _request(path: str, *headers: str) -> bytes:
    lines = [f"GET {path} HTTP/1.1", "Host: localhost", "Accept-Encoding: gzip", *headers, "", ""]
    return "\r\n".join(lines).encode()


async def _read_response(reader: asyncio.StreamReader) -> str:
    """Return its ETag."""
    line, _, rest = (await reader.readuntil(b"\r\n\r\n")).decode().partition("\r\n")
    assert line.split()[1] in ("200", "304"), line
    headers = HTTPHeaders.parse(rest)
    await reader.readexactly(int(headers.get("Content-Length", 0)))
    return headers["ETag"]
