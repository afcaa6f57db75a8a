"""What must be said, as values to compare with what was said.

Where the definitions leave something open, each of several values is right, or an entry may be missing.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain, combinations
from typing import Any

from languages.english import English
from languages.language import Language
from prove.oracle import DAY, Span

WORDS: Language = English()
PERSON = "steve"
Value = object  # text, a number, or a Mapping of these; OneOf and Maybe where something is left open
Told = Mapping[str, Value]


@dataclass(frozen=True)
class OneOf:
    values: Collection[Value]


@dataclass(frozen=True)
class Maybe:
    """An entry that may be missing."""

    value: Value


ANYTHING = OneOf(())


def mapping(value: Value) -> Mapping[str, Value]:
    assert isinstance(value, Mapping)
    return value


def sizes(told: Mapping[str, Value]) -> range:
    return range(sum(not isinstance(value, Maybe) for value in told.values()), len(told) + 1)


def subsets(items: Sequence[Span] | Sequence[str]) -> Iterable[tuple[Any, ...]]:
    return chain.from_iterable(combinations(items, count) for count in range(len(items) + 1))


def lasting(seconds: int) -> str:
    """The two largest units: `1 d 3 h`, `4 min`, `0 s`."""
    days, hours, minutes = seconds // DAY, seconds // 3600 % 24, seconds // 60 % 60
    told = [(days, "d"), (hours, "h"), (minutes, "min"), (seconds % 60, "s")]
    largest = next((place for place, (count, _) in enumerate(told) if count), 3)
    two = told[largest : largest + 2] if largest < 2 else told[largest : largest + 1]
    return " ".join(f"{count} {unit}" for count, unit in two if count or (count, unit) == two[0])


def moment(at: int) -> str:
    return f"@{at}"


def percents(down: int, known: int, *, outages: int = 0) -> list[str]:
    """The percentages that may be said: within a hundredth, and never 100 if there was an outage."""
    if known < DAY:
        return [""]
    if not outages and not down:
        return ["100"]
    hundredths = (known - down) * 10_000 // known
    return [f"{max(0, min(9999, hundredths + off)) / 100:.2f}" for off in (-1, 0, 1)]
