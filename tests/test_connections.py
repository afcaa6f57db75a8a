"""Who is closed for a newcomer when too many are connected: first of all, those who have sent nothing."""

import asyncio
import json
import socket
import ssl
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from handlers.http_server import MOST_CONNECTIONS, has_sent
from tests.builders import configured
from tests.certificates import Authority
from tests.service import Service
from tests.support import basic, incident_body

BODY = json.dumps(incident_body()).encode()
HEAD = (
    f"POST /fromGCPMonitoring HTTP/1.1\r\nHost: x\r\nAuthorization: {basic()}\r\n"
    f"Content-Length: {len(BODY)}\r\n\r\n"
).encode()
FLOOD = 2 * MOST_CONNECTIONS + 1

Connection = tuple[asyncio.StreamReader, asyncio.StreamWriter]


@pytest_asyncio.fixture
async def service(tmp_path: Path) -> AsyncIterator[Service]:
    service = Service(tmp_path)
    yield service
    await service.close()


async def connected(service: Service) -> Connection:
    """Once the server has taken it in."""
    before = set(service.server._streams)
    reader, writer = await asyncio.open_connection("127.0.0.1", service.port)
    async with asyncio.timeout(20):
        while not set(service.server._streams) - before:
            await asyncio.sleep(0)
    return reader, writer


async def arrived(service: Service, connection: Connection, data: bytes) -> None:
    """Send, and wait until the machine has it: only then may a flood come."""
    connection[1].write(data)
    mine = connection[1].get_extra_info("sockname")
    (stream,) = (each for each in service.server._streams if each.socket.getpeername() == mine)
    async with asyncio.timeout(20):
        while not has_sent(stream.socket):
            await asyncio.sleep(0)


async def flood(service: Service, data: bytes = b"") -> list[Connection]:
    crowd = []
    for _ in range(FLOOD):
        crowd.append(await connected(service))
        crowd[-1][1].write(data)
    return crowd


async def status(reader: asyncio.StreamReader) -> int:
    """0: closed without an answer."""
    try:
        return int((await asyncio.wait_for(reader.readline(), 20) or b"- 0").split()[1])
    except ConnectionResetError:
        return 0


def close(*crowd: Connection) -> None:
    for _, writer in crowd:
        writer.close()


@pytest.mark.parametrize(
    "sent", [1, 40, len(HEAD) - 1, len(HEAD), len(HEAD) + 9], ids=lambda sent: f"{sent} bytes"
)
async def test_a_flood_of_the_silent_closes_no_delivery_that_is_arriving(service: Service, sent: int) -> None:
    delivery = await connected(service)
    await arrived(service, delivery, (HEAD + BODY)[:sent])
    crowd = await flood(service)
    assert len(service.server._streams) <= MOST_CONNECTIONS
    delivery[1].write((HEAD + BODY)[sent:])
    assert await status(delivery[0]) == 200
    close(delivery, *crowd)


async def test_nor_one_that_is_agreeing_on_how_to_encrypt(tmp_path: Path) -> None:
    authority, service = Authority(tmp_path), Service(tmp_path)
    pair = authority.issue("one")
    tls = configured(tmp_path, tls={"certificate": str(pair.certificate), "key": str(pair.key)}).tls
    assert tls
    service.server.ssl_options = tls.context
    theirs, ours = ssl.MemoryBIO(), ssl.MemoryBIO()
    client = authority.context().wrap_bio(theirs, ours, server_hostname="localhost")
    with pytest.raises(ssl.SSLWantReadError):
        client.do_handshake()
    reader, writer = await connected(service)
    await arrived(service, (reader, writer), ours.read())
    crowd = await flood(service)
    async with asyncio.timeout(20):
        while client.version() is None or client.pending() == 0:
            try:
                if client.version() is None:
                    client.do_handshake()
                    client.write(HEAD + BODY)
                else:
                    assert client.read(12) == b"HTTP/1.1 200"
                    break
            except ssl.SSLWantReadError:
                writer.write(ours.read())
                received = await reader.read(65_536)
                assert received, "closed while it was arriving"
                theirs.write(received)
            writer.write(ours.read())
    close((reader, writer), *crowd)
    await service.close()


async def test_of_the_silent_the_oldest_goes_first(service: Service) -> None:
    crowd = [await connected(service) for _ in range(MOST_CONNECTIONS + 2)]
    assert [await status(reader) for reader, _ in crowd[:2]] == [0, 0]
    crowd[2][1].write(HEAD + BODY)
    assert await status(crowd[2][0]) == 200
    close(*crowd)


async def test_where_all_have_sent_something_the_one_quiet_for_longest_goes(service: Service) -> None:
    delivery = await connected(service)
    await arrived(service, delivery, HEAD)
    crowd = []
    for _ in range(MOST_CONNECTIONS):
        crowd.append(await connected(service))
        await arrived(service, crowd[-1], b"G")
    assert await status(delivery[0]) == 0
    assert (await service.deliver(incident_body()))[0] == 200
    close(delivery, *crowd)


async def test_who_was_answered_once_is_not_silent(service: Service) -> None:
    kept = await connected(service)
    kept[1].write(HEAD + BODY)
    assert await status(kept[0]) == 200
    crowd = await flood(service)
    kept[1].write(HEAD + BODY)
    while (line := await asyncio.wait_for(kept[0].readline(), 20)) and not line.startswith(b"HTTP/"):
        pass
    assert line.split()[1] == b"200"
    close(kept, *crowd)


def test_where_it_cannot_be_known_they_count_as_having_sent_something() -> None:
    one, other = socket.socketpair(socket.AF_UNIX)
    with one, other:
        assert has_sent(one)
