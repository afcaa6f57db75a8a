"""What systemd receives on a real datagram socket, the sockets it passes, and how it judges the units."""

import json
import os
import re
import resource
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path

import pytest

from config.schema import KEYS
from lifecycle.systemd import Notifier, addresses, ip_addresses, listening_sockets
from tests.process import ended, needs
from tests.program import QUICK, Program
from tests.support import PATIENCE, ROOT, basic, free_port, incident_body

UNITS = [ROOT / "deploy" / f"uptime-check-manager.{kind}" for kind in ("service", "socket")]
SAFE = 1.5  # of 10: https://www.freedesktop.org/software/systemd/man/latest/systemd-analyze.html


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
        """Discard what was sent until now."""
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
    with closing(Systemd(name)) as systemd:
        yield systemd


def test_each_message_has_the_form_that_the_protocol_requires(systemd: Systemd) -> None:
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


def test_the_watchdog_of_another_process_is_not_notified(systemd: Systemd) -> None:
    notifier = Notifier({"NOTIFY_SOCKET": systemd.address, "WATCHDOG_USEC": "5", "WATCHDOG_PID": "1"})
    notifier.alive()
    notifier.ready()
    assert systemd.hear() == ["READY=1"]


@pytest.fixture
def heard_by(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Systemd]:
    """The programs that are started from now on are."""
    with closing(Systemd(str(tmp_path / "notify"))) as systemd:
        monkeypatch.setenv("NOTIFY_SOCKET", systemd.address)
        monkeypatch.setenv("WATCHDOG_USEC", "120000000")
        yield systemd


def test_the_program_is_ready_alive_reloading_and_stopping(heard_by: Systemd, tmp_path: Path) -> None:
    program = Program(tmp_path, *QUICK).start()
    assert heard_by.hear() == ["READY=1"]
    assert program.deliver(incident_body())[0] == 200
    heard = heard_by.hear_until("WATCHDOG=1")
    assert any(line.startswith("STATUS=") and "hosts" in line for line in heard)
    program.process.send_signal(signal.SIGHUP)
    assert "RELOADING=1" in heard_by.hear_until("READY=1")
    assert program.stop() == 0
    heard_by.hear_until("STOPPING=1")


def test_a_program_that_cannot_save_is_not_called_alive(heard_by: Systemd, tmp_path: Path) -> None:
    """From some point on, no file may grow."""
    program = Program(tmp_path, *QUICK).start()
    heard_by.hear_until("WATCHDOG=1")
    resource.prlimit(program.process.pid, resource.RLIMIT_FSIZE, (0, 0))
    assert program.deliver(incident_body())[0] == 503
    heard_by.forget()
    heard: list[str] = []
    while not any("cannot save" in line for line in heard):
        heard += heard_by.hear()
    program.stop()
    heard += heard_by.hear_until("STOPPING=1")
    assert "WATCHDOG=1" not in heard


def test_a_start_that_fails_is_never_called_ready(heard_by: Systemd, tmp_path: Path) -> None:
    program = Program(tmp_path)
    program.state_file.parent.mkdir()
    program.state_file.write_text("{")
    assert program.run().returncode == 65
    heard_by._socket.setblocking(False)
    with pytest.raises(BlockingIOError):
        heard_by.hear()


def test_two_colons_mean_every_address_and_not_only_ipv6() -> None:
    if not socket.has_ipv6:
        pytest.skip("this machine has no IPv6")
    sockets = listening_sockets("::", 0)
    try:
        port = sockets[0].getsockname()[1]
        assert {"::", "0.0.0.0"} >= set(ip_addresses(sockets)) >= {"0.0.0.0"}
        shown = [address[0] for address in addresses(sockets)]
        assert shown == ["::" if "::" in ip_addresses(sockets) else "0.0.0.0"]
        with closing(socket.create_server(("0.0.0.0", 0))) as other:
            assert addresses([*sockets, other])[1:] == [other.getsockname()]
        with closing(socket.create_connection(("127.0.0.1", port), timeout=PATIENCE)):
            pass
    finally:
        for each in sockets:
            each.close()


@needs("systemd-analyze")
def test_systemd_finds_no_mistake_in_them(tmp_path: Path) -> None:
    """With programs that are there, since nothing is installed here."""
    for unit in UNITS:
        text = re.sub(r"/opt/\S+/python", sys.executable, unit.read_text())
        (tmp_path / unit.name).write_text(text)
    done = ended("systemd-analyze", "verify", "--man=no", *(tmp_path / unit.name for unit in UNITS))
    said = [line for line in done.stderr.splitlines() if "uptime-check-manager" in line]
    assert (done.returncode, said) == (0, [])


@needs("systemd-analyze")
def test_the_service_may_do_little() -> None:
    done = ended("systemd-analyze", "security", "--offline=true", UNITS[0])
    found = re.search(r"exposure level for \S+: ([\d.]+)", done.stdout)
    assert found, done.stdout[-300:] + done.stderr[-300:]
    assert float(found[1]) <= SAFE


def test_every_secret_key_has_its_credential() -> None:
    unit = UNITS[0].read_text()
    for key in KEYS:
        if key.secret:
            name = key.path.replace(".", "-").replace("_", "-")
            assert f"LoadCredential={name}:uptime-check-manager.{name}\n" in unit


@contextmanager
def activated(program: Program, address: str) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """Started by systemd at a port of that address. Yields also the URL at which it is reached."""
    port = free_port()
    process = subprocess.Popen(
        ["systemd-socket-activate", "--listen", f"{address}:{port}", *program.argv],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        yield process, f"http://127.0.0.1:{port}"
    finally:
        process.kill()
        process.communicate(timeout=PATIENCE)


@needs("systemd-socket-activate")
def test_the_port_of_systemd_is_taken_over_and_announced(tmp_path: Path) -> None:
    with activated(Program(tmp_path), "127.0.0.1") as (process, url):
        body = json.dumps(incident_body()).encode()
        request = urllib.request.Request(f"{url}/fromGCPMonitoring", body, {"Authorization": basic()})
        assert _answer(request)["result"] == "recorded"
        assert process.stdout
        assert f"listens on {url}" in process.stdout.readline()


def _answer(request: urllib.request.Request) -> dict[str, str]:
    """The first connection starts the program; only the activator itself must be there by then."""
    deadline = time.monotonic() + PATIENCE
    while True:
        try:
            with urllib.request.urlopen(request, timeout=PATIENCE) as response:
                return dict(json.loads(response.read()))
        except urllib.error.URLError as error:
            if time.monotonic() > deadline or not isinstance(error.reason, ConnectionRefusedError):
                raise
            time.sleep(0.05)


@needs("systemd-socket-activate")
def test_a_public_port_of_systemd_without_a_certificate_is_warned_of(tmp_path: Path) -> None:
    with activated(Program(tmp_path), "0.0.0.0") as (process, url):
        with pytest.raises(urllib.error.HTTPError):
            _answer(urllib.request.Request(f"{url}/nowhere"))
        assert process.stderr
        told = iter(process.stderr.readline, "")
        warning = next(line for line in told if "systemd listens on" in line)
        assert "0.0.0.0: passwords and tokens travel unencrypted; set tls.certificate" in warning


@needs("systemd-socket-activate")
def test_the_shipped_password_is_refused_at_a_public_port_of_systemd(tmp_path: Path) -> None:
    program = Program(tmp_path)
    program.config.write_text("gcp: {password: change-me}\nstate_file: var/state.json\n")
    with activated(program, "0.0.0.0") as (process, url):
        with pytest.raises((urllib.error.URLError, ConnectionError)):
            _answer(urllib.request.Request(f"{url}/healthz"))
        _, said = process.communicate(timeout=PATIENCE)
        assert process.returncode == 78
        assert "gcp.password: is published with this project" in said


def test_the_service_is_restarted_for_as_long_as_it_takes() -> None:
    """With a limit, fixing a mistake would not help until somebody also resets the unit.

    A hang-up counts as a clean end: https://www.freedesktop.org/software/systemd/man/latest/systemd.service.html#Restart=
    """
    lines = UNITS[0].read_text().splitlines()
    assert {"StartLimitIntervalSec=0", "Restart=on-failure", "RestartForceExitStatus=SIGHUP"} <= {*lines}
    assert not [line for line in lines if line.startswith("RestartPreventExitStatus")]
