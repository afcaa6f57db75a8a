"""Where Google's services are. Google's own tools take the same variables of the environment."""

import os
from ipaddress import ip_address
from urllib.parse import urlsplit

from config import is_loopback
from google.errors import GoogleError

METADATA_HOST = "metadata.google.internal"
OVERRIDES = {
    "monitoring": "CLOUDSDK_API_ENDPOINT_OVERRIDES_MONITORING",
    "logging": "CLOUDSDK_API_ENDPOINT_OVERRIDES_LOGGING",
}


def api(service: str) -> str:
    """The address of an API, which ends with a slash. Raises GoogleError."""
    variable = OVERRIDES[service]
    url = os.environ.get(variable) or f"https://{service}.googleapis.com/"
    return f"{safe_url(url, variable).rstrip('/')}/"


def metadata_server() -> str:
    """It speaks only http, so it may only be this machine or a neighbour that routers keep out."""
    place = os.environ.get("GCE_METADATA_HOST") or METADATA_HOST
    host = _host(f"http://{place}")
    if not (host == METADATA_HOST or is_loopback(host) or _is_link_local(host)):
        raise GoogleError("GCE_METADATA_HOST must be this machine or a link-local address, host:port")
    return f"http://{place}/computeMetadata/v1/"


def safe_url(url: str, name: str) -> str:
    """An https URL, or http to this machine, for a token goes there. Raises GoogleError, naming it `name`."""
    host = _host(url)
    scheme = url.partition("://")[0].lower()
    if not host or not url.isascii() or not (scheme == "https" or (scheme == "http" and is_loopback(host))):
        raise GoogleError(f"{name} must be an https URL, or http to this machine")
    return url


def _host(url: str) -> str:
    """Empty if it is no URL, or has what does not belong into it."""
    try:
        parts = urlsplit(url)
        is_plain = not parts.username and parts.port != 0
    except ValueError:
        return ""
    return (is_plain and parts.hostname) or ""


def _is_link_local(host: str) -> bool:
    """Also the address that the metadata server has in IPv6-only networks."""
    try:
        address = ip_address(host)
    except ValueError:
        return False
    return address.is_link_local or address == ip_address("fd20:ce::254")
