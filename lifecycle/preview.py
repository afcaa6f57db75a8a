"""--preview: prints the digest of this moment as Slack would show it. Posts and changes nothing."""

import asyncio
import sys
from collections.abc import Sequence
from datetime import datetime

from config import Channel, Config
from digest.compose import slot_digest
from hosts.model import State
from languages import LANGUAGES, Locale
from lifecycle import streams
from slack import terminal
from slack.digest_message import render
from state.decoding import UnknownVersion, UnreadableState, decode
from state.loading import StateDamaged


class UnknownChannel(Exception):
    """No channel has that name; the text lists those there are."""


def select_channels(config: Config, name: str) -> list[Channel]:
    """The channel of that name, or all if it is empty. Raises UnknownChannel."""
    channels = [channel for channel in config.channels if name in ("", channel.name)]
    if not channels:
        names = ", ".join(channel.name for channel in config.channels)
        raise UnknownChannel(f"unknown channel {name!a}; the channels are: {names}")
    return channels


def preview(config: Config, channels: Sequence[Channel], now: datetime) -> None:
    """Works beside a running server. Raises StateDamaged or OSError."""
    state = _read_state(config)
    for channel in channels:
        if len(channels) > 1:
            print(f"--- {channel.name}")
        digest = asyncio.run(slot_digest(state, config, channel, slot=now, now=now))
        locale = Locale(config.timezone, LANGUAGES[channel.language], config.slack.slash_only)
        for message in render(digest, locale):
            print(terminal.render(message, colour=sys.stdout.isatty()))
    streams.check_written()


def _read_state(config: Config) -> State:
    try:
        return decode(config.state_file.read_bytes())[0]
    except FileNotFoundError:
        return State()
    except (UnreadableState, UnknownVersion) as error:
        raise StateDamaged(f"{config.state_file} cannot be read: {error}") from None
