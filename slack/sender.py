"""Sends a whole digest: part by part, and plainly when Slack refuses the blocks; or to the terminal."""

import asyncio
import logging
from datetime import tzinfo
from typing import TextIO

from digest.job import NotPosted
from digest.model import Digest
from slack import terminal
from slack.client import SlackClient, SlackError
from slack.languages import Language
from slack.message import render, text_only

log = logging.getLogger("slack")

APART = 1.1  # seconds between messages: Slack takes one a second


class SlackSender:
    """Posts digests to the webhook of `client`."""

    def __init__(self, client: SlackClient, zone: tzinfo, language: Language) -> None:
        self._client = client
        self._zone = zone
        self._language = language

    async def __call__(self, digest: Digest) -> None:
        try:
            await self._post(digest)
        except SlackError as error:
            raise NotPosted(str(error), error.pause) from None

    async def _post(self, digest: Digest) -> None:
        for number, message in enumerate(render(digest, self._zone, self._language)):
            if number:
                await asyncio.sleep(APART)
            try:
                await self._client.post(message)
            except SlackError as error:
                if not error.content:
                    raise
                log.error(  # noqa: TRY400 - the answer says it all
                    "%s; sending plain text instead of: %.2000s", error, ascii(message)
                )
                await asyncio.sleep(APART)
                await self._client.post(text_only(digest, self._zone, self._language))
                return


class TerminalSender:
    """Shows digests where the program was started, as people would see them in Slack."""

    def __init__(self, stream: TextIO, zone: tzinfo, language: Language) -> None:
        self._stream = stream
        self._zone = zone
        self._language = language

    async def __call__(self, digest: Digest) -> None:
        for message in render(digest, self._zone, self._language):
            shown = terminal.render(message, colour=self._stream.isatty())
            print(f"\n{shown}\n", file=self._stream, flush=True)
