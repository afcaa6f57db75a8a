"""The sockets to listen on: handed over by systemd, or bound here.

What systemd hands over: https://www.freedesktop.org/software/systemd/man/latest/sd_listen_fds.html
"""

import os
import socket
from collections.abc import Iterable

from tornado.netutil import bind_sockets

FIRST_INHERITED = 3  # descriptors 0, 1 and 2 are the standard streams


def listening_sockets(address: str, port: int) -> list[socket.socket]:
    """Inherited sockets outlive this process: a restart refuses nobody. Raises OSError, which says where.

    `::` is every address of this machine, not those of IPv6 alone.
    """
    try:
        return _inherited() or bind_sockets(port, None if address == "::" else address)
    except OSError as error:
        where = f"{address}, port {port} (listen.address, listen.port)"
        raise OSError(f"cannot listen on {where}: {error.strerror}") from None


def addresses(sockets: Iterable[socket.socket]) -> list[str]:
    """The IP addresses among what is listened on: a socket in the file system is for this machine alone."""
    families = (socket.AF_INET, socket.AF_INET6)
    return [each.getsockname()[0] for each in sockets if each.family in families]


def _inherited() -> list[socket.socket]:
    # Variables of another process may have come with the environment; they are not for ours either.
    meant_for, count = os.environ.pop("LISTEN_PID", ""), os.environ.pop("LISTEN_FDS", "")
    os.environ.pop("LISTEN_FDNAMES", None)
    if meant_for != str(os.getpid()) or not count.isdecimal():
        return []
    return [_take_over(FIRST_INHERITED + number) for number in range(int(count))]


def _take_over(descriptor: int) -> socket.socket:
    taken = socket.socket(fileno=descriptor)
    taken.settimeout(0)  # a blocking one would hang the loop at its second accept
    taken.set_inheritable(False)
    return taken
