"""Changes that are not on the disk yet."""

import asyncio
from collections.abc import Iterator, MutableMapping
from dataclasses import replace
from typing import TypeVar

from hosts.model import Change, Patch, State

V = TypeVar("V")


class Overlay(MutableMapping[str, V]):
    """A mapping with changes on top that can be discarded."""

    def __init__(self, base: MutableMapping[str, V]) -> None:
        self._base = base
        self._changed: dict[str, V | None] = {}

    def __getitem__(self, name: str) -> V:
        if name not in self._changed:
            return self._base[name]
        value = self._changed[name]
        if value is None:
            raise KeyError(name)
        return value

    def __setitem__(self, name: str, value: V) -> None:
        self._changed[name] = value

    def __delitem__(self, name: str) -> None:
        self[name]  # raises KeyError
        self._changed[name] = None

    def __iter__(self) -> Iterator[str]:
        yield from (name for name in self._base if name not in self._changed)
        yield from (name for name, value in self._changed.items() if value is not None)

    def __len__(self) -> int:
        """Count only the changes, because the base may be large."""
        return len(self._base) + sum(
            (value is not None) - (name in self._base) for name, value in self._changed.items()
        )


def overlaid(state: State) -> State:
    """A copy to try changes on: discarding it undoes them."""
    return replace(state, hosts=Overlay(state.hosts), host_by_incident=Overlay(state.host_by_incident))


class Commit:
    """A change waiting to become durable. The promise resolves to whether it changed anything."""

    def __init__(self, change: Change) -> None:
        self.change = change
        self.promise: asyncio.Future[bool] = asyncio.get_running_loop().create_future()

    def succeed(self, patch: Patch) -> None:
        if not self.promise.done():  # the caller may have been cancelled; the change is made anyway
            self.promise.set_result(bool(patch))

    def fail(self, error: Exception) -> None:
        if not self.promise.done():
            self.promise.set_exception(error)
            self.promise.exception()  # mark it as retrieved, even if nobody is waiting any more
