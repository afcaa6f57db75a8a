"""Where what is said goes, as the jobs see it."""

from typing import Protocol

from digest.alerts import Bulletin
from digest.model import Digest


class NotPosted(Exception):
    """It was not taken, or not all of it. `pause` is how many seconds to wait at least, if that is known."""

    def __init__(self, reason: str, pause: float = 0) -> None:
        super().__init__(reason)
        self.pause = pause


class Posting(Protocol):
    """One digest, or one bulletin, in the messages that an outlet made of it.

    It remembers which of them were taken, so whatever interrupts `post`, the next call goes on from there.
    """

    @property
    def begun(self) -> bool:
        """Was any of its messages taken?"""

    async def post(self) -> None:
        """Send what has not been taken yet. Raises NotPosted."""


class Outlet(Protocol):
    """Where a channel's messages go."""

    def digest(self, digest: Digest) -> Posting: ...

    def bulletin(self, bulletin: Bulletin) -> Posting: ...
