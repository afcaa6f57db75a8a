"""Wrong paths: senders with credentials learn the right one, strangers learn nothing."""

import json
import logging
import time
from collections.abc import AsyncIterator
from pathlib import Path
from urllib.parse import urlencode, urljoin

import pytest
import pytest_asyncio

from handlers.page_access import HEADERS
from handlers.routes import nearest_route, origin_form
from languages import LANGUAGES
from lifecycle.logs import BURST, Sampler
from tests.pages import AFAR, HERE, parsed, service_in
from tests.service import CREDENTIALS
from tests.slack_service import SlackService, slash
from tests.support import TOKEN, basic, incident_body, signature

BODY = json.dumps(incident_body()).encode()


@pytest_asyncio.fixture
async def service(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> AsyncIterator[SlackService]:
    caplog.set_level(logging.INFO)
    service = SlackService(tmp_path, status={"token": "a token to look in"})
    yield service
    await service.close()
    assert not [record for record in caplog.records if record.exc_info]


def warnings(caplog: pytest.LogCaptureFixture) -> list[str]:
    return [record.getMessage() for record in caplog.records if record.levelno >= logging.WARNING]


@pytest.mark.parametrize(
    "path",
    [
        "/fromGCPMonitoring/",
        "//fromGCPMonitoring",
        "/fromGCPMonitoring//",
        "///fromGCPMonitoring///?x=1",
        "http://host//fromGCPMonitoring/",
        "/fromgcpmonitoring",
        "/from%47CPMonitoring",
        "/webhook",
        "/",
    ],
)
async def test_a_delivery_to_a_wrong_path_logs_the_right_one(
    service: SlackService, caplog: pytest.LogCaptureFixture, path: str
) -> None:
    status, _, answer = await service.request("POST", path, BODY, **CREDENTIALS)
    assert status == 404
    assert "use /fromGCPMonitoring" in json.loads(answer)["error"]
    (warning,) = warnings(caplog)
    assert "use /fromGCPMonitoring (from 127.0.0.1)" in warning
    assert not service.store.state.hosts


@pytest.mark.parametrize("path", ["/fromSlack/", "//fromSlack", "/fromslack"])
async def test_a_command_to_a_wrong_path_does_too(
    service: SlackService, caplog: pytest.LogCaptureFixture, path: str
) -> None:
    data = urlencode(slash("remove www.example.com")).encode()
    signed = signature(data, str(int(time.time())))
    by_token = urlencode({"token": TOKEN, "user_id": "U1", "text": "uptime check", "trigger_word": "uptime"})
    for body, headers in ((data, signed), (by_token.encode(), {})):
        status, _, answer = await service.request("POST", path, body, **headers)
        assert status == 404
        assert "use /fromSlack" in json.loads(answer)["error"]
    assert len(warnings(caplog)) == 2
    assert not service.store.state.mutes


async def test_a_status_request_to_a_wrong_path_does_too(
    service: SlackService, caplog: pytest.LogCaptureFixture
) -> None:
    for headers in ({"Via": "1.1 google", "Authorization": "Bearer a token to look in"}, {}):
        status, _, answer = await service.request("GET", "/healthz/", b"", **headers)
        assert (status, json.loads(answer)) == (404, {"error": "the path is wrong: use /healthz"})
    assert len(warnings(caplog)) == 2


@pytest.mark.parametrize(
    ("path", "headers", "body"),
    [
        ("/fromGCPMonitoring/", {}, BODY),
        ("/fromGCPMonitoring/", {"Authorization": basic(password="wrong")}, BODY),
        ("/fromSlack/", {}, b"token=wrong&text=check"),
        ("/fromSlack/", {"Authorization": basic()}, b"ssl_check=1"),
        ("/healthz/", {"Via": "1.1 google"}, b""),
        ("/nowhere", {}, BODY),
    ],
)
async def test_strangers_learn_nothing_and_log_no_warning(
    service: SlackService,
    caplog: pytest.LogCaptureFixture,
    path: str,
    headers: dict[str, str],
    body: bytes,
) -> None:
    status, answered, answer = await service.request("POST", path, body, **headers)
    assert (status, json.loads(answer)) == (404, {"error": "Not Found"})
    assert answered["vary"] == "Accept"
    assert not warnings(caplog)


BROWSER = {"Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"}


@pytest.mark.parametrize("language", ["en", "ko"])
@pytest.mark.parametrize(
    ("path", "root"),
    [
        ("/hosts", "."),
        ("/a/b/c?x=/", "../../"),
        ("/x/", "../"),
        ("/x" * 9, "../" * 8),
        ("/x" * 10, "/"),
        ("/" * 9_000, "/"),
    ],
)
async def test_a_browser_gets_a_page_that_leads_to_the_list(
    tmp_path: Path, language: str, path: str, root: str
) -> None:
    service = service_in(tmp_path, language=language)
    words = LANGUAGES[language].page
    for headers in (HERE, AFAR):
        status, answered, body = await service.ask("GET", path, {**headers, **BROWSER})
        assert (status, answered["content-type"]) == (404, "text/html; charset=UTF-8")
        assert answered["vary"] == "Accept"
        assert answered.items() >= {name.lower(): value for name, value in HEADERS.items()}.items()
        page = parsed(body)
        assert (page.one("html").attributes["lang"], page.one("h1").text) == (language, words.refused[404][0])
        link = page.one("a")
        assert (link.text, link.attributes["href"]) == (words.show_all, root)
        style = page.one("link", rel="stylesheet").attributes["href"]
        assert (await service.get(urljoin(path, style)))[0] == 200
    await service.close()


async def test_a_browser_is_told_the_right_path_too(service: SlackService) -> None:
    _, _, body = await service.request("GET", "/healthz/", b"", **BROWSER)
    assert "the path is wrong: use /healthz" in parsed(body).text


@pytest.mark.parametrize(
    ("path", "route"),
    [
        ("/healthz", "/healthz"),
        ("//Healthz/", "/healthz"),
        ("/fromGCPMonitoring/x", None),
        ("/x/fromGCPMonitoring", None),
        ("/..%2ffromSlack", None),
        ("", None),
        ("%ff", None),
    ],
)
def test_nearest_route(path: str, route: str | None) -> None:
    assert nearest_route(path) == route


async def test_a_flood_of_wrong_secrets_hides_no_other_warning(
    service: SlackService, caplog: pytest.LogCaptureFixture
) -> None:
    """Each reason is sampled by itself, as the log does it (lifecycle.logs)."""
    wrong = {"Authorization": basic(password="wrong")}
    for _ in range(BURST + 5):
        await service.request("POST", "/fromSlack", b"token=wrong&text=uptime")
        await service.request("POST", "/fromGCPMonitoring", BODY, **wrong)
    await service.request("POST", "/fromGCPMonitoring/", BODY, **CREDENTIALS)
    await service.request("POST", "/fromGCPMonitoring", b"no JSON", **CREDENTIALS)
    sampler = Sampler()
    kept = [record.getMessage() for record in caplog.records if sampler.filter(record)]
    assert len([line for line in kept if "token" in line]) == BURST
    assert sum("the path is wrong" in line for line in kept) == sum("JSON" in line for line in kept) == 1


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
def test_origin_form(target: str, path: str) -> None:
    assert origin_form(target) == path
