"""The configuration as the program uses it. No repr shows a secret."""

from dataclasses import dataclass, field
from datetime import time, timedelta, tzinfo
from ipaddress import IPv4Network, IPv6Network
from pathlib import Path

from config.addresses import Proxy
from config.tls import Tls
from hosts.patterns import HostFilter
from languages import LANGUAGES, Locale

EVERY_DAY = frozenset(range(7))


@dataclass(frozen=True, slots=True)
class Listen:
    """Where the server listens."""

    address: str
    port: int


@dataclass(frozen=True, slots=True)
class Gcp:
    """What Google Cloud logs in with. Any of the `passwords` is accepted, so that they can be rotated."""

    username: str
    passwords: tuple[str, ...] = field(repr=False)


@dataclass(frozen=True, slots=True)
class Google:
    """Whether and how to ask Google."""

    project: str  # empty: nothing is asked
    credentials: Path | None  # read whenever a token is needed; None: the metadata server
    every: timedelta


@dataclass(frozen=True, slots=True)
class Slack:
    """Who may give commands; without tokens and secrets, nobody."""

    outgoing_tokens: tuple[str, ...] = field(repr=False)
    signing_secrets: tuple[str, ...] = field(repr=False)
    team_id: str  # this one and the next two: empty restricts nobody
    channels: tuple[str, ...]
    admins: tuple[str, ...]
    buttons: bool = False  # only with signing secrets

    @property
    def slash_only(self) -> bool:
        """Whether commands come only from the slash command."""
        return bool(self.signing_secrets) and not self.outgoing_tokens


@dataclass(frozen=True, slots=True)
class Status:
    """Who may see the status, besides this machine: these networks, and anybody with one of the tokens."""

    networks: tuple[IPv4Network | IPv6Network, ...]
    tokens: tuple[str, ...] = field(repr=False)


@dataclass(frozen=True, slots=True)
class Page:
    """Who may see the web page, besides this machine: these networks, and anyone with the password."""

    networks: tuple[IPv4Network | IPv6Network, ...]
    username: str
    passwords: tuple[str, ...] = field(repr=False)
    url: str  # where people reach it, ending in a slash; empty: Slack does not link to it
    open: bool  # everybody may see all but what people wrote
    badges_open: bool  # everybody may see the badges


@dataclass(frozen=True, slots=True)
class Schedule:
    """When digests are due: `every` so often or `at` times of the day, on `days` (Monday is 0)."""

    every: timedelta | None
    at: tuple[time, ...] = ()
    days: frozenset[int] = EVERY_DAY


@dataclass(frozen=True, slots=True)
class DigestSettings:
    """When a channel gets its digests."""

    schedule: Schedule
    only_changes: bool  # skip a slot without news, unless the last digest is `at_least` this old
    at_least: timedelta
    weekly: int | None  # the day of the weekly summary, Monday being 0


@dataclass(frozen=True, slots=True)
class Channel:
    """Where digests of some hosts go. Without a webhook URL, to the terminal."""

    name: str
    webhook_url: str = field(repr=False)
    hosts: tuple[str, ...]  # patterns, in which `*` stands for anything
    digest: DigestSettings
    language: str

    @property
    def shows(self) -> HostFilter:
        return HostFilter(self.hosts)


@dataclass(frozen=True, slots=True)
class Alerts:
    """Alerts for these hosts (`*` stands for anything) that have been down for `hold`."""

    hosts: tuple[str, ...]
    hold: timedelta
    escalate_after: timedelta
    mention: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Retention:
    """How many days closed incidents are kept, and how many for each host."""

    days: int
    per_host: int


@dataclass(frozen=True, slots=True)
class Config:
    """Everything that config.yaml sets."""

    listen: Listen
    tls: Tls | None  # None: plain HTTP
    trusted_proxies: tuple[IPv4Network | IPv6Network, ...]  # whose X-Forwarded-For is believed
    state_file: Path
    gcp: Gcp
    google: Google
    slack: Slack
    timezone: tzinfo
    language: str
    doubt_after: timedelta
    hosts: tuple[str, ...]  # known before Google reports anything about them
    alerts: Alerts
    channels: tuple[Channel, ...]  # at least one; commands are about the last
    history: Retention
    status: Status
    page: Page
    silence_after: timedelta | None  # without a delivery; None: never report it
    heartbeat_url: str = field(repr=False)  # called after each posted digest; empty: none
    proxy: Proxy | None  # for all outgoing calls
    values: dict[str, object] = field(repr=False)  # of all keys, as in effect, to find what an edit changes
    channel_values: dict[str, dict[str, object]] = field(repr=False)  # the same for each named channel
    sources: tuple[Path, ...]  # the files that all this was read from, config.yaml first
    warnings: tuple[str, ...] = ()

    @property
    def locale(self) -> Locale:
        """That of commands, the page and the terminal."""
        return Locale(self.timezone, LANGUAGES[self.language], page=self.page.url)

    def locale_of(self, channel: Channel) -> Locale:
        return Locale(self.timezone, LANGUAGES[channel.language], self.slack.slash_only, self.page.url)
