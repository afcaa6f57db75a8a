"""What is answered to `history`: mrkdwn, as in `replies`."""

from collections.abc import Sequence
from datetime import datetime, tzinfo

from slack.languages import ENGLISH, Language
from slack.replies import fit, open_line, past_line
from slack.text import code
from slack.wording import cut
from state.mutes import Hides
from state.outages import Period


def history(
    outages: Sequence[Period], hides: Hides, zone: tzinfo, now: datetime, language: Language = ENGLISH
) -> str:
    """In the order in which they come; those of hosts that are hidden now are marked."""
    if not outages:
        return language.no_outage
    rows = [_row(outage, zone, now, language) for outage in outages]
    marks = [f" · 🔕 {language.off_the_list}" if hides(outage.host.name) else "" for outage in outages]
    return fit([language.history_title, *map("".join, zip(rows, marks, strict=True))], language)


def _row(outage: Period, zone: tzinfo, now: datetime, language: Language) -> str:
    name, incident = code(cut(outage.host.name)), outage.as_incident()
    if incident.is_open:
        return f"🔴 {name} — {open_line(incident, zone, now, language)}"
    return f"• {name} — {past_line(incident, zone, language)}"
