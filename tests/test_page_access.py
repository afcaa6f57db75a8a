"""Who may look at the page, at how much of it, and the headers that every answer has."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from handlers.page_access import HEADERS
from hosts.model import Mute, Patch
from page.rendering import ASSETS, assets
from tests.builders import NOON, opened
from tests.pages import AFAR, HERE, PageService, pages_of, parsed, plant_problem, service_in
from tests.support import PASSWORD, USER, basic

ICON = f"/assets/{assets()['up.svg'].hash}/up.svg"
PATHS = ["/", "/?state=down", "/?view=wall", ICON]
TEAM = "the password of the team"
FORWARDED = [
    {"X-Forwarded-For": "127.0.0.1"},
    {"Forwarded": "for=127.0.0.1"},
    {"Via": "1.1 proxy"},
    {"X-Real-Ip": "127.0.0.1"},
]
SECRETS = [
    "Planted Person",
    "planted reason",
    "planted policy",
    "console.cloud.google.com",
    "planted problem",
]


@pytest_asyncio.fixture(params=["closed", "password", "open", "both"])
async def service(tmp_path: Path, request: pytest.FixtureRequest) -> AsyncIterator[PageService]:
    keys: dict[str, object] = {"open": request.param in ("open", "both")}
    if request.param in ("password", "both"):
        keys["password"] = [TEAM, "another one"]
    service = service_in(tmp_path, page=keys)
    plant_problem(service, "planted problem")
    mute = Mute("muted.test", "U1", "Planted Person", NOON, reason="planted reason")
    url = "https://console.cloud.google.com/incident"
    incidents = [
        opened("0.1", "www.test", policy="planted policy", url=url),
        opened("0.2", "muted.test", policy="planted policy", url=url),
    ]
    await service.record(*incidents)
    await service.change(lambda _: Patch(mutes={"muted.test": mute}))
    yield service
    await service.close()


def configured_for(service: PageService) -> tuple[bool, bool]:
    page = pages_of(service).config.page
    return page.open, bool(page.passwords)


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("method", ["GET", "HEAD"])
async def test_this_machine_may_look(service: PageService, method: str, path: str) -> None:
    status, headers, body = await service.ask(method, path, HERE)
    assert (status, bool(body)) == (200, method == "GET")
    assert int(headers["content-length"]) > 0


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("headers", [AFAR, *({**HERE, **headers} for headers in FORWARDED)])
async def test_strangers_see_what_is_open_and_nothing_else(
    service: PageService, path: str, headers: dict[str, str]
) -> None:
    is_open, has_password = configured_for(service)
    status, answered, body = await service.ask("GET", path, headers)
    assert status == (200 if is_open else 401 if has_password else 403)
    assert ("www-authenticate" in answered) == (status == 401)
    if status != 200:
        assert b"www.test" not in body
        assert (b"page.addresses" in body) == (status == 403)
    for secret in SECRETS:
        assert secret not in body.decode()


async def test_another_name_for_this_machine_is_a_stranger(service: PageService) -> None:
    """Any site can let its name lead to 127.0.0.1, and read with the eyes of a browser here."""
    for host in ("evil.example", "127.0.0.1.evil.example", "localhost.evil.example", "", "[::2]", "10.0.0.1"):
        _, _, body = await service.request("GET", "/", Host=host)
        assert "Planted Person" not in body.decode()
    for host in ("localhost", "localhost.", "127.0.0.1:80", "[::1]:8080", "127.1.2.3", "app.localhost:1"):
        _, _, body = await service.request("GET", "/", Host=host)
        assert "Planted Person" in body.decode()


@pytest.mark.parametrize(
    ("credentials", "good"),
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
async def test_the_password_of_the_team_opens_everything(
    service: PageService, credentials: str, *, good: bool
) -> None:
    is_open, has_password = configured_for(service)
    status, _, body = await service.ask("GET", "/", {**AFAR, "Authorization": credentials})
    if good and has_password:
        assert status == 200
        assert all(secret in body.decode() for secret in SECRETS)
    else:
        assert status == (200 if is_open else 401 if has_password else 403)
        assert not any(secret in body.decode() for secret in SECRETS)


async def test_what_one_may_see_is_never_answered_to_another(service: PageService) -> None:
    """Neither from what is remembered here, nor by an ETag."""
    _, mine, body = await service.ask("GET", "/", HERE)
    assert "Planted Person" in body.decode()
    status, theirs, body = await service.ask("GET", "/", {**AFAR, "If-None-Match": mine["etag"]})
    assert status != 304
    assert "Planted Person" not in body.decode()
    assert theirs.get("etag") != mine["etag"]


async def test_networks_may_look(tmp_path: Path) -> None:
    service = service_in(tmp_path, page={"addresses": ["203.0.113.0/24"]}, trusted_proxies=["127.0.0.1"])
    assert (await service.ask("GET", "/", AFAR))[0] == 200
    assert (await service.ask("GET", "/", {**AFAR, "X-Forwarded-For": "198.51.100.1"}))[0] == 403
    await service.close()


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/", 200),
        ("GET", ICON, 200),
        ("GET", "/?page=x", 400),
        ("GET", "/assets/0000/up.svg", 404),
        ("GET", f"{ICON}x", 404),
        ("GET", ICON.replace("up.svg", "none.svg"), 404),
        ("POST", "/host", 405),
        ("DELETE", ICON, 405),
    ],
)
async def test_every_answer_has_the_headers(
    service: PageService, method: str, path: str, status: int
) -> None:
    for headers in (HERE, AFAR):
        found, answered, body = await service.ask(method, path, headers)
        assert found == status or found in (401, 403)
        for name, value in HEADERS.items():
            if not (path == ICON and name == "Cache-Control"):
                assert answered[name.lower()] == value
        if answered["content-type"].startswith("text/html"):
            assert parsed(body).one("head").one("title").text


async def test_nothing_is_set_in_a_browser(service: PageService) -> None:
    for path in PATHS:
        assert "set-cookie" not in (await service.get(path))[1]


async def test_assets_stay_as_long_as_they_are_the_same(service: PageService) -> None:
    _, headers, body = await service.get(ICON)
    assert headers["cache-control"] == "public, max-age=31536000, immutable"
    assert (headers["content-type"], body) == ("image/svg+xml", (ASSETS / "up.svg").read_bytes())
