"""The routes on a real store and a real socket, in the test's own loop."""

import asyncio
import json
import ssl
import threading
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from tornado.testing import bind_unused_port

from digest.health import Stats
from digest.job import DigestJob
from digest.model import Digest
from handlers import make_app
from handlers.deduplicator import RequestDeduplicator
from handlers.dispatch import Dispatcher
from handlers.http_server import BoundedHTTPServer, bytes_received
from slack.responder import Responder
from state.loading import open_store
from state.store import Store
from tests.builders import NOON, configured, senders
from tests.support import PASSWORD, PATIENCE, TOKEN, USER, basic, incident_body, outgoing, until

CREDENTIALS = {"Authorization": basic()}


class Service:
    """The routes on a real store and a real socket, within the test's own loop."""

    def __init__(
        self,
        folder: Path,
        tokens: tuple[str, ...] = (TOKEN,),
        slack: dict[str, object] | None = None,
        **keys: object,
    ) -> None:
        self.store: Store = open_store(folder / "state.json", NOON)
        config = self.config = configured(
            folder,
            slack={"outgoing_token": list(tokens), **(slack or {})},
            digest={"every": "1h"},
            **{"gcp": {"username": USER, "password": PASSWORD}, **keys},
        )
        names = [channel.name for channel in config.channels]
        stats = self.stats = Stats(NOON)
        self.stopped_at: datetime | None = None
        self.job = DigestJob(self.store, config, senders(self._post, names), self.now, stats=stats)
        self.seconds_later = 0.0
        self.responder = Responder()
        self.app = make_app(
            config,
            self.store,
            self.job,
            self.now,
            stats=stats,
            deduplicator=RequestDeduplicator(),
            responder=self.responder,
        )
        self.server = BoundedHTTPServer(
            Dispatcher(self.app), monotonic=lambda: time.monotonic() + self.seconds_later
        )
        self.trusting: ssl.SSLContext | None = None  # whom clients trust, with HTTPS
        sock, self.port = bind_unused_port()
        self.server.add_socket(sock)

    async def _post(self, _digest: Digest) -> None:
        raise AssertionError("no digest is due in these tests")

    def now(self) -> datetime:
        return self.stopped_at or datetime.now(UTC)

    def stop_clock(self, later: timedelta = timedelta()) -> None:
        """For comparing two answers, which must not differ because a second passed in between."""
        self.stopped_at = datetime.now(UTC) + later

    def sweep(self, seconds_later: float = 0) -> None:
        """Close connections that are late by then."""
        self.seconds_later = seconds_later
        self.server.sweep()
        self.seconds_later = 0

    async def close(self) -> None:
        self.server.stop()
        await self.server.close_all_connections()
        await self.store.close()

    async def raw(self, data: bytes) -> tuple[int, dict[str, str], bytes]:
        """Status 0: closed without an answer."""
        reader, writer = await asyncio.open_connection("127.0.0.1", self.port, ssl=self.trusting)
        writer.write(data)
        try:
            head = (await asyncio.wait_for(reader.readuntil(b"\r\n\r\n"), PATIENCE)).decode()
            headers = {
                k.lower(): v for k, _, v in (line.partition(": ") for line in head.split("\r\n")[1:-2])
            }
            size = 0 if data.startswith(b"HEAD") else int(headers.get("content-length", 0))
            return int(head.split()[1]), headers, await reader.readexactly(size)
        except (asyncio.IncompleteReadError, ConnectionResetError):
            return 0, {}, b""
        finally:
            writer.close()

    async def request(
        self, method: str, path: str, body: bytes = b"", **headers: str
    ) -> tuple[int, dict[str, str], bytes]:
        fields = {"Host": "x", "Content-Length": str(len(body)), **headers}
        head = "".join(f"{name}: {value}\r\n" for name, value in fields.items())
        return await self.raw(f"{method} {path} HTTP/1.1\r\n{head}\r\n".encode() + body)

    async def deliver(self, body: object, **headers: str) -> tuple[int, dict[str, Any]]:
        data = body if isinstance(body, bytes) else json.dumps(body).encode()
        given = {**CREDENTIALS, **headers}
        status, _, answer = await self.request("POST", "/fromGCPMonitoring", data, **given)
        return status, json.loads(answer or b"{}")

    async def hear(self, *hosts: str, state: str = "open", **fields: object) -> None:
        """One incident of each."""
        for host in hosts:
            await self.deliver(incident_body(f"0.{host}", state, host, **fields))

    async def say(self, text: str, **form: str) -> tuple[int, dict[str, str]]:
        status, _, answer = await self.request("POST", "/fromSlack", outgoing(text, **form))
        return status, json.loads(answer or b"{}")

    async def answer(self, text: str) -> str:
        return (await self.say(text))[1]["text"]


@asynccontextmanager
async def delivery_under_way(
    service: Service, monkeypatch: pytest.MonkeyPatch, incident_id: str = "0.abc"
) -> AsyncIterator[None]:
    """It has arrived completely, and its save waits; at the end it is answered 200."""
    go_on, save = threading.Event(), service.store._file.replace
    monkeypatch.setattr(service.store._file, "replace", lambda pieces: (go_on.wait(PATIENCE), save(pieces)))
    delivery = asyncio.create_task(service.deliver(incident_body(incident_id)))
    try:
        await until(lambda: service.server.responding)
        yield
    finally:
        go_on.set()
    assert (await delivery)[0] == 200


Connection = tuple[asyncio.StreamReader, asyncio.StreamWriter]


async def connected(service: Service) -> Connection:
    """Once the server has taken it in."""
    before = set(service.server.receiving)
    connection = await asyncio.open_connection("127.0.0.1", service.port)
    await until(lambda: set(service.server.receiving) - before)
    return connection


async def arrived(service: Service, writer: asyncio.StreamWriter, data: bytes) -> None:
    """Send, and wait until the machine has it: only then may a flood come."""
    writer.write(data)
    mine = writer.get_extra_info("sockname")
    (stream,) = (each for each in service.server.receiving if each.socket.getpeername() == mine)
    await until(lambda: bytes_received(stream.socket))


async def flood(service: Service) -> list[Connection]:
    """More connections than there is room for."""
    return [await connected(service) for _ in range(2 * service.server.max_connections + 1)]


def close(*crowd: Connection) -> None:
    for _, writer in crowd:
        writer.close()
