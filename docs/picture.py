"""Draws the pictures of the README from real messages: python docs/picture.py"""

import sys
from datetime import UTC, datetime, timedelta
from html import escape
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from digest.summary import summarize
from slack import terminal
from slack.message import render
from state import changes
from state.model import Incident, Kind, Mute, NamedBy, State

FOLDER = Path(__file__).resolve().parent
NOW = datetime(2026, 11, 23, 5, 0, tzinfo=UTC)
LINE, LEFT, WIDTH = 24, 92, 900  # pixels


def main() -> None:
    for name, state in {"digest": bad_day()}.items():
        digest = summarize(state, NOW, next_at=NOW + timedelta(minutes=30))
        lines = [line for message in render(digest, UTC) for line in terminal.render(message).splitlines()]
        (FOLDER / f"{name}.svg").write_text(draw(lines), encoding="utf-8")


def bad_day() -> State:
    """Two hosts down, one recovered, a certificate that runs out, and a host that is muted."""
    state = State()
    up = ["blog", "cdn", "docs", "search", "status"]
    told = [incident(name, 2400, 5) for name in up]
    told += [incident("api", 126), incident("shop", 36), incident("old", 3000), certificate("tls", 4560)]
    since = [incident("www", 12), incident("shop", 36, 17)]
    mute = changes.mute(Mute("old.example.com", "U1", "steve", NOW - timedelta(days=2)))
    steps = [changes.record_incident(i, 100) for i in told]
    steps += [mute, changes.begin_digest, changes.record_digest(NOW, 1)]
    steps += [changes.record_incident(i, 100) for i in since]
    for step in steps:
        changes.apply(state, step(state))
    return state


def incident(name: str, begun: int, lasted: int | None = None) -> Incident:
    """Of a host, begun so many minutes ago; over after so many, if at all."""
    started = NOW - timedelta(minutes=begun)
    ended = None if lasted is None else started + timedelta(minutes=lasted)
    policy = f"{name} uptime failure"
    return Incident(name, f"{name}.example.com", NamedBy.HOST, Kind.DOWNTIME, started, ended, policy=policy)


def certificate(name: str, begun: int) -> Incident:
    return incident(name, begun)._replace(kind=Kind.CERTIFICATE, policy="certificate expiry")


def draw(lines: list[str]) -> str:
    """A message in a channel, as an SVG that needs nothing but a font."""
    rows = "\n".join(row(number, line) for number, line in enumerate(lines, 1))
    height = LINE * (len(lines) + 1) + 44
    size = f'width="{WIDTH}" height="{height}" viewBox="0 0 {WIDTH} {height}"'
    return f"""<svg xmlns="http://www.w3.org/2000/svg" {size}
  font-family="Lato, Helvetica, Arial, sans-serif" font-size="15">
<rect width="{WIDTH}" height="{height}" rx="10" fill="#ffffff" stroke="#dddddd"/>
<rect x="28" y="24" width="44" height="44" rx="8" fill="#4a154b"/>
<text x="50" y="53" text-anchor="middle" fill="#ffffff" font-weight="bold" font-size="22">u</text>
<text x="{LEFT}" y="40" font-weight="bold" fill="#1d1c1d">uptime <tspan font-weight="normal" fill="#616061"
  font-size="12">APP  05:00</tspan></text>
{rows}
</svg>
"""


def row(number: int, line: str) -> str:
    title = line[:1] in "🔴🟢🟡✅🔕⚠"
    style = ' font-weight="bold"' if title else ""
    colour = "#616061" if line.startswith("As of") else "#1d1c1d"
    place = f'x="{LEFT}" y="{40 + LINE * number}" fill="{colour}"'
    return f'<text {place}{style} xml:space="preserve">{escape(line)}</text>'


if __name__ == "__main__":
    main()
