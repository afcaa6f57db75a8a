"""A digest -> Slack JSON within Slack's limits, or one text.

Blocks and limits: https://docs.slack.dev/reference/block-kit/blocks
"""

from collections.abc import Iterable, Sequence
from datetime import tzinfo
from functools import partial

from digest.model import Digest
from languages import ENGLISH, Language
from languages.language import Heading
from slack import phrases
from slack.packing import Group, Limits, pack
from slack.text import by_slash, code, inert

Message = dict[str, object]

BLOCKS = Limits(pages=5, page=12_000, section=2_999)  # all block text of a message; one section, and a slash
TEXT = Limits(pages=1, page=4_000, section=4_000)
SPOKEN = 7  # hosts down that the notification names: escaped, so many of the longest still fit


def render(
    digest: Digest, zone: tzinfo, language: Language = ENGLISH, *, slash: bool = False
) -> list[Message]:
    """One message, or up to five when many hosts are down. `slash`: how its readers type a command."""
    pages = pack(_opening(digest, language), groups(digest, zone, language), BLOCKS)
    if slash:
        pages = [[by_slash(section) for section in sections] for sections in pages]
    return [
        _message(digest, zone, language, sections, f" ({number}/{len(pages)})" if len(pages) > 1 else "")
        for number, sections in enumerate(pages, 1)
    ]


def render_text(digest: Digest, zone: tzinfo, language: Language = ENGLISH) -> str:
    """The same as one mrkdwn text of at most 4,000 characters."""
    (sections,) = pack(_opening(digest, language), groups(digest, zone, language), TEXT)
    return "\n".join([*sections, footer(digest, zone, language)])


def text_only(digest: Digest, zone: tzinfo, language: Language = ENGLISH, *, slash: bool = False) -> Message:
    """For when Slack refuses the blocks."""
    text = render_text(digest, zone, language)
    return plain(by_slash(text) if slash else text)


def plain(text: str) -> Message:
    return {"text": text, "unfurl_links": False, "unfurl_media": False}


def headline(digest: Digest, language: Language = ENGLISH) -> str:
    """Is anything down? In plain text."""
    parts = [how_many_down(digest, language)]
    parts += [language.warnings(len(digest.warnings))] if digest.warnings else []
    closed = sum(not entry.confirmed for entry in digest.recovered)
    recovered = len(digest.recovered) - closed
    parts += [language.recovered(recovered)] if recovered else []
    parts += [language.closed(closed)] if closed else []
    parts += muted_part(digest, language)
    return " · ".join(parts)


def muted_part(digest: Digest, language: Language) -> list[str]:
    return [language.muted(digest.muted_count, digest.muted_down_count)] if digest.muted else []


def how_many_down(digest: Digest, language: Language) -> str:
    if not digest.has_received:
        watched = [language.watched(digest.total)] if digest.total else []
        return " · ".join([language.nothing_received, *watched])
    if not digest.total:
        return language.no_host
    if digest.down:
        return language.some_down(len(digest.down), digest.total)
    return (
        language.none_down(digest.total)
        if digest.warnings
        else language.all_up(digest.total, digest.muted_count)
    )


def sign(digest: Digest) -> str:
    if digest.down:
        return "🔴"
    if digest.warnings or digest.problems or digest.muted_down_count:
        return "🟡"
    return "🟢" if digest.has_received else "⚪"


def footer(digest: Digest, zone: tzinfo, language: Language) -> str:
    parts = [language.as_of(phrases.when(digest.at, zone, language))]
    parts += [language.next_digest(phrases.when(digest.next_at, zone, language))] if digest.next_at else []
    return " · ".join(parts)


def _opening(digest: Digest, language: Language) -> str:
    return titled(digest, headline(digest, language))


def titled(digest: Digest, line: str) -> str:
    return f"*{sign(digest)} {inert(line)}*"


def _message(digest: Digest, zone: tzinfo, language: Language, sections: Sequence[str], part: str) -> Message:
    blocks: list[Message] = [{"type": "section", "text": mrkdwn(text)} for text in sections]
    blocks.append({"type": "context", "elements": [mrkdwn(f"{footer(digest, zone, language)}{part}")]})
    spoken = _spoken(digest, zone, language, part)
    return {"text": spoken, "blocks": blocks, "unfurl_links": False, "unfurl_media": False}


def _spoken(digest: Digest, zone: tzinfo, language: Language, part: str) -> str:
    """For notifications and screen readers."""
    said = language.spoken(f"{headline(digest, language)}{part}", language.moment(digest.at.astimezone(zone)))
    if not digest.down:
        return said
    names = ", ".join(code(phrases.cut(entry.host.name)) for entry in digest.down[:SPOKEN])
    return f"{said}\n{language.spoken_down(names, len(digest.down[SPOKEN:]))}"


def mrkdwn(text: str) -> Message:
    # Without verbatim Slack would turn a plain @here or #general in foreign text into a live one.
    return {"type": "mrkdwn", "text": text, "verbatim": True}


def groups(digest: Digest, zone: tzinfo, language: Language) -> list[Group]:
    """In order of importance: what comes last is cut first."""
    titles = language.headings
    problems = [phrases.problem(problem, language) for problem in digest.problems]
    setup = [] if digest.has_received else language.setup
    recovered = [entry for entry in digest.recovered if entry.confirmed]
    closed = [entry for entry in digest.recovered if not entry.confirmed]
    ended = partial(phrases.recovery, now=digest.at, zone=zone, language=language)
    warnings = (phrases.warned(entry, digest.at, language) for entry in digest.warnings)
    returned = (phrases.returned(entry, zone, language) for entry in digest.mutes_ended)
    muted = (phrases.muted(entry, zone, language) for entry in digest.muted)
    return [
        _group("⚠️", titles.problems, problems, len(problems)),
        _group("", titles.setup, setup, len(setup)),
        _down(titles.down, digest, language),
        _group("🟢", titles.recovered, map(ended, recovered), len(recovered), spills=True),
        _group("⚪", titles.closed, map(ended, closed), len(closed), spills=True),
        _group("🔔", titles.returned, returned, len(digest.mutes_ended), spills=True),
        _group("🟡", titles.warnings, warnings, len(digest.warnings), spills=True),
        _weekly(titles.week, digest, language),
        _up("✅", titles.up, digest.up) if digest.has_received else _up("⚪", titles.unheard, digest.up),
        _group("🔕", titles.muted, muted, len(digest.muted)),
    ]


def _down(heading: Heading, digest: Digest, language: Language) -> Group:
    lines = phrases.all_down(digest.down, digest.at, language)
    return Group(f"*🔴 {heading.title}*", lines, len(digest.down), heading.more, spills=True)


def _group(sign: str, heading: Heading, lines: Iterable[str], total: int, *, spills: bool = False) -> Group:
    title = f"{sign} {heading.title}".strip()
    return Group(f"*{title}*", ((line, 1) for line in lines), total, heading.more, spills)


def _weekly(heading: Heading, digest: Digest, language: Language) -> Group:
    lines = [phrases.weekly(digest.weekly, language)] if digest.weekly else []
    return _group("📅", heading, lines, len(lines))


def _up(sign: str, heading: Heading, names: Sequence[str]) -> Group:
    title = f"{sign} {heading.title} ({len(names):,})"
    return Group(f"*{title}*", phrases.names(names), len(names), heading.more, spills=False)


def down_list(digest: Digest, zone: tzinfo, language: Language = ENGLISH, *, with_muted: bool = False) -> str:
    """At most 4,000 characters. Muted hosts are left out and counted, unless they were asked for."""
    muted = digest.muted if with_muted else ()
    down = digest._replace(recovered=(), mutes_ended=(), warnings=(), weekly=None, up=(), muted=muted)
    opening = titled(digest, _first_line(digest, language))
    (sections,) = pack(opening, groups(down, zone, language), TEXT)
    return "\n".join([*sections, footer(digest, zone, language)])


def _first_line(digest: Digest, language: Language) -> str:
    return " · ".join([how_many_down(digest, language), *muted_part(digest, language)])
