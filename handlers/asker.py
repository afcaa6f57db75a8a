"""Who asks: the other end of the connection, or for whom a trusted proxy says that it asks; pure."""

from collections.abc import Collection, Iterable
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address

Networks = Collection[IPv4Network | IPv6Network]


def asker(peer: str, forwarded: Iterable[str], trusted: Networks) -> str:
    """An address. `forwarded` are the X-Forwarded-For headers: every proxy adds its peer at the end.

    What stands before the last untrusted address anybody may have written, and is not believed.
    """
    found = _address(peer)
    said = reversed([each for header in forwarded for each in header.split(",")])
    while found and any(found in network for network in trusted):
        before = _address(next(said, "").strip())
        if before is None:
            break
        found = before
    return str(found or peer)


def is_trusted(peer: str, trusted: Networks) -> bool:
    found = _address(peer)
    return found is not None and any(found in network for network in trusted)


def _address(text: str) -> IPv4Address | IPv6Address | None:
    try:
        address = ip_address(text.partition("%")[0])
    except ValueError:
        return None
    return getattr(address, "ipv4_mapped", None) or address
