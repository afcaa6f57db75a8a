"""Renders alerts as one Slack message, and says whom it mentions."""

from collections.abc import Sequence

from digest.alerts import AlertBatch
from languages import Locale
from slack import rows
from slack.headlines import alert_headline, alert_notification
from slack.menus import ALERT_MENUS, MessageKind, Place, mute_menu, placed
from slack.packing import Group, Limits, Message, Section, message, pack
from slack.rows import MOST_LINKED_ROWS, RowContext

LIMITS = Limits(pages=1, page=4_000, section=3_000)
MENTIONS = {"here": "<!here>", "channel": "<!channel>"}


def render_alerts(
    batch: AlertBatch, locale: Locale, mention: Sequence[str], *, menus_of: str = ""
) -> Message:
    """`mention`: whom to call for outages that have lasted long: user or group ids, `here` or `channel`.

    `menus_of` is the name of the channel if there are menus beside its hosts.
    """
    page = _page(batch, locale, mention, has_menus=bool(menus_of))
    blocks = placed([section.block() for section in page], Place(MessageKind.ALERT, menus_of))
    return message(alert_notification(batch, locale), blocks=blocks)


def alerts_text_only(batch: AlertBatch, locale: Locale, mention: Sequence[str]) -> Message:
    """For when Slack refuses the blocks."""
    return message("\n".join(section.text for section in _page(batch, locale, mention)))


def _page(
    batch: AlertBatch, locale: Locale, mention: Sequence[str], *, has_menus: bool = False
) -> list[Section]:
    """A single row says everything; several are counted in a line above them."""
    mentions = [_mention(who) for who in mention] if batch.needs_mention else []
    count = len(batch.down) + len(batch.still_down) + len(batch.recovered)
    title = [f"*{alert_headline(batch, locale)}*"] if count > 1 else []
    context = RowContext(batch.at, locale, batch.doubt_after, linked=count <= MOST_LINKED_ROWS)
    (page,) = pack(" ".join([*title, *mentions]), _groups(batch, context, has_menus=has_menus), LIMITS)
    return page


def _mention(who: str) -> str:
    """`who` comes from the closed list of `alerts.mention`; nothing else is ever put between brackets."""
    return MENTIONS.get(who) or (f"<!subteam^{who}>" if who.startswith("S") else f"<@{who}>")


def _groups(batch: AlertBatch, context: RowContext, *, has_menus: bool) -> list[Group]:
    """Hosts down must not be folded away."""
    language, first = context.locale.language, len(batch.down)
    with_menu = (*batch.down, *batch.still_down)[: ALERT_MENUS if has_menus else 0]
    menus = [mute_menu(entry, context.locale) for entry in with_menu]
    down = ((rows.alert_row(entry, language.down_for, context), 1) for entry in batch.down)
    still_down = (
        (rows.alert_row(entry, language.still_down_after, context), 1) for entry in batch.still_down
    )
    more = language.headings.still_down.more
    ended = ((rows.recovery_row(entry, context), 1) for entry in batch.recovered)
    return [
        Group("", down, first, more, expand=True, accessories=menus[:first]),
        Group("", still_down, len(batch.still_down), more, expand=True, accessories=menus[first:]),
        Group("", ended, len(batch.recovered), language.headings.recovered.more),
    ]
