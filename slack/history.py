"""What is answered to `history`: mrkdwn, as in `replies`."""

from collections.abc import Sequence
from datetime import datetime, timedelta, tzinfo

from hosts.mutes import Hides
from hosts.outages import DOUBT_AFTER, Period
from languages import ENGLISH, Language
from slack.replies import fit, open_line, past_line
from slack.text import code
from slack.wording import cut, doubts


def history(  # noqa: PLR0913 - what is known of the hosts, and how it is told
    outages: Sequence[Period],
    hides: Hides,
    zone: tzinfo,
    now: datetime,
    language: Language = ENGLISH,
    *,
    doubt_after: timedelta = DOUBT_AFTER,
) -> str:
    """In the order in which they come; those of hosts that are hidden now are marked."""
    if not outages:
        return language.no_outage
    rows, seen = [language.history_title], set[str]()
    for outage in outages:
        marks = [] if outage.host.name in seen else doubts(outage.host, now, doubt_after, language)
        marks += [f"🔕 {language.off_the_list}"] if hides(outage.host.name) else []
        rows.append(" · ".join([_row(outage, zone, now, language), *marks]))
        seen.add(outage.host.name)
    return fit(rows, language)


def _row(outage: Period, zone: tzinfo, now: datetime, language: Language) -> str:
    name, incident = code(cut(outage.host.name)), outage.as_incident()
    if incident.is_open:
        return f"🔴 {name} — {open_line(incident, zone, now, language)}"
    return f"• {name} — {past_line(incident, zone, language)}"
