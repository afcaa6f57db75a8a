"""How posting in a channel goes, and when to try again after a failure."""

import logging
import random
import time
from collections import Counter
from datetime import datetime

from digest.sender import PostFailed
from hosts.times import stamp

log = logging.getLogger("digest")

FIRST_BACKOFF, LONGEST_BACKOFF = 2.0, 600.0  # seconds


class RetryState:
    """Failures and back-off of one channel. A message is called `digest` or `alerts`."""

    def __init__(self) -> None:
        self.failure: str | None = None  # why the last attempt failed; None after a success
        self.waiting: set[str] = set()  # due and not yet posted
        self.posts: Counter[tuple[str, str]] = Counter()  # ("digest", "taken"): how often
        self._backoff = FIRST_BACKOFF
        self._retry_at = 0.0

    def reset(self) -> None:
        """The destination, or the route to it, has changed."""
        self._backoff, self._retry_at, self.failure = FIRST_BACKOFF, 0.0, None

    def is_backing_off(self) -> bool:
        return time.monotonic() < self._retry_at

    def start(self, what: str) -> None:
        self.waiting.add(what)

    def cancel(self, what: str) -> None:
        self.waiting.discard(what)

    def succeeded(self, what: str, now: datetime) -> None:
        self.failure = None
        self._backoff = FIRST_BACKOFF
        self.waiting.discard(what)
        self.posts[what, "taken"] += 1
        log.info("%s posted at %s", what, stamp(now))

    def failed(self, what: str, error: PostFailed, channel: str) -> None:
        self.posts[what, "failed"] += 1
        # Jittered, so that clients do not all hit a struggling Slack at the same moment.
        pause = max(error.retry_after, random.uniform(0.5, 1) * self._backoff)  # noqa: S311
        self._backoff = min(LONGEST_BACKOFF, 2 * self._backoff)
        self._retry_at = time.monotonic() + pause
        self.failure = str(error)
        log.warning("channel %s: not posted: %s; retrying in %.0f s", channel, self.failure, pause)
