"""What systemd hears on a real datagram socket, and the sockets that are listened on."""

import os
import re
import resource
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, suppress
from pathlib import Path

import pytest

from lifecycle.systemd import Notifier, ip_addresses, listening_sockets, main_address
from tests.support import PATIENCE, QUICK, ROOT, Program, incident_body


class Systemd:
    """Listens where NOTIFY_SOCKET says."""

    def __init__(self, address: str) -> None:
        self.address = address
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self._socket.bind(f"\0{address[1:]}" if address.startswith("@") else address)
        self._socket.settimeout(PATIENCE)

    def hear(self) -> list[str]:
        """The lines of the next message."""
        return self._socket.recv(4096).decode().splitlines()

    def hear_until(self, line: str) -> list[str]:
        heard: list[str] = []
        while line not in heard:
            heard += self.hear()
        return heard

    def forget(self) -> None:
        """What was said until now."""
        self._socket.setblocking(False)
        with suppress(BlockingIOError):
            while True:
                self.hear()
        self._socket.settimeout(PATIENCE)

    def close(self) -> None:
        self._socket.close()


@pytest.fixture(params=["path", "abstract"])
def systemd(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Systemd]:
    name = f"@uptime-check-manager-{os.getpid()}" if request.param == "abstract" else str(tmp_path / "notify")
    systemd = Systemd(name)
    yield systemd
    systemd.close()


def test_each_thing_is_said_as_the_protocol_wants_it(systemd: Systemd) -> None:
    environment = {
        "NOTIFY_SOCKET": systemd.address,
        "WATCHDOG_USEC": "1000000",
        "WATCHDOG_PID": str(os.getpid()),
    }
    notifier = Notifier(environment)
    assert environment == {}
    notifier.ready()
    assert systemd.hear() == ["READY=1"]
    notifier.reloading()
    reloading, monotonic = systemd.hear()
    assert reloading == "RELOADING=1"
    assert re.fullmatch(r"MONOTONIC_USEC=\d+", monotonic)
    notifier.alive()
    assert systemd.hear() == ["WATCHDOG=1"]
    assert notifier.wants_status([])
    notifier.status("42 hosts, 2 down", ["a problem\nREADY=1"])
    assert systemd.hear() == ["STATUS=42 hosts, 2 down; a problem READY=1"]
    assert not notifier.wants_status(["a problem\nREADY=1"])
    assert notifier.wants_status([])
    notifier.stopping()
    assert systemd.hear()[0] == "STOPPING=1"


def test_where_nobody_listens_nothing_happens() -> None:
    for environment in ({}, {"WATCHDOG_USEC": "5"}, {"NOTIFY_SOCKET": "/nowhere/at/all"}):
        notifier = Notifier(environment)
        notifier.ready()
        notifier.alive()
        notifier.stopping()
    assert not Notifier({}).wants_status(["a problem"])


def test_the_watchdog_of_another_process_is_not_fed(systemd: Systemd) -> None:
    notifier = Notifier({"NOTIFY_SOCKET": systemd.address, "WATCHDOG_USEC": "5", "WATCHDOG_PID": "1"})
    notifier.alive()
    notifier.ready()
    assert systemd.hear() == ["READY=1"]


@pytest.fixture
def heard_by(systemd: Systemd, monkeypatch: pytest.MonkeyPatch) -> Systemd:
    """The programs that are started from now on are."""
    monkeypatch.setenv("NOTIFY_SOCKET", systemd.address)
    monkeypatch.setenv("WATCHDOG_USEC", "120000000")
    return systemd


@pytest.mark.parametrize("systemd", ["path"], indirect=True)
def test_the_program_is_ready_alive_reloading_and_stopping(heard_by: Systemd, tmp_path: Path) -> None:
    program = Program(tmp_path, *QUICK).start()
    assert heard_by.hear() == ["READY=1"]
    assert program.deliver(incident_body())[0] == 200
    heard = heard_by.hear_until("WATCHDOG=1")
    assert any(line.startswith("STATUS=") and "hosts" in line for line in heard)
    assert program.process
    program.process.send_signal(signal.SIGHUP)
    assert "RELOADING=1" in heard_by.hear_until("READY=1")
    assert program.stop() == 0
    heard_by.hear_until("STOPPING=1")


@pytest.mark.parametrize("systemd", ["path"], indirect=True)
def test_a_program_that_cannot_save_is_not_called_alive(heard_by: Systemd, tmp_path: Path) -> None:
    """No file may grow any more."""
    program = Program(tmp_path, *QUICK).start()
    heard_by.hear_until("WATCHDOG=1")
    assert program.process
    resource.prlimit(program.process.pid, resource.RLIMIT_FSIZE, (0, 0))
    assert program.deliver(incident_body())[0] == 503
    heard_by.forget()
    heard: list[str] = []
    while not any("cannot save" in line for line in heard):
        heard += heard_by.hear()
    program.stop()
    heard += heard_by.hear_until("STOPPING=1")
    assert "WATCHDOG=1" not in heard


@pytest.mark.parametrize("systemd", ["path"], indirect=True)
def test_a_start_that_fails_is_never_called_ready(heard_by: Systemd, tmp_path: Path) -> None:
    program = Program(tmp_path)
    program.state_file.parent.mkdir()
    program.state_file.write_text("{")
    command = [sys.executable, str(ROOT / "server.py"), "--config", str(program.config)]
    assert subprocess.run(command, capture_output=True, timeout=PATIENCE, check=False).returncode == 65
    heard_by._socket.setblocking(False)
    with pytest.raises(BlockingIOError):
        heard_by.hear()


def test_two_colons_are_every_address_and_not_those_of_ipv6_alone() -> None:
    if not socket.has_ipv6:
        pytest.skip("this machine has no IPv6")
    sockets = listening_sockets("::", 0)
    try:
        port = sockets[0].getsockname()[1]
        assert {"::", "0.0.0.0"} >= set(ip_addresses(sockets)) >= {"0.0.0.0"}
        assert main_address(sockets)[0] == ("::" if "::" in ip_addresses(sockets) else "0.0.0.0")
        with closing(socket.create_connection(("127.0.0.1", port), timeout=PATIENCE)):
            pass
    finally:
        for each in sockets:
            each.close()
