"""A long form takes 15 ms and more of the loop to decode, which a stranger must not be able to ask for."""

import logging
import sys
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import Any

import pytest
import pytest_asyncio

from handlers.http_server import LARGEST_BODY
from tests.slack_service import FORM, SlackService
from tests.support import SIGNING_SECRET


@pytest_asyncio.fixture
async def service(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> AsyncIterator[SlackService]:
    caplog.set_level(logging.INFO)
    service = SlackService(tmp_path, slack={"signing_secret": SIGNING_SECRET})
    yield service
    await service.close()
    assert not [record for record in caplog.records if record.exc_info]


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
async def test_of_strangers_are_not_decoded(
    service: SlackService, path: str, kind: str, begin: bytes
) -> None:
    data = begin + b"%61" * ((LARGEST_BODY - len(begin)) // 3)
    signed = {"X-Slack-Request-Timestamp": str(int(time.time())), "X-Slack-Signature": "v0=" + "0" * 64}
    method = "PUT" if path == "/fromGCPMonitoring" else "POST"
    with counted_lines() as lines:
        status, _, _ = await service.request(method, path, data, **signed, **{"Content-Type": kind})
    assert status in (403, 404, 405)
    assert lines[0] < 20_000  # decoding is a loop of about 87,000 turns


async def test_those_of_slack_are(service: SlackService) -> None:
    with counted_lines() as lines:
        status, _ = await service.send(b"command=%2Fuptime&user_id=U1&text=" + b"%61" * 80_000)
    assert status == 200
    assert lines[0] > 80_000
