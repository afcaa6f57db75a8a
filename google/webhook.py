"""Parses an incident webhook into an Incident.

Format: https://docs.cloud.google.com/monitoring/support/notification-options
"""

import logging
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any, NamedTuple

from google.fields import EARLIEST, LATEST, MAX_ID, clean, mapping, text
from google.strict_json import InvalidPayload, read_object
from google.subject import host_of, kind_of
from hosts.incident import CANCELLED, Incident, is_web_address

log = logging.getLogger("deliveries")

KNOWN_VERSIONS = ("1.2", "1.1", 1.1, 1, "1.0", None)
OPEN_STATES = ("open", "acknowledged")
MAX_URL = 2083  # characters
# The smallest delivery that is recorded, for people to try.
SAMPLE = (
    '{"incident":{"incident_id":"try-1","state":"open","policy_name":"www uptime failure",'
    '"resource":{"type":"uptime_url","labels":{"host":"www.example.com"}}}}'
)


class Ignored(NamedTuple):
    """A notification that is not about an incident; it is not recorded."""

    reason: str


def parse(body: bytes, now: datetime) -> Incident | Ignored:
    """Parse a body received at `now`, which replaces missing times. Raises InvalidPayload."""
    document = read_object(body)
    envelope = document.get("msg")
    if isinstance(envelope, dict):  # the format of 2015
        document = envelope
    incident = document.get("incident")
    if not isinstance(incident, dict):
        return Ignored("it holds no incident, so it is another kind of notification")
    version = document.get("version")
    if version == "test" or _is_console_test(incident):
        return Ignored("test notification: Google can reach this server")
    if version not in KNOWN_VERSIONS:
        log.info("unknown version %.40r; reading it anyway", version)
    state = str(incident.get("state", "")).lower()
    if state != "closed" and state not in OPEN_STATES:
        return Ignored(f"its state is {state[:40]!r}, neither open nor closed")
    return _incident(incident, now.replace(microsecond=0), is_open=state != "closed")


def _incident(fields: dict[str, Any], now: datetime, *, is_open: bool) -> Incident:
    """Keep a closed incident compact: drop its observed value, except a cancellation."""
    host, named_by = host_of(fields)
    started = _time(fields.get("started_at"), now)
    observed, url = clean(fields.get("observed_value")), text(fields, "url")
    return Incident(
        id=_incident_id(fields, host),
        host=host,
        named_by=named_by,
        kind=kind_of(fields),
        started=started,
        ended=None if is_open else max(started, _time(fields.get("ended_at"), now)),
        policy=clean(fields.get("policy_name")),
        condition=clean(fields.get("condition_name")) if is_open else "",
        url=url if is_open and len(url) <= MAX_URL and is_web_address(url) else "",
        observed=observed if is_open or observed.startswith(CANCELLED) else "",
    )


def _is_console_test(incident: dict[str, Any]) -> bool:
    resource_type = text(mapping(incident, "resource"), "type")
    return incident.get("incident_id") == "12345" and resource_type == "example_resource"


def _incident_id(fields: dict[str, Any], host: str) -> str:
    given = fields.get("incident_id")
    if isinstance(given, int) and not isinstance(given, bool):
        given = str(given)
    if not isinstance(given, str) or not given:
        parts = [clean(fields.get(key)) for key in ("policy_name", "condition_name")]
        stable = "\n".join([*parts, host, str(fields.get("started_at"))[:40]])
        derived = f"derived-{sha256(stable.encode()).hexdigest()[:16]}"
        log.info("incident without an id: recorded as %s", derived)
        return derived
    if len(given) > MAX_ID or not given.isprintable():
        raise InvalidPayload(f"incident_id exceeds {MAX_ID} characters, or contains control characters")
    return given


def _time(value: Any, now: datetime) -> datetime:
    """Convert Unix seconds, a number or digits; return `now` if they are missing or implausible.

    Google's clock is believed even if it is ahead of ours, which may be wrong.
    """
    if type(value) not in (int, float, str):  # a bool is an int, too
        return now
    try:
        moment = datetime.fromtimestamp(int(float(value)), UTC)
    except (ValueError, OverflowError, OSError):
        return now
    return moment if EARLIEST <= moment < LATEST else now
