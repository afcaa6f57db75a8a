"""The list of hosts: what it says is what the digest says, and the address is the view."""

import gzip
import re
from urllib.parse import quote

import pytest
import pytest_asyncio
from hypothesis import given
from hypothesis import strategies as st

from handlers.page_maker import PageMaker
from hosts.changes import mute
from hosts.incident import CANCELLED, Kind, Person
from hosts.model import Patch
from languages import ENGLISH, KOREAN, Language, Locale
from page.board import Entry
from page.query import Shown
from page.rendering import render_row
from page.rows import row
from tests.builders import DAY, HOUR, MINUTE, NOON, blips, closed, opened, state_after, wish
from tests.pages import (
    Element,
    MakePage,
    PageService,
    hosts,
    pages_of,
    parsed,
    plant_problem,
    rows,
    silence,
)
from tests.support import ROOT, incident_body

in_both_languages = pytest.mark.parametrize("service", ["en", "ko"], indirect=True)


@pytest_asyncio.fixture
async def service(make_page: MakePage, request: pytest.FixtureRequest) -> PageService:
    language = getattr(request, "param", "en")
    return make_page(at=NOON, language=language, timezone="Asia/Seoul", hosts=["quiet.test"])


@pytest_asyncio.fixture
async def english(make_page: MakePage) -> PageService:
    return make_page(at=NOON)


def language_of(page: Element) -> Language:
    return KOREAN if page.one("html").attributes["lang"] == "ko" else ENGLISH


def groups(page: Element) -> list[tuple[str, list[str]]]:
    found = []
    for body in page.all("tbody"):
        (title,) = (th.text for th in body.all("th", scope="rowgroup"))
        found.append((title, hosts(body)))
    return found


def row_of(page: Element, host: str) -> Element:
    return page.one("tr", data_host=host)


def cell(row: Element, name: str) -> Element:
    return row.one("td", class_=name)


@in_both_languages
async def test_down_comes_first_then_warning_up_and_muted(service: PageService) -> None:
    await service.record(
        opened("1", "b-short.test", started=NOON - MINUTE),
        opened("2", "a-long.test", started=NOON - HOUR),
        opened("3", "z-warn.test", kind=Kind.CERTIFICATE, started=NOON - 2 * HOUR),
        opened("4", "y-warn.test", kind=Kind.SIGNAL, started=NOON - HOUR),
        closed("5", "up-2.test"),
        closed("6", "up-1.test"),
        opened("7", "muted.test"),
    )
    await service.mute("muted.test")
    page = await service.page()
    words = language_of(page)
    titles = [words.page.groups[shown] for shown in ("down", "warning", "up", "muted")]
    assert groups(page) == [
        (f"{titles[0]} · 2", ["a-long.test", "b-short.test"]),
        (f"{titles[1]} · 2", ["z-warn.test", "y-warn.test"]),
        (f"{titles[2]} · 3", ["quiet.test", "up-1.test", "up-2.test"]),
        (f"{titles[3]} · 1", ["muted.test"]),
    ]
    assert page.one("h1").text == words.some_down(2, 7)
    assert page.one("head").one("title").text == f"(2) {words.some_down(2, 7)}"
    assert page.one("h1").one("em").text in ("2 of 7", "2개")
    assert [cell(row, "state").text.split()[0] for row in rows(page)] == [*"▼▼◆◆●●●○"]


class TestWhatARowSays:
    @in_both_languages
    async def test_how_long_and_what_failed_with_the_way_to_google(self, service: PageService) -> None:
        url = "https://console.cloud.google.com/monitoring/alerting/incidents/0.1?project=a&b=c"
        started = NOON - 2 * HOUR - 13 * MINUTE
        await service.record(opened("0.1", "www.test", policy="www failure", url=url, started=started))
        page = await service.page()
        row, words = row_of(page, "www.test"), language_of(page)
        moment = cell(row, "lasting").one("time")
        assert moment.attributes["datetime"] == "2026-11-22T09:47:00Z"
        assert "18:47 KST" in moment.attributes["title"]
        assert moment.text in ("2 h 13 min", "2시간 13분째")
        link = cell(row, "what").one("a")
        assert (link.text, link.attributes["href"]) == ("www failure", url)
        assert cell(row, "state").text == f"▼ {words.statuses['down']}"  # type: ignore[index]

    async def test_what_matters_now_is_said_and_only_https_is_linked(self, service: PageService) -> None:
        back, long_ago = NOON - 35 * MINUTE, NOON - 25 * HOUR
        no_links = (
            "",
            "http://x.test/",
            "javascript:alert(1)",
            "https://x.test/\nx",
            " https://x.test",
            "data:,",
        )
        await service.record(
            *(opened(f"0.{n}", f"{n}.test", policy="failure", url=url) for n, url in enumerate(no_links)),
            opened("1", "lost.test", started=NOON - 8 * DAY),
            opened("2", "muted.test"),
            closed("3", "new.test", started=back - 12 * MINUTE, ended=back),
            closed("4", "old.test", started=long_ago, ended=long_ago + MINUTE),
            closed("5", "edited.test", observed=CANCELLED, started=back - 12 * MINUTE, ended=back),
            closed("6", "settled.test", resolved_by=Person("U1", "Mina"), started=NOON - 2 * HOUR, ended=NOON - HOUR),
            *blips(3, NOON, "flaps.test"),
        )  # fmt: skip
        await service.mute("muted.test", until=NOON + HOUR, reason="new release")
        shown = rows(await service.page())
        said = {
            row.attributes["data-host"]: [cell(row, "what").text, *(n.text for n in row.all(class_="note"))]
            for row in shown
        }
        assert said == {
            **{f"{n}.test": ["failure"] for n in range(len(no_links))},
            "lost.test": ["incident", ENGLISH.close_may_be_lost],
            "muted.test": ["by Mina until 22 Nov 22:00 · new release; down now"],
            "new.test": ["back for 35 min, was down 12 min"],
            "old.test": [""],
            "edited.test": [""],
            "settled.test": ["resolved by Mina 22 Nov 20:00 after 1 h"],
            "flaps.test": ["back for 9 min, was down 1 min", ENGLISH.flapping(outages=3, hours=24)],
            "quiet.test": ["", ENGLISH.never_reported],
        }
        assert not [row for row in shown if list(cell(row, "what").all("a"))]

    async def test_percentages_are_those_of_uptime_check(self, english: PageService) -> None:
        await english.record(
            closed("1", "www.test", started=NOON - 40 * DAY, ended=NOON - 40 * DAY + MINUTE),
            closed("2", "www.test", started=NOON - 2 * DAY, ended=NOON - 2 * DAY + 12 * HOUR),
        )
        row = row_of(await english.page(), "www.test")
        shares = [row.one("td", class_=name) for name in ("d1", "d7", "d30", "d90")]
        assert [share.text for share in shares] == ["100", "92.85", "98.33", "98.74"]
        assert [share.has(class_="less") for share in shares] == [False, True, True, True]
        assert "known since 2026-10-13 12:00 UTC" in shares[3].attributes["title"]
        assert "92.85" in await english.answer("uptime check www.test")

    async def test_unknown_time_does_not_count_as_100_percent(self, service: PageService) -> None:
        await service.record(opened("1", "new.test", started=NOON - HOUR))
        page = await service.page()
        for host in ("new.test", "quiet.test"):
            assert {td.text for td in row_of(page, host).all("td", class_="share")} == {"–"}


class TestStates:
    @in_both_languages
    async def test_before_anything_was_received_it_says_how_to_begin(self, service: PageService) -> None:
        page = await service.page(Host="127.0.0.1:8080")
        words = language_of(page)
        assert page.one("h1").text == f"{words.nothing_received} · {words.watched(1)}"
        lines = [p.text for p in page.one("section", class_="empty").all("p")]
        assert lines[:2] == [line.replace("*", "") for line in words.setup]
        command = page.one("pre").text
        assert "http://127.0.0.1:8080/fromGCPMonitoring" in command
        assert "a long enough password" not in command

    async def test_all_up_as_long_as_google_is_heard(self, english: PageService) -> None:
        await english.record(closed("1", "a.test"), closed("2", "b.test"))
        page = await english.page()
        assert (page.one("h1").text, page.one("h1").attributes["class"]) == ("Both hosts up", "well")
        assert page.one("link", rel="icon").attributes["href"].endswith("/up.svg")
        assert page.one("head").one("title").text == "Both hosts up"
        silence(english, 8 * 86_400)
        page = await english.page()
        assert page.one("h1").text == "Both hosts up, as far as heard"
        assert page.one("h1").attributes["class"] == "doubt"
        assert page.one("head").one("title").text == "(?) Both hosts up, as far as heard"
        assert page.one("link", rel="icon").attributes["href"].endswith("/unknown.svg")
        assert "is the webhook still connected?" in page.one(class_="say").text
        await english.deliver(incident_body(host="c.test"))
        page = await english.page()
        assert page.one("h1").text == "1 of 3 hosts down"
        assert not list(page.all(class_="say"))

    @pytest.mark.parametrize(
        ("language", "coloured"),
        [("en", ["h0.test is {}", "Both", "3"]), ("ko", ["h0.test {}", "2개", "3개"])],
    )
    async def test_the_tone_colours_the_number_or_all_that_is_said_of_the_only_host(
        self, make_page: MakePage, language: str, coloured: list[str]
    ) -> None:
        service = make_page(at=NOON, language=language)
        for number, told in enumerate(coloured):
            silence(service, 0)
            await service.record(closed(f"{number}", f"h{number}.test"))
            words = language_of(page := await service.page())
            assert page.one("h1").one("em").text == told.format(words.statuses["up"])  # type: ignore[index]
            silence(service, 8 * 86_400)
            heading = (await service.page()).one("h1")
            assert heading.attributes["class"] == "doubt"
            assert heading.one("em").text == (heading.text if number == 0 else told)

    async def test_what_is_wrong_with_the_program(self, english: PageService) -> None:
        await english.record(closed("1", "a.test"))
        plant_problem(english, "state.json <was> damaged")
        box = (await english.page()).one(class_="say")
        assert box.has(class_="bad")
        assert "state.json <was> damaged" in box.text

    @in_both_languages
    async def test_nothing_matches(self, service: PageService) -> None:
        await service.record(opened("1", "a.test"))
        page = await service.page("/?q=" + quote("<foo>&"))
        words = language_of(page)
        before, after = words.page.no_match
        assert page.one("h1").text == words.some_down(1, 2)
        assert f"{before}<foo>&{after}" in page.one("p", class_="empty").text
        assert hosts(page) == []

    async def test_without_script_it_says_when_and_loads_again(self, english: PageService) -> None:
        page = await english.page()
        assert page.one(class_="pulse").text == "As of 12:00:00"
        assert page.one("head").one("noscript").one("meta").attributes == {
            "http-equiv": "refresh",
            "content": "60",
        }


class TestTheAddressIsTheView:
    @pytest_asyncio.fixture(autouse=True)
    async def known(self, english: PageService) -> None:
        long = NOON - 50 * DAY
        await english.record(
            opened("1", "db.example.com"),
            opened("2", "login.shop.test", kind=Kind.SIGNAL),
            closed("3", "www.example.com", started=long, ended=long + MINUTE),
            closed("4", "api.shop.test", started=long, ended=NOON - 25 * DAY),
            closed("5", "Muted policy"),
        )
        await english.mute("Muted policy")

    @pytest.mark.parametrize(
        ("query", "shown"),
        [
            ("", ["db.example.com", "login.shop.test", "api.shop.test", "www.example.com", "Muted policy"]),
            ("?state=down", ["db.example.com"]),
            ("?state=warning", ["login.shop.test"]),
            ("?state=up", ["api.shop.test", "www.example.com"]),
            ("?state=muted", ["Muted policy"]),
            ("?state=all", ["db.example.com", "login.shop.test", "api.shop.test", "www.example.com", "Muted policy"]),
            ("?q=shop", ["login.shop.test", "api.shop.test"]),
            ("?q=SHOP", ["login.shop.test", "api.shop.test"]),
            ("?q=*.example.com", ["db.example.com", "www.example.com"]),
            ("?q=example.*", []),
            ("?q=+policy+", ["Muted policy"]),
            ("?q=shop&state=up", ["api.shop.test"]),
            *((f"?q={quote(written)}", ["db.example.com"]) for written in (
                "https://db.example.com/", "HTTPS://DB.example.com:8443/x?y", "db.example.com.", "db.example.com:443",
                "http://db.example.*/",
            )),
            ("?q=https://example.com/", ["db.example.com", "www.example.com"]),
            ("?q=xn--mnchen-3ya.shop.test", []),
            ("?q=com.", []),
            ("?q=%E2%80%8B", []),
            ("?sort=name", ["api.shop.test", "db.example.com", "login.shop.test", "Muted policy", "www.example.com"]),
            ("?sort=up&state=up", ["api.shop.test", "www.example.com"]),
            ("?page=99", ["db.example.com", "login.shop.test", "api.shop.test", "www.example.com", "Muted policy"]),
            ("?utm_source=chat&state=down", ["db.example.com"]),
        ],
    )  # fmt: skip
    async def test_hosts_are_filtered_and_sorted(
        self, english: PageService, query: str, shown: list[str]
    ) -> None:
        page = await english.page(f"/{query}")
        assert hosts(page) == shown
        assert page.one("h1").text == "1 of 4 hosts down"

    @pytest.mark.parametrize(
        ("query", "titles"),
        [
            ("?q=shop", ["Warnings · 1", "Up · 1"]),
            ("?q=*.example.com&state=up", ["Up · 1"]),
            ("?state=up", ["Up · 2"]),
        ],
    )
    async def test_a_heading_counts_what_is_shown_below_it(
        self, english: PageService, query: str, titles: list[str]
    ) -> None:
        assert [title for title, _ in groups(await english.page(f"/{query}"))] == titles

    @pytest.mark.parametrize(
        ("query", "says", "links"),
        [
            ("?q=shop&state=down", "No host that is down matches “shop”.", ["?q=shop", "."]),
            ("?q=shop&state=muted&sort=name", "No muted host matches “shop”.", ["?q=shop&sort=name", "."]),
            ("?q=foo", "No host matches “foo”.", ["."]),
            ("?state=unwatched", "No host is in this state.", ["."]),
        ],
    )
    async def test_if_nothing_matches_it_says_in_which_state(
        self, english: PageService, query: str, says: str, links: list[str]
    ) -> None:
        empty = (await english.page(f"/{query}")).one("p", class_="empty")
        assert empty.text.startswith(says)
        assert [a.attributes["href"] for a in empty.all("a")] == links

    async def test_a_name_is_found_in_its_ascii_form(self, english: PageService) -> None:
        await english.record(opened("1", "api.münchen.test"), opened("2", "munich.test"))
        for asked in (
            "api.xn--mnchen-3ya.test",
            "https://XN--MNCHEN-3YA.test/",
            "*.xn--mnchen-3ya.test",
            "MÜNCHEN",
        ):
            assert hosts(await english.page(f"/?q={quote(asked)}")) == ["api.münchen.test"], asked

    @pytest.mark.parametrize(
        ("query", "says"),
        [
            ("?state=broken", "state must be down, warning, up, muted or unwatched."),
            ("?sort=size", "sort must be state, name or up."),
            ("?view=grid", "view must be list or wall."),
            ("?page=0", "page must be a whole number"),
            ("?page=" + quote("٣"), "page must be a whole number"),
            ("?page=" + "9" * 50, "page must be a whole number"),
            ("?q=" + "a" * 501, "q must not have more than 500 characters."),
        ],
    )
    async def test_a_bad_value_is_answered_with_the_accepted_ones(
        self, english: PageService, query: str, says: str
    ) -> None:
        status, _, body = await english.get(f"/{query}")
        assert status == 400
        assert says in parsed(body).one("main").text

    async def test_a_search_keeps_the_rest_of_the_view(self, english: PageService) -> None:
        page = await english.page("/?state=up&q=shop&sort=name")
        fields = {i.attributes["name"]: i.attributes["value"] for i in page.one("form").all("input")}
        assert fields == {"q": "shop", "state": "up", "sort": "name"}
        links = [a.attributes["href"] for a in page.one("ul", class_="chips").all("a")]
        assert links[:2] == ["?q=shop&sort=name", "?state=down&q=shop&sort=name"]
        current = [a.text for a in page.one("ul", class_="chips").all("a", aria_current="true")]
        assert current == ["Up 2"]
        sorted_by = [th.text for th in page.all("th", aria_sort="ascending")]
        assert sorted_by == ["host"]


async def test_a_long_list_has_pages(english: PageService, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("page.lists.PER_PAGE", 2)
    await english.record(*(opened(f"0.{n}", f"h{n}.test", started=NOON - (9 - n) * MINUTE) for n in range(5)))
    for number, shown in ((1, [0, 1]), (2, [2, 3]), (3, [4]), (4, [4])):
        page = await english.page(f"/?page={number}")
        assert hosts(page) == [f"h{n}.test" for n in shown]
        assert page.one("h1").text == "All 5 hosts down"
        assert f"Page {min(number, 3)} of 3" in page.one("nav", class_="paging").text
        assert groups(page)[0][0] == "Down · 5"


@in_both_languages
async def test_a_page_says_how_many_follow_on_the_next_even_on_a_wall(
    service: PageService, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Otherwise a wall that ends among hosts down looks as if there were no others."""
    monkeypatch.setattr("page.lists.PER_PAGE", 2)
    await service.record(*(opened(f"0.{n}", f"{n}.test") for n in range(3)))
    await service.record(closed("1", "a.test"), closed("2", "b.test"))  # beside quiet.test
    for number, more in ((1, (1, "down")), (2, (2, "up"))):
        page = await service.page(f"/?view=wall&page={number}")
        words, told = language_of(page).page, page.one("nav", class_="paging")
        assert told.one("span").text.endswith(f" · {words.more(*more)}")
        assert told.one("a", rel="next").attributes["href"] == f"?page={number + 1}&view=wall"
    for last in ("/?view=wall&page=3", "/?sort=name&page=3"):
        told = (await service.page(last)).one("nav", class_="paging")
        assert told.one("span").text == words.page_of(page=3, pages=3)


class TestSentOnce:
    async def test_for_it_nothing_is_made(
        self, english: PageService, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        _, headers, _ = await english.get("/")
        monkeypatch.setattr(PageMaker, "cached", None)
        assert (await english.get("/", **{"If-None-Match": headers["etag"]}))[0] == 304

    async def test_news_is_sent(self, english: PageService) -> None:
        async def is_news(path: str = "/") -> bool:
            headers = {"Host": "localhost", "If-None-Match": etag}
            return (await english.ask("GET", path, headers))[0] == 200

        await english.record(opened("1", "a.test"))
        etag = (await english.get("/"))[1]["etag"]
        assert (await is_news("/"), await is_news("/?state=up")) == (False, True)
        await english.record(opened("2", "b.test"))
        assert await is_news()
        etag = (await english.get("/"))[1]["etag"]
        await english.mute("a.test")
        assert await is_news()
        etag = (await english.get("/"))[1]["etag"]
        english.at = NOON + MINUTE
        assert await is_news()
        etag = (await english.get("/"))[1]["etag"]
        plant_problem(english, "something is wrong")
        pages_of(english).boards.problems_changed()
        assert await is_news()

    async def test_answers_are_compressed_for_clients_that_accept_it(self, english: PageService) -> None:
        await english.record(opened("1", "a.test"))
        for accepts in ("gzip", "gzip, deflate, br", "*", "gzip;q=0", "", "br"):
            sent = accepts in ("gzip", "gzip, deflate, br", "*")
            _, headers, body = await english.get("/", **{"Accept-Encoding": accepts})
            assert (headers.get("content-encoding") == "gzip") == sent, accepts
            assert "Accept-Encoding" in headers["vary"]
            assert hosts(parsed(gzip.decompress(body) if sent else body)) == ["a.test"]


HOSTILE = [
    '"><img src=x onerror=alert(1)>', "'><svg/onload=alert(1)>", "{{ 1 }}{% raw x %}", "<!-- rows -->",
    "</title></table><style>*{display:none}</style>", "&lt;b&gt;", "..", "a/b%2F?x=1&y=2#z", "\u202emoc.elgoog",
    "x" * 500, "\u3164", "`code` *b*\\",
]  # fmt: skip


class TestForeignText:
    @pytest.mark.parametrize("text", HOSTILE)
    async def test_no_text_adds_an_element_or_an_attribute(self, service: PageService, text: str) -> None:
        """And all of it can be read."""

        async def page_with(name: str, words: str) -> Element:
            incidents = [
                opened("1", f"{name}.1", policy=words, condition=words, url="https://x.test/" + quote(words)),
                opened("2", f"{name}.2", kind=Kind.OTHER, policy=words),
                opened("3", f"{name}.3"),
            ]
            await service.record(*incidents)
            await service.change(mute(wish(f"{name}.3", by=Person(words, words), reason=words)))
            return await service.page()

        plain = await page_with("plain", "plain")
        await service.change(
            lambda state: Patch(dict.fromkeys(state.hosts), dict.fromkeys(state.host_by_incident), {})
        )
        hostile = await page_with(text, text)
        assert _without_wbr(hostile) == _without_wbr(plain)
        assert len(rows(hostile)) == 4  # and the quiet one

    @given(name=st.text(min_size=1, max_size=40), text=st.text(max_size=40))
    def test_any_name_is_a_row_of_the_same_shape(self, name: str, text: str) -> None:
        def shape(name: str, text: str) -> object:
            host = state_after(opened("1", "h", policy=text or "x")).hosts["h"]._replace(name=name)
            entry = Entry(host, name, name, Shown.DOWN, NOON)
            made = row(entry, NOON + HOUR, Locale(NOON.tzinfo, ENGLISH), in_full=True)  # type: ignore[arg-type]
            return _without_wbr(parsed(render_row(made)))

        assert shape(name, text) == shape("plain", "plain")

    def test_no_template_switches_escaping_off(self) -> None:
        for file in (ROOT / "page" / "templates").iterdir():
            text = file.read_text()
            assert not re.search(r"\{%-?\s*(raw|autoescape|module|import|from)\b", text), file
            unquoted = re.sub(r'"[^"]*"', '""', text)
            assert not re.search(r"\s(style|on\w+)\s*=|\s[\w-]+=[^\"=\s]|javascript:", unquoted), file
            assert not re.search(r"\b(href|src|action)=\"(https?:)?//", text), file


def _without_wbr(page: Element) -> object:
    """Titles of cut names apart, which long names alone have."""
    shape = repr(page.shape())
    return (
        shape.replace("['wbr', [], []], ", "")
        .replace(", ['wbr', [], []]", "")
        .replace("['wbr', [], []]", "")
        .replace("['href', 'title']", "['href']")
    )
