"""Changes that are not on the disk yet."""

import asyncio
from collections.abc import Iterator, MutableMapping
from typing import TypeVar

from hosts.model import State
from hosts.patch import Change, Patch, apply

V = TypeVar("V")


class Overlay(MutableMapping[str, V]):
    """A mapping with changes on top that can be discarded."""

    def __init__(self, base: MutableMapping[str, V]) -> None:
        self._base = base
        self.changed: dict[str, V | None] = {}

    def __getitem__(self, name: str) -> V:
        if name not in self.changed:
            return self._base[name]
        value = self.changed[name]
        if value is None:
            raise KeyError(name)
        return value

    def __setitem__(self, name: str, value: V) -> None:
        self.changed[name] = value

    def __delitem__(self, name: str) -> None:
        self[name]  # raises KeyError
        self.changed[name] = None

    def __iter__(self) -> Iterator[str]:
        yield from (name for name in self._base if name not in self.changed)
        yield from (name for name, value in self.changed.items() if value is not None)

    def __len__(self) -> int:
        """Counts only the changes, for the base may be large."""
        return len(self._base) + sum(
            (value is not None) - (name in self._base) for name, value in self.changed.items()
        )


class PendingState(State):
    """The state that the file will hold after the next save. Discarding it undoes all its changes."""

    __slots__ = ("_host_by_incident", "_published", "changed_hosts")

    def __init__(self, published: State) -> None:
        self.changed_hosts = Overlay(published.hosts)
        self._host_by_incident = Overlay(published.host_by_incident)
        self._published = published
        super().__init__(
            self.changed_hosts,
            self._host_by_incident,
            published.mutes,
            published.edition,
            published.channels,
            published.log,
            published.forgotten,
            published.reported,
            published.last_delivery,
        )

    def publish(self) -> None:
        hosts, host_by_incident = self.changed_hosts.changed, self._host_by_incident.changed
        whole = Patch(
            hosts,
            host_by_incident,
            self.mutes,
            self.edition,
            self.channels,
            self.log,
            self.forgotten,
            self.reported,
            self.last_delivery,
        )
        apply(self._published, whole)


class Commit:
    """A change waiting to become durable. The promise resolves to whether it changed anything."""

    __slots__ = ("change", "promise")

    def __init__(self, change: Change) -> None:
        self.change = change
        self.promise: asyncio.Future[bool] = asyncio.get_running_loop().create_future()

    def succeed(self, changed: bool) -> None:  # noqa: FBT001 - the promised value itself
        if not self.promise.done():  # the caller may have been cancelled; the change is made all the same
            self.promise.set_result(changed)

    def fail(self, error: Exception) -> None:
        if not self.promise.done():
            self.promise.set_exception(error)
            self.promise.exception()  # mark it as retrieved, even if nobody waits any more
