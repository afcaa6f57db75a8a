"""A change on its way to the disk, and what is promised to whoever brought it."""

import asyncio

from hosts.patch import Change


class Commit:
    """One change waiting to be durable. What is promised: whether it changed anything."""

    __slots__ = ("change", "promise")

    def __init__(self, change: Change) -> None:
        self.change = change
        self.promise: asyncio.Future[bool] = asyncio.get_running_loop().create_future()

    def keep(self, changed: bool) -> None:  # noqa: FBT001 - the promised value itself
        if not self.promise.done():  # the one who waited may be gone; the change is made all the same
            self.promise.set_result(changed)

    def fail(self, error: Exception) -> None:
        if not self.promise.done():
            self.promise.set_exception(error)
            self.promise.exception()  # seen, even if nobody waits any more
