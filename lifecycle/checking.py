"""`--check`: reads what the server would read, and says what would surprise its operator."""

import asyncio
import logging
import os
from collections.abc import Iterator
from pathlib import Path

from config import Config
from slack.client import SlackClient, SlackError
from slack.languages import LANGUAGES
from slack.message import plain

logger = logging.getLogger("server")

NOT_TAKEN = 1


def check(config: Config, path: Path) -> None:
    """Of a configuration without mistakes: warnings go to the log."""
    for warning in _doubts(config):
        logger.warning("%s", warning)
    print(f"{path} is good")


def post_tests(config: Config) -> int:
    """A message to every webhook that is configured; the exit code."""
    return asyncio.run(_post_tests(config))


async def _post_tests(config: Config) -> int:
    code = 0
    for channel in config.channels:
        if not channel.webhook_url:
            print(f"{channel.name}: has no webhook_url, its digests appear in the terminal")
            continue
        client = SlackClient(channel.webhook_url)
        try:
            await client.post(plain(LANGUAGES[channel.language].test_message(channel.name)))
            print(f"{channel.name}: Slack took a test message")
        except SlackError as error:
            print(f"{channel.name}: not posted: {error}")
            code = NOT_TAKEN
        finally:
            client.close()
    return code


def _doubts(config: Config) -> Iterator[str]:
    folder = config.state_file.parent
    while not folder.exists():
        folder = folder.parent
    if not os.access(folder, os.W_OK | os.X_OK):
        yield f"{folder} is not writable for this user, and the state is to be kept in {config.state_file}"
