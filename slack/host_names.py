"""Which host is meant by what was typed, and which ones may have been meant."""

import re
from collections.abc import Collection, Iterator
from functools import cached_property
from heapq import nlargest, nsmallest
from itertools import islice

from hosts.identity import LABEL_START, Titles
from hosts.mutes import is_pattern
from hosts.names import ascii_form, canonical
from hosts.patterns import HostFilter
from slack.text import tidy

_QUOTES = " '\"`"
_MARKS = "*_~`"  # bold, italic, struck through, code
_COMPARED = 200  # characters of a name
_UNLIKE = 0.4  # more than this, from 0 to 1, is another name
_PIECES = 12
_SHORTLIST = 40  # a close comparison costs 50 µs: ten thousand of them would be felt


def host_name(typed: str) -> str:
    """The host of a URL or of what else was typed, in the one spelling that it has."""
    return canonical(_bare(typed), is_host=True)


def _bare(typed: str) -> str:
    """Without what stands around a name in a sentence."""
    return _folded(typed).lstrip(_QUOTES).rstrip(_QUOTES + ".,;")


def _folded(name: str) -> str:
    """As it can be typed: clients write "--" as a dash, and `code` shows a backtick as an apostrophe."""
    return tidy(name.lower()).replace("—", "--").replace("`", "'")


def is_marked(typed: str) -> bool:
    """Do the marks of formatting stand around it: `*www.example.com*`?"""
    return len(typed) > 2 and typed[0] in _MARKS and typed[-1] == typed[0]


def unmarked(typed: str) -> str:
    """Without those marks, however many there are."""
    while is_marked(typed):
        typed = typed[1:-1].strip()
    return typed


class Names:
    """Known names, as people may mean them. What is known are keys; people know titles."""

    def __init__(self, known: Collection[str]) -> None:
        self.known = known
        self._matching: dict[str, list[str]] = {}

    def meant(self, typed: str) -> str | None:
        """What has the name typed, or else the one that the address typed leads to."""
        if typed in self.known:
            return typed
        if typed in self._keys:
            return self._keys[typed]
        folded = self._folded
        return next((folded[reading] for reading in _readings(typed) if reading in folded), None)

    def matching(self, pattern: str) -> list[str]:
        """In order."""
        if pattern not in self._matching:
            self._matching[pattern] = sorted(filter(HostFilter((pattern,)).matches, self.known))
        return self._matching[pattern]

    @cached_property
    def title(self) -> Titles:
        return Titles(self.known)

    @property
    def titles(self) -> Collection[str]:
        """As they can be typed."""
        return self._keys if self.title else self.known

    @cached_property
    def _keys(self) -> dict[str, str]:
        """By title. Only what has labels is called otherwise than by its key."""
        return {self.title(key): key for key in self.known} if self.title else {}

    @cached_property
    def _folded(self) -> dict[str, str]:
        plain = {_folded(name): name for name in self.known if LABEL_START not in name}
        labelled = {_folded(title): key for title, key in self.title.meanings().items()}
        return plain | labelled


def match(typed: str, known: Collection[str]) -> str | None:
    """The known name that is meant."""
    return Names(known).meant(typed)


def pattern(typed: str, names: Names) -> str:
    """The pattern that is meant: of those that it may be, one that matches something, if any does."""
    readings = dict.fromkeys(
        (_folded(typed).strip(_QUOTES), _bare(typed), host_name(typed), _in_ascii(typed))
    )
    matching = (reading for reading in readings if names.matching(reading))
    return re.sub(r"\*+", "*", next(matching, host_name(typed)))


def _in_ascii(typed: str) -> str:
    return ascii_form(host_name(typed))


def _readings(typed: str) -> Iterator[str]:
    """The most literal first."""
    name = _folded(typed)
    yield name
    if name[:1] in _QUOTES and name[:1] == name[-1:]:
        yield name[1:-1].strip()
    for text in dict.fromkeys((typed, unmarked(typed.strip().rstrip(".,;")))):
        yield from (_folded(text), _bare(text), host_name(text), _in_ascii(text))


def nearest(typed: str, known: Collection[str], n: int = 3) -> list[str]:
    """Known names that may be meant: first those that hold what was typed, then those spelt like it."""
    wanted = host_name(unmarked(typed))[:_COMPARED]
    if not wanted:
        return []
    names = {name.lower(): name for name in known}
    found = [*_holding(wanted, names, n), *_spelt_like(wanted, names, n)]
    return [names[name] for name in dict.fromkeys(found)][:n]


def _holding(wanted: str, names: Collection[str], n: int) -> list[str]:
    """The first word alone counts too: people add "please"."""
    first_word = wanted.partition(" ")[0].rstrip(".,;")
    holding = [name for name in names if wanted in name or name == first_word]
    return nsmallest(n, holding, lambda name: (not name.startswith(wanted), len(name), name))


def _spelt_like(wanted: str, names: Collection[str], n: int) -> list[str]:
    from difflib import SequenceMatcher  # noqa: PLC0415 - seldom wanted, and felt at every start

    whole = "." in wanted  # "web1" is as good as "web1.example.com"
    compared = SequenceMatcher(None, autojunk=False)
    compared.set_seq2(wanted)

    def unlikeness(name: str) -> float:
        compared.set_seq1(name[:_COMPARED] if whole else name[:_COMPARED].partition(".")[0])
        return 1 - compared.ratio()

    rated = sorted((unlikeness(name), name) for name in _sharing_pieces(wanted, names))
    return [name for rating, name in rated[:n] if rating <= _UNLIKE]


def _sharing_pieces(wanted: str, names: Collection[str]) -> list[str]:
    """The few names that share most with `wanted`, judged by the pairs of letters that tell names apart."""
    sample = list(islice(names, 0, None, len(names) // 64 + 1))
    pairs = {wanted[i : i + 2] for i in range(len(wanted) - 1)}
    telling = sorted(pairs, key=lambda pair: (sum(pair in name for name in sample), pair))[:_PIECES]
    return nlargest(_SHORTLIST, names, lambda name: sum(map(name.__contains__, telling)))


MOST = 20  # each pattern is held against every known name
MOST_WORDS = 12  # of one name among others
LONGEST = 253  # characters of a pattern: no host's name is longer
_WORD = re.compile(r"""["'`][^"'`]+["'`](?=[\s,;]|$)|[^\s,;]+""")
_AND = {"and", "&", "+", "및", "그리고", "하고"}


class TooManyHosts(Exception):
    """More than `MOST`."""


class UnknownHost(Exception):
    """Nobody knows the name `typed`. `others` of those before it are known."""

    def __init__(self, typed: str, others: int) -> None:
        super().__init__(typed)
        self.typed = typed
        self.others = others


def parse_hosts(text: str, names: Names) -> list[str]:
    """The names and patterns, each once, in the order in which they were typed.

    Raises UnknownHost or TooManyHosts.
    """
    if whole := names.meant(text):
        return [whole]
    words, found, at = _WORD.findall(text), list[str](), 0
    while at < len(words):
        meant, after = _next(words, at, names)
        if meant is None:
            raise UnknownHost(_unknown(words, at, names), len(found))
        found += meant
        if len(found) > MOST:
            raise TooManyHosts
        at = after
    if not found:
        raise UnknownHost(text, 0)
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
