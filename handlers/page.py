"""The list of hosts, and the files that it is shown with."""

import gzip
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha256

from tornado.web import HTTPError

from handlers.page_access import BadAddress, PageHandler
from handlers.page_maker import LEVEL, PageMaker
from page.board import Board
from page.host_page import host_page
from page.names import cut, visible
from page.query import BadQuery, Query, parse, text
from page.rendering import assets, render_host


@contextmanager
def as_bad_address() -> Iterator[None]:
    try:
        yield
    except BadQuery as error:
        raise BadAddress(400, str(error)) from None


class MadePageHandler(PageHandler):
    """Answers with something made from the state. Sent again only when that has changed."""

    def initialize(self, *, pages: PageMaker) -> None:
        self.pages = pages
        self.page = pages.config.page
        self.language = pages.locale.language
        self.lang = pages.lang

    def is_unchanged(self, *made_of: object) -> bool:
        """Whether the client has it already: then the answer is 304, and nothing has to be made."""
        self.set_header("Vary", "Accept-Encoding, Authorization")
        key = repr((self.pages.token, self.access, self.request.uri, made_of))
        self.set_header("ETag", f'W/"{sha256(key.encode("utf-8", "replace")).hexdigest()[:24]}"')
        if not self.check_etag_header():
            return False
        self.set_status(304)
        return True

    def query(self) -> Query:
        """Return what is asked for. Raises BadAddress."""
        with as_bad_address():
            return parse(self.arguments(), self.language)

    def host_name(self) -> str:
        """Raises BadAddress."""
        with as_bad_address():
            return text("name", self.arguments(), self.language)

    async def key_of(self, name: str, board: Board) -> str:
        """The host that a name means. Raises BadAddress with those that it may have meant."""
        if key := board.find(name):
            return key
        told = self.language.page.unknown_host(cut(visible(name)))
        raise BadAddress(404, told, await self.pages.nearest(name, board))

    def base(self) -> str:
        """The address by which the client has reached this server."""
        return f"{self.request.protocol}://{self.request.host}"

    def send_compressed(self, content: bytes) -> None:
        """Nearly everybody takes it as it is kept."""
        if accepts_gzip(self.request.headers.get("Accept-Encoding", "")):
            self.set_header("Content-Encoding", "gzip")
            self.write(content)
        else:
            self.write(gzip.decompress(content))


class ListHandler(MadePageHandler):
    """Answers /."""

    async def get(self) -> None:
        edition, query = self.pages.edition(), self.query()
        if not self.is_unchanged(edition):
            self.send_compressed(await self.pages.list_of(edition, query, self.base(), in_full=self.in_full))

    head = get


class HostHandler(MadePageHandler):
    """Answers /host."""

    async def get(self) -> None:
        edition, name = self.pages.edition(), self.host_name()
        if not self.is_unchanged(edition):
            key = ("host", edition, name, self.in_full)
            self.send_compressed(await self.pages.remembered(key, lambda: self._made(name)))

    head = get

    async def _made(self, name: str) -> bytes:
        board, top = await self.pages.board()
        key = await self.key_of(name, board)
        page = host_page(
            board.entry(key),
            board.name(key),
            top=top,
            log=self.pages.log(),
            now=board.now,
            locale=self.pages.locale,
            in_full=self.in_full,
        )
        return gzip.compress(render_host(page), LEVEL)


class AssetHandler(MadePageHandler):
    """Answers /assets/: content under a hash of itself never changes."""

    def get(self, content_hash: str, name: str) -> None:
        found = assets().get(name)
        if found is None or found.hash != content_hash:
            raise HTTPError(404)
        self.set_header("Content-Type", found.media_type)
        self.set_header("Cache-Control", "public, max-age=31536000, immutable")
        self.set_header("Vary", "Accept-Encoding")
        self.send_compressed(found.compressed)

    head = get


def accepts_gzip(header: str) -> bool:
    for item in header.lower().split(","):
        coding, _, weight = item.partition(";")
        if coding.strip() in ("gzip", "*"):
            return weight.strip().replace(" ", "") not in ("q=0", "q=0.0", "q=0.00", "q=0.000")
    return False
