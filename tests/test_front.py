"""Requests that name a whole address: RFC 9112, 3.2.2, wants a server to take them."""

import json
import logging
from collections.abc import AsyncIterator
from pathlib import Path
from urllib.parse import urlencode

import pytest
import pytest_asyncio

from handlers.routes import origin_form
from tests.service import CREDENTIALS
from tests.slack_service import SlackService
from tests.support import SIGNING_SECRET, TOKEN, incident_body

BODY = json.dumps(incident_body()).encode()


@pytest_asyncio.fixture
async def service(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> AsyncIterator[SlackService]:
    caplog.set_level(logging.INFO)
    service = SlackService(tmp_path, slack={"signing_secret": SIGNING_SECRET})
    yield service
    await service.close()
    assert not [record for record in caplog.records if record.exc_info]


@pytest.mark.parametrize(
    "host", ["http://host", "https://uptime.example.com:443", "HTTP://HOST", "http://[::1]:8080"]
)
async def test_on_every_route(service: SlackService, host: str) -> None:
    status, _, answer = await service.request("POST", f"{host}/fromGCPMonitoring", BODY, **CREDENTIALS)
    assert (status, json.loads(answer)["result"]) == (200, "recorded")
    form = urlencode({"token": TOKEN, "user_id": "U1", "text": "uptime check", "trigger_word": "uptime"})
    status, _, answer = await service.request("POST", f"{host}/fromSlack", form.encode())
    assert status == 200
    assert "www.example.com" in json.loads(answer)["text"]
    for page in ("/healthz", "/livez", "/metrics", "/healthz?x=1"):
        assert (await service.request("GET", f"{host}{page}"))[0] == 200
    assert (await service.request("GET", f"{host}/fromGCPMonitoring"))[0] == 405
    for nowhere in ("", "/", "?x=1", "/nowhere"):
        assert (await service.request("GET", f"{host}{nowhere}"))[0] == 404


@pytest.mark.parametrize("target", ["*", "host:443", "http://", "http:/healthz", "http:///healthz", "x"])
async def test_what_names_no_host_and_path_is_nowhere(service: SlackService, target: str) -> None:
    assert (await service.request("GET", target))[0] == 404


async def test_a_password_in_the_address_is_not_logged(
    service: SlackService, caplog: pytest.LogCaptureFixture
) -> None:
    assert (await service.request("GET", "http://google:canary@host/nowhere"))[0] == 404
    assert "GET /nowhere: HTTP 404" in caplog.text
    assert "canary" not in caplog.text


@pytest.mark.parametrize(
    ("target", "path"),
    [
        ("http://host", "/"),
        ("http://host?x", "/?x"),
        ("http://a/http://b/c", "/http://b/c"),
        ("//host/path", "//host/path"),
        ("ftp://host/path", "ftp://host/path"),
    ],
)
def test_what_is_left_of_it(target: str, path: str) -> None:
    assert origin_form(target) == path
