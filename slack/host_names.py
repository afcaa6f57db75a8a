"""Finds the known host that a typed name means."""

import re
from collections.abc import Callable, Collection, Iterable
from copy import copy
from functools import cached_property
from typing import TypeVar

from hosts.identity import LABEL_START, Titles
from hosts.patterns import HostFilter, is_pattern, literal
from slack.nearest import finding_nearest, finding_one_slip, finding_only, first_letters, is_short
from slack.spellings import host_name, host_readings, name_readings, pattern_readings, typable, unformatted
from turns import Steps, at_once

_BETWEEN_HOSTS = re.compile(r"[,;+&|/]+")
_SEARCHES_REMEMBERED = 40  # of patterns, and of unknown names
_EXTENDED_REMEMBERED = 3  # sets of names: those of mutes, and of log entries, which change now and then
SEARCHED_AT_ONCE = 500  # names: among more, a search takes turns

Key = TypeVar("Key")
Result = TypeVar("Result")
Search = Callable[[str, Iterable[str]], Steps[list[str]]]  # what was typed, among these names


class SearchNeeded(Exception):
    """Among so many names, a search takes too long for one turn: run `search` in turns, then parse again."""

    def __init__(self, search: Steps[None], names: "Names") -> None:
        super().__init__()
        self.search = search
        self.names = names  # among which it searches


class Names:
    """Looks up known hosts by what people type. `known` are keys; people know titles.

    `nearest`, `only_with` and `one_slip_from` raise SearchNeeded among many names.
    """

    def __init__(self, known: Collection[str]) -> None:
        self.known = known
        self._matching: dict[str, list[str]] = {}
        self._alike: dict[tuple[Search, str], list[str]] = {}
        self._extended: dict[frozenset[str], Names] = {}  # by what is added
        self.takes_turns = len(known) > SEARCHED_AT_ONCE

    def find(self, typed: str) -> str | None:
        """Returns the key of the host that has the typed name, or else that the typed address leads to."""
        if typed in self.known:
            return typed
        if typed in self._key_by_title:
            return self._key_by_title[typed]
        folded = self._key_by_folded
        return next((folded[reading] for reading in name_readings(typed) if reading in folded), None)

    def find_reading(self, word: str) -> str:
        """Returns the known name that a word of a sentence stands for, as typed; empty if there is none."""
        return next(filter(self.find, host_readings(word)), "")

    def apart(self, text: str) -> str:
        """Puts spaces between hosts that only a sign separates: `a.test,b.test`, `www/api`."""
        return " ".join(part for word in text.split() for part in self._parts(word))

    def _parts(self, word: str) -> list[str]:
        """A name may contain such a sign, and `12/5` is a day."""
        parts = [part for part in _BETWEEN_HOSTS.split(word) if part]
        if len(parts) < 2 or self.find(word):
            return [word]
        are_hosts = any(map(self.find_reading, parts)) or all(
            not part.isdigit() and any(map(self.is_part, host_readings(part))) for part in parts
        )
        return parts if are_hosts else [word]

    def is_spelt(self, typed: str) -> bool:
        """Whether a text is a known name as people see it, ignoring case."""
        return typable(typed) in self._key_by_folded

    def find_pattern(self, typed: str) -> str:
        """Returns the reading of a typed pattern that matches a known host, or else the canonical one."""
        readings = pattern_readings(typed)
        return re.sub(r"\*+", "*", next(filter(self.matching, readings), readings[-1]))

    def matching(self, pattern: str) -> list[str]:
        """Returns the known hosts that a pattern matches, sorted."""
        if pattern not in self._matching:
            found = sorted(filter(HostFilter((pattern,)).matches, self.known))
            _remember(self._matching, pattern, found, _SEARCHES_REMEMBERED)
        return self._matching[pattern]

    def nearest(self, typed: str) -> list[str]:
        """Returns the names, as people can type them, that an unknown one may stand for."""
        return self._found(finding_nearest, host_name(unformatted(typed)))

    def is_shared(self, typed: str) -> bool:
        """Whether several hosts have this name."""
        return self.title.is_shared(literal(host_name(typed)))

    def sharing(self, typed: str) -> list[str]:
        """Returns the titles of the hosts that have this name; empty if not several do."""
        return self.title.sharing(literal(host_name(typed)))

    def expand(self, name: str) -> list[str]:
        """Returns the known hosts that a pattern matches, or the name itself if it is not a pattern."""
        return self.matching(name) if is_pattern(name) else [name]

    @cached_property
    def most_words(self) -> int:
        """The number of words in the longest known name."""
        return max((name.count(" ") + 1 for name in self.titles), default=0)

    @cached_property
    def title(self) -> Titles:
        return Titles(self.known)

    @property
    def titles(self) -> Collection[str]:
        """The known names as people can type them."""
        return self._key_by_title if self.title else self.known

    def is_part(self, typed: str) -> bool:
        """Whether a known name contains this word."""
        part = host_name(typed)  # one search is faster than thousands
        return part in (self._first_letters if is_short(part) else self._all_titles)

    def only_with(self, typed: str, *, as_label: bool = False) -> str:
        """Returns the only name with this label or, unless `as_label`, this part; empty if not unique."""
        if not self.is_part(typed) or self.is_shared(typed):
            return ""
        labelled, containing = self._found(finding_only, host_name(typed))
        return labelled if as_label else labelled or containing

    def one_slip_from(self, word: str) -> list[str]:
        """Returns the names, as people can type them, whose first label is one typo away from a word."""
        return self._found(finding_one_slip, word)

    def searched_at_once(self) -> "Names":
        """Returns these names without raising SearchNeeded."""
        names = copy(self)
        names.takes_turns = False
        return names

    def _found(self, search: Search, typed: str) -> list[str]:
        if (search, typed) not in self._alike:
            if self.takes_turns:
                raise SearchNeeded(self._searching(search, typed), self)
            at_once(self._searching)(search, typed)
        return self._alike[search, typed]

    def _searching(self, search: Search, typed: str) -> Steps[None]:
        """Does nothing if somebody else has needed the same meanwhile."""
        if (search, typed) not in self._alike:
            found = yield from search(typed, self.titles)
            _remember(self._alike, (search, typed), found, _SEARCHES_REMEMBERED)

    @cached_property
    def _all_titles(self) -> str:
        return "\n".join(self.titles).lower()

    @cached_property
    def _first_letters(self) -> Collection[str]:
        return {first_letters(name.lower()) for name in self.titles} - {""}

    @property
    def _key_by_title(self) -> dict[str, str]:
        """Empty if every title is its key: only names with labels have other titles."""
        return self._keys[0]

    @property
    def _key_by_folded(self) -> dict[str, str]:
        return self._keys[1]

    @cached_property
    def _keys(self) -> tuple[dict[str, str], dict[str, str]]:
        return at_once(self._finding_keys)()

    @property
    def is_prepared(self) -> bool:
        return "_keys" in self.__dict__

    def including(self, others: Iterable[str]) -> Steps["Names"]:
        """Returns these names and others, such as those of mutes, ready for the first search."""
        more = frozenset(others).difference(self.known)
        if not more:
            return self
        if more not in self._extended:
            names = Names(dict.fromkeys((*self.known, *more)))
            yield from names.preparing()
            if more not in self._extended:  # nobody else has asked for the same meanwhile
                _remember(self._extended, more, names, _EXTENDED_REMEMBERED)
        found = self._extended[more]
        return found if self.takes_turns else found.searched_at_once()

    def include(self, names: "Names") -> bool:
        """Whether `names` are these, or were made of them by `including` and are remembered."""
        return names is self or names in self._extended.values()

    def preparing(self) -> Steps[None]:
        """Does what the first search needs: for ten thousand names that takes many turns."""
        self._keys = yield from self._finding_keys()

    def _finding_keys(self) -> Steps[tuple[dict[str, str], dict[str, str]]]:
        by_title, plain, labelled = dict[str, str](), dict[str, str](), dict[str, str]()
        for key in self.known:
            yield
            if self.title:
                by_title[self.title(key)] = key
            if LABEL_START not in key:
                plain[typable(key)] = key
        for title, key in self.title.meanings():
            yield
            labelled[typable(title)] = key
        return by_title, plain | labelled


def _remember(found: dict[Key, Result], key: Key, result: Result, most: int) -> None:
    """Keeps the latest results: the same words are looked up several times."""
    while len(found) >= most:
        del found[next(iter(found))]
    found[key] = result
