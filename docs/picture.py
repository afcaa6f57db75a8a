"""Draws the pictures of the READMEs from real messages: python docs/picture.py [FOLDER]"""

import re
import sys
import textwrap
from collections.abc import Iterator, Sequence
from datetime import UTC, timedelta
from itertools import accumulate
from pathlib import Path
from typing import Any, NamedTuple

FOLDER = Path(__file__).resolve().parent
sys.path.insert(0, str(FOLDER.parent))

from digest.summary import summarize
from docs.days import NOW, bad_day, good_day, huge_day
from hosts.model import State
from languages import ENGLISH, Locale
from slack.digest_message import render
from slack.text import JOINER

LEFT, WIDTH, NAMES = 96, 900, 96  # pixels, pixels, characters of names a line
SPAN = re.compile(r"`(?P<code>[^`]*)`|<(?P<target>[^<>|]*)\|(?P<label>[^<>]*)>|\*(?P<bold>[^*]+)\*")
BARS = {"🔴": "#e01e5a", "🟡": "#ecb22e", "🟢": "#2eb67d"}
CODE = 'font-family="Menlo, Consolas, monospace" font-size="13" fill="#c01343"'
SHOWN = 7  # lines of each end of what is too long to be shown whole


class Line(NamedTuple):
    """Of mrkdwn, and how many pixels it takes."""

    text: str
    height: int = 23
    style: str = 'fill="#1d1c1d"'


GAP = Line("⋮", 34, 'fill="#616061" font-weight="bold"')


def main() -> None:
    folder = Path(sys.argv[1]) if sys.argv[1:] else FOLDER
    for name, state in {"good": good_day(), "bad": bad_day(), "huge": huge_day()}.items():
        (folder / f"digest-{name}.svg").write_text(draw(shortened(lines(state))), encoding="utf-8")


def lines(state: State) -> list[Line]:
    digest = summarize(state, NOW, next_at=NOW + timedelta(minutes=30))
    return [line for message in render(digest, Locale(UTC, ENGLISH)) for line in lines_of(message)]


def lines_of(message: Any) -> Iterator[Line]:
    for block in message["blocks"]:
        if block["type"] == "context":
            yield Line(block["elements"][0]["text"], 30, 'fill="#616061" font-size="13"')
        else:
            for text in block["text"]["text"].splitlines():
                yield from wrapped(text)


def wrapped(text: str) -> Iterator[Line]:
    if text.startswith("`"):
        yield from map(Line, textwrap.wrap(text, NAMES, break_on_hyphens=False))
    else:
        yield Line(text, 32 if text.startswith("*") else 23)


def shortened(whole: Sequence[Line]) -> list[Line]:
    """The beginning and the end of many messages."""
    return [*whole] if len(whole) < 50 else [*whole[:SHOWN], GAP, *whole[-SHOWN:]]


def draw(shown: Sequence[Line]) -> str:
    """Messages in a channel, as an SVG that needs nothing but a font."""
    ends = [*accumulate((line.height for line in shown), initial=48)]
    rows = "\n".join(row(line, end) for line, end in zip(shown, ends[1:], strict=True))
    height = ends[-1] + 28
    bar = next(colour for sign, colour in BARS.items() if sign in shown[0].text)
    return f"""<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{height}" \
viewBox="0 0 {WIDTH} {height}" font-family="Lato, Helvetica, Arial, sans-serif" font-size="15">
<clipPath id="card"><rect width="{WIDTH}" height="{height}" rx="10"/></clipPath>
<g clip-path="url(#card)"><rect width="{WIDTH}" height="{height}" fill="#ffffff"/>
<rect width="6" height="{height}" fill="{bar}"/></g>
<rect x=".5" y=".5" width="{WIDTH - 1}" height="{height - 1}" rx="10" fill="none" stroke="#dddddd"/>
<rect x="32" y="26" width="44" height="44" rx="8" fill="#4a154b"/>
<text x="54" y="55" text-anchor="middle" fill="#ffffff" font-weight="bold" font-size="22">u</text>
<text x="{LEFT}" y="42" font-weight="bold" fill="#1d1c1d">uptime <tspan font-weight="normal" \
fill="#616061" font-size="12">APP  05:00</tspan></text>
{rows}
</svg>
"""


def row(line: Line, bottom: int) -> str:
    return f'<text x="{LEFT}" y="{bottom}" {line.style} xml:space="preserve">{spans(line.text)}</text>'


def spans(mrkdwn: str) -> str:
    """As tspans; Slack's three entities are XML's too."""
    return SPAN.sub(span, mrkdwn.replace(JOINER, ""))


def span(found: re.Match[str]) -> str:
    """A date by its fallback, a link by its label."""
    if found["code"] is not None:
        return f"<tspan {CODE}>{found['code']}</tspan>"
    if found["bold"] is not None:
        return f'<tspan font-weight="bold">{spans(found["bold"])}</tspan>'
    label = found["label"]
    return label if found["target"].startswith("!date") else f'<tspan fill="#1264a3">{label}</tspan>'


if __name__ == "__main__":
    main()
