"""Who asks: the other end of the connection, or for whom a trusted proxy says that it asks; pure."""

import re
from collections.abc import Collection, Iterable
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address

Address = IPv4Address | IPv6Address
Networks = Collection[IPv4Network | IPv6Network]

# Headers by which proxies say that they pass a request on, besides all that begin with X-Forwarded.
FORWARDING = {
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
# Some proxies write the port of their peer as well, and an IPv6 address in brackets.
IN_BRACKETS = re.compile(r"\[([^\]]*)\](?::[0-9]{1,5})?")
WITH_PORT = re.compile(r"([0-9.]+):[0-9]{1,5}")


def client_address(peer: str, forwarded: Iterable[str], trusted: Networks) -> str:
    """An address. `forwarded` are the X-Forwarded-For headers: every proxy adds its peer at the end.

    What stands before the last untrusted address anybody may have written, and is not believed.
    If a trusted proxy names its peer by something that is no address, nobody knows who asks: the
    answer is no address either, so that it is in no network.
    """
    found = address_of(peer)
    said = reversed([each for header in forwarded for each in header.split(",")])
    while found and is_in(found, trusted):
        name = next(said, None)
        if name is None:
            break
        before = _named(name.strip())
        if before is None:
            return f"somebody unknown, by {found}"
        found = before
    return str(found or peer)


def was_passed_on(headers: Iterable[str]) -> bool:
    """Whether a proxy stands in between, by the names of a request's headers."""
    return any(name in FORWARDING or name.startswith("X-Forwarded") for name in headers)


def is_trusted(peer: str, trusted: Networks) -> bool:
    found = address_of(peer)
    return found is not None and is_in(found, trusted)


def is_in(address: Address, networks: Networks) -> bool:
    return any(address in network for network in networks)


def address_of(text: str) -> Address | None:
    """Without the zone of an IPv6 address; None if it is no address."""
    try:
        address = ip_address(text.partition("%")[0])
    except ValueError:
        return None
    return getattr(address, "ipv4_mapped", None) or address


def _named(name: str) -> Address | None:
    """The address in an item of X-Forwarded-For, or None."""
    bare = name[1:-1] if len(name) > 1 and name[0] == name[-1] == '"' else name
    found = IN_BRACKETS.fullmatch(bare) or WITH_PORT.fullmatch(bare)
    return address_of(found[1] if found else bare)
