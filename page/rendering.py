"""Renders HTML from templates that escape all values; serves style, script and icons by their hash."""

import gzip
from collections.abc import Mapping, Sequence
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import NamedTuple

from tornado.escape import url_escape
from tornado.template import Loader

from page.badges import COLORS, Badge, width
from page.feed import Story
from page.host_page import HostPage
from page.lists import ListPage
from page.phrases import show_invisible
from page.rows import Row

ASSETS, TEMPLATES = (Path(__file__).resolve().parent / name for name in ("assets", "templates"))
ROWS = b"<!-- rows -->"  # where they go; no text from outside can contain it, since its `<` is escaped
_LOADER = Loader(str(TEMPLATES), whitespace="oneline")
TYPES = {
    ".css": "text/css; charset=UTF-8",
    ".js": "text/javascript; charset=UTF-8",
    ".svg": "image/svg+xml",
}


class Asset(NamedTuple):
    """A file as it is sent to browsers."""

    hash: str
    media_type: str
    compressed: bytes


def asset(name: str) -> str:
    """Return the address of a file, which changes with its content."""
    return f"assets/{assets()[name].hash}/{name}"


@cache
def assets() -> Mapping[str, Asset]:
    found = {}
    for file in ASSETS.iterdir():
        if file.suffix in TYPES:
            content = file.read_bytes()
            digest, compressed = sha256(content).hexdigest()[:16], gzip.compress(content, mtime=0)
            found[file.name] = Asset(digest, TYPES[file.suffix], compressed)
    return found


def load_templates() -> None:
    """Do now what the first page would otherwise have to wait for."""
    for file in TEMPLATES.iterdir():
        _LOADER.load(file.name)


def render_row(row: Row) -> bytes:
    return _LOADER.load("row.html").generate(row=row, url_escape=_escaped)


def render_list(page: ListPage, *, rows: bool) -> tuple[bytes, bytes]:
    """What goes before and after the rows, if there are any."""
    return _around(_LOADER.load("list.html").generate(page=page, head=page.head, rows=rows, asset=asset))


def render_error(  # noqa: PLR0913 - what an error page says
    title: str, text: str, nearest: Sequence[str], *, has_way_back: bool, root: str, lang: str, words: object
) -> bytes:
    """`root` leads from the address that was asked for to the list; empty if both are in one folder."""
    return _LOADER.load("error.html").generate(
        title=title,
        text=text,
        nearest=nearest,
        has_way_back=has_way_back,
        root=root,
        lang=lang,
        words=words,
        asset=asset,
        url_escape=_escaped,
        show_invisible=show_invisible,
    )


def render_host(page: HostPage) -> bytes:
    return _LOADER.load("host.html").generate(page=page, head=page.head, asset=asset, url_escape=_escaped)


def render_badge(badge: Badge) -> bytes:
    fill, left, right = COLORS[badge.color], width(badge.label), width(badge.message)
    return _LOADER.load("badge.svg").generate(badge=badge, fill=fill, left=left, right=right)


def render_feed(stories: Sequence[Story], **about: str) -> bytes:
    """`about`: lang, title, updated, the feed's own address and that of the page."""
    return _LOADER.load("feed.xml").generate(stories=stories, url_escape=_escaped, **about)


def render_group(title: str) -> tuple[bytes, bytes]:
    """What goes before and after the rows of one state; without a title, of all."""
    return _around(_LOADER.load("group.html").generate(title=title))


def _around(page: bytes) -> tuple[bytes, bytes]:
    before, _, after = page.partition(ROWS)
    return before, after


def _escaped(text: str) -> str:
    """Escape text for an address. Half a surrogate pair has no encoding."""
    return url_escape(text.encode("utf-8", "replace"), plus=False)
