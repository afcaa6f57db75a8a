"""The digest that would go out now, from the state file as it lies there; nothing is sent or changed."""

import asyncio
import sys
from collections.abc import Sequence
from datetime import datetime

from config import Channel, Config
from digest.compose import slot_digest
from hosts.model import State
from languages import LANGUAGES
from lifecycle import streams
from slack.digest_message import render
from slack.terminal import render as as_seen
from state.decoding import UnknownVersion, Unreadable, decode
from state.loading import StateDamaged


class UnknownChannel(Exception):
    """No channel has that name; the text says which there are."""


def chosen(config: Config, name: str) -> list[Channel]:
    """The channel of that name; without a name, all of them. Raises UnknownChannel."""
    channels = [channel for channel in config.channels if name in ("", channel.name)]
    if not channels:
        names = ", ".join(channel.name for channel in config.channels)
        raise UnknownChannel(f"no channel is called {name!a}; there is: {names}")
    return channels


def preview(config: Config, channels: Sequence[Channel], now: datetime) -> None:
    """Prints it as people would see it in Slack, also while a server runs. Raises Damaged or OSError."""
    state = _state(config)
    for channel in channels:
        if len(channels) > 1:
            print(f"--- {channel.name}")
        digest = asyncio.run(slot_digest(state, config, channel, slot=now, now=now))
        language, slash = LANGUAGES[channel.language], config.slack.slash_only
        for message in render(digest, config.timezone, language, slash=slash):
            print(as_seen(message, colour=sys.stdout.isatty()))
    streams.check_written()


def _state(config: Config) -> State:
    try:
        return decode(config.state_file.read_bytes())[0]
    except FileNotFoundError:
        return State()
    except (Unreadable, UnknownVersion) as error:
        raise StateDamaged(f"{config.state_file} cannot be read: {error}") from None
