"""A digest -> Slack JSON within Slack's limits, or one text.

Blocks and limits: https://docs.slack.dev/reference/block-kit/blocks
"""

from collections.abc import Iterator, Sequence
from datetime import tzinfo

from digest.model import Digest
from slack import wording
from slack.packing import Group, Limits, pack
from slack.text import code, inert

Message = dict[str, object]

BLOCKS = Limits(pages=5, page=12_000, section=3_000)  # all block text of a message; one section
TEXT = Limits(pages=1, page=4_000, section=4_000)
PROBLEM = 500  # characters of what is wrong with this program
SPOKEN = 7  # hosts down that the notification names: escaped, so many of the longest still fit
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
    total = wording.hosts(digest.total)
    parts = [f"{len(digest.down)} of {total} down" if digest.down else f"No host of {digest.total} is down"]
    if not digest.total:
        parts = ["No host on the list"]
    if digest.total and len(digest.up) == digest.total:
        parts = [f"All {total} up" if digest.total > 1 else "The only host is up"]
    parts += (
        [f"{len(digest.warnings)} warning{wording.plural(len(digest.warnings))}"] if digest.warnings else []
    )
    parts += [f"{len(digest.recovered)} recovered"] if digest.recovered else []
    parts += [f"{len(digest.muted)} muted"] if digest.muted else []
    return " · ".join(parts)


def sign(digest: Digest) -> str:
    if digest.down:
        return "🔴"
    return "🟡" if digest.warnings or digest.problems else "🟢"


def footer(digest: Digest, zone: tzinfo) -> str:
    coming = f" · next digest {wording.when(digest.next_at, zone)}" if digest.next_at else ""
    return f"As of {wording.when(digest.at, zone)}{coming}"


def _message(digest: Digest, zone: tzinfo, sections: Sequence[str], part: str) -> Message:
    spoken = f"{headline(digest)}{part} — as of {digest.at.astimezone(zone):%Y-%m-%d %H:%M %Z}"
    if digest.down:
        names = ", ".join(code(wording.cut(entry.host.name)) for entry in digest.down[:SPOKEN])
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
    setup = [] if digest.received else SETUP
    down = ((wording.down(entry, digest.at), 1) for entry in digest.down)
    recovered = ((wording.recovery(entry, zone), 1) for entry in digest.recovered)
    warnings = ((wording.warned(entry, digest.at), 1) for entry in digest.warnings)
    muted = ((wording.muted(entry, zone), 1) for entry in digest.muted)
    problems = ((f"• {inert(wording.cut(problem, PROBLEM))}", 1) for problem in digest.problems)
    return [
        _group("⚠️ This digest may not be complete", problems, len(digest.problems), "problem"),
        _group("How to begin", ((line, 1) for line in setup), len(setup), "line"),
        _group("🔴 Down", down, len(digest.down), "host down", spills=True),
        _group(
            "🟢 Recovered since the last digest", recovered, len(digest.recovered), "recovered", spills=True
        ),
        _group("🟡 Warnings", warnings, len(digest.warnings), "warning", spills=True),
        _group(f"✅ Up ({len(digest.up)})", wording.names(digest.up), len(digest.up), "up"),
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
