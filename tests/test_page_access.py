"""Who may see how much of the page, and that whatever anybody sends gets an intended answer."""

import asyncio
from urllib.parse import quote_from_bytes

import pytest
import pytest_asyncio
from hypothesis import given, settings
from hypothesis import strategies as st

from handlers.page_access import HEADERS, has_tag
from hosts.changes import mute
from hosts.incident import Person
from page.rendering import ASSETS, assets
from prove.size import times
from tests.builders import HOUR, MINUTE, NOON, closed, opened, wish
from tests.pages import AFAR, HERE, MakePage, PageService, parsed, plant_problem, service_in
from tests.support import PASSWORD, USER, basic

TEAM = "the password of the team"
MODES: dict[str, dict[str, object]] = {
    "closed": {},
    "password": {"password": [TEAM, "another one"]},
    "badges": {"password": TEAM, "badges_open": True},
    "open": {"open": True},
    "both": {"password": TEAM, "open": True},
}
REFUSAL = {"closed": 403, "password": 401, "badges": 401}
SECRETS = ("Planted Person", "planted reason", "planted policy", "planted.example/1", "planted problem")
ICON = f"/assets/{assets()['up.svg'].hash}/up.svg"
LISTS = ("/", "/?state=down", "/?view=wall", "/api/hosts", "/api/incidents", "/api/incidents.csv")
OF_A_HOST = ("/host", "/api/host", "/badge.svg", "/badge.json", "/feed.xml")
NAMED = [f"{route}?name={name}.test" for route in OF_A_HOST for name in ("www", "muted", "hand")]
OTHERS = ("/badge.svg", "/badge.json", "/feed.xml", "/api/openapi.json", "/host?name=nobody", ICON)
PATHS = [*LISTS, *NAMED, *OTHERS]


async def planted(service: PageService) -> PageService:
    """All that people wrote, or that leads to Google, is there in some place."""
    plant_problem(service, "planted problem")
    person = Person("U1", "Planted Person")
    written = {"policy": "planted policy", "url": "https://planted.example/1"}
    await service.record(
        opened("www", "www.test", **written),
        opened("muted", "muted.test", **written),
        closed("hand", "hand.test", resolved_by=person, started=NOON - HOUR, ended=NOON - MINUTE, **written),
    )
    await service.change(mute(wish("muted.test", by=person, reason="planted reason")))
    return service


@pytest_asyncio.fixture
async def service(make_page: MakePage, request: pytest.FixtureRequest) -> PageService:
    return await planted(make_page(at=NOON, page=MODES[getattr(request, "param", "closed")]))


def held(body: bytes) -> list[str]:
    return [secret for secret in SECRETS if secret in body.decode()]


async def test_this_machine_sees_everything(service: PageService) -> None:
    for path in PATHS:
        status, headers, body = await service.ask("GET", path, HERE)
        assert (status, bool(body)) == (404 if path.endswith("nobody") else 200, True)
        assert held(body) == list(SECRETS) or path not in ("/", "/api/hosts")
        _, same, nothing = await service.ask("HEAD", path, HERE)
        assert (same["content-length"], nothing) == (headers["content-length"], b"")


@pytest.mark.parametrize("mode", MODES)
async def test_strangers_see_what_is_open_and_nothing_that_people_wrote(
    make_page: MakePage, mode: str
) -> None:
    service = await planted(make_page(at=NOON, page=MODES[mode]))
    for path in (*PATHS, *(["/events"] if mode in REFUSAL else [])):
        is_open = mode in ("open", "both") or (mode == "badges" and path.startswith("/badge"))
        status, answered, body = await service.ask("GET", path, AFAR)
        assert held(body) == [], path
        if is_open:
            assert status == (404 if path.endswith("nobody") else 200), path
        else:
            assert (status, b"www.test" in body) == (REFUSAL[mode], False), path
            assert ("www-authenticate" in answered) == (status == 401)
            assert (b"page.addresses" in body) == (status == 403)


@pytest.mark.parametrize("name", ["X-Forwarded-For", "Forwarded", "Via", "X-Real-Ip"])
async def test_a_request_through_a_proxy_is_a_strangers(service: PageService, name: str) -> None:
    assert (await service.ask("GET", "/", {**HERE, name: "127.0.0.1"}))[0] == 403


async def test_another_name_for_this_machine_is_a_stranger(
    service: PageService, caplog: pytest.LogCaptureFixture
) -> None:
    """Any site can point its name at 127.0.0.1, and read what a browser here may read.

    `page.addresses` with this machine's would not help, and let in whoever comes through a proxy here.
    """
    for host in ("evil.example", "127.0.0.1.evil.example", "localhost.evil.example", "", "[::2]", "10.0.0.1"):
        status, _, body = await service.request("GET", "/", Host=host)
        assert (status, "On this machine, use localhost or 127.0.0.1" in parsed(body).text) == (403, True)
        assert "on this machine, use localhost or 127.0.0.1" in caplog.messages[-1]
        assert "add it to page.addresses" not in caplog.messages[-1]
    for host in ("localhost", "localhost.", "127.0.0.1:80", "[::1]:8080", "127.1.2.3", "app.localhost:1"):
        assert (await service.request("GET", "/", Host=host))[0] == 200


@pytest.mark.parametrize(
    ("credentials", "is_good"),
    [
        (basic("team", TEAM), True),
        (basic("team", "another one"), True),
        (basic("team", TEAM).replace("Basic", "basic"), True),
        (basic("Team", TEAM), False),
        (basic("team", TEAM + "x"), False),
        (basic("team", ""), False),
        (basic(USER, PASSWORD), False),
        ("Basic !", False),
        (f"Bearer {TEAM}", False),
        ("", False),
    ],
)
@pytest.mark.parametrize("service", ["password"], indirect=True)
async def test_the_password_of_the_team_shows_everything(
    service: PageService, credentials: str, *, is_good: bool
) -> None:
    status, _, body = await service.ask("GET", "/", {**AFAR, "Authorization": credentials})
    assert (status, held(body)) == ((200, list(SECRETS)) if is_good else (401, []))


@pytest.mark.parametrize("service", ["both"], indirect=True)
async def test_what_one_client_may_see_is_never_sent_to_another(service: PageService) -> None:
    """Neither from what is cached here, nor by an ETag."""
    _, mine, body = await service.ask("GET", "/", HERE)
    assert held(body)
    status, theirs, body = await service.ask("GET", "/", {**AFAR, "If-None-Match": mine["etag"]})
    assert (status, held(body)) == (200, [])
    assert theirs["etag"] != mine["etag"]
    _, _, body = await service.ask("GET", "/", {**AFAR, "Authorization": basic("team", TEAM)})
    assert held(body)


async def test_the_log_does_not_lead_to_letting_in_all_who_come_through_a_proxy(
    service: PageService, caplog: pytest.LogCaptureFixture
) -> None:
    assert [(await service.ask("GET", path, AFAR))[0] for path in ("/", "/healthz")] == [403, 403]
    lines = caplog.messages
    assert [("if it is a proxy's, to trusted_proxies instead" in line) for line in lines] == [True, True]
    assert all(line.endswith("(from 127.0.0.1)") for line in lines)


async def test_networks_may_look(make_page: MakePage) -> None:
    service = make_page(page={"addresses": ["203.0.113.0/24"]}, trusted_proxies=["127.0.0.1"])
    assert (await service.ask("GET", "/", AFAR))[0] == 200
    assert (await service.ask("GET", "/", {**AFAR, "X-Forwarded-For": "198.51.100.1"}))[0] == 403


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        *[("GET", path, 200) for path in ("/", "/host?name=www.test", "/api/hosts", "/badge.svg", "/feed.xml", ICON)],
        ("GET", "/?page=x", 400),
        ("GET", "/assets/0000/up.svg", 404),
        ("GET", f"{ICON}x", 404),
        ("GET", ICON.replace("up.svg", "none.svg"), 404),
        ("POST", "/host", 405),
        ("DELETE", ICON, 405),
    ],
)  # fmt: skip
async def test_every_answer_has_the_headers_and_sets_nothing_in_a_browser(
    service: PageService, method: str, path: str, status: int
) -> None:
    for headers in (HERE, AFAR):
        found, answered, body = await service.ask(method, path, headers)
        assert found == status or found in (401, 403)
        assert "set-cookie" not in answered
        for name, value in HEADERS.items():
            if name not in ("Cache-Control", "Cross-Origin-Resource-Policy") or found != 200:
                assert answered[name.lower()] == value
        if answered["content-type"].startswith("text/html"):
            page = parsed(body)
            assert page.one("head").one("title").text
            assert page.one("meta", name="generator").attributes["content"] == "uptime-check-manager"


async def test_assets_stay_as_long_as_they_are_the_same(service: PageService) -> None:
    _, headers, body = await service.get(ICON)
    assert headers["cache-control"] == "public, max-age=31536000, immutable"
    assert (headers["content-type"], body) == ("image/svg+xml", (ASSETS / "up.svg").read_bytes())


@pytest.mark.parametrize(
    ("given", "status"),
    [
        *((given, 304) for given in (
            "{}", "*", " * ", 'W/"x", {}', ', ,\t{},"a,b" ,', '"{strong}"', '"",{}', '"\xff" , {}', '"W/", {}',
        )),
        *((given, 200) for given in (
            "", ",", "x", "foo*", "*,*", '*, "x"', "*, {}", '"*"', '"x*"', 'W/"*"', '"x"', "{} {}", "{},x", "x{}",
            "w/{strong}", 'w/"{strong}"', "{strong}", '"{strong}', 'W/ "{strong}"', '" {}"', '"{strong} "', "{};q=1",
        )),
    ],
)  # fmt: skip
async def test_only_a_star_alone_or_the_tag_in_a_list_counts_as_a_match(
    service: PageService, given: str, status: int
) -> None:
    _, headers, _ = await service.get("/")
    tag = headers["etag"]
    given = given.format(*[tag] * 2, strong=tag.removeprefix("W/").strip('"'))
    answer = await service.get("/", **{"If-None-Match": given})
    assert (answer[0], bool(answer[2])) == (status, status == 200)


def test_an_endless_list_of_tags_is_read_in_no_time() -> None:
    assert not has_tag(",  \t" * 10_000 + "x", '"x"')


PARAMETERS = (
    *("q", "name", "state", "sort", "page", "view", "since", "until", "open", "before", "utm_source", ""),
)
VALUES = st.one_of(
    st.binary(max_size=20),
    st.sampled_from([
        *(b"www.test", b"muted.test", b"*", b"***", b"..", b"%2F", b"\x00", b"\xff", b"<script>", b"' OR 1"),
        *(b"1", b"0", b"-1", b"99999", b"1e9", b"\xd9\xa1", b"x" * 501, b"down", b"wall", b"up", b"true"),
        *(b"2026-11-22T12:00:00Z", b"0001-01-01T00:00:00+23:59", b"9999-12-31T23:59:59-23:59", b"2026-11-22"),
        *(b"2026-11-22T12:00:00Z,0.1", b",", b"{{1}}", b"\xe2\x80\xae", b"[a", b"(?R)", b"a*a*a*a*a*a*b"),
    ]),
)  # fmt: skip
NAMES = st.sampled_from([
    *("Authorization", "Accept-Encoding", "Accept-Language", "If-None-Match", "If-Modified-Since", "Range"),
    *("Cookie", "Origin", "Referer", "Last-Event-ID", "X-Forwarded-For", "X-Http-Method-Override"),
])  # fmt: skip
WORDS = ["*", "gzip;q=0", 'W/"x"', "Basic", "Basic !!!!", "Basic Og==", "bytes=0-1", "127.0.0.1", "::1"]
REQUESTS = st.tuples(
    st.sampled_from(["GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS", "PATCH"]),
    st.sampled_from([*LISTS, *OF_A_HOST, "/events", "/api/openapi.json", "/assets/0/page.css"]),
    st.lists(st.tuples(st.sampled_from(PARAMETERS), VALUES), max_size=3),
    st.dictionaries(
        NAMES,
        st.sampled_from(WORDS) | st.text(st.characters(min_codepoint=0x21, max_codepoint=0x7E), max_size=30),
        max_size=3,
    ),
)
MEANT = {200, 204, 304, 400, 401, 403, 404, 405}


@settings(max_examples=times(30, 300))
@given(
    mode=st.sampled_from(["closed", "password", "open"]),
    requests=st.lists(REQUESTS, min_size=20, max_size=20),
)
def test_any_request_gets_an_intended_answer_and_changes_nothing(
    tmp_path_factory: pytest.TempPathFactory,
    mode: str,
    requests: list[tuple[str, str, list[tuple[str, bytes]], dict[str, str]]],
) -> None:
    async def send() -> None:
        service = await planted(service_in(tmp_path_factory.mktemp("strangers"), NOON, page=MODES[mode]))
        before = service.store.state, service.store.version
        for method, path, parameters, headers in requests:
            query = "&".join(f"{name}={quote_from_bytes(value)}" for name, value in parameters)
            for place in (AFAR, HERE):
                await check(service, mode, method, f"{path.partition('?')[0]}?{query}", {**place, **headers})
        assert (service.store.state, service.store.version) == before
        await service.close()

    asyncio.run(send())


async def check(service: PageService, mode: str, method: str, path: str, headers: dict[str, str]) -> None:
    if path.startswith("/events") and method == "GET":
        return  # has a test of its own, as it does not end
    status, answered, body = await service.ask(method, path, headers)
    assert status in MEANT, (method, path, headers, body)
    assert "set-cookie" not in answered
    if headers["Host"] == AFAR["Host"] or "X-Forwarded-For" in headers:
        assert mode == "open" or status not in (200, 304) or path.startswith("/assets")
        assert held(body) == []
