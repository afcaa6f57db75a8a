"""The units: what systemd thinks of them, and the port that it hands over."""

import json
import re
import shutil
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from tornado.testing import bind_unused_port

from config.schema import KEYS
from tests.support import PATIENCE, ROOT, Program, basic, incident_body

UNITS = [ROOT / "deploy" / f"uptime-check-manager.{kind}" for kind in ("service", "socket")]
SAFE = 1.5  # of 10: https://www.freedesktop.org/software/systemd/man/latest/systemd-analyze.html


def needs(tool: str) -> pytest.MarkDecorator:
    return pytest.mark.skipif(not shutil.which(tool), reason=f"needs {tool}")


@needs("systemd-analyze")
def test_systemd_finds_no_mistake_in_them(tmp_path: Path) -> None:
    """With programs that are there, since nothing is installed here."""
    for unit in UNITS:
        text = re.sub(r"/opt/\S+/python", sys.executable, unit.read_text())
        (tmp_path / unit.name).write_text(text)
    command = ["systemd-analyze", "verify", "--man=no", *(str(tmp_path / unit.name) for unit in UNITS)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=PATIENCE, check=False)
    said = [line for line in done.stderr.splitlines() if "uptime-check-manager" in line]
    assert (done.returncode, said) == (0, [])


@needs("systemd-analyze")
def test_the_service_may_do_little() -> None:
    command = ["systemd-analyze", "security", "--offline=true", str(UNITS[0])]
    done = subprocess.run(command, capture_output=True, text=True, timeout=PATIENCE, check=False)
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
    """By systemd at a port of that address; and the URL at which it is reached."""
    sock, port = bind_unused_port()
    sock.close()
    server: list[str | Path] = [sys.executable, ROOT / "server.py", "--config", program.config]
    process = subprocess.Popen(
        ["systemd-socket-activate", "--listen", f"{address}:{port}", *server],
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
def test_the_port_of_systemd_is_taken_over_and_said(tmp_path: Path) -> None:
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
def test_the_shipped_password_is_refused_at_a_public_port_of_systemd(tmp_path: Path) -> None:
    program = Program(tmp_path)
    program.config.write_text("gcp: {password: change-me}\nstate_file: var/state.json\n")
    with activated(program, "0.0.0.0") as (process, url):
        with pytest.raises((urllib.error.URLError, ConnectionError)):
            _answer(urllib.request.Request(f"{url}/healthz"))
        _, said = process.communicate(timeout=PATIENCE)
        assert process.returncode == 78
        assert "gcp.password: is published with this project" in said


def test_the_service_is_started_again_for_as_long_as_it_takes() -> None:
    """With a limit, mending a mistake would not help until somebody also resets the unit.

    A hang-up counts as a clean end: https://www.freedesktop.org/software/systemd/man/latest/systemd.service.html#Restart=
    """
    lines = UNITS[0].read_text().splitlines()
    assert {"StartLimitIntervalSec=0", "Restart=on-failure", "RestartForceExitStatus=SIGHUP"} <= {*lines}
    assert not [line for line in lines if line.startswith("RestartPreventExitStatus")]
