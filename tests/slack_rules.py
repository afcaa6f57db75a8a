"""Every rule that Slack has for an incoming message, as far as it publishes them.

slack_sdk is the independent judge of the blocks; what it lets pass is checked here.
Limits: https://docs.slack.dev/reference/block-kit/blocks
"""

import re
from collections.abc import Collection, Iterator
from typing import Any

from slack_sdk.errors import SlackObjectFormationError
from slack_sdk.models.blocks import Block

from slack import terminal

FIELDS = {"text", "blocks", "unfurl_links", "unfurl_media"}
TYPES = {"section", "divider", "context"}
KEYS = {"type", "text", "elements", "block_id", "expand", "accessory"}
OF_ELEMENTS = {
    "button": {"type", "action_id", "text", "value", "accessibility_label"},
    "static_select": {"type", "action_id", "placeholder", "options", "confirm"},
}
LONGEST = {  # of the plain text in an element, by the key that holds it
    "button": {"text": 75},
    "static_select": {"placeholder": 150},
    "confirm": {"title": 100, "text": 300, "confirm": 30, "deny": 30},
    "option": {"text": 75},
}
ENTITY = re.compile(r"&(?!amp;|lt;|gt;)")
TOKEN = re.compile(r"<([^<>]*)>")
DATE = re.compile(
    r"!date\^\d+\^[^|^]+(\^[^|]+)?\|[^|<>]+ [A-Z+-][A-Z\d:+-]+"
)  # the fallback ends with its zone


def check(message: dict[str, Any], calls: Collection[str] = ()) -> None:
    """Raises AssertionError with the rule that is broken. `calls` are the mentions that are wanted."""
    assert set(message) <= FIELDS, "unknown field"
    assert message.get("unfurl_links") is message.get("unfurl_media") is False, "links would unfold"
    assert 1 <= units(message.get("text", "")) <= 4000, "text is empty or too long"
    _check_text(message["text"], calls)
    blocks = message.get("blocks", [])
    assert len(blocks) <= 50, "more than 50 blocks"
    for block in blocks:
        _check_block(block, calls)
    assert sum(units(obj["text"]) for obj in text_objects(blocks)) <= 12_000, "blocks too long"
    ids = [block["block_id"] for block in blocks if "block_id" in block]
    assert len(ids) == len(set(ids)), "block_id twice"


def _check_block(block: dict[str, Any], calls: Collection[str]) -> None:
    assert block.get("type") in TYPES, "unknown block"
    assert set(block) <= KEYS, "unknown key"
    assert "expand" not in block or (block["type"], block["expand"]) == ("section", True), "expand"
    try:
        parsed = Block.parse(block)
        read = parsed and parsed.to_dict()
    except (SlackObjectFormationError, TypeError) as error:
        raise AssertionError(f"slack_sdk refuses it: {error}") from error
    assert read == block, "slack_sdk reads something else"
    if "accessory" in block:
        assert block["type"] == "section", "only a section has an accessory"
        _check_element(block["accessory"])
    for text in text_objects([block]):
        assert text["type"] == "mrkdwn", "not mrkdwn"
        assert 1 <= units(text["text"]) <= 3000, "text object is empty or too long"
        assert text.get("verbatim") is True, "foreign text could mention"
        _check_text(text["text"], calls)


def _check_element(element: dict[str, Any]) -> None:
    kind = element.get("type", "")
    assert kind in OF_ELEMENTS, "unknown element"
    assert set(element) <= OF_ELEMENTS[kind], "unknown key of an element"
    assert 1 <= units(element.get("action_id", "")) <= 255, "action_id is missing or too long"
    _check_labels(element, LONGEST[kind])
    if kind == "button":
        assert 1 <= units(element.get("value", "")) <= 2000, "value is missing or too long"
        assert 1 <= units(element.get("accessibility_label", "x")) <= 75, "accessibility_label is too long"
        return
    assert 1 <= len(element["options"]) <= 100, "no options, or too many"
    values = [option["value"] for option in element["options"]]
    assert len(values) == len(set(values)), "an option twice"
    assert all(1 <= units(value) <= 75 for value in values), "value is missing or too long"
    for option in element["options"]:
        assert set(option) == {"text", "value"}, "unknown key of an option"
        _check_labels(option, LONGEST["option"])
    if "confirm" in element:
        assert set(element["confirm"]) == set(LONGEST["confirm"]), "unknown key of a dialog"
        _check_labels(element["confirm"], LONGEST["confirm"])


def _check_labels(holder: dict[str, Any], longest: dict[str, int]) -> None:
    for key, most in longest.items():
        label = holder.get(key, {})
        assert label.get("type") == "plain_text", "a label is not plain text"
        assert 1 <= units(label["text"]) <= most, "a label is empty or too long"
        assert label["text"].isprintable(), "control character"


def _check_text(text: str, calls: Collection[str]) -> None:
    assert not ENTITY.search(text), "raw &"
    outside = TOKEN.sub("", text)
    assert "<" not in outside, "raw <"
    assert ">" not in outside, "raw >"
    assert all(c.isprintable() or c in "\n\u034f" for c in text), "control character"
    for token in set(TOKEN.findall(text)) - set(calls):
        if token.startswith("!"):
            assert DATE.fullmatch(token), "live mention"
        else:
            assert re.fullmatch(r"https?://[^\s|]+(\|[^|\n]+)?", token), "neither link nor date"
    assert outside.count("`") % 2 == 0, "open code span"
    assert not re.search(r"^uptime\b", text, re.IGNORECASE | re.MULTILINE), "would trigger a command"


def in_terminal(message: dict[str, Any]) -> list[str]:
    """Its lines. It keeps every rule, and Slack never folds what is down."""
    check(message)
    for block in message["blocks"]:
        assert block.get("expand", False) is bool(re.search("🔴 `.* — ", str(block)))
    return terminal.render(message).splitlines()


def text_objects(blocks: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    for block in blocks:
        yield from [block["text"]] if "text" in block else []
        yield from block.get("elements", [])


def units(text: str) -> int:
    """The larger of code points and UTF-16 units: Slack does not say what a character is."""
    return len(text.encode("utf-16-le")) // 2
