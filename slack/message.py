"""A digest -> Slack JSON within Slack's limits, or one text.

Blocks and limits: https://docs.slack.dev/reference/block-kit/blocks
"""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta, tzinfo

from digest.model import Digest, Down, Muted, Recovery, Warned
from slack.packing import Group, Limits, pack
from slack.text import code, date, inert, link
from state.model import Host, Incident, Kind, NamedBy, Status

Message = dict[str, object]

BLOCKS = Limits(pages=5, page=12_000, section=3_000)  # all block text of a message; one section
TEXT = Limits(pages=1, page=4_000, section=4_000)
NAME, CHARS_A_LINE = 100, 400  # a foreign text is cut at the first, a line of hosts up at the second
NAMED_BY = {NamedBy.CHECK: " (check)", NamedBy.POLICY: " (policy)"}
SPOKEN = 10  # hosts down that the notification names
SETUP = """\
To see that Google reaches this server: in Google Cloud Monitoring open *Alerting → Edit notification \
channels → Webhooks*, and press *Test connection*; the server's log will say so.
The first incident of an uptime check appears here by itself.""".splitlines()


def render(digest: Digest, zone: tzinfo) -> list[Message]:
    """One message, or up to five when many hosts are down."""
    pages = pack(f"*{sign(digest)} {inert(headline(digest))}*", _groups(digest, zone), BLOCKS)
    return [
        _message(digest, zone, sections, f" ({number}/{len(pages)})" if len(pages) > 1 else "")
        for number, sections in enumerate(pages, 1)
    ]


def render_text(digest: Digest, zone: tzinfo) -> str:
    """The same as one mrkdwn text of at most 4,000 characters."""
    opening = f"*{sign(digest)} {inert(headline(digest))}*"
    (sections,) = pack(opening, _groups(digest, zone), TEXT)
    return "\n".join([*sections, footer(digest, zone)])


def text_only(digest: Digest, zone: tzinfo) -> Message:
    """For when Slack refuses the blocks."""
    return {"text": render_text(digest, zone), "unfurl_links": False, "unfurl_media": False}


def headline(digest: Digest) -> str:
    """Is anything down? In plain text."""
    if not digest.received and not digest.total and not digest.muted:
        return "No incident has been received yet"
    total = hosts(digest.total)
    parts = [f"{len(digest.down)} of {total} down" if digest.down else f"No host of {digest.total} is down"]
    if digest.total and len(digest.up) == digest.total:
        parts = [f"All {total} up" if digest.total > 1 else "The only host is up"]
    parts += [f"{len(digest.warnings)} warning{plural(len(digest.warnings))}"] if digest.warnings else []
    parts += [f"{len(digest.recovered)} recovered"] if digest.recovered else []
    parts += [f"{len(digest.muted)} muted"] if digest.muted else []
    return " · ".join(parts)


def sign(digest: Digest) -> str:
    if digest.down:
        return "🔴"
    return "🟡" if digest.warnings or digest.problems else "🟢"


def footer(digest: Digest, zone: tzinfo) -> str:
    coming = f" · next digest {when(digest.next_at, zone)}" if digest.next_at else ""
    return f"As of {when(digest.at, zone)}{coming}"


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


def _message(digest: Digest, zone: tzinfo, sections: Sequence[str], part: str) -> Message:
    spoken = f"{headline(digest)}{part} — as of {digest.at.astimezone(zone):%Y-%m-%d %H:%M %Z}"
    if digest.down:
        names = ", ".join(code(entry.host.name[:NAME]) for entry in digest.down[:SPOKEN])
        left = len(digest.down) - SPOKEN
        spoken += f"\nDown: {names}" + (f" and {left} more" if left > 0 else "")
    blocks: list[Message] = [{"type": "section", "text": _mrkdwn(text)} for text in sections]
    blocks.append({"type": "context", "elements": [_mrkdwn(f"{footer(digest, zone)}{part}")]})
    return {"text": spoken, "blocks": blocks, "unfurl_links": False, "unfurl_media": False}


def _mrkdwn(text: str) -> Message:
    # Without verbatim Slack would turn a plain @here or #general in foreign text into a live one.
    return {"type": "mrkdwn", "text": text, "verbatim": True}


def _groups(digest: Digest, zone: tzinfo) -> list[Group]:
    """In order of importance: what comes last is cut first."""
    if not digest.received and not digest.total:
        return [_group("How to begin", ((line, 1) for line in SETUP), len(SETUP), "line")]
    down = ((_down(entry, digest.at), 1) for entry in digest.down)
    recovered = ((_recovery(entry, zone), 1) for entry in digest.recovered)
    warnings = ((_warned(entry, digest.at), 1) for entry in digest.warnings)
    muted = ((_muted(entry, zone), 1) for entry in digest.muted)
    problems = ((f"• {inert(problem[:500])}", 1) for problem in digest.problems)
    return [
        _group("⚠️ This digest may not be complete", problems, len(digest.problems), "problem"),
        _group("🔴 Down", down, len(digest.down), "host down", spills=True),
        _group(
            "🟢 Recovered since the last digest", recovered, len(digest.recovered), "recovered", spills=True
        ),
        _group("🟡 Warnings", warnings, len(digest.warnings), "warning", spills=True),
        _group(f"✅ Up ({len(digest.up)})", _names(digest.up), len(digest.up), "up"),
        _group("🔕 Muted", muted, len(digest.muted), "muted"),
    ]


def _group(
    title: str, lines: Iterator[tuple[str, int]], total: int, noun: str, *, spills: bool = False
) -> Group:
    nouns = {"host down": "hosts down", "problem": "problems", "warning": "warnings", "line": "lines"}
    return Group(
        f"*{title}*",
        lines,
        total,
        lambda left: f"… and {left} more {noun if left == 1 else nouns.get(noun, noun)}",
        spills,
    )


def _down(entry: Down, now: datetime) -> str:
    outages = [i for i in entry.host.open if i.kind is Kind.DOWNTIME]
    parts = [f"• {_name(entry.host)} — {duration(now - entry.since)}", _what(outages)]
    parts += ["*new*"] if entry.new else []
    parts += ["its close may have been lost"] if entry.doubtful else []
    return " · ".join(filter(None, parts))


def _warned(entry: Warned, now: datetime) -> str:
    parts = [f"• {_name(entry.host)} — {duration(now - entry.since)}", _what(entry.host.open)]
    parts += ["*new*"] if entry.new else []
    return " · ".join(filter(None, parts))


def _recovery(entry: Recovery, zone: tzinfo) -> str:
    verb = "closed, its policy was edited" if entry.cancelled else "up since"
    lasted = f"after {duration(entry.lasted)}"
    if entry.outages > 1:
        lasted = f"{entry.outages} outages, {duration(entry.lasted)} in all"
    return f"• {code(entry.host[:NAME])} — {verb} {when(entry.at, zone)}, {lasted}"


def _muted(entry: Muted, zone: tzinfo) -> str:
    by = inert((entry.mute.by_name or entry.mute.by or "somebody")[:NAME])
    state = "" if entry.status is Status.UP else f", {entry.status} now"
    return f"• {code(entry.mute.host[:NAME])} — by {by} since {when(entry.mute.at, zone)}{state}"


def _name(host: Host) -> str:
    named_by = min(incident.named_by for incident in host.open)
    return code(host.name[:NAME]) + NAMED_BY.get(named_by, "")


def _what(incidents: Sequence[Incident]) -> str:
    """What failed, with the way to Google's page of it."""
    first = incidents[0]
    what = first.policy or first.condition or ("incident" if first.url else "")
    said = link(first.url, what[:NAME]) if what else ""
    more = len(incidents) - 1
    return f"{said} and {more} more incident{plural(more)}" if more else said


def _names(names: Sequence[str]) -> Iterator[tuple[str, int]]:
    """Many names a line."""
    line, count = "", 0
    for name in names:
        span = code(name[:NAME])
        if line and len(line) + len(span) > CHARS_A_LINE:
            yield line, count
            line, count = "", 0
        line, count = f"{line} {span}".strip(), count + 1
    if line:
        yield line, count
