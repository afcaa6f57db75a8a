"""System calls of a running server that fail, or take long: strace puts the faults in."""

import contextlib
import os
import shutil
import signal
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.program import Program


def _may_trace() -> bool:
    try:
        return Path("/proc/sys/kernel/yama/ptrace_scope").read_text().strip() == "0" or os.geteuid() == 0
    except FileNotFoundError:
        return True


needs_tracing = pytest.mark.skipif(
    shutil.which("strace") is None or not _may_trace(), reason="needs strace, and root to trace with it"
)


@contextlib.contextmanager
def injected(program: Program, calls: str, what: str) -> Iterator[None]:
    """`what` happens at `calls`: https://man7.org/linux/man-pages/man1/strace.1.html#Tampering"""
    command = ["strace", "-f", "-o", "/dev/null", "-e", f"trace={calls}", "-e", f"inject={calls}:{what}"]
    with subprocess.Popen(
        [*command, "-p", f"{program.process.pid}"], stderr=subprocess.PIPE, text=True
    ) as tracer:
        assert tracer.stderr
        # strace says this once it has attached to every thread: from then on it sees each call.
        assert any("attached" in line for line in tracer.stderr), "strace could not attach"
        try:
            yield
        finally:
            tracer.send_signal(signal.SIGINT)
            tracer.stderr.read()


def failing(program: Program, calls: str, when: str, error: str) -> contextlib.AbstractContextManager[None]:
    return injected(program, calls, f"error={error}:when={when}")
