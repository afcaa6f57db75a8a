"""What Google and people send, and how tests wait and count."""

import asyncio
import hmac
import socket
import time
from base64 import b64encode
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import urlencode

import pytest

V = TypeVar("V")
ROOT = Path(__file__).resolve().parent.parent
PATIENCE = 60  # seconds after which what has not happened will not happen, on however slow a machine
USER, PASSWORD, TOKEN, SIGNING_SECRET = (
    "google",
    "a long enough password",
    "outgoing-token",
    "0123456789abcdef" * 2,
)


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


def notes_of(monkeypatch: pytest.MonkeyPatch, owner: object, name: str, note: Callable[..., V]) -> list[V]:
    """What `note` makes of each call from now on, before it is answered."""
    notes, function = list[V](), getattr(owner, name)

    def noted(*given: Any, **options: Any) -> Any:
        notes.append(note(*given))
        return function(*given, **options)

    monkeypatch.setattr(owner, name, noted)
    return notes


def calls_of(monkeypatch: pytest.MonkeyPatch, owner: object, name: str) -> list[tuple[Any, ...]]:
    """What it is called with from now on."""
    return notes_of(monkeypatch, owner, name, lambda *given: given)


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
