"""`--check`: reads what the server would read, and says what would surprise its operator."""

import asyncio
import logging
from pathlib import Path

from config import Config
from languages import LANGUAGES
from lifecycle.folder import doubts
from slack.client import STRANGE, SlackClient, SlackError
from slack.message import plain

logger = logging.getLogger("server")

NOT_TAKEN = 1


def check(config: Config, path: Path) -> None:
    """Of a configuration without mistakes: warnings go to the log."""
    for doubt in doubts(config.state_file):
        logger.warning("%s", doubt)
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
        client = SlackClient(channel.webhook_url, config.proxy)
        try:
            answer = await client.post(plain(LANGUAGES[channel.language].test_message(channel.name)))
            print(f"{channel.name}: {f'{answer} {STRANGE}' if answer else 'Slack took a test message'}")
        except SlackError as error:
            print(f"{channel.name}: not posted: {error}")
            code = NOT_TAKEN
        finally:
            client.close()
    return code
