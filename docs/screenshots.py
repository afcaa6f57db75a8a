"""Takes the pictures of the page, from the real server in a real browser: python docs/screenshots.py"""

import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from playwright.sync_api import Browser, Page, sync_playwright

from hosts.incident import CANCELLED, Incident, Kind, Person
from hosts.model import Action, AuditEntry, Mute, Patch, State, apply
from tests.browser import Server, launched
from tests.builders import closed, encoded, opened, state_after

FOLDER = ROOT / "docs" / "page"
SMALL = (1280, 480)
HOUR, DAY, MINUTE = timedelta(hours=1), timedelta(days=1), timedelta(minutes=1)
URL = "https://console.cloud.google.com/monitoring/alerting/alerts/0.1"
# Host, how long ago each outage began, how long it lasted.
PAST = {
    "api.internal.example.org": [(45 * DAY, MINUTE)],
    "api.pay.example.com": [
        *((70 * DAY, 9 * MINUTE), (29 * DAY, 11 * MINUTE), (12 * DAY, 25 * MINUTE), (3 * DAY, HOUR)),
        *((2 * DAY, 190 * MINUTE), (20 * HOUR, 25 * MINUTE), (9 * HOUR, 12 * MINUTE)),
    ],
    "auth.example.com": [(200 * DAY, MINUTE)],
    "beta.pay.example.com": [
        *((78 * DAY, 12 * HOUR), (67 * DAY, 13 * HOUR), (25 * DAY, 20 * MINUTE), (10 * DAY, 24 * MINUTE)),
        (47 * MINUTE, 12 * MINUTE),
    ],
    "cart.pay.example.com": [(200 * DAY, MINUTE)],
    "db.example.com": [(120 * DAY, 3 * MINUTE), (86 * DAY, 3 * MINUTE), (49 * DAY, 20 * MINUTE)],
    "git.example.co.kr": [(75 * DAY, MINUTE)],
    "live.example.com": [(95 * DAY, MINUTE)],
    "login.example.co.kr": [(110 * DAY, MINUTE), (78 * DAY, 4 * MINUTE)],
    "shop.example.com": [(52 * DAY, MINUTE)],
    "staging.example.com": [(35 * DAY, 5 * MINUTE), (20 * DAY, 66 * HOUR)],
    "status.pay.example.com": [(99 * DAY, MINUTE)],
    "us.shop.example.com": [(99 * DAY, MINUTE), (22 * DAY, 3 * MINUTE), (10 * DAY, 3 * MINUTE)],
    "www.example.com": [(99 * DAY, MINUTE)],
}
ENDS: dict[str, dict[str, Any]] = {  # how some of them ended
    f"0.api.pay.example.com.{3 * DAY}": {"observed": CANCELLED},
    f"0.api.pay.example.com.{2 * DAY}": {"resolved_by": Person("U1", "Mina")},
}
NOW = {
    "api.pay.example.com": (133 * MINUTE, "pay api uptime failure · HTTP 503", Kind.DOWNTIME),
    "db.example.com": (2 * DAY + 5 * HOUR, "db uptime failure · connection refused", Kind.DOWNTIME),
    "login.example.co.kr": (6 * DAY, "certificate expires in 6 days", Kind.CERTIFICATE),
    "shop.example.com": (4 * MINUTE, "shop uptime failure · time-out", Kind.DOWNTIME),
    "staging.example.com": (5 * HOUR, "staging uptime failure", Kind.DOWNTIME),
}


def incidents(now: datetime) -> list[Incident]:
    past = [
        closed(f"0.{host}.{ago}", host, started=now - ago, ended=now - ago + lasted, url=URL, policy=failed)
        for host, outages in PAST.items()
        for ago, lasted in outages
        for failed in [f"{host.partition('.')[0]} uptime failure"]
    ]
    past = [incident._replace(**ENDS.get(incident.id, {})) for incident in past]
    going_on = [
        opened(f"0.{host}", host, started=now - ago, policy=policy, kind=kind, url=URL)
        for host, (ago, policy, kind) in NOW.items()
    ]
    return [*past, *going_on]


def usual_day(now: datetime) -> State:
    state = state_after(*incidents(now))
    mina = Person("U1", "Mina")
    mute = Mute("staging.example.com", mina, now - 5 * HOUR, until=now + 45 * HOUR, reason="new release")
    done = AuditEntry(Action.REMOVE, mute.host, mina, mute.at, until=mute.until, reason=mute.reason)
    api = "api.pay.example.com"
    settled = AuditEntry(Action.RESOLVE, api, mina, now - 2 * DAY + 190 * MINUTE)
    muted = AuditEntry(
        Action.REMOVE, api, Person("U2", "Jun"), now - 8 * DAY, until=now - 7 * DAY, reason="new release"
    )
    apply(state, Patch(mutes={mute.host: mute}, log=(muted, settled, done)))
    return state


def all_up(now: datetime) -> State:
    return state_after(*(incident for incident in incidents(now) if incident.ended))


def many_down(now: datetime) -> State:
    names = [f"node-{number:04}.example.com" for number in range(2_500)]
    return state_after(
        *(closed(f"0.{name}", name, started=now - 95 * DAY, ended=now - 95 * DAY + MINUTE) for name in names),
        *(
            opened(f"1.{name}", name, started=now - (2_000 - number) * MINUTE / 60, policy="ping", url=URL)
            for number, name in enumerate(names[:2_000])
        ),
    )


@contextmanager
def serving(state: State | None, keys: str = "", language: str = "en") -> Iterator[Server]:
    with tempfile.TemporaryDirectory() as name:
        if state:
            file = Path(name, "var", "state.json")
            file.parent.mkdir()
            file.write_bytes(encoded(state))
        server = Server(Path(name), f"timezone: Asia/Seoul\n{keys}", language)
        server.start()
        yield server
        with suppress(ValueError):
            server.kill()


def visited(browser: Browser, address: str, size: tuple[int, int], **context: object) -> Page:
    page = browser.new_page(viewport={"width": size[0], "height": size[1]}, **context)  # type: ignore[arg-type]
    page.goto(address)
    return page


def take(browser: Browser, address: str, name: str, size: tuple[int, int], **context: object) -> None:
    page = visited(browser, address, size, **context)
    if context.get("java_script_enabled", True):
        page.locator("body.live").wait_for()
    page.screenshot(path=FOLDER / f"{name}.png")
    page.close()


def main() -> None:
    FOLDER.mkdir(exist_ok=True)
    now = datetime.now(UTC).replace(microsecond=0)
    with sync_playwright() as playwright:
        browser = launched(playwright.chromium)
        pictures(browser, now)
        states(browser, now)
        browser.close()


def pictures(browser: Browser, now: datetime) -> None:
    with serving(usual_day(now)) as server:
        take(browser, f"{server.url}/", "desktop", (1280, 960))
        take(browser, f"{server.url}/", "dark", (1280, 960), color_scheme="dark")
        take(browser, f"{server.url}/", "phone", (390, 844), device_scale_factor=2)
        take(browser, f"{server.url}/?view=wall", "wall", (1920, 1080))
        take(browser, f"{server.url}/host?name=api.pay.example.com", "host", (1280, 900))
        take(browser, f"{server.url}/?q=foo", "no-match", SMALL)
        take(browser, f"{server.url}/", "without-script", SMALL, java_script_enabled=False)
    with serving(usual_day(now), language="ko") as server:
        take(browser, f"{server.url}/", "korean", (1280, 960))


def states(browser: Browser, now: datetime) -> None:
    with serving(None) as server:
        take(browser, f"{server.url}/", "begin", SMALL)
    with serving(all_up(now), "hosts: [admin.example.com]\n") as server:
        take(browser, f"{server.url}/", "all-up", SMALL)
    with serving(many_down(now)) as server:
        take(browser, f"{server.url}/", "many-down", SMALL)
    with serving(all_up(now), "silence_after: 1s\n") as server:
        take(browser, f"{server.url}/", "silent", SMALL)
    with serving(usual_day(now)) as server:
        page = visited(browser, server.url, SMALL)
        server.config.write_text(server.config.read_text().replace("Asia/Seoul", "Asia/Soul"))
        while not page.locator(".say.bad").count():
            page.wait_for_timeout(500)
            page.reload()
        page.locator("body.live").wait_for()
        page.screenshot(path=FOLDER / "trouble.png")
        page.close()
    with serving(usual_day(now)) as server:
        page = visited(browser, server.url, SMALL)
        page.locator("body.live").wait_for()
        server.kill()
        page.locator("body.lost").wait_for()
        page.screenshot(path=FOLDER / "out-of-touch.png")
        page.close()


if __name__ == "__main__":
    main()
