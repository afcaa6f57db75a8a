"""Where what is said goes, as the jobs see it."""

from typing import Protocol

from digest.alerts import Bulletin
from digest.model import Digest


class NotPosted(Exception):
    """It was not taken. `pause` is how many seconds to wait at least, if that is known.

    `taken` counts the messages of it that were taken before one was not.
    """

    def __init__(self, reason: str, pause: float = 0, taken: int = 0) -> None:
        super().__init__(reason)
        self.pause = pause
        self.taken = taken


class Outlet(Protocol):
    """Where a channel's messages go. Both raise NotPosted."""

    async def post_digest(self, digest: Digest, after: int) -> None:
        """`after`: so many of its messages have been taken already."""

    async def post_bulletin(self, bulletin: Bulletin) -> None: ...
