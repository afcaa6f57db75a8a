"""The digest job on a real store, with its clock and its channels under a test's control."""

from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from config import Config
from digest.alerts import AlertBatch
from digest.health import Stats
from digest.job import DigestJob
from digest.model import Digest
from digest.sender import Posting
from hosts.changes import mute, record_incident
from hosts.incident import Incident
from hosts.model import DEFAULT, Mute
from state.loading import open_store
from tests.builders import MINUTE, NOON, FakePosting, configured
from tests.support import PATIENCE

EVERY_HALF_HOUR = {"every": "30m"}
ONLY_CHANGES = {**EVERY_HALF_HOUR, "only_changes": True}


class RecordingSender:
    """Accepts what it is given, unless it is `away` or one of `errors` is raised first."""

    def __init__(self) -> None:
        self.digests: list[Digest] = []
        self.alert_batches: list[AlertBatch] = []
        self.attempts = 0
        self.away: Exception | None = None
        self.errors: list[Exception] = []
        self.meanwhile: Callable[[], Awaitable[object]] | None = None  # happens while a message is posted

    async def digest(self, digest: Digest) -> Posting:
        return FakePosting(partial(self._take, self.digests, digest))

    def alerts(self, batch: AlertBatch) -> Posting:
        return FakePosting(partial(self._take, self.alert_batches, batch))

    async def _take(self, taken: list[Any], said: object) -> None:
        self.attempts += 1
        if error := self.errors.pop(0) if self.errors else self.away:
            raise error
        taken.append(said)
        if self.meanwhile:
            await self.meanwhile()

    def told(self) -> list[datetime]:
        return [digest.at for digest in self.digests]

    def said(self) -> list[tuple[list[str], list[str]]]:
        """The names of hosts down and over, for each message."""
        return [
            ([e.host.name for e in b.down], [e.host.name for e in b.recovered]) for b in self.alert_batches
        ]


class JobRig:
    def __init__(self, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.folder = folder
        self.now = NOON
        self.monotonic = 1000.0
        self.senders: dict[str, RecordingSender] = {}
        monkeypatch.setattr("digest.job.time.monotonic", lambda: self.monotonic)

    @property
    def sender(self) -> RecordingSender:
        """The sender of the only channel."""
        return self.senders[DEFAULT]

    def configure(self, channels: Sequence[object], **keys: object) -> Config:
        keys = {"channels": list(channels), "digest": EVERY_HALF_HOUR} | keys
        config = configured(self.folder, **keys)
        self.senders = {c.name: self.senders.get(c.name, RecordingSender()) for c in config.channels}
        return config

    def start(self, channels: Sequence[object] = (), **keys: object) -> None:
        config = self.configure(channels, **keys)
        self.store = open_store(self.folder / "state.json", self.now)
        self.job = DigestJob(self.store, config, self.senders, lambda: self.now, stats=Stats(self.now))

    async def restart(self, channels: Sequence[object] = (), **keys: object) -> None:
        await self.store.close()
        self.start(channels, **keys)

    def adopt(self, channels: Sequence[object] = (), **keys: object) -> None:
        self.job.adopt(self.configure(channels, **keys), self.senders)

    async def run(self, minutes: float, step: timedelta = MINUTE) -> None:
        """Let time pass, with a tick at each step."""
        end = self.now + minutes * MINUTE
        while self.now < end:
            self.now += step
            self.monotonic += step.total_seconds()
            await self.job.tick()
            await self.job.finish(PATIENCE)

    async def deliver(self, *incidents: Incident) -> None:
        for incident in incidents:
            await self.store.commit(record_incident(incident))

    async def mute(self, *mutes: Mute) -> None:
        for each in mutes:
            await self.store.commit(mute(each))

    async def muted(self) -> list[Mute]:
        return [entry.mute for entry in (await self.job.current()).muted]

    def counts(self) -> list[tuple[int, int]]:
        """The number of digests and alerts of each channel."""
        return [(len(sender.digests), len(sender.alert_batches)) for sender in self.senders.values()]
