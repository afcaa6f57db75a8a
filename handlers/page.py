"""The list of hosts, the page of each, and the files that they are shown with."""

import asyncio
from abc import ABC, abstractmethod
from collections.abc import Awaitable, Callable, Iterable, Iterator
from hashlib import sha256
from itertools import groupby
from operator import attrgetter

from tornado.web import HTTPError

from config import Config
from handlers.page_access import BadAddress, PageHandler
from handlers.page_boards import BoardSnapshot
from handlers.page_maker import Answer, PageMaker
from handlers.sample_delivery import sample_delivery_command
from page.board import Board, Entry
from page.host_page import host_page
from page.lists import ListPage, Selection, group_title, list_page
from page.phrases import cut, show_invisible
from page.query import BadQuery, Query, Shown, Sort, parse, text
from page.rendering import assets, render_group, render_host, render_list


class CachedPageHandler(PageHandler, ABC):
    """Sends what is rendered from the state: once for all who ask, and again only when that has changed."""

    _work: asyncio.Task[None] | None = None
    _has_left = False

    def initialize(self, *, pages: PageMaker) -> None:
        self.pages = pages
        self.config = pages.config

    def set_default_headers(self) -> None:
        super().set_default_headers()
        self.set_header("Vary", "Accept-Encoding, Authorization")

    def prepare(self) -> None:
        super().prepare()
        if not self.pages.has_room():
            raise HTTPError(503)
        self.pages.asking.add(self)

    async def get(self) -> None:
        """Give up what is being made once the client has hung up: others wait for their turn."""
        self._work = asyncio.ensure_future(self.answer())
        try:
            await self._work
        except BadQuery as error:
            raise BadAddress(400, str(error)) from None
        except asyncio.CancelledError:
            if not self._has_left:
                raise

    @abstractmethod
    async def answer(self) -> None:
        """Answer a GET. Raises BadQuery or BadAddress."""

    def on_connection_close(self) -> None:
        self._has_left = True
        if self._work:
            self._work.cancel()

    def on_finish(self) -> None:
        self.pages.asking.discard(self)

    def is_unchanged(self, *depends_on: object) -> bool:
        """Whether the client has it already: then the answer is 304, and nothing has to be made.

        Only for what would be answered with 200: what does not exist, nobody has.
        """
        key = repr((self.pages.token, self.in_full, self.request.uri, depends_on))
        self.set_header("ETag", f'W/"{sha256(key.encode("utf-8", "replace")).hexdigest()[:24]}"')
        if not self.check_etag_header():
            return False
        self.set_status(304)
        return True

    async def send_cached(
        self, snapshot: BoardSnapshot, render: Callable[[], Awaitable[Answer]], *asked: object
    ) -> None:
        """Send what `render` makes of it, if it is new to the client.

        Everyone who may see as much and has `asked` for the same gets the same.
        """
        if self.is_unchanged(snapshot.version, asked):
            return
        answer = await self.pages.cached((type(self), snapshot.version, asked, self.in_full), render)
        for name, value in answer.headers.items():
            self.set_header(name, value)
        self.send_compressed(answer.compressed)

    def query(self) -> Query:
        return parse(self.arguments(), self.language)

    def host_name(self) -> str:
        return text("name", self.arguments(), self.language)

    async def key_of(self, name: str, snapshot: BoardSnapshot) -> str:
        """The host that a name means. Raises BadQuery, or BadAddress with those that it may have meant."""
        if not name:
            raise BadQuery(self.language.page.no_name)
        if key := snapshot.board.find(name):
            return key
        told = self.language.not_known(cut(show_invisible(name)))
        raise BadAddress(404, told, await self.pages.nearest(name, snapshot))

    def base(self) -> str:
        """The address of the page; if none is configured, that at which the client reached this server."""
        return self.config.page.url.rstrip("/") or f"{self.request.protocol}://{self.request.host}"


class ListHandler(CachedPageHandler):
    """Answers /."""

    async def answer(self) -> None:
        query, command = self.query(), self._sample_command()
        snapshot = await self.pages.boards.latest()
        await self.send_cached(snapshot, lambda: self._render(snapshot, query, command), query, command)

    async def _render(self, snapshot: BoardSnapshot, query: Query, sample_command: str) -> Answer:
        board = snapshot.board
        selection = await self.pages.select(board, query)
        page = list_page(
            board,
            query,
            selection,
            snapshot.head,
            self.pages.locale,
            sample_command=sample_command,
            in_full=self.in_full,
        )
        return await self.pages.answer(self._pieces(page, board, query, selection))

    def _pieces(self, page: ListPage, board: Board, query: Query, selection: Selection) -> Iterator[bytes]:
        """In any other order than that of the states, all hosts are one group without a heading."""
        entries = map(board.entry, selection.keys)
        groups: Iterable[tuple[Shown | None, Iterable[Entry]]] = [(None, entries)]
        if query.sort is Sort.STATE:
            groups = groupby(entries, attrgetter("shown"))
        before, after = render_list(page, rows=bool(selection.keys))
        yield before
        for shown, some in groups:
            start, end = render_group(
                group_title(shown, selection, board, self.pages.locale) if shown else ""
            )
            yield start
            for entry in some:
                yield self.pages.rows.row(entry, board.now, in_full=self.in_full)
            yield end
        yield after

    def _sample_command(self) -> str:
        """The command that sends a sample delivery; empty once there is no need to try."""
        if self.pages.store.state.has_received() or not self.in_full:
            return ""
        return sample_delivery_command(self.config.gcp, self.base())


class HostHandler(CachedPageHandler):
    """Answers /host."""

    async def answer(self) -> None:
        name = self.host_name()
        snapshot = await self.pages.boards.latest()
        key = await self.key_of(name, snapshot)
        await self.send_cached(snapshot, lambda: self._render(snapshot, key), key)

    async def _render(self, snapshot: BoardSnapshot, key: str) -> Answer:
        return await self.pages.answer(self._pieces(snapshot, key))

    def _pieces(self, snapshot: BoardSnapshot, key: str) -> Iterator[bytes]:
        """A long history takes a turn of the loop to look at, and another to show."""
        page = host_page(snapshot.board, key, snapshot.head, self.pages.locale, in_full=self.in_full)
        yield b""
        yield render_host(page)


class AssetHandler(PageHandler):
    """Answers /assets/: an address contains a hash of the content, so what it leads to never changes."""

    def initialize(self, *, config: Config) -> None:
        self.config = config

    def get(self, content_hash: str, name: str) -> None:
        found = assets().get(name)
        if found is None or found.hash != content_hash:
            raise HTTPError(404)
        self.set_header("Content-Type", found.media_type)
        self.set_header("Cache-Control", "public, max-age=31536000, immutable")
        self.set_header("Vary", "Accept-Encoding")
        self.send_compressed(found.compressed)
