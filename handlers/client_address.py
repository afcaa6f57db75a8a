"""Finds the client's address: the peer's, or what trusted proxies say in X-Forwarded-For.

Tornado's `xheaders` believes anyone who sends the header, and knows no networks of trusted proxies.
"""

import re
from collections.abc import Collection, Iterable
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address

Address = IPv4Address | IPv6Address
Networks = Collection[IPv4Network | IPv6Network]

# Headers by which proxies show that they forward a request, besides all that begin with X-Forwarded.
PROXY_HEADERS = {
    "Forwarded",
    "Forwarded-For",
    "Via",
    "X-Real-Ip",
    "X-Client-Ip",
    "X-Cluster-Client-Ip",
    "X-Original-Forwarded-For",
    "X-Envoy-External-Address",
    "True-Client-Ip",
    "Cf-Connecting-Ip",
    "Fastly-Client-Ip",
}
# Some proxies add the port of their peer, and put an IPv6 address in brackets.
IN_BRACKETS = re.compile(r"\[([^\]]*)\](?::[0-9]{1,5})?")
WITH_PORT = re.compile(r"([0-9.]+):[0-9]{1,5}")


def client_address(peer: str, forwarded: Iterable[str], trusted: Networks) -> str:
    """The last address in `forwarded`, the X-Forwarded-For headers, or `peer` that is not a trusted proxy's.

    Each proxy appends its peer, so anybody may have written what comes before that address. If a trusted
    proxy names no valid address, the client is unknown: the text returned then is in no network.
    """
    address = parse_address(peer)
    for item in reversed([item for header in forwarded for item in header.split(",")]):
        if not is_in(address, trusted):
            break
        previous = _parse_item(item.strip())
        if previous is None:
            return f"unknown client behind {address}"
        address = previous
    return str(address or peer)


def was_forwarded(headers: Iterable[str]) -> bool:
    """Whether a request with these headers came through a proxy."""
    return any(name in PROXY_HEADERS or name.startswith("X-Forwarded") for name in headers)


def is_in(address: Address | None, networks: Networks) -> bool:
    """Whether an address is in one of the networks; without one it is in none."""
    return address is not None and any(address in network for network in networks)


def parse_address(text: str) -> Address | None:
    """Drop the zone of an IPv6 address; return None if it is not an address."""
    try:
        address = ip_address(text.partition("%")[0])
    except ValueError:
        return None
    return getattr(address, "ipv4_mapped", None) or address


def _parse_item(item: str) -> Address | None:
    bare = item[1:-1] if len(item) > 1 and item[0] == item[-1] == '"' else item
    found = IN_BRACKETS.fullmatch(bare) or WITH_PORT.fullmatch(bare)
    return parse_address(found[1] if found else bare)
