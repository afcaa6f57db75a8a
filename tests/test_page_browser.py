"""The page in a real browser: it stays true by itself, and everybody can use it."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.browser import Server, browser, expect, needs_browser, started, visited
from tests.support import incident_body

pytestmark = needs_browser
__all__ = ["browser"]


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    with started(Server(tmp_path)) as server:
        yield server


def goes(server: Server, state: str, host: str, number: int = 1) -> None:
    assert server.deliver(incident_body(f"0.{host}.{number}", state, host))[0] == 200


@pytest.fixture
def page(browser: Any) -> Iterator[Any]:
    with visited(browser) as page:
        yield page


@pytest.fixture
def live(server: Server, page: Any) -> Any:
    """It shows that a.test is down, and has a clock of its own."""
    goes(server, "open", "a.test")
    page.clock.install()
    page.goto(server.url)
    is_live(page)
    return page


def is_live(page: Any) -> None:
    expect(page.locator(".pulse")).to_contain_text("live")


def title_is(page: Any, title: str) -> None:
    expect(page).to_have_title(title)


def passes(page: Any, seconds: int) -> None:
    """By the page's own clock, which has to be installed."""
    for _ in range(seconds):
        page.clock.run_for(1000)


def stand_still(page: Any) -> None:
    """Nothing is asked without a reason from now on. The page's own clock has to be installed."""
    page.clock.pause_at(page.evaluate("Date.now()") / 1000 + 1)


def icon_of(page: Any) -> str:
    return str(page.locator("link[rel=icon]").get_attribute("href")).rpartition("/")[2]


class TestItStaysTrue:
    def test_a_delivery_shows_up_with_title_and_icon(self, server: Server, page: Any) -> None:
        goes(server, "open", "a.test")
        goes(server, "closed", "a.test")
        page.goto(server.url)
        title_is(page, "a.test is up")
        page.evaluate("window.notReloaded = true")
        goes(server, "open", "b.test")
        expect(page.locator("tr.down[data-host='b.test']")).to_be_visible()
        title_is(page, "(1) 1 of 2 hosts down")
        assert icon_of(page) == "down.svg"
        goes(server, "closed", "b.test")
        expect(page.locator("tr.up.fresh[data-host='b.test']")).to_be_visible()
        title_is(page, "Both hosts up")
        assert icon_of(page) == "up.svg"
        assert page.evaluate("window.notReloaded")

    def test_it_does_even_if_the_browser_has_idle_connections(self, server: Server, live: Any) -> None:
        """They were open before the edit. The clock stands still, so that nothing is asked without a reason."""
        live.evaluate("Promise.all([1, 2, 3, 4].map((each) => fetch(`?q=${each}`).then((it) => it.text())))")
        stand_still(live)
        server.config.write_text(server.config.read_text() + "hosts: [new.test]\n")
        expect(live.locator("tr.up[data-host='new.test']")).to_be_visible()

    @pytest.mark.parametrize("key", ["language: ko", "timezone: Asia/Seoul"])
    def test_an_edit_of_language_or_time_zone_loads_the_whole_page_again(
        self, server: Server, page: Any, key: str
    ) -> None:
        server.config.write_text(server.config.read_text().replace("language: en\n", ""))
        page.goto(server.url)
        is_live(page)
        page.evaluate("window.notReloaded = true")
        server.config.write_text(f"{server.config.read_text()}{key}\n")
        name, value = ("lang", "ko") if "ko" in key else ("data-zone", "Asia/Seoul")
        expect(page.locator(f"[{name}='{value}']")).to_have_count(1)
        assert not page.evaluate("window.notReloaded")

    def test_what_translators_and_extensions_add_to_the_page_does_not_load_it_again_and_again(
        self, server: Server, page: Any
    ) -> None:
        page.goto(server.url)
        is_live(page)
        page.evaluate(ADD_LIKE_EXTENSIONS)
        goes(server, "open", "a.test")
        expect(page.locator("tr.down[data-host='a.test']")).to_be_visible()
        assert page.evaluate("document.documentElement.lang") == "fr"

    def test_a_delivery_shows_up_on_the_page_of_one_host(self, server: Server, page: Any) -> None:
        goes(server, "open", "a.test")
        page.goto(f"{server.url}/host?name=a.test")
        goes(server, "closed", "a.test")
        expect(page.locator("header.up")).to_be_visible()
        title_is(page, "● a.test")

    def test_in_the_first_minute_of_an_outage_its_seconds_pass(self, server: Server, page: Any) -> None:
        """Without asking: the page is the same for all of a minute."""
        goes(server, "open", "a.test")
        page.clock.install()
        with page.expect_response(lambda response: response.request.resource_type == "fetch") as refreshed:
            page.goto(server.url)
        refreshed.value.finished()
        stand_still(page)
        passes(page, 1)
        lasting = page.locator("tr.down .lasting")
        before = int(lasting.inner_text().removesuffix(" s"))
        passes(page, 7)
        assert lasting.inner_text() == f"{before + 7} s"

    def test_a_page_without_room_for_a_stream_stays_up_to_date(self, server: Server, page: Any) -> None:
        page.route("**/events", lambda route: route.fulfill(status=204))
        page.clock.install()
        page.goto(server.url)
        goes(server, "open", "a.test")
        passes(page, 10)
        expect(page.locator("tr.down")).to_have_count(1)
        expect(page.locator(".pulse")).to_contain_text("refreshing")

    def test_a_wall_screen_with_the_password_in_its_address(self, tmp_path: Path, page: Any) -> None:
        keys = "page: {password: of the team}\ntrusted_proxies: [127.0.0.2]\n"
        with started(Server(tmp_path, keys)) as server:
            address = server.url.replace("127.0.0.1", "team:of%20the%20team@127.0.0.1")
            page.goto(f"{address}/?view=wall")
            goes(server, "open", "a.test")
            expect(page.locator("tr.down")).to_have_count(1)
            expect(page.locator("input[type=search]")).to_be_hidden()


ADD_LIKE_EXTENSIONS = """() => {
  document.documentElement.lang = "fr";
  document.body.dataset.spelling = "checked";
  document.head.append(document.createElement("script"));
}"""
LISTENS = "navigator.locks.request('uptime-check-manager', () => new Promise(() => {}))"
SAYS = "said => new BroadcastChannel('uptime-check-manager').postMessage(said)"
NOT_PARSED = """() => {
  const parse = DOMParser.prototype.parseFromString;
  DOMParser.prototype.parseFromString = () => { DOMParser.prototype.parseFromString = parse; throw new Error(); };
}"""


@pytest.fixture
def beside(server: Server, page: Any) -> Any:
    """A page whose clock stands still, beside the tab that listens, for which the test stands in."""
    page.add_init_script(LISTENS)
    page.clock.install()
    page.goto(server.url)
    stand_still(page)
    return page


def test_what_changes_while_a_page_loads_beside_others_is_not_missed(server: Server, beside: Any) -> None:
    """The tab that listens passed it on before this page could receive it."""
    goes(server, "open", "a.test")
    beside.evaluate(SAYS, "tick")
    passes(beside, 1)
    expect(beside.locator("tr.down[data-host='a.test']")).to_be_visible()


@pytest.mark.parametrize("failure", ["not answered", "not shown"])
def test_a_refresh_that_failed_is_repeated_although_the_stream_goes_on(
    server: Server, beside: Any, failure: str
) -> None:
    """Less than a minute passes by the page's clock."""
    if failure == "not answered":
        beside.route(f"{server.url}/", lambda route: route.fulfill(status=503), times=1)
    else:
        beside.evaluate(NOT_PARSED)
    goes(server, "open", "a.test")
    with beside.expect_response(f"{server.url}/"):
        beside.evaluate(SAYS, "news")
        passes(beside, 1)
    with beside.expect_response(f"{server.url}/"):
        for _ in range(30):
            beside.evaluate(SAYS, "tick")
            passes(beside, 1)
    expect(beside.locator("tr.down[data-host='a.test']")).to_be_visible()


class TestOutOfTouch:
    def test_it_is_said_and_is_over_after_a_restart(self, server: Server, live: Any) -> None:
        server.kill()
        passes(live, 10)
        expect(live.locator("body.lost")).to_have_count(1)
        expect(live.locator(".out-of-touch")).to_contain_text("Out of touch with the server since")
        assert live.title().startswith("(?) ")
        assert icon_of(live) == "unknown.svg"
        server.start()
        passes(live, 3)
        expect(live.locator("body.lost")).to_have_count(0)
        expect(live.locator(".out-of-touch")).to_have_count(0)
        title_is(live, "(1) a.test is down")
        assert icon_of(live) == "down.svg"

    def test_tabs_that_do_not_listen_notice_it_within_ten_seconds(self, server: Server, live: Any) -> None:
        other = live.context.new_page()
        other.goto(server.url)
        is_live(other)
        stand_still(other)
        with other.expect_event("requestfailed"):
            server.kill()
        passes(other, 9)
        expect(other.locator("body.lost")).to_have_count(1)

    def test_the_box_can_be_seen_wherever_the_page_is_scrolled(self, server: Server, live: Any) -> None:
        for number in range(30):
            goes(server, "open", f"{number}.test")
        expect(live.locator("tr[data-host]")).to_have_count(31)
        live.evaluate("scrollTo(0, document.body.scrollHeight)")
        server.kill()
        passes(live, 10)
        expect(live.locator(".out-of-touch")).to_be_in_viewport(ratio=1)

    def test_a_short_restart_shows_nothing(self, server: Server, live: Any) -> None:
        """However long the machine takes for it: four seconds pass by the page's clock."""
        live.evaluate(
            "new MutationObserver(() => { window.wasLost ||= document.body.classList.contains('lost') })"
            ".observe(document.body, {attributes: true})"
        )
        stand_still(live)
        server.kill()
        with live.expect_response(lambda response: response.ok and response.url.endswith("/events")):
            server.start()
        passes(live, 4)
        is_live(live)
        assert not live.evaluate("window.wasLost")

    def test_behind_a_proxy_the_stream_comes_back_soon_after_a_restart(
        self, server: Server, live: Any
    ) -> None:
        """The test stands in for the proxy, which answers 502 meanwhile, twice to the stream."""
        stand_still(live)
        live.route("**/*", lambda route: route.fulfill(status=502))
        with live.expect_response("**/events"):
            server.kill()
        with live.expect_response("**/events"):
            passes(live, 5)
        server.start()
        live.unroute("**/*")
        with live.expect_response(lambda response: response.ok and response.url.endswith("/events")):
            passes(live, 9)
        is_live(live)

    @pytest.mark.parametrize(
        ("path", "status"), [("/", 404), ("/", 403), ("/host?name=a.test", 404), ("/?view=wall", 200)]
    )
    def test_what_another_server_answers_in_its_place_is_no_contact(
        self, server: Server, page: Any, path: str, status: int
    ) -> None:
        """A proxy may answer with a page of its own while the server is away."""
        goes(server, "open", "a.test")
        page.clock.install()
        page.goto(f"{server.url}{path}")
        is_live(page)
        foreign = {
            "status": status,
            "content_type": "text/html",
            "body": "<title>Login</title><h1>Hello</h1>",
        }
        page.route(f"{server.url}{path}", lambda route: route.fulfill(**foreign))
        page.route("**/events", lambda route: route.fulfill(status=404))
        with page.expect_response("**/events"):
            server.kill()
        passes(page, 10)
        expect(page.locator("body.lost")).to_have_count(1)
        assert "a.test" in page.locator("h1").inner_text()
        seen = page.locator("h1, main > :is(.boxes, .big), table").filter(visible=True)
        filters = seen.evaluate_all("all => all.map(each => getComputedStyle(each).filter)")
        assert {*filters} == {"grayscale(1)"}
        server.start()
        page.unroute_all()
        passes(page, 3)
        expect(page.locator("body.lost")).to_have_count(0)

    def test_the_page_of_a_host_that_is_gone_says_so(self, server: Server, page: Any) -> None:
        config = server.config.read_text()
        page.goto(server.url)
        server.config.write_text(f"{config}hosts: [gone.test]\n")
        page.get_by_role("link", name="gone.test").click()
        is_live(page)
        server.config.write_text(config)
        expect(page.locator("h1")).to_have_text("Not found")
        expect(page.locator("main")).to_contain_text("gone.test")

    def test_a_stream_that_stays_away_is_asked_for_less_and_less(self, server: Server, page: Any) -> None:
        """Two to four seconds of pause, then twice as long each time, and a minute at most."""
        asked: list[str] = []
        page.on("response", lambda answer: asked.append(answer.url) if "/events" in answer.url else None)
        page.route("**/events", lambda route: route.fulfill(status=502))
        page.clock.install()
        with page.expect_response("**/events"):
            page.goto(server.url)
        stand_still(page)
        passes(page, 120)
        assert 4 <= len(asked) <= 8

    def test_a_server_with_too_many_readers_is_asked_again(self, server: Server, page: Any) -> None:
        page.route("**/events", lambda route: route.fulfill(status=204))
        page.clock.install()
        page.goto(server.url)
        stand_still(page)
        goes(server, "open", "a.test")
        busy = {"status": 503, "headers": {"Retry-After": "2"}}
        page.route(f"{server.url}/", lambda route: route.fulfill(**busy))
        for _ in range(2):
            with page.expect_response(f"{server.url}/"):
                passes(page, 10)
        expect(page.locator("body.lost")).to_have_count(0)
        page.unroute(f"{server.url}/")
        passes(page, 3)
        expect(page.locator("tr.down[data-host='a.test']")).to_be_visible()


class TestUsingIt:
    @pytest.fixture
    def known(self, server: Server, page: Any) -> Server:
        for host in ("a.shop.test", "b.shop.test", "c.pay.test"):
            goes(server, "open", host)
        goes(server, "closed", "c.pay.test")
        page.goto(server.url)
        return server

    def test_filters_sorting_back_and_search_are_in_the_address(self, known: Server, page: Any) -> None:
        page.get_by_role("link", name="Down 2").click()
        expect(page.locator("tr[data-host]")).to_have_count(2)
        page.get_by_role("link", name="host", exact=True).click()
        expect(page.locator("th[aria-sort=ascending]")).to_contain_text("host")
        page.get_by_role("link", name="a.shop.test").click()
        expect(page.locator("h1")).to_contain_text("a.shop.test")
        for _ in range(3):
            page.go_back()
        expect(page.locator("tr[data-host]")).to_have_count(3)
        expect(page).to_have_url(f"{known.url}/")
        page.keyboard.press("/")
        page.keyboard.type("shop")
        expect(page.locator("tr[data-host]")).to_have_count(2)
        expect(page).to_have_url(f"{known.url}/?q=shop")
        page.reload()
        expect(page.locator("tr[data-host]")).to_have_count(2)
        expect(page.locator("input[type=search]")).to_have_value("shop")

    def test_what_is_typed_and_focused_survives_a_change(self, known: Server, page: Any) -> None:
        is_live(page)
        page.locator("input[type=search]").fill("pay")
        expect(page.locator("tr[data-host]")).to_have_count(1)
        goes(known, "open", "d.pay.test")
        expect(page.locator("tr[data-host]")).to_have_count(2)
        expect(page.locator("input[type=search]")).to_have_value("pay")
        expect(page.locator("input[type=search]")).to_be_focused()
        link = page.locator("tr[data-host='c.pay.test'] a").first
        link.focus()
        goes(known, "open", "c.pay.test", 2)
        expect(page.locator("tr.down[data-host='c.pay.test']")).to_have_count(1)
        expect(page.locator("tr[data-host='c.pay.test'] a").first).to_be_focused()

    def test_tab_goes_through_the_page_in_the_order_of_reading(self, known: Server, page: Any) -> None:
        seen = []
        for _ in range(8):
            page.keyboard.press("Tab")
            seen.append(page.evaluate("document.activeElement.textContent || document.activeElement.name"))
        assert seen == ["Skip to the hosts", "q", "All 3", "Down 2", "Warnings 0", "Up 1", "Muted 0", "state"]
        assert known.url in page.url

    def test_eight_tabs_share_one_stream(self, known: Server, page: Any) -> None:
        tabs = [page, *(page.context.new_page() for _ in range(7))]
        streams: list[str] = []
        for tab in tabs:
            tab.on(
                "request", lambda request: streams.append(request.url) if "/events" in request.url else None
            )
            tab.goto(known.url)
            is_live(tab)
        goes(known, "open", "e.test")
        for tab in tabs:
            expect(tab.locator("tr[data-host='e.test']")).to_have_count(1)
        assert len(streams) <= 2  # one, and another if the tab that held it was loaded anew


def test_without_script_everything_can_be_read_and_filtered(server: Server, browser: Any) -> None:
    goes(server, "open", "a.test")
    goes(server, "closed", "a.test")
    goes(server, "open", "b.test")
    with visited(browser, java_script_enabled=False) as page:
        page.goto(server.url)
        assert page.locator(".pulse").inner_text().startswith("As of ")
        page.get_by_role("link", name="Down 1").click()
        assert page.locator("tr[data-host]").count() == 1
        page.locator("input[type=search]").fill("a.")
        page.get_by_role("button").click()
        assert page.url == f"{server.url}/?q=a.&state=down"
        assert "No host that is down matches" in page.locator(".empty").inner_text()
