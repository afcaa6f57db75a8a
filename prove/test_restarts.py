"""Restarts under load with the listening socket inherited: nobody is refused, nothing is lost."""

import contextlib
import os
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from prove.size import times
from prove.traffic import Traffic, missing
from prove.without import WITHOUT
from tests.program import Program, running
from tests.support import ROOT

# What systemd does for a socket unit: the socket as descriptor 3, and whose it is.
START = (
    "-c",
    'import os, sys; os.environ["LISTEN_PID"] = str(os.getpid()); os.execv(sys.executable, [sys.executable, *sys.argv[1:]])',
)


def start(program: Program, listening: socket.socket) -> subprocess.Popen[bytes]:
    with (program.folder / "output.txt").open("ab") as output:
        return subprocess.Popen(
            program.argv,
            env={**os.environ, "LISTEN_FDS": "1"},
            stdout=subprocess.DEVNULL,
            stderr=output,
            preexec_fn=lambda: os.dup2(listening.fileno(), 3),
            pass_fds=[3],
        )


def knock(address: tuple[str, int]) -> None:
    """Raises ConnectionRefusedError if nobody listens."""
    with socket.create_connection(address, timeout=20):
        pass


@contextlib.contextmanager
def flowing(traffic: Traffic) -> Iterator[None]:
    traffic.start("restart")
    try:
        yield
    finally:
        traffic.stop()


def restart_often(program: Program, listening: socket.socket, traffic: Traffic, rounds: int) -> None:
    """Under load, with a connection attempt each time that no server is running."""
    process = start(program, listening)
    for _ in range(rounds):
        reached = len(traffic.acknowledged) + 20
        while len(traffic.acknowledged) < reached:
            assert process.poll() is None, program.log()
            time.sleep(0.01)
        process.send_signal(signal.SIGTERM)
        assert process.wait(20) == 0
        knock(listening.getsockname())
        process = start(program, listening)
    traffic.stop()
    process.send_signal(signal.SIGTERM)
    assert process.wait(20) == 0


def load_through_restarts(program: Program, rounds: int) -> Traffic:
    with socket.create_server(("127.0.0.1", 0), backlog=512) as listening:
        traffic = Traffic(f"http://127.0.0.1:{listening.getsockname()[1]}", clients=4)
        with flowing(traffic):
            restart_often(program, listening, traffic, rounds)
    return traffic


def test_no_connection_is_refused_and_no_delivery_lost(tmp_path: Path) -> None:
    program = Program(tmp_path, *START, ROOT / "server.py")
    traffic = load_through_restarts(program, times(4, 50))
    lost = missing(traffic.acknowledged, program.state_file)
    print(
        f"{len(traffic.acknowledged)} acknowledged, {len(lost)} lost, {len(traffic.refused)} refused, {traffic.broken} broken"
    )
    assert (traffic.refused, traffic.broken, traffic.unexpected, lost) == ([], 0, [], set())
    assert "Traceback" not in program.log()


def test_a_server_that_does_not_wait_for_its_answers_would_break_some(tmp_path: Path) -> None:
    assert load_through_restarts(Program(tmp_path, *START, WITHOUT, "draining"), 8).broken > 0


def test_with_a_socket_of_its_own_it_would_refuse_connections_in_between(tmp_path: Path) -> None:
    with running(tmp_path) as program:
        knock(("127.0.0.1", program.port))
        program.stop()
        with pytest.raises(ConnectionRefusedError):
            knock(("127.0.0.1", program.port))
