"""Shows Slack messages in the terminal, as people would see them."""

import re
from collections.abc import Awaitable, Callable
from typing import Any, TextIO

from slack.packing import Message
from slack.text import JOINER, unescape

LITERAL = re.compile(r"`([^`\n]*)`|<([^<>]*)>")  # a code span, or a link or date
BOLD = re.compile(rf"(?<![\w{JOINER}])\*([^*\n]+)(?<!{JOINER})\*(?!\w)")
ANSI_BOLD, ANSI_DIM, ANSI_END = "\x1b[1m", "\x1b[2m", "\x1b[0m"


def to_terminal(stream: TextIO) -> Callable[[Message], Awaitable[None]]:
    """Returns a `send` that prints what people would see in Slack."""

    async def send(message: Message) -> None:
        text = render(message, colour=stream.isatty())
        print(f"\n{text}\n", file=stream, flush=True)

    return send


def render(message: dict[str, Any], *, colour: bool = False) -> str:
    """Renders plain lines, or with bold and dim text if the terminal shows `colour`."""
    blocks = message.get("blocks") or [{"type": "section", "text": {"text": message["text"]}}]
    return "\n".join(_block(block, colour=colour) for block in blocks)


def _block(block: dict[str, Any], *, colour: bool) -> str:
    if block["type"] == "context":
        text = " ".join(_mrkdwn(element["text"], colour=False) for element in block["elements"])
        return f"{ANSI_DIM}{text}{ANSI_END}" if colour else text
    return _mrkdwn(block["text"]["text"], colour=colour)


def _mrkdwn(text: str, *, colour: bool) -> str:
    shown = "".join(c for c in LITERAL.sub(_literal, text) if c.isprintable() or c == "\n")
    shown = BOLD.sub(rf"{ANSI_BOLD}\1{ANSI_END}" if colour else r"\1", shown)
    return unescape(shown).replace(JOINER, "")


def _literal(found: re.Match[str]) -> str:
    """Protects a code span, link or date from being formatted."""
    shown = _token(found[2]) if found[1] is None else found[1]
    return shown.replace("*", f"{JOINER}*")


def _token(inside: str) -> str:
    """Shows the fallback of a date, and a link as `label (address)`."""
    body, _, label = inside.partition("|")
    if body.startswith("!date^"):
        return label
    return f"{label} ({body})" if label else body
