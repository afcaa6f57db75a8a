"""Checks across keys: issues that reject a configuration, and warnings that do not."""

import os
import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from config.addresses import SLACK_HOSTS, Proxy, is_loopback, is_slack_url
from config.errors import ConfigIssue
from config.files import call_with_timeout, exposure, status_of
from config.model import Config
from config.placeholders import secret_warnings, value_warnings
from config.reading import COMMENT, Reading
from config.schema import PLACEHOLDER
from config.times import format_duration
from config.zones import zone_warning
from hosts.model import DEFAULT
from hosts.patterns import HostFilter
from state.mounts import file_system_of, is_network

DAY = timedelta(days=1)
MIN_PASSWORD_LENGTH = 12  # characters; a shorter one can be guessed over the network in a year
PROXY_VARIABLES = ("https_proxy", "http_proxy", "all_proxy")  # of other programs; in lower or upper case
WEBHOOK_PATH = re.compile(r"/services/[^/]+/[^/]+/[^/]+")
# Tokens of Slack's Web API begin so: https://docs.slack.dev/authentication/tokens/
API_TOKEN = re.compile(r"xox|xapp-|xwfp-")
SIGNING_SECRET_LENGTH = 32  # characters
MAX_HOSTS_NAMED = 5  # in one warning

EXPOSED = (
    "is published with this project, so the server may listen only on 127.0.0.1 with it; "
    "make your own with: openssl rand -base64 24"
)
SHIPPED = (
    "gcp.password is still the shipped one; make your own before Google connects: openssl rand -base64 24. "
    "It is published with this project, so requests that come through a proxy with it are refused (401)"
)
UNENCRYPTED = (
    "passwords and tokens travel unencrypted; set tls.certificate and tls.key, "
    "or trusted_proxies if a proxy in front of this server has a certificate"
)
OPEN_TO_EVERYONE = {  # what anyone may do if the networks include every address
    "trusted_proxies": "claim any address; list only your proxies",
    "status.addresses": "read the status; list only your own networks",
    "page.addresses": "see the page and what people wrote; for the page alone, set page.open instead",
}
OPEN_TO_THE_PROXIED = (
    "{} includes this machine, which needs no entry; if a proxy runs here, set trusted_proxies, "
    "or this lets in everyone who comes through it"
)
HELP = {
    "slack.signing_secret": "copy the Signing Secret under Basic Information of the app",
    "slack.outgoing_token": "copy the Token of the Outgoing Webhook",
}
NETWORK_STORAGE = (
    "a lock there may be lost when the network fails, or invisible to other machines, so a second process "
    "could start while the first is still writing"
)


def is_exposed(passwords: tuple[str, ...], address: str) -> bool:
    """Whether strangers can reach the address and log in with the shipped password."""
    return PLACEHOLDER in passwords and not is_loopback(address)


def is_unencrypted(config: Config, address: str) -> bool:
    """Whether others can read what is sent to the address."""
    return not (config.tls or config.trusted_proxies or is_loopback(address))


def state_file_issues(top: Reading, path: Path, files: Iterable[Path]) -> Iterator[ConfigIssue]:
    """The state would replace the configuration file at `path`, or one of the `files` that it names."""
    written = {os.path.abspath(each) for each in (path, *files)}  # noqa: PTH100 - resolve waits for dead mounts
    if os.path.abspath(path.parent / str(top.values.get("state_file", ""))) in written:  # noqa: PTH100
        text = "is a file of this configuration; name another, such as var/state.json"
        yield ConfigIssue(top.lines.get("state_file"), "state_file", text)


def secret_issues(top: Reading) -> Iterator[ConfigIssue]:
    """Secrets that strangers know, that open too much, or that are missing."""
    values, lines = top.values, top.lines
    of_gcp: Any = values.get("gcp.password", ())
    of_page: Any = values.get("page.password", ())
    if is_exposed(of_gcp, str(values.get("listen.address", "127.0.0.1"))):
        yield ConfigIssue(lines.get("gcp.password"), "gcp.password", EXPOSED)
    if set(of_page) & set(of_gcp):
        line = lines.get("page.password") or lines.get("page.password_file")
        text = "is also gcp.password, so anyone who may see the page could report incidents; make another one"
        yield ConfigIssue(line, "page.password", text)
    if values.get("slack.buttons") and values.get("slack.signing_secret") == ():
        text = "is true without slack.signing_secret; set that to the signing secret of the app"
        yield ConfigIssue(lines.get("slack.buttons"), "slack.buttons", text)


def duplicate_names(readings: Iterable[Reading], top: Reading) -> Iterator[ConfigIssue]:
    lines: dict[object, int | None] = {}
    if top.values.get("slack.webhook_url"):
        lines[DEFAULT] = top.lines.get("slack.webhook_url") or top.lines.get("slack.webhook_url_file")
    for reading in readings:
        name, line = reading.values.get("name"), reading.lines.get("name")
        if name in lines:
            text = f"is already the name of the channel in line {lines[name]}; choose another"
            yield ConfigIssue(line, f"{reading.prefix}name", text)
        elif name:
            lines[name] = line


def schedule_issues(reading: Reading) -> Iterator[ConfigIssue]:
    """Require `every` or `at`, not both, and no interval that skips days beside `days`."""
    values, lines = reading.values, reading.lines
    every, at = lines.get("digest.every"), lines.get("digest.at")
    if "digest.every" not in values or "digest.at" not in values:
        return  # already reported
    key, span = reading.schema.by_path["digest.every"], values["digest.every"]
    if values["digest.at"]:
        if span not in (None, DAY, key.read(key.default or "")):  # off, each day, or as shipped
            yield ConfigIssue(at, "digest.at", f"digest.every is also set, in line {every}; keep one")
    elif not isinstance(span, timedelta):
        text = "is off, and digest.at has no times; set an interval, such as 30m"
        yield ConfigIssue(every, "digest.every", text)
    elif span > DAY and values.get("digest.days"):
        text = f"with digest.days, in line {lines['digest.days']}, write at most 1d"
        yield ConfigIssue(every, "digest.every", f'found "{format_duration(span)}"; {text}')


def storage_issue(top: Reading, folder: Path) -> ConfigIssue | None:
    """Require a local disk for the state file. With `state_on_network` the issue is a warning."""
    if "state_file" not in top.values:
        return None
    path, line = folder / str(top.values["state_file"]), top.lines.get("state_file")
    try:
        kind = call_with_timeout(path, partial(file_system_of, path))
    except TimeoutError as error:
        return ConfigIssue(line, "state_file", f"cannot inspect {path}: {error.strerror}")
    if kind is None or not is_network(kind):
        return None
    hint = "use a local disk, or set state_on_network: true"
    if top.values.get("state_on_network"):
        hint = "make sure that only one is ever started"
    text = f"is on network storage ({kind}): {NETWORK_STORAGE}; {hint}"
    return ConfigIssue(line, "state_file", text)


def warnings(config: Config, now: datetime, top: Reading) -> Iterator[str]:
    """Warn about settings that are valid but insecure, incomplete or about to fail."""
    if PLACEHOLDER in config.gcp.passwords:
        yield SHIPPED
    yield from _short_passwords(top.values)
    yield from _strange_slack_secrets(top.values)
    yield from _wide_networks(top.values)
    spans = {channel.digest.schedule.every for channel in config.channels}
    for span in sorted(span for span in spans if span and span < timedelta(minutes=1)):
        yield f"a digest every {format_duration(span)} is only suitable for testing"
    if warning := config.tls and config.tls.warning(now):
        yield warning
    if is_unencrypted(config, config.listen.address):
        yield f"listen.address: {UNENCRYPTED}"
    if warning := zone_warning(str(config.timezone)):
        yield f"timezone: {warning}"
    if config.google.credentials and not config.google.project:
        yield "google.credentials is set without google.project, so Google is not asked; set that, too"
    if config.page.username != top.schema.by_path["page.username"].default and not config.page.passwords:
        yield "page.username is set without page.password, so nobody can log in; set that, too"
    yield from _strange_webhooks(config)
    yield from _unshown_hosts(config)
    yield from _unused_proxy(top)


def _short_passwords(values: dict[str, Any]) -> Iterator[str]:
    for key in ("gcp.password", "page.password", "status.token"):  # Slack's are as long as Slack makes them
        if any(len(secret) < MIN_PASSWORD_LENGTH and secret != PLACEHOLDER for secret in values[key]):
            yield f"{key} is short; use {MIN_PASSWORD_LENGTH} characters or more"


def _strange_slack_secrets(values: dict[str, Any]) -> Iterator[str]:
    """With those no command would be accepted, or anyone's."""
    for key, help_text in HELP.items():
        secrets = values[key]
        if any(map(_is_placeholder, secrets)):
            continue
        if any(map(API_TOKEN.match, secrets)):
            yield f"{key} is a token for Slack's API, which is of no use here; {help_text}"
        elif key == "slack.outgoing_token" and any(len(each) < MIN_PASSWORD_LENGTH for each in secrets):
            yield f"{key} is shorter than Slack's, and could be guessed; {help_text}"
        elif key == "slack.signing_secret" and any(len(each) != SIGNING_SECRET_LENGTH for each in secrets):
            yield f"{key} is not {SIGNING_SECRET_LENGTH} characters long, as Slack's are; {help_text}"


def _is_placeholder(secret: str) -> bool:
    """Whether it is warned of as such, which says more than that it looks strange."""
    return any((*value_warnings(secret), *secret_warnings(secret)))


def _wide_networks(values: dict[str, Any]) -> Iterator[str]:
    for key, consequence in OPEN_TO_EVERYONE.items():
        if any(network.prefixlen == 0 for network in values[key]):
            yield f"{key} includes every address, so anyone may {consequence}"
    for key in ("status.addresses", "page.addresses"):
        if not values["trusted_proxies"] and any(network.is_loopback for network in values[key]):
            yield OPEN_TO_THE_PROXIED.format(key)


def _strange_webhooks(config: Config) -> Iterator[str]:
    for channel in config.channels:
        parts = urlsplit(channel.webhook_url)
        known = is_slack_url(channel.webhook_url) and WEBHOOK_PATH.match(parts.path)
        is_local = is_loopback(parts.hostname or "localhost")
        if not (known or is_local or _is_placeholder(channel.webhook_url)):
            of = f" of channel {channel.name}" if len(config.channels) > 1 else ""
            yield f"webhook_url{of} does not look like Slack's: https://{SLACK_HOSTS[0]}/services/T…/B…/…"


def _unused_proxy(top: Reading) -> Iterator[str]:
    names = ", ".join(sorted(n for n, value in os.environ.items() if value and n.lower() in PROXY_VARIABLES))
    if names and top.values["proxy"] is None:  # neither set nor `off`
        yield f"{names} in the environment is not used; to use a proxy, set proxy: http://HOST:PORT, or off"


def _unshown_hosts(config: Config) -> Iterator[str]:
    shown = HostFilter(tuple(pattern for channel in config.channels for pattern in channel.hosts))
    unseen = [host for host in config.hosts if not shown.matches(host)]
    if unseen:
        more = f" and {len(unseen) - MAX_HOSTS_NAMED} more" if len(unseen) > MAX_HOSTS_NAMED else ""
        names = ", ".join(unseen[:MAX_HOSTS_NAMED])
        yield f"hosts: no channel shows {names}{more}; add them to the hosts of a channel"


def suspicious_values(reading: Reading) -> Iterator[ConfigIssue]:
    """Warn about values that are accepted but were probably not meant that way."""
    for key in reading.schema.keys:
        value = reading.values[key.path]
        texts = [text for text in (value if isinstance(value, tuple) else (value,)) if isinstance(text, str)]
        found = [warning for text in texts for warning in value_warnings(text)]
        if key.secret:
            found += [warning for text in texts if text != PLACEHOLDER for warning in secret_warnings(text)]
        line = reading.lines.get(key.path) or reading.lines.get(f"{key.path}_file")
        yield from (
            ConfigIssue(line, f"{reading.prefix}{key.path}", warning) for warning in dict.fromkeys(found)
        )
    for path, line in reading.commented_out.items():
        yield ConfigIssue(line, f"{reading.prefix}{path}", f"is empty, since {COMMENT}")


def open_to_others(config: Config, readings: Sequence[Reading], found: os.stat_result) -> Iterator[str]:
    """Warn about files that others may change, or with secrets that they may read.

    `found` is the status of the configuration file.
    """
    path, *files = config.sources
    public = {config.tls.file} if config.tls else set[Path]()
    if not any(map(_has_secrets, readings)):
        public.add(path)
    files += [config.google.credentials] if config.google.credentials else []
    for file, status in ((path, found), *((file, status_of(file)) for file in files)):
        if status and (warning := exposure(file, status, is_secret=file not in public)):
            yield warning


def _has_secrets(reading: Reading) -> bool:
    """Whether a secret is in the file itself, and not as shipped."""
    written = [
        reading.values[key.path] for key in reading.schema.keys if key.secret and key.path in reading.lines
    ]
    return any(
        value.username if isinstance(value, Proxy) else value and value != (PLACEHOLDER,) for value in written
    )
