"""config.yaml as a frozen Config, or every mistake in it at once."""

from config.addresses import Proxy, is_loopback, is_response_url, is_slack_url, is_this_machine
from config.errors import ConfigError, UnreadableConfigError
from config.files import has_pending_reads
from config.loader import check_exposed, load, state_file
from config.model import (
    EVERY_DAY,
    Alerts,
    Channel,
    Config,
    Gcp,
    Google,
    Page,
    Retention,
    Schedule,
    Slack,
    Status,
)
from config.schema import PLACEHOLDER

__all__ = [
    "EVERY_DAY",
    "PLACEHOLDER",
    "Alerts",
    "Channel",
    "Config",
    "ConfigError",
    "Gcp",
    "Google",
    "Page",
    "Proxy",
    "Retention",
    "Schedule",
    "Slack",
    "Status",
    "UnreadableConfigError",
    "check_exposed",
    "has_pending_reads",
    "is_loopback",
    "is_response_url",
    "is_slack_url",
    "is_this_machine",
    "load",
    "state_file",
]
