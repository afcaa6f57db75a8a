"""Who asks: the other end of the connection, or for whom a trusted proxy says that it asks; pure."""

from collections.abc import Collection, Iterable
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address

Address = IPv4Address | IPv6Address
Networks = Collection[IPv4Network | IPv6Network]


def asker(peer: str, forwarded: Iterable[str], trusted: Networks) -> str:
    """An address. `forwarded` are the X-Forwarded-For headers: every proxy adds its peer at the end.

    What stands before the last untrusted address anybody may have written, and is not believed.
    """
    found = address_of(peer)
    said = reversed([each for header in forwarded for each in header.split(",")])
    while found and is_in(found, trusted):
        before = address_of(next(said, "").strip())
        if before is None:
            break
        found = before
    return str(found or peer)


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
