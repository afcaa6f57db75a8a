"""What is doubtful about where the state lies."""

import asyncio
import logging
import os
import stat
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from config import Config
from languages import LANGUAGES
from lifecycle.permissions import cure
from slack.client import UNEXPECTED_ANSWER, SlackClient, SlackError
from slack.packing import message
from state.atomic_file import backup_path
from state.mounts import nearest_folder, not_replaceable


def doubts(state_file: Path) -> Iterator[str]:
    """What a start would refuse, or be in danger from, as far as this user can see it."""
    kept = f"the state is to be kept in {state_file}"
    folder = nearest_folder(state_file.parent)
    if not os.access(folder, os.W_OK | os.X_OK):
        yield f"{folder} is not writable for this user, and {kept}; {cure(folder)}"
    with suppress(OSError):
        if not stat.S_ISREG(state_file.stat().st_mode):
            yield f"{state_file} is there and is no file, and {kept} (state_file)"
    yield from filter(None, (not_replaceable(state_file), not_replaceable(backup_path(state_file))))
    yield from open_to_others(state_file.parent)


def open_to_others(folder: Path) -> Iterator[str]:
    """Who may write to the folder can put another state in the place of this one."""
    with suppress(OSError):
        mode = folder.stat().st_mode
        if mode & (stat.S_IWGRP | stat.S_IWOTH):
            who = "everybody" if mode & stat.S_IWOTH else "its group"
            danger = "and so put another state in the place of this one"
            yield f"{folder}: {who} may write to it, {danger}; take that away with: chmod go-w {folder}"


log = logging.getLogger("server")

NOT_TAKEN = 1


def check(config: Config, path: Path) -> None:
    """Of a configuration without mistakes: warnings go to the log."""
    for doubt in doubts(config.state_file):
        log.warning("%s", doubt)
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
            answer = await client.post(message(LANGUAGES[channel.language].test_message(channel.name)))
            outcome = f"{answer} {UNEXPECTED_ANSWER}" if answer else "Slack took a test message"
            print(f"{channel.name}: {outcome}")
        except SlackError as error:
            print(f"{channel.name}: not posted: {error}")
            code = NOT_TAKEN
        finally:
            client.close()
    return code
