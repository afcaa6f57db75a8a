"""A stand-in for Slack that is as strict as Slack, and the real program as a subprocess."""

import asyncio
import hmac
import json
import re
import signal
import socket
import ssl
import subprocess
import sys
import time
import urllib.error
import urllib.request
from base64 import b64encode
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any, Self, TypeVar
from urllib.parse import urlencode

import pytest
from tornado.httpserver import HTTPServer
from tornado.testing import bind_unused_port
from tornado.web import Application, RequestHandler

from tests.presses import Presses
from tests.slack_rules import check

V = TypeVar("V")
ROOT = Path(__file__).resolve().parent.parent
PATIENCE = 60  # seconds after which what has not happened will not happen, on however slow a machine
USER, PASSWORD, TOKEN, SIGNING_SECRET = "google", "a long enough password", "outgoing-token", "signing-secret"

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


@dataclass
class Answer:
    """What the stand-in answers to one message."""

    status: int = 200
    body: str = "ok"
    headers: Mapping[str, str] = field(default_factory=dict)


class FakeSlack:
    """A small real HTTP server. It accepts a message only if that keeps every rule of Slack.

    `answers` are given to the next messages, in order; after them every valid message is accepted.
    `calls` are the mentions that a message may hold. `think` is awaited before each answer.
    """

    def __init__(self, tls: ssl.SSLContext | None = None) -> None:
        self.taken: list[dict[str, Any]] = []
        self.refused: list[str] = []
        self.answers: list[Answer] = []
        self.calls: list[str] = []
        self.asked = 0  # how many messages came
        self.think: Callable[[], Awaitable[object]] = partial(asyncio.sleep, 0)
        self._arrived = asyncio.Event()
        self.presses = Presses()
        routes = [("/services/.*", _Webhook, {"slack": self}), ("/actions/.*", _ResponseUrl, {"slack": self})]
        self._server = HTTPServer(Application(routes), ssl_options=tls)
        self._base = "https://localhost" if tls else "http://127.0.0.1"

    async def __aenter__(self) -> Self:
        socket, port = bind_unused_port()
        self._server.add_socket(socket)
        self.port = port
        self.url = f"{self._base}:{port}/services/T0/B0/secret"
        return self

    async def __aexit__(self, *_: object) -> None:
        self._server.stop()
        await self._server.close_all_connections()

    def receive(self, body: bytes) -> Answer:
        self.asked += 1
        self._arrived.set()
        if self.answers:
            answer = self.answers.pop(0)
            if answer.status != 200 or answer.body != "ok":
                return answer
        try:
            message = json.loads(body)
            check(message, self.calls)
        except (ValueError, AssertionError) as error:
            self.refused.append(str(error))
            return Answer(400, "invalid_blocks")
        self.taken.append(message)
        return Answer()

    async def arrived(self) -> None:
        """Wait until one more message has come."""
        await asyncio.wait_for(self._arrived.wait(), PATIENCE)
        self._arrived.clear()


class _Webhook(RequestHandler):
    def initialize(self, slack: FakeSlack) -> None:
        self.slack = slack

    async def post(self) -> None:
        await self.slack.think()
        answer = self.answer()
        self.set_status(answer.status)
        for name, value in answer.headers.items():
            self.set_header(name, value)
        self.finish(answer.body or None)

    def answer(self) -> Answer:
        return self.slack.receive(self.request.body)


class _ResponseUrl(_Webhook):
    def answer(self) -> Answer:
        if self.slack.answers:
            return self.slack.answers.pop(0)
        return Answer(*self.slack.presses.receive(self.request.path, self.request.body))


class LoopClock:
    """The clock by which the running loop measures its time-outs, moved by hand."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        loop = asyncio.get_running_loop()
        real, self._ahead = loop.time, 0.0
        monkeypatch.setattr(loop, "time", lambda: real() + self._ahead)

    async def advance(self, seconds: float) -> None:
        self._ahead += seconds
        for _ in range(5):  # what is due by now gets its turn
            await asyncio.sleep(0)


def calls_of(monkeypatch: pytest.MonkeyPatch, owner: object, name: str) -> list[tuple[Any, ...]]:
    """What it is called with from now on."""
    calls, function = list[tuple[Any, ...]](), getattr(owner, name)

    def noted(*given: Any) -> Any:
        calls.append(given)
        return function(*given)

    monkeypatch.setattr(owner, name, noted)
    return calls


async def until(condition: Callable[[], object]) -> None:
    """Gives others their turns until the condition holds."""
    async with asyncio.timeout(PATIENCE):
        while not condition():
            await asyncio.sleep(0)


def takes_time_in_proportion(work: Callable[[int], object], size: int) -> None:
    """Sixteen times as much may take 64 times as long, but not the square of 16, on however fast a machine."""

    def seconds(of: int) -> float:
        begun = time.process_time()
        work(of)
        return time.process_time() - begun

    less, more = (min(seconds(of) for _ in range(3)) for of in (size // 16, size))
    assert more < 64 * less


@asynccontextmanager
async def counting_turns() -> AsyncIterator[Callable[[], int]]:
    """A function that says which turn of the loop it is, from here on."""
    turns = 0

    async def count() -> None:
        nonlocal turns
        while True:
            turns += 1
            await asyncio.sleep(0)

    counting = asyncio.create_task(count())
    try:
        yield lambda: turns
    finally:
        counting.cancel()


async def turns_during(work: Awaitable[V]) -> tuple[V, int]:
    """Its result, and how many turns others got meanwhile."""
    async with counting_turns() as turn:
        return await work, turn()


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as found:
        return int(found.getsockname()[1])


def basic(user: str = USER, password: str = PASSWORD) -> str:
    return "Basic " + b64encode(f"{user}:{password}".encode()).decode()


def signature(data: bytes, at: str, secret: str = SIGNING_SECRET) -> dict[str, str]:
    """The headers by which Slack signs a body at a time, in epoch seconds."""
    made = hmac.digest(secret.encode(), b"v0:%b:%b" % (at.encode(), data), "sha256").hex()
    return {"X-Slack-Request-Timestamp": at, "X-Slack-Signature": f"v0={made}"}


def outgoing(text: str, **fields: str) -> bytes:
    """What Slack's outgoing webhook sends when somebody types this."""
    form = {"token": TOKEN, "user_id": "U1", "user_name": "steve", "text": text, "trigger_word": "uptime"}
    return urlencode({**form, **fields}).encode()


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
    def _command(self) -> list[str | Path]:
        return [sys.executable, "-W", "error", *self.program, "--config", self.config]

    def start(self) -> Self:
        """Returns once the port is open; the program says which it is."""
        self.output = (self.folder / "output.txt").open("a+")
        self.process = subprocess.Popen(
            self._command, stdout=subprocess.PIPE, stderr=self.output, text=True, bufsize=1
        )
        assert self.process.stdout
        for line in self.process.stdout:
            if found := re.search(r"(https?://127\.0\.0\.1:\d+)", line):
                self.url = found[1]
                return self
        raise AssertionError(f"the program ended: {self.log()}")

    def run(self) -> subprocess.CompletedProcess[str]:
        """Returns once it has ended by itself."""
        return ended(*self._command)

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


def ended(*command: str | Path, **options: Any) -> subprocess.CompletedProcess[str]:
    """Once it has ended by itself."""
    return subprocess.run(command, capture_output=True, text=True, timeout=PATIENCE, check=False, **options)


@contextmanager
def running(folder: Path, *program: str | Path, **overrides: str) -> Iterator[Program]:
    """The server, or another program that is started like it."""
    started = Program(folder, *program, **overrides).start()
    try:
        yield started
    finally:
        started.stop(signal.SIGKILL)


def incident_body(
    incident_id: str = "0.abc", state: str = "open", host: str = "www.example.com", **fields: object
) -> dict[str, object]:
    """What Google sends for an uptime check, as small as it can be."""
    return {
        "version": "1.2",
        "incident": {
            "incident_id": incident_id,
            "state": state,
            "policy_name": "www uptime failure",
            "condition_name": "Failure of uptime check_id www-abc",
            "resource": {"type": "uptime_url", "labels": {"host": host, "project_id": "shop"}},
            "url": f"https://console.cloud.google.com/monitoring/alerting/alerts/{incident_id}",
            "summary": f"An uptime check on shop Uptime Check URL labels {{host={host}}} is failing.",
            **fields,
        },
    }
