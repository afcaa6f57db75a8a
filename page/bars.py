"""The bar of the last 90 days. Only exceptions are drawn: the cells of good days are one background."""

from collections.abc import Sequence
from datetime import timedelta
from typing import NamedTuple

from languages import Locale
from page.figures import DAYS, Figures

DAY_WIDTH = 3
WIDTH, HEIGHT = DAYS * DAY_WIDTH - 1, 20
# Down for less than so many minutes is drawn so high.
STEPS = ((5, 5), (30, 9), (2 * 60, 13), (8 * 60, 17))


class Bar(NamedTuple):
    """What is drawn. `strokes` is an SVG path; `unknown` the width of the days that nobody knows."""

    title: str
    strokes: str
    unknown: int


def bar(known: Figures, locale: Locale) -> Bar:
    unknown = sum(seconds is None for seconds in known.days)
    bad = sum(bool(seconds) for seconds in known.days)
    title = locale.language.page.bar(bad, locale.duration(known.down), unknown)
    width = min(unknown * DAY_WIDTH, WIDTH)
    return Bar(title, strokes(known.days), width)


def strokes(days: Sequence[int | None]) -> str:
    """A stroke from the bottom for each day with an outage, the later the further to the right."""
    bad = ((number * DAY_WIDTH + 1, seconds) for number, seconds in enumerate(days) if seconds)
    return "".join(f"M{x} {HEIGHT}v-{height(seconds)}" for x, seconds in bad)


def height(seconds: int) -> int:
    """Of the stroke of a day on which the host was down for so long."""
    lasted = timedelta(seconds=seconds)
    return next((high for minutes, high in STEPS if lasted < timedelta(minutes=minutes)), HEIGHT)
