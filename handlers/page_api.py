"""What programs get instead of the page: JSON and CSV, badges for documents, and a feed."""

import gzip
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path
from urllib.parse import urlencode

from digest.health import in_english
from handlers.base import JSON, NO_HEADERS, dumped, json_line
from handlers.page import CachedPageHandler
from handlers.page_maker import Answer
from hosts.times import stamp
from page import api
from page.badges import Badge, badge, unknown_badge
from page.board import Board
from page.feed import LatestEvents, story
from page.figures import calendar
from page.phrases import cut, show_invisible
from page.query import BadQuery, Query, Shown
from page.rendering import render_badge, render_feed

OPENAPI = Path(__file__).resolve().parent.parent / "page" / "openapi.json"
PARAMETERS = ("since", "until", "name", "open", "before")  # of incidents
CSV_HEADERS = {
    "Content-Type": "text/csv; charset=UTF-8; header=present",
    "Content-Disposition": 'attachment; filename="incidents.csv"',
}


class ApiHandler(CachedPageHandler):
    """Everything is JSON here, errors too."""

    def set_default_headers(self) -> None:
        super().set_default_headers()
        self.set_header("Content-Type", JSON)

    def explain(self, status: int, sentence: str, nearest: Sequence[str] = ()) -> None:
        title, text = self.language.page.refused.get(status, ("", ""))
        told: dict[str, object] = {"error": sentence or text or title or self._reason}
        self.reply(**(told | ({"nearest": nearest} if nearest else {})))
        self.finish()


class HostsHandler(ApiHandler):
    """Answers /api/hosts."""

    async def answer(self) -> None:
        query = self.query()
        snapshot = await self.pages.boards.latest()
        await self.send_cached(snapshot, lambda: self._render(snapshot.board, query), query)

    async def _render(self, board: Board, query: Query) -> Answer:
        selection = await self.pages.select(board, query)
        more = selection.page < selection.pages
        after = query.address("/api/hosts", page=selection.page + 1) if more else None
        shown = [(shown, keys) for shown, keys in board.keys.items() if keys or shown is not Shown.UNWATCHED]
        about = {
            "at": stamp(board.now),
            "last_delivery": stamp(self.pages.job.last_delivery()),
            **({"problems": [*map(in_english, board.digest.problems)]} if self.in_full else {}),
            "counts": {shown.value: len(keys) for shown, keys in shown},
            "next": after,
        }
        entries, days = map(board.entry, selection.keys), calendar(board.now, self.pages.locale.zone)
        hosts = (api.host_fields(entry, board.now, days, in_full=self.in_full) for entry in entries)
        return await self.pages.answer(_listing(about, "hosts", hosts))


class HostApiHandler(ApiHandler):
    """Answers /api/host."""

    async def answer(self) -> None:
        name = self.host_name()
        snapshot = await self.pages.boards.latest()
        key = await self.key_of(name, snapshot)
        if self.is_unchanged(snapshot.version):
            return
        board, days = snapshot.board, calendar(snapshot.board.now, self.pages.locale.zone)
        host = api.host_fields(board.entry(key), board.now, days, in_full=self.in_full, whole=True)
        self.write(json_line(host))


class IncidentsHandler(ApiHandler):
    """The latest to begin first. `next` continues after the last one, whatever begins meanwhile."""

    async def answer(self) -> None:
        given = self.arguments()
        asked = {name: given[name] for name in PARAMETERS if given.get(name)}
        wanted = self._wanted(asked)
        name = self.host_name()
        snapshot = await self.pages.boards.latest()
        keys = [await self.key_of(name, snapshot)] if name else snapshot.board.hosts
        await self.send_cached(
            snapshot, lambda: self._render(snapshot.board, keys, wanted, asked), *asked.items()
        )

    async def _render(
        self, board: Board, keys: Iterable[str], wanted: api.Wanted, asked: Mapping[str, str]
    ) -> Answer:
        latest = api.Latest(wanted)
        await self.pages.collect(map(latest.look_at, board.reported(keys)))
        incidents = await self.pages.collect(
            api.incident_fields(i, board.name(i.host), in_full=self.in_full) for i in latest.incidents
        )
        going_on = urlencode({**asked, "before": latest.cursor()}) if latest.more else None
        after = going_on and f"{self.request.path}?{going_on}"
        return await self.pages.answer(*self.form(incidents, after))

    def form(
        self, incidents: Sequence[api.Fields], after: str | None
    ) -> tuple[Iterator[bytes], Mapping[str, str]]:
        """Return the content, piece by piece, and the headers that it needs."""
        return _listing({"next": after}, "incidents", incidents), NO_HEADERS

    def _wanted(self, asked: Mapping[str, str]) -> api.Wanted:
        words = self.language.page
        is_open = {"": None, "true": True, "false": False}
        if asked.get("open", "") not in is_open:
            raise BadQuery(words.bad_value("open", ("true", "false")))
        at, _, last = asked.get("before", "").partition(",")
        before = api.time_of(at, words.not_a_place("before"))
        return api.Wanted(
            since=api.time_of(asked.get("since", ""), words.not_a_time("since")),
            until=api.time_of(asked.get("until", ""), words.not_a_time("until")),
            open=is_open[asked.get("open", "")],
            before=(before, last) if before else None,
        )


class IncidentsCsvHandler(IncidentsHandler):
    """The same as a table; a header links to the rest (RFC 8288)."""

    def form(
        self, incidents: Sequence[api.Fields], after: str | None
    ) -> tuple[Iterator[bytes], Mapping[str, str]]:
        lines = api.csv_lines(incidents, in_full=self.in_full)
        link = {"Link": f'<{after}>; rel="next"'} if after else {}
        return (line.encode("utf-8", "replace") for line in lines), {**CSV_HEADERS, **link}


class OpenApiHandler(ApiHandler):
    """Answers /api/openapi.json."""

    async def answer(self) -> None:
        if not self.is_unchanged():
            self.send_compressed(_document())


class BadgeHandler(CachedPageHandler):
    """A picture. Whoever embeds it caches it for half a minute."""

    def may_see(self) -> bool:
        return super().may_see() or self.config.page.badges_open

    async def answer(self) -> None:
        name = self.host_name()
        self.set_header("Cross-Origin-Resource-Policy", "cross-origin")
        self.set_header("Cache-Control", "max-age=30")
        snapshot = await self.pages.boards.latest()
        if (found := badge(snapshot.board, name)) is None:
            self.set_status(404)
            self.send_badge(unknown_badge(name))
        elif not self.is_unchanged(snapshot.version):
            self.send_badge(found)

    def send_badge(self, found: Badge) -> None:
        self.set_header("Content-Type", "image/svg+xml; charset=UTF-8")
        self.write(render_badge(found))


class ShieldsHandler(BadgeHandler):
    """For shields.io, which draws it."""

    def send_badge(self, found: Badge) -> None:
        self.set_header("Content-Type", JSON)
        self.write(json_line(found.shields()))


class FeedHandler(CachedPageHandler):
    """Answers /feed.xml."""

    async def answer(self) -> None:
        name, base = self.host_name(), self.base()
        snapshot = await self.pages.boards.latest()
        keys = [await self.key_of(name, snapshot)] if name else snapshot.board.not_muted()
        await self.send_cached(snapshot, lambda: self._render(snapshot.board, keys, name, base), name, base)
        self.set_header("Content-Type", "application/atom+xml; charset=UTF-8")

    async def _render(self, board: Board, keys: Iterable[str], name: str, base: str) -> Answer:
        latest = LatestEvents()
        await self.pages.collect(map(latest.look_at, board.reported(keys)))
        stories = await self.pages.collect(
            story(event, board, self.pages.locale, in_full=self.in_full) for event in latest.events
        )
        address = f"{base}/feed.xml" + (f"?{urlencode({'name': name}, errors='replace')}" if name else "")
        title = self.language.page.feed_title
        if name:
            title = f"{cut(show_invisible(board.titles(*keys)))}: {title}"
        content = render_feed(
            stories,
            lang=self.config.language,
            title=title,
            address=address,
            base=base,
            updated=stories[0].at if stories else stamp(self.pages.stats.started),
        )
        return await self.pages.answer([content])


def _listing(about: Mapping[str, object], name: str, items: Iterable[api.Fields]) -> Iterator[bytes]:
    """An object with a list of `name`, one item at a time: five hundred hosts take more than a turn."""
    yield dumped(about)[:-1] + f', "{name}": ['.encode()
    for number, item in enumerate(items):
        yield (b",\n" if number else b"\n") + dumped(item)
    yield b"\n]}\n"


@cache
def _document() -> bytes:
    return gzip.compress(OPENAPI.read_bytes(), mtime=0)
