"""The digest that would go out now, from the state file as it lies there; nothing is sent or changed."""

import sys
from datetime import datetime

from config import Config
from digest.job import digest_of
from slack.languages import LANGUAGES
from slack.message import render
from slack.terminal import render as as_seen
from state.decoding import UnknownVersion, Unreadable, decode
from state.loading import Damaged
from state.model import State


def preview(config: Config, now: datetime) -> None:
    """Prints it as people would see it in Slack, also while a server runs. Raises Damaged, OSError."""
    digest = digest_of(_state(config), config, now)
    for message in render(digest, config.timezone, LANGUAGES[config.language]):
        print(as_seen(message, colour=sys.stdout.isatty()))


def _state(config: Config) -> State:
    try:
        return decode(config.state_file.read_bytes())[0]
    except FileNotFoundError:
        return State()
    except (Unreadable, UnknownVersion) as error:
        raise Damaged(f"{config.state_file} cannot be read: {error}") from None
