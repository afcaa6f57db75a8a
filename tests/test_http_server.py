"""HTTP."""

import asyncio
import json
import time
from contextlib import suppress
from ipaddress import ip_network

import pytest

from handlers.http_server import FROM_PROXIES, MOST_CONNECTIONS, SLOWEST
from tests.service import Service, delivery_under_way
from tests.support import basic, incident_body


class TestHttp:
    @pytest.mark.parametrize(
        ("method", "path", "status"),
        [
            ("GET", "/", 404),
            ("GET", "/../../etc/passwd", 404),
            ("GET", "/%00", 404),
            ("GET", "/%ff%fe", 404),
            ("GET", "/fromGCPMonitoring", 405),
            ("PUT", "/fromGCPMonitoring", 405),
            ("TRACE", "/fromSlack", 405),
            ("FOO", "/fromSlack", 405),
            ("DELETE", "/healthz", 405),
            ("GET", "/healthz", 200),
            ("HEAD", "/healthz", 200),
        ],
    )
    async def test_methods_and_paths(self, service: Service, method: str, path: str, status: int) -> None:
        assert (await service.request(method, path))[0] == status

    @pytest.mark.parametrize(
        ("head", "body", "statuses"),
        [
            ("Content-Length: 300000", b"x" * 300_000, {413}),
            ("Content-Length: ٣٠٠٠٠٠".encode().decode("latin-1"), b"", {400, 0}),
            ("Content-Length: 200000000", b"", {400, 0}),
            ("Content-Length: -1", b"", {400, 0}),
            ("Content-Length: abc", b"", {400, 0}),
            ("Content-Length: +5", b"12345", {400, 0}),
            ("Content-Length: 1_0", b"1234567890", {400, 0}),
            ("Content-Length: 1\r\nContent-Length: 2", b"12", {400, 0}),
            ("Content-Length: 2\r\nTransfer-Encoding: chunked", b"0\r\n\r\n", {400, 0}),
            ("Transfer-Encoding: gzip", b"", {400, 0}),
            ("Transfer-Encoding: chunked", b"-1\r\n\r\n", {400, 0}),
            ("Transfer-Encoding: chunked", b"186A0\r\n" + b"x" * 100_000 + b"\r\n" * 9, {400, 0}),
            ("X: " + "y" * 20_000, b"", {0}),
            ("Authorization: Basic " + "A" * 60_000, b"", {0}),
            ("Bad Header", b"", {400, 0}),
            ("X : y", b"", {400, 0}),
            (
                "Content-Type: multipart/form-data; boundary=x\r\nContent-Length: 9",
                b"--x\r\n\r\n--",
                {400, 401},
            ),
            ("Content-Type: application/x-www-form-urlencoded\r\nContent-Length: 10000", b"a&" * 5000, {401}),
        ],
        ids=lambda value: value[:40] if isinstance(value, str) else "",
    )
    async def test_garbled_requests_are_refused(
        self, service: Service, head: str, body: bytes, statuses: set[int]
    ) -> None:
        status, _, _ = await service.raw(
            f"POST /fromGCPMonitoring HTTP/1.1\r\nHost: x\r\n{head}\r\n\r\n".encode() + body
        )
        assert status in statuses

    @pytest.mark.parametrize(
        "data",
        [
            b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n",
            b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
            b"GET\r\n\r\n",
            b"\x00\r\n\r\n",
        ],
        ids=ascii,
    )
    async def test_what_is_not_http_is_refused(self, service: Service, data: bytes) -> None:
        assert (await service.raw(data))[0] in (0, 400)

    async def test_a_chunked_delivery_is_taken(self, service: Service) -> None:
        body = json.dumps(incident_body()).encode()
        head = f"POST /fromGCPMonitoring HTTP/1.1\r\nHost: x\r\nAuthorization: {basic()}\r\n"
        chunked = b"%x\r\n%s\r\n0\r\n\r\n" % (len(body), body)
        status, _, _ = await service.raw(f"{head}Transfer-Encoding: chunked\r\n\r\n".encode() + chunked)
        assert status == 200

    async def test_idle_strangers_cannot_keep_a_delivery_out(self, service: Service) -> None:
        idle = [
            await asyncio.open_connection("127.0.0.1", service.port) for _ in range(MOST_CONNECTIONS + 50)
        ]
        assert (await service.deliver(incident_body()))[0] == 200
        assert len(service.server._streams) <= MOST_CONNECTIONS
        for _, writer in idle:
            writer.close()

    async def test_who_waits_for_an_answer_is_not_closed_for_strangers(
        self, service: Service, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        async with delivery_under_way(service, monkeypatch):
            idle = [
                await asyncio.open_connection("127.0.0.1", service.port) for _ in range(MOST_CONNECTIONS + 9)
            ]
            while len(service.server._streams) + 1 < MOST_CONNECTIONS:
                await asyncio.sleep(0)
            since = time.monotonic()
            with monkeypatch.context() as later:
                later.setattr("handlers.http_server.time.monotonic", lambda: since + SLOWEST + 1)
                service.server.sweep()
            assert not service.server._streams
        for _, writer in idle:
            writer.close()

    async def test_a_new_connection_is_closed_while_all_others_wait_for_an_answer(
        self, service: Service, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(service.server, "most_connections", 1)
        knock = b"GET /livez HTTP/1.1\r\nHost: x\r\n\r\n"
        async with delivery_under_way(service, monkeypatch):
            assert await service.raw(knock) == (0, {}, b"")
        assert (await service.raw(knock))[0] == 200

    async def test_a_request_that_does_not_come_is_given_up(
        self, service: Service, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        reader, writer = await asyncio.open_connection("127.0.0.1", service.port)
        writer.write(b"POST /fromGCPMonitoring HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\n{")
        while not service.server._streams:
            await asyncio.sleep(0)
        service.server.sweep()
        assert len(service.server._streams) == 1
        since = time.monotonic()
        monkeypatch.setattr("handlers.http_server.time.monotonic", lambda: since + SLOWEST + 1)
        service.server.sweep()
        monkeypatch.undo()
        with suppress(ConnectionResetError):  # half a request was not read
            assert await asyncio.wait_for(reader.read(), 5) == b""
        assert not service.server._streams
        writer.close()

    async def test_a_trusted_proxy_may_keep_its_connections_longer(
        self, service: Service, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        service.server.trusted_proxies = (ip_network("127.0.0.0/8"),)
        reader, writer = await asyncio.open_connection("127.0.0.1", service.port)
        while not service.server._streams:
            await asyncio.sleep(0)
        since = time.monotonic()
        for passed, left in ((SLOWEST + 1, 1), (FROM_PROXIES - 1, 1), (FROM_PROXIES + 1, 0)):
            monkeypatch.setattr("handlers.http_server.time.monotonic", lambda passed=passed: since + passed)
            service.server.sweep()
            assert len(service.server._streams) == left
        monkeypatch.undo()
        assert await asyncio.wait_for(reader.read(), 5) == b""
        writer.close()

    async def test_an_error_page_tells_nothing_of_the_inside(self, service: Service) -> None:
        status, headers, body = await service.request("GET", "/nowhere?token=canary")
        assert (status, json.loads(body)) == (404, {"error": "Not Found"})
        assert headers["server"] == "uptime-check-manager"
