"""What is made of large values that seldom change is made when they do, not whenever it is asked for."""

from collections.abc import Callable
from typing import Generic, TypeVar

V = TypeVar("V")
Made = TypeVar("Made")


class IdentityCache(Generic[V, Made]):
    """A function that knows its last value again, by identity: values are never changed in place."""

    def __init__(self, make: Callable[[V], Made]) -> None:
        self._make = make
        self._last: tuple[V, Made] | None = None

    def __call__(self, value: V) -> Made:
        if self._last is None or self._last[0] is not value:
            self._last = (value, self._make(value))
        return self._last[1]
