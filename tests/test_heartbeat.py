"""An outside service is called after every digest that was accepted, and for nothing else."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from tornado.httpserver import HTTPServer
from tornado.httputil import HTTPHeaders, HTTPServerRequest, ResponseStartLine
from tornado.testing import bind_unused_port

from lifecycle.service import call_heartbeat
from tests.fake_slack import Answer, FakeSlack
from tests.program import QUICK, running
from tests.support import PATIENCE, free_port


class Switch:
    """A dead man's switch."""

    def __init__(self) -> None:
        self.heard = 0
        self.status = 200
        self.called = asyncio.Event()

    def __call__(self, request: HTTPServerRequest) -> None:
        self.heard += 1
        self.called.set()
        assert request.connection
        start, headers = ResponseStartLine("HTTP/1.1", self.status, ""), HTTPHeaders({"Content-Length": "0"})
        request.connection.write_headers(start, headers)
        request.connection.finish()


@pytest.fixture
async def watch() -> AsyncIterator[tuple[Switch, str]]:
    watch = Switch()
    server = HTTPServer(watch)
    socket, port = bind_unused_port()
    server.add_socket(socket)
    yield watch, f"http://127.0.0.1:{port}/secret-id"
    server.stop()


async def test_a_digest_that_slack_accepted_is_signalled_and_a_refused_one_is_not(
    watch: tuple[Switch, str], tmp_path: Path
) -> None:
    switch, url = watch
    async with FakeSlack() as slack:
        slack.answers = [Answer(500, "")]
        with running(tmp_path, *QUICK, webhook_url=slack.url, every="1d", more=f"heartbeat_url: {url}"):
            await slack.arrived()
            assert switch.heard == 0
            await asyncio.wait_for(switch.called.wait(), PATIENCE)
            assert len(slack.taken) == switch.heard == 1


async def said_after_sending(url: str, caplog: pytest.LogCaptureFixture) -> list[str]:
    """What is logged once that URL has been called."""
    await call_heartbeat(url, None)
    return caplog.messages


@pytest.mark.parametrize(("status", "said"), [(204, []), (500, ["heartbeat_url answered 500"])])
async def test_a_bad_answer_is_logged_without_the_url(
    watch: tuple[Switch, str], status: int, said: list[str], caplog: pytest.LogCaptureFixture
) -> None:
    switch, url = watch
    switch.status = status
    assert (await said_after_sending(url, caplog), switch.heard) == (said, 1)


async def test_no_answer_is_logged_without_the_url(caplog: pytest.LogCaptureFixture) -> None:
    url = f"http://127.0.0.1:{free_port()}/secret-id"
    assert await said_after_sending(url, caplog) == ["heartbeat_url does not answer (connection refused)"]
