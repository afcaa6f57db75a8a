"""What the routes answer: to Google, to Slack, and to strangers, over real sockets."""

import asyncio
import json
import logging
import re
import ssl
import threading
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from datetime import UTC, datetime, timedelta
from ipaddress import ip_network
from pathlib import Path
from typing import cast
from urllib.parse import urlencode

import pytest
import pytest_asyncio
from tornado.testing import bind_unused_port

from digest.job import DigestJob
from digest.model import Digest
from digest.stats import Stats
from handlers import make_app
from handlers.commands import RequestDeduplicator
from handlers.http_server import FROM_PROXIES, MOST_CONNECTIONS, SLOWEST, BoundedHTTPServer
from state.loading import open_store
from state.store import Store
from tests.builders import NOON, configured, senders
from tests.support import PASSWORD, TOKEN, USER, basic, incident_body

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
        config = configured(
            folder,
            slack={"outgoing_token": list(tokens), **(slack or {})},
            digest={"every": "1h"},
            **{"gcp": {"username": USER, "password": PASSWORD}, **keys},
        )
        self.job = DigestJob(self.store, config, senders(self._post), self.now, stats=Stats(NOON))
        self.server = BoundedHTTPServer(
            make_app(
                config, self.store, self.job, self.now, stats=Stats(NOON), deduplicator=RequestDeduplicator()
            )
        )
        self.trusting: ssl.SSLContext | None = None  # whom clients trust, with HTTPS
        sock, self.port = bind_unused_port()
        self.server.add_socket(sock)

    async def _post(self, _digest: Digest) -> None:
        raise AssertionError("no digest is due in these tests")

    def now(self) -> datetime:
        return datetime.now(UTC)

    async def close(self) -> None:
        self.server.stop()
        await self.server.close_all_connections()
        await self.store.close()

    async def raw(self, data: bytes) -> tuple[int, dict[str, str], bytes]:
        """Status 0: closed without an answer."""
        reader, writer = await asyncio.open_connection("127.0.0.1", self.port, ssl=self.trusting)
        writer.write(data)
        try:
            head = (await asyncio.wait_for(reader.readuntil(b"\r\n\r\n"), 5)).decode()
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

    async def deliver(self, body: object) -> tuple[int, dict[str, object]]:
        data = body if isinstance(body, bytes) else json.dumps(body).encode()
        status, _, answer = await self.request("POST", "/fromGCPMonitoring", data, **CREDENTIALS)
        return status, json.loads(answer or b"{}")

    async def say(self, text: str, **form: str) -> tuple[int, dict[str, str]]:
        fields = {
            "token": TOKEN,
            "user_id": "U1",
            "user_name": "steve",
            "text": text,
            "trigger_word": "uptime",
            **form,
        }
        status, _, answer = await self.request("POST", "/fromSlack", urlencode(fields).encode())
        return status, json.loads(answer or b"{}")

    async def answer(self, text: str) -> str:
        return (await self.say(text))[1]["text"]


@asynccontextmanager
async def delivery_under_way(
    service: Service, monkeypatch: pytest.MonkeyPatch, incident_id: str = "0.abc"
) -> AsyncIterator[None]:
    """It is there whole, and its save waits; at the end it is answered 200."""
    go_on, save = threading.Event(), service.store._file.replace
    monkeypatch.setattr(service.store._file, "replace", lambda pieces: (go_on.wait(20), save(pieces)))
    delivery = asyncio.create_task(service.deliver(incident_body(incident_id)))
    try:
        async with asyncio.timeout(20):
            while not service.server._answering:
                await asyncio.sleep(0)
        yield
    finally:
        go_on.set()
    assert (await delivery)[0] == 200


@pytest_asyncio.fixture
async def service(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> AsyncIterator[Service]:
    caplog.set_level(logging.INFO)
    service = Service(tmp_path)
    yield service
    status, _ = await service.deliver(incident_body("0.still-alive"))
    assert status == 200
    await service.close()
    assert not [record for record in caplog.records if record.exc_info]


class TestDeliveries:
    async def test_recorded_unchanged_ignored(self, service: Service) -> None:
        recorded = {"result": "recorded", "host": "www.example.com"}
        assert await service.deliver(incident_body()) == (200, recorded)
        assert await service.deliver(incident_body()) == (200, {**recorded, "result": "unchanged"})
        status, answer = await service.deliver({"version": "test", "incident": {"state": "OPEN"}})
        assert (status, answer["result"]) == (200, "ignored")
        assert "test notification" in str(answer["reason"])

    @pytest.mark.parametrize(
        "authorization",
        [
            None,
            "Bearer x",
            "Basic",
            "Basic !!!",
            "Basic " + "A" * 3000,
            basic(password="wrong"),
            basic(user="wrong"),
            basic(user="", password=""),
            "Basic bm8tY29sb24=",
            "Basic //79",
        ],
    )
    async def test_without_the_right_credentials_it_challenges(
        self, service: Service, authorization: str | None
    ) -> None:
        headers = {} if authorization is None else {"Authorization": authorization}
        body = json.dumps(incident_body()).encode()
        status, answered, _ = await service.request("POST", "/fromGCPMonitoring", body, **headers)
        assert status == 401
        assert answered["www-authenticate"] == 'Basic realm="uptime-check-manager", charset="UTF-8"'
        assert not service.store.state.hosts

    async def test_two_authorization_headers_are_none(self, service: Service) -> None:
        head = f"POST /fromGCPMonitoring HTTP/1.1\r\nHost: x\r\nAuthorization: {basic()}\r\n"
        status, _, _ = await service.raw(
            f"{head}Authorization: {basic()}\r\nContent-Length: 2\r\n\r\n{{}}".encode()
        )
        assert status == 401

    @pytest.mark.parametrize(
        "body",
        [
            b"", b"hello", b"null", b"[]", b'"x"', b"{", b"{}x", b"\xff", b"\xef\xbb\xbf\xef\xbb\xbf{}", b"{}\xef\xbb\xbf", b"\xef\xbb\xbf", '{"a":1}'.encode("utf-16"),
            b'{"a":NaN}', b'{"a":-Infinity}', b'{"a":1e999}', b'{"a":' + b"9" * 5000 + b"}", b"[" * 900, b"[" * 100_000,
            b'{"incident":' * 5000 + b"1" + b"}" * 5000, b'{"a":"\\ud800"}', b'{"\\udfff":1}', b'{"a":"\xed\xa0\x80"}',
            b'{"incident":{"state":"open","incident_id":"a\\u0000"}}', b'{"incident":{"state":"open","incident_id":"\\u202e"}}',
            b'{"incident":{"state":"open","incident_id":"' + b"x" * 100_000 + b'"}}', b"\x1f\x8b\x08\x00",
        ],
        ids=lambda body: ascii(body[:24]),
    )  # fmt: skip
    async def test_what_is_no_notification_is_a_clear_400(self, service: Service, body: bytes) -> None:
        status, answer = await service.deliver(body)
        assert status == 400
        assert answer["error"]
        assert not service.store.state.hosts

    async def test_a_byte_order_mark_before_the_json_is_ignored(self, service: Service) -> None:
        """RFC 8259, 8.1."""
        body = b"\xef\xbb\xbf" + json.dumps(incident_body()).encode()
        assert await service.deliver(body) == (200, {"result": "recorded", "host": "www.example.com"})

    @pytest.mark.parametrize(
        "body",
        [
            b"{}",
            b'{"incident":null}',
            b'{"incident":[1]}',
            b'{"incident":{}}',
            b'{"incident":{"state":"weird"}}',
        ],
    )
    async def test_another_kind_of_notification_is_ignored(self, service: Service, body: bytes) -> None:
        status, answer = await service.deliver(body)
        assert (status, answer["result"]) == (200, "ignored")
        assert not service.store.state.hosts

    async def test_a_delivery_that_cannot_be_saved_is_503_and_repeated_is_200(
        self, service: Service, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def refuse(_pieces: object) -> None:
            raise OSError(28, "No space left on device")

        monkeypatch.setattr(service.store._file, "replace", refuse)
        body = json.dumps(incident_body()).encode()
        status, headers, _ = await service.request("POST", "/fromGCPMonitoring", body, **CREDENTIALS)
        assert (status, headers["retry-after"]) == (503, "10")
        status, _, health = await service.request("GET", "/healthz")
        assert status == 503
        assert b"No space left" in health
        monkeypatch.undo()
        assert (await service.deliver(incident_body()))[1]["result"] == "recorded"
        assert (await service.request("GET", "/healthz"))[0] == 200


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


class TestCommands:
    async def test_without_a_configured_token_the_log_says_which_key_to_set(
        self, tmp_path: Path, caplog: pytest.LogCaptureFixture
    ) -> None:
        caplog.set_level(logging.INFO)
        service = Service(tmp_path / "other", tokens=())
        assert (await service.say("uptime help"))[0] == 403
        assert "slack.outgoing_token" in caplog.text
        await service.close()

    async def test_a_wrong_token_is_403(self, service: Service) -> None:
        assert (await service.say("uptime help", token="wrong"))[0] == 403

    async def test_bots_get_no_answer(self, service: Service) -> None:
        assert await service.say("uptime help", bot_id="B1") == (200, {})

    async def test_help_lists_every_command(self, service: Service) -> None:
        text = await service.answer("uptime help")
        for command in ("check", "remove", "removed", "restore", "resolve", "log", "help"):
            assert f"uptime {command}" in text

    @pytest.mark.parametrize(
        ("typed", "told"),
        [
            ("help resolve", "For example: `uptime resolve www.example.com`"),
            ("help Removed", "• `uptime removed`"),
            ("help resolv", "Did you mean `uptime help resolve`?"),
            ("help qqq", "`qqq` is not a command. Type `uptime help`"),
        ],
    )
    async def test_help_about_one_command(self, service: Service, typed: str, told: str) -> None:
        assert told in await service.answer(f"uptime {typed}")

    async def test_how_many_more_a_pattern_matches_is_said(self, service: Service) -> None:
        for number in range(25):
            await service.deliver(incident_body(f"0.{number}", host=f"web-{number:02}.test"))
        told = await service.answer("uptime resolve *.test")
        assert told.endswith("web-18.test web-19.test` (and 5 more)")

    async def test_an_unknown_command_says_what_to_type(self, service: Service) -> None:
        assert "uptime remove" in await service.answer("uptime remvoe www")

    async def test_an_unknown_host_brings_the_nearest_known(self, service: Service) -> None:
        await service.deliver(incident_body())
        for command in ("check", "remove", "restore", "resolve", "history"):
            told = await service.answer(f"uptime {command} ww.exmaple.com")
            assert f"Did you mean `uptime {command} www.example.com`?" in told

    async def test_where_no_pattern_can_stand_the_hosts_that_it_matches_are_said(
        self, service: Service
    ) -> None:
        for state, host in (("open", "a.test"), ("closed", "b.test"), ("open", "c.test"), ("closed", "d.st")):
            await service.deliver(incident_body(f"0.{host}", state, host=host))
        told = await service.answer("uptime resolve *.test")
        assert told.endswith("Type the hosts themselves: `uptime resolve a.test c.test`")
        assert "`uptime check a.test c.test b.test`" in await service.answer("uptime check *.test")
        assert "`uptime check d.st`" in await service.answer("uptime check *.st")
        assert "`uptime check HOST`" in await service.answer("uptime check *.com")
        assert "`uptime resolve c.test a.test`" in await service.answer("uptime resolve c.test, *")
        assert all(
            len(host.closed) == (name in "b.test d.st") for name, host in service.store.state.hosts.items()
        )

    async def test_all_about_one_host(self, service: Service) -> None:
        await service.deliver(incident_body("0.one"))
        await service.deliver(incident_body("0.one", "closed"))
        await service.deliver(incident_body("0.two"))
        text = await service.answer("uptime check WWW.example.com")
        assert "🔴 `www.example.com` is down" in text
        assert "www uptime failure" in text
        assert "1 closed" in text

    async def test_a_doubt_is_told_wherever_a_host_is_shown(self, tmp_path: Path) -> None:
        service = Service(tmp_path, doubt_after="1h")
        began = int(time.time()) - 2 * 3600
        body = incident_body()
        body["incident"] = {**cast("dict[str, object]", body["incident"]), "started_at": began}
        await service.deliver(body)
        for command in ("check", "check www.example.com", "down", "history", "history www.example.com"):
            assert "its close may have been lost" in await service.answer(f"uptime {command}")
        assert "`uptime resolve www.example.com`" in await service.answer("uptime check www.example.com")
        await service.answer("uptime remove www.example.com")
        assert "its close may have been lost" in await service.answer("uptime restore www.example.com")
        await service.close()

    async def test_remove_and_restore_are_idempotent_and_answer_the_same(self, service: Service) -> None:
        await service.deliver(incident_body())
        assert await service.answer("uptime remove www.example.com") == await service.answer(
            "uptime remove www.example.com"
        )
        assert "steve" in await service.answer("uptime removed")
        assert await service.answer("uptime restore www.example.com") == await service.answer(
            "uptime restore www.example.com"
        )
        assert not service.store.state.mutes

    async def test_what_google_forgot_to_close_is_resolved_once_and_answered_the_same(
        self, service: Service, caplog: pytest.LogCaptureFixture
    ) -> None:
        await service.deliver(incident_body("0.one"))
        await service.deliver(incident_body("0.two"))
        first = await service.answer("uptime resolve https://WWW.example.com/")
        assert "`www.example.com`: 2 incidents resolved by steve" in first
        assert await service.answer("uptime resolve www.example.com") == first
        assert (await service.say("uptime resolve www.example.com", user_name="eve"))[1]["text"] == first
        assert caplog.text.count('"did": "resolve"') == 1
        assert "1 closed" in await service.answer("uptime check")
        await service.deliver(incident_body("0.two"))
        assert "is down" in await service.answer("uptime check www.example.com")
        assert "resolved by steve" in await service.answer("uptime resolve www.example.com")

    async def test_several_hosts_are_resolved_at_once_or_none(self, service: Service) -> None:
        for host in ("a.test", "b.test", "c.test"):
            await service.deliver(incident_body(f"0.{host}", host=host))
        assert "Did you mean `uptime resolve a.test c.test` or" in await service.answer(
            "uptime resolve a.test cc.test"
        )
        assert all(host.open for host in service.store.state.hosts.values())
        lines = (await service.answer("uptime resolve b.test, a.test b.test")).splitlines()
        assert [line.split("`")[1] for line in lines] == ["b.test", "a.test"]
        assert [name for name, host in service.store.state.hosts.items() if host.open] == ["c.test"]

    async def test_with_nothing_open_nothing_is_resolved(self, service: Service) -> None:
        await service.deliver(incident_body())
        await service.deliver(incident_body(state="closed"))
        assert "Nothing is open on `www.example.com`" in await service.answer(
            "uptime resolve www.example.com"
        )
        assert "Did you mean `uptime resolve www.example.com`?" in await service.answer(
            "uptime resolve www.example"
        )
        assert service.store.state.log == ()

    async def test_a_resolution_that_cannot_be_saved_is_none(
        self, service: Service, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def refuse(_pieces: object) -> None:
            raise OSError(28, "No space left on device")

        for host in ("a.test", "b.test"):
            await service.deliver(incident_body(f"0.{host}", host=host))
        monkeypatch.setattr(service.store._file, "replace", refuse)
        assert "nothing has changed" in await service.answer("uptime resolve a.test b.test")
        monkeypatch.undo()
        assert all(host.open for host in service.store.state.hosts.values())
        assert "Nobody has changed anything yet" in await service.answer("uptime log")

    async def test_the_log_tells_who_did_what_and_nothing_that_changed_nothing(
        self, service: Service
    ) -> None:
        await service.deliver(incident_body())
        for command in ("remove", "remove", "restore", "restore", "resolve", "resolve"):
            await service.answer(f"uptime {command} www.example.com")
        _, *rows = (await service.answer("uptime log")).splitlines()
        assert [row.partition(": ")[2] for row in rows] == [
            "steve resolved `www.example.com`",
            "steve restored `www.example.com`",
            "steve removed `www.example.com`",
        ]

    async def test_every_answer_speaks_the_configured_language(self, tmp_path: Path) -> None:
        service = Service(tmp_path, language="ko")
        await service.deliver(incident_body())
        for command, words in (
            ("확인", "호스트 1개 중 1개 중단"),
            ("확인 www.example.com", "호스트는"),
            ("제거 www.example.com", "숨김 상태예요"),
            ("제거목록", "숨긴 호스트 1개"),
            ("복구 www.example.com", "목록에 있어요"),
            ("도움말", "모든 호스트의 상태"),
            ("확인 nowhere.test", "알림을 받은 적이 없어요"),
            ("복구", "어느 호스트인가요?"),
            ("종료 www.example.com", "인시던트 1건 종료 처리"),
            ("종료 www.example.com", "인시던트 1건 종료 처리"),
            ("로그", "steve 님이 `www.example.com` 종료 처리"),
            ("도움말 종료", "예: `uptime 종료 www.example.com`"),
        ):
            assert words in await service.answer(f"uptime {command}")
        await service.close()

    async def test_a_configured_host_is_known_before_it_was_heard_of(self, tmp_path: Path) -> None:
        service = Service(tmp_path, hosts=["Shop.test", "b.test"])
        assert "received yet · 2 hosts watched" in await service.answer("uptime check")
        assert "`shop.test` was never heard of" in await service.answer("uptime check https://shop.test/")
        assert "Did you mean `uptime check shop.test`" in await service.answer("uptime check shop")
        assert "off the list" in await service.answer("uptime remove shop.test")
        assert "received yet · 1 host watched · 1 muted" in await service.answer("uptime check")
        await service.deliver(incident_body(host="shop.test"))
        assert "it is down now" in await service.answer("uptime remove shop.test")
        assert "is down for" in await service.answer("uptime restore shop.test")
        assert "1 of 2 hosts down" in await service.answer("uptime check")
        await service.close()

    async def test_a_change_that_cannot_be_saved_is_said_so(
        self, service: Service, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def refuse(_pieces: object) -> None:
            raise OSError(28, "No space left on device")

        await service.deliver(incident_body())
        monkeypatch.setattr(service.store._file, "replace", refuse)
        assert "nothing has changed" in await service.answer("uptime remove www.example.com")
        monkeypatch.undo()
        assert not service.store.state.mutes

    async def test_a_report_has_the_uptime_of_what_is_known(self, service: Service) -> None:
        started = service.now() - timedelta(days=3)
        await service.deliver(
            incident_body(
                state="closed",
                started_at=int(started.timestamp()),
                ended_at=int((started + timedelta(hours=6)).timestamp()),
            )
        )
        lines = (await service.answer("uptime check www.example.com")).splitlines()
        assert re.fullmatch(r"📈 Uptime: 24 h 100 % · since <!date\^.*> 91\.66 %", lines[1])

    @pytest.mark.parametrize("host", ["<!channel>", "*b*", "`x`", "@here", "a|b", "-", "정책 이름"])
    async def test_no_answer_carries_markup_from_outside(self, service: Service, host: str) -> None:
        await service.deliver(incident_body(host=host, policy_name=host))
        for command in (
            "check",
            f"check {host}",
            f"remove {host}",
            "removed",
            f"restore {host}",
            f"resolve {host}",
            "log",
            f"help {host}",
            f"check {host}x",
        ):
            text = await service.answer(f"uptime {command}")
            assert "<!c" not in text
            assert not any(line.lower().startswith("uptime") for line in text.splitlines())

    @pytest.mark.parametrize("body", [b"", b"\xff", b"token=" + TOKEN.encode(), b"a=b&" * 200, b"%"])
    async def test_garbled_forms_get_a_clear_answer(self, service: Service, body: bytes) -> None:
        assert (await service.request("POST", "/fromSlack", body))[0] in (200, 403)
