"""One line of mrkdwn about one host. Foreign texts are cut, and can neither format nor mention."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta, tzinfo

from digest.model import Down, Muted, Recovery, Warned
from slack.text import code, date, inert, length, link
from state.model import Host, Incident, Kind, NamedBy, Status

NAME, CHARS_A_LINE = 100, 400  # a foreign text is cut at the first, a line of hosts up at the second
LINK = 1_000  # a longer one is left out: escaped, an address can outgrow the section
NAMED_BY = {NamedBy.CHECK: " (check)", NamedBy.POLICY: " (policy)"}


def down(entry: Down, now: datetime) -> str:
    outages = [i for i in entry.host.open if i.kind is Kind.DOWNTIME]
    parts = [f"• {_name(entry.host)} — {duration(now - entry.since)}", what_failed(outages)]
    parts += ["*new*"] if entry.new else []
    parts += ["its close may have been lost"] if entry.doubtful else []
    return " · ".join(filter(None, parts))


def warned(entry: Warned, now: datetime) -> str:
    parts = [f"• {_name(entry.host)} — {duration(now - entry.since)}", what_failed(entry.host.open)]
    parts += ["*new*"] if entry.new else []
    return " · ".join(filter(None, parts))


def recovery(entry: Recovery, zone: tzinfo) -> str:
    verb = "closed, its policy was edited" if entry.cancelled else "up since"
    lasted = f"after {duration(entry.lasted)}"
    if entry.outages > 1:
        lasted = f"{entry.outages} outages, {duration(entry.lasted)} in all"
    return f"• {code(cut(entry.host))} — {verb} {when(entry.at, zone)}, {lasted}"


def muted(entry: Muted, zone: tzinfo) -> str:
    by = inert(cut(entry.mute.by_name or entry.mute.by or "somebody"))
    state = "" if entry.status is Status.UP else f", {entry.status} now"
    return f"• {code(cut(entry.mute.host))} — by {by} since {when(entry.mute.at, zone)}{state}"


def names(names: Sequence[str]) -> Iterator[tuple[str, int]]:
    """Many names a line."""
    line, count = "", 0
    for name in names:
        span = code(cut(name))
        if line and len(line) + len(span) > CHARS_A_LINE:
            yield line, count
            line, count = "", 0
        line, count = f"{line} {span}".strip(), count + 1
    if line:
        yield line, count


def _name(host: Host) -> str:
    named_by = min(incident.named_by for incident in host.open)
    return code(cut(host.name)) + NAMED_BY.get(named_by, "")


def what_failed(incidents: Sequence[Incident]) -> str:
    """What failed, with the way to Google's page of it."""
    first = incidents[0]
    more = len(incidents) - 1
    what = cut(first.policy or first.condition or ("incident" if first.url or more else ""))
    said = link(first.url, what)
    if length(said) > LINK:
        said = inert(what)
    return f"{said} and {more} more incident{plural(more)}" if more else said


def when(moment: datetime, zone: tzinfo) -> str:
    """In the reader's own zone where Slack can, else in `zone`."""
    return date(moment, "{date_short_pretty} {time}", f"{moment.astimezone(zone):%Y-%m-%d %H:%M %Z}")


def duration(span: timedelta) -> str:
    """The two largest units that say something: `45 s`, `12 min`, `2 h 5 min`, `3 d 4 h`."""
    seconds = max(0, int(span.total_seconds()))
    days, hours, minutes = seconds // 86400, seconds // 3600 % 24, seconds // 60 % 60
    if days:
        return f"{days} d {hours} h" if hours else f"{days} d"
    if hours:
        return f"{hours} h {minutes} min" if minutes else f"{hours} h"
    return f"{minutes} min" if minutes else f"{seconds} s"


def hosts(count: int) -> str:
    return f"{count} host{plural(count)}"


def plural(count: int) -> str:
    return "" if count == 1 else "s"


def cut(text: str, longest: int = NAME) -> str:
    """Foreign text, before it is escaped; what is missing is seen to be missing."""
    return text if len(text) <= longest else f"{text[: longest - 1]}…"
