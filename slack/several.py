"""Which hosts are meant by a text that may name several: `web-1 web-2, *.example.com`.

A name may hold spaces, as a policy's often does, and need not be quoted.
"""

import re

from hosts.mutes import is_pattern
from slack.hosts import Names, is_marked, pattern, unmarked

MOST = 20  # each pattern is held against every known name
MOST_WORDS = 12  # of one name among others
LONGEST = 253  # characters of a pattern: no host's name is longer
_WORD = re.compile(r"""["'`][^"'`]+["'`](?=[\s,;]|$)|[^\s,;]+""")
_AND = {"and", "&", "+", "및", "그리고", "하고"}


class TooMany(Exception):
    """More than `MOST`."""


class NotKnown(Exception):
    """Nobody knows the name `typed`. `others` of those before it are known."""

    def __init__(self, typed: str, others: int) -> None:
        super().__init__(typed)
        self.typed = typed
        self.others = others


def meant_by(text: str, names: Names) -> list[str]:
    """The names and patterns, each once, in the order in which they were typed.

    Raises NotKnown or TooMany.
    """
    if whole := names.meant(text):
        return [whole]
    words, found, at = _WORD.findall(text), list[str](), 0
    while at < len(words):
        meant, after = _next(words, at, names)
        if meant is None:
            raise NotKnown(_unknown(words, at, names), len(found))
        found += meant
        if len(found) > MOST:
            raise TooMany
        at = after
    if not found:
        raise NotKnown(text, 0)
    return list(dict.fromkeys(found))


def _next(words: list[str], at: int, names: Names) -> tuple[list[str] | None, int]:
    """What is meant by the words from there on, and where that ends. None: nobody knows."""
    known, end = _known(words, at, names)
    if known is not None:
        return known, end
    if formatted := _formatted(words, at, names):
        return formatted
    word = words[at]
    found = pattern(word, names) if is_pattern(word) and len(word) <= LONGEST else ""
    return ([found] if is_pattern(found) or found in names.known else None), end


def _known(words: list[str], at: int, names: Names) -> tuple[list[str] | None, int]:
    """The longest name that begins at a word, and where it ends; nothing for a mere "and"."""
    for end in range(min(len(words), at + MOST_WORDS), at, -1):
        if name := names.meant(" ".join(words[at:end])):
            return [name], end
    return ([] if words[at].lower() in _AND else None), at + 1


def _formatted(words: list[str], at: int, names: Names) -> tuple[list[str], int] | None:
    """Known names that share one pair of marks, `*web-1 web-2*`: those stars are no pattern's."""
    for end in range(min(len(words), at + MOST_WORDS), at + 1, -1):
        text = " ".join(words[at:end])
        if is_marked(text) and (found := _all_known(_WORD.findall(unmarked(text)), names)):
            return found, end
    return None


def _all_known(words: list[str], names: Names) -> list[str]:
    """The names; none at all if there is a word that nobody knows."""
    found, at = list[str](), 0
    while at < len(words):
        known, at = _known(words, at, names)
        if known is None:
            return []
        found += known
    return found


def _unknown(words: list[str], at: int, names: Names) -> str:
    """What nobody knows, up to what is known again."""
    end = at + 1
    while end < len(words) and not is_pattern(words[end]) and _next(words, end, names)[0] is None:
        end += 1
    return " ".join(words[at:end])
