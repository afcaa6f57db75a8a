"""Which addresses are listened on."""

import socket
from contextlib import closing

import pytest

from lifecycle.systemd import ip_addresses, listening_sockets


def test_two_colons_are_every_address_and_not_those_of_ipv6_alone() -> None:
    if not socket.has_ipv6:
        pytest.skip("this machine has no IPv6")
    sockets = listening_sockets("::", 0)
    try:
        port = sockets[0].getsockname()[1]
        assert {"::", "0.0.0.0"} >= set(ip_addresses(sockets)) >= {"0.0.0.0"}
        with closing(socket.create_connection(("127.0.0.1", port), timeout=20)):
            pass
    finally:
        for each in sockets:
            each.close()
