"""The page in a real browser: it stays true by itself, and everybody can use it."""

from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from docs.screenshots import all_up, usual_day
from hosts.incident import Kind
from hosts.model import State
from tests.browser import Server, browser, launched, needs_browser
from tests.builders import DAY, closed, encoded, happen, opened
from tests.support import PATIENCE, incident_body

pytestmark = needs_browser
__all__ = ["browser"]

RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
WIDTHS = (340, 390, 820, 940, 1280, 1920)
HOSTILE = [
    "<script>alert(1)</script>", '"><img src=x onerror=alert(1)>', "hosts", "..", "a/b?c=d&e#f", "x" * 500,
    "moc.\u202egoogle", "é" * 200, "긴 이름의 정책 " * 20, "\u3164.example",
]  # fmt: skip
LOST = "lost.example.com"  # down for so long that its close may have been lost
UNBROKEN = "recent.example.com"  # what failed there is one long word


@contextmanager
def started(server: Server) -> Iterator[Server]:
    server.start()
    try:
        yield server
    finally:
        print(server.log())  # shown if the test fails
        with suppress(ValueError):  # a test may have killed it
            server.kill()


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    with started(Server(tmp_path)) as server:
        yield server


def goes(server: Server, state: str, host: str, number: int = 1) -> None:
    assert server.deliver(incident_body(f"0.{host}.{number}", state, host))[0] == 200


@contextmanager
def visited(browser: Any, **options: Any) -> Iterator[Any]:
    """A page in a browser of its own, which logs no errors and makes no requests to others.

    A killed server that does not answer is not an error.
    """
    context = browser.new_context(**options)
    page = context.new_page()
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("request", lambda request: complaints.append(request.url) if not is_ours(request.url) else None)
    yield page
    context.close()
    assert [each for each in complaints if not each.startswith("Failed to load resource")] == []


def is_ours(url: str) -> bool:
    return urlsplit(url).hostname == "127.0.0.1"


@pytest.fixture
def page(browser: Any) -> Iterator[Any]:
    with visited(browser) as page:
        yield page


def expect(locator: Any) -> Any:
    from playwright.sync_api import expect as wait_for  # noqa: PLC0415

    wait_for.set_options(timeout=PATIENCE * 1000)
    return wait_for(locator)


@pytest.fixture
def live(server: Server, page: Any) -> Any:
    """It shows that a.test is down, and has a clock of its own."""
    goes(server, "open", "a.test")
    page.clock.install()
    page.goto(server.url)
    expect(page.locator(".pulse")).to_contain_text("live")
    return page


def title_is(page: Any, title: str) -> None:
    expect(page).to_have_title(title)


def passes(page: Any, seconds: int) -> None:
    """By the page's own clock, which has to be installed."""
    for _ in range(seconds):
        page.clock.run_for(1000)


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
        live.clock.pause_at(live.evaluate("Date.now()") / 1000 + 1)
        server.config.write_text(server.config.read_text() + "hosts: [new.test]\n")
        expect(live.locator("tr.up[data-host='new.test']")).to_be_visible()

    @pytest.mark.parametrize("key", ["language: ko", "timezone: Asia/Seoul"])
    def test_an_edit_of_language_or_time_zone_loads_the_whole_page_again(
        self, server: Server, page: Any, key: str
    ) -> None:
        server.config.write_text(server.config.read_text().replace("language: en\n", ""))
        page.goto(server.url)
        expect(page.locator(".pulse")).to_contain_text("live")
        page.evaluate("window.notReloaded = true")
        server.config.write_text(f"{server.config.read_text()}{key}\n")
        name, value = ("lang", "ko") if "ko" in key else ("data-zone", "Asia/Seoul")
        expect(page.locator(f"[{name}='{value}']")).to_have_count(1)
        assert not page.evaluate("window.notReloaded")

    def test_what_translators_and_extensions_add_to_the_page_does_not_load_it_again_and_again(
        self, server: Server, page: Any
    ) -> None:
        page.goto(server.url)
        expect(page.locator(".pulse")).to_contain_text("live")
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


def test_what_changes_while_a_page_loads_beside_others_is_not_missed(server: Server, page: Any) -> None:
    """The tab that listens, for which the test stands in, passed it on before this page could receive it."""
    page.add_init_script(LISTENS)
    page.clock.install()
    page.goto(server.url)
    page.clock.pause_at(page.evaluate("Date.now()") / 1000 + 1)
    goes(server, "open", "a.test")
    page.evaluate(SAYS, "tick")
    passes(page, 1)
    expect(page.locator("tr.down[data-host='a.test']")).to_be_visible()


@pytest.mark.parametrize("failure", ["not answered", "not shown"])
def test_a_refresh_that_failed_is_repeated_although_the_stream_goes_on(
    server: Server, page: Any, failure: str
) -> None:
    """The test stands in for the tab that listens, and less than a minute passes by the page's clock."""
    page.add_init_script(LISTENS)
    page.clock.install()
    page.goto(server.url)
    page.clock.pause_at(page.evaluate("Date.now()") / 1000 + 1)
    if failure == "not answered":
        page.route(f"{server.url}/", lambda route: route.fulfill(status=503), times=1)
    else:
        page.evaluate(NOT_PARSED)
    goes(server, "open", "a.test")
    with page.expect_response(f"{server.url}/"):
        page.evaluate(SAYS, "news")
        passes(page, 1)
    with page.expect_response(f"{server.url}/"):
        for _ in range(30):
            page.evaluate(SAYS, "tick")
            passes(page, 1)
    expect(page.locator("tr.down[data-host='a.test']")).to_be_visible()


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
        expect(other.locator(".pulse")).to_contain_text("live")
        other.clock.pause_at(other.evaluate("Date.now()") / 1000 + 1)  # nothing is asked without a reason
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
        live.clock.pause_at(live.evaluate("Date.now()") / 1000 + 1)
        server.kill()
        with live.expect_response(lambda response: response.ok and response.url.endswith("/events")):
            server.start()
        passes(live, 4)
        expect(live.locator(".pulse")).to_contain_text("live")
        assert not live.evaluate("window.wasLost")

    def test_behind_a_proxy_the_stream_comes_back_soon_after_a_restart(
        self, server: Server, page: Any
    ) -> None:
        """The test stands in for the proxy, which answers 502 meanwhile, twice to the stream."""
        goes(server, "open", "a.test")
        page.clock.install()
        page.goto(server.url)
        expect(page.locator(".pulse")).to_contain_text("live")
        page.clock.pause_at(page.evaluate("Date.now()") / 1000 + 1)
        page.route("**/*", lambda route: route.fulfill(status=502))
        with page.expect_response("**/events"):
            server.kill()
        with page.expect_response("**/events"):
            passes(page, 5)
        server.start()
        page.unroute("**/*")
        with page.expect_response(lambda response: response.ok and response.url.endswith("/events")):
            passes(page, 9)
        expect(page.locator(".pulse")).to_contain_text("live")

    def test_a_stream_that_stays_away_is_asked_for_less_and_less(self, server: Server, page: Any) -> None:
        """Two to four seconds of pause, then twice as long each time, and a minute at most."""
        asked: list[str] = []
        page.on("response", lambda answer: asked.append(answer.url) if "/events" in answer.url else None)
        page.route("**/events", lambda route: route.fulfill(status=502))
        page.clock.install()
        with page.expect_response("**/events"):
            page.goto(server.url)
        page.clock.pause_at(page.evaluate("Date.now()") / 1000 + 1)
        passes(page, 120)
        assert 4 <= len(asked) <= 8

    def test_a_server_with_too_many_readers_is_asked_again(self, server: Server, page: Any) -> None:
        page.route("**/events", lambda route: route.fulfill(status=204))
        page.clock.install()
        page.goto(server.url)
        page.clock.pause_at(page.evaluate("Date.now()") / 1000 + 1)
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
        expect(page.locator(".pulse")).to_contain_text("live")
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
            expect(tab.locator(".pulse")).to_contain_text("live")
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
        assert "No host matches" in page.locator(".empty").inner_text()


def example(folder: Path, name: str) -> None:
    """A state file as the server finds it."""
    now = datetime.now(UTC).replace(microsecond=0)
    started, url = now - 9 * DAY, "https://console.cloud.google.com/monitoring/alerting/alerts/0.1"
    down = {"some down": [LOST], "hostile": [LOST, *HOSTILE]}.get(name, [])
    more = [opened(f"more {n}", text, started=started, policy=text, url=url) for n, text in enumerate(down)]
    up = [f"service-{n:03}.production.example.com" for n in range(136)] if name == "150 hosts" else []
    if name == "hostile":
        recently, unbroken = now - timedelta(hours=2, minutes=13), "x" * 500  # as long as a duration gets
        about = {"started": recently, "policy": unbroken, "url": url}
        more.append(opened("w1", "login.example.com", kind=Kind.CERTIFICATE, **about))
        more.append(opened("w2", UNBROKEN, **about))
    more += [closed(host, host, started=started, ended=now - 8 * DAY) for host in up]
    state = {"empty": lambda _: State(), "all up": all_up, "hostile": all_up}.get(name, usual_day)(now)
    happen(state, *more)
    folder.joinpath("var").mkdir()
    folder.joinpath("var", "state.json").write_bytes(encoded(state))


def checked(page: Any, width: int, rules: list[str]) -> None:
    from axe_playwright_python.sync_playwright import Axe  # noqa: PLC0415

    page.set_viewport_size({"width": width, "height": 900})
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    if rules:
        if not page.evaluate("'axe' in window"):
            page.evaluate(Axe().axe_script)
        options = {"runOnly": rules, "resultTypes": ["violations"]}
        assert page.evaluate("async options => (await axe.run(options)).violations", options) == []


LOOKS = {  # of each example, as which path; a server that is killed comes last
    "empty": {"empty": "/"},
    "all up": {"all up": "/", "error": "/host?name=up", "silent": "/"},
    "some down": {
        "some down": "/",
        "one host": f"/host?name={LOST}",
        "wall": "/?view=wall",
        "out of touch": "/",
    },
    "hostile": {"hostile": "/", "hostile wall": "/?view=wall", "hostile host": f"/host?name={UNBROKEN}"},
}


@pytest.mark.parametrize(
    ("name", "language"), [*((name, "en") for name in LOOKS), ("empty", "ko"), ("some down", "ko")]
)
def test_axe_finds_nothing_at_any_width(tmp_path: Path, browser: Any, name: str, language: str) -> None:
    """A narrow page is examined in light colours, a wide one in dark ones."""
    example(tmp_path, name)
    server = Server(tmp_path, language=language)
    with started(server):
        for look, path in LOOKS[name].items():
            with showing(browser, server, look, path) as page:
                for width in WIDTHS:
                    checked(page, width, RULES if width == 390 else [])
                page.emulate_media(color_scheme="dark")
                checked(page, 1280, RULES)


@contextmanager
def showing(browser: Any, server: Server, look: str, path: str) -> Iterator[Any]:
    with visited(browser, color_scheme="light", reduced_motion="reduce") as page:
        if look == "silent":
            server.config.write_text(f"{server.config.read_text()}silence_after: 1s\n")
            server.until(lambda: bool(server.health()[1]["problems"]))
        page.clock.install()
        page.goto(f"{server.url}{path}")
        if look == "out of touch":
            expect(page.locator(".pulse")).to_contain_text("·")
            server.kill()
            page.clock.fast_forward(30_000)
            expect(page.locator("body.lost")).to_have_count(1)
        yield page


@pytest.fixture
def holding(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Server]:
    """A server with the state of an example."""
    example(tmp_path, request.param)
    with started(Server(tmp_path)) as server:
        yield server


@pytest.mark.parametrize("holding", ["hostile"], indirect=True)
def test_text_twice_as_large_needs_no_scrolling_sideways(holding: Server, browser: Any) -> None:
    """As somebody sets it in the browser, for all pages."""
    large = launched(browser.browser_type, "--blink-settings=defaultFontSize=32")
    with closing(large), visited(large) as page:
        for path in ("/", "/?q=nothing", "/?view=wall", f"/host?name={LOST}"):
            page.goto(f"{holding.url}{path}")
            for width in WIDTHS:
                checked(page, width, [])


@pytest.mark.parametrize("holding", ["150 hosts"], indirect=True)
def test_a_wall_of_150_hosts_needs_no_scrolling(holding: Server, browser: Any) -> None:
    with visited(browser, viewport={"width": 1920, "height": 1080}) as page:
        page.goto(f"{holding.url}/?view=wall")
        assert page.locator("tr[data-host]:visible").count() == 150
        assert page.evaluate("document.documentElement.scrollHeight") <= 1080


@pytest.mark.parametrize("holding", ["all up"], indirect=True)
@pytest.mark.parametrize("width", [340, 640, 900])
def test_a_card_says_the_share_of_the_last_month(holding: Server, browser: Any, width: int) -> None:
    with visited(browser, viewport={"width": width, "height": 900}) as page:
        page.goto(f"{holding.url}/?q=www.example.com")
        assert page.locator("td.share:visible").all_inner_texts() == ["100"]
        assert page.evaluate(AROUND_THE_SHARE) == ["30 d", "%"]


AROUND_THE_SHARE = """['::before', '::after'].map(
  part => getComputedStyle(document.querySelector('td.d30'), part).content.replaceAll('"', '').trim()
)"""


@pytest.mark.parametrize("holding", ["some down"], indirect=True)
def test_whatever_has_the_focus_can_be_seen_on_a_narrow_screen(holding: Server, browser: Any) -> None:
    with visited(browser, viewport={"width": 390, "height": 900}) as page:
        page.goto(holding.url)
        links = page.locator("thead a")
        assert links.count() == 3
        for number in range(3):
            links.nth(number).focus()
            expect(links.nth(number)).to_be_in_viewport()
            assert links.nth(number).evaluate(IS_ON_TOP)


IS_ON_TOP = """link => {
  const { x, y, width, height } = link.getBoundingClientRect();
  return document.elementFromPoint(x + width / 2, y + height / 2) === link;
}"""


@pytest.mark.parametrize("holding", ["some down"], indirect=True)
def test_paper_has_a_light_table_with_the_date_and_the_shares(holding: Server, browser: Any) -> None:
    with visited(browser, color_scheme="dark", viewport={"width": 718, "height": 900}) as page:
        page.goto(holding.url)
        expect(page.locator("body.live")).to_have_count(1)
        page.emulate_media(media="print", color_scheme="dark")
        assert page.locator("footer .as-of").inner_text().startswith(f"As of {datetime.now(UTC):%Y-}")
        assert page.locator("tr[data-host] .d30:visible").count() == page.locator("tr[data-host]").count()
        assert page.evaluate("getComputedStyle(document.querySelector('tbody tr')).display") == "table-row"
        assert page.evaluate("getComputedStyle(document.documentElement).color") == "rgb(29, 31, 33)"


@pytest.mark.parametrize("holding", ["all up"], indirect=True)
def test_an_up_host_has_the_same_sign_on_the_wall_whatever_is_noted(holding: Server, browser: Any) -> None:
    holding.config.write_text(f"{holding.config.read_text()}hosts: [never.test]\n")
    with visited(browser) as page:
        page.goto(f"{holding.url}/?view=wall")
        expect(page.locator("tr[data-host='never.test'] .note")).to_be_visible()
        colour = "element => getComputedStyle(element).color"
        signs = page.locator("tr.up .state i").evaluate_all(f"all => all.map({colour})")
        assert len({*signs}) == 1


@pytest.mark.parametrize("holding", ["some down"], indirect=True)
def test_colours_of_a_high_contrast_theme_leave_the_bars_readable(holding: Server, browser: Any) -> None:
    with visited(browser, forced_colors="active") as page:
        page.goto(holding.url)
        bar = "getComputedStyle(document.querySelector('.days svg')).backgroundImage"
        assert "gradient" in page.evaluate(bar)
