"""What is told at once -> one Slack message."""

from collections.abc import Iterable, Sequence
from datetime import tzinfo
from functools import partial
from typing import NamedTuple

from digest.alerts import AlertBatch
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


def render_alerts(batch: AlertBatch, manner: Manner) -> Message:
    blocks = [{"type": "section", "text": mrkdwn(text)} for text in _sections(batch, manner)]
    return _message(_counts(batch, manner.language), blocks=blocks)


def alerts_text_only(batch: AlertBatch, manner: Manner) -> Message:
    """For when Slack refuses the blocks."""
    return _message("\n".join(_sections(batch, manner)))


def _message(text: str, **fields: object) -> Message:
    return {"text": text, **fields, "unfurl_links": False, "unfurl_media": False}


def _sections(batch: AlertBatch, manner: Manner) -> list[str]:
    (sections,) = pack(_opening(batch, manner), _groups(batch, manner), LIMITS)
    return sections


def _opening(batch: AlertBatch, manner: Manner) -> str:
    escalated = [_call(who) for who in manner.mention] if batch.needs_mention else []
    return " ".join([f"*{_counts(batch, manner.language)}*", *escalated])


def _call(who: str) -> str:
    """The closed list of `alerts.mention`; nothing else is ever put between these brackets."""
    return CALLS.get(who) or (f"<!subteam^{who}>" if who.startswith("S") else f"<@{who}>")


def _counts(batch: AlertBatch, language: Language) -> str:
    parts = [language.went_down(len(batch.down))] if batch.down else []
    parts += [language.still_down(len(batch.still_down))] if batch.still_down else []
    parts += [language.over(len(batch.recovered))] if batch.recovered else []
    sign = "🔴" if batch.down or batch.still_down else "🟢"
    return f"{sign} {' · '.join(parts)}"


def _groups(batch: AlertBatch, manner: Manner) -> list[Group]:
    zone, language = manner.zone, manner.language
    now, titles = batch.at, language.alert_headings
    down = partial(phrases.down, now=now, language=language)
    over = partial(phrases.recovery, now=now, zone=zone, language=language)
    return [
        _group(titles.down, map(down, batch.down), len(batch.down)),
        _group(titles.still, map(down, batch.still_down), len(batch.still_down)),
        _group(titles.over, map(over, batch.recovered), len(batch.recovered)),
    ]


def _group(heading: Heading, lines: Iterable[str], total: int) -> Group:
    return Group(f"*{heading.title}*", ((line, 1) for line in lines), total, heading.more, spills=True)
