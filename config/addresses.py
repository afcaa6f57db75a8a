"""Readers for addresses, networks and URLs; each raises ValueError saying what to write, without secrets."""

import re
from contextlib import suppress
from dataclasses import dataclass, field
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_interface
from socket import inet_aton
from typing import Literal
from urllib.parse import SplitResult, quote, unquote, urlsplit, urlunsplit

from config.placeholders import is_reference
from config.times import OFF
from hosts.names import MAX_LABEL_LENGTH, ascii_form, canonical

SLACK_HOSTS = ("hooks.slack.com", "hooks.slack-gov.com")  # where Slack itself takes messages
PROXY_HINT = (
    "write http://HOST:PORT, or http://USER:PASSWORD@HOST:PORT with special characters percent-encoded "
    "(%40 for @); the proxy must support CONNECT"
)
NOT_A_URL = "write a URL that begins with https://"
MAX_PAGE_URL = 200  # characters: a digest has a handful of links to it
EVERYWHERE = ("*", "any", "all", "everywhere")
RESPONSE_URL = re.compile(rf"https://({'|'.join(map(re.escape, SLACK_HOSTS))})/[!-~]{{1,1000}}")
WITH_PORT = re.compile(r"(?:\[[^]]*\]|[^:]*):\d+")
HOST_NAME = re.compile(r"(?!-)[A-Za-z0-9-]{1,63}(\.[A-Za-z0-9-]{1,63})*\.?")


def address(text: str) -> str:
    """An IP address, with or without the brackets of a URL, or a host name."""
    if text in EVERYWHERE:
        raise ValueError('write 0.0.0.0 for every IPv4 address, or "::" for every address')
    try:
        found = _ip_address(text[1:-1] if text.startswith("[") and text.endswith("]") else text)
        return "::" if found.version == 6 and found.is_unspecified else str(found)  # also of ::%0
    except ValueError:
        if HOST_NAME.fullmatch(text) and not re.fullmatch(r"[\d.]+", text):
            return text
    if WITH_PORT.fullmatch(text):
        raise ValueError("write only the address; the port belongs in listen.port")
    raise ValueError("write an IP address such as 127.0.0.1, or a host name")


def is_loopback(text: str) -> bool:
    try:
        return _any_ip_address(text).is_loopback
    except (ValueError, OSError):
        return text.rstrip(".").lower() == "localhost"


def is_this_machine(text: str) -> bool:
    """Whether a connection to this address reaches this machine, as one to 0.0.0.0 does."""
    with suppress(ValueError, OSError):
        return is_loopback(text) or _any_ip_address(text).is_unspecified
    return False


def _ip_address(text: str) -> IPv4Address | IPv6Address:
    """Raises ValueError. An IPv4 address within IPv6 is that IPv4 address."""
    found = ip_address(text)
    return (found.ipv4_mapped or found) if isinstance(found, IPv6Address) else found


def _any_ip_address(text: str) -> IPv4Address | IPv6Address:
    """Also understands 127.1, as name resolution does. Raises ValueError or OSError."""
    try:
        return _ip_address(text)
    except ValueError:
        return ip_address(inet_aton(text))


def network(text: str) -> IPv4Network | IPv6Network:
    """`10.0.0.0/8`, or one address as a network of its own."""
    try:
        found = ip_interface(text)
    except ValueError:
        raise ValueError("write an address such as 10.0.0.5, or a network such as 10.0.0.0/8") from None
    if int(found.ip) != int(found.network.network_address):
        raise ValueError(
            f"write {found.network} for the network, or {text.partition('/')[0]} for one address"
        )
    return found.network


def url(text: str) -> str:
    """An http or https URL, encoded as ASCII; empty for `off`."""
    text = text.strip()  # pasted along
    if not text or text.lower() in OFF:
        return ""
    if is_reference(text) and not text.lower().startswith("http"):
        raise ValueError("looks like a placeholder, but nothing fills it in; write the URL itself")
    if len(text.split()) > 1:
        raise ValueError("contains white space; write only the URL, without a comment")
    if hidden := next((char for char in text if not char.isprintable()), ""):
        raise ValueError(f"contains an invisible character (U+{ord(hidden):04X}); remove it")
    with suppress(ValueError):
        parts = urlsplit(text)
        if parts.scheme in ("http", "https") and parts.hostname and parts.port != 0:
            return text if text.isascii() else _in_ascii(parts)
    raise ValueError(NOT_A_URL)


def _in_ascii(parts: SplitResult) -> str:
    """Put `xn--` into the host and percent-encode the rest. Raises ValueError.

    Not with Python's codec for IDNA, whose old rules turn straße.example into strasse.example, another host.
    https://www.rfc-editor.org/rfc/rfc3987#section-3.1
    """
    user, at, place = parts.netloc.rpartition("@")
    host = re.sub(r":\d*$", "", place)
    port = place.removeprefix(host)
    if not host.isascii():
        host = ascii_form(canonical(host))
    if not f"{user}{host}".isascii() or any(len(label) > MAX_LABEL_LENGTH for label in host.split(".")):
        raise ValueError(NOT_A_URL)
    rest = (quote(part, safe="%/?:@!$&'()*+,;=") for part in (parts.path, parts.query, parts.fragment))
    return urlunsplit((parts.scheme, f"{user}{at}{host}{port}", *rest))


def page_url(text: str) -> str:
    """The address of the web page for people in Slack, ending in a slash; empty for `off`."""
    found = url(text)
    parts = urlsplit(found)
    if parts.username or parts.password:
        raise ValueError(
            "contains a user name or password; leave them out, since all of Slack would see them"
        )
    if parts.query or parts.fragment:
        raise ValueError("has a ? or # after the address; leave it out, as in https://uptime.example.com/")
    if len(found) > MAX_PAGE_URL:
        raise ValueError(f"has more than {MAX_PAGE_URL} characters; give the page a shorter address")
    return f"{found.rstrip('/?#')}/" if found else ""


def webhook_url(text: str) -> str:
    """An https URL, or http to this machine; empty for the terminal."""
    text = url(text)
    parts = urlsplit(text)
    if parts.scheme == "http" and not is_loopback(parts.hostname or ""):
        raise ValueError(NOT_A_URL)
    return text


def is_slack_url(webhook_url: str) -> bool:
    """Whether it belongs to Slack's own servers, not to others that accept messages in Slack's format."""
    return (urlsplit(webhook_url).hostname or "").rstrip(".") in SLACK_HOSTS


def is_response_url(text: str) -> bool:
    """Whether it is an address on Slack's own servers and nothing else, since it comes from a request."""
    return RESPONSE_URL.fullmatch(text) is not None


def required_webhook_url(text: str) -> str:
    """Like `webhook_url`, but not empty: a named channel cannot post to the terminal."""
    text = webhook_url(text)
    if not text:
        raise ValueError(f"is empty; {NOT_A_URL}")
    return text


def host_and_port(host: str, port: int) -> str:
    """As in a URL: an IPv6 address has brackets."""
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"


@dataclass(frozen=True, slots=True)
class Proxy:
    """An HTTP proxy for outgoing calls. `username` is empty if it needs none."""

    host: str
    port: int
    username: str = field(default="", repr=False)
    password: str = field(default="", repr=False)

    @property
    def address(self) -> str:
        """`proxy.example.com:3128`, without the credentials."""
        return host_and_port(self.host, self.port)


def proxy(text: str) -> Proxy | Literal[False] | None:
    """`http://[user:password@]host:port`; None if empty, False for `off`."""
    try:
        sent = url(text)
        parts = urlsplit(sent)
        port = parts.port
    except ValueError:
        raise ValueError(PROXY_HINT) from None
    if not sent:
        return False if text.strip() else None
    if parts.scheme != "http" or not port or parts.path.strip("/") or parts.query or parts.fragment:
        raise ValueError(PROXY_HINT)
    return Proxy(parts.hostname or "", port, unquote(parts.username or ""), unquote(parts.password or ""))
