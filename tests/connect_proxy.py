"""A small real HTTP proxy that knows CONNECT and nothing else."""

import asyncio
import contextlib
from asyncio import StreamReader, StreamWriter
from base64 import b64encode
from collections.abc import Iterator
from typing import Self

OPENED = b"HTTP/1.1 200 Connection established\r\n\r\n"


class ConnectProxy:
    """Connects `host:port` as `ways` says, and to nothing else.

    It asks for `credentials`; if `answer` is given, it sends nothing else. `asked` holds what was asked for,
    and the credentials that came with it.
    """

    def __init__(
        self, ways: dict[str, int] | None = None, *, credentials: str = "", answer: bytes = b""
    ) -> None:
        self.asked: list[tuple[str, str]] = []
        self._ways = ways or {}
        self._wanted = f"Basic {b64encode(credentials.encode()).decode()}" if credentials else ""
        self._answer = answer
        self._open: set[StreamWriter] = set()

    async def __aenter__(self) -> Self:
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        self.port: int = self._server.sockets[0].getsockname()[1]
        return self

    async def __aexit__(self, *_: object) -> None:
        self._server.close()
        for writer in self._open:
            writer.close()
        await self._server.wait_closed()

    async def _serve(self, reader: StreamReader, writer: StreamWriter) -> None:
        with self._held(writer), contextlib.suppress(OSError, asyncio.IncompleteReadError):
            first, *lines = (await reader.readuntil(b"\r\n\r\n")).decode().split("\r\n")
            headers = dict(line.split(": ", 1) for line in lines if line)
            target = first.removeprefix("CONNECT ").removesuffix(" HTTP/1.1")
            assert headers["Host"] == target
            sent = headers.get("Proxy-Authorization", "")
            self.asked.append((target, sent))
            if self._answer:
                writer.write(self._answer)
            elif sent != self._wanted:
                writer.write(b"HTTP/1.1 407 Who are you?\r\nProxy-Authenticate: Basic realm=x\r\n\r\n")
            elif target not in self._ways:
                writer.write(b"HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n")
            else:
                writer.write(OPENED)
                await self._tunnel(reader, writer, self._ways[target])

    async def _tunnel(self, reader: StreamReader, writer: StreamWriter, port: int) -> None:
        there, back = await asyncio.open_connection("127.0.0.1", port)
        with self._held(back):
            await asyncio.gather(_pass_on(reader, back), _pass_on(there, writer))

    @contextlib.contextmanager
    def _held(self, writer: StreamWriter) -> Iterator[None]:
        self._open.add(writer)
        try:
            yield
        finally:
            self._open.discard(writer)
            writer.close()


async def _pass_on(source: StreamReader, target: StreamWriter) -> None:
    with contextlib.suppress(OSError):
        while data := await source.read(65536):
            target.write(data)
            await target.drain()
        target.write_eof()
