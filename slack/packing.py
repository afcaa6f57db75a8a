"""Lines -> pages of sections within limits: no line is torn, and what is left out is counted."""

from collections.abc import Callable, Iterable, Sequence
from typing import NamedTuple

from slack.text import length


class Group(NamedTuple):
    """Lines under one title. Each line comes with how many hosts it tells of, `total` in all."""

    title: str
    lines: Iterable[tuple[str, int]]
    total: int
    more: Callable[[int], str]  # what is said of the hosts that found no room
    spills: bool  # may it begin a further page?


class Limits(NamedTuple):
    """In characters. `page` leaves `reserve` for the lines that count what was left out."""

    pages: int
    page: int
    section: int
    reserve: int = 900


class _Page:
    def __init__(self, limits: Limits) -> None:
        self.limits = limits
        self.sections: list[str] = []
        self.size = 0
        self.last_section = 0  # its size

    def fits(self, size: int) -> bool:
        return self.size + size + 1 <= self.limits.page - self.limits.reserve

    def add(self, line: str, size: int, *, apart: bool = False) -> None:
        """Onto the last section, or `apart` as the beginning of another."""
        size += 1
        self.size += size
        if self.sections and not apart and self.last_section + size <= self.limits.section:
            self.sections[-1] += f"\n{line}"
            self.last_section += size
        else:
            self.sections.append(line)
            self.last_section = size - 1


def pack(opening: str, groups: Sequence[Group], limits: Limits) -> list[list[str]]:
    """Pages of sections. Earlier groups come first; lines are only made while there is room."""
    pages = [_Page(limits)]
    pages[0].add(opening, length(opening))
    for group in groups:
        shown = _fill(pages, group, limits)
        if shown < group.total:
            more = group.more(group.total - shown)
            pages[-1].add(more, length(more))
    return [page.sections for page in pages]


def _fill(pages: list[_Page], group: Group, limits: Limits) -> int:
    shown, title = 0, length(group.title)
    for line, count in group.lines:
        size = length(line)
        if not pages[-1].fits(size if shown else title + size):
            if not group.spills or len(pages) == limits.pages:
                break
            pages.append(_Page(limits))
        if not shown:
            pages[-1].add(group.title, title, apart=True)
        pages[-1].add(line, size)
        shown += count
    return shown
