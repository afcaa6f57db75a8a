"""Channels that share a webhook wait for each other, and what Slack has taken it gets once."""

import asyncio
from collections import Counter
from pathlib import Path

import pytest

from hosts.changes import record_incident
from lifecycle.service import Service
from slack import client
from state.loading import open_store
from tests.builders import NOON, configured, opened
from tests.support import FakeSlack, LoopClock

DOWN = [opened(f"{n}", f"{n}.test", policy="p" * 90) for n in range(600)]  # more than five messages hold


async def test_three_channels_with_five_messages_each_when_slack_answers_after_5_seconds(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(client, "MESSAGE_INTERVAL", 0)
    clock = LoopClock(monkeypatch)
    async with FakeSlack() as slack:
        slack.think = lambda: clock.advance(5)
        channels = [{"name": name, "webhook_url": slack.url} for name in ("pay", "ops", "web")]
        store = open_store(tmp_path / "state.json", NOON)
        await asyncio.gather(*(store.commit(record_incident(incident)) for incident in DOWN))
        service = Service(store, configured(tmp_path, channels=channels), lambda: NOON)
        await service.job.tick()
        await asyncio.gather(*service.job._ticks.values())
        assert service.job.failures() == []
        taken = Counter(message["text"] for message in slack.taken)
        assert sorted(taken.values()) == [3] * 5
        await store.close()
        service.close()
