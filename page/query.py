"""What a page's address asks for."""

from collections.abc import Mapping
from enum import StrEnum
from typing import NamedTuple, TypeVar
from urllib.parse import urlencode

from languages import Language

MAX_TEXT = 500  # characters of a name or of what is searched for
MAX_PAGE_DIGITS = 6

C = TypeVar("C", bound=StrEnum)


class Shown(StrEnum):
    """How a host stands on the page, in the order of the list."""

    DOWN = "down"
    WARNING = "warning"
    UP = "up"
    MUTED = "muted"
    UNWATCHED = "unwatched"


class Sort(StrEnum):
    """What the list is sorted by."""

    STATE = "state"
    NAME = "name"
    UP = "up"  # the least up in 30 days first


class View(StrEnum):
    """How the list is shown: as a table, or large enough to read across a room."""

    LIST = "list"
    WALL = "wall"


class BadQuery(Exception):
    """The sentence says which values are accepted."""


class Query(NamedTuple):
    """What a page's address asks for: everyone who opens it sees the same view."""

    state: Shown | None = None
    text: str = ""
    sort: Sort = Sort.STATE
    page: int = 1
    view: View = View.LIST

    def address(self, base: str = "", **changes: object) -> str:
        """The address of this view with `changes`, relative to the page."""
        asked = self._replace(**{"page": 1, **changes})  # type: ignore[arg-type]
        parameters = urlencode(asked.parameters())
        return f"{base}?{parameters}" if parameters else base or "."

    def parameters(self) -> dict[str, str]:
        """The parameters that are not at their defaults."""
        pairs = {
            "state": self.state or "",
            "q": self.text,
            "sort": self.sort if self.sort is not Sort.STATE else "",
            "page": str(self.page) if self.page > 1 else "",
            "view": self.view if self.view is not View.LIST else "",
        }
        return {name: value for name, value in pairs.items() if value}


def parse(arguments: Mapping[str, str], language: Language) -> Query:
    """Unknown parameters are ignored: links get decorated on their way. Raises BadQuery."""
    return Query(
        state=_choice("state", arguments, Shown, language),
        text=text("q", arguments, language),
        sort=_choice("sort", arguments, Sort, language) or Sort.STATE,
        page=_page(arguments.get("page", ""), language),
        view=_choice("view", arguments, View, language) or View.LIST,
    )


def text(name: str, arguments: Mapping[str, str], language: Language) -> str:
    """Raises BadQuery. A line feed at the end may belong to a host's key, as links in Slack have it."""
    value = arguments.get(name, "").strip(" ")
    if len(value) > MAX_TEXT:
        raise BadQuery(language.page.too_long(name=name, most=MAX_TEXT))
    return value


def _choice(name: str, arguments: Mapping[str, str], choices: type[C], language: Language) -> C | None:
    value = arguments.get(name, "")
    if not value or value == "all":
        return None
    if value not in [*choices]:
        raise BadQuery(language.page.bad_value(name, tuple(choices)))
    return choices(value)


def _page(value: str, language: Language) -> int:
    if not value:
        return 1
    if not (value.isascii() and value.isdigit() and len(value) <= MAX_PAGE_DIGITS and int(value)):
        raise BadQuery(language.page.not_a_number("page"))
    return int(value)
