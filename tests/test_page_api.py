"""The page for programs: every answer is what openapi.json promises, and never disagrees with the page."""

import csv
import io
import json
import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

import pytest
import pytest_asyncio
from jsonschema import Draft202012Validator, FormatChecker
from tornado.routing import URLSpec

from handlers import page_maker
from hosts.incident import CANCELLED, Kind, Person
from hosts.model import Patch
from page.api import MAX_INCIDENTS, Latest
from tests.builders import DAY, HOUR, MINUTE, NOON, blips, closed, opened, state_after
from tests.pages import AFAR, HERE, MakePage, PageService
from tests.support import ROOT, calls_of

DOCUMENT: Mapping[str, Any] = json.loads((ROOT / "page" / "openapi.json").read_text())
FORMATS = FormatChecker(())
for name, pattern in {"date-time": r"....-..-..T..:..:..Z", "date": r"....-..-.."}.items():
    shape = re.compile(pattern.replace(".", r"\d"))
    FORMATS.checks(name)(lambda value, shape=shape: value is None or bool(shape.fullmatch(value)))


def strict(schema: Any) -> Any:
    """What the document leaves out is not answered, although clients must be ready for it."""
    if isinstance(schema, list):
        return [*map(strict, schema)]
    if not isinstance(schema, dict):
        return schema
    more = {"additionalProperties": False} if schema.get("type") == "object" else {}
    return {name: strict(value) for name, value in schema.items()} | more


def check(value: Any, schema: Mapping[str, Any]) -> None:
    within = strict({**schema, "components": DOCUMENT["components"]})  # to which it refers
    Draft202012Validator(within, format_checker=FORMATS).validate(value)


@pytest_asyncio.fixture
async def service(make_page: MakePage) -> PageService:
    service = make_page(at=NOON, hosts=["quiet.test"], page={"open": True})
    url = "https://console.cloud.google.com/incident"
    incidents = [
        opened("1", "db.test", policy="db <failure>", url=url, started=NOON - 9 * DAY),
        opened("2", "cert.test", kind=Kind.CERTIFICATE, policy="planted policy"),
        *blips(3, NOON, "flaps.test"),
        closed(
            "3", "hand.test", resolved_by=Person("U1", "Mina"), started=NOON - 3 * DAY, ended=NOON - 2 * DAY
        ),
        closed("4", "policy.test", observed=f"{CANCELLED} of an edit"),
        opened("5", "muted.test", policy="=cmd()"),
    ]
    await service.record(*incidents)
    await service.mute("muted.test", until=NOON + HOUR, reason="release")
    return service


def without_date(answer: tuple[int, dict[str, str], bytes]) -> tuple[int, dict[str, str], bytes]:
    """What does not depend on the moment, nor on how the address is spelt."""
    status, headers, body = answer
    return status, {n: v for n, v in headers.items() if n not in ("date", "etag")}, body


async def fetch(service: PageService, path: str, headers: Mapping[str, str] = HERE) -> Any:
    """What is there, checked against the document."""
    status, _, body = await service.ask("GET", path, headers)
    found = json.loads(body)
    answers = DOCUMENT["paths"][path.partition("?")[0]]["get"]["responses"]
    check(found, answers[str(status)]["content"]["application/json"]["schema"])
    return found


@pytest.mark.parametrize("headers", [HERE, AFAR])
async def test_every_answer_is_as_promised(service: PageService, headers: dict[str, str]) -> None:
    for path in ("", "?state=down", "?q=none", "?state=x"):
        await fetch(service, f"/api/hosts{path}", headers)
    for path in ("/api/incidents", "/api/incidents?since=yesterday", "/badge.json"):
        await fetch(service, path, headers)
    for host in ("db.test", "cert.test", "quiet.test", "muted.test", "nobody.test", "hand.test"):
        await fetch(service, f"/api/host?name={host}", headers)
        await fetch(service, f"/badge.json?name={host}", headers)


async def test_the_document_names_every_route_and_no_other(service: PageService) -> None:
    rules = service.app.application.default_router.rules[0].target.rules
    routes = {rule.regex.pattern.strip("^$").replace("\\", "") for rule in rules if isinstance(rule, URLSpec)}
    for_programs = {route for route in routes if re.match(r"/(api|badge|feed)", route)}
    assert for_programs == set(DOCUMENT["paths"])


def test_the_document_lets_fields_be_added() -> None:
    """As it promises: a client made from it must not refuse those of a newer server."""
    assert "additionalProperties" not in str(DOCUMENT)


async def test_what_continues_a_listing_is_taken_from_next(service: PageService) -> None:
    found = await fetch(service, "/api/incidents?before=x")
    assert found["error"].startswith("before must be taken from next: a time and an id")


async def test_one_host_in_full(service: PageService) -> None:
    assert (await fetch(service, "/api/hosts"))["at"] == "2026-11-22T12:00:00Z"
    host = await fetch(service, "/api/host?name=hand.test")
    assert host["incidents"] == [
        {
            "id": "3", "host": "hand.test", "kind": "downtime", "policy": "", "condition": "", "url": None,
            "started": "2026-11-19T12:00:00Z", "ended": "2026-11-20T12:00:00Z", "ended_by": "person",
        }
    ]  # fmt: skip
    assert host["days"][-4:] == [
        ["2026-11-19", 43200],
        ["2026-11-20", 43200],
        ["2026-11-21", 0],
        ["2026-11-22", 0],
    ]
    assert host["days"][0] == ["2026-08-25", None]
    assert (await fetch(service, "/api/host?name=policy.test"))["incidents"][0]["ended_by"] == "policy"
    assert (await fetch(service, "/api/host?name=flaps.test"))["flapping"] == 3
    muted = await fetch(service, "/api/host?name=muted.test")
    assert muted["muted"] == {
        "until": "2026-11-22T13:00:00Z",
        "until_up": False,
        "by": "Mina",
        "reason": "release",
    }
    assert (await fetch(service, "/api/host?name=DB.test"))["doubtful"] is True


async def test_an_unknown_host_is_answered_with_the_nearest_which_are_looked_up_once(
    service: PageService, monkeypatch: pytest.MonkeyPatch
) -> None:
    looked_for = calls_of(monkeypatch, page_maker, "finding_nearest")
    status, _, body = await service.get("/api/host?name=dbb.test")
    assert (status, json.loads(body)["nearest"][0]) == (404, "db.test")
    assert {name for name, _ in looked_for} == {"dbb.test"}
    looked_for.clear()
    for path in ("/api/host", "/api/incidents", "/host"):
        status, _, again = await service.get(f"{path}?name=dbb.test")
        assert (status, path == "/host" or again == body) == (404, True)
    assert looked_for == []
    await service.record(opened("dbb", "dbbb.test"))
    _, _, body = await service.get("/api/host?name=dbb.test")
    assert "dbbb.test" in json.loads(body)["nearest"]


class TestIncidents:
    async def ids(self, service: PageService, query: str = "") -> list[str]:
        return [i["id"] for i in (await fetch(service, f"/api/incidents{query}"))["incidents"]]

    async def test_the_latest_begun_first(self, service: PageService) -> None:
        found = await self.ids(service)
        assert len(found) == 8
        assert found[-2:] == ["3", "1"]

    async def test_filters(self, service: PageService) -> None:
        assert await self.ids(service, "?name=db.test") == ["1"]
        assert await self.ids(service, "?open=true") == ["5", "2", "1"]
        everything = await self.ids(service)
        assert await self.ids(service, "?open=false") == [i for i in everything if i not in ("5", "2", "1")]
        assert await self.ids(service, "?since=2026-11-13T12:00:00Z&until=2026-11-19T21:00:00%2B09:00") == [
            "1"
        ]
        assert await self.ids(service, "?since=2026-11-13T12:00:01Z&until=2026-11-20T00:00:00Z") == ["3"]

    @pytest.mark.parametrize(
        "query", ["since=yesterday", "until=2026-13-01", "open=maybe", "before=x,y", "name=" + "a" * 501]
    )
    async def test_bad_values(self, service: PageService, query: str) -> None:
        status, _, body = await service.get(f"/api/incidents?{query}")
        assert status == 400
        assert query.partition("=")[0] in json.loads(body)["error"]

    async def test_pages_go_on_from_the_last_one(self, make_page: MakePage) -> None:
        """Whatever begins meanwhile, and though many began at the same moment."""
        count = 2 * MAX_INCIDENTS + 7
        starts = [NOON - (number // 50) * MINUTE for number in range(count)]
        incidents = [
            closed(f"0.{n:04}", f"h{n % 13}.test", started=at, ended=at + MINUTE)
            for n, at in enumerate(starts)
        ]
        state = state_after(*incidents)
        service = make_page(at=NOON + HOUR)
        await service.change(lambda _: Patch(state.hosts, state.host_by_incident))
        path, seen = "/api/incidents?since=2000-01-01T00:00:00Z", []
        while path:
            page = await fetch(service, path)
            seen += [(i["started"], i["id"]) for i in page["incidents"]]
            path = page["next"]
            await service.record(opened(f"new {len(seen)}", "new.test", started=NOON + MINUTE))
        assert seen == sorted(seen, reverse=True)
        assert len(set(seen)) == count

    @pytest.mark.parametrize("path", ["/api/incidents", "/api/incidents.csv"])
    async def test_an_answer_is_made_once_until_something_changes(
        self, service: PageService, monkeypatch: pytest.MonkeyPatch, path: str
    ) -> None:
        made = calls_of(monkeypatch, Latest, "look_at")
        monkeypatch.setattr("page.api.MAX_INCIDENTS", 2)  # so that there is a next page
        first = await service.get(path)
        assert (bool(made), "api/incidents" in f"{first[1].get('link')}{first[2]!r}") == (True, True)
        made.clear()
        assert without_date(await service.get(path)) == without_date(first)
        assert without_date(await service.get(f"{path}?utm_source=x&before=")) == without_date(first)
        status, headers, _ = await service.ask("HEAD", path, HERE)
        assert without_date((status, headers, first[2])) == without_date(first)
        assert made == []
        for asked, who in (
            (f"{path}?open=true", HERE),
            (f"{path}?since=2026-11-20T00:00:00Z", HERE),
            (path, AFAR),
        ):
            made.clear()
            assert (await service.ask("GET", asked, who))[0] == 200
            assert made
        await service.record(opened("new", "new.test"))
        assert b"new.test" in (await service.get(path))[2]

    async def test_as_csv(self, service: PageService) -> None:
        status, headers, body = await service.get("/api/incidents.csv?open=true")
        assert (status, headers["content-type"]) == (200, "text/csv; charset=UTF-8; header=present")
        table = list(csv.DictReader(io.StringIO(body.decode(), newline="")))
        incidents = (await fetch(service, "/api/incidents?open=true"))["incidents"]
        assert [row["id"] for row in table] == [i["id"] for i in incidents]
        assert list(table[0]) == list(incidents[0])
        assert table[0]["policy"] == "'=cmd()"


@pytest.mark.parametrize(
    "path",
    ["/", "/host?name=db.test", "/api/hosts", "/api/host?name=db.test", "/api/incidents", "/api/incidents.csv",
     "/api/openapi.json", "/badge.svg", "/badge.json", "/feed.xml", "/feed.xml?name=db.test"],
)  # fmt: skip
async def test_an_unchanged_answer_is_not_sent_again(service: PageService, path: str) -> None:
    _, headers, body = await service.get(path)
    status, again_headers, again = await service.ask("GET", path, {**HERE, "If-None-Match": headers["etag"]})
    assert (status, again, bool(body), again_headers["etag"]) == (304, b"", True, headers["etag"])
    head, answered, nothing = await service.ask("HEAD", path, HERE)
    assert (head, nothing, answered["content-type"]) == (200, b"", headers["content-type"])
    for name in ("content-security-policy", "x-content-type-options", "referrer-policy"):
        assert answered[name] == again_headers[name]


@pytest.mark.parametrize(
    ("path", "status"),
    [
        *((f"/{one}?name=nobody.test", 404) for one in (
            "host", "api/host", "api/incidents", "api/incidents.csv", "badge.svg", "badge.json", "feed.xml"
        )),
        *((f"/api/{one}", 400) for one in ("hosts?state=x", "incidents?since=x", "incidents.csv?open=x")),
        *((f"/{one}?name={'a' * 501}", 400) for one in ("host", "api/host", "badge.svg", "feed.xml")),
        ("/?state=x", 400), ("/nowhere", 404), ("/assets/0/page.css", 404),
    ],
)  # fmt: skip
async def test_a_condition_does_not_match_what_does_not_exist(
    service: PageService, path: str, status: int
) -> None:
    """A condition counts only where the answer would be 200 without it: RFC 9110, section 13.2.1."""
    _, headers, body = await service.get(path)
    tag = headers.get("etag", "*")
    for method in ("GET", "HEAD"):
        found, _, again = await service.ask(method, path, {**HERE, "If-None-Match": tag})
        assert (found, again) == (status, body if method == "GET" else b"")
    assert (await service.get(path, **{"If-None-Match": "*"}))[0] == status


async def test_unusual_names_work_as_parameters(service: PageService) -> None:
    for number, name in enumerate(("..", "a/b", "%2F", "?x=1&y#z", "이름 policy", "<b>")):
        await service.record(opened(f"n{number}", name))
        host = await fetch(service, f"/api/host?name={quote(name, safe='')}")
        assert host["name"] == name
