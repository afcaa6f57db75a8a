"""Whatever anybody sends: an answer that was meant, nothing that is not allowed, and nothing is changed."""

import asyncio
import json
from pathlib import Path
from urllib.parse import quote_from_bytes, urlencode

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hosts.model import Mute, Patch
from tests.builders import NOON, opened
from tests.pages import AFAR, HERE, PageService, plant_problem, service_in

ROUTES = (
    *("/", "/host", "/events", "/api/hosts", "/api/host", "/api/incidents", "/api/incidents.csv"),
    *("/api/openapi.json", "/badge.svg", "/badge.json", "/feed.xml", "/assets/0/page.css"),
)
PARAMETERS = (
    *("q", "name", "state", "sort", "page", "view", "since", "until", "open", "before", "utm_source", ""),
)
VALUES = st.one_of(
    st.binary(max_size=20),
    st.text(max_size=20).map(lambda text: text.encode("utf-8", "replace")),
    st.sampled_from(
        [
            *(
                b"www.test",
                b"muted.test",
                b"*",
                b"***",
                b"..",
                b"%2F",
                b"\x00",
                b"\xff",
                b"<script>",
                b"' OR 1",
            ),
            *(b"1", b"0", b"-1", b"99999", b"1e9", b"\xd9\xa1", b"x" * 501, b"down", b"wall", b"up", b"true"),
            *(
                b"2026-11-22T12:00:00Z",
                b"0001-01-01T00:00:00+23:59",
                b"9999-12-31T23:59:59-23:59",
                b"2026-11-22",
            ),
            *(b"2026-11-22T12:00:00Z,0.1", b",", b"{{1}}", b"\xe2\x80\xae", b"[a", b"(?R)", b"a*a*a*a*a*a*b"),
        ]
    ),
)
HEADERS = st.dictionaries(
    st.sampled_from(
        [
            *("Authorization", "Accept-Encoding", "Accept-Language", "If-None-Match", "If-Modified-Since"),
            *(
                "Range",
                "Cookie",
                "Origin",
                "Referer",
                "Last-Event-ID",
                "X-Forwarded-For",
                "X-Http-Method-Override",
            ),
        ]
    ),
    st.one_of(
        st.sampled_from(
            ["*", "gzip;q=0", 'W/"x"', "Basic", "Basic !!!!", "Basic Og==", "bytes=0-1", "127.0.0.1", "::1"]
        ),
        st.text(st.characters(min_codepoint=0x21, max_codepoint=0x7E), max_size=30),
    ),
    max_size=3,
)
REQUESTS = st.tuples(
    st.sampled_from(["GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS", "PATCH"]),
    st.sampled_from(ROUTES),
    st.lists(st.tuples(st.sampled_from(PARAMETERS), VALUES), max_size=3),
    HEADERS,
)
SECRETS = ("Planted Person", "planted reason", "planted policy", "planted.example/1", "planted problem")
MEANT = {200, 204, 304, 400, 401, 403, 404, 405}


@pytest.mark.parametrize("mode", ["closed", "password", "open"])
@settings(max_examples=20)
@given(requests=st.lists(REQUESTS, min_size=20, max_size=20))
def test_any_request_gets_an_answer_that_was_meant(
    tmp_path_factory: pytest.TempPathFactory,
    mode: str,
    requests: list[tuple[str, str, list[tuple[str, bytes]], dict[str, str]]],
) -> None:
    async def send() -> None:
        service = await planted(tmp_path_factory.mktemp("strangers"), mode)
        before = service.store.state, service.store.version
        for method, path, parameters, headers in requests:
            query = "&".join(f"{name}={quote_from_bytes(value)}" for name, value in parameters)
            for place in (AFAR, HERE):
                await check(service, mode, method, f"{path}?{query}", {**place, **headers})
        assert (service.store.state, service.store.version) == before
        await service.close()

    asyncio.run(send())


async def check(service: PageService, mode: str, method: str, path: str, headers: dict[str, str]) -> None:
    if path.startswith("/events") and method == "GET":
        return  # has a test of its own, as it does not end
    status, answered, body = await service.ask(method, path, headers)
    assert status in MEANT, (method, path, headers, body)
    assert "set-cookie" not in answered
    if headers["Host"] == HERE["Host"] and "X-Forwarded-For" not in headers:
        return
    assert mode == "open" or status not in (200, 304) or path.startswith("/assets")
    assert not [secret for secret in SECRETS if secret.encode() in body]


async def planted(folder: Path, mode: str) -> PageService:
    keys = {"password": "the password of the team"} if mode == "password" else {"open": mode == "open"}
    service = service_in(folder, at=NOON, page=keys)
    plant_problem(service, "planted problem")
    mute = Mute("muted.test", "U1", "Planted Person", NOON, reason="planted reason")
    incidents = [
        opened(name, f"{name}.test", policy="planted policy", url="https://planted.example/1")
        for name in ("www", "muted")
    ]
    await service.record(*incidents)
    await service.change(lambda _: Patch(mutes={"muted.test": mute}))
    return service


@pytest.mark.parametrize("path", [f"{route}?{urlencode({'name': 'www.test'})}" for route in ROUTES])
@pytest.mark.parametrize("mode", ["closed", "password", "open"])
async def test_every_route_keeps_what_people_wrote_from_strangers(
    tmp_path: Path, path: str, mode: str
) -> None:
    service = await planted(tmp_path, mode)
    if not path.startswith("/events"):
        status, _, body = await service.ask("GET", path, AFAR)
        assert (status in (200, 404)) == (mode == "open")
        assert status in (200, 404) or status == (401 if mode == "password" else 403)
        assert (b"www.test" in body) <= (mode == "open")
        assert not [secret for secret in SECRETS if secret.encode() in body]
    elif mode != "open":
        assert (await service.ask("GET", path, AFAR))[0] == (401 if mode == "password" else 403)
    await service.close()


async def test_what_is_planted_is_there_for_whoever_may_see_it(tmp_path: Path) -> None:
    """Else its absence would prove nothing."""
    service = await planted(tmp_path, "open")
    for path in ("/", "/api/hosts"):
        body = (await service.get(path))[2].decode()
        assert all(secret in body for secret in SECRETS), path
    assert json.loads((await service.get("/api/hosts"))[2])["counts"]["muted"] == 1
    await service.close()
