"""Answers a repeated request as before, and carries out a replayed command once."""

import asyncio
import json
import time
from collections.abc import AsyncIterator
from pathlib import Path
from typing import cast
from urllib.parse import urlencode

import pytest

from handlers.deduplicator import REPLIES_REMEMBERED, Reply, RequestDeduplicator
from tests.slack_service import SlackService, slash
from tests.support import incident_body, signature

HOST = "www.example.com"
SENT_AGAIN = "This was already done the first time it was sent"
Signed = tuple[bytes, dict[str, str]]


class Counter:
    """Counts how often it was really asked."""

    def __init__(self) -> None:
        self.times = 0
        self.go_on = asyncio.Event()
        self.go_on.set()

    async def __call__(self) -> Reply:
        self.times += 1
        await self.go_on.wait()
        return {"text": f"answer {self.times}"}


async def test_only_a_repetition_that_can_be_told_gets_the_same_reply() -> None:
    deduplicator, counter = RequestDeduplicator(), Counter()
    asked = [await deduplicator.once(fingerprint, counter) for fingerprint in (b"1", b"1", b"2", None, None)]
    assert [reply["text"][-1] for reply in asked] == ["1", "1", "2", "3", "4"]


async def test_a_repetition_shares_a_call_in_flight() -> None:
    deduplicator, counter = RequestDeduplicator(), Counter()
    counter.go_on.clear()
    first, second = (asyncio.ensure_future(deduplicator.once(b"one", counter)) for _ in range(2))
    await asyncio.sleep(0)
    counter.go_on.set()
    assert await first == await second == {"text": "answer 1"}


async def test_a_failure_is_not_remembered() -> None:
    deduplicator, counter = RequestDeduplicator(), Counter()

    async def fail() -> Reply:
        raise OSError(28, "No space left on device")

    results = await asyncio.gather(
        *(deduplicator.once(b"one", fail) for _ in range(3)), return_exceptions=True
    )
    assert [type(result) for result in results] == [OSError] * 3
    assert await deduplicator.once(b"one", counter) == {"text": "answer 1"}


async def test_only_the_latest_replies_are_remembered() -> None:
    deduplicator, counter = RequestDeduplicator(), Counter()
    for n in range(REPLIES_REMEMBERED + 1):
        await deduplicator.once(b"%d" % n, counter)
    assert len(deduplicator._replies) == REPLIES_REMEMBERED
    await deduplicator.once(b"%d" % REPLIES_REMEMBERED, counter)
    await deduplicator.once(b"1", counter)
    assert counter.times == REPLIES_REMEMBERED + 1
    await deduplicator.once(b"0", counter)
    assert counter.times == REPLIES_REMEMBERED + 2


def sign(text: str, **fields: str) -> Signed:
    data = urlencode(slash(text, **fields)).encode()
    return data, signature(data, str(int(time.time())))


async def send_to(service: SlackService, signed: Signed) -> dict[str, str]:
    data, headers = signed
    status, _, answer = await service.request("POST", "/fromSlack", data, **headers)
    assert status == 200
    return cast("dict[str, str]", json.loads(answer))


@pytest.fixture
async def service(tmp_path: Path) -> AsyncIterator[SlackService]:
    service = SlackService(tmp_path)
    await service.deliver(incident_body())
    yield service
    await service.close()


DONE_AND_UNDONE = [
    (f"remove {HOST}", f"restore {HOST}"),
    (f"remove {HOST} for 2h", f"restore {HOST}"),
    ("remove *.example.com", "restore *.example.com"),
    ("restore a.test", "remove a.test"),
    ("resolve b.test", "check"),  # it is reported again
]


async def test_a_replayed_command_takes_effect_once_however_long_ago_it_was(
    service: SlackService, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With a trigger_id, as Slack sends it, or without; its reply is no longer remembered."""
    monkeypatch.setattr("handlers.deduplicator.REPLIES_REMEMBERED", 0)
    signed = list[Signed]()
    for number, (text, opposite) in enumerate(DONE_AND_UNDONE):
        for fields in ({}, {"trigger_id": f"398738663015.{number}"}):
            await service.command(opposite, trigger_id=f"2.{len(signed)}")
            await service.hear("a.test", "b.test")
            signed.append(sign(text, **fields))
            assert "nothing" not in (await send_to(service, signed[-1]))["text"].lower()
    version = service.store.version
    for once in signed:
        again = await send_to(service, once)
        assert (again["response_type"], SENT_AGAIN in again["text"]) == ("ephemeral", True)
    assert service.store.version == version


async def test_replays_at_the_same_time_take_effect_once(service: SlackService) -> None:
    signed = sign(f"remove {HOST}")
    answers = [
        answer["text"] for answer in await asyncio.gather(*(send_to(service, signed) for _ in range(5)))
    ]
    assert sum("is muted until" in answer for answer in answers) == 1
    assert sum(SENT_AGAIN in answer for answer in answers) == 4
    assert len(service.store.state.log) == 1


async def test_a_command_for_several_hosts_does_not_count_as_its_own_replay(service: SlackService) -> None:
    await service.hear("a.test", "b.test", "c.test")
    assert SENT_AGAIN not in (await service.command("resolve a.test b.test c.test"))["text"]
    assert [deed.target for deed in service.store.state.log] == ["a.test", "b.test", "c.test"]
    assert len({deed.request for deed in service.store.state.log}) == 1


async def test_the_same_text_signed_at_another_time_is_another_command(service: SlackService) -> None:
    data = urlencode(slash(f"remove {HOST}")).encode()
    now = int(time.time())
    for at in (now - 1, now):
        assert "is muted until" in (await send_to(service, (data, signature(data, str(at)))))["text"]
        await service.command(f"restore {HOST}")
