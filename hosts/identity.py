"""Which things are the same thing, and what they are called where several have one name.

A host name is its own identity: `www.example.com`, watched by checks in two projects, is one host. A
service, an instance, a check or a policy has a name that another project may have given, too. Its key is
that name, and below it a line for each label that tells it apart, the most telling first:

    api
    project=prod
    location=us-central1

The line break stands there even without labels, so a key without one is a host name, or was written by
an earlier version. People see the name; and where another thing of that name is known, the shortest label
that tells them apart: `api (prod)`. Which one that is depends on what is known, not on what came first.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from functools import lru_cache
from itertools import combinations

LABEL_START = "\n"  # no name holds one
LABEL_JOINER = "/"  # between two labels
MAX_COMBINED_LABELS = 6


def key_of(name: str, labels: Mapping[str, str]) -> str:
    return name + LABEL_START + LABEL_START.join(f"{label}={value}" for label, value in labels.items())


def name_of(key: str) -> str:
    return key.partition(LABEL_START)[0]


def is_labelled(key: str) -> bool:
    """May there be other things of this name?"""
    return LABEL_START in key


def in_full(key: str) -> str:
    """The name with every label, for where nothing says what else is known."""
    name, values = _parts(key)
    return f"{name} ({LABEL_JOINER.join(values)})" if values else name


class Titles:
    """What each of some known things is called, and which one a title means."""

    def __init__(self, known: Collection[str]) -> None:
        """`known` are keys."""
        groups: dict[str, list[str]] = {}
        for key in known:
            if LABEL_START in key:
                groups.setdefault(name_of(key).lower(), []).append(key)
        self._alike = [tuple(sorted([*g, name] if name in known else g)) for name, g in groups.items()]
        self._titles: dict[str, str] = {}
        for keys in self._alike:
            self._titles |= _titles(keys)

    def __bool__(self) -> bool:
        """Is anything called otherwise than by its key?"""
        return bool(self._titles)

    def __call__(self, key: str) -> str:
        return self._titles.get(key) or in_full(key)

    def meanings(self) -> Mapping[str, str]:
        """The key by each title, in lower case, that means one of the things that have labels."""
        meant: dict[str, str] = {}
        for keys in self._alike:
            meant |= _meanings(keys)
        return meant


def never_reported(names: Iterable[str], heard: Collection[str]) -> list[str]:
    """Those of some configured names that no thing heard of has. `heard` are keys."""
    missing = [name for name in names if name not in heard]
    if not missing:
        return []
    known = {name_of(key).lower() for key in heard if LABEL_START in key}
    return [name for name in missing if name.lower() not in known]


@lru_cache(maxsize=1024)
def _titles(keys: tuple[str, ...]) -> Mapping[str, str]:
    """Of things that have one name."""
    if len(keys) == 1:
        return {keys[0]: name_of(keys[0])}
    counted = _counted(keys)
    titles = {}
    for key in keys:
        spellings = _spellings(key)
        titles[key] = next((text for text in spellings if counted[text.lower()] == 1), spellings[-1])
    return titles


def _meanings(keys: tuple[str, ...]) -> Mapping[str, str]:
    """The key that each title of theirs means, if it means one of them alone."""
    counted = _counted(keys)
    clear = {text.lower(): key for key in keys for text in _spellings(key) if counted[text.lower()] == 1}
    return {title.lower(): key for key, title in _titles(keys).items()} | clear


def _counted(keys: Iterable[str]) -> Counter[str]:
    return Counter(text.lower() for key in keys for text in _spellings(key))


def _spellings(key: str) -> list[str]:
    """Every way to say which one is meant, the shortest first and the longest last; each once."""
    name, values = _parts(key)
    if not values:
        return [name]
    return list(dict.fromkeys(f"{name} ({text})" for text in _choices(values)))


def _parts(key: str) -> tuple[str, list[str]]:
    """The name, and what its labels say."""
    name, *labels = key.split(LABEL_START)
    return name, [label.partition("=")[2] for label in labels if label]


def _choices(values: list[str]) -> Iterator[str]:
    """Some of the labels, the fewest first. A file that was edited may have more than could be tried."""
    for size in range(1, len(values) if len(values) <= MAX_COMBINED_LABELS else 2):
        yield from (LABEL_JOINER.join(some) for some in combinations(values, size))
    yield LABEL_JOINER.join(values)
