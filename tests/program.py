"""The real program as a subprocess."""

import json
import re
import signal
import ssl
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Self
from urllib.parse import urlencode

from tests.process import ended
from tests.support import PASSWORD, PATIENCE, ROOT, SIGNING_SECRET, TOKEN, USER, basic, outgoing, signature

# The program with short intervals: a tick is a tenth of a second, and a dead mount is given up after one.
QUICK = (
    "-c",
    f"""
import runpy, sys
sys.path.insert(0, {str(ROOT)!r})
import config.files, lifecycle.reloading, lifecycle.serving
lifecycle.serving.TICK, lifecycle.reloading.STAT_TIMEOUT, config.files.READ_TIMEOUT = 0.1, 0.2, 1
runpy.run_path({str(ROOT / "server.py")!r}, run_name="__main__")
""",
)


def with_constant(module: str, assignment: str) -> tuple[str, str]:
    """The program with one of its constants changed: `lifecycle.logs`, `MINUTE = 1`."""
    started = f"import runpy; runpy.run_path({str(ROOT / 'server.py')!r}, run_name='__main__')"
    return (
        "-c",
        f"import sys; sys.path[:0] = [{str(ROOT)!r}]; import {module}; {module}.{assignment}; {started}",
    )


class Program:
    """The real server as a subprocess, with a configuration and a state of its own."""

    process: subprocess.Popen[str]  # from the start on

    def __init__(self, folder: Path, *program: str | Path, **overrides: str) -> None:
        self.folder = folder
        program = program or (ROOT / "server.py",)
        self.state_file = folder / "var" / "state.json"
        self.config = folder / "config.yaml"
        self.program = program
        self.configure(**overrides)
        self.trusting: ssl.SSLContext | None = None  # whom clients trust, with HTTPS

    def configure(self, *, webhook_url: str = "", every: str = "1h", more: str = "") -> None:
        self.config.write_text(
            f"""
listen: {{address: 127.0.0.1, port: 0}}
state_file: var/state.json
gcp: {{username: {USER}, password: {PASSWORD}}}
slack: {{webhook_url: "{webhook_url}", outgoing_token: {TOKEN}, signing_secret: {SIGNING_SECRET}}}
digest: {{every: {every}}}
{more}
"""
        )
        self.config.chmod(0o600)

    @property
    def argv(self) -> list[str | Path]:
        """What starts it; options may follow."""
        return [sys.executable, "-W", "error", *self.program, "--config", self.config]

    def start(self) -> Self:
        """Returns once the port is open; the program says which it is."""
        self.output = (self.folder / "output.txt").open("a+")
        self.process = subprocess.Popen(
            self.argv, stdout=subprocess.PIPE, stderr=self.output, text=True, bufsize=1
        )
        assert self.process.stdout
        for line in self.process.stdout:
            if found := re.search(r"(https?://127\.0\.0\.1:(\d+))", line):
                self.url, self.port = found[1], int(found[2])
                return self
        raise AssertionError(f"the program ended: {self.log()}")

    def run(self) -> subprocess.CompletedProcess[str]:
        """Returns once it has ended by itself."""
        return ended(*self.argv)

    def stop(self, how: signal.Signals = signal.SIGTERM) -> int:
        """Returns the exit code."""
        self.process.send_signal(how)
        self.process.wait(PATIENCE)
        if self.process.stdout:
            self.process.stdout.close()
        self.output.close()
        return self.process.returncode

    def health(self) -> tuple[int, dict[str, Any]]:
        return self.request("/healthz", None, {})

    def until(self, condition: Callable[[], bool]) -> None:
        """Wait for what the program does by itself; it has much more time than it needs."""
        deadline = time.monotonic() + PATIENCE
        while not condition():
            assert time.monotonic() < deadline, self.log()[-2000:]
            time.sleep(0.05)

    def log(self) -> str:
        return (self.folder / "output.txt").read_text()

    def deliver(self, body: bytes | dict[str, object], **headers: str) -> tuple[int, dict[str, Any]]:
        data = body if isinstance(body, bytes) else json.dumps(body).encode()
        return self.request("/fromGCPMonitoring", data, {"Authorization": basic(), **headers})

    def say(self, text: str) -> str:
        """Type a command in Slack; returns the answer."""
        status, reply = self.request("/fromSlack", outgoing(text), {})
        assert status == 200
        return str(reply.get("text", ""))

    def command(self, text: str, **fields: str) -> dict[str, Any]:
        """Type /uptime in Slack; returns the answer."""
        form = {"command": "/uptime", "user_id": "U1", "user_name": "steve", "text": text, **fields}
        data = urlencode(form).encode()
        status, reply = self.request("/fromSlack", data, signature(data, str(int(time.time()))))
        assert status == 200
        return reply

    def request(
        self, path: str, data: bytes | None, headers: Mapping[str, str]
    ) -> tuple[int, dict[str, Any]]:
        request = urllib.request.Request(self.url + path, data, dict(headers))
        try:
            with urllib.request.urlopen(request, timeout=PATIENCE, context=self.trusting) as response:
                return response.status, json.loads(response.read() or b"{}")
        except urllib.error.HTTPError as error:
            with error:
                return error.code, json.loads(error.read() or b"{}")


@contextmanager
def running(folder: Path, *program: str | Path, **overrides: str) -> Iterator[Program]:
    """The server, or another program that is started like it."""
    started = Program(folder, *program, **overrides).start()
    try:
        yield started
    finally:
        started.stop(signal.SIGKILL)
