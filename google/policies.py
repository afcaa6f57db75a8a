"""Parses what Google's API lists of policies, notification channels, snoozes and failed deliveries.

https://docs.cloud.google.com/monitoring/api/ref_v3/rest/v3/projects.alertPolicies
"""

from typing import Any
from urllib.parse import urlsplit

from google.fields import clean, duration, last_segment, mapping, mappings, text, texts, timestamp
from google.queries import accepted_values, condition_text
from google.subject import kind_of
from hosts.incident import Kind
from hosts.names import canonical
from hosts.policies import (
    AUTO_CLOSE,
    Condition,
    FailedDelivery,
    NotificationChannel,
    Policy,
    Settings,
    Snooze,
)

WEBHOOK_PATH = "/fromGCPMonitoring"
UNDERSTOOD = {"type", "metric_type", "check_id", "host", "project_id", "__name__", "monitored_resource"}


def parse_policy(fields: dict[str, Any]) -> Policy:
    strategy, validity = mapping(fields, "alertStrategy"), mapping(fields, "validity")
    conditions = mappings(fields, "conditions")
    prompts = texts(strategy, "notificationPrompts")
    return Policy(
        id=last_segment(text(fields, "name")),
        name=clean(fields.get("displayName")),
        conditions=tuple(found for each in conditions if (found := _parse_condition(each))),
        channels=_ids(texts(fields, "notificationChannels")),
        enabled=fields.get("enabled") is not False,
        invalid=(clean(validity.get("message")) or "Google gives no reason") if validity.get("code") else "",
        notifies_on_close=not prompts or "CLOSED" in prompts,  # none means both
        is_log_match=any("conditionMatchedLog" in each for each in conditions),
        auto_close=duration(strategy, "autoClose") or AUTO_CLOSE,
        repeats={
            last_segment(name): every
            for each in mappings(strategy, "notificationChannelStrategy")
            if (every := duration(each, "renotifyInterval"))
            for name in texts(each, "notificationChannelNames")
        },
    )


def parse_channel(fields: dict[str, Any]) -> NotificationChannel:
    labels = mapping(fields, "labels")
    return NotificationChannel(
        id=last_segment(text(fields, "name")),
        name=clean(fields.get("displayName")),
        kind=clean(fields.get("type")),
        address=_address(text(labels, "url")) or clean(labels.get("topic")),
        enabled=fields.get("enabled") is not False,
    )


def own_channels(settings: Settings) -> tuple[NotificationChannel, ...]:
    """The channels that deliver to a server like this one, by id.

    Only the operator knows the name in the URL, so they are recognized by the path. If any of them has the
    host of the page, the others lead to other servers; but the page may have a host of its own.
    """
    found = sorted(
        c for c in settings.channels if c.kind.startswith("webhook") and c.address.endswith(WEBHOOK_PATH)
    )
    same = (c for c in found if settings.page_host and _host_of_address(c.address) == settings.page_host)
    return tuple(same) or tuple(found)


def parse_snooze(fields: dict[str, Any]) -> Snooze | None:
    criteria, interval = mapping(fields, "criteria"), mapping(fields, "interval")
    starts, ends = timestamp(interval, "startTime"), timestamp(interval, "endTime")
    if not (starts and ends):
        return None
    return Snooze(
        id=last_segment(text(fields, "name")),
        name=clean(fields.get("displayName")),
        policies=_ids(texts(criteria, "policies")),
        starts=starts,
        ends=ends,
        hosts=_hosts(accepted_values(text(criteria, "filter"))),
    )


def parse_failed_delivery(fields: dict[str, Any]) -> FailedDelivery | None:
    at = timestamp(fields, "timestamp")
    return FailedDelivery(at, clean(mapping(fields, "jsonPayload").get("summary"))) if at else None


def _parse_condition(fields: dict[str, Any]) -> Condition | None:
    """Parse a condition; None if it is not about uptime checks."""
    like_webhook = {"condition": fields}
    kind = kind_of(like_webhook)
    if kind is Kind.OTHER:
        return None
    accepted = accepted_values(condition_text(like_webhook))
    return Condition(
        kind,
        checks=frozenset(accepted.get("check_id") or ()),
        hosts=_hosts(accepted),
        projects=frozenset(accepted.get("project_id") or ()),
        is_certain=accepted.keys() <= UNDERSTOOD and None not in accepted.values(),
    )


def _hosts(accepted: dict[str, list[str] | None]) -> frozenset[str]:
    return frozenset(canonical(host, is_host=True) for host in accepted.get("host") or ())


def _ids(names: list[str]) -> frozenset[str]:
    return frozenset(map(last_segment, names))


def host_of_url(url: str) -> str:
    """The host of a URL; empty if it is none."""
    try:
        return urlsplit(url).hostname or ""
    except ValueError:
        return ""


def _host_of_address(address: str) -> str:
    return host_of_url(f"//{address}")


def _address(url: str) -> str:
    """The host, and the path of a server like this one: other paths may be secret."""
    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        return ""
    path = parts.path if parts.path.endswith(WEBHOOK_PATH) else "/…"
    return clean(f"{host}{f':{port}' if port else ''}{path}") if host else ""
