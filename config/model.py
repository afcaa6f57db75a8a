"""What the program needs to know from its operator. Secrets are in no repr."""

from collections.abc import Callable
from datetime import time, timedelta, tzinfo
from ipaddress import IPv4Network, IPv6Network
from pathlib import Path
from typing import NamedTuple

from config.proxy import Proxy
from config.tls import Tls
from hosts.patterns import matcher

EVERY_DAY = frozenset(range(7))


class Secret(str):
    __slots__ = ()

    def __repr__(self) -> str:
        return "…"


class Listen(NamedTuple):
    address: str
    port: int


class Gcp(NamedTuple):
    """Any of the `passwords` is good, so that one can be replaced by another while Google delivers."""

    username: str
    passwords: tuple[str, ...]

    def __repr__(self) -> str:
        return f"Gcp({self.username!r})"


class Slack(NamedTuple):
    """Without a webhook URL digests go to the terminal; without tokens and secrets no commands are taken.

    An empty `team_id`, `channels` or `admins` keeps nobody out.
    """

    webhook_url: str
    outgoing_tokens: tuple[str, ...]
    signing_secrets: tuple[str, ...]
    team_id: str
    channels: tuple[str, ...]
    admins: tuple[str, ...]

    @property
    def slash_only(self) -> bool:
        """Are commands taken from the slash command, and from nothing else?"""
        return bool(self.signing_secrets) and not self.outgoing_tokens

    def __repr__(self) -> str:
        return "Slack(…)"


class Status(NamedTuple):
    """Who may see how the program is: this machine, these networks, and whoever has one of the tokens."""

    networks: tuple[IPv4Network | IPv6Network, ...]
    tokens: tuple[str, ...]

    def __repr__(self) -> str:
        return f"Status({self.networks!r})"


class Page(NamedTuple):
    """Who may see the web page: this machine, these networks, and whoever has one of the passwords.

    `open`: everybody, but for what people wrote. `badges_open`: everybody may see the badges.
    """

    networks: tuple[IPv4Network | IPv6Network, ...]
    username: str
    passwords: tuple[str, ...]
    open: bool
    badges_open: bool

    def __repr__(self) -> str:
        return f"Page({self.networks!r}, open={self.open})"


class Schedule(NamedTuple):
    """A slot `every` so often, or `at` some times of the day; on `days` only, Monday being 0."""

    every: timedelta | None
    at: tuple[time, ...] = ()
    days: frozenset[int] = EVERY_DAY


class DigestSettings(NamedTuple):
    """`only_changes`: a slot without news is passed over, until the last digest is `at_least` so old.

    `weekly`: the day on which the week is told, Monday being 0.
    """

    schedule: Schedule
    only_changes: bool
    at_least: timedelta
    weekly: int | None


class Channel(NamedTuple):
    """Where digests of some hosts go. Without a webhook URL, to the terminal."""

    name: str
    webhook_url: str
    hosts: tuple[str, ...]  # patterns: `*` stands for anything
    digest: DigestSettings
    language: str

    def __repr__(self) -> str:
        return f"Channel({self.name!r})"

    @property
    def shows(self) -> Callable[[str], object]:
        """Says by a true or a false value whether a host is shown."""
        return matcher(self.hosts)


class Alerts(NamedTuple):
    """Which hosts (`*` stands for anything) are told of at once: after `hold`, should they stay down."""

    hosts: tuple[str, ...]
    hold: timedelta
    escalate_after: timedelta
    mention: tuple[str, ...]


class Retention(NamedTuple):
    """How long closed incidents are kept, and how many of each host."""

    days: int
    per_host: int


class Written(dict[str, object]):
    """The value of every key by its path; those of a channel begin with its name. Secrets are among them."""

    def __repr__(self) -> str:
        return "Written(…)"

    def changed(self, other: "Written") -> list[str]:
        """The keys whose values differ, in order."""
        return sorted(key for key in self.keys() | other.keys() if self.get(key) != other.get(key))


class Config(NamedTuple):
    listen: Listen
    tls: Tls | None  # None: HTTP is served as it is
    trusted_proxies: tuple[IPv4Network | IPv6Network, ...]  # who may say for whom they ask
    state_file: Path
    gcp: Gcp
    slack: Slack
    digest: DigestSettings
    timezone: tzinfo
    language: str
    doubt_after: timedelta
    hosts: tuple[str, ...]  # watched, whether anything was ever heard of them or not
    alerts: Alerts
    channels: tuple[Channel, ...]  # at least one; the last is the one that commands speak of
    history: Retention
    status: Status
    page: Page
    silence_after: timedelta | None  # without a delivery, before it is told; None: never
    heartbeat_url: Secret  # to be called when a digest was taken; empty: none
    proxy: Proxy | None  # which all outgoing calls are made through
    written: Written  # every key, for saying which ones an edit has changed
    warnings: tuple[str, ...]
    sources: tuple[Path, ...]  # the files that all this was read from
