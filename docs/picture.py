"""Draws the pictures of the documents from real messages: python docs/picture.py [FOLDER]"""

import re
import sys
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from itertools import groupby
from pathlib import Path
from types import MappingProxyType
from typing import Any, NamedTuple

FOLDER = Path(__file__).resolve().parent
sys.path.insert(0, str(FOLDER.parent))

from digest.alerts import AlertBatch
from docs.days import NOW, bad_day, good_day, huge_day
from hosts.model import State
from hosts.outages import DOUBT_AFTER
from hosts.uptime import uptimes
from languages import ENGLISH, Locale
from slack.alert_message import render_alerts
from slack.digest_message import render
from slack.replies import host_report
from slack.rows import RowContext
from slack.text import JOINER
from tests.builders import summarize

LEFT, WIDTH, RIGHT = 76, 760, 24  # pixels
LINE, GAP = 22, 8  # pixels: the height of a line, and what is between two blocks
SHOWN = 6  # lines of each end of what is too long to be shown whole
TOKEN = re.compile(r"`(?P<c>[^`]*)`|<(?P<target>[^<>|]*)\|(?P<label>[^<>]*)>|\*(?P<b>[^*]+)\*")
DATE = re.compile(r"!date\^(\d+)\^(.*)")
ENTITIES = (("&lt;", "<"), ("&gt;", ">"), ("&amp;", "&"))
IN_ENGLISH = Locale(UTC, ENGLISH)

# Of Helvetica, in thousandths of the font size, by character. What is drawn is stretched to the width
# computed from these, so that boxes fit in any font.
ADVANCES: Mapping[str, int] = {
    character: advance
    for advance, characters in {
        0: "\ufe0f", 191: "'", 222: "ijl", 278: " !,./:;\\ft[]I|", 333: "()-r`·", 350: "•", 389: "*",
        469: "^", 500: "cksvxyzJ", 584: "+<=>~", 611: "FTZ", 667: "&ABEKPSVXY", 722: "CDHNRUw",
        778: "GOQ", 833: "mM", 889: "%", 944: "W", 1000: "—…↗↳", 1015: "@",
    }.items()
    for character in characters
}  # fmt: skip
BELL = '<path fill="#e8a723" d="M2 13h14l-2-3V7a5 5 0 0 0-10 0v3zm5 1h4a2 2 0 0 1-4 0"/>'
SIGNS = {  # drawn, as fonts may lack them; from the upper left, 18 pixels square
    **{
        disc: f'<circle cx="9" cy="9" r="7" fill="{colour}"/>'
        for disc, colour in {"🔴": "#e0362c", "🟡": "#f2c744", "🟢": "#3aa54f", "⚪": "#c7cbd1"}.items()
    },
    "✅": '<rect x="2" y="2" width="14" height="14" rx="3" fill="#3aa54f"/>'
    '<path fill="none" stroke="#fff" stroke-width="2" d="M5 9l3 3 5-6"/>',
    "🔔": BELL,
    "🔕": f'{BELL}<path stroke="#e0362c" stroke-width="2" d="M2 2l14 14"/>',
    "⚠️": '<path fill="#f2c744" d="M9 2l8 14H1z"/>'
    '<path stroke="#1d1c1d" stroke-width="1.6" d="M9 7v4.5m0 1.3v1.6"/>',
}
SIGN = re.compile("([🔴🟡🟢⚪✅🔕🔔📅⚠️📈↳]+)")
OTHER_LETTER, EMOJI, MONOSPACE = 556, 1300, 602
SIZES = {"c": 12.0, "m": 13.0, "t": 13.0}  # pixels, by style
NORMAL = 15.0
BOX = 4  # pixels of padding in the box round code
MENU_WIDTHS = {"static_select": 160, "button": 76}  # pixels
MENU_HEIGHT, BESIDE_MENU = 28, 170  # pixels: of the box, and what is left of a row for it

STYLE = (
    "text{font:15px Lato,Helvetica,Arial,sans-serif;fill:#1d1c1d;white-space:pre}"
    "text.b{font-weight:700}text.l{fill:#1264a3}"
    "text.c{font:12px Menlo,Consolas,monospace;fill:#c01343}text.m{font-size:13px;fill:#616061}"
    "text.a{font-weight:700;font-size:22px;fill:#fff}text.t{font-size:13px}"
    ".p{fill:#fff;stroke:#ddd}.x{fill:#f8f8f8;stroke:#ddd}.v{fill:none;stroke:#bbb}"
    "@media(prefers-color-scheme:dark){text{fill:#d1d2d3}text.l{fill:#1d9bd1}text.c{fill:#e8912d}"
    "text.m{fill:#ababad}.p{fill:#1a1d21;stroke:#35373b}.x{fill:#222529;stroke:#424448}"
    ".v{stroke:#797c81}}"
)


class Run(NamedTuple):
    """Text in one style: plain, `b`old, `c`ode, `l`ink, `m`uted as in the footer, or `t`iny as in a menu."""

    text: str
    style: str = ""

    @property
    def padding(self) -> int:
        """At each side."""
        return BOX if self.style == "c" else 0

    @property
    def width(self) -> float:
        return self.width_of(self.text) + 2 * self.padding

    def width_of(self, text: str) -> float:
        """Of a part of the text, without padding."""
        size = SIZES.get(self.style, NORMAL)
        if self.style == "c":
            return len(text) * MONOSPACE * size / 1000
        return sum(map(_advance, text)) * size / 1000 * (1.05 if self.style == "b" else 1)


class Line(NamedTuple):
    """Runs of text, how many pixels are above them, and the menu or button beside them."""

    runs: list[Run]
    above: int
    menu: Mapping[str, Any] = MappingProxyType({})


MORE = Line([Run("⋮", "b")], GAP)


def _advance(character: str) -> int:
    if character in ADVANCES:
        return ADVANCES[character]
    return OTHER_LETTER if ord(character) < 0x2000 else EMOJI


def main() -> None:
    folder = Path(sys.argv[1]) if sys.argv[1:] else FOLDER
    days = {"good": digest_of(good_day()), "bad": digest_of(bad_day(), "ops"), "huge": digest_of(huge_day())}
    for name, messages in days.items():
        (folder / f"digest-{name}.svg").write_text(draw(messages), encoding="utf-8")
    (folder / "alert.svg").write_text(draw([alert_of(bad_day())]), encoding="utf-8")
    (folder / "answer.svg").write_text(draw([answer_of(bad_day())], "Only visible to you"), encoding="utf-8")


def digest_of(state: State, menus_of: str = "") -> list[Any]:
    digest = summarize(state, NOW, next_at=NOW + timedelta(minutes=30))
    return [*render(digest, IN_ENGLISH, menus_of=menus_of)]


def alert_of(state: State) -> Any:
    """Two hosts down at once, and one that has recovered."""
    digest = summarize(state, NOW)
    down = tuple(entry for entry in digest.down if not entry.doubtful)
    return render_alerts(AlertBatch(NOW, down=down, recovered=digest.recovered[:1]), IN_ENGLISH, ())


def answer_of(state: State) -> Any:
    """The answer to `uptime check www.example.com`."""
    host = state.hosts["www.example.com"]
    figures = uptimes(host, NOW)
    text = host_report(host, None, RowContext(NOW, IN_ENGLISH, DOUBT_AFTER), figures=figures)
    return {"blocks": [{"type": "section", "text": {"text": text}}]}


def lines_of(message: Any) -> Iterator[Line]:
    for block in message["blocks"]:
        is_footer = block["type"] == "context"
        text = block["elements"][0]["text"] if is_footer else block["text"]["text"]
        menu = block.get("accessory", {})
        above = GAP + (MENU_HEIGHT - LINE if menu else 0)
        for typed in text.splitlines():
            runs = [Run(run.text, "m") for run in runs_of(typed)] if is_footer else runs_of(typed)
            for wrapped in wrap([*runs], WIDTH - LEFT - RIGHT - (BESIDE_MENU if menu else 0)):
                yield Line(wrapped, above, menu)
                above, menu = 0, {}


def runs_of(mrkdwn: str, style: str = "") -> Iterator[Run]:
    """As Slack shows it; the reader's zone is UTC."""
    end = 0
    for found in TOKEN.finditer(mrkdwn):
        yield Run(plain(mrkdwn[end : found.start()]), style)
        end = found.end()
        if found["b"] is not None:
            yield from runs_of(found["b"], "b")
        elif found["c"] is not None:
            yield Run(plain(found["c"]), "c")
        elif date := DATE.fullmatch(found["target"]):
            yield Run(shown_date(datetime.fromtimestamp(int(date[1]), UTC), date[2]), style)
        else:
            yield Run(plain(found["label"]), "l")
    yield Run(plain(mrkdwn[end:]), style)


def shown_date(moment: datetime, tokens: str) -> str:
    days = (NOW.date() - moment.date()).days
    day = {0: "Today", 1: "Yesterday"}.get(days, f"{moment:%b} {moment.day}")
    return tokens.replace("{date_short_pretty}", day).replace("{time}", f"{moment:%H:%M}")


def plain(text: str) -> str:
    for entity, character in ENTITIES:
        text = text.replace(entity, character)
    return text.replace(JOINER, "")


def wrap(runs: Sequence[Run], room: int) -> Iterator[list[Run]]:
    """Break lines between words, at `room` pixels; code stays whole."""
    words = [
        Run(word, run.style)
        for run in runs
        for part in ([run.text] if run.style == "c" else SIGN.split(run.text))
        for word in ([part] if run.style == "c" else re.findall(r"\S+\s*|\s+", part))
    ]
    line = list[Run]()
    for word in words:
        if line and sum(each.width for each in line) + word.width > room:
            yield merged(line)
            line = []
        line.append(word)
    yield merged(line)


def merged(words: Sequence[Run]) -> list[Run]:
    found = list[Run]()
    for (style, is_alone), alike in groupby(words, lambda run: (run.style, _is_alone(run))):
        texts = [run.text for run in alike]
        found += [Run(text, style) for text in texts] if is_alone else [Run("".join(texts), style)]
    return found


def _is_alone(run: Run) -> bool:
    return run.style == "c" or SIGN.fullmatch(run.text.strip()) is not None


def shortened(whole: Sequence[Line]) -> list[Line]:
    """The beginning and the end of many messages."""
    return [*whole] if len(whole) < 50 else [*whole[:SHOWN], MORE, *whole[-SHOWN:]]


def draw(messages: Sequence[Any], above: str = "") -> str:
    """Messages in a channel, as an SVG that needs nothing but a font; dark where the reader's pages are."""
    lines = shortened([line for message in messages for line in lines_of(message)])
    top = 46 if not above else 66
    rows, bottom = [], top
    for line in lines:
        bottom += LINE + line.above
        rows.append("".join([*drawn(line.runs, bottom - 6), *drawn_menu(line.menu, bottom - 6)]))
    height = bottom + 16
    note = f'<text class="m" x="{LEFT}" y="24">{escape(above)}</text>\n' if above else ""
    body = "\n".join(rows)
    return f"""<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{height}" \
viewBox="0 0 {WIDTH} {height}">
<style>{STYLE}</style>
<rect class="p" x=".5" y=".5" width="{WIDTH - 1}" height="{height - 1}" rx="8"/>
{note}<rect x="24" y="{top - 28}" width="38" height="38" rx="6" fill="#4a154b"/>
<text class="a" x="36" y="{top - 2}">u</text>
<text class="b" x="{LEFT}" y="{top - 14}">uptime</text>\
<text class="m" x="{LEFT + 62}" y="{top - 14}">APP  05:00</text>
{body}
</svg>
"""


def drawn(runs: Sequence[Run], baseline: int) -> Iterator[str]:
    x = float(LEFT)
    for run in runs:
        if run.padding:
            place = f'x="{x:.1f}" y="{baseline - 13}" width="{run.width:.1f}"'
            yield f'<rect class="x" {place} height="17" rx="3"/>'
        style = f' class="{run.style}"' if run.style else ""
        text = run.text.strip()
        if text in SIGNS:
            yield f'<g transform="translate({x:.1f} {baseline - 14})">{SIGNS[text]}</g>'
            text = ""
        start = x + run.padding + run.width_of(run.text[: len(run.text) - len(run.text.lstrip())])
        if text:
            yield (
                f'<text{style} x="{start:.1f}" y="{baseline}" textLength="{run.width_of(text):.1f}" '
                f'lengthAdjust="spacingAndGlyphs">{escape(text)}</text>'
            )
        x += run.width


def drawn_menu(menu: Mapping[str, Any], baseline: int) -> Iterator[str]:
    """A box with a label, and an arrow if it unfolds."""
    if not menu:
        return
    label = Run(menu["text"]["text"], "t") if "value" in menu else Run(menu["placeholder"]["text"], "m")
    width = MENU_WIDTHS[menu["type"]]
    left, top = WIDTH - RIGHT - width, baseline - 19
    yield f'<rect class="v" x="{left}" y="{top}" width="{width}" height="{MENU_HEIGHT}" rx="4"/>'
    yield f'<text class="{label.style}" x="{left + 12}" y="{baseline}">{escape(label.text)}</text>'
    if "options" in menu:
        yield f'<path class="v" d="M{WIDTH - RIGHT - 20} {baseline - 7}l4 4l4-4"/>'


def escape(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


if __name__ == "__main__":
    main()
