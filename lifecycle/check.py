"""--check: prints warnings about the state and Google's credentials, and posts test messages."""

import asyncio
import logging
import os
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from config import Channel, Config, Google
from google.credentials import prepare_login, read_credentials
from google.refusals import GoogleError
from languages import LANGUAGES
from lifecycle.storage import storage_warnings
from slack.client import UNEXPECTED_ANSWER, SlackClient, SlackError
from slack.packing import message

log = logging.getLogger("server")

POST_FAILED = 1


def check(config: Config, path: Path) -> None:
    """Report on a configuration that has been loaded from `path`."""
    for warning in (*storage_warnings(config.state_file), *_credentials_warnings(config.google)):
        log.warning("%s", warning)
    print(f"{path} is valid")


def _credentials_warnings(google: Google) -> Iterator[str]:
    """What would make a login fail before it asks anyone. Only a warning: the file may be replaced later."""
    if google.project and google.credentials:
        try:
            asyncio.run(_prepare_login(google.credentials))
        except GoogleError as error:
            yield f"google.credentials: {error}"


async def _prepare_login(file: Path) -> None:
    await prepare_login(await read_credentials(file), file, datetime.now(UTC))


def post_tests(config: Config) -> int:
    """Post a message to every configured webhook; returns the exit code."""
    return max((asyncio.run(_post_test(config, channel)) for channel in config.channels), default=os.EX_OK)


async def _post_test(config: Config, channel: Channel) -> int:
    if not channel.webhook_url:
        print(f"{channel.name}: no webhook_url is set; its digests appear in the terminal")
        return os.EX_OK
    client = SlackClient(channel.webhook_url, config.proxy)
    try:
        answer = await client.post(message(LANGUAGES[channel.language].test_message(channel.name)))
    except SlackError as error:
        print(f"{channel.name}: not posted: {error}")
        return POST_FAILED
    finally:
        client.close()
    print(f"{channel.name}: {f'{answer} {UNEXPECTED_ANSWER}' if answer else 'test message posted'}")
    return os.EX_OK
