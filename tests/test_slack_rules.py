"""The checker refuses what Slack refuses, and what could mention, format or trigger somebody."""

from typing import Any

import pytest

from tests.slack_rules import check

DATE = "<!date^1392734382^{time}|14:39 UTC>"


def mrkdwn(text: str, **fields: object) -> dict[str, Any]:
    return {"type": "mrkdwn", "text": text, "verbatim": True, **fields}


def section(text: str, **fields: object) -> dict[str, Any]:
    return {"type": "section", "text": mrkdwn(text), **fields}


def context(*texts: str) -> dict[str, Any]:
    return {"type": "context", "elements": [mrkdwn(text) for text in texts]}


def message(*blocks: dict[str, Any], **fields: object) -> dict[str, Any]:
    return {"text": "1 down", "blocks": [*blocks], "unfurl_links": False, "unfurl_media": False, **fields}


def plain(text: str) -> dict[str, Any]:
    return {"type": "plain_text", "text": text}


def option(text: str = "1 h", value: str = "1 1h a.test", **fields: object) -> dict[str, Any]:
    return {"text": plain(text), "value": value, **fields}


def button(**fields: object) -> dict[str, Any]:
    return {"type": "button", "action_id": "a", "text": plain("Unmute"), "value": "x", **fields}


def select(*options: dict[str, Any], **fields: object) -> dict[str, Any]:
    known = {"action_id": "a", "placeholder": plain("Mute…"), "options": [*options]}
    return {"type": "static_select", **known, **fields}


def dialog(**fields: object) -> dict[str, Any]:
    return {key: plain("x") for key in ("title", "text", "confirm", "deny")} | fields


@pytest.mark.parametrize(
    "good",
    [
        message(),
        message(section("*1 down* `a&amp;b`", block_id="a"), {"type": "divider"}, context(DATE, "x")),
        message(section("x" * 1000, expand=True)),
        message(section("<https://a.test/`|page> <https://a.test/?x=1&amp;y=2>")),
        message(*[section("x")] * 50),
        message(*[section("x" * 3000)] * 4),
        message(text="x" * 4000),
        message(section("x", accessory=button(accessibility_label="x" * 75, value="x" * 2000))),
        message(*[section("x", accessory=select(option(), option(value="2"), confirm=dialog()))] * 50),
    ],
)
def test_a_good_message_passes(good: dict[str, Any]) -> None:
    check(good)


def beside(element: dict[str, Any]) -> dict[str, Any]:
    return message(section("x", accessory=element))


@pytest.mark.parametrize(
    ("bad", "rule"),
    [
        (message(link_names=True), "unknown field"),
        (message(unfurl_links=True), "unfold"),
        ({"text": "x"}, "unfold"),
        (message(text=""), "empty or too long"),
        (message(text="🎉" * 2001), "empty or too long"),
        (message(*[section("x")] * 51), "more than 50"),
        (message(*[section("x" * 2500)] * 5), "blocks too long"),
        (message(section("x", block_id="a"), section("y", block_id="a")), "twice"),
        (message(section("x", block_id="a" * 256)), "slack_sdk refuses"),
        (message({"type": "alert"}), "unknown block"),
        (message(section("x", colour="red")), "unknown key"),
        (message(section("x", expand="yes")), "expand"),
        (message({**context("x"), "expand": True}), "expand"),
        (message({**context("x"), "accessory": button()}), "slack_sdk|only a section"),
        (message(section("🎉" * 1501)), "empty or too long"),
        (message(context()), "slack_sdk"),
        (message(context(*["x"] * 11)), "slack_sdk refuses"),
        (message({"type": "section", "text": {"type": "plain_text", "text": "x"}}), "not mrkdwn"),
        (message({"type": "section", "text": {"type": "bogus", "text": "x"}}), "slack_sdk reads something else"),
        (message({"type": "section", "text": mrkdwn("x", verbatim=False)}), "could mention"),
        (beside({}), "unknown element|slack_sdk"),
        (beside(button(style="primary")), "unknown key"),
        (beside({key: value for key, value in button().items() if key != "action_id"}), "action_id"),
        (beside(button(text=mrkdwn("x"))), "plain text|slack_sdk"),
        (beside(button(text=plain("\u202ex"))), "control character"),
        (beside(button(accessibility_label="x" * 76)), "too long|slack_sdk"),
        (beside(select(*[option(value=str(n)) for n in range(101)])), "slack_sdk"),
        (beside(select(option(), option())), "option twice"),
        (beside(select(option(value="x" * 76))), "too long|slack_sdk"),
        (beside(select(option(description=plain("x")))), "unknown key of an option"),
        (beside(select(option(), confirm=dialog(deny=plain("x" * 31)))), "slack_sdk|too long"),
        (beside(select(option(), confirm=dialog(style="danger"))), "unknown key of a dialog"),
    ],
)  # fmt: skip
def test_a_message_that_slack_refuses_is_refused(bad: dict[str, Any], rule: str) -> None:
    with pytest.raises(AssertionError, match=rule):
        check(bad)


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("<!channel>", "live mention"),
        ("<!date^1392734382^{time}|14:39>", "live mention"),
        ("<@U024BE7LH>", "neither link nor date"),
        ("<https://a.test/a b|x>", "neither link nor date"),
        ("<https://a.test|x", "raw <"),
        ("AT&T", "raw &"),
        ("`open", "open code span"),
        ("fine\nuptime check", "trigger a command"),
    ],
)
@pytest.mark.parametrize("place", ["text", "section", "context"])
def test_text_that_mentions_formats_or_triggers_is_refused_everywhere(
    text: str, rule: str, place: str
) -> None:
    bad = {"text": message(text=text), "section": message(section(text)), "context": message(context(text))}
    with pytest.raises(AssertionError, match=rule):
        check(bad[place])
