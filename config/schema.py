"""Every key there is: how it is read, what it is when it is missing, and whether it is a secret."""

from collections.abc import Callable
from functools import partial
from typing import NamedTuple

from config import times, values


class Key(NamedTuple):
    """`default` is written as in the file; None: the key must be there. `many`: one, or a list.

    `unquoted`: what YAML takes for a number or a truth value is meant as one.
    """

    path: str
    read: Callable[[str], object]
    default: str | None
    secret: bool = False
    many: bool = False
    unquoted: bool = False


KEYS = (
    Key("listen.address", values.address, "127.0.0.1"),
    Key("listen.port", partial(values.whole, 0, 65535), "8080", unquoted=True),
    Key("state_file", values.path, "var/state.json"),
    Key("gcp.username", values.user_name, "google"),
    Key("gcp.password", values.secret, None, secret=True),
    Key("slack.webhook_url", values.webhook_url, "", secret=True),
    Key("slack.outgoing_token", values.secret, "", secret=True, many=True),
    Key("digest.every", times.duration, "30m"),
    Key("digest.at", times.clock_time, "", many=True),
    Key("digest.days", times.weekday, "", many=True),
    Key("digest.only_changes", values.truth, "false", unquoted=True),
    Key("digest.at_least", partial(times.duration, longest=times.YEAR), "24h"),
    Key("timezone", times.zone, "UTC"),
    Key("language", values.language, "en"),
    Key("doubt_after", partial(times.duration, longest=times.YEAR), "7d"),
    Key("hosts", values.host, "", many=True),
    Key("history_days", partial(values.whole, 1, 3650), "90", unquoted=True),
    Key("history_per_host", partial(values.whole, 1, 10_000), "100", unquoted=True),
)
BY_PATH = {key.path: key for key in KEYS}
FILES = {f"{key.path}_file": key for key in KEYS if key.secret}
# Nothing of these sections is quoted: a secret also gets pasted beside its own key.
QUIET = {key.path.rpartition(".")[0] for key in KEYS if key.secret}
SECTIONS = {path.rpartition(".")[0] for path in BY_PATH} - {""}
