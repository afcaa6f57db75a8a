"""Which hosts a pattern means: `*` stands for anything, all else for itself, in capitals or not."""

import re
from collections.abc import Iterable
from fnmatch import translate
from functools import lru_cache


def any_means(patterns: Iterable[str], host: str) -> bool:
    return _compiled(tuple(patterns)).match(host) is not None


@lru_cache(maxsize=64)
def _compiled(patterns: tuple[str, ...]) -> re.Pattern[str]:
    """One expression for all of them: ten thousand hosts are looked at for one digest."""
    any_of = "|".join(translate(_only_stars(pattern)) for pattern in patterns)
    return re.compile(any_of or r"(?!)", re.IGNORECASE)


def _only_stars(pattern: str) -> str:
    """A name may hold what fnmatch takes for a sign: [::1], or why?"""
    return pattern.replace("[", "[[]").replace("?", "[?]")
