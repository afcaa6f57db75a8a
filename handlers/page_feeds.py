"""Badges and the feed: for documents, tools and feed readers."""

from collections.abc import Iterable
from urllib.parse import urlencode

from handlers.base import JSON, json_line
from handlers.page import MadePageHandler
from page.badges import Badge, badge, drawn, unknown_badge
from page.feed import LatestEvents, story
from page.rendering import render_badge, render_feed


class BadgeHandler(MadePageHandler):
    """A picture. Whoever embeds it caches it for half a minute."""

    def may_see(self) -> bool:
        return super().may_see() or self.config.page.badges_open

    async def get(self) -> None:
        edition, name = self.pages.edition(), self.host_name()
        self.set_header("Cross-Origin-Resource-Policy", "cross-origin")
        self.set_header("Cache-Control", "max-age=30")
        if self.is_unchanged(edition):
            return
        board, _ = await self.pages.board()
        found = badge(board, name)
        if found is None:
            self.set_status(404)
        self.send_badge(found or unknown_badge(name))

    def send_badge(self, found: Badge) -> None:
        self.set_header("Content-Type", "image/svg+xml; charset=UTF-8")
        self.write(render_badge(drawn(found)))


class ShieldsHandler(BadgeHandler):
    """For shields.io, which draws it."""

    def send_badge(self, found: Badge) -> None:
        self.set_header("Content-Type", JSON)
        self.write(json_line(found.shields()))


class FeedHandler(MadePageHandler):
    """Answers /feed.xml."""

    async def get(self) -> None:
        name, base = self.host_name(), self.base()
        await self.send_made(lambda: self._made(name, base), name, base)
        self.set_header("Content-Type", "application/atom+xml; charset=UTF-8")

    async def _made(self, name: str, base: str) -> bytes:
        board, _ = await self.pages.board()
        keys: Iterable[str] = [await self.key_of(name, board)] if name else board.not_muted()
        latest = LatestEvents()
        await self.pages.in_turns(map(latest.look_at, board.reported(keys)))
        stories = await self.pages.in_turns(
            story(event, board, self.pages.locale, in_full=self.in_full) for event in latest.events
        )
        address = f"{base}/feed.xml" + (f"?{urlencode({'name': name}, errors='replace')}" if name else "")
        content = render_feed(
            stories,
            lang=self.config.language,
            title=self.language.page.feed_title,
            address=address,
            base=base,
            updated=stories[0].at if stories else f"{self.pages.stats.started:%Y-%m-%dT%H:%M:%SZ}",
        )
        return await self.pages.compressed([content])
