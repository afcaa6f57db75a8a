"""Patterns for host names: `*` stands for any text, and case does not matter.

A name without labels matches everything with that name; `api (prod)` only what has that label.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache

from hosts.identity import LABEL_JOINER, LABEL_START

ALL_HOSTS = ("*",)
_LABELLED = re.compile(r"(?P<name>.*\S) \((?P<labels>[^()]+)\)")
_END = rf"(?:{LABEL_START}|\Z)"


def is_pattern(name: str) -> bool:
    return "*" in name


def literal(name: str) -> str:
    """Spell a name so that it is no pattern: policies may have stars in theirs, and so may labels."""
    return name.replace("*", "\u2217")  # the asterisk operator, which looks the same


@dataclass(frozen=True)
class HostFilter:
    """The hosts that match at least one of some patterns."""

    patterns: tuple[str, ...]

    @cached_property
    def matches_all(self) -> bool:
        return "*" in self.patterns

    def matches(self, key: str) -> bool:
        return self.matches_all or self._regex.match(key) is not None

    @cached_property
    def _regex(self) -> re.Pattern[str]:
        return _compiled(self.patterns)


EVERY_HOST = HostFilter(ALL_HOSTS)


@lru_cache(maxsize=64)
def _compiled(patterns: tuple[str, ...]) -> re.Pattern[str]:
    """One expression for all patterns: a digest may look at ten thousand hosts."""
    any_of = "|".join(expression for pattern in patterns for expression in _expressions(pattern))
    return re.compile(any_of or r"(?!)", re.IGNORECASE)


def _expressions(pattern: str) -> Iterator[str]:
    yield _line(pattern)
    if found := _LABELLED.fullmatch(pattern):
        labels = found["labels"].split(LABEL_JOINER)
        yield _line(found["name"]) + "".join(
            rf"(?=(?:.*{LABEL_START})*?[^={LABEL_START}]*={_line(v)})" for v in labels
        )


def _line(pattern: str) -> str:
    """Match a whole line. Atomic groups never backtrack, so many stars cost no time."""
    first, *others = map(re.escape, pattern.split("*"))
    if not others:
        return first + _END
    *middle, last = others
    found = "".join(f"(?>[^{LABEL_START}]*?{part})" for part in middle)
    return f"{first}{found}[^{LABEL_START}]*{last}{_END}"
