"""Idle connections, slow headers, slow bodies: Google's deliveries still get through at once."""

import socket
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

import pytest

from prove.size import times
from prove.without import WITHOUT
from tests.process import processor_seconds
from tests.program import Program, running
from tests.support import ROOT, incident_body

HEADERS = b"POST /fromGCPMonitoring HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n"
EXHAUSTED = "Too many open files"
SENT = {"idle": b"", "slow headers": HEADERS, "slow bodies": HEADERS + b"\r\n{"}


@contextmanager
def strangers(program: Program, count: int, send: bytes) -> Iterator[list[socket.socket]]:
    clients: list[socket.socket] = []
    try:
        for _ in range(count):
            client = socket.create_connection(("127.0.0.1", program.port), timeout=20)
            clients.append(client)
            client.sendall(send)
        yield clients
    finally:
        for client in clients:
            client.close()


def timed(call: Callable[[], tuple[int, object]]) -> tuple[int, float]:
    began = time.monotonic()
    status = call()[0]
    return status, time.monotonic() - began


@pytest.mark.parametrize("kind", list(SENT))
def test_a_delivery_gets_through_any_crowd(tmp_path: Path, kind: str) -> None:
    with running(tmp_path) as program, strangers(program, times(400, 2_000), SENT[kind]):
        used = processor_seconds(program.process.pid)
        answers = [timed(partial(program.deliver, incident_body(f"0.{n}"))) for n in range(20)]
        time.sleep(1)  # the crowd must not keep it busy when nobody asks for anything
        used = processor_seconds(program.process.pid) - used
        lines = program.log().count("\n")
    print(
        f"{kind}: slowest {max(seconds for _, seconds in answers):.3f} s, processor {used:.2f} s, {lines} log lines"
    )
    assert {status for status, _ in answers} == {200}
    assert max(seconds for _, seconds in answers) < 1
    assert used < 0.5
    assert lines < 100
    assert "Traceback" not in program.log()


LIMITED = """
import os, resource, sys
resource.setrlimit(resource.RLIMIT_NOFILE, (60, 60))
os.execv(sys.executable, [sys.executable, "-W", "error", *sys.argv[1:]])
"""


def test_with_hardly_any_descriptors_it_stays_quiet_and_serves(tmp_path: Path) -> None:
    with running(tmp_path, "-c", LIMITED, ROOT / "server.py") as program:
        with strangers(program, 100, b""):
            statuses = {program.deliver(incident_body(f"0.{n}"))[0] for n in range(5)}
            used = processor_seconds(program.process.pid)
            time.sleep(1)
            used = processor_seconds(program.process.pid) - used
        print(
            f"few descriptors: processor {used:.2f} s in one second, {len(program.log())} characters logged"
        )
        assert statuses == {200}
        assert used < 0.5
        assert len(program.log()) < 20_000
        assert EXHAUSTED not in program.log()


def test_without_the_bound_they_would_keep_google_out(tmp_path: Path) -> None:
    with (
        running(tmp_path, "-c", LIMITED, WITHOUT, "bound") as program,
        strangers(program, 100, b""),
        socket.create_connection(("127.0.0.1", program.port), timeout=1) as google,
    ):
        google.sendall(b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n")
        with pytest.raises(TimeoutError):
            google.recv(1)
        assert EXHAUSTED in program.log()
