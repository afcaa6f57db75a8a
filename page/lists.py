"""The list of hosts: everything on the page besides the rows."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

from hosts.times import stamp
from languages import Locale, plain
from page import phrases
from page.board import Board
from page.figures import ALL_WINDOWS
from page.phrases import cut, show_invisible
from page.query import Query, Shown, Sort, View
from version import VERSION

PER_PAGE = 500
Box = tuple[bool, list[str]]  # whether it is bad, and its lines


class Head(NamedTuple):
    """What every page of one instant shares."""

    lang: str
    title: str
    icon: str  # up, down or unknown
    tone: str  # the class of the headline: bad, doubt, well or nothing
    headline: tuple[str, str, str]
    sentence: str
    also: list[str]
    at: str
    as_of: str
    as_of_day: str  # for paper
    zone: str
    words: object
    version: str


class Chip(NamedTuple):
    """A link to the hosts of one state, with their number."""

    address: str
    text: str
    hosts: str
    current: bool


class Column(NamedTuple):
    """A heading. Those with an address sort the list; `sorted` is empty, ascending or descending."""

    css: str
    text: str
    address: str = ""
    sorted: str = ""


class Paging(NamedTuple):
    """The number of this page, and the addresses of its neighbours."""

    text: str
    more: str  # how many of the state at the end of this page follow on others
    before: str
    after: str


class ListPage(NamedTuple):
    """What the page shows besides the rows."""

    head: Head
    wall: bool
    boxes: list[Box]
    search: str
    kept: list[tuple[str, str]]  # parameters that a search keeps
    chips: list[Chip]
    columns: list[Column]
    paging: Paging | None
    setup: list[str]  # how to begin, while nothing was ever received
    sample_command: str
    no_match: str  # the search text, if nothing matches it
    before_no_match: str
    in_all: str  # the address of the same search in all states
    no_host: str


class Selection(NamedTuple):
    """The hosts of one page, out of all that match."""

    keys: Sequence[str]
    page: int
    pages: int
    counts: Mapping[Shown, int]  # of all that match


def select(keys: Sequence[str], page: int, counts: Mapping[Shown, int]) -> Selection:
    """A page number beyond the last means the last page."""
    pages = max(1, -(-len(keys) // PER_PAGE))
    page = min(page, pages)
    return Selection(keys[(page - 1) * PER_PAGE : page * PER_PAGE], page, pages, counts)


def head(board: Board, last_heard: datetime | None, lang: str, locale: Locale) -> Head:
    digest, words = board.digest, locale.language.page
    sentence = phrases.headline(board, locale.language)
    doubtful = board.google_silence is not None or not digest.is_status_known
    if board.google_silence:
        sentence = words.as_far_as_heard(sentence)
    well = digest.is_status_known and not (digest.down or digest.warnings or doubtful)
    mark = f"({len(digest.down):,}) " if digest.down else "(?) " if board.google_silence else ""
    return Head(
        lang=lang,
        title=mark + sentence,
        icon="unknown" if doubtful else "down" if digest.down else "up",
        tone="bad" if digest.down else "doubt" if board.google_silence else "well" if well else "",
        headline=_emphasized(sentence, board, locale),
        sentence=sentence,
        also=phrases.also(board, last_heard, locale),
        at=stamp(board.now),
        as_of=locale.language.as_of(f"{board.now.astimezone(locale.zone):%H:%M:%S}"),
        as_of_day=locale.language.as_of(locale.moment(board.now)),
        zone=str(locale.zone),
        words=words,
        version=VERSION,
    )


def _emphasized(sentence: str, board: Board, locale: Locale) -> tuple[str, str, str]:
    """What the tone colours: the number, or all of the sentence if it is about one host."""
    total = board.digest.total
    if total > 1:
        return phrases.emphasized(sentence, locale.language)
    return ("", sentence, "") if total or board.google_silence else (sentence, "", "")


def list_page(  # noqa: PLR0913 - what a page depends on
    board: Board,
    query: Query,
    selection: Selection,
    top: Head,
    locale: Locale,
    *,
    sample_command: str,
    in_full: bool,
) -> ListPage:
    """`sample_command` sends a delivery, for people to try."""
    begins, words = not board.digest.has_received, locale.language.page
    return ListPage(
        head=top,
        wall=query.view is View.WALL,
        boxes=boxes(board, locale, in_full=in_full),
        search=query.text,
        kept=[(name, value) for name, value in query.parameters().items() if name not in ("q", "page")],
        chips=_chips(board, query, locale),
        columns=_columns(query, locale),
        paging=_paging(query, selection, locale),
        setup=[plain(line) for line in locale.language.setup] if begins else [],
        sample_command=sample_command if begins else "",
        no_match=cut(show_invisible(query.text)) if query.text and not selection.keys else "",
        before_no_match=words.no_match_in[query.state] if query.state else words.no_match[0],
        in_all=query.address(state=None) if query.state else "",
        no_host=words.no_host_in if query.state and not selection.keys else "",
    )


def boxes(board: Board, locale: Locale, *, in_full: bool) -> list[Box]:
    """What to know before reading on."""
    words, found = locale.language.page, list[Box]()
    if board.google_silence:
        found.append((False, [phrases.problem(board.google_silence, locale), words.google_silence]))
    if in_full and board.digest.remarks:
        found.append((False, [phrases.problem(remark, locale) for remark in board.digest.remarks]))
    if in_full and board.problems:
        told = [phrases.problem(problem, locale) for problem in board.problems]
        found.append((True, [locale.language.headings.problems.title, *told]))
    return found


def _chips(board: Board, query: Query, locale: Locale) -> list[Chip]:
    words = locale.language.page
    every = Chip(query.address(state=None), words.all, f"{board.total:,}", current=query.state is None)
    return [every] + [
        Chip(
            query.address(state=shown),
            words.groups[shown],
            f"{len(board.keys[shown]):,}",
            current=query.state is shown,
        )
        for shown in Shown
        if shown is not Shown.UNWATCHED or board.keys[shown] or query.state is shown
    ]


def _columns(query: Query, locale: Locale) -> list[Column]:
    words = locale.language.page
    state, host, lasting, what = words.columns
    columns = [
        _sortable(query, Sort.STATE, "state", state),
        _sortable(query, Sort.NAME, "", host),
        Column("", lasting),
        Column("", what),
    ]
    for window in ALL_WINDOWS:
        css, text = f"share d{window.days}", words.share(locale.window(window))
        columns.append(_sortable(query, Sort.UP, css, text) if window.days == 30 else Column(css, text))
    return columns


def _sortable(query: Query, sort: Sort, css: str, text: str) -> Column:
    return Column(css, text, query.address(sort=sort), "ascending" if query.sort is sort else "")


def _paging(query: Query, selection: Selection, locale: Locale) -> Paging | None:
    page, pages, words = selection.page, selection.pages, locale.language.page
    if pages == 1:
        return None
    more = _more(selection) if query.sort is Sort.STATE else None
    return Paging(
        words.page_of(page=page, pages=pages),
        words.more(*more) if more else "",
        query.address(page=page - 1) if page > 1 else "",
        query.address(page=page + 1) if page < pages else "",
    )


def _more(selection: Selection) -> tuple[int, Shown] | None:
    """How many of the next state in order are on later pages, and which it is; None on the last page."""
    left = selection.page * PER_PAGE
    for shown, hosts in selection.counts.items():
        if left < hosts:
            return hosts - left, shown
        left -= hosts
    return None


def group_title(shown: Shown, selection: Selection, board: Board, locale: Locale) -> str:
    """The heading of a group, with the number of all hosts that it would have on one long page."""
    title = locale.language.page.groups[shown]
    if shown is Shown.UP and not board.digest.is_status_known:
        title = locale.language.headings.never_reported.title
    return f"{title} · {selection.counts[shown]:,}"
