"""Slack messages in a terminal."""

import pytest

from slack import terminal
from slack.text import code, date, inert, link
from tests.builders import NOON


@pytest.mark.parametrize(
    ("mrkdwn", "seen"),
    [
        ("*bold* and `code`", "bold and code"),
        (code("<!channel> & co"), "<!channel> & co"),
        (code("*bold*"), "*bold*"),
        (link("https://a.test/*x*`", "page"), "page (https://a.test/*x*`)"),
        (inert("2*3 _x_ <b>"), "2*3 _x_ <b>"),
        (link("https://a.test/?x=1&y=2", "the *page*"), "the *page* (https://a.test/?x=1&y=2)"),
        (date(NOON, "{time}", "12:00 UTC"), "12:00 UTC"),
        ("a &amp;lt; b", "a &lt; b"),
    ],
)
def test_markup_is_shown_as_slack_would(mrkdwn: str, seen: str) -> None:
    assert terminal.render({"text": mrkdwn}) == seen


def test_colour_makes_bold_bold_and_context_dim() -> None:
    blocks = [
        {"type": "section", "text": {"type": "mrkdwn", "text": "*1 down*"}},
        {"type": "context", "elements": [{"type": "mrkdwn", "text": "as of now"}]},
    ]
    assert terminal.render({"blocks": blocks}, colour=True) == "\x1b[1m1 down\x1b[0m\n\x1b[2mas of now\x1b[0m"
    assert terminal.render({"blocks": blocks}) == "1 down\nas of now"


def test_nothing_foreign_controls_the_terminal() -> None:
    assert "\x1b" not in terminal.render({"text": "a\x1b[31mb\x07"})
    assert terminal.render({"text": code("\x1b]0;title\x07x")}) == "]0;title x"
