"""Restarts under load with the listening socket inherited: nobody is refused, nothing is lost."""

import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

from prove.size import times
from prove.traffic import Traffic, missing
from tests.support import ROOT, Program

# What systemd does for a socket unit: the socket as descriptor 3, and whose it is.
START = 'import os, sys; os.environ["LISTEN_PID"] = str(os.getpid()); os.execv(sys.executable, [sys.executable, *sys.argv[1:]])'


def start(program: Program, listening: socket.socket) -> subprocess.Popen[bytes]:
    with (program.folder / "output.txt").open("ab") as output:
        return subprocess.Popen(
            [sys.executable, "-c", START, ROOT / "server.py", "--config", program.config],
            env={**os.environ, "LISTEN_FDS": "1"},
            stdout=subprocess.DEVNULL,
            stderr=output,
            preexec_fn=lambda: os.dup2(listening.fileno(), 3),
            pass_fds=[3],
        )


def restart_often(
    program: Program, process: subprocess.Popen[bytes], listening: socket.socket, traffic: Traffic
) -> subprocess.Popen[bytes]:
    for _ in range(times(4, 50)):
        reached = len(traffic.acknowledged) + 20
        while len(traffic.acknowledged) < reached:
            assert process.poll() is None, program.log()
            time.sleep(0.01)
        process.send_signal(signal.SIGTERM)
        assert process.wait(20) == 0
        process = start(program, listening)
    return process


def test_no_connection_is_refused_and_no_delivery_lost(tmp_path: Path) -> None:
    program = Program(tmp_path)
    with socket.create_server(("127.0.0.1", 0), backlog=512) as listening:
        traffic = Traffic(f"http://127.0.0.1:{listening.getsockname()[1]}", clients=4)
        process = start(program, listening)
        traffic.start("restart")
        try:
            process = restart_often(program, process, listening, traffic)
        finally:
            traffic.stop()
        process.send_signal(signal.SIGTERM)
        process.wait(20)
    lost = missing(traffic.acknowledged, program.state_file)
    print(
        f"{len(traffic.acknowledged)} acknowledged, {len(lost)} lost, {len(traffic.refused)} refused, {traffic.broken} broken"
    )
    assert (traffic.refused, traffic.unexpected, lost) == ([], [], set())
    assert "Traceback" not in program.log()
