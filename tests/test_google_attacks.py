"""The client against servers that are hostile or broken: an error in words, and nothing else."""

import asyncio
import gzip
import itertools
import json
import tracemalloc
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import pytest

from google import api, pages, policies
from google.api import GoogleApi
from google.transport import MAX_ANSWER, Transport
from tests.google_stand_in import alert
from tests.quiet import failure
from tests.support import takes_time_in_proportion, turns_during

TOKEN = b'{"access_token": "ya29.canary", "expires_in": 3599}'
MEGABYTE = b" " * 2**20
Answer = Callable[[asyncio.StreamWriter], Awaitable[None]]


def head(code: int = 200, /, **fields: object) -> bytes:
    fields = {"Content_Type": "application/json", "Connection": "close", **fields}
    lines = (f"{name.replace('_', '-')}: {value}\r\n" for name, value in fields.items())
    return f"HTTP/1.1 {code} X\r\n{''.join(lines)}\r\n".encode()


def whole(body: bytes, code: int = 200, **fields: object) -> bytes:
    return head(code, Content_Length=len(body), **fields) + body


class Hostile:
    """Gives tokens as the metadata server does, and answers everything else as the test says."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.answer: Answer | bytes = b""
        self.tasks: set[asyncio.Task[Any]] = set()

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task
        self.tasks.add(task)
        try:
            asked = (await reader.readuntil(b"\r\n\r\n")).decode().split()[1]
            self.asked.append(asked)
            if asked.startswith("/computeMetadata"):
                writer.write(whole(TOKEN, Metadata_Flavor="Google"))
            elif isinstance(self.answer, bytes):
                writer.write(self.answer)
            else:
                await self.answer(writer)
            await writer.drain()
        except (ConnectionError, asyncio.CancelledError):
            pass
        finally:
            writer.close()


@pytest.fixture
async def hostile(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Hostile]:
    made = Hostile()
    server = await asyncio.start_server(made.serve, "127.0.0.1", 0)
    place = "{}:{}".format(*server.sockets[0].getsockname())
    monkeypatch.setenv("GCE_METADATA_HOST", place)
    monkeypatch.setenv("CLOUDSDK_API_ENDPOINT_OVERRIDES_MONITORING", f"http://{place}/")
    yield made
    assert made.asked
    server.close()
    for task in made.tasks:
        task.cancel()
    await asyncio.gather(*made.tasks, return_exceptions=True)


NOT_JSON = "Google's answer is not the expected JSON"


@pytest.mark.parametrize(
    ("answer", "told"),
    [
        (b"", "no answer from 127.0.0.1"),
        (b"SSH-2.0-canary\r\n\r\n", "no answer from 127.0.0.1"),
        (b"HTTP/1.1 200 OK\r\nX: " + b"x" * 100_000 + b"\r\n\r\n", "no answer from 127.0.0.1"),
        (head(Content_Length=1000) + b"{", "no answer from 127.0.0.1"),
        (head(Content_Length="-1"), "no answer from 127.0.0.1"),
        (head(Transfer_Encoding="chunked") + b"zz\r\n", "no answer from 127.0.0.1"),
        (whole(b"canary", Content_Encoding="gzip"), "no answer from 127.0.0.1"),
        (whole(gzip.compress(b"{}")[:-9], Content_Encoding="gzip"), "no answer from 127.0.0.1"),
        (whole(gzip.compress(MEGABYTE * 64), Content_Encoding="gzip"), "no answer from 127.0.0.1"),
        (whole(b"<html>canary</html>", Content_Type="text/html"), NOT_JSON),
        (whole(b"{}", Content_Type="text/plain"), NOT_JSON),
        (whole(b"<html>canary</html>", 503, Content_Type="text/html"), "Google cannot answer right now (503)"),
        (whole(b'{"error": {"status": "canary", "details": 5}}', 403), "the role is missing"),
        (whole(b'{"error": [' + b"[" * 9000, 403), "the role is missing"),
        (whole(b"", 301, Location="https://canary.example.com/"), "the answer is a redirect"),
        (whole(b"", 204), "Google cannot answer right now (204)"),
        (whole(b""), NOT_JSON),
        (whole(b"null"), NOT_JSON),
        (whole(b"[{}]"), NOT_JSON),
        (whole(b'{"uptimeCheckConfigs": [{}'), NOT_JSON),
        (whole(b'{"uptimeCheckConfigs": [{} {}]}'), NOT_JSON),
        (whole(b"{5: 6}"), NOT_JSON),
        (whole(b'{"uptimeCheckConfigs": {}}'), NOT_JSON),
        (whole(b'{"uptimeCheckConfigs": null}'), NOT_JSON),
        (whole(b'{"uptimeCheckConfigs": [null]}'), NOT_JSON),
        (whole(b'{"x": "\xff"}'), NOT_JSON),
        (whole(b'{"x": ' + b"9" * 9000 + b"}"), NOT_JSON),
        (whole(b'{"x": ' + b"[" * 200_000 + b"]" * 200_000 + b"}"), NOT_JSON),
        (whole(b'{"uptimeCheckConfigs": [' + b'{"a":' * 200_000 + b"]}"), NOT_JSON),
    ],
)  # fmt: skip
async def test_a_broken_answer_is_an_error_in_words(
    hostile: Hostile, client: GoogleApi, answer: bytes, told: str
) -> None:
    hostile.answer = answer
    assert str(await failure(client.checks())).startswith(told)
    if b"uptimeCheckConfigs" not in answer:
        assert str(await failure(client.open_alerts())).startswith(told)
        assert str(await failure(client.alert("0.oabc1d2e3f4g"))).startswith(told)


@pytest.mark.parametrize(
    "body",
    [
        b"{}",
        b' {"uptimeCheckConfigs" : [ ] , "nextPageToken":""} ',
        b'{"uptimeCheckConfigs": [{}, {"name": 5}], "new": {"a": [1]}, "nextPageToken": null}',
    ],
)
async def test_what_may_be_missing_or_new_is_fine(hostile: Hostile, client: GoogleApi, body: bytes) -> None:
    hostile.answer = whole(body)
    assert await client.checks() == ()
    assert await client.open_alerts() == ((), None)


@pytest.mark.parametrize("limits", [{}, {"Content_Length": 2**30}, {"Transfer_Encoding": "chunked"}])
async def test_no_gigabyte_is_taken(hostile: Hostile, client: GoogleApi, limits: dict[str, object]) -> None:
    sent = 0

    async def flood(writer: asyncio.StreamWriter) -> None:
        nonlocal sent
        chunked = "Transfer_Encoding" in limits
        writer.write(head(**limits))
        for _ in range(1024):
            writer.write(b"100000\r\n" + MEGABYTE + b"\r\n" if chunked else MEGABYTE)
            await writer.drain()
            sent += 1

    hostile.answer = flood
    tracemalloc.start()
    try:
        await failure(client.checks())
        _, most = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert sent < 64
    assert most < 12 * MAX_ANSWER


async def drip(writer: asyncio.StreamWriter) -> None:
    """For ever."""
    writer.write(head(Content_Length=10**6))
    while not writer.is_closing():
        writer.write(b" ")
        await asyncio.sleep(0.01)


def give_up_after(client: GoogleApi, seconds: float) -> None:
    client._transport.close()
    client._transport = Transport(None, seconds)


async def test_a_server_that_never_answers_is_given_up(hostile: Hostile, client: GoogleApi) -> None:
    hostile.answer = drip
    give_up_after(client, 0.1)
    assert "no answer from 127.0.0.1" in str(await failure(client.checks()))
    assert len(hostile.asked) == 3  # the token, and two times the list


async def test_an_endless_list_is_given_up(
    hostile: Hostile, client: GoogleApi, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(api, "MAX_PAGES", 20)
    numbers = itertools.count()

    async def more(writer: asyncio.StreamWriter) -> None:
        page = {"alerts": [alert(f"0.oabc1d{next(numbers):06}")], "nextPageToken": f"t{next(numbers)}"}
        writer.write(whole(json.dumps(page).encode()))

    hostile.answer = more
    found = await client.open_alerts()
    assert (len(found.incidents), str(found.error)) == (20, "the list of alerts never ends")
    monkeypatch.setattr(api, "MAX_ITEMS", 3)
    assert len((await client.open_alerts()).incidents) == 3
    hostile.answer = whole(b'{"nextPageToken": "again"}')
    assert str(await failure(client.checks())) == "the list of uptimeCheckConfigs never ends"


async def test_pages_that_take_for_ever_are_given_up(
    hostile: Hostile, client: GoogleApi, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(api, "LIST_TIMEOUT", 0.1)
    give_up_after(client, 0.3)
    hostile.answer = drip
    assert str(await failure(client.checks())) == "reading a list took too long"
    found = await client.open_alerts()
    assert (found.incidents, str(found.error)) == ((), "reading the list of alerts took too long")
    await asyncio.wait(hostile.tasks)  # what was asked for ends later, without a word in the log


async def test_a_page_of_a_thousand_is_read_in_turns(
    hostile: Hostile, client: GoogleApi, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pages, "TURN", -1.0)  # over after each item
    alerts = [alert(f"0.oabc1d{n:06}") for n in range(1000)]
    hostile.answer = whole(json.dumps({"alerts": alerts}).encode())
    found, turns = await turns_during(client.open_alerts())
    assert len(found.incidents) == 1000
    assert turns >= 1000


@pytest.mark.parametrize(
    "unit", ["a", '"', "a=", 'a="', "a=f(", '"" ', "(((", "NOT ", "a.", "-a", "a=f('x' "]
)
def test_a_filter_takes_time_in_proportion_to_its_length(unit: str) -> None:
    then = "2026-11-24T12:00:00Z"

    def read(length: int) -> None:
        metric = 'metric.type="monitoring.googleapis.com/uptime_check/check_passed" '
        written = f"{metric}{unit * length}"[:length]
        policies.parse_policy({"conditions": [{"conditionThreshold": {"filter": written}}]})
        policies.parse_snooze(
            {"interval": {"startTime": then, "endTime": then}, "criteria": {"filter": written}}
        )

    takes_time_in_proportion(read, 50_000)
