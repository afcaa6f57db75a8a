"""What is told at once -> one Slack message."""

from collections.abc import Iterable, Sequence
from functools import partial

from digest.alerts import AlertBatch
from languages import Locale
from languages.language import Heading
from slack import phrases
from slack.digest_message import Message, mrkdwn
from slack.packing import Group, Limits, pack

LIMITS = Limits(pages=1, page=4_000, section=3_000)
CALLS = {"here": "<!here>", "channel": "<!channel>"}


def render_alerts(batch: AlertBatch, locale: Locale, mention: Sequence[str]) -> Message:
    blocks = [{"type": "section", "text": mrkdwn(text)} for text in _sections(batch, locale, mention)]
    return _message(_counts(batch, locale), blocks=blocks)


def alerts_text_only(batch: AlertBatch, locale: Locale, mention: Sequence[str]) -> Message:
    """For when Slack refuses the blocks."""
    return _message("\n".join(_sections(batch, locale, mention)))


def _message(text: str, **fields: object) -> Message:
    return {"text": text, **fields, "unfurl_links": False, "unfurl_media": False}


def _sections(batch: AlertBatch, locale: Locale, mention: Sequence[str]) -> list[str]:
    (sections,) = pack(_opening(batch, locale, mention), _groups(batch, locale), LIMITS)
    return sections


def _opening(batch: AlertBatch, locale: Locale, mention: Sequence[str]) -> str:
    escalated = [_call(who) for who in mention] if batch.calls else []
    return " ".join([f"*{_counts(batch, locale)}*", *escalated])


def _call(who: str) -> str:
    """The closed list of `alerts.mention`; nothing else is ever put between these brackets."""
    return CALLS.get(who) or (f"<!subteam^{who}>" if who.startswith("S") else f"<@{who}>")


def _counts(batch: AlertBatch, locale: Locale) -> str:
    language = locale.language
    parts = [language.went_down(len(batch.down))] if batch.down else []
    parts += [language.still_down(len(batch.still))] if batch.still else []
    parts += [language.over(len(batch.over))] if batch.over else []
    sign = "🔴" if batch.down or batch.still else "🟢"
    return f"{sign} {' · '.join(parts)}"


def _groups(batch: AlertBatch, locale: Locale) -> list[Group]:
    now, titles = batch.at, locale.language.alert_headings
    down = partial(phrases.down, now=now, locale=locale)
    over = partial(phrases.recovery, now=now, locale=locale)
    return [
        _group(titles.down, map(down, batch.down), len(batch.down)),
        _group(titles.still, map(down, batch.still), len(batch.still)),
        _group(titles.over, map(over, batch.over), len(batch.over)),
    ]


def _group(heading: Heading, lines: Iterable[str], total: int) -> Group:
    return Group(f"*{heading.title}*", ((line, 1) for line in lines), total, heading.more, spills=True)
