"""The server as its page's readers see it, and HTML as a browser understands it."""

import asyncio
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

from handlers.page_maker import PageMaker
from hosts.changes import record_incident
from hosts.incident import Incident, Person
from hosts.model import Change, Mute, Patch
from hosts.problems import Problem, ProblemKind
from state.notices import Notice
from tests.builders import NOON
from tests.service import Service

VOID = {"meta", "link", "input", "wbr", "br", "hr", "img"}
HERE = {"Host": "localhost:8080"}
AFAR = {"Host": "uptime.example.com", "X-Forwarded-For": "203.0.113.7"}


@dataclass
class Element:
    tag: str
    attributes: Mapping[str, str] = field(default_factory=dict)
    children: list["Element | str"] = field(default_factory=list)

    def all(self, tag: str = "", **attributes: str) -> Iterator["Element"]:
        """Every element of that kind within; `class_` is one of its classes."""
        for child in self.children:
            if isinstance(child, Element):
                if (not tag or child.tag == tag) and child.has(**attributes):
                    yield child
                yield from child.all(tag, **attributes)

    def one(self, tag: str = "", **attributes: str) -> "Element":
        (found,) = self.all(tag, **attributes)
        return found

    def has(self, **attributes: str) -> bool:
        names = {name.rstrip("_").replace("_", "-"): value for name, value in attributes.items()}
        wanted = names.pop("class", "")
        if wanted and wanted not in self.attributes.get("class", "").split():
            return False
        return all(self.attributes.get(name) == value for name, value in names.items())

    @property
    def text(self) -> str:
        parts = (child.text if isinstance(child, Element) else child for child in self.children)
        return " ".join("".join(parts).split())

    def shape(self) -> list[object]:
        """Its elements and attributes, without any text and any value."""
        inner = [child.shape() for child in self.children if isinstance(child, Element)]
        return [self.tag, sorted(self.attributes), inner]


class _Parser(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.open = [Element("document")]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        element = Element(tag, {name: value or "" for name, value in attrs})
        self.open[-1].children.append(element)
        if tag not in VOID:
            self.open.append(element)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.open[-1].children.append(Element(tag, {name: value or "" for name, value in attrs}))

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop().tag == tag, f"</{tag}> closes something else"

    def handle_data(self, data: str) -> None:
        self.open[-1].children.append(data)


def parsed(page: bytes | str) -> Element:
    """Fails if a tag is not closed where it should be."""
    parser = _Parser()
    parser.feed(page if isinstance(page, str) else page.decode())
    parser.close()
    (document,) = parser.open
    return document


class PageService(Service):
    """The server with a clock that a test may set."""

    at: datetime | None = None

    def now(self) -> datetime:
        return self.at or super().now()

    async def get(self, path: str, **headers: str) -> tuple[int, dict[str, str], bytes]:
        return await self.ask("GET", path, {**HERE, **headers})

    async def ask(
        self, method: str, path: str, headers: Mapping[str, str]
    ) -> tuple[int, dict[str, str], bytes]:
        return await self.request(method, path, b"", **headers)

    async def page(self, path: str = "/", **headers: str) -> Element:
        status, _, body = await self.get(path, **headers)
        assert status == 200, body
        return parsed(body)

    async def change(self, *changes: Change) -> None:
        await asyncio.gather(*map(self.store.commit, changes))

    async def mute(self, host: str, **fields: Any) -> None:
        """By Mina, at noon."""
        mute = Mute(host, Person("U1", "Mina"), NOON, **fields)
        await self.change(lambda state: Patch(mutes={**state.mutes, host: mute}))

    async def record(self, *incidents: Incident) -> None:
        await self.change(*map(record_incident, incidents))


MakePage = Callable[..., PageService]


def rows(page: Element) -> list[Element]:
    return [row for row in page.all("tr") if "data-host" in row.attributes]


def hosts(page: Element) -> list[str]:
    return [row.attributes["data-host"] for row in rows(page)]


def service_in(folder: Path, at: datetime | None = None, **keys: Any) -> PageService:
    service = PageService(folder, **keys)
    service.at = at
    return service


def cells_of(page: Element, host: str) -> dict[str, str]:
    """The text of each cell of a host's row, by its last class."""
    row = page.one("tr", data_host=host)
    return {td.attributes["class"].replace(" less", "").split()[-1]: td.text for td in row.all("td")}


def plant_problem(service: PageService, text: str) -> None:
    """Create a problem of the program; the log, the API and the page describe it with this text in it."""
    service.store.notices.append(Notice("state.json.missing-1", Problem(ProblemKind.MISSING, text)))


def silence(service: PageService, seconds: float) -> None:
    """The last delivery arrived that long ago."""
    service.stats.record_delivery()
    service.stats._quiet_since -= seconds
    pages_of(service).boards.problems_changed()


def pages_of(service: PageService) -> PageMaker:
    return service.app.pages
