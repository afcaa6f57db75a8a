"""Parses the alerts that Google's API lists into the same incidents that `webhook` makes of deliveries.

https://docs.cloud.google.com/monitoring/api/ref_v3/rest/v3/projects.alerts
"""

import re
from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple
from urllib.parse import unquote

from google.console import console_page
from google.fields import clean, last_segment, mapping, text, timestamp
from google.refusals import GoogleError
from google.subject import PROJECT_IN_URL, host_of, kind_of
from hosts.incident import Incident

ALERT_ID = re.compile(r"0\.[a-z0-9]{8,16}")  # older and reconstructed webhooks have ids of another shape
PROJECT_IN_NAME = re.compile(r"projects/([^/]+)/")
STATES = {"OPEN": True, "CLOSED": False}  # whether it is open


class AlertList(NamedTuple):
    """The open alerts. With an error, some of them are missing."""

    incidents: Sequence[Incident]
    error: GoogleError | None = None


def parse_alert(fields: dict[str, Any], project: str, now: datetime) -> Incident | None:
    """The incident, with its host named as for a webhook; None if the alert cannot be understood.

    `now` replaces missing times.
    """
    alert_id, state = last_segment(text(fields, "name")), text(fields, "state")
    if not alert_id or state not in STATES:
        return None
    now, is_open = now.replace(microsecond=0), STATES[state]
    like_webhook = _like_webhook(fields, project)
    host, named_by = host_of(like_webhook)
    started = timestamp(fields, "openTime") or now
    return Incident(
        id=alert_id,
        host=host,
        named_by=named_by,
        kind=kind_of(like_webhook),
        started=started,
        ended=None if is_open else max(started, timestamp(fields, "closeTime") or now),
        policy=clean(like_webhook["policy_name"]),
        url=console_page(project, "alerting", "alerts", alert_id) if is_open else "",
    )


def opened_before(fields: dict[str, Any], since: datetime) -> bool:
    opened = timestamp(fields, "openTime")
    return opened is not None and opened < since


def may_list(incident: Incident, project: str) -> bool:
    """Whether an incident should be among this project's alerts, judging by its id and its link."""
    found = PROJECT_IN_URL.search(incident.url)
    named = unquote(found[1]) if found else ""
    is_elsewhere = named and named != project and not (named.isdecimal() or project.isdecimal())
    return ALERT_ID.fullmatch(incident.id) is not None and not is_elsewhere


def _like_webhook(fields: dict[str, Any], project: str) -> dict[str, Any]:
    """What a webhook would say: its names have project ids where the API's may have numbers."""
    policy = mapping(fields, "policy")
    names = (project, *PROJECT_IN_NAME.findall(text(policy, "name") + text(fields, "name")))
    return {
        "resource": mapping(fields, "resource"),
        "metric": mapping(fields, "metric"),
        "policy_name": text(policy, "displayName"),
        "scoping_project_id": next((name for name in names if not name.isdecimal()), ""),
    }
