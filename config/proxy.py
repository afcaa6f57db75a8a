"""The proxy that outgoing calls are made through: how it is written, and what the program does not read."""

import os
from collections.abc import Iterator
from typing import NamedTuple
from urllib.parse import unquote, urlsplit

from config.values import url

VARIABLES = ("https_proxy", "http_proxy", "all_proxy")  # of the environment, in capitals or not
CURE = (
    "write http://HOST:PORT, or http://USER:PASSWORD@HOST:PORT with what is special in them percent-encoded "
    "(%40 for @); it must know CONNECT"
)


class Proxy(NamedTuple):
    """An HTTP proxy that knows CONNECT. `username` is empty where it wants none."""

    host: str
    port: int
    username: str = ""
    password: str = ""

    def __repr__(self) -> str:
        return f"Proxy({self.address!r})"

    @property
    def address(self) -> str:
        """`proxy.example.com:3128`: no secret."""
        return f"[{self.host}]:{self.port}" if ":" in self.host else f"{self.host}:{self.port}"


def proxy(text: str) -> Proxy | None:
    """http://[user:password@]host:port; empty or `off` for none. Raises ValueError."""
    try:
        sent = url(text)
        parts = urlsplit(sent)
        port = parts.port
    except ValueError:
        raise ValueError(CURE) from None
    if not sent:
        return None
    if parts.scheme != "http" or not port or parts.path.strip("/") or parts.query or parts.fragment:
        raise ValueError(CURE)
    return Proxy(parts.hostname or "", port, unquote(parts.username or ""), unquote(parts.password or ""))


def unused_variables() -> Iterator[str]:
    """Those of the environment that other programs would find a proxy in."""
    return (name for name, value in sorted(os.environ.items()) if value and name.lower() in VARIABLES)
