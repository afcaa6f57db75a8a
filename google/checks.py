"""Parses the uptime checks that Google's API lists.

https://docs.cloud.google.com/monitoring/api/ref_v3/rest/v3/projects.uptimeCheckConfigs
"""

from datetime import timedelta
from typing import Any

from google.fields import clean, duration, last_segment, mapping, text, texts
from google.subject import host_of
from hosts.checks import Check
from hosts.identity import name_of

MAX_REGIONS = 20  # Google has seven
DEFAULT_PERIOD = timedelta(minutes=1)
USUAL_PORT = {"http": 80, "https": 443}


def parse_check(fields: dict[str, Any], project: str) -> Check | None:
    """A check, without a host if it is about a resource group or a function; None if it has no id."""
    check_id, resource = last_segment(text(fields, "name")), mapping(fields, "monitoredResource")
    if not check_id:
        return None
    named = text(mapping(resource, "labels"), "project_id")
    host, _ = host_of({"resource": resource, "scoping_project_id": project}) if resource else ("", None)
    return Check(
        id=check_id,
        host=host,
        name=clean(fields.get("displayName")),
        target=_target(fields, name_of(host)) if host else _group_or_function(fields),
        period=duration(fields, "period") or DEFAULT_PERIOD,
        regions=tuple(sorted(map(clean, texts(fields, "selectedRegions")[:MAX_REGIONS]))),
        disabled=fields.get("disabled") is True,
        project=clean(named) if named != project else "",
    )


def _group_or_function(fields: dict[str, Any]) -> str:
    function = text(mapping(mapping(fields, "syntheticMonitor"), "cloudFunctionV2"), "name")
    return clean(last_segment(function) or mapping(fields, "resourceGroup").get("groupId"))


def _target(fields: dict[str, Any], host: str) -> str:
    """The URL that is requested, without its query, which may hold a secret."""
    tcp, http = mapping(fields, "tcpCheck"), mapping(fields, "httpCheck")
    place = f"[{host}]" if ":" in host else host
    if tcp:
        return f"tcp://{place}:{_port(tcp)}"
    scheme = "https" if http.get("useSsl") is True else "http"
    port = _port(http)
    path = clean(http.get("path")).partition("?")[0].partition("#")[0].removeprefix("/")
    return f"{scheme}://{place}{'' if port in (0, USUAL_PORT[scheme]) else f':{port}'}/{path}"


def _port(part: dict[str, Any]) -> int:
    port = part.get("port")
    return port if type(port) is int and 0 < port < 65536 else 0
