"""Bodies that are too long."""

import asyncio
import json
import logging
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
from tornado.httputil import HTTPHeaders

from handlers.dispatch import LARGEST_DISCARDED, is_oversized
from handlers.http_server import LARGEST_BODY
from tests.service import CREDENTIALS, Service
from tests.support import incident_body


@pytest_asyncio.fixture
async def service(tmp_path: Path) -> AsyncIterator[Service]:
    service = Service(tmp_path)
    yield service
    await service.close()


@pytest.mark.parametrize("path", ["/fromGCPMonitoring", "/fromSlack", "/healthz", "/nowhere"])
async def test_who_sends_too_much_and_the_log_are_told(
    service: Service, caplog: pytest.LogCaptureFixture, path: str
) -> None:
    caplog.set_level(logging.INFO)
    status, headers, answer = await service.request("POST", path, b"x" * 300_000, **CREDENTIALS)
    assert (status, headers["content-type"]) == (413, "application/json; charset=UTF-8")
    assert json.loads(answer)["error"] == "the body has 300,000 bytes, and at most 262,144 are taken"
    assert (
        "refused: the body has 300,000 bytes, and at most 262,144 are taken (from 127.0.0.1)" in caplog.text
    )


async def test_the_connection_is_good_for_the_next_request(service: Service) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", service.port)
    head = b"POST /fromSlack HTTP/1.1\r\nHost: x\r\nContent-Length: %d\r\n\r\n"
    for size, status in ((LARGEST_BODY + 1, b"413"), (1, b"403"), (LARGEST_DISCARDED, b"413")):
        writer.write(head % size + b"x" * size)
        answer = await asyncio.wait_for(reader.readuntil(b"\r\n\r\n"), 10)
        assert answer.split()[1] == status
        length = next(line for line in answer.split(b"\r\n") if line.startswith(b"Content-Length"))
        await reader.readexactly(int(length.split(b": ")[1]))
    writer.write(head % (LARGEST_DISCARDED + 1))
    assert (await reader.readuntil(b"\r\n\r\n")).split()[1] == b"400"
    writer.close()


async def test_the_largest_that_is_taken_is_taken(service: Service) -> None:
    body = json.dumps(incident_body()).encode().ljust(LARGEST_BODY)
    assert (await service.request("POST", "/fromGCPMonitoring", body, **CREDENTIALS))[0] == 200


@pytest.mark.parametrize("length", ["-1", "+300000", "300_000", "3e5", "²", "300000, 300001", "9" * 5000, ""])
def test_what_is_no_number_is_left_to_tornado(length: str) -> None:
    assert not is_oversized(HTTPHeaders({"Content-Length": length}))
