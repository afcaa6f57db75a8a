"""Keys of hosts, and the titles under which people see them.

A host name is its own key: `www.example.com`, watched by checks in two projects, is one host. A service, an
instance, a check or a policy may share its name with one in another project. Its key is the name, followed
by a line for each label that tells it apart, the most specific first:

    api
    project=prod
    location=us-central1

The line break is there even without labels, so a key without one is a host name, or comes from an earlier
version. People see the name and, if several things have that name, the shortest label that tells them apart:
`api (prod)`. The title depends on what is known, not on what came first.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from itertools import combinations

LABEL_START = "\n"  # never part of a name
LABEL_JOINER = "/"
MAX_COMBINED_LABELS = 6
MAX_REMEMBERED = 16_384  # names; enough for ten thousand hosts
_remembered: dict[str, tuple[tuple[str, ...], Mapping[str, str]]] = {}  # by name: the keys, their titles


def key_of(name: str, labels: Mapping[str, str]) -> str:
    return name + LABEL_START + LABEL_START.join(f"{label}={value}" for label, value in labels.items())


def name_of(key: str) -> str:
    return key.partition(LABEL_START)[0]


def is_labelled(key: str) -> bool:
    """Whether other things may have the same name."""
    return LABEL_START in key


def in_full(key: str) -> str:
    """The name with every label, for when the other keys are not known."""
    name, values = _parts(key)
    return f"{name} ({LABEL_JOINER.join(values)})" if values else name


def with_labels(key: str) -> str:
    """A spelling on one line that no other key has: `api (project=prod)`, and `api ()` without labels."""
    name, *labels = key.split(LABEL_START)
    return f"{name} ({', '.join(filter(None, labels))})"


class Titles:
    """The titles of known keys. Call it with a key to get the title, worked out when first needed."""

    def __init__(self, known: Collection[str]) -> None:
        self._namesakes: dict[str, list[str]] = defaultdict(list)
        for key in known:
            name, labels, _ = key.partition(LABEL_START)
            if labels:
                self._namesakes[name.lower()].append(key)
        for name, keys in self._namesakes.items():
            if name in known:
                keys.append(name)
        self._titles: dict[str, str] = {}
        self._meanings: dict[str, Mapping[str, str]] = {}  # by name

    def __bool__(self) -> bool:
        """Whether any title differs from its key."""
        return bool(self._namesakes)

    def __call__(self, key: str) -> str:
        if key not in self._titles and key in (keys := self._namesakes.get(name_of(key).lower(), [])):
            self._titles |= _titles(tuple(sorted(keys)))
        return self._titles.get(key) or in_full(key)

    def is_shared(self, name: str) -> bool:
        """Whether several keys have this name, which is in lower case."""
        return len(self._namesakes.get(name, ())) > 1

    def sharing(self, name: str) -> list[str]:
        """The titles of all keys that have this name, which is in lower case; empty if it is not shared."""
        return sorted(map(self, self._namesakes[name])) if self.is_shared(name) else []

    def meanings(self) -> Iterator[tuple[str, str]]:
        """Every lower-case spelling that means exactly one labelled thing, and its key.

        If a spelling comes twice, the later one counts: something that is itself called `api (prod)` takes
        precedence over the `api` in prod.
        """
        for name in sorted(self._namesakes, key=len):
            yield from self._meanings_of(name).items()

    def meaning(self, spelling: str) -> str | None:
        """The key that `meanings` has for one spelling, in any case, without looking at all names."""
        text = spelling.lower()
        found = (meant[text] for name in self._names_in(text) if text in (meant := self._meanings_of(name)))
        return next(found, None)

    def labelled(self, spelling: str) -> str | None:
        """The key that `with_labels` spells so."""
        keys = (key for name in self._names_in(spelling.lower()) for key in self._namesakes[name])
        return next((key for key in keys if with_labels(key) == spelling), None)

    def _names_in(self, text: str) -> Iterator[str]:
        """The known names with which a lower-case spelling may begin, the longest first."""
        ends = [*(found.start() for found in re.finditer(r" \(", text)), len(text)]
        return (text[:end] for end in reversed(ends) if text[:end] in self._namesakes)

    def _meanings_of(self, name: str) -> Mapping[str, str]:
        if name not in self._meanings:
            self._meanings[name] = _meanings(tuple(sorted(self._namesakes[name])))
        return self._meanings[name]


def never_reported(names: Iterable[str], reported: Collection[str]) -> list[str]:
    """The configured names that no reported key has."""
    missing = [name for name in names if name not in reported]
    if not missing:
        return []
    known = {name_of(key).lower() for key in reported if is_labelled(key)}
    return [name for name in missing if name.lower() not in known]


def _titles(keys: tuple[str, ...]) -> Mapping[str, str]:
    """The titles of keys that share a name. Remembers only the latest for each name."""
    name = name_of(keys[0]).lower()
    known = _remembered.get(name)
    if known is None or known[0] != keys:
        known = _remembered[name] = keys, _found_titles(keys)
        if len(_remembered) > MAX_REMEMBERED:
            del _remembered[next(iter(_remembered))]
    return known[1]


def _found_titles(keys: tuple[str, ...]) -> Mapping[str, str]:
    if len(keys) == 1:
        return {keys[0]: name_of(keys[0])}
    counts, exact = _spelling_counts(keys), Counter(map(name_of, keys))
    exact.update(text for key in keys for text in _spellings(key, keys))
    return {key: _title(key, keys, counts, exact) for key in keys}


def _title(key: str, keys: tuple[str, ...], counts: Counter[str], exact: Counter[str]) -> str:
    """The shortest spelling that is unique, or else the first one that capitals alone make unique."""
    spellings = _spellings(key, keys)
    in_any_case = (text for text in spellings if counts[text.lower()] == 1)
    with_capitals = (text for text in (name_of(key), *spellings) if exact[text] == 1)
    return next(in_any_case, None) or next(with_capitals, None) or spellings[-1]


def _meanings(keys: tuple[str, ...]) -> Mapping[str, str]:
    """The keys by the spellings that mean just one of them."""
    counts = _spelling_counts(keys)
    unambiguous = {
        text.lower(): key for key in keys for text in _spellings(key, keys) if counts[text.lower()] == 1
    }
    titles = {title.lower(): key for key, title in _titles(keys).items()}
    shared = {title for title, times in Counter(map(str.lower, _titles(keys).values())).items() if times > 1}
    return {title: key for title, key in titles.items() if title not in shared} | unambiguous


def _spelling_counts(keys: tuple[str, ...]) -> Counter[str]:
    return Counter(text.lower() for key in keys for text in _spellings(key, keys))


def _spellings(key: str, keys: Iterable[str]) -> list[str]:
    """Every spelling of a key among `keys`, the shortest first, without duplicates."""
    name, values = _parts(key)
    if all(name in _parts(other)[1] for other in keys):  # an id equal to the name adds nothing
        values.remove(name)
    if not values:
        return [name]
    return list(dict.fromkeys(f"{name} ({text})" for text in _choices(values)))


def _parts(key: str) -> tuple[str, list[str]]:
    """The name and the values of the labels."""
    name, *labels = key.split(LABEL_START)
    return name, [label.partition("=")[2] for label in labels if label]


def _choices(values: list[str]) -> Iterator[str]:
    """Combinations of labels, the fewest first. An edited file may have too many to try them all."""
    for size in range(1, len(values) if len(values) <= MAX_COMBINED_LABELS else 2):
        yield from (LABEL_JOINER.join(some) for some in combinations(values, size))
    yield LABEL_JOINER.join(values)
