"""Sends digests and alerts to Slack, in plain text if Slack refuses the blocks."""

import logging
from collections import deque
from collections.abc import Awaitable, Callable, Iterable, Sequence
from functools import partial

from digest.alerts import AlertBatch
from digest.model import Digest
from digest.sender import PostFailed
from languages import Locale
from slack.alert_message import alerts_text_only, render_alerts
from slack.client import SlackError
from slack.digest_message import rendering, text_only
from slack.menus import without_menus
from slack.packing import Message
from turns import in_turns

log = logging.getLogger("slack")

NO_APP = "If the webhook belongs to no app with interactivity, set slack.buttons: false"


class Posting:
    """Messages to send one after the other. Each is dropped once it is posted."""

    def __init__(
        self,
        messages: Iterable[Message],
        plain: Callable[[], Message],
        send: Callable[[Message], Awaitable[object]],
    ) -> None:
        """`plain` renders all of it as one message without blocks. `send` raises SlackError."""
        self.is_partly_posted = False
        self._pending = deque(messages)
        self._plain = plain
        self._send = send

    async def post(self) -> None:
        """Sends what is pending. Raises PostFailed."""
        try:
            while self._pending:
                await self._post(self._pending[0])
        except SlackError as error:
            raise PostFailed(str(error), error.pause) from None

    async def _post(self, message: Message) -> None:
        try:
            await self._send(message)
        except SlackError as error:
            if not (error.is_content_error and "blocks" in message):
                raise
            self._make_plainer(message, error)
        else:
            self._pending.popleft()
            self.is_partly_posted = True

    def _make_plainer(self, message: Message, error: SlackError) -> None:
        """Drops menus first, which a webhook without an app may not send; then blocks."""
        plainer = without_menus(message)
        if plainer != message:
            log.error("%s; sending it without menus. %s", error, NO_APP)
            self._pending[0] = plainer
        else:
            log.error("%s; sending plain text instead of: %.2000s", error, ascii(message))
            self._pending = deque([self._plain()])


class ChannelSender:
    """Renders what one channel gets, and sends it to the channel's destination."""

    def __init__(
        self,
        send: Callable[[Message], Awaitable[object]],
        locale: Locale,
        mention: Sequence[str],
        *,
        menus_of: str = "",
    ) -> None:
        """`send` is a client's `post` or `to_terminal`. `mention` is for alerts that escalate.

        `menus_of` is the name of the channel if there are menus beside its hosts.
        """
        self._send = send
        self._locale = locale
        self._mention = mention
        self._menus_of = menus_of

    async def digest(self, digest: Digest) -> Posting:
        messages = await in_turns(rendering(digest, self._locale, menus_of=self._menus_of))
        return Posting(messages, partial(text_only, digest, self._locale), self._send)

    def alerts(self, batch: AlertBatch) -> Posting:
        arguments = batch, self._locale, self._mention
        alerts = render_alerts(*arguments, menus_of=self._menus_of)
        return Posting([alerts], partial(alerts_text_only, *arguments), self._send)
