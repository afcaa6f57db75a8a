"""Behaviour of all routes: paths, absolute request targets, oversized bodies, long forms."""

import asyncio
import json
import logging
import sys
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import Any
from urllib.parse import urlencode

import pytest
import pytest_asyncio
from tornado.httputil import HTTPHeaders

from handlers.dispatch import MAX_DISCARDED_SIZE, is_oversized
from handlers.http_server import MAX_BODY_SIZE
from tests.service import CREDENTIALS
from tests.slack_service import FORM, SlackService
from tests.support import PATIENCE, TOKEN, incident_body

BODY = json.dumps(incident_body()).encode()


@pytest_asyncio.fixture
async def service(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> AsyncIterator[SlackService]:
    caplog.set_level(logging.INFO)
    service = SlackService(tmp_path)
    yield service
    await service.close()
    assert not [record for record in caplog.records if record.exc_info]


@pytest.mark.parametrize(
    "host", ["http://host", "https://uptime.example.com:443", "HTTP://HOST", "http://[::1]:8080"]
)
async def test_a_request_may_name_a_whole_address_on_every_route(service: SlackService, host: str) -> None:
    status, _, answer = await service.request("POST", f"{host}/fromGCPMonitoring", BODY, **CREDENTIALS)
    assert (status, json.loads(answer)["result"]) == (200, "recorded")
    form = urlencode({"token": TOKEN, "user_id": "U1", "text": "uptime check", "trigger_word": "uptime"})
    status, _, answer = await service.request("POST", f"{host}/fromSlack", form.encode())
    assert status == 200
    assert "www.example.com" in json.loads(answer)["text"]
    for page in ("/healthz", "/livez", "/metrics", "/healthz?x=1"):
        assert (await service.request("GET", f"{host}{page}"))[0] == 200
    assert (await service.request("GET", f"{host}/fromGCPMonitoring"))[0] == 405
    for page in ("", "/", "?x=1"):  # not by that name: see handlers/page_access.py
        assert (await service.request("GET", f"{host}{page}"))[0] == 403
    assert (await service.request("GET", f"{host}/nowhere"))[0] == 404


@pytest.mark.parametrize("target", ["*", "host:443", "http://", "http:/healthz", "http:///healthz", "x"])
async def test_malformed_addresses_are_404(service: SlackService, target: str) -> None:
    assert (await service.request("GET", target))[0] == 404


async def test_a_password_in_the_address_is_not_logged(
    service: SlackService, caplog: pytest.LogCaptureFixture
) -> None:
    assert (await service.request("GET", "http://google:canary@host/nowhere"))[0] == 404
    assert "GET /nowhere: HTTP 404" in caplog.text
    assert "canary" not in caplog.text


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/", 403),
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
async def test_methods_and_paths(service: SlackService, method: str, path: str, status: int) -> None:
    assert (await service.request(method, path))[0] == status


async def test_an_error_page_reveals_nothing(service: SlackService) -> None:
    status, headers, body = await service.request("GET", "/nowhere?token=canary")
    assert (status, json.loads(body)) == (404, {"error": "Not Found"})
    assert headers["server"] == "uptime-check-manager"


@pytest.mark.parametrize("path", ["/fromGCPMonitoring", "/fromSlack", "/healthz", "/nowhere"])
async def test_an_oversized_body_gets_a_413_with_the_reason(
    service: SlackService, caplog: pytest.LogCaptureFixture, path: str
) -> None:
    caplog.set_level(logging.INFO)
    status, headers, answer = await service.request("POST", path, b"x" * 300_000, **CREDENTIALS)
    assert (status, headers["content-type"]) == (413, "application/json; charset=UTF-8")
    assert json.loads(answer)["error"] == "the body has 300,000 bytes, more than the limit of 262,144"
    assert f"refused: POST {path}: the body has 300,000 bytes, more than the limit" in caplog.text


async def test_after_an_oversized_body_the_connection_stays_usable(service: SlackService) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", service.port)
    head = b"POST /fromSlack HTTP/1.1\r\nHost: x\r\nContent-Length: %d\r\n\r\n"
    for size, status in ((MAX_BODY_SIZE + 1, b"413"), (1, b"403"), (MAX_DISCARDED_SIZE, b"413")):
        writer.write(head % size + b"x" * size)
        answer = await asyncio.wait_for(reader.readuntil(b"\r\n\r\n"), PATIENCE)
        assert answer.split()[1] == status
        length = next(line for line in answer.split(b"\r\n") if line.startswith(b"Content-Length"))
        await reader.readexactly(int(length.split(b": ")[1]))
    writer.write(head % (MAX_DISCARDED_SIZE + 1))
    assert (await reader.readuntil(b"\r\n\r\n")).split()[1] == b"400"
    writer.close()


async def test_a_body_of_the_maximum_size_is_accepted(service: SlackService) -> None:
    body = json.dumps(incident_body()).encode().ljust(MAX_BODY_SIZE)
    assert (await service.request("POST", "/fromGCPMonitoring", body, **CREDENTIALS))[0] == 200


@pytest.mark.parametrize("length", ["-1", "+300000", "300_000", "3e5", "²", "300000, 300001", "9" * 5000, ""])
def test_malformed_lengths_are_left_to_tornado(length: str) -> None:
    assert not is_oversized(HTTPHeaders({"Content-Length": length}))


@contextmanager
def counted_lines() -> Iterator[list[int]]:
    """How many lines of Python were executed: work, by a measure that no other load disturbs."""
    lines = [0]

    def trace(_frame: FrameType, event: str, _argument: object) -> Any:
        lines[0] += event == "line"
        return trace

    before = sys.gettrace()
    sys.settrace(trace)
    try:
        yield lines
    finally:
        sys.settrace(before)


@pytest.mark.parametrize("path", ["/fromSlack", "/fromSlack/", "/healthz", "/fromGCPMonitoring", "/nowhere"])
@pytest.mark.parametrize("kind", [FORM, "text/plain"])
@pytest.mark.parametrize(
    "begin",
    [
        b"token=",
        b"command=%2Fuptime&text=",
        b"ssl_check=",
        b"command=",
        b"text=",
        b"",
        b"token=wrong&" + b"".join(b"%d=%%61&" % n for n in range(95)) + b"text=",
    ],
    ids=lambda begin: begin[:20].decode(),
)
async def test_long_forms_of_strangers_are_not_decoded(
    service: SlackService, path: str, kind: str, begin: bytes
) -> None:
    """Decoding one takes 15 ms and more of the loop."""
    data = begin + b"%61" * ((MAX_BODY_SIZE - len(begin)) // 3)
    signed = {"X-Slack-Request-Timestamp": str(int(time.time())), "X-Slack-Signature": "v0=" + "0" * 64}
    method = "PUT" if path == "/fromGCPMonitoring" else "POST"
    with counted_lines() as lines:
        status, _, _ = await service.request(method, path, data, **signed, **{"Content-Type": kind})
    assert status in (403, 404, 405)
    assert lines[0] < 20_000  # decoding is a loop of about 87,000 turns


async def test_long_forms_of_slack_are_decoded(service: SlackService) -> None:
    with counted_lines() as lines:
        status, _ = await service.send(b"command=%2Fuptime&user_id=U1&text=" + b"%61" * 80_000)
    assert status == 200
    assert lines[0] > 80_000
