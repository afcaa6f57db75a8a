"""Runs one channel: alerts first, then digests, and a pause if Slack takes neither."""

import logging
from collections.abc import Callable, Collection, Sequence
from datetime import datetime

from config import Channel
from digest.alert_poster import AlertPoster
from digest.digest_poster import DigestPoster
from digest.retry import RetryState
from digest.sender import Destination, PostFailed
from hosts.model import Change
from hosts.problems import Problem
from state.store import Store

log = logging.getLogger("digest")


class ChannelJob:
    """Posts what is due in one channel."""

    def __init__(
        self,
        to: Destination,
        store: Store,
        *,
        problems: Callable[[Collection[str]], Sequence[Problem]],
        on_digest: Callable[[], None],
    ) -> None:
        """`problems` returns those that concern some channels; `on_digest` is called for each digest."""
        self.retry = RetryState()
        self._to = to
        self._store = store
        self._on_digest = on_digest
        self._cannot_save = False
        self._alerts = AlertPoster(to, store, self.retry, self._commit)
        self._digests = DigestPoster(
            to, store, self.retry, self._commit, problems=lambda: problems([self.channel.name])
        )

    @property
    def channel(self) -> Channel:
        return self._to.channel

    @property
    def posted(self) -> datetime | None:
        """The slot of the last digest that this process posted."""
        return self._digests.posted

    def adopt(self, to: Destination, now: datetime) -> None:
        if to.has_other_url(self._to) or to.config.proxy != self._to.config.proxy:
            self.retry.reset()
        self._to = to
        self._alerts.adopt(to)
        self._digests.adopt(to, now)

    async def tick(self, now: datetime) -> None:
        self._digests.tick(now)
        what = "alerts"
        try:
            await self._alerts.settle()
            if self.retry.is_backing_off():
                await self._alerts.settle_muted(now)
            else:
                await self._alerts.post(now)
                what = "digest"
                await self._post_digest(now)
        except PostFailed as error:
            self.retry.failed(what, error, self.channel.name)
        except Exception as error:
            # A bug of ours: report it, but back off, so that it does not flood the log every second.
            log.exception("channel %s: unhandled exception", self.channel.name)
            ours = PostFailed(f"could not build the message: {type(error).__name__}")
            self.retry.failed(what, ours, self.channel.name)

    async def _post_digest(self, now: datetime) -> None:
        edition = await self._digests.post(now)
        if edition is not None:
            self._on_digest()
            await self._alerts.advance(now, edition)

    async def _commit(self, change: Change) -> bool:
        """The result is whether it is saved. A failing disk must not stop the digests."""
        is_saved = await self._store.try_commit(change)
        if not (is_saved or self._cannot_save):
            text = "channel %s: cannot record what is posted; a restart may post it again"
            log.warning(text, self.channel.name)
        self._cannot_save = not is_saved
        return is_saved
