"""Renders a digest as Slack messages, or as one text."""

from collections.abc import Sequence
from functools import partial

from digest.model import Digest
from languages import Locale
from slack import phrases
from slack.menus import (
    DIGEST_MUTE_MENUS,
    DIGEST_UNMUTE_BUTTONS,
    MessageKind,
    Place,
    mute_menu,
    placed,
    unmute_button,
)
from slack.packing import Group, Limits, Message, group, message, mrkdwn, pack, sections
from slack.text import by_slash, code, inert

BLOCKS = Limits(pages=5, page=12_000, section=2_999)  # Slack takes 3,000 a section: one is left for a slash
TEXT = Limits(pages=1, page=4_000, section=4_000)
MAX_NAMES_IN_NOTIFICATION = 7  # hosts down: even the longest names fit once they are escaped


def render(digest: Digest, locale: Locale, *, menus_of: str = "") -> list[Message]:
    """One message, or up to five when many hosts are down.

    `menus_of` is the name of the channel if there are menus beside its hosts.
    """
    groups = _groups(digest, locale, menus=bool(menus_of))
    pages = pack(_title(digest, headline(digest, locale)), groups, BLOCKS)
    if locale.slash:
        pages = [[part._replace(text=by_slash(part.text)) for part in page] for page in pages]
    return [
        _page(
            digest,
            locale,
            placed(sections(page), Place(MessageKind.DIGEST, menus_of, number)),
            f" ({number}/{len(pages)})" if len(pages) > 1 else "",
        )
        for number, page in enumerate(pages, 1)
    ]


def text_only(digest: Digest, locale: Locale) -> Message:
    """For when Slack refuses the blocks."""
    text = render_text(digest, locale)
    return message(by_slash(text) if locale.slash else text)


def render_text(digest: Digest, locale: Locale) -> str:
    """The digest as mrkdwn of at most 4,000 characters."""
    return _as_text(_title(digest, headline(digest, locale)), digest, locale)


def down_list(digest: Digest, locale: Locale, *, with_muted: bool = False) -> str:
    """Only the hosts down, as mrkdwn of at most 4,000 characters.

    Muted hosts are counted in the first line, and listed only `with_muted`.
    """
    muted = digest.muted if with_muted else ()
    down = digest._replace(recovered=(), mutes_ended=(), warnings=(), weekly=None, up=(), muted=muted)
    first_line = " · ".join([_down_count(digest, locale), *_muted_count(digest, locale)])
    return _as_text(_title(digest, first_line), down, locale)


def _as_text(title: str, digest: Digest, locale: Locale) -> str:
    (page,) = pack(title, _groups(digest, locale), TEXT)
    return "\n".join([*(part.text for part in page), _footer(digest, locale)])


def headline(digest: Digest, locale: Locale) -> str:
    """Plain text that answers whether anything is down."""
    language = locale.language
    parts = [_down_count(digest, locale)]
    parts += [language.warnings(len(digest.warnings))] if digest.warnings else []
    closed = sum(not entry.confirmed for entry in digest.recovered)
    recovered = len(digest.recovered) - closed
    parts += [language.recovered(recovered)] if recovered else []
    parts += [language.closed(closed)] if closed else []
    return " · ".join([*parts, *_muted_count(digest, locale)])


def _muted_count(digest: Digest, locale: Locale) -> list[str]:
    return [locale.language.muted(digest.muted_count, digest.muted_down_count)] if digest.muted else []


def _down_count(digest: Digest, locale: Locale) -> str:
    language, total = locale.language, digest.total
    if not digest.has_received:
        return " · ".join([language.nothing_received, *([language.watched(total)] if total else [])])
    if not total:
        return language.no_host
    if digest.down:
        return language.some_down(len(digest.down), total)
    return language.none_down(total) if digest.warnings else language.all_up(total, digest.muted_count)


def _title(digest: Digest, first_line: str) -> str:
    return f"*{_sign(digest)} {inert(first_line)}*"


def _sign(digest: Digest) -> str:
    if digest.down:
        return "🔴"
    if digest.warnings or digest.problems or digest.muted_down_count:
        return "🟡"
    return "🟢" if digest.has_received else "⚪"


def _footer(digest: Digest, locale: Locale) -> str:
    parts = [locale.language.as_of(phrases.when(digest.at, locale))]
    parts += [locale.language.next_digest(phrases.when(digest.next_at, locale))] if digest.next_at else []
    return " · ".join(parts)


def _page(digest: Digest, locale: Locale, page: Sequence[Message], part: str) -> Message:
    footer: Message = {"type": "context", "elements": [mrkdwn(f"{_footer(digest, locale)}{part}")]}
    return message(_notification(digest, locale, part), blocks=[*page, footer])


def _notification(digest: Digest, locale: Locale, part: str) -> str:
    """For notifications and screen readers, which do not show the blocks."""
    language = locale.language
    text = language.notification(f"{headline(digest, locale)}{part}", locale.moment(digest.at))
    if not digest.down:
        return text
    named, others = digest.down[:MAX_NAMES_IN_NOTIFICATION], digest.down[MAX_NAMES_IN_NOTIFICATION:]
    names = ", ".join(code(phrases.cut(entry.host.name)) for entry in named)
    return f"{text}\n{language.notification_down(names, len(others))}"


def _groups(digest: Digest, locale: Locale, *, menus: bool = False) -> list[Group]:
    """In order of importance: what comes last is cut first."""
    titles, now = locale.language.headings, digest.at
    problems = (phrases.problem_line(problem, locale) for problem in digest.problems)
    setup = [] if digest.has_received else locale.language.setup
    recovered = [entry for entry in digest.recovered if entry.confirmed]
    closed = [entry for entry in digest.recovered if not entry.confirmed]
    recovery = partial(phrases.recovery_line, now=now, locale=locale)
    warnings = (phrases.warning_line(entry, now, locale) for entry in digest.warnings)
    ended = (phrases.mute_ended_line(entry, locale) for entry in digest.mutes_ended)
    muted = (phrases.mute_line(entry, locale) for entry in digest.muted)
    unmute = (unmute_button(entry, locale) for entry in digest.muted[:DIGEST_UNMUTE_BUTTONS])
    week = [phrases.week_line(digest.weekly, locale)] if digest.weekly else []
    return [
        group("⚠️", titles.problems, problems, len(digest.problems)),
        group("", titles.setup, setup, len(setup)),
        _down_group(digest, locale, menus=menus),
        group("🟢", titles.recovered, map(recovery, recovered), len(recovered), spills=True),
        group("⚪", titles.closed, map(recovery, closed), len(closed), spills=True),
        group("🔔", titles.mutes_ended, ended, len(digest.mutes_ended), spills=True),
        group("🟡", titles.warnings, warnings, len(digest.warnings), spills=True),
        group("📅", titles.week, week, len(week)),
        _up_group(digest, locale),
        group("🔕", titles.muted, muted, len(digest.muted), accessories=unmute if menus else ()),
    ]


def _down_group(digest: Digest, locale: Locale, *, menus: bool) -> Group:
    heading, lines = locale.language.headings.down, phrases.down_lines(digest.down, digest.at, locale)
    beside = (mute_menu(entry, locale) for entry in digest.down[:DIGEST_MUTE_MENUS]) if menus else ()
    return Group(
        f"*🔴 {heading.title}*", lines, len(digest.down), heading.more, spills=True, accessories=beside
    )


def _up_group(digest: Digest, locale: Locale) -> Group:
    titles, names = locale.language.headings, digest.up
    sign, heading = ("✅", titles.up) if digest.has_received else ("⚪", titles.never_reported)
    title = f"*{sign} {heading.title} ({len(names):,})*"
    return Group(title, phrases.name_lines(names), len(names), heading.more, spills=False)
