"""A real browser at the real server. Without one, the tests that need it are skipped by name."""

import os
import shutil
import signal
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from tests.program import QUICK, Program
from tests.support import PATIENCE, free_port

NAMES = ("chromium", "chromium-browser", "google-chrome")
FOUND = os.environ.get("BROWSER_PATH") or next(filter(None, map(shutil.which, NAMES)), None)

needs_browser = pytest.mark.skipif(
    FOUND is None, reason="no Chromium here: apt-get install chromium, or set BROWSER_PATH"
)


def launched(chromium: Any, *arguments: str) -> Any:
    """Root's browser has no sandbox of its own."""
    sandbox = ["--no-sandbox"] if os.geteuid() == 0 else []
    return chromium.launch(executable_path=FOUND, args=[*sandbox, *arguments])


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    from playwright.sync_api import sync_playwright  # noqa: PLC0415 - only where there is a browser

    with sync_playwright() as playwright:
        browser = launched(playwright.chromium)
        yield browser
        browser.close()


class Server(Program):
    """The real program at one port, so that a browser finds it again after a restart."""

    def __init__(self, folder: Path, page: str = "", language: str = "en", **overrides: str) -> None:
        self.port = free_port()
        super().__init__(folder, *QUICK, **overrides)
        text = self.config.read_text().replace("port: 0", f"port: {self.port}")
        self.config.write_text(f"{text}language: {language}\n{page}")

    def kill(self) -> None:
        self.stop(signal.SIGKILL)


@contextmanager
def started(server: Server) -> Iterator[Server]:
    server.start()
    try:
        yield server
    finally:
        print(server.log())  # shown if the test fails
        with suppress(ValueError):  # a test may have killed it
            server.kill()


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
    unexpected = [each for each in complaints if not each.startswith("Failed to load resource")]
    assert not unexpected, unexpected


def is_ours(url: str) -> bool:
    return urlsplit(url).hostname == "127.0.0.1"


def expect(locator: Any) -> Any:
    from playwright.sync_api import expect as wait_for  # noqa: PLC0415

    wait_for.set_options(timeout=PATIENCE * 1000)
    return wait_for(locator)
