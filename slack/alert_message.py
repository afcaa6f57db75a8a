"""Renders alerts as one Slack message."""

from collections.abc import Sequence
from functools import partial

from digest.alerts import AlertBatch
from languages import Locale
from slack import phrases
from slack.menus import ALERT_MENUS, MessageKind, Place, mute_menu, placed
from slack.packing import Group, Limits, Message, Section, group, message, pack, sections

LIMITS = Limits(pages=1, page=4_000, section=3_000)
MENTIONS = {"here": "<!here>", "channel": "<!channel>"}


def render_alerts(
    batch: AlertBatch, locale: Locale, mention: Sequence[str], *, menus_of: str = ""
) -> Message:
    """`mention`: whom to call for outages that have lasted long: user or group ids, `here` or `channel`.

    `menus_of` is the name of the channel if there are menus beside its hosts.
    """
    blocks = sections(_page(batch, locale, mention, menus=bool(menus_of)))
    return message(_headline(batch, locale), blocks=placed(blocks, Place(MessageKind.ALERT, menus_of)))


def alerts_text_only(batch: AlertBatch, locale: Locale, mention: Sequence[str]) -> Message:
    """For when Slack refuses the blocks."""
    return message("\n".join(part.text for part in _page(batch, locale, mention)))


def _page(batch: AlertBatch, locale: Locale, mention: Sequence[str], *, menus: bool = False) -> list[Section]:
    mentions = [_mention(who) for who in mention] if batch.needs_mention else []
    title = " ".join([f"*{_headline(batch, locale)}*", *mentions])
    (page,) = pack(title, _groups(batch, locale, menus=menus), LIMITS)
    return page


def _mention(who: str) -> str:
    """`who` comes from the closed list of `alerts.mention`; nothing else is ever put between brackets."""
    return MENTIONS.get(who) or (f"<!subteam^{who}>" if who.startswith("S") else f"<@{who}>")


def _headline(batch: AlertBatch, locale: Locale) -> str:
    language = locale.language
    parts = [language.went_down(len(batch.down))] if batch.down else []
    parts += [language.still_down(len(batch.still_down))] if batch.still_down else []
    parts += [language.no_longer_down(len(batch.recovered))] if batch.recovered else []
    sign = "🔴" if batch.down or batch.still_down else "🟢"
    return f"{sign} {' · '.join(parts)}"


def _groups(batch: AlertBatch, locale: Locale, *, menus: bool) -> list[Group]:
    titles = locale.language.alert_headings
    down = partial(phrases.down_line, now=batch.at, locale=locale)
    recovery = partial(phrases.recovery_line, now=batch.at, locale=locale)
    most = ALERT_MENUS if menus else 0
    beside = [mute_menu(entry, locale) for entry in (*batch.down, *batch.still_down)[:most]]
    first, rest = beside[: len(batch.down)], beside[len(batch.down) :]
    spilling = partial(group, "", spills=True)
    return [
        spilling(titles.down, map(down, batch.down), len(batch.down), accessories=first),
        spilling(titles.still_down, map(down, batch.still_down), len(batch.still_down), accessories=rest),
        spilling(titles.recovered, map(recovery, batch.recovered), len(batch.recovered)),
    ]
