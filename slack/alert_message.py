"""What is told at once -> one Slack message."""

from collections.abc import Iterable, Sequence
from datetime import tzinfo
from functools import partial
from typing import NamedTuple

from digest.alerts import Bulletin
from languages import Language
from languages.language import Heading
from slack import phrases
from slack.digest_message import Message, mrkdwn
from slack.packing import Group, Limits, pack

LIMITS = Limits(pages=1, page=4_000, section=3_000)
CALLS = {"here": "<!here>", "channel": "<!channel>"}


class Manner(NamedTuple):
    """How a channel is spoken to. `mention`: ids or words of those called for what has lasted long.

    `slash`: commands are typed with one, and not otherwise.
    """

    zone: tzinfo
    language: Language
    mention: Sequence[str] = ()
    slash: bool = False


def render_bulletin(bulletin: Bulletin, manner: Manner) -> Message:
    blocks = [{"type": "section", "text": mrkdwn(text)} for text in _sections(bulletin, manner)]
    return _message(_counts(bulletin, manner.language), blocks=blocks)


def bulletin_text_only(bulletin: Bulletin, manner: Manner) -> Message:
    """For when Slack refuses the blocks."""
    return _message("\n".join(_sections(bulletin, manner)))


def _message(text: str, **fields: object) -> Message:
    return {"text": text, **fields, "unfurl_links": False, "unfurl_media": False}


def _sections(bulletin: Bulletin, manner: Manner) -> list[str]:
    (sections,) = pack(_opening(bulletin, manner), _groups(bulletin, manner), LIMITS)
    return sections


def _opening(bulletin: Bulletin, manner: Manner) -> str:
    called = [_call(who) for who in manner.mention] if bulletin.calls else []
    return " ".join([f"*{_counts(bulletin, manner.language)}*", *called])


def _call(who: str) -> str:
    """The closed list of `alerts.mention`; nothing else is ever put between these brackets."""
    return CALLS.get(who) or (f"<!subteam^{who}>" if who.startswith("S") else f"<@{who}>")


def _counts(bulletin: Bulletin, language: Language) -> str:
    parts = [language.went_down(len(bulletin.down))] if bulletin.down else []
    parts += [language.still_down(len(bulletin.still))] if bulletin.still else []
    parts += [language.over(len(bulletin.over))] if bulletin.over else []
    sign = "🔴" if bulletin.down or bulletin.still else "🟢"
    return f"{sign} {' · '.join(parts)}"


def _groups(bulletin: Bulletin, manner: Manner) -> list[Group]:
    zone, language = manner.zone, manner.language
    now, titles = bulletin.at, language.alert_headings
    down = partial(phrases.down, now=now, language=language)
    over = partial(phrases.recovery, now=now, zone=zone, language=language)
    return [
        _group(titles.down, map(down, bulletin.down), len(bulletin.down)),
        _group(titles.still, map(down, bulletin.still), len(bulletin.still)),
        _group(titles.over, map(over, bulletin.over), len(bulletin.over)),
    ]


def _group(heading: Heading, lines: Iterable[str], total: int) -> Group:
    return Group(f"*{heading.title}*", ((line, 1) for line in lines), total, heading.more, spills=True)
