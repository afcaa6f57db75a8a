"""What is wrong, or doubtful, between values that are each good."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

from config.issue import ConfigIssue
from config.model import Config
from config.placeholders import doubts_about, doubts_about_secret
from config.proxy import Proxy, unused_variables
from config.reading import Reading
from config.schema import PLACEHOLDER
from config.times import format_duration
from config.values import SLACK, is_loopback, is_slacks
from config.zones import doubt_about_zone
from hosts.patterns import any_means

DAY = timedelta(days=1)
SHORT_PASSWORD = 12  # characters; fewer can be guessed over the network in a year
NAMED = 5  # hosts in one warning


EXPOSED = (
    "is the one that everybody can read in this project, so only 127.0.0.1 may be listened on with it; "
    "make your own, with: openssl rand -base64 24"
)

SHIPPED = (
    "gcp.password is still the shipped one; make your own before Google connects: openssl rand -base64 24. "
    "Everybody can read it in this project, so what comes through a proxy with it is refused (401)"
)

UNENCRYPTED = (
    "listen.address: whoever listens in reads passwords and tokens; set tls.certificate and tls.key, "
    "or trusted_proxies if a proxy with a certificate stands before it"
)


def is_exposed(passwords: tuple[str, ...], address: str) -> bool:
    """Could strangers log in with the password that is shipped?"""
    return PLACEHOLDER in passwords and not is_loopback(address)


def shipped_password(reading: Reading) -> Iterator[ConfigIssue]:
    address = str(reading.values.get("listen.address", "127.0.0.1"))
    passwords: Any = reading.values.get("gcp.password", ())
    if is_exposed(passwords, address):
        yield ConfigIssue(reading.lines.get("gcp.password"), "gcp.password", EXPOSED)


def same_password(reading: Reading) -> Iterator[ConfigIssue]:
    """What a whole team knows must not let anybody report incidents as Google."""
    of_page: Any = reading.values.get("page.password", ())
    of_gcp: Any = reading.values.get("gcp.password", ())
    if set(of_page) & set(of_gcp):
        line = reading.lines.get("page.password") or reading.lines.get("page.password_file")
        text = "is gcp.password too; whoever may look could report incidents: make another one"
        yield ConfigIssue(line, "page.password", text)


def schedule_mistakes(reading: Reading) -> Iterator[ConfigIssue]:
    """Both `every` and `at` are given, or too little, or what goes with no days."""
    values, lines = reading.values, reading.lines
    every, at = lines.get("digest.every"), lines.get("digest.at")
    if "digest.every" not in values or "digest.at" not in values:
        return  # one of them has a mistake of its own
    span = values["digest.every"]
    if values["digest.at"]:
        if span not in _beside_times(reading):
            yield ConfigIssue(at, "digest.at", f"digest.every is given too, in line {every}; keep one")
    elif not isinstance(span, timedelta):
        text = "is off, and digest.at has no times; write how often, such as 30m"
        yield ConfigIssue(every, "digest.every", text)
    elif span > DAY and values.get("digest.days"):
        text = f"with digest.days, in line {lines['digest.days']}, write 1d at most"
        yield ConfigIssue(every, "digest.every", f'found "{format_duration(span)}"; {text}')


def _beside_times(reading: Reading) -> tuple[object, ...]:
    """What `every` may be, though `at` is meant: off, each day, or as in the file that is shipped."""
    key = reading.schema.by_path["digest.every"]
    return None, DAY, key.read(key.default or "")


def doubts(config: Config, now: datetime) -> Iterator[str]:
    passwords = config.gcp.passwords
    if PLACEHOLDER in passwords:
        yield SHIPPED
    elif min(map(len, passwords)) < SHORT_PASSWORD:
        yield f"gcp.password is short; take {SHORT_PASSWORD} characters or more"
    spans = {channel.digest.schedule.every for channel in config.channels}
    for span in sorted(span for span in spans if span and span < timedelta(minutes=1)):
        yield f"a digest every {format_duration(span)} is good for a trial only"
    if said := config.tls and config.tls.doubt(now):
        yield said
    if not (config.tls or config.trusted_proxies or is_loopback(config.listen.address)):
        yield UNENCRYPTED
    if said := doubt_about_zone(str(config.timezone)):
        yield f"timezone: {said}"
    yield from _strange_webhooks(config)
    yield from _unused_proxy(config)
    yield from _shown_nowhere(config)


def _strange_webhooks(config: Config) -> Iterator[str]:
    for channel in config.channels:
        parts = urlsplit(channel.webhook_url)
        known = is_slacks(channel.webhook_url) and parts.path.startswith("/services/")
        if not (known or is_loopback(parts.hostname or "localhost")):
            of = f" of channel {channel.name}" if len(config.channels) > 1 else ""
            yield f"webhook_url{of} does not look like Slack's: https://{SLACK[0]}/services/…"


def _unused_proxy(config: Config) -> Iterator[str]:
    names = () if config.proxy else tuple(unused_variables())
    if names:
        named = ", ".join(names)
        yield f"{named} in the environment is not used; for a proxy, write here proxy: http://HOST:PORT"


def _shown_nowhere(config: Config) -> Iterator[str]:
    patterns = {pattern for channel in config.channels for pattern in channel.hosts}
    unseen = [host for host in config.hosts if not any_means(patterns, host)]
    if unseen:
        more = f" and {len(unseen) - NAMED} more" if len(unseen) > NAMED else ""
        names = ", ".join(unseen[:NAMED])
        yield f"hosts: no channel shows {names}{more}; add them to the hosts of a channel"


def slips(reading: Reading, of: str = "") -> Iterator[str]:
    """Values that are taken as they are, and hardly meant so. `of`: what the keys are told to be of."""
    for key in reading.schema.keys:
        value = reading.values[key.path]
        texts = [text for text in (value if isinstance(value, tuple) else (value,)) if isinstance(text, str)]
        found = [doubt for text in texts for doubt in doubts_about(text)]
        if key.secret:
            found += [doubt for text in texts if text != PLACEHOLDER for doubt in doubts_about_secret(text)]
        line = reading.lines.get(key.path) or reading.lines.get(f"{key.path}_file")
        yield from (f"line {line}: {of}{key.path} {doubt}" for doubt in dict.fromkeys(found))


def holds_secrets(reading: Reading) -> bool:
    """Secrets in files of their own leave this one readable, as do the shipped values."""
    written = [key for key in reading.schema.keys if key.secret and key.path in reading.lines]
    return any(_is_secret(reading.values[key.path]) for key in written)


def _is_secret(value: object) -> bool:
    if isinstance(value, Proxy):
        return bool(value.username)
    return value not in ("", (), (PLACEHOLDER,), None)
