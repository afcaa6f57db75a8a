"""What is said in one channel: to Slack, and plainly when Slack refuses the blocks; or to the terminal."""

import logging
from abc import ABC, abstractmethod
from collections import deque
from collections.abc import Awaitable, Callable, Iterable
from functools import partial
from typing import TextIO

from digest.alerts import AlertBatch
from digest.model import Digest
from digest.sender import PostFailed
from slack import terminal
from slack.alert_message import Manner, alerts_text_only, render_alerts
from slack.client import SlackClient, SlackError
from slack.digest_message import Message, render, text_only

log = logging.getLogger("slack")


class Posting:
    """Messages that are sent one after the other; each is dropped once it was taken."""

    def __init__(
        self,
        messages: Iterable[Message],
        plain: Callable[[], Message],
        send: Callable[[Message], Awaitable[object]],
    ) -> None:
        """`plain` says all of it in one message without blocks. `send` raises SlackError."""
        self.is_partly_posted = False
        self._left = deque(messages)
        self._plain = plain
        self._send = send

    async def post(self) -> None:
        """Send what has not been taken yet. Raises PostFailed."""
        try:
            while self._left:
                await self._post(self._left[0])
        except SlackError as error:
            raise PostFailed(str(error), error.pause) from None

    async def _post(self, message: Message) -> None:
        try:
            await self._send(message)
        except SlackError as error:
            if not (error.content and "blocks" in message):
                raise
            log.error(  # noqa: TRY400 - the answer says it all
                "%s; sending plain text instead of: %.2000s", error, ascii(message)
            )
            self._left = deque([self._plain()])
        else:
            self._left.popleft()
            self.is_partly_posted = True


class Sender(ABC):
    """Puts into words what a channel is to be told."""

    def __init__(self, manner: Manner) -> None:
        self._manner = manner

    def digest(self, digest: Digest) -> Posting:
        zone, language, _, slash = self._manner
        messages = render(digest, zone, language, slash=slash)
        return Posting(messages, partial(text_only, digest, zone, language, slash=slash), self._send)

    def alerts(self, batch: AlertBatch) -> Posting:
        message = render_alerts(batch, self._manner)
        return Posting([message], partial(alerts_text_only, batch, self._manner), self._send)

    @abstractmethod
    async def _send(self, message: Message) -> None:
        """Raises SlackError."""


class SlackSender(Sender):
    """Posts to the webhook of `client`."""

    def __init__(self, client: SlackClient, manner: Manner) -> None:
        super().__init__(manner)
        self._client = client

    async def _send(self, message: Message) -> None:
        await self._client.post(message)


class TerminalSender(Sender):
    """Shows where the program was started what people would see in Slack."""

    def __init__(self, stream: TextIO, manner: Manner) -> None:
        super().__init__(manner)
        self._stream = stream

    async def _send(self, message: Message) -> None:
        shown = terminal.render(message, colour=self._stream.isatty())
        print(f"\n{shown}\n", file=self._stream, flush=True)
