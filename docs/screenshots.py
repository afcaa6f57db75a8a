"""Takes the pictures of the page, from the real server in a real browser: python docs/screenshots.py"""

import sys
import tempfile
from datetime import UTC, datetime, timedelta
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from playwright.sync_api import Browser, sync_playwright

from hosts.incident import Incident, Kind, Person
from hosts.model import Action, AuditEntry, Mute
from hosts.patch import Patch, apply
from tests.browser import Server, launched
from tests.builders import closed, encoded, opened, state_after

FOLDER = ROOT / "docs" / "page"
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
NOW = {
    "api.pay.example.com": (133 * MINUTE, "pay api uptime failure · HTTP 503", Kind.DOWNTIME),
    "db.example.com": (2 * DAY + 5 * HOUR, "db uptime failure · connection refused", Kind.DOWNTIME),
    "login.example.co.kr": (6 * DAY, "certificate expires in 6 days", Kind.CERTIFICATE),
    "shop.example.com": (4 * MINUTE, "shop uptime failure · time-out", Kind.DOWNTIME),
    "staging.example.com": (5 * HOUR, "staging uptime failure", Kind.DOWNTIME),
}


def incidents(now: datetime) -> list[Incident]:
    past = [
        closed(f"0.{host}.{ago}", host, started=now - ago, ended=now - ago + lasted, policy="uptime failure")
        for host, outages in PAST.items()
        for ago, lasted in outages
    ]
    going_on = [
        opened(f"0.{host}", host, started=now - ago, policy=policy, kind=kind, url=URL)
        for host, (ago, policy, kind) in NOW.items()
    ]
    return [*past, *going_on]


def put_state(folder: Path) -> None:
    now = datetime.now(UTC).replace(microsecond=0)
    state = state_after(*incidents(now))
    mina = Person("U1", "Mina")
    mute = Mute("staging.example.com", *mina, now - 5 * HOUR, until=now + 45 * HOUR, reason="new release")
    done = AuditEntry(Action.REMOVE, mute.host, mina, mute.at, until=mute.until, reason=mute.reason)
    apply(state, Patch(mutes={mute.host: mute}, log=(done,)))
    (folder / "var").mkdir()
    (folder / "var" / "state.json").write_bytes(encoded(state))


def take(browser: Browser, address: str, name: str, size: tuple[int, int], **context: object) -> None:
    page = browser.new_page(viewport={"width": size[0], "height": size[1]}, **context)  # type: ignore[arg-type]
    page.goto(address)
    page.locator("body.live").wait_for()
    page.screenshot(path=FOLDER / f"{name}.png")
    page.close()


def main() -> None:
    FOLDER.mkdir(exist_ok=True)
    with sync_playwright() as playwright:
        browser = launched(playwright)
        for language in ("en", "ko"):
            with tempfile.TemporaryDirectory() as name:
                put_state(Path(name))
                server = Server(Path(name), "timezone: Asia/Seoul\n", language)
                server.start()
                pictures(browser, server.url, language)
                server.kill()
        browser.close()


def pictures(browser: Browser, url: str, language: str) -> None:
    if language == "ko":
        take(browser, f"{url}/", "korean", (1280, 960))
        return
    take(browser, f"{url}/", "desktop", (1280, 960))
    take(browser, f"{url}/", "dark", (1280, 960), color_scheme="dark")
    take(browser, f"{url}/", "phone", (390, 844), device_scale_factor=2)
    take(browser, f"{url}/?view=wall", "wall", (1920, 1080))
    take(browser, f"{url}/host?name=api.pay.example.com", "host", (1280, 760))


if __name__ == "__main__":
    main()
