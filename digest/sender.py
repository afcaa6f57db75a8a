"""Where the messages of a channel go, and when to try again."""

import logging
import random
import time
from collections import Counter
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from typing import NamedTuple, Protocol

from config import Channel, Config
from digest.alerts import AlertBatch
from digest.model import Digest
from hosts.model import Change
from hosts.times import stamp

log = logging.getLogger("digest")

FIRST_BACKOFF, LONGEST_BACKOFF = 2.0, 600.0  # seconds
# A partly posted message is completed within this time even if the next slot is due: Slack may ask for pauses
# longer than the schedule's interval, and then no digest would ever be complete.
COMPLETE_WITHIN = timedelta(hours=1)
TryCommit = Callable[[Change], Awaitable[bool]]  # returns whether it is saved


class PostFailed(Exception):
    """Not all messages were accepted. `retry_after`: the seconds to wait at least, 0 if unknown."""

    def __init__(self, reason: str, retry_after: float = 0) -> None:
        super().__init__(reason)
        self.retry_after = retry_after


class Posting(Protocol):
    """The messages of one digest or one batch of alerts.

    It remembers which of them were accepted: after any interruption the next `post` continues from there.
    """

    @property
    def is_partly_posted(self) -> bool:
        """At least one message was accepted."""

    async def post(self) -> None:
        """Send what has not been accepted yet. Raises PostFailed."""


class Sender(Protocol):
    """The destination of one channel."""

    async def digest(self, digest: Digest) -> Posting: ...

    def alerts(self, batch: AlertBatch) -> Posting: ...


class Destination(NamedTuple):
    """A channel and its sender, as configured now."""

    channel: Channel
    sender: Sender
    config: Config

    def has_other_url(self, former: "Destination") -> bool:
        """If so, it gets the whole of a message that the former one got in part."""
        return self.channel.webhook_url != former.channel.webhook_url


def can_be_completed(posting: Posting, since: datetime, now: datetime) -> bool:
    return posting.is_partly_posted and abs(now - since) < COMPLETE_WITHIN


class RetryState:
    """Failures and back-off of one channel. A message is called `digest` or `alerts`."""

    def __init__(self) -> None:
        self.failure: str | None = None  # why the last attempt failed; None after a success
        self.waiting: set[str] = set()  # due and not yet posted
        self.posts: Counter[tuple[str, str]] = Counter()  # ("digest", "taken"): how often
        self._backoff = FIRST_BACKOFF
        self._retry_at = 0.0
        self._current = "digest"

    def reset(self) -> None:
        """The destination, or the route to it, has changed."""
        self._backoff, self._retry_at, self.failure = FIRST_BACKOFF, 0.0, None

    def is_backing_off(self) -> bool:
        return time.monotonic() < self._retry_at

    def start(self, what: str) -> None:
        self._current = what
        self.waiting.add(what)

    def cancel(self, what: str) -> None:
        self.waiting.discard(what)

    def succeeded(self, what: str, now: datetime) -> None:
        self.failure = None
        self._backoff = FIRST_BACKOFF
        self.waiting.discard(what)
        self.posts[what, "taken"] += 1
        log.info("%s posted at %s", what, stamp(now))

    def failed(self, error: PostFailed, channel: str) -> None:
        self.posts[self._current, "failed"] += 1
        # Jittered, so that clients do not all hit a struggling Slack at the same moment.
        pause = max(error.retry_after, random.uniform(0.5, 1) * self._backoff)  # noqa: S311
        self._backoff = min(LONGEST_BACKOFF, 2 * self._backoff)
        self._retry_at = time.monotonic() + pause
        self.failure = str(error)
        log.warning("channel %s: not posted: %s; retrying in %.0f s", channel, self.failure, pause)
