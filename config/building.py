"""Building the Config from the values of all keys."""

from pathlib import Path
from typing import Any, TypeVar

from config.model import (
    EVERY_DAY,
    Alerts,
    Channel,
    Config,
    DigestSettings,
    Gcp,
    Google,
    Listen,
    Page,
    Retention,
    Schedule,
    Slack,
    Status,
)
from config.reading import Reading
from config.secrets import secret_path
from config.tls import Tls
from hosts.model import DEFAULT
from hosts.patterns import ALL_HOSTS

T = TypeVar("T", Alerts, Channel, Config, DigestSettings, Google, Page, Slack)


def build(
    top: Reading, channels: tuple[Reading, ...], tls: Tls | None, folder: Path, sources: tuple[Path, ...]
) -> Config:
    """Build a Config without warnings. Every key must have a value. `sources` are all files read."""
    values: dict[str, Any] = top.values
    credentials = values["google.credentials"]
    return _filled(
        Config,
        values,
        listen=Listen(values["listen.address"], values["listen.port"]),
        tls=tls,
        state_file=(folder / values["state_file"]).absolute(),
        gcp=Gcp(values["gcp.username"], values["gcp.password"]),
        google=_filled(
            Google,
            values,
            "google.",
            credentials=credentials and secret_path(str(credentials), folder).absolute(),
        ),
        slack=_filled(
            Slack,
            values,
            "slack.",
            outgoing_tokens=values["slack.outgoing_token"],
            signing_secrets=values["slack.signing_secret"],
        ),
        alerts=_filled(Alerts, values, "alerts."),
        channels=_channels(top, channels),
        history=Retention(values["history_days"], values["history_per_host"]),
        status=Status(values["status.addresses"], values["status.token"]),
        page=_filled(
            Page, values, "page.", networks=values["page.addresses"], passwords=values["page.password"]
        ),
        proxy=values["proxy"] or None,
        values=_in_effect(values)
        | {"tls.certificate": tls and (tls.file, tls.certificate), "proxy": values["proxy"] or None},
        channel_values={str(each.values["name"]): _in_effect(each.values) for each in channels},
        sources=sources,
    )


def _in_effect(values: dict[str, Any]) -> dict[str, object]:
    return values | {"digest.every": None} if values["digest.at"] else values


def _filled(kind: type[T], values: dict[str, Any], section: str = "", /, **others: object) -> T:
    """Fill the fields named like a key of the section, such as `page.`; `others` are the rest."""
    keys = {field: f"{section}{field}" for field in kind.__dataclass_fields__}
    return kind(**{field: values[key] for field, key in keys.items() if key in values} | others)


def _channels(top: Reading, channels: tuple[Reading, ...]) -> tuple[Channel, ...]:
    url = top.values["slack.webhook_url"]
    named = tuple(_channel(reading.values) for reading in channels)
    if named and not url:
        return named
    return (*named, _channel(top.values | {"name": DEFAULT, "webhook_url": url, "hosts": ALL_HOSTS}))


def _channel(values: dict[str, Any]) -> Channel:
    at, days = values["digest.at"], values["digest.days"]
    every = None if at else values["digest.every"]
    schedule = Schedule(every, tuple(sorted(at)), frozenset(days or EVERY_DAY))
    digest = _filled(DigestSettings, values, "digest.", schedule=schedule)
    return _filled(Channel, values, hosts=values["hosts"] or ALL_HOSTS, digest=digest)
