"""Every key of config.yaml: how to read it, its default, and whether it is a secret."""

from collections.abc import Callable, Iterable
from datetime import timedelta
from functools import partial
from typing import NamedTuple

from config import addresses, hosts, times, values, zones

PLACEHOLDER = "change-me"  # the password that config.yaml is shipped with


class Key(NamedTuple):
    """A key and how to read it."""

    path: str  # such as `digest.every`
    read: Callable[[str], object]  # the text of one value; raises ValueError saying what to write
    default: str | None  # as written in the file; None: the key is required
    secret: bool = False  # `PATH_file` may name a file to read it from
    multiple: bool = False  # one value or a list of them, which are read as a tuple
    split: Callable[[str], list[str]] = lambda text: [text]  # a text that was written in place of a list
    shipped: str = ""  # what config.yaml has if there is no default
    any_scalar: bool = False  # `read` also gets what YAML takes for a number or a boolean
    allow_bool: bool = False  # `read` also gets what YAML takes for a boolean, such as `off`
    redacted: bool = False  # no message quotes what was written, since it may be a secret

    @property
    def section(self) -> str:
        return self.path.rpartition(".")[0]


class Schema:
    """The keys allowed at one place. `lists` are allowed too, but read elsewhere."""

    def __init__(self, keys: Iterable[Key], lists: tuple[str, ...] = ()) -> None:
        keys = tuple(keys)
        # A whole section is redacted with its secret: people also paste a secret beside its key.
        redacted = {key.section for key in keys if key.secret} - {""}
        self.keys = tuple(
            key._replace(redacted=key.redacted or key.secret or key.section in redacted) for key in keys
        )
        self.by_path = {key.path: key for key in self.keys}
        self.file_keys = {f"{key.path}_file" for key in keys if key.secret}
        self.sections = dict.fromkeys(key.section for key in keys if key.section)
        self.lists = lists
        self.names = (*self.by_path, *self.file_keys, *self.sections, *lists)


DIGEST_KEYS = (
    Key("digest.every", times.interval, "30m", allow_bool=True),
    Key("digest.at", times.time_of_day, "", multiple=True, split=times.split_times, allow_bool=True),
    Key("digest.days", times.weekday, "", multiple=True, split=times.split_weekdays, allow_bool=True),
    Key("digest.only_changes", values.boolean, "false", any_scalar=True),
    Key("digest.at_least", partial(times.duration, longest=times.YEAR), "24h", allow_bool=True),
    Key("digest.weekly", times.weekday_or_off, "off", any_scalar=True),
)
LANGUAGE_KEY = Key("language", values.language, "en")
KEYS = (
    Key("listen.address", addresses.address, "127.0.0.1"),
    Key("listen.port", partial(values.integer, 0, 65535), "8080", any_scalar=True),
    Key("tls.certificate", values.path_or_none, ""),
    Key("tls.key", values.path_or_none, "", redacted=True),
    Key("trusted_proxies", addresses.network, "", multiple=True, split=values.split_or_off, allow_bool=True),
    Key("state_file", values.path, "var/state.json"),
    Key("state_on_network", values.boolean, "false", any_scalar=True),
    Key("gcp.username", values.user_name, "google"),
    Key("gcp.password", values.secret, None, secret=True, multiple=True, shipped=PLACEHOLDER),
    Key("google.project", values.project, "", any_scalar=True),
    Key("google.credentials", values.credentials, "metadata", redacted=True),
    Key("google.every", partial(times.duration, shortest=timedelta(seconds=10)), "5m", allow_bool=True),
    Key("slack.webhook_url", addresses.webhook_url, "", secret=True, allow_bool=True),
    Key("slack.outgoing_token", values.secret, "", secret=True, multiple=True),
    Key("slack.signing_secret", values.secret, "", secret=True, multiple=True),
    Key("slack.team_id", values.team_id, ""),
    Key("slack.channels", values.channel_id, "", multiple=True, split=values.split, allow_bool=True),
    Key("slack.admins", values.person_id, "", multiple=True, split=values.split, allow_bool=True),
    Key("slack.buttons", values.boolean, "false", any_scalar=True),
    *DIGEST_KEYS,
    Key("alerts.hosts", hosts.host_pattern, "", multiple=True),
    Key("alerts.hold", times.duration_or_zero, "2m", allow_bool=True),
    Key("alerts.escalate_after", times.duration, "1h", allow_bool=True),
    Key("alerts.mention", values.mention, "", multiple=True, split=values.split_or_off, allow_bool=True),
    Key("timezone", zones.zone, "UTC"),
    LANGUAGE_KEY,
    Key("doubt_after", partial(times.duration, longest=times.YEAR), "7d", allow_bool=True),
    Key("hosts", hosts.host, "", multiple=True),
    Key("silence_after", times.duration_or_off, "7d", any_scalar=True),
    Key("heartbeat_url", addresses.url, "", secret=True, allow_bool=True),
    Key("proxy", addresses.proxy, "", secret=True, allow_bool=True),
    Key("status.addresses", addresses.network, "", multiple=True, split=values.split_or_off, allow_bool=True),
    Key("status.token", values.secret, "", secret=True, multiple=True),
    Key("page.addresses", addresses.network, "", multiple=True, split=values.split_or_off, allow_bool=True),
    Key("page.username", values.user_name, "team"),
    Key("page.password", values.secret, "", secret=True, multiple=True),
    Key("page.url", addresses.page_url, "", allow_bool=True),
    Key("page.open", values.boolean, "false", any_scalar=True),
    Key("page.badges_open", values.boolean, "false", any_scalar=True),
    Key("history_days", partial(values.days, 1, 3650), "90", any_scalar=True),
    Key("history_per_host", partial(values.integer, 1, 10_000), "100", any_scalar=True),
)
CHANNEL_KEYS = (
    Key("name", values.channel_name, None, redacted=True),
    Key("webhook_url", addresses.required_webhook_url, None, secret=True, allow_bool=True),
    Key("hosts", hosts.host_pattern, "", multiple=True, redacted=True),
)
INHERITED = tuple(key.path for key in (*DIGEST_KEYS, LANGUAGE_KEY))
TOP = Schema(KEYS, lists=("channels",))
CHANNEL = Schema((*CHANNEL_KEYS, *DIGEST_KEYS, LANGUAGE_KEY))
