"""Lines -> pages of sections within limits: no line is torn, and what is left out is counted."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
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


@dataclass(slots=True)
class _Page:
    limits: Limits
    sections: list[str] = field(default_factory=list)
    size: int = 0
    last_section: int = 0  # its size

    def fits(self, line: str) -> bool:
        return self.size + length(line) + 1 <= self.limits.page - self.limits.reserve

    def add(self, line: str, *, apart: bool = False) -> None:
        """Onto the last section, or `apart` as the beginning of another."""
        size = length(line) + 1
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
    pages[0].add(opening)
    for group in groups:
        shown = _fill(pages, group, limits)
        if shown < group.total:
            pages[-1].add(group.more(group.total - shown))
    return [page.sections for page in pages]


def _fill(pages: list[_Page], group: Group, limits: Limits) -> int:
    shown = 0
    for line, count in group.lines:
        if not pages[-1].fits(line if shown else group.title + line):
            if not group.spills or len(pages) == limits.pages:
                break
            pages.append(_Page(limits))
        if not shown:
            pages[-1].add(group.title, apart=True)
        pages[-1].add(line)
        shown += count
    return shown
