"""Gives a repeated request the reply to the first one."""

import asyncio
from collections.abc import Awaitable, Callable

Reply = dict[str, str]

REPLIES_REMEMBERED = 300  # some kilobytes each; Slack sends about one request a second, so five minutes


class RequestDeduplicator:
    """Gives a repeated request the reply to the first, without carrying it out again.

    Slack repeats a request that is not answered in time, and so could anybody who intercepts it. Idempotent
    changes are not enough: a resent request must not mute what somebody has restored since, and two replies
    to one question must not differ.
    """

    def __init__(self) -> None:
        self._replies: dict[bytes, asyncio.Future[Reply]] = {}  # the oldest first

    async def once(self, fingerprint: bytes | None, reply: Callable[[], Awaitable[Reply]]) -> Reply:
        """Call `reply` once per fingerprint, sharing a call in flight; failures are not remembered."""
        if fingerprint is None:
            return await reply()
        future = self._replies.get(fingerprint) or asyncio.ensure_future(reply())
        self._replies.setdefault(fingerprint, future)
        if len(self._replies) > REPLIES_REMEMBERED:
            del self._replies[next(iter(self._replies))]
        try:
            return await future
        except Exception:
            if self._replies.get(fingerprint) is future:
                del self._replies[fingerprint]
            raise
