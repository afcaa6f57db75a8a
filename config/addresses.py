"""Readers for addresses, networks and URLs; each raises ValueError with the cure, which quotes no secret."""

import re
from contextlib import suppress
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network
from urllib.parse import SplitResult, quote, urlsplit, urlunsplit

from config.times import OFF

SLACK_HOSTS = ("hooks.slack.com", "hooks.slack-gov.com")  # where Slack itself takes messages
EVERYWHERE = ("*", "any", "all", "everywhere")
RESPONSE_URL = re.compile(rf"https://({'|'.join(map(re.escape, SLACK_HOSTS))})/[!-~]{{1,1000}}")
WITH_PORT = re.compile(r"(?:\[[^]]*\]|[^:]*):\d+")
HOST_NAME = re.compile(r"(?!-)[A-Za-z0-9-]{1,63}(\.[A-Za-z0-9-]{1,63})*\.?")


def address(text: str) -> str:
    """An IP address, with or without the brackets of a URL, or a host name."""
    if text in EVERYWHERE:
        raise ValueError('write 0.0.0.0 for every IPv4 address, or "::" for every address')
    try:
        return str(ip_address(text[1:-1] if text.startswith("[") and text.endswith("]") else text))
    except ValueError:
        if HOST_NAME.fullmatch(text) and not re.fullmatch(r"[\d.]+", text):
            return text
    if WITH_PORT.fullmatch(text):
        raise ValueError("write only the address; the port belongs in listen.port")
    raise ValueError("write an IP address such as 127.0.0.1, or a host name")


def is_loopback(text: str) -> bool:
    try:
        return ip_address(text).is_loopback
    except ValueError:
        return text.rstrip(".").lower() == "localhost"


def network(text: str) -> IPv4Network | IPv6Network:
    """Reads `10.0.0.0/8`, or one address as a network of its own."""
    try:
        return ip_network(text)
    except ValueError:
        raise ValueError(_network_cure(text)) from None


def _network_cure(text: str) -> str:
    try:
        meant = ip_network(text, strict=False)
    except ValueError:
        return "write an address such as 10.0.0.5, or a network such as 10.0.0.0/8"
    return f"write {meant} for the network, or {text.partition('/')[0]} for one address"


def url(text: str) -> str:
    """An http or https URL, encoded as ASCII; empty for `off`."""
    text = text.strip()  # pasted along
    if not text or text.lower() in OFF:
        return ""
    with suppress(ValueError):
        parts = urlsplit(text)
        is_one_word = text.isprintable() and " " not in text
        if is_one_word and parts.scheme in ("http", "https") and parts.hostname and parts.port != 0:
            return text if text.isascii() else _in_ascii(parts)
    raise ValueError("write a URL that begins with https://")


def _in_ascii(parts: SplitResult) -> str:
    """Encodes the host by IDNA and percent-encodes the rest. Raises ValueError.

    https://www.rfc-editor.org/rfc/rfc3987#section-3.1
    """
    user, at, host = parts.netloc.rpartition("@")
    netloc = f"{user}{at}{host.encode('idna').decode()}"
    rest = (quote(part, safe="%/?:@!$&'()*+,;=") for part in (parts.path, parts.query, parts.fragment))
    return urlunsplit((parts.scheme, netloc, *rest))


def webhook_url(text: str) -> str:
    """An https URL, or http to this machine; empty for the terminal."""
    text = url(text)
    parts = urlsplit(text)
    if parts.scheme == "http" and not is_loopback(parts.hostname or ""):
        raise ValueError("write a URL that begins with https://")
    return text


def is_slack_url(webhook_url: str) -> bool:
    """True for Slack's own servers, False for others that accept messages in Slack's format."""
    return (urlsplit(webhook_url).hostname or "").rstrip(".") in SLACK_HOSTS


def is_response_url(text: str) -> bool:
    """Whether it is an address of Slack's own servers and nothing else: it comes with a request."""
    return RESPONSE_URL.fullmatch(text) is not None


def required_webhook_url(text: str) -> str:
    """As `webhook_url`, but not empty: a named channel cannot post to the terminal."""
    text = webhook_url(text)
    if not text:
        raise ValueError("is empty; write a URL that begins with https://")
    return text
