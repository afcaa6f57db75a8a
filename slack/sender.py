"""What is said in one channel: to Slack, and plainly when Slack refuses the blocks; or to the terminal."""

import logging
from collections.abc import Callable
from functools import partial
from typing import TextIO

from digest.alerts import Bulletin
from digest.model import Digest
from digest.outlet import NotPosted
from slack import terminal
from slack.bulletin import Manner, bulletin_text_only, render_bulletin
from slack.client import SlackClient, SlackError
from slack.message import Message, render, text_only

log = logging.getLogger("slack")


class SlackSender:
    """Posts to the webhook of `client`."""

    def __init__(self, client: SlackClient, manner: Manner) -> None:
        self._client = client
        self._manner = manner

    async def post_digest(self, digest: Digest, after: int = 0) -> None:
        """Messages from the one `after` so many. Raises NotPosted."""
        zone, language, _, slash = self._manner
        messages = render(digest, zone, language, slash=slash)
        plain = partial(text_only, digest, zone, language, slash=slash)
        for number, message in enumerate(messages[after:], after):
            try:
                taken_whole = await self._post(message, plain)
            except SlackError as error:
                raise NotPosted(str(error), error.pause, taken=number) from None
            if not taken_whole:
                return

    async def post_bulletin(self, bulletin: Bulletin) -> None:
        """Raises NotPosted."""
        message = render_bulletin(bulletin, self._manner)
        try:
            await self._post(message, partial(bulletin_text_only, bulletin, self._manner))
        except SlackError as error:
            raise NotPosted(str(error), error.pause) from None

    async def _post(self, message: Message, plain: Callable[[], Message]) -> bool:
        """Whether it was taken as it is; `plain` says the same, and all that would follow, without blocks."""
        try:
            await self._client.post(message)
        except SlackError as error:
            if not error.content:
                raise
            log.error(  # noqa: TRY400 - the answer says it all
                "%s; sending plain text instead of: %.2000s", error, ascii(message)
            )
            await self._client.post(plain())
            return False
        return True


class TerminalSender:
    """Shows where the program was started what people would see in Slack."""

    def __init__(self, stream: TextIO, manner: Manner) -> None:
        self._stream = stream
        self._manner = manner

    async def post_digest(self, digest: Digest, after: int = 0) -> None:
        zone, language, _, slash = self._manner
        for message in render(digest, zone, language, slash=slash)[after:]:
            self._show(message)

    async def post_bulletin(self, bulletin: Bulletin) -> None:
        self._show(render_bulletin(bulletin, self._manner))

    def _show(self, message: Message) -> None:
        shown = terminal.render(message, colour=self._stream.isatty())
        print(f"\n{shown}\n", file=self._stream, flush=True)
