"""Values -> HTML, by templates that escape all that is put into them."""

from functools import cache
from pathlib import Path

from tornado.escape import url_escape
from tornado.template import Loader, Template

from page.errors import ErrorPage
from page.lists import ListPage
from page.rows import Row
from page.static import asset

FOLDER = Path(__file__).resolve().parent / "templates"
ROWS = b"<!-- rows -->"  # where they go; no text from outside can hold it, since its `<` is escaped


def render_row(row: Row) -> bytes:
    return _template("row.html").generate(row=row, url_escape=_escaped)


def render_list(page: ListPage, *, rows: bool) -> tuple[bytes, bytes]:
    """What goes before and after the rows, if there are any."""
    return _around(_template("list.html").generate(page=page, head=page.head, rows=rows, asset=asset))


def render_error(page: ErrorPage) -> bytes:
    return _template("error.html").generate(page=page, asset=asset)


def render_group(title: str) -> tuple[bytes, bytes]:
    """What goes before and after the rows of one state; without a title, of all."""
    return _around(_template("group.html").generate(title=title))


def _around(page: bytes) -> tuple[bytes, bytes]:
    before, _, after = page.partition(ROWS)
    return before, after


def _escaped(text: str) -> str:
    """In an address. Half a surrogate pair has no encoding."""
    return url_escape(text.encode("utf-8", "replace"), plus=False)


@cache
def _template(name: str) -> Template:
    return _loader().load(name)


@cache
def _loader() -> Loader:
    return Loader(str(FOLDER), whitespace="oneline")
