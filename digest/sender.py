"""Where what is said goes, as the jobs see it."""

import logging
import random
import time
from collections import Counter
from datetime import datetime
from typing import Protocol

from digest.alerts import AlertBatch
from digest.model import Digest


class PostFailed(Exception):
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
        """Send what has not been taken yet. Raises PostFailed."""


class Outlet(Protocol):
    """Where a channel's messages go."""

    def digest(self, digest: Digest) -> Posting: ...

    def batch(self, batch: AlertBatch) -> Posting: ...


log = logging.getLogger("digest")

FIRST_PAUSE, LONGEST_PAUSE = 2.0, 600.0  # seconds between two tries


class RetryState:
    """Of one channel. What is tried is called `digest` or `alerts`."""

    def __init__(self) -> None:
        self.failure: str | None = None  # why the last try failed; None once something was taken
        self.waiting: set[str] = set()  # what is due and was not taken yet
        self.posts: Counter[tuple[str, str]] = Counter()  # ("digest", "taken"): how often
        self._back_off = FIRST_PAUSE
        self._rest_until = 0.0
        self._trying = "digest"

    def reset(self) -> None:
        """For another destination, or another way to it."""
        self._back_off, self._rest_until, self.failure = FIRST_PAUSE, 0.0, None

    def is_waiting(self) -> bool:
        return time.monotonic() < self._rest_until

    def begin(self, what: str) -> None:
        self._trying = what
        self.waiting.add(what)

    def cancel(self, what: str) -> None:
        """It is due no longer."""
        self.waiting.discard(what)

    def succeeded(self, what: str, now: datetime) -> None:
        self.failure = None
        self._back_off = FIRST_PAUSE
        self.waiting.discard(what)
        self.posts[what, "taken"] += 1
        log.info("%s posted at %s", what, f"{now:%Y-%m-%dT%H:%M:%SZ}")

    def failed(self, error: PostFailed, channel: str) -> None:
        self.posts[self._trying, "failed"] += 1
        # Growing and jittered, so that a Slack in trouble is not hammered by everybody at once.
        pause = max(error.pause, random.uniform(0.5, 1) * self._back_off)  # noqa: S311
        self._back_off = min(LONGEST_PAUSE, 2 * self._back_off)
        self._rest_until = time.monotonic() + pause
        self.failure = str(error)
        log.warning("channel %s: not posted: %s; trying again in %.0f s", channel, self.failure, pause)
