"""The proxy for outgoing calls."""

import os
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Literal
from urllib.parse import unquote, urlsplit

from config.addresses import url

VARIABLES = ("https_proxy", "http_proxy", "all_proxy")  # in lower or upper case
CURE = (
    "write http://HOST:PORT, or http://USER:PASSWORD@HOST:PORT with special characters percent-encoded "
    "(%40 for @); the proxy must support CONNECT"
)


@dataclass(frozen=True, slots=True)
class Proxy:
    """An HTTP proxy that supports CONNECT. `username` is empty if it needs none."""

    host: str
    port: int
    username: str = field(default="", repr=False)
    password: str = field(default="", repr=False)

    @property
    def address(self) -> str:
        """`proxy.example.com:3128`, without the credentials."""
        return f"[{self.host}]:{self.port}" if ":" in self.host else f"{self.host}:{self.port}"


def proxy(text: str) -> Proxy | Literal[False] | None:
    """Reads `http://[user:password@]host:port`; None if empty, False for `off`."""
    try:
        sent = url(text)
        parts = urlsplit(sent)
        port = parts.port
    except ValueError:
        raise ValueError(CURE) from None
    if not sent:
        return False if text.strip() else None
    if parts.scheme != "http" or not port or parts.path.strip("/") or parts.query or parts.fragment:
        raise ValueError(CURE)
    return Proxy(parts.hostname or "", port, unquote(parts.username or ""), unquote(parts.password or ""))


def unused_variables() -> Iterator[str]:
    """Names the environment variables with a proxy, which other programs use and this one does not."""
    return (name for name, value in sorted(os.environ.items()) if value and name.lower() in VARIABLES)
