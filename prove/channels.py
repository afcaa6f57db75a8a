"""Both ends of the program in a replay: the channels it posts to, and what Google sends."""

import asyncio
import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from prove.expected_alerts import Alerted
from prove.expected_digest import Taken
from prove.histories import ChannelPlan, Deliver
from prove.oracle import Surety
from tests.fake_slack import Answer, FakeSlack
from tests.support import incident_body

LONGEST_PAUSE = 700  # seconds after which a channel is tried again whatever happened
METRIC = "monitoring.googleapis.com/uptime_check/"


class Slack(FakeSlack):
    """Keeps every message, whether it accepts it or not."""

    def __init__(self) -> None:
        super().__init__()
        self.offered: list[dict[str, Any]] = []
        self.refuses = False
        self.then: Callable[[], None] | None = None  # called before the next answer

    def receive(self, body: bytes) -> Answer:
        self.offered.append(json.loads(body))
        answer = Answer(503, "not now") if self.refuses else super().receive(body)
        if self.then:
            self.then()
            self.then = None
        return answer


@contextmanager
def slacks(names: list[str]) -> Iterator[dict[str, Slack]]:
    """Stand-ins for Slack, one for each channel, in a loop of their own."""
    loop, ended, ready = asyncio.new_event_loop(), asyncio.Event(), threading.Event()
    found = {name: Slack() for name in names}

    async def serve() -> None:
        for slack in found.values():
            await slack.__aenter__()
        ready.set()
        await ended.wait()
        for slack in found.values():
            await slack.__aexit__()

    thread = threading.Thread(target=loop.run_until_complete, args=(serve(),))
    thread.start()
    ready.wait()
    try:
        yield found
    finally:
        loop.call_soon_threadsafe(ended.set)
        thread.join()
        loop.close()


@dataclass
class Channel:
    plan: ChannelPlan
    slack: Slack
    taken: list[Taken] = field(default_factory=list)
    slot: int = -1  # of the last digest that was accepted
    alerted: Alerted = field(default_factory=Alerted)
    failed: tuple[int, float] = (-2, -LONGEST_PAUSE)  # slot and monotonic second of the last refusal

    @property
    def last(self) -> Taken | None:
        return self.taken[-1] if self.taken else None


def body_of(report: Deliver) -> dict[str, object]:
    """The body as Google writes it, with as much of the name as it knows."""
    fields: dict[str, object] = {
        "metric": {"type": METRIC + report.kind.value, "labels": {}},
        "policy_name": "uptime",
        "summary": "",
        "started_at": report.start or 0,
        "ended_at": report.end if report.is_closed else None,
    }
    if report.cancelled:
        fields["observed_value"] = (
            "Incident cancelled because the alert policy condition was deleted or modified while incident was active."
        )
    if report.surety is not Surety.HOST:
        fields["resource"] = {"type": "uptime_url", "labels": {"project_id": "shop"}}
        fields["condition_name"] = "A condition"
    if report.surety is Surety.CHECK:
        fields["metric"] = {"type": METRIC + report.kind.value, "labels": {"check_id": report.name}}
    elif report.surety is Surety.POLICY:
        fields["policy_name"] = report.name
    return incident_body(report.id, "closed" if report.is_closed else "open", report.name, **fields)
