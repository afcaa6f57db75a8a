"""The paths of the routes; pure."""

import re

DELIVERIES, COMMANDS = "/fromGCPMonitoring", "/fromSlack"
HEALTH, LIFE, METRICS = "/healthz", "/livez", "/metrics"
ABSOLUTE = re.compile(r"https?://[^/?#]+", re.IGNORECASE)


def origin_form(target: str) -> str:
    """A request-target without the host that it may name, for there is only this one.

    https://www.rfc-editor.org/rfc/rfc9112.html#section-3.2.2
    """
    host = ABSOLUTE.match(target)
    if host is None:
        return target
    path = target[host.end() :]
    return path if path.startswith("/") else f"/{path}"
