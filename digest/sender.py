"""Where the messages of a channel go."""

from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta, tzinfo
from typing import NamedTuple, Protocol

from config import Channel, Config, Schedule
from digest.alerts import AlertBatch
from digest.model import Digest
from hosts.model import Change

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

    @property
    def slots(self) -> tuple[Schedule, tzinfo]:
        """What decides when its digests are due."""
        return self.channel.digest.schedule, self.config.timezone

    def has_other_slots(self, former: "Destination") -> bool:
        return self.slots != former.slots

    def has_other_url(self, former: "Destination") -> bool:
        """If so, it gets the whole of a message that the former one got in part."""
        return self.channel.webhook_url != former.channel.webhook_url


def can_be_completed(posting: Posting, since: datetime, now: datetime) -> bool:
    return posting.is_partly_posted and abs(now - since) < COMPLETE_WITHIN
