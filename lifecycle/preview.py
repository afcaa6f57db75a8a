"""--preview: prints the digest of this moment as Slack would show it. Posts and changes nothing."""

import asyncio
import logging
import sys
from datetime import datetime

from config import Config
from digest.compose import slot_digest
from hosts.model import State
from hosts.problems import ProblemKind
from lifecycle import streams
from lifecycle.storage import missing_state
from slack import terminal
from slack.digest_message import render
from state.loading import StateDamaged, read_current

log = logging.getLogger("server")


class UnknownChannel(Exception):
    """No channel has that name; the text lists the names that exist."""


def preview(config: Config, name: str, now: datetime) -> None:
    """Print the digest of the channel of that name, or of all if it is empty. A server may be running.

    Raises UnknownChannel, StateDamaged, UnsafeFile or OSError.
    """
    channels = [channel for channel in config.channels if name in ("", channel.name)]
    if not channels:
        names = ", ".join(channel.name for channel in config.channels)
        raise UnknownChannel(f"unknown channel {name!a}; the channels are: {names}")
    state = _read_state(config)
    if config.google.project:
        log.info("Google is not asked: the footer says nothing about its lists and settings")
    for channel in channels:
        if len(channels) > 1:
            print(f"--- {channel.name}")
        digest = asyncio.run(slot_digest(state, config, channel, slot=now, now=now))
        for message in render(digest, config.locale_of(channel)):
            print(terminal.render(message, colour=sys.stdout.isatty()))
    streams.check_written()


def _read_state(config: Config) -> State:
    """The state with which a server would start."""
    version = read_current(config.state_file)
    if version.fault is ProblemKind.VANISHED:
        folder = config.state_file.parent
        hint = "import a backup, or start the server, which begins empty"
        raise StateDamaged(f"there is no {config.state_file}, though a server has run in {folder}; {hint}")
    if missing := missing_state(config.state_file):
        log.warning("%s", missing)
    if version.fault:
        log.warning("%s %s; this is from the previous version", config.state_file, version.why)
    return version.state
