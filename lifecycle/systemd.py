"""The sockets to listen on, opened here or passed by systemd, and systemd's notification protocol.

https://www.freedesktop.org/software/systemd/man/latest/sd_notify.html
https://www.freedesktop.org/software/systemd/man/latest/sd_listen_fds.html
"""

import errno
import logging
import os
import socket
import time
from collections.abc import Iterable, MutableMapping, Sequence
from typing import Any

from tornado.netutil import bind_sockets

log = logging.getLogger("server")

STATUS_INTERVAL = 10  # seconds
Address = tuple[Any, ...] | str  # the latter of a Unix socket
FIRST_INHERITED = 3  # descriptors 0, 1 and 2 are the standard streams


class Notifier:
    """Does nothing if the process was not started by systemd."""

    def __init__(self, environment: MutableMapping[str, str] = os.environ) -> None:
        """Removes its variables from `environment`: child processes must not notify."""
        address = environment.pop("NOTIFY_SOCKET", "")
        watchdog, pid = environment.pop("WATCHDOG_USEC", ""), environment.pop("WATCHDOG_PID", "")
        self._is_watched = bool(watchdog) and pid in ("", str(os.getpid()))
        self._address = f"\0{address[1:]}" if address.startswith("@") else address
        self._problems: Sequence[str] = ()
        self._next_status = 0.0

    def ready(self) -> None:
        self._send("READY=1")

    def reloading(self) -> None:
        """Tell systemd that a reload begins. Call `ready` when it is over."""
        self._send("RELOADING=1", f"MONOTONIC_USEC={time.monotonic_ns() // 1000}")

    def stopping(self) -> None:
        self._send("STOPPING=1", "STATUS=finishing requests and posts in flight")

    def alive(self) -> None:
        """Without it for `WatchdogSec`, systemd kills and restarts the program."""
        if self._is_watched:
            self._send("WATCHDOG=1")

    def wants_status(self, problems: Sequence[str]) -> bool:
        """Whether the problems have changed or the interval is over: counting the hosts takes time."""
        return bool(self._address) and (problems != self._problems or time.monotonic() >= self._next_status)

    def status(self, sentence: str, problems: Sequence[str]) -> None:
        """Set the line that `systemctl status` shows."""
        self._problems = problems
        self._next_status = time.monotonic() + STATUS_INTERVAL
        self._send(f"STATUS={' '.join('; '.join([sentence, *problems]).split())}")

    def _send(self, *assignments: str) -> None:
        if not self._address:
            return
        try:
            with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM | socket.SOCK_NONBLOCK) as out:
                out.sendto("\n".join(assignments).encode(), self._address)
        except OSError as error:  # must not end the program
            log.debug("cannot notify systemd of %s: %s", assignments[0], error)


def _hint(error: OSError, port: int) -> str:
    hints = {
        errno.EADDRINUSE: f"; `ss -ltnp sport = :{port}` shows by whom: stop that, or choose another port",
        errno.EADDRNOTAVAIL: "; this machine does not have that address; write one of `ip addr`",
        errno.EACCES: "; ports below 1024 are for root: choose another, and put a proxy in front of it",
    }
    return hints.get(error.errno or 0, "")


def listening_sockets(address: str, port: int) -> list[socket.socket]:
    """The sockets inherited from systemd, which survive a restart, or else new ones. Raises OSError.

    `::` listens on every address, IPv4 included.
    """
    try:
        return _inherited() or bind_sockets(port, None if address == "::" else address)
    except OSError as error:
        where = f"{address}, port {port} (listen.address, listen.port)"
        raise OSError(f"cannot listen on {where}: {error.strerror}{_hint(error, port)}") from None


def addresses(sockets: Iterable[socket.socket]) -> list[Address]:
    """Those to show, without 0.0.0.0 beside `::` at the same port, which is every address."""
    found: list[Address] = [each.getsockname() for each in sockets]
    wide = {address[1] for address in found if address[:1] == ("::",)}
    return [each for each in found if not (each[:1] == ("0.0.0.0",) and each[1] in wide)]  # noqa: S104 - bound already


def ip_addresses(sockets: Iterable[socket.socket]) -> list[str]:
    """Unix sockets have none."""
    families = (socket.AF_INET, socket.AF_INET6)
    return [each.getsockname()[0] for each in sockets if each.family in families]


def _inherited() -> list[socket.socket]:
    # Removed in any case: they may be meant for another process, and never for a child of ours.
    pid, count = os.environ.pop("LISTEN_PID", ""), os.environ.pop("LISTEN_FDS", "")
    os.environ.pop("LISTEN_FDNAMES", None)
    if pid != str(os.getpid()) or not count.isdecimal():
        return []
    return [_adopt(FIRST_INHERITED + number) for number in range(int(count))]


def _adopt(descriptor: int) -> socket.socket:
    inherited = socket.socket(fileno=descriptor)
    inherited.settimeout(0)  # a blocking one would hang the loop at its second accept
    inherited.set_inheritable(False)
    return inherited
