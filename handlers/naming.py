"""Which host an incident is about, and what kind it is of, from whatever Google sent.

Monitored resources: https://docs.cloud.google.com/monitoring/api/resources
Uptime metrics: https://docs.cloud.google.com/monitoring/api/metrics_gcp_i_o#gcp-monitoring
"""

import re
from collections.abc import Iterator
from typing import Any

from state.incident import Kind, NamedBy

UPTIME_METRIC = re.compile(r"monitoring\.googleapis\.com/uptime_check/(\w+)")
UPTIME_KINDS = {"check_passed": Kind.DOWNTIME, "time_until_ssl_cert_expires": Kind.CERTIFICATE}
# An uptime check on A is failing. / The uptime check for A has returned to a normal state.
UPTIME_SUMMARY = re.compile(r"^(An|The) uptime check (on|for) ", re.IGNORECASE)
DEFAULT_CONDITION = re.compile(r"^Failure of uptime check_id (\S+)$")
HOST_IN_NAME = re.compile(r"\bhost=([^,}]+)")
HOST_IN_FILTER = re.compile(r"""resource\.(?:labels?\.)?"?host"?\s*==?\s*["']([^"']+)["']""")
CHECK_IN_FILTER = re.compile(r"""metric\.(?:labels?\.)?"?check_id"?\s*==?\s*["']([^"']+)["']""")
NAMING_LABELS = {
    "cloud_run_revision": "service_name",
    "k8s_service": "service_name",
    "servicedirectory_service": "service_name",
    "aws_elb_load_balancer": "name",
    "aws_ec2_instance": "instance_id",
}


def host_of(incident: dict[str, Any]) -> tuple[str, NamedBy]:
    """The best name there is: of the host, else of its resource, its check, or the policy."""
    for name, named_by in _candidates(incident):
        if name.strip():
            return name, named_by
    return "unknown", NamedBy.POLICY


def kind_of(incident: dict[str, Any]) -> Kind:
    metric = _text(_dict(incident, "metric"), "type")
    found = UPTIME_METRIC.search(metric or _condition_text(incident))
    if found:
        return UPTIME_KINDS.get(found[1], Kind.SIGNAL)
    if metric:
        return Kind.OTHER
    looks_like_uptime = (
        _text(_dict(incident, "resource"), "type") == "uptime_url"
        or UPTIME_SUMMARY.match(_text(incident, "summary"))
        or DEFAULT_CONDITION.match(_text(incident, "condition_name"))
    )
    return Kind.DOWNTIME if looks_like_uptime else Kind.OTHER


def _candidates(incident: dict[str, Any]) -> Iterator[tuple[str, NamedBy]]:
    """Possibly empty names, the surest first."""
    resource, metric = _dict(incident, "resource"), _dict(incident, "metric")
    labels, metric_labels = _dict(resource, "labels"), _dict(metric, "labels")
    yield _text(labels, "host"), NamedBy.HOST
    resource_type, resource_name = _text(resource, "type"), _text(incident, "resource_name")
    condition = _condition_text(incident)
    if resource_type == "uptime_url":
        yield _text(metric_labels, "checked_resource_id"), NamedBy.HOST
    yield _labelled(resource_type, labels), NamedBy.RESOURCE
    yield _text(incident, "resource_display_name"), NamedBy.RESOURCE
    yield _text(metric_labels, "instance_name"), NamedBy.RESOURCE
    yield _found(HOST_IN_NAME, resource_name), NamedBy.HOST
    yield _found(HOST_IN_FILTER, condition), NamedBy.HOST
    yield _from_resource_name(resource_name, _text(incident, "resource_type_display_name")), NamedBy.RESOURCE
    yield _text(labels, "instance_id"), NamedBy.RESOURCE
    yield _text(metric_labels, "check_id"), NamedBy.CHECK
    yield _found(CHECK_IN_FILTER, condition), NamedBy.CHECK
    yield _found(DEFAULT_CONDITION, _text(incident, "condition_name")), NamedBy.CHECK
    yield _text(incident, "policy_name"), NamedBy.POLICY


def _labelled(resource_type: str, labels: dict[str, Any]) -> str:
    if resource_type == "gae_app":  # the module "default" alone says nothing
        return f"{_text(labels, 'module_id')} {_text(labels, 'project_id')}"
    return _text(labels, NAMING_LABELS.get(resource_type, ""))


def _from_resource_name(name: str, type_name: str) -> str:
    """`<project> <display name>`, unless all it says is the type: `<project> VM Instance`."""
    if " " not in name:
        return name
    rest = name.partition(" ")[2]
    return "" if "labels {" in name or rest == type_name else rest


def _condition_text(incident: dict[str, Any]) -> str:
    """Filters and queries of the condition, whatever its type."""
    parts = [part for part in _dict(incident, "condition").values() if isinstance(part, dict)]
    return "\n".join(_text(part, key) for part in parts for key in ("filter", "query"))


def _found(pattern: re.Pattern[str], text: str) -> str:
    found = pattern.search(text)
    return found[1] if found else ""


def _dict(fields: dict[str, Any], key: str) -> dict[str, Any]:
    value = fields.get(key)
    return value if isinstance(value, dict) else {}


def _text(fields: dict[str, Any], key: str) -> str:
    value = fields.get(key)
    return value if isinstance(value, str) else ""
