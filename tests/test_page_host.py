"""One host's page, badges and the feed."""

import json
from urllib.parse import quote, unquote
from xml.etree import ElementTree as ET

import pytest
import pytest_asyncio

from hosts.changes import mute, resolve, with_audit
from hosts.incident import CANCELLED, Kind, NamedBy, Person
from hosts.model import Action, AuditEntry
from languages import ENGLISH
from page.badges import COLORS
from page.feed import MAX_EVENTS
from page.host_page import MAX_OPEN
from tests.builders import DAY, HOUR, MINUTE, NOON, blips, closed, opened, wish
from tests.pages import AFAR, Element, MakePage, PageService, parsed, plant_problem, rows, silence

ATOM = "{http://www.w3.org/2005/Atom}"


@pytest_asyncio.fixture
async def service(make_page: MakePage) -> PageService:
    return make_page(at=NOON, hosts=["quiet.test"], timezone="Asia/Seoul")


def table(page: Element, name: str) -> list[list[str]]:
    (found,) = (t for t in page.all("table") if t.attributes["aria-label"] == name)
    return [
        [cell.text for cell in row.children if isinstance(cell, Element)]
        for row in found.one("tbody").all("tr")
    ]


class TestHost:
    async def test_it_says_the_status_since_when_and_what_failed(self, service: PageService) -> None:
        url = "https://console.cloud.google.com/1"
        await service.record(
            opened("1", "www.test", policy="www failure", url=url, started=NOON - 133 * MINUTE)
        )
        page = await service.page("/host?name=www.test")
        assert page.one("head").one("title").text == "▼ www.test"
        assert page.one("h1").text == "▼ www.test"
        assert page.one("p", class_="also").text == (
            "Down for 2 h 13 min, since 2026-11-22 18:47 KST · www failure"
        )
        assert page.one("p", class_="also").one("a").attributes["href"] == url
        back = page.one("nav", class_="back").one("a")
        assert (back.text, back.attributes["href"]) == ("← 1 of 2 hosts down", ".")
        assert not list(page.all("a", class_="skip")), "there is nothing to skip, and no list to get to"

    async def test_every_open_incident_is_listed_unless_the_sentence_says_it_all(
        self, service: PageService
    ) -> None:
        url = "https://console.cloud.google.com/"
        await service.record(
            opened("1", "www.test", kind=Kind.CERTIFICATE, policy="certificates", url=f"{url}1", started=NOON - DAY),
            opened("2", "www.test", policy="www", url=f"{url}2", started=NOON - 2 * HOUR),
            opened("3", "www.test", policy="www/health", url="http://x.test/", started=NOON - HOUR),
            opened("4", "one.test"),
            opened("5", "muted.test", kind=Kind.OTHER, policy="errors", url=f"{url}5"),
        )  # fmt: skip
        await service.mute("muted.test")
        page = await service.page("/host?name=www.test")
        assert table(page, "Open incidents") == [
            ["21 Nov 21:00", "1 d", "certificate about to expire", "certificates"],
            ["22 Nov 19:00", "2 h", "down", "www"],
            ["22 Nov 20:00", "1 h", "down", "www/health"],
        ]
        assert {f"{url}1", f"{url}2"} <= {a.attributes["href"] for a in page.one("main").all("a")}
        page = await service.page("/host?name=muted.test")
        assert table(page, "Open incidents") == [["22 Nov 21:00", "0 s", "other incident", "errors"]]
        page = await service.page("/host?name=one.test")
        assert "Open incidents" not in page.text

    async def test_of_very_many_open_incidents_the_first_are_listed(self, service: PageService) -> None:
        await service.record(*(opened(f"{n}", "www.test", started=NOON - HOUR) for n in range(MAX_OPEN + 1)))
        page = await service.page("/host?name=www.test")
        assert len(table(page, "Open incidents")) == MAX_OPEN
        assert f"Open incidents · {MAX_OPEN + 1}" in [h2.text for h2 in page.all("h2")]

    async def test_a_doubt_is_shown_with_how_to_settle_it(self, service: PageService) -> None:
        await service.record(opened("1", "www.test", started=NOON - 9 * DAY))
        page = await service.page("/host?name=www.test")
        assert "uptime resolve www.test" in page.one("p", class_="say").text
        assert "its close may have been lost" in page.one("p", class_="also").text

    async def test_while_google_is_silent_it_is_up_only_as_far_as_heard(self, service: PageService) -> None:
        await service.record(closed("1", "up.test"), opened("2", "down.test"))
        silence(service, 9 * 86_400)
        page = await service.page("/host?name=up.test")
        assert page.one("head").one("title").text == "(?) ● up.test"
        assert page.one("header").has(class_="doubt")
        assert page.one("p", class_="also").text.startswith("up, as far as heard")
        assert [p.text for p in page.one("div", class_="say").all("p")] == [
            "nothing from Google for 9 d: is the webhook still connected?",
            ENGLISH.page.google_silence,
        ]
        page = await service.page("/host?name=down.test")
        assert page.one("head").one("title").text == "▼ down.test"
        assert (page.one("header").attributes["class"], len([*page.all("div", class_="say")])) == ("down", 1)

    async def test_it_says_what_is_wrong_with_the_program(self, service: PageService) -> None:
        await service.record(closed("1", "up.test"))
        plant_problem(service, "state.json was damaged")
        assert "state.json was damaged" in (await service.page("/host?name=up.test")).one(class_="bad").text

    async def test_facts_and_ninety_days(self, service: PageService) -> None:
        await service.record(closed("1", "www.test", started=NOON - 70 * DAY, ended=NOON - 70 * DAY + HOUR))
        page = await service.page("/host?name=www.test")
        facts = {fact.one("dt").text: fact.one("dd").text for fact in page.one("dl").all("div")}
        assert facts == {
            "up, 24 h": "100 %",
            "7 d": "100 %",
            "30 d": "100 %",
            "since 13 Sep 21:00": "99.94 %",
            "outage, 1 h in all": "1",
        }
        titles = [rect.text for rect in page.one("svg").all("rect") if not rect.has(class_="out")]
        assert len(titles) == 90
        assert (titles[0], titles[-1]) == ("25 Aug: not known", "22 Nov: up")
        assert [rect.text for rect in page.all("rect", class_="out")] == ["13 Sep: down 1 h"]

    @pytest.mark.parametrize("hours", [25.5, 47.5, 7 * 24 + 20])
    async def test_a_figure_of_a_partly_known_window_says_since_when(
        self, service: PageService, hours: float
    ) -> None:
        """And never looks like that of another window."""
        began = NOON - hours * HOUR
        await service.record(closed("1", "www.test", started=began, ended=began + HOUR))
        facts = [dt.text for dt in (await service.page("/host?name=www.test")).one("dl").all("dt")]
        whole = ["up, 24 h"] + (["7 d"] if hours > 7 * 24 else [])
        since = ENGLISH.since(ENGLISH.page.moment(began.astimezone(service.config.timezone)))
        assert facts == [*whole, since, "outage, 1 h in all"]

    async def test_no_outage_means_none_since_it_is_known(self, service: PageService) -> None:
        certificate = opened("1", "new.test", kind=Kind.CERTIFICATE, started=NOON - 5 * MINUTE)
        old = opened("2", "old.test", kind=Kind.CERTIFICATE, started=NOON - 91 * DAY)
        await service.record(certificate, old)
        for host, told in (
            ("new.test", ("0", "outages since 22 Nov 20:55")),
            ("old.test", ("0", "outages in 90 days")),
            ("quiet.test", ("–", "outages in 90 days")),
        ):
            last = [*(await service.page(f"/host?name={host}")).one("dl").all("div")][-1]
            assert (last.one("dd").text, last.one("dt").text) == told

    async def test_a_day_is_drawn_as_in_the_list_and_today_as_far_as_it_has_come(
        self, service: PageService
    ) -> None:
        """At noon in UTC, 21 of 24 hours are over in Seoul."""
        began = NOON - 70 * DAY - 12 * HOUR
        await service.record(*(
            closed(f"{n}", "www.test", started=began + n * DAY, ended=began + n * DAY + minutes * MINUTE)
            for n, minutes in enumerate((1, 29, 119, 479, 480))
        ))  # fmt: skip
        page = await service.page("/host?name=www.test")
        high = [rect.attributes["height"] for rect in page.all("rect", class_="out")]
        assert high == ["10", "18", "26", "34", "40"]
        widths = [
            rect.attributes["width"] for rect in page.one("svg").all("rect") if not rect.has(class_="out")
        ]
        assert widths == ["8"] * 89 + ["7.0"]

    async def test_korean_puts_the_counter_at_its_number_and_the_person_last(
        self, make_page: MakePage
    ) -> None:
        service = make_page(at=NOON, language="ko")
        await service.record(closed("1", "www.test", started=NOON - 9 * DAY, ended=NOON - 9 * DAY + HOUR))
        await service.record(opened("2", "muted.test"))
        await service.mute("muted.test", until_up=True, about=("2",), reason="배포")
        page = await service.page("/host?name=www.test")
        last = [*page.one("dl").all("div")][-1]
        assert (last.one("dd").text, last.one("dt").text) == ("1회", "중단, 총 1시간")
        muted = await service.page("/host?name=muted.test")
        assert "복구될 때까지 숨김 (Mina 님) · 배포" in muted.one("main").text

    async def test_what_mutes_it_for_longer_is_said_as_well(self, make_page: MakePage) -> None:
        service = make_page(at=NOON)
        await service.record(opened("1", "www.test"))
        await service.mute("www.test", until=NOON + HOUR)
        await service.mute("www*", reason="moved")
        page = await service.page("/host?name=www.test")
        assert "; also muted by www* (Mina) until further notice" in page.one("main").text

    async def test_a_hundred_outages_the_latest_first_and_how_they_ended(self, service: PageService) -> None:
        old = NOON - 2 * DAY
        await service.record(
            closed("1", "www.test", started=old, ended=old + MINUTE, policy="p"),
            closed("2", "www.test", started=old + HOUR, ended=old + HOUR + MINUTE, observed=f"{CANCELLED} x", policy="p"),
            closed("3", "www.test", started=old + 2 * HOUR, ended=old + 3 * HOUR, resolved_by=Person("U1", "Mina"), policy="p"),
            opened("4", "www.test", started=NOON + HOUR, policy="p", url="https://console.cloud.google.com/4"),
            *blips(120, NOON - 9 * DAY, "www.test"),
        )  # fmt: skip
        page = await service.page("/host?name=www.test")
        outages = table(page, "Outages")
        assert len(outages) == 100
        assert outages[:4] == [
            ["22 Nov 22:00", "ongoing", "0 s", "p", ""],
            ["20 Nov 23:00", "21 Nov 00:00", "1 h", "p", "resolved by Mina"],
            ["20 Nov 22:00", "20 Nov 22:01", "1 min", "p", "closed (policy edited)"],
            ["20 Nov 21:00", "20 Nov 21:01", "1 min", "p", "recovered"],
        ]

    async def test_what_google_dates_later_than_now_lasts_until_now(self, service: PageService) -> None:
        await service.record(closed("1", "www.test", started=NOON - 5 * MINUTE, ended=NOON + 2 * HOUR))
        page = await service.page("/host?name=www.test")
        assert table(page, "Outages")[0][:3] == ["22 Nov 20:55", "22 Nov 23:00", "5 min"]
        assert "outage, 5 min in all" in page.one("dl").text

    async def test_what_people_did(self, service: PageService) -> None:
        mina = Person("U1", "Mina")
        await service.record(opened("1", "www.test"))
        done = AuditEntry(Action.RESOLVE, "www.test", mina, NOON - HOUR)
        await service.change(
            with_audit(resolve("www.test", mina, NOON - HOUR), done),
            with_audit(
                mute(wish("*.test", by=Person("U2", "Jun"))),
                AuditEntry(Action.REMOVE, "*.test", Person("U2", "Jun"), NOON, until=NOON + HOUR, reason="release"),
                AuditEntry(Action.REMOVE, "other.example", Person("U2", "Jun"), NOON),
            ),
        )  # fmt: skip
        page = await service.page("/host?name=www.test")
        assert table(page, "Changes by people") == [
            ["22 Nov 21:00", "Jun", "muted it until 22 Nov 22:00 (*.test): release"],
            ["22 Nov 20:00", "Mina", "resolved what was open"],
        ]
        assert "by Jun until 22 Nov 22:00" not in page.one("header").text

    async def test_a_host_that_was_never_reported(self, service: PageService) -> None:
        page = await service.page("/host?name=quiet.test")
        assert page.one("p", class_="also").text == "up · no data yet"
        assert {rect.text.partition(": ")[2] for rect in page.one("svg").all("rect")} == {"not known"}

    async def test_a_host_is_found_however_it_is_written_or_the_nearest_is_named(
        self, service: PageService
    ) -> None:
        await service.record(opened("1", "www.test"), opened("2", "disk ∗ full\nproject=p"))
        for written in (
            "www.test",
            "WWW.test",
            "https://www.test/",
            "www.test.",
            "disk * full",
            "disk * full\nproject=p",
        ):
            assert (await service.get(f"/host?name={quote(written)}"))[0] == 200
        for name in ("www.tst", "WWW.TST"):
            status, _, body = await service.get(f"/host?name={name}")
            links = [a.attributes["href"] for a in parsed(body).one("main").all("a")]
            assert (status, "host?name=www.test" in links) == (404, True)
            assert "Did you mean this one?" in parsed(body).text
        await service.record(opened("3", "www2.test"))
        assert "Did you mean one of these?" in parsed((await service.get("/host?name=www.tst"))[2]).text

    @pytest.mark.parametrize("query", ["", "?name=", "?name=+", "?nam=www.test"])
    async def test_without_a_name_it_says_what_is_missing(self, service: PageService, query: str) -> None:
        for path in ("/host", "/api/host"):
            status, _, body = await service.get(path + query)
            assert (status, ENGLISH.page.no_name in body.decode()) == (400, True)

    async def test_things_of_one_name_have_links_of_their_own(self, service: PageService) -> None:
        await service.record(opened("1", "api\nproject=prod"), opened("2", "api\nproject=dev"))
        page = await service.page()
        links = {a.text: a.attributes["href"] for a in page.one("table").all("a")}
        for title in ("api (prod)", "api (dev)"):
            assert (await service.page(f"/{links[title]}")).one("h1").text == f"▼ {title}"

    @pytest.mark.parametrize(
        "keys",
        [("checkout", "checkout\n"), ("dep-3f\nproject=p", "dep-3F\nproject=p"), ("a\nproject=x", "a\nlocation=x")],
    )  # fmt: skip
    async def test_each_of_two_things_that_look_alike_has_a_name_and_a_page_of_its_own(
        self, service: PageService, keys: tuple[str, str]
    ) -> None:
        """Slack links to the page with the key, the page itself with a name on one line."""
        for key, kind in zip(keys, (Kind.DOWNTIME, Kind.SIGNAL), strict=True):
            await service.record(opened(key, key, kind=kind, named_by=NamedBy.POLICY))
        listed = rows(await service.page())[:2]
        links = [row.one("th").one("a").attributes["href"] for row in listed]
        names = [unquote(link.removeprefix("host?name=")) for link in links]
        incidents = json.loads((await service.get("/api/incidents"))[2])["incidents"]
        assert {*names} == {incident["host"] for incident in incidents}
        assert (len({*names}), any("\n" in name for name in names)) == (2, False)
        for link, key, shape in zip(links, keys, "▼◆", strict=True):
            for address in (link, f"host?name={quote(key)}"):
                page = await service.page(f"/{address}")
                assert page.one("h1").text.startswith(shape)
                assert "(policy)" in page.one("p", class_="also").text


class TestBadges:
    async def test_badges_show_the_status(self, service: PageService) -> None:
        await service.record(
            opened("1", "down.test", started=NOON - 133 * MINUTE),
            opened("6", "ahead.test", started=NOON + MINUTE),  # by Google's clock
            opened("2", "warn.test", kind=Kind.SIGNAL),
            closed("3", "up.test"),
            closed("4", "웹서버"),
            opened("5", "muted.test"),
        )
        await service.mute("muted.test")
        for name, label, message, color in (
            ("", "uptime", "2 down", "critical"),
            ("down.test", "down.test", "down 2 h", "critical"),
            ("ahead.test", "ahead.test", "down 0 s", "critical"),
            ("warn.test", "warn.test", "warning", "important"),
            ("up.test", "up.test", "up", "success"),
            ("muted.test", "muted.test", "muted", "inactive"),
            ("웹서버", "웹서버", "up", "success"),
            ("quiet.test", "quiet.test", "unknown", "inactive"),
        ):
            _, headers, body = await service.get(f"/badge.json?name={quote(name)}")
            said = {"schemaVersion": 1, "label": label, "message": message, "color": color}
            assert (json.loads(body), headers["cache-control"]) == (said, "max-age=30")
            _, headers, body = await service.get(f"/badge.svg?name={quote(name)}")
            svg = parsed(body)
            assert svg.one("title").text == f"{label}: {message}"
            assert [text.text for text in svg.all("text")] == [label, message]
            assert svg.one("path").attributes["fill"] == COLORS[color]
            assert headers["cross-origin-resource-policy"] == "cross-origin"

    async def test_an_unknown_name_is_a_grey_unknown(self, service: PageService) -> None:
        for path in ("/badge.svg", "/badge.json"):
            status, _, body = await service.get(f"{path}?name=" + quote("<nobody>"))
            assert (status, b"unknown" in body) == (404, True)
            assert b"<nobody>" not in body or path.endswith("json")

    async def test_all_up_is_unknown_while_google_is_silent(self, service: PageService) -> None:
        await service.record(closed("1", "up.test"))
        assert json.loads((await service.get("/badge.json"))[2])["message"] == "up"
        silence(service, 9 * 86_400)
        service.at = NOON + MINUTE
        for path in ("/badge.json", "/badge.json?name=up.test"):
            assert json.loads((await service.get(path))[2])["message"] == "unknown"


def _luminance(color: str) -> float:
    parts = [int(color[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


@pytest.mark.parametrize("color", COLORS.values())
def test_white_can_be_read_on_every_badge(color: str) -> None:
    assert 1.05 / (_luminance(color) + 0.05) >= 4.5


class TestFeed:
    async def entries(self, service: PageService, query: str = "") -> list[tuple[str, str, str]]:
        status, headers, body = await service.get(f"/feed.xml{query}")
        assert (status, headers["content-type"]) == (200, "application/atom+xml; charset=UTF-8")
        feed = ET.fromstring(body)
        for name in ("id", "title", "updated", "author"):
            assert feed.find(f"{ATOM}{name}") is not None
        found = feed.findall(f"{ATOM}entry")
        return [tuple(str(e.findtext(f"{ATOM}{name}")) for name in ("id", "title", "updated")) for e in found]  # type: ignore[misc]

    async def test_what_went_down_and_came_back_unless_it_is_muted(self, service: PageService) -> None:
        await service.record(
            closed("0.a", "a.test", started=NOON - HOUR, ended=NOON - 20 * MINUTE),
            opened("0.b", "b.test", started=NOON - 30 * MINUTE),
            opened("0.c", "c.test", kind=Kind.SIGNAL),
            opened("0.d", "muted.test"),
            opened("0.e", "ahead.test", started=NOON + HOUR),  # by Google's clock
        )
        await service.mute("muted.test")
        tag = "tag:uptime-check-manager,2026:0"
        assert await self.entries(service) == [
            (f"{tag}.e:down", "ahead.test went down", "2026-11-22T13:00:00Z"),
            (f"{tag}.a:over", "a.test is no longer down, after 40 min", "2026-11-22T11:40:00Z"),
            (f"{tag}.b:down", "b.test went down", "2026-11-22T11:30:00Z"),
            (f"{tag}.a:down", "a.test went down", "2026-11-22T11:00:00Z"),
        ]
        told = await self.entries(service)
        service.at = NOON + MINUTE
        assert await self.entries(service) == told
        for asked_for in ("b.test", "muted.test"):
            assert len(await self.entries(service, f"?name={asked_for}")) == 1

    async def test_feeds_of_hosts_can_be_told_apart_by_their_titles(self, service: PageService) -> None:
        await service.record(opened("1", "a.test"), opened("2", "api\nproject=prod"))
        for query, about in (("", ""), ("?name=A.test", "a.test: "), ("?name=api", "api: ")):
            feed = ET.fromstring((await service.get(f"/feed.xml{query}"))[2])
            assert feed.findtext(f"{ATOM}title") == f"{about}{ENGLISH.page.feed_title}"

    async def test_the_last_fifty_of_many_hosts(self, service: PageService) -> None:
        for number in range(30):
            await service.record(*blips(3, NOON - number * HOUR, f"h{number}.test"))
        await service.record(closed("0.long", "long.test", started=NOON - 20 * DAY, ended=NOON - MINUTE))
        found = await self.entries(service)
        assert len(found) == MAX_EVENTS
        assert found[0][1] == "long.test is no longer down, after 19 d 23 h"
        assert [at for _, _, at in found] == sorted((at for _, _, at in found), reverse=True)
        assert len({entry for entry, _, _ in found}) == MAX_EVENTS
        newest = {f"h{number}.test" for number in range(8)}
        assert {title.partition(" ")[0] for _, title, _ in found} >= newest

    async def test_links_lead_to_where_the_feed_was_read(self, service: PageService) -> None:
        await service.record(opened("1", "a/b & c"))
        _, headers, body = await service.get("/feed.xml", Host="127.0.0.1:1")
        links = [link.attrib["href"] for link in ET.fromstring(body).iter(f"{ATOM}link")]
        assert links[0] == "http://127.0.0.1:1/feed.xml"
        assert links[-1] == "http://127.0.0.1:1/host?name=a/b%20%26%20c"
        elsewhere = {"Host": "127.0.0.1:2", "If-None-Match": headers["etag"]}
        assert (await service.ask("GET", "/feed.xml", elsewhere))[0] == 200

    async def test_links_lead_to_the_address_of_the_page_if_one_is_configured(
        self, make_page: MakePage
    ) -> None:
        """A proxy that speaks HTTPS, or serves the page from a folder, cannot be told from the request."""
        service = make_page(at=NOON, page={"url": "https://uptime.example.com/x/", "open": True})
        assert "https://uptime.example.com/x/fromGCPMonitoring" in (await service.page()).one("pre").text
        await service.record(opened("1", "a.test"))
        feed = ET.fromstring((await service.ask("GET", "/feed.xml?name=a.test", AFAR))[2])
        links = [feed.findtext(f"{ATOM}id"), *(link.attrib["href"] for link in feed.iter(f"{ATOM}link"))]
        assert [str(link).removeprefix("https://uptime.example.com/x/") for link in links] == [
            "feed.xml?name=a.test",
            "feed.xml?name=a.test",
            "",
            "host?name=a.test",
        ]
