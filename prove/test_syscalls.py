"""Every system call of a save fails, once and from then on: the disk is old or new, and nobody is told otherwise."""

import contextlib
import http.client
import json
import os
import shutil
import signal
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from prove.size import LONG
from state.codec import decode
from tests.support import ROOT, Program, basic, incident_body, running

ERRORS = ["EIO", "ENOSPC", "EDQUOT", "EROFS", "EMFILE", "EACCES", "EFBIG"] if LONG else ["EIO"]
# call, its how-manieth in one save, and what the delivery is answered
CALLS = [
    ("openat", 1, 503),
    ("writev", 1, 503),
    ("fsync", 1, 503),  # of the temporary file
    ("fsync", 2, 503),  # of the directory
    ("close", 1, 200),  # of a version that was synced long before, and that nothing names any more
    ("linkat", 1, 503),
    ("renameat", 1, 503),  # the last version to .bak
    ("renameat", 2, 503),  # the temporary file to state.json
]


def _may_trace() -> bool:
    try:
        return Path("/proc/sys/kernel/yama/ptrace_scope").read_text().strip() == "0" or os.geteuid() == 0
    except FileNotFoundError:
        return True


pytestmark = [
    pytest.mark.skipif(shutil.which("strace") is None, reason="strace is not installed"),
    pytest.mark.skipif(not _may_trace(), reason="needs root: tracing another process"),
]


@contextlib.contextmanager
def failing(program: Program, call: str, when: str, error: str) -> Iterator[None]:
    assert program.process
    log = program.folder / "strace.txt"
    inject = f"inject={call}:error={error}:when={when}"
    command = [
        "strace",
        "-f",
        "-qq",
        "-o",
        str(log),
        "-e",
        f"trace={call}",
        "-e",
        inject,
        "-p",
        str(program.process.pid),
    ]
    tracer = subprocess.Popen(command, stderr=subprocess.DEVNULL)
    status = Path(f"/proc/{program.process.pid}/task")
    while not all("TracerPid:\t0\n" not in (task / "status").read_text() for task in status.iterdir()):
        assert tracer.poll() is None, "strace could not attach"
        time.sleep(0.01)
    try:
        yield
    finally:
        tracer.send_signal(signal.SIGINT)
        tracer.wait(10)


class Client:
    """Everything over one connection: the server opens and closes none, so that calls can be counted."""

    def __init__(self, program: Program) -> None:
        self._connection = http.client.HTTPConnection(urlsplit(program.url).netloc, timeout=20)

    def deliver(self, incident_id: str) -> int:
        return self._ask("POST", "/fromGCPMonitoring", json.dumps(incident_body(incident_id)))

    def health(self) -> int:
        return self._ask("GET", "/healthz")

    def close(self) -> None:
        self._connection.close()

    def _ask(self, method: str, path: str, body: str | None = None) -> int:
        self._connection.request(method, path, body, {"Authorization": basic()})
        response = self._connection.getresponse()
        response.read()
        return response.status


def kept(program: Program) -> set[str]:
    return set(decode(program.state_file.read_bytes())[0].owners)


def left_over(program: Program) -> list[str]:
    return [path.name for path in program.state_file.parent.iterdir() if path.name.endswith(".tmp")]


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Program, Client]]:
    with running(tmp_path_factory.mktemp("server")) as program:
        while "digest posted" not in program.log():  # its own saves would meet the failures
            time.sleep(0.01)
        client = Client(program)
        assert [client.deliver(f"before-{number}") for number in range(3)] == [200] * 3
        yield program, client
        client.close()
        assert "Traceback" not in program.log()


CASES = [
    pytest.param(call, nth, answer, error, on, id=f"{call} {nth} {error} {'from then on' if on else 'once'}")
    for call, nth, answer in CALLS
    for error in ERRORS
    for on in (False, True)
]


@pytest.mark.parametrize(("call", "nth", "answer", "error", "on"), CASES)
def test_a_failing_call(
    server: tuple[Program, Client], call: str, nth: int, answer: int, error: str, on: bool
) -> None:
    program, client = server
    name = f"{call}-{nth}-{error}-{on}"
    before = kept(program)
    with failing(program, call, f"{nth}+" if on else str(nth), error):
        status = client.deliver(name)
        during = kept(program)
        health = client.health()
    assert (status, health) == (answer, answer)
    assert before <= during <= before | {name}
    assert name in during or answer == 503
    assert client.deliver(f"{name}-next") == 200
    assert client.deliver(name) == 200
    assert before | {name, f"{name}-next"} <= kept(program)
    assert left_over(program) == []
    assert client.health() == 200


def test_a_store_that_does_not_look_would_acknowledge_falsely(tmp_path: Path) -> None:
    """The control: the same failure, and an fsync whose answer nobody reads."""
    with running(tmp_path, ROOT / "prove" / "without.py", "fsync-errors") as program:
        program.deliver(incident_body("before"))
        with failing(program, "fsync", "1+", "EIO"):
            assert program.deliver(incident_body("lost?"))[0] == 200
