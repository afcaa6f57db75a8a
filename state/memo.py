"""Large values that seldom change are encoded when they do, not at every save."""

from collections.abc import Callable
from typing import Generic, TypeVar

V = TypeVar("V")


class Memo(Generic[V]):
    """An encoder that knows its last value again, by identity: values are never changed in place."""

    def __init__(self, encode: Callable[[V], bytes]) -> None:
        self._encode = encode
        self._last: tuple[V, bytes] | None = None

    def __call__(self, value: V) -> bytes:
        if self._last is None or self._last[0] is not value:
            self._last = (value, self._encode(value))
        return self._last[1]
