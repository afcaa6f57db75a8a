"""Who may see the web page and how much of it, and the headers that all of it has."""

import re
from collections.abc import Sequence
from enum import Enum
from ipaddress import ip_address
from typing import Any

from tornado.httputil import HTTPServerRequest
from tornado.web import HTTPError

from config import Config, Page
from handlers.auth import is_authorized, is_near
from handlers.base import BaseHandler, RequestRejected
from languages import LANGUAGES, Language
from page.rendering import render_error

CHALLENGE = 'Basic realm="uptime-check-manager page", charset="UTF-8"'
FORBIDDEN = "not for this address: add it to page.addresses, or set page.password"
POLICY = (
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "private, no-cache",
}
_PORT = re.compile(r":[0-9]*\Z")


class Access(Enum):
    """How much somebody may see: nothing, all but what people wrote, or everything."""

    NONE = 0
    PARTIAL = 1
    FULL = 2


def access(request: HTTPServerRequest, page: Page) -> Access:
    """Passwords are good from anywhere, even if the page is open to everybody."""
    if is_authorized(request.headers.get_list("Authorization"), page) or _is_here(request, page):
        return Access.FULL
    return Access.PARTIAL if page.open else Access.NONE


def _is_here(request: HTTPServerRequest, page: Page) -> bool:
    if not is_near(request, page.networks):
        return False
    return not is_near(request, ()) or _names_this_machine(request.headers.get("Host", ""))


def _names_this_machine(host: str) -> bool:
    """Any site could point its own name here (DNS rebinding), and read what this machine's browser may."""
    name = _PORT.sub("", host).strip("[]").rstrip(".").lower()
    try:
        return ip_address(name).is_loopback
    except ValueError:
        return name == "localhost" or name.endswith(".localhost")


class BadAddress(HTTPError):
    """The sentence is for the reader: what the address should be."""

    def __init__(self, status: int, sentence: str, nearest: Sequence[str] = ()) -> None:
        """`nearest` are names of hosts that may have been meant."""
        super().__init__(status)
        self.sentence = sentence
        self.nearest = tuple(nearest)


class PageHandler(BaseHandler):
    """Answers 401 or 403 to strangers. Errors are pages for people."""

    config: Config  # which `initialize` sets
    access = Access.NONE

    def set_default_headers(self) -> None:
        super().set_default_headers()
        self.set_header("Content-Type", "text/html; charset=UTF-8")
        for name, value in HEADERS.items():
            self.set_header(name, value)

    def prepare(self) -> None:
        self.access = access(self.request, self.config.page)
        if self.may_see():
            return
        if self.config.page.passwords:
            raise HTTPError(401)
        raise HTTPError(403, reason=FORBIDDEN)

    def may_see(self) -> bool:
        return self.access is not Access.NONE

    @property
    def language(self) -> Language:
        return LANGUAGES[self.config.language]

    @property
    def in_full(self) -> bool:
        return self.access is Access.FULL

    def arguments(self) -> dict[str, str]:
        """Return the last value of each parameter, as it was sent."""
        found = self.request.query_arguments
        return {name: values[-1].decode("utf-8", "replace") for name, values in found.items()}

    def write_error(self, status_code: int, **kwargs: Any) -> None:
        if status_code == 401:
            self.set_header("WWW-Authenticate", CHALLENGE)
        error = kwargs.get("exc_info", (None, None, None))[1]
        sentence = str(error.reason) if isinstance(error, RequestRejected) else ""
        bad = error if isinstance(error, BadAddress) else BadAddress(status_code, sentence)
        self.explain(status_code, bad)

    def explain(self, status: int, bad: BadAddress) -> None:
        words = self.language.page
        title, text = words.refused.get(status) or words.refused[400 if status < 500 else 500]
        page = render_error(
            title,
            bad.sentence or text,
            bad.nearest,
            has_way_back=status in {400, 404},
            root="../" * (self.request.path.count("/") - 1),
            lang=self.config.language,
            words=words,
        )
        self.finish(page)
