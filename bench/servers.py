"""Starts what is measured, on a processor of its own. Each server reports the port on which it listens."""

import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from tests.process import processor_seconds, resident_kb
from tests.program import Program

ROOT = Path(__file__).resolve().parent.parent
SERVER_CORE, LOAD_CORE = "0", "1"
# As everywhere else, modules are compiled once and not at every start.
ENVIRONMENT = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}


class Server:
    """A child process of ours: load goes nowhere else."""

    def __init__(self, command: Sequence[str | Path]) -> None:
        self.started = time.perf_counter()
        self.process = subprocess.Popen(
            ["taskset", "-c", SERVER_CORE, sys.executable, *command],
            cwd=ROOT,
            env=ENVIRONMENT,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )
        assert self.process.stdout
        for line in self.process.stdout:
            if found := re.search(r"listens on (http://127\.0\.0\.1:\d+)", line):
                self.url = found[1]
                return
        raise RuntimeError(f"{command} ended")

    def resident_mb(self) -> float:
        return resident_kb(self.process.pid) / 1024

    def processor_seconds(self) -> float:
        return processor_seconds(self.process.pid)

    def stop(self) -> None:
        self.process.kill()
        self.process.wait()


def bare() -> Server:
    return Server(["-m", "bench.bare"])


def product(folder: Path) -> Server:
    """Our server, with the state that is already in the folder."""
    return Server(configured(folder))


def configured(folder: Path) -> list[str | Path]:
    """The command that starts it there."""
    return ["server.py", "--config", Program(folder, every="1d").config]


class Gunicorn(Server):
    """Takes over a socket that is bound here, so that the port is certainly its own."""

    def __init__(self, state: Path) -> None:
        with socket.create_server(("127.0.0.1", 0), backlog=128) as listening:
            gunicorn = f"-m gunicorn --log-level error -b fd://{listening.fileno()} bench.naive:app".split()
            self.process = subprocess.Popen(
                ["taskset", "-c", SERVER_CORE, sys.executable, *gunicorn],
                cwd=ROOT,
                env={**ENVIRONMENT, "NAIVE_STATE": str(state)},
                pass_fds=[listening.fileno()],
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                text=True,
                start_new_session=True,
            )
            self.url = f"http://127.0.0.1:{listening.getsockname()[1]}"

    def stop(self) -> None:
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()
