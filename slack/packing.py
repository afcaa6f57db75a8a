"""Packs lines into messages within Slack's limits: no line is torn, and what is left out is counted.

Blocks and limits: https://docs.slack.dev/reference/block-kit/blocks
"""

from collections.abc import Callable, Iterable, Sequence
from typing import NamedTuple

from languages.language import Heading
from slack.text import length

Message = dict[str, object]

MOST_BLOCKS = 50  # in a message
RESERVED_BLOCKS = 4  # for a title, a line, what counts the hosts left out, and a footer


def message(text: str, **fields: object) -> Message:
    return {"text": text, **fields, "unfurl_links": False, "unfurl_media": False}


class Section(NamedTuple):
    """Lines of mrkdwn, and the menu or button beside them."""

    text: str
    accessory: Message | None = None


def sections(parts: Iterable[Section]) -> list[Message]:
    return [
        {"type": "section", "text": mrkdwn(text), **({"accessory": accessory} if accessory else {})}
        for text, accessory in parts
    ]


def mrkdwn(text: str) -> Message:
    # Without verbatim Slack would turn a plain @here or #general in foreign text into a live one.
    return {"type": "mrkdwn", "text": text, "verbatim": True}


class Group(NamedTuple):
    """Lines under one title, each with the number of hosts that it counts for."""

    title: str
    lines: Iterable[tuple[str, int]]
    total: int  # hosts in all
    more: Callable[[int], str]  # the line that counts the hosts left out
    spills: bool  # whether it may continue on another page
    accessories: Iterable[Message] = ()  # beside the first hosts; each line counts for one of them


def group(  # noqa: PLR0913 - what a group is made of
    sign: str,
    heading: Heading,
    lines: Iterable[str],
    total: int,
    *,
    spills: bool = False,
    accessories: Iterable[Message] = (),
) -> Group:
    """A group with one host a line."""
    title = f"{sign} {heading.title}".strip()
    return Group(f"*{title}*", ((line, 1) for line in lines), total, heading.more, spills, accessories)


class Limits(NamedTuple):
    """In characters. Each page keeps `reserve` free for the lines that count what is left out."""

    pages: int
    page: int
    section: int
    reserve: int = 900


class _Page:
    def __init__(self, limits: Limits) -> None:
        self.limits = limits
        self.sections: list[Section] = []
        self.size = 0
        self.last_section_size = 0

    def fits(self, size: int) -> bool:
        has_blocks = len(self.sections) <= MOST_BLOCKS - RESERVED_BLOCKS
        return has_blocks and self.size + size + 1 <= self.limits.page - self.limits.reserve

    def add(self, line: str, size: int, accessory: Message | None = None, *, apart: bool = False) -> None:
        """Append to the last section, or `apart` begin another. A line with an accessory has its own."""
        size += 1
        self.size += size
        last = self.sections[-1] if self.sections else None
        is_apart = apart or accessory or last is None or last.accessory
        if last and not is_apart and self.last_section_size + size <= self.limits.section:
            self.sections[-1] = last._replace(text=f"{last.text}\n{line}")
            self.last_section_size += size
        else:
            self.sections.append(Section(line, accessory))
            self.last_section_size = size - 1


def pack(opening: str, groups: Sequence[Group], limits: Limits) -> list[list[Section]]:
    """Pack `groups` in their order into pages of sections. Lines are only made while there is room."""
    pages = [_Page(limits)]
    pages[0].add(opening, length(opening))
    for group in groups:
        shown = _fill(pages, group, limits)
        if shown < group.total:
            more = group.more(group.total - shown)
            pages[-1].add(more, length(more))
    return [page.sections for page in pages]


def _fill(pages: list[_Page], group: Group, limits: Limits) -> int:
    shown, title, accessories = 0, length(group.title), iter(group.accessories)
    for line, count in group.lines:
        size = length(line)
        if not pages[-1].fits(size if shown else title + size):
            if not group.spills or len(pages) == limits.pages:
                break
            pages.append(_Page(limits))
        if not shown:
            pages[-1].add(group.title, title, apart=True)
        pages[-1].add(line, size, next(accessories, None) if count else None)
        shown += count
    return shown
