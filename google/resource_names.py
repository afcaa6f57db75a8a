"""Which host an incident is about, and what kind it is of, from whatever Google sent.

Monitored resources: https://docs.cloud.google.com/monitoring/api/resources
Uptime metrics: https://docs.cloud.google.com/monitoring/api/metrics_gcp_i_o#gcp-monitoring
Their names in PromQL: https://docs.cloud.google.com/monitoring/promql/promql-mapping
"""

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from itertools import islice
from typing import Any

from hosts.incident import Kind, NamedBy
from hosts.names import canonical, is_host_name

UPTIME_METRIC = re.compile(
    r"(?:monitoring\.googleapis\.com/uptime_check/|monitoring_googleapis_com:uptime_check_)(\w+)"
)
UPTIME_KINDS = {"check_passed": Kind.DOWNTIME, "time_until_ssl_cert_expires": Kind.CERTIFICATE}
# An uptime check on A is failing. / The uptime check for A has returned to a normal state.
UPTIME_SUMMARY = re.compile(r"^(An|The) uptime check (on|for) ", re.IGNORECASE)
DEFAULT_CONDITION = re.compile(r"^Failure of uptime check_id (\S+)$")
HOST_IN_NAME = re.compile(r"\bhost=([^,}]+)")
NAMING_LABELS = {
    "cloud_run_revision": "service_name",
    "k8s_service": "service_name",
    "servicedirectory_service": "service_name",
    "aws_elb_load_balancer": "name",
    "aws_ec2_instance": "instance_id",
}
# What tells resources of one name apart, besides the project; of each, the first label that is there. An
# instance that is made anew keeps its name and its zone, but not its id: that counts only without a zone.
WHERE = {
    "account": ("aws_account",),
    "location": ("location", "zone", "region", "instance_id"),
    "cluster": ("cluster_name",),
    "namespace": ("namespace_name", "namespace_id", "namespace"),
}
PROJECT_IN_URL = re.compile(r"[?&]project=([^&#]+)")
PROJECT_IN_CONDITION = re.compile(r"projects/([^/]+)/")


def host_of(incident: dict[str, Any]) -> tuple[str, NamedBy]:
    """The best name there is: of the host, else of its resource, its check, or the policy."""
    for name, named_by in _candidates(incident):
        if name.strip():
            return name, named_by
    return "unknown", NamedBy.POLICY


def labels_of(incident: dict[str, Any], name: str, named_by: NamedBy) -> dict[str, str]:
    """What tells what was named so apart from others of that name, the most telling first.

    A check belongs to a project, and so does a policy: to that of the metrics scope. Where a resource
    is matters, too, but for App Engine, where one application is in several zones.
    """
    labels, scope = _labels(incident), _scope(incident)
    own = _text(labels, "project_id") or _project_before(name, incident)
    project = scope or own if named_by is NamedBy.POLICY else own or scope
    found = {"project": project}
    if named_by is NamedBy.RESOURCE and _type(incident) != "gae_app":
        found |= {label: _first(labels, names) for label, names in WHERE.items()}
    return {label: value for label, value in found.items() if value}


def kind_of(incident: dict[str, Any]) -> Kind:
    """From the metric; a query, which may be of several metrics, leaves its type empty."""
    metric = _text(_dict(incident, "metric"), "type")
    condition = _condition_text(incident, *(("query",) if metric else ()))
    found = UPTIME_METRIC.search(metric) or UPTIME_METRIC.search(condition)
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
    labels, metric_labels = _labels(incident), _dict(_dict(incident, "metric"), "labels")
    yield _text(labels, "host"), NamedBy.HOST
    resource_type, resource_name = _type(incident), _text(incident, "resource_name")
    condition = _condition_text(incident)
    checked = _text(metric_labels, "checked_resource_id")
    if resource_type == "uptime_url" or (not resource_type and is_host_name(canonical(checked))):
        yield checked, NamedBy.HOST
    yield _labelled(resource_type, labels), NamedBy.RESOURCE
    yield _text(incident, "resource_display_name"), NamedBy.RESOURCE
    yield _text(metric_labels, "instance_name"), NamedBy.RESOURCE
    yield _found(HOST_IN_NAME, resource_name), NamedBy.HOST
    yield _text(metric_labels, "host"), NamedBy.HOST
    yield asked_for("host", condition), NamedBy.HOST
    yield _from_resource_name(resource_name, _text(incident, "resource_type_display_name")), NamedBy.RESOURCE
    yield _text(labels, "instance_id"), NamedBy.RESOURCE
    yield _text(metric_labels, "check_id"), NamedBy.CHECK
    yield asked_for("check_id", condition), NamedBy.CHECK
    yield _found(DEFAULT_CONDITION, _text(incident, "condition_name")), NamedBy.CHECK
    yield _text(incident, "policy_name"), NamedBy.POLICY


def _labels(incident: dict[str, Any]) -> dict[str, Any]:
    """Of the resource. What a query leaves over of them arrives as labels of the metric."""
    own = _dict(_dict(incident, "resource"), "labels")
    if own.get("host") or not _condition_text(incident, "query"):
        return own
    return _dict(_dict(incident, "metric"), "labels") | {
        label: value for label, value in own.items() if value
    }


def _type(incident: dict[str, Any]) -> str:
    """Of the resource; a query may be all that says it."""
    own = _text(_dict(incident, "resource"), "type")
    return own or asked_for("monitored_resource", _condition_text(incident, "query"))


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


def _project_before(name: str, incident: dict[str, Any]) -> str:
    """`<project>` in `<project> <display name>`, for where no label says it."""
    project, _, rest = _text(incident, "resource_name").partition(" ")
    return project if rest == name else ""


def _scope(incident: dict[str, Any]) -> str:
    """The project whose policy it is: the scoping project of the metrics."""
    return (
        _text(incident, "scoping_project_id")
        or _found(PROJECT_IN_URL, _text(incident, "url"))
        or _found(PROJECT_IN_CONDITION, _text(_dict(incident, "condition"), "name"))
    )


def _first(labels: dict[str, Any], names: Iterable[str]) -> str:
    return next(filter(None, (_text(labels, name) for name in names)), "")


def _condition_text(incident: dict[str, Any], *keys: str) -> str:
    """Filters and queries of the condition, whatever its type."""
    parts = [part for part in _dict(incident, "condition").values() if isinstance(part, dict)]
    texts = (_text(part, key) for part in parts for key in keys or ("filter", "query"))
    return "\n".join(filter(None, texts))


def _found(pattern: re.Pattern[str], text: str) -> str:
    found = pattern.search(text)
    return found[1] if found else ""


def _dict(fields: dict[str, Any], key: str) -> dict[str, Any]:
    value = fields.get(key)
    return value if isinstance(value, dict) else {}


def _text(fields: dict[str, Any], key: str) -> str:
    value = fields.get(key)
    return value if isinstance(value, str) else ""


# What stands before a label: where it belongs to, and whether it is what is not wanted.
_BEFORE = re.compile(r"""(?P<no>\bNOT\s+|(?<!\w)-)?(?P<path>(?:\w+\(\s*)?[\w.]*(?:,\s*)?["'`$.\[]*)\Z""")
_BEFORE_AT_MOST, _COMPARED_AT_MOST = 100, 50  # characters; comparisons: a query may be of any length
_PLAIN = re.compile(r"[\w.:-]+")


def asked_for(label: str, text: str) -> str:
    """The value that a label is to have; empty where none is asked for, or more than one.

    Other values, `host!="a"` or `NOT host="a"`, are not what is asked for, nor is what a log entry says
    of itself: `jsonPayload.host="a"`. An expression counts if it is nothing but a name: `host=~"a"`.
    """
    if label not in text:
        return ""
    compared = islice(_comparison(label).finditer(text), _COMPARED_AT_MOST)
    values = [value for found in compared if (value := _value(found))]
    return values[0] if len({canonical(value) for value in values}) == 1 else ""


@lru_cache(maxsize=8)
def _comparison(label: str) -> re.Pattern[str]:
    return re.compile(
        rf"""(?<![\w-]){label}["'`\])]*\s*(?P<by>==?|=~)\s*(?P<quote>["'`])(?P<value>.*?)(?P=quote)"""
    )


def _value(found: re.Match[str]) -> str:
    before = _BEFORE.search(found.string[max(0, found.start() - _BEFORE_AT_MOST) : found.start()])
    if before and (before["no"] or "payload" in before["path"].lower()):
        return ""
    value = found["value"]
    if found["by"] != "=~":
        return value
    literal = re.sub(r"\\+(?=[.-])", "", value).removeprefix("^").removesuffix("$")
    return literal if _PLAIN.fullmatch(literal) else ""
