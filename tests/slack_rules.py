"""Every rule that Slack has for an incoming message, as far as it publishes them.

slack_sdk is the independent judge of the blocks; what it lets pass is checked here.
Limits: https://docs.slack.dev/reference/block-kit/blocks
"""

import re
from collections.abc import Collection, Iterator
from typing import Any

from slack_sdk.errors import SlackObjectFormationError
from slack_sdk.models.blocks import Block

FIELDS = {"text", "blocks", "unfurl_links", "unfurl_media"}
TYPES = {"section", "divider", "context"}
KEYS = {"type", "text", "elements", "block_id", "expand"}
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
    for text in text_objects([block]):
        assert text["type"] == "mrkdwn", "not mrkdwn"
        assert 1 <= units(text["text"]) <= 3000, "text object is empty or too long"
        assert text.get("verbatim") is True, "foreign text could mention"
        _check_text(text["text"], calls)


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


def text_objects(blocks: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    for block in blocks:
        yield from [block["text"]] if "text" in block else []
        yield from block.get("elements", [])


def units(text: str) -> int:
    """The larger of code points and UTF-16 units: Slack does not say what a character is."""
    return len(text.encode("utf-16-le")) // 2
