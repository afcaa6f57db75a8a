"""--check: warns about where the state is kept and about Google's credentials, and posts test messages."""

import asyncio
import logging
import os
import stat
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

from config import Channel, Config, Google
from config.files import permission_hint
from google.credentials import Login, read_credentials
from google.refusals import GoogleError
from google.transport import Answer, Transport
from languages import LANGUAGES
from slack.client import UNEXPECTED_ANSWER, SlackClient, SlackError
from slack.packing import message
from state.atomic_file import backup_path, unsafe
from state.loading import LOCK_NAME, StateDamaged, read_current
from state.mounts import not_replaceable

log = logging.getLogger("server")

POST_FAILED = 1


def check(config: Config, path: Path) -> None:
    """Report on a configuration that has been loaded from `path`."""
    for warning in (*_storage_warnings(config.state_file), *_credentials_warnings(config.google)):
        log.warning("%s", warning)
    print(f"{path} is valid")


def _storage_warnings(state_file: Path) -> Iterator[str]:
    """What would stop or endanger a server started by this user."""
    lock = state_file.with_name(LOCK_NAME)
    for wrong in filter(None, (unusable_folder(state_file.parent), _unsafe(state_file), _unusable(lock))):
        yield f"cannot keep the state in {state_file} (state_file): {wrong}"
    try:
        read_current(state_file)
    except StateDamaged as error:
        yield str(error)
    except OSError:
        pass  # reported above
    yield from filter(None, (not_replaceable(state_file), not_replaceable(backup_path(state_file))))
    yield from writable_by_others(state_file.parent)


class _Reached(Exception):
    """The login got as far as the network."""


class _NoNetwork(Transport):
    async def fetch(self, *_: object, **__: object) -> Answer:
        raise _Reached


def _credentials_warnings(google: Google) -> Iterator[str]:
    """What would make a login fail before it asks anyone. Only a warning: the file may be replaced later."""
    if google.project and google.credentials:
        try:
            asyncio.run(_login(google.credentials))
        except GoogleError as error:
            yield f"google.credentials: {error}"


async def _login(file: Path) -> None:
    nowhere = _NoNetwork(None)
    login = Login(nowhere, nowhere, lambda: datetime.now(UTC))
    with suppress(_Reached):
        await login.from_file(await read_credentials(file), file)


def _unsafe(state_file: Path) -> str | None:
    """Why a server would refuse the file: one of this user, or of the folder's owner if this is root."""
    with suppress(OSError):  # there is none, or the folder has been reported
        user = os.geteuid() or state_file.parent.stat().st_uid
        return unsafe(state_file, state_file.lstat(), user)
    return None


def _unusable(lock: Path) -> str | None:
    with suppress(OSError):
        if not stat.S_ISREG(lock.lstat().st_mode):
            return f"{lock} is not a regular file; remove it"
        if not os.access(lock, os.R_OK | os.W_OK):
            return f"{lock} is not writable; {permission_hint(lock)}"
    return None


def unusable_folder(folder: Path) -> str | None:
    """Why this user cannot keep files in a folder, which need not exist yet, and what to do about it."""
    place = next(each for each in (folder, *folder.parents) if os.path.lexists(each))
    try:
        found = place.stat()
    except OSError as error:
        return f"{place} is a link to {place.readlink()}: {error.strerror}; make that, or remove the link"
    if not stat.S_ISDIR(found.st_mode):
        return f"{place} is not a folder; move it away, or name another state_file"
    if os.statvfs(place).f_flag & os.ST_RDONLY:
        return f"{place} is on a read-only file system"
    if os.access(place, os.R_OK | os.W_OK | os.X_OK):
        return None
    reason = f"{place} is not writable; {permission_hint(place)}"
    if found.st_uid == os.geteuid():
        return reason
    make = "" if place == folder else f"mkdir -p {folder} && "
    return f"{reason}; or give it to this user, as root: {make}chown {os.geteuid()} {folder}"


def writable_by_others(folder: Path) -> Iterator[str]:
    with suppress(OSError):
        mode = folder.stat().st_mode
        if mode & (stat.S_IWGRP | stat.S_IWOTH):
            who = "everybody" if mode & stat.S_IWOTH else "its group"
            yield f"{who} may write to {folder}, and so replace the state; fix it with: chmod go-w {folder}"


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
