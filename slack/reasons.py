"""Separates the reason for a mute from its end, and notices words that may be either.

What follows an end is a reason only if it cannot be part of a time. In doubt people are asked: a mute that
ends at another time than they meant is noticed too late.
"""

import re
from collections.abc import Iterator, Mapping
from difflib import get_close_matches

from languages import LANGUAGES, Language
from languages.zones import place_at_start
from slack.nearest import is_one_slip
from slack.text import cut, one_line
from slack.words import pattern

LONGEST_REASON = 200  # characters
SHORTEST_MISSPELT = 3  # characters: shorter words are not corrected
TYPO_SIMILARITY = 0.8  # from 0 to 1, of a word and one that means a time
TRAILING_WORDS = 12  # of a reason, searched for a time at its end
_BEFORE_REASON = re.compile(r"""[\s,.;~\u2013\u2014\u2212(\[{"'-]*""")
_AROUND_REASON = " ,.:;-\u2013\u2014"
_EMOJI = re.compile(r":[a-z+-][\w+'-]*:(?!\w)")
_EMOJI_AT_END = re.compile(rf"(?<!\S)(?:{_EMOJI.pattern})+\Z")
_JOINS = re.compile(r"[+&/@=<>|\\^%±→…]+(?![^\W\d_])")  # `+ 30m`, but `@kim asked` and `/api moved`
_NUMBER = re.compile(r"\d[^\s)\]}\"']*")
# `5xx`, `3-node`, `18:00-build`, `3층`, and what is too long for a day or a clock but followed by a word.
_NO_TIME = re.compile(r"\d+(?:[:.]\d+)*-?[^\W\d_]{2,}.*|\d+[가-힣].*")
_LONG_NUMBER = re.compile(r"(?:\d{3}|\d{5,})(?=\s+[^\W\d_]{2,})|\d{5,}")
_IN = re.compile(r"(?:(?:in|at|from|for|the|of)\s+|[(\[])+", re.IGNORECASE)


def without_signs(after: str) -> str:
    """Strips the dashes, brackets and quotes before a reason."""
    return _BEFORE_REASON.sub("", after, count=1)


def is_explained(after: str) -> bool:
    """Whether a text says that it is the reason, with a colon or a word such as "because"."""
    return _follows_colon(after) or any(
        pattern(words.reason_word).match(after) for words in LANGUAGES.values()
    )


def _follows_colon(after: str) -> bool:
    return after.startswith(":") and not _EMOJI.match(after)


def reason_of(after: str) -> str:
    """Returns all that follows a colon, or else what follows punctuation and a "because"."""
    typed = one_line(after)
    if _follows_colon(typed):
        reason = typed[1:].strip()
    else:
        bare = reason = _trimmed(typed)
        for words in LANGUAGES.values():
            bare = _trimmed(re.sub(rf"^{words.reason_word}", "", bare, flags=re.IGNORECASE))
        reason = bare or reason
    return reason if any(map(str.isalnum, reason)) else ""


def _trimmed(text: str) -> str:
    """Strips punctuation, but not from `:rocket:`."""
    bare = text.strip(_AROUND_REASON.replace(":", ""))
    bare = bare if _EMOJI.match(bare) else bare.lstrip(_AROUND_REASON)
    return bare if _EMOJI_AT_END.search(bare) else bare.rstrip(_AROUND_REASON)


def may_be_a_time(after: str, end: Mapping[str, str | None]) -> bool:
    """Whether the text after an end begins or ends like a time itself. `end` has the groups of its match.

    A complete expiry within counts as well, unless it is a mere length.
    """
    if not after:
        return False
    return (
        bool(_JOINS.match(after))
        or _begins_with_number(after)
        or (bool(end["moment"]) and place_after(after) is not None)
        or any(_is_like_a_time(after, words, follows_span=bool(end["span"])) for words in LANGUAGES.values())
    )


def place_after(after: str) -> tuple[str, str] | None:
    """Returns the place that is named first, `(in Berlin)`, and its zone."""
    return place_at_start(_IN.sub("", after, count=1) if _IN.match(after) else after)


def _begins_with_number(after: str) -> bool:
    found = _NUMBER.match(after)
    return found is not None and not _NO_TIME.fullmatch(found[0]) and not _LONG_NUMBER.match(after)


def _is_like_a_time(after: str, words: Language, *, follows_span: bool) -> bool:
    if pattern(words.leading_time).match(after):
        return True
    if follows_span and pattern(words.bare_number).match(after):
        return True
    trailing = " ".join(after.split(" ")[-TRAILING_WORDS:])
    if pattern(words.trailing_time).search(trailing) or _is_mistyped(after, words):
        return True
    return any(not match["span"] for match in pattern(words.expiry).finditer(after))


def _is_mistyped(after: str, words: Language) -> bool:
    """`tomorow`."""
    first = after.lower().split(" ")[0].rstrip(",.;")
    return first.isalpha() and bool(get_close_matches(first, words.time_words, n=1, cutoff=TYPO_SIMILARITY))


def explained(text: str, *, by_colon: bool = False) -> tuple[str, str] | None:
    """Splits `web-1: moved` or, unless `by_colon`, `web-1 because it moved` before the reason."""
    words = "|".join(words.reason_word for words in LANGUAGES.values())
    colon, word = rf"(?:[,;]?\s+(?:{words}))? ?:\s+", rf"[,;]?\s+(?={words})"
    found = re.search(colon if by_colon else f"{colon}|{word}", text, re.IGNORECASE)
    if found is None:
        return None
    return text[: found.start()], cut(reason_of(text[found.start() :]), LONGEST_REASON)


def has_expiry_word(text: str) -> bool:
    """Whether a word that begins an expiry, such as `for`, follows something else."""
    return any(position > 0 for position in expiry_words(text))


def begins_like_a_time(text: str) -> bool:
    return any(
        pattern(kind).match(text)
        for words in LANGUAGES.values()
        for kind in (words.leading_time, words.expiry_start)
    )


def correctly_spelt(text: str) -> str:
    """Returns a text in which misspelt words of an expiry are corrected: `for2h`, `+2h` and `in 2h`, too."""
    known = [word for words in LANGUAGES.values() for word in words.expiry_words]

    def corrected(word: str) -> str:
        if len(word) < SHORTEST_MISSPELT or not word.isalpha() or word.lower() in known:
            return word
        one_slip = [meant for meant in known if is_one_slip(word.lower(), meant)]
        return [*one_slip, *get_close_matches(word.lower(), known, 1, TYPO_SIMILARITY), word][0]

    spaced = re.sub(r"(?<!\S)\+ ?(?=\d)", "", re.sub(r"(?<!\S)(?:for|in ?|\+ ?)(?=\d+ ?[a-z])", "for ", text))
    return " ".join(map(corrected, spaced.split()))


def expiry_words(text: str) -> Iterator[int]:
    """Yields the position of each word that may begin an expiry."""
    for words in LANGUAGES.values():
        yield from (match.start() for match in pattern(words.expiry_start).finditer(text))
