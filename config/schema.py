"""Every key there is: how it is read, what it is when it is missing, and whether it is a secret."""

from collections.abc import Callable, Iterable
from functools import partial
from typing import NamedTuple

from config import proxy, times, values, zones

PLACEHOLDER = "change-me"  # the password that config.yaml is shipped with


def whole(text: str) -> list[str]:
    """The text is one item, whatever it holds."""
    return [text]


class Key(NamedTuple):
    """`default` is written as in the file; None: the key must be there. `many`: one, or a list.

    `split` takes one text apart where a list is meant; `shipped`: what config.yaml has instead of a default.
    `unquoted`: what YAML takes for a number or a truth value is meant as one; `off`: for a truth value.
    `quiet`: what was written is not told, for it may be a secret.
    """

    path: str
    read: Callable[[str], object]
    default: str | None
    secret: bool = False
    many: bool = False
    split: Callable[[str], list[str]] = whole
    shipped: str = ""
    unquoted: bool = False
    off: bool = False
    quiet: bool = False

    @property
    def section(self) -> str:
        return self.path.rpartition(".")[0]


class Schema:
    """All that may be written in one place. `lists` are read elsewhere."""

    def __init__(self, keys: Iterable[Key], lists: tuple[str, ...] = ()) -> None:
        keys = tuple(keys)
        # Nothing of a section with a secret is quoted: a secret also gets pasted beside its own key.
        quiet = {key.section for key in keys if key.secret} - {""}
        self.keys = tuple(key._replace(quiet=key.quiet or key.secret or key.section in quiet) for key in keys)
        self.by_path = {key.path: key for key in self.keys}
        self.files = {f"{key.path}_file" for key in keys if key.secret}
        self.sections = dict.fromkeys(key.section for key in keys if key.section)
        self.lists = lists
        self.known = (*self.by_path, *self.files, *self.sections, *lists)


DIGEST_KEYS = (
    Key("digest.every", times.rhythm, "30m", off=True),
    Key("digest.at", times.clock_time, "", many=True, split=times.clock_times, off=True),
    Key("digest.days", times.weekday, "", many=True, split=times.weekdays, off=True),
    Key("digest.only_changes", values.truth, "false", unquoted=True),
    Key("digest.at_least", partial(times.duration, longest=times.YEAR), "24h", off=True),
    Key("digest.weekly", times.weekday_or_off, "off", unquoted=True),
)
LANGUAGE_KEY = Key("language", values.language, "en")
KEYS = (
    Key("listen.address", values.address, "127.0.0.1"),
    Key("listen.port", partial(values.whole, 0, 65535), "8080", unquoted=True),
    Key("tls.certificate", values.file_or_none, ""),
    Key("tls.key", values.file_or_none, "", quiet=True),
    Key("trusted_proxies", values.network, "", many=True, split=values.several_or_none, off=True),
    Key("state_file", values.path, "var/state.json"),
    Key("state_on_network", values.truth, "false", unquoted=True),
    Key("gcp.username", values.user_name, "google"),
    Key("gcp.password", values.secret, None, secret=True, many=True, shipped=PLACEHOLDER),
    Key("slack.webhook_url", values.webhook_url, "", secret=True, off=True),
    Key("slack.outgoing_token", values.secret, "", secret=True, many=True),
    Key("slack.signing_secret", values.secret, "", secret=True, many=True),
    Key("slack.team_id", values.team, ""),
    Key("slack.channels", values.channel, "", many=True, split=values.several, off=True),
    Key("slack.admins", values.person, "", many=True, split=values.several, off=True),
    *DIGEST_KEYS,
    Key("alerts.hosts", values.host_pattern, "", many=True),
    Key("alerts.hold", times.hold, "2m", off=True),
    Key("alerts.escalate_after", times.duration, "1h", off=True),
    Key("alerts.mention", values.mention, "", many=True, split=values.several_or_none, off=True),
    Key("timezone", zones.zone, "UTC"),
    LANGUAGE_KEY,
    Key("doubt_after", partial(times.duration, longest=times.YEAR), "7d", off=True),
    Key("hosts", values.host, "", many=True),
    Key("silence_after", times.duration_or_off, "7d", unquoted=True),
    Key("heartbeat_url", values.url, "", secret=True, off=True),
    Key("proxy", proxy.proxy, "", secret=True, off=True),
    Key("status.addresses", values.network, "", many=True, split=values.several_or_none, off=True),
    Key("status.token", values.secret, "", secret=True, many=True),
    Key("page.addresses", values.network, "", many=True, split=values.several_or_none, off=True),
    Key("page.username", values.user_name, "team"),
    Key("page.password", values.secret, "", secret=True, many=True),
    Key("page.open", values.truth, "false", unquoted=True),
    Key("page.badges_open", values.truth, "false", unquoted=True),
    Key("history_days", partial(values.days, 1, 3650), "90", unquoted=True),
    Key("history_per_host", partial(values.whole, 1, 10_000), "100", unquoted=True),
)
CHANNEL_KEYS = (
    Key("name", values.channel_name, None, quiet=True),
    Key("webhook_url", values.channel_webhook_url, None, secret=True, off=True),
    Key("hosts", values.host_pattern, "", many=True, quiet=True),
)
INHERITED = tuple(key.path for key in (*DIGEST_KEYS, LANGUAGE_KEY))
TOP = Schema(KEYS, lists=("channels",))
CHANNEL = Schema((*CHANNEL_KEYS, *DIGEST_KEYS, LANGUAGE_KEY))
