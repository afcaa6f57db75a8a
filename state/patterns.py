"""Which hosts a pattern means: `*` stands for anything, all else for itself, in capitals or not."""

import re
from collections.abc import Callable, Iterable
from fnmatch import translate
from functools import lru_cache

ALL_HOSTS = ("*",)


def any_means(patterns: Iterable[str], host: str) -> bool:
    return bool(matcher(tuple(patterns))(host))


@lru_cache(maxsize=64)
def matcher(patterns: tuple[str, ...]) -> Callable[[str], object]:
    """Says by a true or a false value whether one of the patterns means a host.

    One expression for all of them: ten thousand hosts are looked at for one digest.
    """
    if "*" in patterns:
        return bool  # no host is nameless
    any_of = "|".join(translate(_only_stars(pattern)) for pattern in patterns)
    return re.compile(any_of or r"(?!)", re.IGNORECASE).match


def _only_stars(pattern: str) -> str:
    """A name may hold what fnmatch takes for a sign: [::1], or why?"""
    return pattern.replace("[", "[[]").replace("?", "[?]")
