"""Which host is meant by what was typed, and which ones may have been meant."""

import re
from collections.abc import Collection, Iterator
from contextlib import suppress
from functools import cached_property
from heapq import nlargest, nsmallest
from itertools import islice

from slack.text import tidy
from state.patterns import matcher

_QUOTES = " '\"`"
_ADDRESS = re.compile(
    r"(?P<scheme>[a-z][a-z0-9+.-]*://(?:[^\s/?#]*@)?)?"
    r"(?P<host>\[[^\s\]]*\]|[^\s/?#:@\[\]]+)"
    r"(?P<port>:\d{0,5})?"
    r"(?:[/?#]\S*)?"
)
_COMPARED = 200  # characters of a name
_UNLIKE = 0.4  # more than this, from 0 to 1, is another name
_PIECES = 12
_SHORTLIST = 40  # a close comparison costs 50 µs: ten thousand of them would be felt


def host_name(typed: str) -> str:
    """The host of a URL or of what else was typed, lower case; an IDN in ASCII if it can be."""
    host = _host_in(typed)
    if host.isascii() or " " in host:
        return host
    try:
        return host.encode("idna").decode()
    except UnicodeError:
        return host


def _host_in(typed: str) -> str:
    bare = _folded(typed).lstrip(_QUOTES).rstrip(_QUOTES + ".,;")
    found = _ADDRESS.fullmatch(bare)
    # "front/back" is a name with a slash; "a.test/health" is a host with a path.
    if found and (found["scheme"] or found["port"] or set(found["host"]) & set(".[")):
        bare = found["host"].strip("[]").rstrip(".")
    return bare


def _folded(name: str) -> str:
    """As it can be typed: clients write "--" as a dash, and `code` shows a backtick as an apostrophe."""
    return tidy(name.lower()).replace("—", "--").replace("`", "'")


class Names:
    """Known names, as people may mean them."""

    def __init__(self, known: Collection[str]) -> None:
        self.known = known
        self._matching: dict[str, list[str]] = {}

    def meant(self, typed: str) -> str | None:
        """The name typed, or else the one that the address typed leads to."""
        if typed in self.known:
            return typed
        folded = self._folded
        return next((folded[reading] for reading in _readings(typed) if reading in folded), None)

    def matching(self, pattern: str) -> list[str]:
        """In order."""
        if pattern not in self._matching:
            self._matching[pattern] = sorted(filter(matcher((pattern,)), self.known))
        return self._matching[pattern]

    @cached_property
    def _folded(self) -> dict[str, str]:
        return {_folded(name): name for name in self.known}


def match(typed: str, known: Collection[str]) -> str | None:
    """The known name that is meant."""
    return Names(known).meant(typed)


def pattern(typed: str, names: Names) -> str:
    """The pattern that is meant: of those that it may be, one that matches something, if any does."""
    readings = dict.fromkeys((_folded(typed).strip(_QUOTES), _host_in(typed), host_name(typed)))
    matching = (reading for reading in readings if names.matching(reading))
    return re.sub(r"\*+", "*", next(matching, _host_in(typed)))


def _readings(typed: str) -> Iterator[str]:
    """The most literal first. Nobody knows whether Google was given an IDN in ASCII or not."""
    name, host = _folded(typed), _host_in(typed)
    yield name
    if name[:1] in _QUOTES and name[:1] == name[-1:]:
        yield name[1:-1].strip()
    yield from (host, host_name(typed))
    with suppress(UnicodeError):
        yield host.encode("ascii").decode("idna")


def nearest(typed: str, known: Collection[str], n: int = 3) -> list[str]:
    """Known names that may be meant: first those that hold what was typed, then those spelt like it."""
    wanted = _host_in(typed)[:_COMPARED]
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
