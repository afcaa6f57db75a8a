"""What may have been meant by a text that begins with no command: the whole of what to type instead."""

import re
from collections.abc import Iterator, Mapping
from unicodedata import normalize

from slack.host_names import Names, host_name

LONGEST_WORD = 40  # characters of a word that is held against the commands
SHORTEST_SENTENCE = 4  # words of a sentence that is said to people; fewer may be a command gone wrong
SIMILAR, VERY_SIMILAR = 0.6, 0.75  # from 0 to 1: "improved" is as like "removed" as 0.67
_LATIN = re.compile(r"[!-~]+(?=[^!-~])")
_TAKE_HOSTS = {"check", "remove", "restore", "resolve", "history", "forget"}


def folded(word: str) -> str:
    """Hangul as single letters: some systems send it so, and a slip of one letter stays a small one."""
    return normalize("NFD", word.lower().rstrip(".,:;!?"))


def guess(text: str, verbs: Mapping[str, str]) -> str:
    """`verbs` are what may be typed, folded, and the command's own word. Empty: nobody could say."""
    first, _, rest = text.partition(" ")
    near = nearest(first, verbs)
    if near and not _is_like_a_host(first):
        return f"{near} {rest}" if verbs[folded(near)] in _TAKE_HOSTS and rest else near
    return _turned_round(text.split(" "), verbs) or near or _mere_host(text.split(" "), verbs)


def is_conversation(text: str, verbs: Mapping[str, str], known: Names) -> bool:
    """A sentence of a channel that begins with our name by chance: no command, no host, many words."""
    words = text.split()
    if len(words) < SHORTEST_SENTENCE or folded(words[0]) in verbs or folded(" ".join(words[:2])) in verbs:
        return False
    if nearest(words[0], verbs, VERY_SIMILAR):
        return False
    return not any(known.meant(reading) for word in words for reading in _as_a_host(word))


def _as_a_host(word: str) -> Iterator[str]:
    """As people put one into a sentence: `(web-1)`, `web-1's`, `web-1은`."""
    bare = word.strip("()!?:,.;").removesuffix("'s")
    yield bare
    if latin := _LATIN.match(bare):
        yield latin[0]


def nearest(typed: str, verbs: Mapping[str, str], alike: float = SIMILAR) -> str:
    """The command most like a word, as it would be typed."""
    from difflib import get_close_matches  # noqa: PLC0415 - seldom wanted, and felt at every start

    near = get_close_matches(normalize("NFD", typed.lower()[:LONGEST_WORD]), verbs, n=1, cutoff=alike)
    return normalize("NFC", near[0]) if near else ""


def _turned_round(words: list[str], verbs: Mapping[str, str]) -> str:
    """The host came first: `web-1 remove for 2h`, `web-1 2시간 동안 숨김`."""
    for at in range(1, len(words)):
        for end in (at + 2, at + 1):
            said = " ".join(words[at:end])
            if meant := verbs.get(folded(said)):
                return _in_order(said.rstrip(".,:;!?"), meant, words[:at], words[end:])
    return ""


def _in_order(said: str, meant: str, before: list[str], after: list[str]) -> str:
    """Words like "please" before a command are left out, where a host stands after it."""
    if meant not in _TAKE_HOSTS:
        return said
    asked = before if not after or any(map(_is_like_a_host, before)) else []
    return " ".join([said, *asked, *after])


def _is_like_a_host(word: str) -> bool:
    return not word.rstrip(".,:;!?").isalpha()


def _mere_host(words: list[str], verbs: Mapping[str, str]) -> str:
    """Hosts without a command, or with a misspelt one behind them."""
    *before, last = words
    if "." not in host_name(words[0]):
        return ""
    near = nearest(last, verbs) if before else "check"
    return " ".join([near, *(before or words)]) if verbs.get(folded(near)) in _TAKE_HOSTS else ""
