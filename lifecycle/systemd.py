"""Tells systemd how the program is: https://www.freedesktop.org/software/systemd/man/latest/sd_notify.html"""

import logging
import os
import socket
import time
from collections.abc import Iterable, MutableMapping, Sequence

from tornado.netutil import bind_sockets

log = logging.getLogger("server")


class Notifier:
    """Without systemd nothing is told to anybody."""

    def __init__(self, environment: MutableMapping[str, str] = os.environ) -> None:
        """Takes what is meant for this process out of the environment: no child is to answer for it."""
        address = environment.pop("NOTIFY_SOCKET", "")
        watched, by = environment.pop("WATCHDOG_USEC", ""), environment.pop("WATCHDOG_PID", "")
        self._is_watched = bool(watched) and by in ("", str(os.getpid()))
        self._address = f"\0{address[1:]}" if address.startswith("@") else address
        self._problems: Sequence[str] = ()
        self._next_status = 0.0

    def ready(self) -> None:
        self._tell("READY=1")

    def reloading(self) -> None:
        """To be followed by `ready`."""
        self._tell("RELOADING=1", f"MONOTONIC_USEC={time.monotonic_ns() // 1000}")

    def stopping(self) -> None:
        self._tell("STOPPING=1", "STATUS=answering what is under way")

    def alive(self) -> None:
        """To be told far more often than `WatchdogSec`, or else the program is killed and started again."""
        if self._is_watched:
            self._tell("WATCHDOG=1")

    def wants_status(self, problems: Sequence[str]) -> bool:
        """When the problems are others, or every ten seconds: to count the hosts takes a moment."""
        return bool(self._address) and (problems != self._problems or time.monotonic() >= self._next_status)

    def status(self, sentence: str, problems: Sequence[str]) -> None:
        """What `systemctl status` shows, in one line."""
        self._problems = problems
        self._next_status = time.monotonic() + 10
        self._tell(f"STATUS={' '.join('; '.join([sentence, *problems]).split())}")

    def _tell(self, *assignments: str) -> None:
        if not self._address:
            return
        try:
            with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM | socket.SOCK_NONBLOCK) as out:
                out.sendto("\n".join(assignments).encode(), self._address)
        except OSError as error:  # a supervisor that does not listen must not end what it supervises
            log.debug("systemd was not told %s: %s", assignments[0], error)


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
