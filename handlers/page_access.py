"""Who may see the web page and how much of it, and the headers of all its responses."""

import gzip
import re
from collections.abc import Sequence
from ipaddress import ip_address
from typing import Any

from tornado.httputil import HTTPServerRequest
from tornado.web import HTTPError

from config import Config, Page
from handlers.auth import is_authorized, is_near
from handlers.base import BaseHandler, RequestRejected
from languages import Language
from page.rendering import render_error

CHALLENGE = 'Basic realm="uptime-check-manager page", charset="UTF-8"'
FORBIDDEN = (
    "not for this address: add it to page.addresses (if it is a proxy's, to trusted_proxies instead), "
    "or set page.password"
)
WRONG_NAME = (
    "not under this name: on this machine, use localhost or 127.0.0.1; behind a proxy, let it send "
    "X-Forwarded-For, and set trusted_proxies and page.addresses; or set page.password"
)
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
RETRY_AFTER = 2  # seconds
DEEPEST = 8  # folders in an address; from further down, links do not lead back step by step
# RFC 9110, sections 5.6.1 and 8.8.3: elements of a list may be empty.
_TAG = r'(?:W/)?("[\x21\x23-\x7e\x80-\xff]*+")'
_TAGS = re.compile(rf"(?:{_TAG})?(?:[ \t]*+,[ \t]*+(?:{_TAG})?)*+")
_PORT = re.compile(r":[0-9]*\Z")


def may_see_all(request: HTTPServerRequest, page: Page) -> bool:
    """Whether somebody may see what people wrote, too. Passwords are good from anywhere."""
    return is_authorized(request.headers.get_list("Authorization"), page) or _is_here(request, page)


def _is_here(request: HTTPServerRequest, page: Page) -> bool:
    if not is_near(request, page.networks):
        return False
    return not is_near(request, ()) or _names_this_machine(request.headers.get("Host", ""))


def _names_this_machine(host: str) -> bool:
    """Any site could point its own name here (DNS rebinding), and read what a browser here may read."""
    name = _PORT.sub("", host).strip("[]").rstrip(".").lower()
    try:
        return ip_address(name).is_loopback
    except ValueError:
        return name == "localhost" or name.endswith(".localhost")


class BadAddress(HTTPError):
    """A wrong address, with a sentence that says what it should be."""

    def __init__(
        self, status: int, sentence: str, nearest: Sequence[str] = (), reason: str | None = None
    ) -> None:
        """`nearest` are names of hosts that may have been meant. `reason` is for the log."""
        super().__init__(status, reason=reason)
        self.sentence = sentence
        self.nearest = tuple(nearest)


class PageHandler(BaseHandler):
    """Answers 401 or 403 to strangers. Errors are pages for people."""

    config: Config  # which `initialize` sets
    in_full = False  # whether what people wrote may be shown

    def set_default_headers(self) -> None:
        super().set_default_headers()
        self.set_header("Content-Type", "text/html; charset=UTF-8")
        for name, value in HEADERS.items():
            self.set_header(name, value)

    def prepare(self) -> None:
        self.in_full = may_see_all(self.request, self.config.page)
        if self.may_see():
            return
        if self.config.page.passwords:
            raise HTTPError(401)
        if is_near(self.request, ()):  # then what it lacks is a name of this machine
            raise BadAddress(403, self.language.page.wrong_name, reason=WRONG_NAME)
        raise HTTPError(403, reason=FORBIDDEN)

    def may_see(self) -> bool:
        return self.in_full or self.config.page.open

    @property
    def language(self) -> Language:
        return self.config.locale.language

    def arguments(self) -> dict[str, str]:
        """Return the last value of each parameter, as it was sent."""
        found = self.request.query_arguments
        return {name: values[-1].decode("utf-8", "replace") for name, values in found.items()}

    def check_etag_header(self) -> bool:
        """Tornado's treats a star anywhere, such as in `foo*`, like one that stands alone."""
        tag = self._headers.get("ETag", "")
        return bool(tag) and has_tag(self.request.headers.get("If-None-Match", ""), tag)

    def send_compressed(self, content: bytes) -> None:
        """Nearly every client takes it compressed, as it is kept."""
        if accepts_gzip(self.request.headers.get("Accept-Encoding", "")):
            self.set_header("Content-Encoding", "gzip")
            self.write(content)
        else:
            self.write(gzip.decompress(content))

    def write_error(self, status_code: int, **kwargs: Any) -> None:
        if status_code == 401:
            self.set_header("WWW-Authenticate", CHALLENGE)
        if status_code == 503:
            self.set_header("Retry-After", RETRY_AFTER)
        error = kwargs.get("exc_info", (None, None, None))[1]
        if isinstance(error, BadAddress):
            self.explain(status_code, error.sentence, error.nearest)
        else:
            self.explain(status_code, str(error.reason) if isinstance(error, RequestRejected) else "")

    def explain(self, status: int, sentence: str, nearest: Sequence[str] = ()) -> None:
        """Say what went wrong; without a sentence, what is said of every error of that status."""
        words = self.language.page
        folders = self.request.path.count("/") - 1
        title, text = words.refused.get(status) or words.refused[400 if status < 500 else 500]
        page = render_error(
            title,
            sentence or text,
            nearest,
            has_way_back=status in {400, 404},
            # Relative, as a proxy may serve the page from a folder, but no answer grows with its address.
            root="../" * folders if folders <= DEEPEST else "/",
            lang=self.config.language,
            words=words,
        )
        self.finish(page)


def has_tag(if_none_match: str, tag: str) -> bool:
    """Whether an If-None-Match names what has this tag, by weak comparison. A malformed one names nothing.

    https://www.rfc-editor.org/rfc/rfc9110.html#section-13.1.2
    """
    if if_none_match.strip() == "*":
        return True
    is_list = _TAGS.fullmatch(if_none_match.strip())
    return is_list is not None and tag.removeprefix("W/") in re.findall(_TAG, if_none_match)


def accepts_gzip(header: str) -> bool:
    for item in header.lower().split(","):
        coding, _, weight = item.partition(";")
        if coding.strip() in ("gzip", "*"):
            return weight.strip().replace(" ", "") not in ("q=0", "q=0.0", "q=0.00", "q=0.000")
    return False
