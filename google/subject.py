"""Finds the host and the kind of an incident in whatever Google sent.

Monitored resources: https://docs.cloud.google.com/monitoring/api/resources
Uptime metrics: https://docs.cloud.google.com/monitoring/api/metrics_gcp_i_o#gcp-monitoring
Their names in PromQL: https://docs.cloud.google.com/monitoring/promql/promql-mapping
"""

import re
from collections.abc import Iterable, Iterator
from typing import Any

from google.fields import mapping, text
from google.queries import condition_text, required_value
from hosts.identity import key_of
from hosts.incident import Kind, NamedBy, names_a_host
from hosts.names import canonical, is_host_name, visible
from hosts.patterns import literal

UPTIME_METRIC = re.compile(
    r"(?:monitoring\.googleapis\.com/uptime_check/|monitoring_googleapis_com:uptime_check_)(\w+)"
)
UPTIME_KINDS = {"check_passed": Kind.DOWNTIME, "time_until_ssl_cert_expires": Kind.CERTIFICATE}
# The log of uptime checks holds failures. Its id may be percent-encoded; SQL compares it with LIKE.
UPTIME_LOG = re.compile(
    r"""(?<!NOT )\blog_?(?:name|id)\b["'`]?[\s(=:]{1,9}(?:LIKE\s+)?["'`][^\s"'`]*uptime_checks\b""",
    re.IGNORECASE,
)
# An uptime check on A is failing. / The uptime check for A has returned to a normal state.
UPTIME_SUMMARY = re.compile(r"^(An|The) uptime check (on|for) ", re.IGNORECASE)
DEFAULT_CONDITION = re.compile(r"^Failure of uptime check_id (\S+)$")
HOST_IN_NAME = re.compile(r"\bhost=([^,}]+)")
NAME_LABELS = {
    "cloud_run_revision": "service_name",
    "k8s_service": "service_name",
    "servicedirectory_service": "service_name",
    "aws_elb_load_balancer": "name",
    "aws_ec2_instance": "instance_id",
}
# Labels that distinguish resources of one name, besides the project; the first one present counts.
# A recreated instance keeps its name and zone but not its id, which therefore comes last.
PLACE_LABELS = {
    "account": ("aws_account",),
    "location": ("location", "zone", "region", "instance_id"),
    "cluster": ("cluster_name",),
    "namespace": ("namespace_name", "namespace_id", "namespace"),
}
MAX_HOST, MAX_LABEL = 253, 128  # characters
PROJECT_IN_URL = re.compile(r"[?&]project=([^&#]+)")
PROJECT_IN_CONDITION = re.compile(r"projects/([^/]+)/")


def host_of(incident: dict[str, Any]) -> tuple[str, NamedBy]:
    """The key of the host, and where its name comes from: the host, its resource, check or policy."""
    found = (candidate for candidate in _candidates(incident) if candidate[0].strip())
    written, named_by = next(found, ("unknown", NamedBy.POLICY))
    is_host = named_by is NamedBy.HOST
    name = literal(canonical(written, is_host=is_host)[:MAX_HOST].strip() or "unknown")
    if names_a_host(name, named_by):
        return name, named_by
    labels = _distinguishing_labels(incident, written, named_by)
    shown = {label: literal(visible(value)[:MAX_LABEL].strip()) for label, value in labels.items()}
    return key_of(name, {label: value for label, value in shown.items() if value}), named_by


def _distinguishing_labels(incident: dict[str, Any], name: str, named_by: NamedBy) -> dict[str, str]:
    """The labels that distinguish it from others of the same name, most significant first.

    A check belongs to its project, and a policy to the project of its metrics scope. A resource also
    has a place, except in App Engine, where one application runs in several zones.
    """
    labels, scoping = _labels(incident), _scoping_project(incident)
    own = text(labels, "project_id") or _project_before(name, incident)
    found = {"project": scoping or own if named_by is NamedBy.POLICY else own or scoping}
    if named_by is NamedBy.RESOURCE and _type(incident) != "gae_app":
        found |= {label: _first_text(labels, names) for label, names in PLACE_LABELS.items()}
    return {label: value for label, value in found.items() if value}


def kind_of(incident: dict[str, Any]) -> Kind:
    """Look at the metric type, and at the condition: a query over several metrics has no type.

    Of several kinds the most serious counts, wherever it appears in the query.
    """
    metric = text(mapping(incident, "metric"), "type")
    condition = condition_text(incident, *(("query",) if metric else ()))
    if found := UPTIME_METRIC.findall(metric) or UPTIME_METRIC.findall(condition):
        kinds = {UPTIME_KINDS.get(name, Kind.SIGNAL) for name in found}
        return next(kind for kind in Kind if kind in kinds)
    if metric:
        return Kind.OTHER
    looks_like_uptime = (
        "uptime_url" in (_type(incident), required_value("type", condition))
        or UPTIME_LOG.search(condition)
        or UPTIME_SUMMARY.match(text(incident, "summary"))
        or DEFAULT_CONDITION.match(text(incident, "condition_name"))
    )
    return Kind.DOWNTIME if looks_like_uptime else Kind.OTHER


def _candidates(incident: dict[str, Any]) -> Iterator[tuple[str, NamedBy]]:
    """Names, the most reliable first. Any may be empty."""
    labels, metric_labels = _labels(incident), mapping(mapping(incident, "metric"), "labels")
    yield text(labels, "host"), NamedBy.HOST
    resource_type, resource_name = _type(incident), text(incident, "resource_name")
    condition = condition_text(incident)
    checked = text(metric_labels, "checked_resource_id")
    if resource_type == "uptime_url" or (not resource_type and is_host_name(canonical(checked))):
        yield checked, NamedBy.HOST
    yield _resource_label(resource_type, labels), NamedBy.RESOURCE
    yield text(incident, "resource_display_name"), NamedBy.RESOURCE
    yield text(metric_labels, "instance_name"), NamedBy.RESOURCE
    yield _search(HOST_IN_NAME, resource_name), NamedBy.HOST
    yield text(metric_labels, "host"), NamedBy.HOST
    yield required_value("host", condition), NamedBy.HOST
    yield _from_resource_name(resource_name, text(incident, "resource_type_display_name")), NamedBy.RESOURCE
    yield text(labels, "instance_id"), NamedBy.RESOURCE
    yield text(metric_labels, "check_id"), NamedBy.CHECK
    yield required_value("check_id", condition), NamedBy.CHECK
    yield _search(DEFAULT_CONDITION, text(incident, "condition_name")), NamedBy.CHECK
    yield text(incident, "policy_name"), NamedBy.POLICY


def _labels(incident: dict[str, Any]) -> dict[str, Any]:
    """The labels of the resource; those that a query keeps arrive as labels of the metric."""
    own = mapping(mapping(incident, "resource"), "labels")
    if own.get("host") or not condition_text(incident, "query"):
        return own
    return mapping(mapping(incident, "metric"), "labels") | {
        label: value for label, value in own.items() if value
    }


def _type(incident: dict[str, Any]) -> str:
    """The type of the resource, which may appear only in the query."""
    own = text(mapping(incident, "resource"), "type")
    return own or required_value("monitored_resource", condition_text(incident, "query"))


def _resource_label(resource_type: str, labels: dict[str, Any]) -> str:
    if resource_type == "gae_app":  # the module "default" alone says nothing
        return f"{text(labels, 'module_id')} {text(labels, 'project_id')}"
    return text(labels, NAME_LABELS.get(resource_type, ""))


def _from_resource_name(name: str, type_name: str) -> str:
    """Read `<project> <display name>`, unless the name is only a type: `<project> VM Instance`."""
    if " " not in name:
        return name
    rest = name.partition(" ")[2]
    return "" if "labels {" in name or rest == type_name else rest


def _project_before(name: str, incident: dict[str, Any]) -> str:
    """Read the project of `<project> <display name>`, for resources without a project label."""
    project, _, rest = text(incident, "resource_name").partition(" ")
    return project if rest == name else ""


def _scoping_project(incident: dict[str, Any]) -> str:
    """The project that the policy belongs to."""
    return (
        text(incident, "scoping_project_id")
        or _search(PROJECT_IN_URL, text(incident, "url"))
        or _search(PROJECT_IN_CONDITION, text(mapping(incident, "condition"), "name"))
    )


def _first_text(labels: dict[str, Any], names: Iterable[str]) -> str:
    return next(filter(None, (text(labels, name) for name in names)), "")


def _search(pattern: re.Pattern[str], text: str) -> str:
    found = pattern.search(text)
    return found[1] if found else ""
