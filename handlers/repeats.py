"""What was answered lately: a request that comes again is answered the same, and changes nothing twice."""

import asyncio
from collections.abc import Awaitable, Callable

Answer = dict[str, str]

MOST = 300  # of some kilobytes each. Slack sends about one request a second: that is five minutes


class Repeats:
    """Slack repeats what is not answered in time, and anybody on the way could.

    The state alone would not do: what others have restored meanwhile must not be removed once more
    by an echo, and two answers to one question must not differ.
    """

    def __init__(self) -> None:
        self._answers: dict[bytes, asyncio.Future[Answer]] = {}  # the oldest first

    async def once(self, fingerprint: bytes | None, ask: Callable[[], Awaitable[Answer]]) -> Answer:
        """Asks, unless that was asked already, be it still on its way; what failed is asked again."""
        if fingerprint is None:
            return await ask()
        answer = self._answers.get(fingerprint) or asyncio.ensure_future(ask())
        self._remember(fingerprint, answer)
        try:
            return await answer
        except Exception:
            if self._answers.get(fingerprint) is answer:
                del self._answers[fingerprint]
            raise

    def _remember(self, fingerprint: bytes, answer: asyncio.Future[Answer]) -> None:
        self._answers.setdefault(fingerprint, answer)
        if len(self._answers) > MOST:
            del self._answers[next(iter(self._answers))]
