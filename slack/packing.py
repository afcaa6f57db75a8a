"""Packs lines into messages within Slack's limits: lines stay whole, and what is left out is counted.

Blocks and limits: https://docs.slack.dev/reference/block-kit/blocks
"""

from collections.abc import Callable, Iterable, Sequence
from typing import NamedTuple

from languages.language import Heading
from slack.text import length
from turns import Steps, at_once

Message = dict[str, object]

MOST_BLOCKS = 50  # in a message
RESERVED_BLOCKS = 4  # for a title, a line, what counts the hosts left out, and a footer


def message(text: str, **fields: object) -> Message:
    return {"text": text, **fields, "unfurl_links": False, "unfurl_media": False}


class Section(NamedTuple):
    """Lines of one block. Slack folds a long one, unless it is to `expand`.

    Attributes:
        accessory: the menu or button beside it.
    """

    text: str
    expand: bool = False
    accessory: Message | None = None

    def block(self) -> Message:
        block: Message = {"type": "section", "text": mrkdwn(self.text)}
        block |= {"expand": True} if self.expand else {}
        return block | ({"accessory": self.accessory} if self.accessory else {})


def mrkdwn(text: str) -> Message:
    # Without verbatim Slack would turn a plain @here or #general in untrusted text into a live one.
    return {"type": "mrkdwn", "text": text, "verbatim": True}


class Group(NamedTuple):
    """Lines that belong together, each with the number of hosts that it counts for."""

    title: str  # may be empty
    lines: Iterable[tuple[str, int]]
    total: int  # hosts in all
    more: Callable[[int], str]  # the line that counts the hosts left out
    spills: bool = False  # whether it may continue on another page
    expand: bool = False
    accessories: Iterable[Message] = ()  # beside the first hosts, each of which has a line of its own


def group(sign: str, heading: Heading, lines: Iterable[str], total: int, *, spills: bool = False) -> Group:
    """A group with one host a line."""
    title = f"*{f'{sign} {heading.title}'.strip()}*" if heading.title else ""
    return Group(title, ((line, 1) for line in lines), total, heading.more, spills)


class Limits(NamedTuple):
    """Sizes in characters. Each page keeps `reserve` free for a footer.

    A line with an accessory may grow by `growth`: a press replaces it by another.
    """

    pages: int
    page: int
    section: int
    reserve: int = 400
    growth: int = 0


class _Page:
    def __init__(self, limits: Limits, room: int) -> None:
        self.sections: list[Section] = []
        self.limits = limits
        self.room = room  # without what counts the hosts left out
        self._size = 0
        self._last_section_size = 0

    def fits(self, size: int) -> bool:
        has_blocks = len(self.sections) <= MOST_BLOCKS - RESERVED_BLOCKS
        return has_blocks and self._size + size + 1 <= self.room

    def add(self, line: str, *, expand: bool, apart: bool = False, accessory: Message | None = None) -> None:
        """Appends to the last section, or begins another: `apart`, or where Slack is to fold differently.

        A line with an accessory has a section of its own.
        """
        size = length(line) + 1
        self._size += size + (self.limits.growth if accessory else 0)
        last = self.sections[-1] if self.sections else Section("")
        joins = last.text and last.expand is expand and not (apart or accessory or last.accessory)
        if joins and self._last_section_size + size <= self.limits.section:
            self.sections[-1] = last._replace(text=f"{last.text}\n{line}")
            self._last_section_size += size
        else:
            self.sections.append(Section(line, expand, accessory))
            self._last_section_size = size - 1


def packing(opening: str, groups: Sequence[Group], limits: Limits) -> Steps[list[list[Section]]]:
    """Packs `groups` in their order into pages of sections. Lines are only made while there is room.

    Consecutive groups are counted together if they are counted in the same words and nothing stands between.
    """
    counts = sum(length(group.more(group.total)) + 1 for group in groups if group.total)
    pages = [_Page(limits, limits.page - limits.reserve - counts)]
    if opening:
        pages[0].add(opening, expand=False)
    left = 0
    for each, after in zip(groups, [*groups[1:], None], strict=True):
        left = yield from _add(each, pages, left)
        if left and (after is None or after.more(left) != each.more(left)):
            pages[-1].add(each.more(left), expand=each.expand)
            left = 0
    return [page.sections for page in pages]


pack = at_once(packing)


def _add(group: Group, pages: list[_Page], left: int) -> Steps[int]:
    """Returns how many hosts are left out and yet to be counted, `left` of earlier groups among them."""
    shown, opened, accessories = 0, False, iter(group.accessories)
    for line, count in group.lines:
        yield
        title = [] if opened or not group.title else [group.title]
        if not pages[-1].fits(sum(length(each) + 1 for each in (*title, line)) - 1):
            if not group.spills or len(pages) == pages[-1].limits.pages:
                break
            pages.append(_Page(pages[-1].limits, pages[-1].room))
        if left:
            pages[-1].add(group.more(left), expand=group.expand)
            left = 0
        for each in title:
            pages[-1].add(each, expand=group.expand, apart=True)
        accessory = next(accessories, None) if count else None
        pages[-1].add(line, expand=group.expand, accessory=accessory)
        shown, opened = shown + count, True
    return left + group.total - shown
