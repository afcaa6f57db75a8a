"""The server over real sockets: garbled requests, slow ones, and too many connections."""

import asyncio
import json
import socket
from contextlib import suppress
from ipaddress import ip_network

import pytest

from handlers.http_server import (
    MAX_CONNECTIONS,
    PROXY_TIMEOUT,
    READING_TIMEOUT,
    REQUEST_TIMEOUT,
    bytes_received,
)
from handlers.not_found import NotFoundHandler
from tests.service import Connection, Service, arrived, close, connected, delivery_under_way, flood
from tests.support import PATIENCE, basic, incident_body, until

BODY = json.dumps(incident_body()).encode()
HEAD = (
    f"POST /fromGCPMonitoring HTTP/1.1\r\nHost: x\r\nAuthorization: {basic()}\r\n"
    f"Content-Length: {len(BODY)}\r\n\r\n"
).encode()


@pytest.fixture
def small(service: Service) -> Service:
    """It accepts few connections, and lets none wait."""
    service.server.max_connections, service.server.max_waiting = 5, 0
    return service


async def status(reader: asyncio.StreamReader) -> int:
    """0: closed without an answer."""
    try:
        return int((await asyncio.wait_for(reader.readline(), PATIENCE) or b"- 0").split()[1])
    except ConnectionResetError:
        return 0


@pytest.mark.parametrize(
    ("head", "body", "statuses"),
    [
        ("Content-Length: 300000", b"x" * 300_000, {413}),
        ("Content-Length: ٣٠٠٠٠٠".encode().decode("latin-1"), b"", {400, 0}),
        ("Content-Length: 200000000", b"", {400, 0}),
        ("Content-Length: -1", b"", {400, 0}),
        ("Content-Length: 1\r\nContent-Length: 2", b"12", {400, 0}),
        ("Content-Length: 2\r\nTransfer-Encoding: chunked", b"0\r\n\r\n", {400, 0}),
        ("Transfer-Encoding: gzip", b"", {400, 0}),
        ("Transfer-Encoding: chunked", b"186A0\r\n" + b"x" * 100_000 + b"\r\n" * 9, {400, 0}),
        ("X: " + "y" * 20_000, b"", {0}),
        ("Authorization: Basic " + "A" * 60_000, b"", {0}),
        ("Bad Header", b"", {400, 0}),
        ("X : y", b"", {400, 0}),
        ("Content-Type: multipart/form-data; boundary=x\r\nContent-Length: 9", b"--x\r\n\r\n--", {400, 401}),
        ("Content-Type: application/x-www-form-urlencoded\r\nContent-Length: 10000", b"a&" * 5000, {401}),
    ],
    ids=lambda value: value[:40] if isinstance(value, str) else "",
)  # fmt: skip
async def test_garbage_is_refused(service: Service, head: str, body: bytes, statuses: set[int]) -> None:
    status, _, _ = await service.raw(
        f"POST /fromGCPMonitoring HTTP/1.1\r\nHost: x\r\n{head}\r\n\r\n".encode() + body
    )
    assert status in statuses


async def test_other_protocols_are_refused(service: Service) -> None:
    for data in (
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
        b"PRI * HTTP/2.0\r\n\r\nSM",
        b"GET",
        b"\x00",
    ):
        assert (await service.raw(data + b"\r\n\r\n"))[0] in (0, 400)


async def test_a_chunked_delivery_is_accepted(service: Service) -> None:
    head = HEAD.replace(b"Content-Length: %d" % len(BODY), b"Transfer-Encoding: chunked")
    assert (await service.raw(head + b"%x\r\n%s\r\n0\r\n\r\n" % (len(BODY), BODY)))[0] == 200


async def test_idle_strangers_cannot_keep_a_delivery_out(service: Service) -> None:
    crowd = [await asyncio.open_connection("127.0.0.1", service.port) for _ in range(MAX_CONNECTIONS + 50)]
    assert (await service.deliver(incident_body()))[0] == 200
    assert service.server.open_connections <= MAX_CONNECTIONS
    close(*crowd)


async def test_a_connection_waiting_for_a_response_is_not_closed_and_a_new_one_waits(
    service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(service.server, "max_connections", 1)
    knock = b"GET /livez HTTP/1.1\r\nHost: x\r\n\r\n"
    async with delivery_under_way(service, monkeypatch):
        waiting = asyncio.create_task(service.raw(knock))
        await until(lambda: service.server._waiting)
        service.sweep(REQUEST_TIMEOUT + 1)
        assert service.server.open_connections == 1
    assert (await waiting)[0] == 200


async def test_an_incomplete_request_times_out(service: Service) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", service.port)
    writer.write(b"POST /fromGCPMonitoring HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\n{")
    await until(lambda: service.server.open_connections)
    service.sweep()
    assert service.server.open_connections == 1
    service.sweep(REQUEST_TIMEOUT + 1)
    with suppress(ConnectionResetError):  # half a request was not read
        assert await asyncio.wait_for(reader.read(), PATIENCE) == b""
    assert service.server.open_connections == 0
    writer.close()


async def test_a_trusted_proxy_may_keep_its_connections_longer(service: Service) -> None:
    service.server.trusted_proxies = (ip_network("127.0.0.0/8"),)
    reader, writer = await asyncio.open_connection("127.0.0.1", service.port)
    await until(lambda: service.server.open_connections)
    for passed, left in ((REQUEST_TIMEOUT + 1, 1), (PROXY_TIMEOUT - 1, 1), (PROXY_TIMEOUT + 1, 0)):
        service.sweep(passed)
        assert service.server.open_connections == left
    assert await asyncio.wait_for(reader.read(), PATIENCE) == b""
    writer.close()


async def unread(service: Service) -> socket.socket:
    """A client that asks and asks without reading, until the server waits for it."""
    client = socket.socket()
    client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1)
    client.connect(("127.0.0.1", service.port))
    client.setblocking(False)
    before = stuck(service)

    def asks() -> bool:
        with suppress(BlockingIOError):
            client.send(b"GET /nothing HTTP/1.1\r\nHost: x\r\n\r\n" * 100)
        return stuck(service) > before

    await until(asks)
    return client


def stuck(service: Service) -> int:
    return sum(stream.writing() for stream in service.server.responding)


async def test_a_client_that_does_not_read_cannot_keep_a_delivery_out(service: Service) -> None:
    service.server.max_connections, service.server.max_waiting = 2, 0
    crowd = [await unread(service) for _ in range(2)]
    assert (await service.deliver(incident_body("1")))[0] == 200
    assert stuck(service) == 1
    assert (await service.deliver(incident_body("2")))[0] == 200
    for client in crowd:
        client.close()


async def test_a_client_that_does_not_read_is_closed_in_the_end(service: Service) -> None:
    client = await unread(service)
    service.sweep()
    service.sweep(READING_TIMEOUT - 1)
    assert service.server.open_connections == 1
    service.sweep(READING_TIMEOUT + 1)
    assert service.server.open_connections == 0
    client.close()


async def test_the_remaining_requests_of_a_client_that_is_gone_are_dropped(
    service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    client, asked = await unread(service), list[str]()
    monkeypatch.setattr(NotFoundHandler, "prepare", lambda handler: asked.append(handler.request.path))
    client.close()
    await until(lambda: not service.server.open_connections)
    assert len(asked) <= 1


@pytest.mark.parametrize(
    "sent", [1, 40, len(HEAD) - 1, len(HEAD), len(HEAD) + 9], ids=lambda sent: f"{sent} bytes"
)
async def test_a_flood_of_silent_connections_does_not_close_an_arriving_delivery(
    small: Service, sent: int
) -> None:
    reader, writer = await connected(small)
    await arrived(small, writer, (HEAD + BODY)[:sent])
    crowd = await flood(small)
    assert small.server.open_connections <= 5
    writer.write((HEAD + BODY)[sent:])
    assert await status(reader) == 200
    close((reader, writer), *crowd)


async def test_the_oldest_silent_connection_is_closed_first(small: Service) -> None:
    crowd = [await connected(small) for _ in range(7)]
    assert [await status(reader) for reader, _ in crowd[:2]] == [0, 0]
    crowd[2][1].write(HEAD + BODY)
    assert await status(crowd[2][0]) == 200
    close(*crowd)


async def test_if_none_is_silent_the_one_that_stalled_first_is_closed(small: Service) -> None:
    crowd: list[Connection] = []
    for data in (HEAD, *[b"G"] * 4):
        crowd.append(await connected(small))
        await arrived(small, crowd[-1][1], data)
    assert (await small.deliver(incident_body()))[0] == 200
    assert await status(crowd[0][0]) == 0
    close(*crowd)


async def test_no_delivery_of_a_burst_is_refused(service: Service) -> None:
    service.server.max_connections = 5
    burst = [service.deliver(incident_body(f"{number}", host=f"{number}.test")) for number in range(40)]
    assert [status for status, _ in await asyncio.gather(*burst)] == [200] * 40


async def test_a_client_that_sends_request_after_request_cannot_keep_a_delivery_out(
    service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    service.server.max_connections, asked = 1, list[str]()
    monkeypatch.setattr(NotFoundHandler, "prepare", lambda handler: asked.append(handler.request.path))
    reader, writer = await connected(service)
    writer.write(b"GET /nothing HTTP/1.1\r\nHost: x\r\n\r\n" * 1000)
    assert (await service.deliver(incident_body()))[0] == 200
    assert len(asked) < 1000
    assert b"\r\nConnection: close\r\n" in await asyncio.wait_for(reader.read(), PATIENCE)
    close((reader, writer))


async def test_a_stop_still_ends_all_connections_when_nobody_waits_any_more(service: Service) -> None:
    await service.server.drain(0)
    for _ in range(2):
        _, headers, _ = await service.request("GET", "/livez")
        assert headers["connection"] == "close"


async def test_no_more_wait_than_descriptors_allow(small: Service, monkeypatch: pytest.MonkeyPatch) -> None:
    small.server.max_connections, small.server.max_waiting = 1, 1
    async with delivery_under_way(small, monkeypatch):
        waiting = asyncio.create_task(small.deliver(incident_body("2")))
        await until(lambda: small.server._waiting)
        assert await small.raw(b"GET /livez HTTP/1.1\r\nHost: x\r\n\r\n") == (0, {}, b"")
    assert (await waiting)[0] == 200


async def test_a_connection_that_got_a_response_is_not_silent(small: Service) -> None:
    reader, writer = await connected(small)
    writer.write(HEAD + BODY)
    assert await status(reader) == 200
    crowd = await flood(small)
    writer.write(HEAD + BODY)
    while (line := await asyncio.wait_for(reader.readline(), PATIENCE)) and not line.startswith(b"HTTP/"):
        pass
    assert line.split()[1] == b"200"
    close((reader, writer), *crowd)


def test_what_a_unix_socket_received_is_unknown() -> None:
    one, other = socket.socketpair(socket.AF_UNIX)
    with one, other:
        assert bytes_received(one) == -1
