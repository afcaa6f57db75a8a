"""How the page looks in a real browser: readable at any width, on paper, on a wall and with any colours."""

from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from docs.screenshots import all_up, usual_day
from hosts.incident import Kind
from hosts.model import State
from tests.browser import Server, browser, expect, launched, needs_browser, started, visited
from tests.builders import DAY, closed, encoded, happen, opened

pytestmark = needs_browser
__all__ = ["browser"]

RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
WIDTHS = (340, 390, 820, 940, 1280, 1920)
HOSTILE = [
    "<script>alert(1)</script>", '"><img src=x onerror=alert(1)>', "hosts", "..", "a/b?c=d&e#f", "x" * 500,
    "moc.\u202egoogle", "é" * 200, "긴 이름의 정책 " * 20, "\u3164.example",
]  # fmt: skip
LOST = "lost.example.com"  # down for so long that its close may have been lost
MANY = [f"{number}.example.com" for number in range(510)]  # more than fit on a page
UNBROKEN = "recent.example.com"  # what failed there is one long word


def example(folder: Path, name: str) -> None:
    """A state file as the server finds it."""
    now = datetime.now(UTC).replace(microsecond=0)
    started, url = now - 9 * DAY, "https://console.cloud.google.com/monitoring/alerting/alerts/0.1"
    down = {"some down": [LOST], "hostile": [LOST, *HOSTILE], "all down": MANY}.get(name, [])
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


@pytest.mark.parametrize("holding", ["all down"], indirect=True)
def test_a_wall_leads_to_those_for_whom_it_had_no_room(holding: Server, browser: Any) -> None:
    with visited(browser) as page:
        page.goto(f"{holding.url}/?view=wall")
        expect(page.locator(".paging")).to_contain_text("more down")
        page.get_by_role("link", name="Next").click()
        expect(page).to_have_url(f"{holding.url}/?page=2&view=wall")
        assert "more down" not in page.locator(".paging").inner_text()
        assert page.locator("nav:visible").count() == 1


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


HEIGHTS = "links => links.map(link => [link.textContent, link.getClientRects()[0].height])"
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
        behind = "getComputedStyle(document.querySelector('tr.down .days')).backgroundColor"
        assert page.evaluate(behind) == "rgba(0, 0, 0, 0)", "like that of unknown days"
        page.goto(f"{holding.url}/?view=wall")
        assert page.locator("footer .as-of").inner_text().startswith("As of ")


@pytest.mark.parametrize("holding", ["some down"], indirect=True)
@pytest.mark.parametrize("width", [390, 1280])
def test_links_are_high_enough_for_fingers(holding: Server, browser: Any, width: int) -> None:
    with visited(browser, viewport={"width": width, "height": 900}) as page:
        for path in ("/", "/?view=wall", f"/host?name={LOST}", "/host?name=up"):
            page.goto(f"{holding.url}{path}")
            heights = page.locator("a:visible:not(.skip)").evaluate_all(HEIGHTS)
            assert {text: high for text, high in heights if high < 24} == {}


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
