"""Requests that name a whole address: RFC 9112, 3.2.2, wants a server to take them."""

import json
import logging
from collections.abc import AsyncIterator
from pathlib import Path
from urllib.parse import urlencode

import pytest
import pytest_asyncio

from handlers.routes import origin_form
from tests.support import SIGNING_SECRET, TOKEN, incident_body
from tests.test_door import Doors
from tests.test_handlers import CREDENTIALS

BODY = json.dumps(incident_body()).encode()


@pytest_asyncio.fixture
async def doors(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> AsyncIterator[Doors]:
    caplog.set_level(logging.INFO)
    doors = Doors(tmp_path, slack={"signing_secret": SIGNING_SECRET})
    yield doors
    await doors.close()
    assert not [record for record in caplog.records if record.exc_info]


@pytest.mark.parametrize(
    "host", ["http://host", "https://uptime.example.com:443", "HTTP://HOST", "http://[::1]:8080"]
)
async def test_on_every_route(doors: Doors, host: str) -> None:
    status, _, answer = await doors.request("POST", f"{host}/fromGCPMonitoring", BODY, **CREDENTIALS)
    assert (status, json.loads(answer)["result"]) == (200, "recorded")
    form = urlencode({"token": TOKEN, "user_id": "U1", "text": "uptime check", "trigger_word": "uptime"})
    status, _, answer = await doors.request("POST", f"{host}/fromSlack", form.encode())
    assert status == 200
    assert "www.example.com" in json.loads(answer)["text"]
    for page in ("/healthz", "/livez", "/metrics", "/healthz?x=1"):
        assert (await doors.request("GET", f"{host}{page}"))[0] == 200
    assert (await doors.request("GET", f"{host}/fromGCPMonitoring"))[0] == 405
    for page in ("", "/", "?x=1"):  # not by that name: see handlers/page_access.py
        assert (await doors.request("GET", f"{host}{page}"))[0] == 403
    assert (await doors.request("GET", f"{host}/nowhere"))[0] == 404


@pytest.mark.parametrize("target", ["*", "host:443", "http://", "http:/healthz", "http:///healthz", "x"])
async def test_what_names_no_host_and_path_is_nowhere(doors: Doors, target: str) -> None:
    assert (await doors.request("GET", target))[0] == 404


async def test_a_password_in_the_address_is_not_logged(
    doors: Doors, caplog: pytest.LogCaptureFixture
) -> None:
    assert (await doors.request("GET", "http://google:canary@host/nowhere"))[0] == 404
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
