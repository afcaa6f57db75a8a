"""Foreign names and texts, made readable whatever characters they hold."""

import unicodedata
from typing import NamedTuple

MAX_SHOWN = 100  # characters of a name or a text
# Letters and marks by category, but invisible.
_BLANK = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0")
_CONTROLS = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})


class Label(NamedTuple):
    """A name to show. A line may break between its parts; `whole` is empty unless it had to be cut."""

    parts: tuple[str, ...]
    whole: str = ""


def visible(text: str) -> str:
    """Replace every character that shows nothing, or rearranges others, by its code: `⟨U+202E⟩`."""
    if text.isascii() and text.isprintable():
        return text
    return "".join(f"⟨U+{ord(char):04X}⟩" if _is_unseen(char) else char for char in text)


def cut(text: str, most: int = MAX_SHOWN) -> str:
    return text if len(text) <= most else f"{text[: most - 1]}…"


def label(name: str) -> Label:
    """A host's name, with a chance to break after every dot."""
    seen = visible(name)
    *parts, last = cut(seen).split(".")
    parts = [f"{part}." for part in parts]
    return Label(tuple(filter(None, [*parts, last])), seen if len(seen) > MAX_SHOWN else "")


def _is_unseen(char: str) -> bool:
    if char in _BLANK or 0xFE00 <= ord(char) <= 0xFE0F or 0xE0000 <= ord(char) <= 0xE0FFF:
        return True
    category = unicodedata.category(char)
    return category in _CONTROLS or (category == "Zs" and char != " ")
