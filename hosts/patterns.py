"""Which hosts a pattern means: `*` stands for anything, all else for itself, in capitals or not.

A name means every thing of that name; `api (prod)` means those of them with such a label.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from functools import lru_cache

from hosts.identity import APART, BETWEEN

ALL_HOSTS = ("*",)
_LABELLED = re.compile(r"(?P<name>.*\S) \((?P<labels>[^()]+)\)")
_END = rf"(?:{APART}|\Z)"


def any_means(patterns: Iterable[str], host: str) -> bool:
    return bool(matcher(tuple(patterns))(host))


@lru_cache(maxsize=64)
def matcher(patterns: tuple[str, ...]) -> Callable[[str], object]:
    """Says by a true or a false value whether one of the patterns means a host, which is given by its key.

    One expression for all of them: ten thousand hosts are looked at for one digest.
    """
    if "*" in patterns:
        return bool  # no host is nameless
    any_of = "|".join(expression for pattern in patterns for expression in _expressions(pattern))
    return re.compile(any_of or r"(?!)", re.IGNORECASE).match


def _expressions(pattern: str) -> Iterator[str]:
    yield _line(pattern)
    if found := _LABELLED.fullmatch(pattern):
        labels = found["labels"].split(BETWEEN)
        yield _line(found["name"]) + "".join(rf"(?=(?:.*{APART})*?[^={APART}]*={_line(v)})" for v in labels)


def _line(pattern: str) -> str:
    """A whole line. A group that has found its place never looks for another: many stars cost no time."""
    first, *others = map(re.escape, pattern.split("*"))
    if not others:
        return first + _END
    *middle, last = others
    found = "".join(f"(?>[^{APART}]*?{part})" for part in middle)
    return f"{first}{found}[^{APART}]*{last}{_END}"
