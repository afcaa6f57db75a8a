"""Which path is answered how, and how much of a body is read before its sender is known.

On a wrong path, senders with credentials learn the right one, strangers nothing.
"""

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
from urllib.parse import urlencode, urljoin

import pytest
import pytest_asyncio
from tornado.httputil import HTTPHeaders

from handlers.dispatch import MAX_DISCARDED_SIZE, is_oversized
from handlers.http_server import MAX_BODY_SIZE
from handlers.page_access import HEADERS
from languages import LANGUAGES
from lifecycle.logs import BURST, Sampler
from tests.pages import AFAR, HERE, MakePage, parsed
from tests.service import CREDENTIALS
from tests.slack_service import FORM, SlackService, slash
from tests.support import PATIENCE, basic, incident_body, outgoing, signature

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
        ("GET", "http://host/healthz?x=1", 200),
        ("GET", "http://host?x=1", 403),  # not by that name: see handlers/page_access.py
        ("GET", "HTTP://[::1]:8080/healthz", 200),
        ("GET", "http://a/http://b/healthz", 404),
        ("GET", "http:///healthz", 404),
        ("GET", "//host/healthz", 404),
        ("GET", "ftp://host/healthz", 404),
        ("GET", "host:443", 404),
        ("GET", "*", 404),
    ],
)
async def test_methods_and_paths(service: SlackService, method: str, path: str, status: int) -> None:
    assert (await service.request(method, path))[0] == status


@pytest.mark.parametrize(
    ("method", "path", "allowed"),
    [
        ("GET", "/fromGCPMonitoring", "POST"),
        ("HEAD", "/fromGCPMonitoring", "POST"),
        ("FOO", "/fromSlack", "POST"),
        ("GET", "/fromSlack", "POST"),
        ("DELETE", "/healthz", "HEAD, GET"),
        ("POST", "/api/hosts", "HEAD, GET"),
        ("POST", "/assets/0/page.css", "HEAD, GET"),
    ],
)
async def test_a_method_that_is_not_allowed_is_answered_with_those_that_are(
    service: SlackService, method: str, path: str, allowed: str
) -> None:
    status, headers, _ = await service.request(method, path, Host="localhost")
    assert (status, headers.get("allow")) == (405, allowed)
    assert "allow" not in (await service.request("GET", "/healthz", Host="localhost"))[1]


async def test_deliveries_and_commands_may_name_a_whole_address(service: SlackService) -> None:
    status, _, _ = await service.request("POST", "http://host/fromGCPMonitoring", BODY, **CREDENTIALS)
    assert status == 200
    _, _, answer = await service.request("POST", "https://host:443/fromSlack", outgoing("uptime check"))
    assert "www.example.com" in json.loads(answer)["text"]


async def test_an_error_page_and_its_line_in_the_log_reveal_nothing(
    service: SlackService, caplog: pytest.LogCaptureFixture
) -> None:
    status, headers, body = await service.request("GET", "http://google:canary@host/nowhere?token=canary")
    assert (status, json.loads(body)) == (404, {"error": "Not Found"})
    assert headers["server"] == "uptime-check-manager"
    assert "GET /nowhere: HTTP 404" in caplog.text
    assert "canary" not in caplog.text


COMMAND = urlencode(slash("remove www.example.com")).encode()
MAY_LOOK = {"Via": "1.1 google", "Authorization": "Bearer a token to look in"}
VALID = "the credentials are valid, but "


@pytest.mark.parametrize(
    ("path", "body", "headers", "error"),
    [
        ("/fromGCPMonitoring/", BODY, CREDENTIALS, f"{VALID}the path is wrong: use /fromGCPMonitoring"),
        ("http://host//fromGCPMonitoring/", BODY, CREDENTIALS, f"{VALID}the path is wrong: use /fromGCPMonitoring"),
        ("/webhook?x=1", BODY, CREDENTIALS, f"{VALID}the path is wrong: use /fromGCPMonitoring"),
        ("/", BODY, CREDENTIALS, f"{VALID}the path is wrong: use /fromGCPMonitoring"),
        ("//fromslack/", COMMAND, {}, f"{VALID}the path is wrong: use /fromSlack"),
        ("//fromslack/", outgoing("uptime check"), {}, f"{VALID}the path is wrong: use /fromSlack"),
        ("/healthz/", b"", MAY_LOOK, "the path is wrong: use /healthz"),
        ("//He%61lthz//", b"", {}, "the path is wrong: use /healthz"),
    ],
)  # fmt: skip
async def test_whoever_has_credentials_learns_the_right_path_and_so_does_the_log(
    service: SlackService,
    caplog: pytest.LogCaptureFixture,
    path: str,
    body: bytes,
    headers: dict[str, str],
    error: str,
) -> None:
    signed = signature(body, str(int(time.time()))) if body == COMMAND else {}
    status, _, answer = await service.request("POST", path, body, **headers, **signed)
    assert (status, json.loads(answer)) == (404, {"error": error})
    (warning,) = warnings(caplog)
    assert f"{error} (from 127.0.0.1)" in warning or "Via" in headers
    assert not service.store.state.hosts
    assert not service.store.state.mutes


@pytest.mark.parametrize(
    ("path", "headers", "body"),
    [
        ("/fromGCPMonitoring/", {}, BODY),
        ("/fromGCPMonitoring/", {"Authorization": basic(password="wrong")}, BODY),
        ("/fromSlack/", {}, b"token=wrong&text=check"),
        ("/fromSlack/", {"Authorization": basic()}, b"ssl_check=1"),
        ("/healthz/", {"Via": "1.1 google"}, b""),
        ("/nowhere", {}, BODY),
        ("/healthz/x", {}, b""),
        ("/x/healthz", {}, b""),
        ("/..%2fhealthz", {}, b""),
    ],
)
async def test_strangers_learn_nothing_and_log_no_warning(
    service: SlackService, caplog: pytest.LogCaptureFixture, path: str, headers: dict[str, str], body: bytes
) -> None:
    status, answered, answer = await service.request("POST", path, body, **headers)
    assert (status, json.loads(answer)) == (404, {"error": "Not Found"})
    assert answered["vary"] == "Accept"
    assert not warnings(caplog)


BROWSER = {"Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"}


@pytest.mark.parametrize(
    ("path", "language", "root"),
    [
        ("/hosts", "en", "."),
        ("/a/b/c?x=/", "en", "../../"),
        ("/x/", "ko", "../"),
        ("/x" * 9, "en", "../" * 8),
        ("/x" * 10, "en", "/"),
        ("/" * 9_000, "en", "/"),
    ],
)
async def test_a_browser_gets_a_page_that_leads_to_the_list(
    make_page: MakePage, language: str, path: str, root: str
) -> None:
    service = make_page(language=language)
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


async def test_a_browser_gets_the_right_path_too(service: SlackService) -> None:
    _, _, body = await service.request("GET", "/healthz/", b"", **BROWSER)
    assert "the path is wrong: use /healthz" in parsed(body).text


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


@pytest.mark.parametrize("path", ["/fromGCPMonitoring", "/fromSlack", "/healthz", "/nowhere"])
async def test_an_oversized_body_gets_a_413_with_the_reason(
    service: SlackService, caplog: pytest.LogCaptureFixture, path: str
) -> None:
    status, headers, answer = await service.request("POST", path, b"x" * 300_000, **CREDENTIALS)
    assert (status, headers["content-type"]) == (413, "application/json; charset=UTF-8")
    assert json.loads(answer)["error"] == "the body has 300,000 bytes, more than the limit of 262,144"
    assert f"refused: POST {path}: the body has 300,000 bytes, more than the limit" in caplog.text


async def test_after_an_oversized_body_the_connection_stays_usable(service: SlackService) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", service.port)
    head = b"POST /fromSlack HTTP/1.1\r\nHost: x\r\nContent-Length: %d\r\n\r\n"
    for size, status in ((MAX_BODY_SIZE + 1, b"413"), (MAX_BODY_SIZE, b"403"), (MAX_DISCARDED_SIZE, b"413")):
        writer.write(head % size + b"x" * size)
        answer = await asyncio.wait_for(reader.readuntil(b"\r\n\r\n"), PATIENCE)
        assert answer.split()[1] == status
        length = next(line for line in answer.split(b"\r\n") if line.startswith(b"Content-Length"))
        await reader.readexactly(int(length.split(b": ")[1]))
    writer.write(head % (MAX_DISCARDED_SIZE + 1))
    assert (await reader.readuntil(b"\r\n\r\n")).split()[1] == b"400"
    writer.close()


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


MANY_FIELDS = b"token=wrong&" + b"".join(b"%d=%%61&" % n for n in range(95)) + b"text="


@pytest.mark.parametrize(
    "begin",
    [b"token=", b"command=%2Fuptime&text=", b"ssl_check=", b"command=", b"text=", b"", MANY_FIELDS],
    ids=lambda begin: begin[:20].decode(),
)
async def test_long_forms_from_strangers_are_not_decoded(service: SlackService, begin: bytes) -> None:
    """Decoding one takes 15 ms and more of the loop."""
    data = begin + b"%61" * ((MAX_BODY_SIZE - len(begin)) // 3)
    signed = {"X-Slack-Request-Timestamp": str(int(time.time())), "X-Slack-Signature": "v0=" + "0" * 64}
    with counted_lines() as lines:
        status, _, _ = await service.request("POST", "/fromSlack", data, **signed, **{"Content-Type": FORM})
    assert status == 403
    assert lines[0] < 20_000  # decoding is a loop of about 87,000 turns


@pytest.mark.parametrize(("path", "status"), [("/fromSlack/", 404), ("/healthz", 405), ("/nowhere", 404)])
async def test_a_form_on_another_path_is_not_parsed_either(
    service: SlackService, path: str, status: int
) -> None:
    """One of so many fields would be a 400."""
    assert (await service.request("POST", path, b"a=1&" * 5000, **{"Content-Type": FORM}))[0] == status


async def test_long_forms_from_slack_are_decoded(service: SlackService) -> None:
    with counted_lines() as lines:
        status, _ = await service.send(b"command=%2Fuptime&user_id=U1&text=" + b"%61" * 80_000)
    assert status == 200
    assert lines[0] > 80_000
