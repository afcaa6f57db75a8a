"""Turns config.yaml into a frozen Config, or reports every mistake in it at once."""

from config.errors import ConfigError, UnreadableConfigError
from config.files import is_waiting
from config.loading import check_exposed, load, state_file
from config.model import (
    EVERY_DAY,
    Alerts,
    Channel,
    Config,
    Gcp,
    Schedule,
    Slack,
    Status,
)
from config.proxy import Proxy
from config.schema import PLACEHOLDER
from config.values import is_loopback, is_slacks

__all__ = [
    "EVERY_DAY",
    "PLACEHOLDER",
    "Alerts",
    "Channel",
    "Config",
    "ConfigError",
    "Gcp",
    "Proxy",
    "Schedule",
    "Slack",
    "Status",
    "UnreadableConfigError",
    "check_exposed",
    "is_loopback",
    "is_slacks",
    "is_waiting",
    "load",
    "state_file",
]
