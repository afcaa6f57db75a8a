"""Renders a digest as Slack messages, or as one text, and says how many names of each group it shows."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from itertools import islice
from typing import NamedTuple, TypeVar

from digest.model import Digest, Down, Muted, MuteEnded, Recovery, Snoozed, Warned
from hosts.incident import UNSEEN, Ending
from languages import Locale
from languages.language import Heading
from slack import phrases, rows
from slack.headlines import digest_notification, down_headline, headline, sign
from slack.menus import DIGEST_MUTE_MENUS, MessageKind, Place, mute_menu, placed, unmute_button
from slack.packing import Group, Limits, Message, group, message, mrkdwn, pack, packing
from slack.rows import MOST_LINKED_ROWS, RowContext
from slack.text import by_slash, length, link
from turns import Steps, at_once

# Slack takes 3,000 a section: one is left for a slash.
BLOCKS = Limits(pages=5, page=12_000, section=2_999, growth=100)
TEXT = Limits(pages=1, page=4_000, section=4_000)

Entry = TypeVar("Entry", Recovery, MuteEnded, Warned, Muted, Snoozed)


class Detail(NamedTuple):
    """How much to say about what is not down. None: all of it."""

    names_up: int | None  # of more hosts up, only the number
    rows: int | None  # of recoveries, warnings and mutes, each
    is_compact: bool  # whether very many hosts down share rows
    menus: int = 0  # hosts down that have a menu; if any, each muted host has a button


POSTED = Detail(names_up=12, rows=10, is_compact=False, menus=DIGEST_MUTE_MENUS)
POSTED_AS_TEXT = POSTED._replace(is_compact=True, menus=0)
ASKED = Detail(names_up=None, rows=None, is_compact=True)


def rendering(digest: Digest, locale: Locale, *, menus_of: str = "") -> Steps[list[Message]]:
    """One message, or up to five when many hosts are down.

    `menus_of` is the name of the channel if there are menus beside its hosts.
    """
    groups = _groups(digest, locale, POSTED if menus_of else POSTED._replace(menus=0))
    pages = yield from packing(_title(digest, headline(digest, locale)), groups, BLOCKS)
    messages, footer = list[Message](), _footer(digest, locale)
    kind = MessageKind.PART if len(pages) > 1 else MessageKind.DIGEST
    place = Place(kind, menus_of, digest.notified)
    for number, page in enumerate(pages, 1):
        part = f" ({number}/{len(pages)})" if len(pages) > 1 else ""
        blocks = [section._replace(text=_typable(section.text, locale)).block() for section in page]
        context = {"type": "context", "elements": [mrkdwn(_typable(f"{footer}{part}", locale))]}
        with_footer = [*placed(blocks, place), context]
        messages.append(message(digest_notification(digest, locale, part), blocks=with_footer))
    return messages


render = at_once(rendering)


def text_only(digest: Digest, locale: Locale) -> Message:
    """For when Slack refuses the blocks."""
    text = _as_text(_title(digest, headline(digest, locale)), digest, locale, POSTED_AS_TEXT)
    return message(_typable(text, locale))


def _typable(text: str, locale: Locale) -> str:
    return by_slash(text) if locale.slash else text


def render_text(digest: Digest, locale: Locale) -> str:
    """The digest with every name, as mrkdwn of at most 4,000 characters."""
    return _as_text(_title(digest, headline(digest, locale)), digest, locale, ASKED)


def down_list(digest: Digest, locale: Locale, *, with_muted: bool = False) -> str:
    """Only the hosts down, as mrkdwn of at most 4,000 characters.

    Muted hosts are counted in the first line, and listed only `with_muted`.
    """
    muted = digest.muted if with_muted else ()
    down = digest._replace(
        recovered=(),
        mutes_ended=(),
        warnings=(),
        weekly=None,
        up=(),
        muted=muted,
        snoozed=(),
        disabled=(),
        gone=(),
        still_gone=(),
    )
    return _as_text(_title(digest, down_headline(digest, locale)), down, locale, ASKED)


def _as_text(title: str, digest: Digest, locale: Locale, detail: Detail) -> str:
    footer = _footer(digest, locale)
    limits = TEXT._replace(reserve=length(footer) + 1)
    (page,) = pack(title, _groups(digest, locale, detail), limits)
    return "\n".join([*(section.text for section in page), footer])


def _title(digest: Digest, first_line: str) -> str:
    return f"*{sign(digest)} {first_line}*"


def _footer(digest: Digest, locale: Locale) -> str:
    parts = [locale.language.as_of(phrases.when(digest.at, locale))]
    if digest.next_at:
        at = phrases.time_of(digest.next_at, digest.at, locale, locale.language.at_time)
        parts.append(locale.language.next_digest(at))
    parts += (phrases.remark(problem, digest.at, locale) for problem in digest.remarks)
    return " · ".join(parts)


def _groups(digest: Digest, locale: Locale, detail: Detail) -> list[Group]:
    """Returns the groups, the most important first: what comes last is cut first."""
    language, titles = locale.language, locale.language.headings
    linked = len(digest.down) + len(digest.warnings) <= MOST_LINKED_ROWS
    context = RowContext(digest.at, locale, digest.doubt_after, linked)
    problems = (phrases.problem_line(problem, locale) for problem in digest.faults)
    setup = [] if digest.has_received else language.setup
    week = [phrases.week_line(digest.weekly, locale)] if digest.weekly else []
    groups = [
        group("⚠️", titles.problems, problems, len(digest.faults)),
        group("", titles.setup, setup, len(setup)),
        *_down_groups(digest.down, context, detail),
        *_ended_groups(digest, context, detail),
        _some(rows.mute_ended_row, digest.mutes_ended, titles.mutes_ended, context, detail),
        _some(rows.warning_row, digest.warnings, titles.warnings, context, detail),
        Group("", ((line, 1) for line in week), len(week), titles.week.more),
        _muted_group(digest.muted, context, detail),
        _up_group(digest, locale, detail),
        _some(rows.snoozed_row, digest.snoozed, titles.snoozed, context, detail),
        _names_group("⚪", titles.gone, (*digest.gone, *digest.still_gone), detail),
        _names_group("⏸️", titles.disabled, digest.disabled, detail),
    ]
    return [each._replace(more=partial(_more, each.more, locale)) for each in groups]


def _more(count: Callable[[int], str], locale: Locale, left: int) -> str:
    return link(locale.page, count(left)) if locale.page else count(left)


def _down_groups(entries: Sequence[Down], context: RowContext, detail: Detail) -> Iterator[Group]:
    """What is new, what is not, and what may be over already."""
    titles = context.locale.language.headings
    doubtful = [entry for entry in entries if entry.doubtful]
    new = [entry for entry in entries if entry.new and not entry.doubtful]
    others = [entry for entry in entries if not (entry.new or entry.doubtful)]
    is_compact = detail.is_compact and len(entries) > MOST_LINKED_ROWS
    lines = partial(rows.compact_down_rows if is_compact else rows.down_rows, context=context)
    still_down = titles.still_down if new else titles.still_down._replace(title="")
    is_old = all(context.now - entry.since >= context.doubt_after for entry in doubtful)
    doubt = titles.doubtful.title.format(after=context.locale.duration(context.doubt_after))
    in_doubt = titles.doubtful._replace(title=doubt) if is_old else titles.in_doubt
    groups = (
        (titles.new, new, lines(new)),
        (still_down, others, lines(others)),
        (in_doubt, doubtful, _hinted(doubtful, lines, context)),
    )
    menus_left = detail.menus
    for heading, some, shown in groups:
        menus = [mute_menu(entry, context.locale) for entry in some[:menus_left]]
        menus_left -= len(menus)
        title = f"*{heading.title}*" if heading.title else ""
        # Hosts down must not be folded away.
        yield Group(title, shown, len(some), heading.more, spills=True, expand=True, accessories=menus)


def _muted_group(entries: Sequence[Muted], context: RowContext, detail: Detail) -> Group:
    found = _some(rows.mute_row, entries, context.locale.language.headings.muted, context, detail)
    buttons = (unmute_button(entry, context.locale) for entry in entries if detail.menus)
    return found._replace(accessories=buttons)


def _hinted(
    entries: Sequence[Down], lines: Callable[[Sequence[Down]], Iterable[tuple[str, int]]], context: RowContext
) -> Iterator[tuple[str, int]]:
    """One line on how to settle the doubt, and the hosts."""
    if entries:
        yield phrases.resolve_hint([entry.host for entry in entries], context.locale), 0
        yield from lines(entries)


def _ended_groups(digest: Digest, context: RowContext, detail: Detail) -> Iterator[Group]:
    titles = context.locale.language.headings
    for how, heading in (
        ({Ending.RECOVERED}, titles.recovered),
        (UNSEEN, titles.closed),
        ({Ending.RESOLVED}, titles.resolved),
    ):
        yield _some(rows.recovery_row, digest.ended(*how), heading, context, detail)


def _some(
    row: Callable[[Entry, RowContext], str],
    entries: Sequence[Entry],
    heading: Heading,
    context: RowContext,
    detail: Detail,
) -> Group:
    shown = (row(entry, context) for entry in islice(entries, detail.rows))
    return group("", heading, shown, len(entries), spills=True)


def _up_group(digest: Digest, locale: Locale, detail: Detail) -> Group:
    """One line, unless somebody asks; none if the first line already says it."""
    titles, names, most = locale.language.headings, digest.up, detail.names_up
    is_said = (digest.all_up and most is not None) or digest.total == 1
    if is_said or not names:
        return Group("", (), 0, titles.up.more)
    sign, heading = ("✅", titles.up) if digest.is_status_known else ("⚪", titles.never_reported)
    if most is not None and len(names) > most:
        counted = len(names) if digest.is_status_known else 0  # otherwise the first line says it already
        return Group("", (), counted, lambda left: f"{sign} {locale.language.up(left)}")
    return _names_group(sign, heading, names, detail)


def _names_group(sign: str, heading: Heading, names: Sequence[str], detail: Detail) -> Group:
    lines = phrases.name_lines(names[: detail.names_up])
    first = f"{sign} {heading.title}: "
    titled = ((f"{'' if number else first}{line}", count) for number, (line, count) in enumerate(lines))
    return Group("", titled, len(names), heading.more)
