"""--check: prints warnings about the state and Google's credentials, and posts test messages.

Root checks as the user of the service: what only root may read would pass, and then stop the service.
"""

import asyncio
import logging
import os
import pwd
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path

from config import Channel, Config, ConfigError, Google, state_file
from google.credentials import prepare_login, read_credentials
from google.refusals import GoogleError
from languages import LANGUAGES
from lifecycle.storage import missing_state, storage_warnings
from slack.client import UNEXPECTED_ANSWER, SlackClient, SlackError
from slack.packing import message
from state.loading import LOCK_NAME

log = logging.getLogger("server")

POST_FAILED = 1
TO_TERMINAL = "no webhook_url is set, so digests go to the terminal"


@contextmanager
def as_service(path: Path) -> Iterator[None]:
    """If this is root, be the user to whom the state belongs. `path` is that of the configuration."""
    user = _state_owner(path) if os.geteuid() == 0 else 0
    with ExitStack() as stack:
        if user:
            with suppress(PermissionError):  # root without the right to, as in some containers
                stack.callback(os.setgroups, os.getgroups())
                group, groups = _groups(user)
                os.setgroups(groups)
                stack.callback(os.setresgid, 0, 0, 0)
                os.setresgid(group, group, 0)
                stack.callback(os.setresuid, 0, 0, 0)
                os.setresuid(user, user, 0)
        yield


def _state_owner(path: Path) -> int:
    """The user to whom the state belongs or, before there is one, its folder; 0 if there is neither.

    Root may run a server in a folder of somebody else.
    """
    with suppress(ConfigError):  # to be reported by whoever loads it
        file = state_file(path)
        for each in (file, file.with_name(LOCK_NAME), file.parent):
            with suppress(OSError):
                return each.lstat().st_uid
    return 0


def _groups(user: int) -> tuple[int, list[int]]:
    """The user's main group, and all groups."""
    try:
        account = pwd.getpwuid(user)
    except KeyError:
        return user, []
    return account.pw_gid, os.getgrouplist(account.pw_name, account.pw_gid)


def check(config: Config, path: Path) -> None:
    """Report on a configuration that has been loaded from `path`."""
    for warning in (*storage_warnings(config.state_file), *_credentials_warnings(config.google)):
        log.warning("%s", warning)
    to_slack = any(channel.webhook_url for channel in config.channels)
    print(f"{path} is valid" if to_slack else f"{path} is valid; {TO_TERMINAL}")
    if missing := missing_state(config.state_file):
        print(missing)


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
