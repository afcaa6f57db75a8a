"""Google's settings as its API lists them, and what its log says of a delivery that failed."""

from datetime import datetime
from typing import Any

from tests.google_stand_in import PROJECT

WANTED = 'metric.type="monitoring.googleapis.com/uptime_check/check_passed" metric.label.check_id="www-abc"'
CHANNEL: dict[str, Any] = {
    "name": f"projects/{PROJECT}/notificationChannels/17",
    "type": "webhook_tokenauth",
    "displayName": "uptime",
    "labels": {"url": "https://uptime.example.com/fromGCPMonitoring?auth_token=canary-of-a-channel"},
    "enabled": True,
}
POLICY: dict[str, Any] = {
    "name": f"projects/{PROJECT}/alertPolicies/1",
    "displayName": "www uptime failure",
    "combiner": "OR",
    "conditions": [{"displayName": "x", "conditionThreshold": {"filter": WANTED, "duration": "60s"}}],
    "notificationChannels": [CHANNEL["name"]],
    "enabled": True,
}


def stamp(moment: datetime) -> str:
    return f"{moment:%Y-%m-%dT%H:%M:%SZ}"


def snooze(starts: datetime, ends: datetime, number: int = 5) -> dict[str, Any]:
    return {
        "name": f"projects/{PROJECT}/snoozes/{number}",
        "displayName": "release",
        "criteria": {"policies": [POLICY["name"]]},
        "interval": {"startTime": stamp(starts), "endTime": stamp(ends)},
    }


def failed_delivery(at: datetime) -> dict[str, Any]:
    labels = {"project_id": "123456789012", "channel_id": "17"}
    return {
        "logName": "x",
        "insertId": "y",
        "severity": "ERROR",
        "jsonPayload": {"summary": "Webhook failed with 500 Internal Server Error status code."},
        "resource": {"type": "stackdriver_notification_channel", "labels": labels},
        "timestamp": f"{at:%Y-%m-%dT%H:%M:%S}.462203Z",
    }
