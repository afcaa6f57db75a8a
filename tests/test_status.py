"""The status routes: who may see them, and what they report; `/metrics` as Prometheus reads it."""

import json
import signal
import time
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from prometheus_client.parser import text_string_to_metric_families

from digest.model import Digest
from digest.sender import PostFailed
from hosts.examination import Examination, Fault, Finding
from hosts.problems import GoogleList
from tests.builders import NOON, full_disk
from tests.program import running
from tests.service import CREDENTIALS, Service
from tests.support import PATIENCE, incident_body

PAGES = ["/healthz", "/livez", "/metrics"]


class StatusService(Service):
    error: PostFailed | None = None  # of posting a digest

    async def _post(self, _digest: Digest) -> None:
        if self.error:
            raise self.error

    async def health(self) -> tuple[int, dict[str, Any]]:
        status, _, body = await self.request("GET", "/healthz")
        return status, json.loads(body)

    async def metrics(self, prefix: str = "") -> dict[str, float]:
        """Those whose names begin so, without that: `hosts.down`."""
        status, headers, body = await self.request("GET", "/metrics")
        assert (status, headers["content-type"]) == (200, "text/plain; version=0.0.4; charset=utf-8")
        found = {}
        for family in text_string_to_metric_families(body.decode()):
            assert family.documentation
            for sample in family.samples:
                name = sample.name.removeprefix("uptime_check_manager_")
                found[".".join([name, *sample.labels.values()])] = sample.value
        return {name.removeprefix(prefix): found[name] for name in found if name.startswith(prefix)}


@pytest_asyncio.fixture
async def service(tmp_path: Path) -> AsyncIterator[StatusService]:
    service = StatusService(tmp_path, status={"token": ["old-token", "new-token"]}, hosts=["quiet.test"])
    yield service
    await service.close()


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 200),
        ({"X-Forwarded-For": "127.0.0.1"}, 403),
        ({"Forwarded": "for=203.0.113.7"}, 403),
        ({"Via": "1.1 google"}, 403),
        ({"Via": "1.1 google", "Authorization": "Bearer new-token"}, 200),
        ({"Via": "1.1 google", "Authorization": "bearer old-token"}, 200),
        ({"Via": "1.1 google", "Authorization": "Bearer other"}, 403),
        ({"Via": "1.1 google", "Authorization": "Bearer "}, 403),
        ({"Via": "1.1 google", "Authorization": "Basic new-token"}, 403),
        ({"Via": "1.1 google", "Authorization": "new-token"}, 403),
    ],
)
async def test_strangers_see_nothing_and_head_has_no_body(
    service: Service, headers: dict[str, str], status: int
) -> None:
    for page in PAGES:
        found, answered, body = await service.request("GET", page, b"", **headers)
        assert found == status
        if status == 403:
            assert "status.addresses" in json.loads(body)["error"]
        else:
            assert answered["cache-control"] == "no-store"
            status_of_head, _, body = await service.request("HEAD", page, b"", **headers)
            assert (status_of_head, body) == (200, b"")


@pytest.mark.parametrize("networks", [["127.0.0.0/30"], ["10.0.0.0/8", "127.0.0.1"], ["::1", "127.0.0.1"]])
async def test_configured_networks_see_it_behind_a_proxy_too(tmp_path: Path, networks: list[str]) -> None:
    service = Service(tmp_path, status={"addresses": networks})
    found, _, _ = await service.request("GET", "/healthz", Via="1.1 proxy")
    assert found == 200
    await service.close()


async def test_health_and_metrics_have_what_an_operator_needs(service: StatusService) -> None:
    _, fresh = await service.health()
    times = [f"last_{what}" for what in ("delivery", "incident", "digest", "write")]
    assert [fresh[name] for name in times] == [None] * 4
    service.stop_clock()
    await service.deliver(incident_body(started_at=1_700_000_000))
    status, health = await service.health()
    assert (status, health["status"], health["problems"]) == (200, "ok", [])
    assert (health["waiting_messages"], bool(health["version"])) == (0, True)
    assert all(health[name] for name in ("last_delivery", "last_write"))
    assert (health["last_incident"], health["last_digest"]) == ("2023-11-14T22:13:20Z", None)
    values = await service.metrics()
    assert values["last_incident_timestamp_seconds"] == 1_700_000_000
    assert abs(values["last_delivery_timestamp_seconds"] - service.now().timestamp()) < PATIENCE
    assert values["process_start_time_seconds"] == NOON.timestamp()


async def test_deliveries_and_saves_are_counted(service: StatusService) -> None:
    await service.deliver(incident_body())
    await service.deliver(incident_body())
    await service.deliver({"version": "test"})
    await service.request("POST", "/fromGCPMonitoring", b"{", **CREDENTIALS)
    await service.request("POST", "/fromGCPMonitoring", b"{}")
    await service.say("remove www.example.com")
    with full_disk():
        await service.deliver(incident_body("0.unsaved"))
    results = ["recorded", "unchanged", "ignored", "refused", "unauthorized", "unsaved"]
    assert await service.metrics("deliveries_total.") == dict.fromkeys(results, 1)
    values = await service.metrics()
    assert (values["hosts.muted"], values["hosts.down"], values["hosts.up"]) == (1, 0, 1)
    assert values["open_incidents"] == 1
    assert values["write_seconds_count"] == values["batch_changes_count"] == 2
    assert values["write_seconds_bucket.+Inf"] == 2
    assert (values["failed_writes_total"], values["writes_failing"]) == (1, 1)
    assert values["failing"] == 1


async def test_before_google_reports_anything_no_configured_host_counts_as_up(service: StatusService) -> None:
    async def seen() -> dict[str, float]:
        metrics = await service.metrics("hosts.")
        hosts = (await service.health())[1]["hosts"]
        assert hosts == {**metrics, "open_incidents": metrics["down"]}
        return metrics

    assert await seen() == {"down": 0, "warning": 0, "up": 0, "muted": 0, "unknown": 1}
    await service.deliver(incident_body())
    assert await seen() == {"down": 1, "warning": 0, "up": 1, "muted": 0, "unknown": 0}


@pytest.mark.parametrize("error", [None, PostFailed("Slack is away")])
async def test_posts_are_counted_by_result(service: StatusService, error: PostFailed | None) -> None:
    service.error = error
    await service.job.tick()
    await service.job.finish(PATIENCE)
    assert (await service.health())[0] == (503 if error else 200)
    assert (await service.metrics())["failing"] == int(bool(error))
    counts = {"digest.taken": int(not error), "digest.failed": int(bool(error))}
    assert await service.metrics("posts_total.") == {**counts, "alerts.taken": 0, "alerts.failed": 0}


async def test_polls_of_googles_lists_are_counted_while_it_is_asked(service: StatusService) -> None:
    async def seen() -> dict[str, float]:
        found = await service.metrics()
        return {name: found[name] for name in found if "list" in name or "google" in name}

    assert (await seen(), "last_list_poll" in (await service.health())[1]) == ({}, False)
    view = service.stats.google
    view.begin(asked=True)
    view.failed(GoogleList.ALERTS, "the role is missing", NOON)
    view.changed["closed"] += 1
    found = {
        "list_polls_total.succeeded": 0,
        "list_polls_total.failed": 1,
        "list_changes_total.opened": 0,
        "list_changes_total.closed": 1,
        "list_changes_total.absent": 0,
        "lists_failing": 1,
    }
    assert await seen() == found
    status, health = await service.health()
    unavailable = "Google's list of open alerts unavailable since 2026-11-22 12:00 UTC (the role is missing)"
    assert (status, health["problems"]) == (200, [unavailable])
    assert (await service.metrics())["failing"] == 0
    view.succeeded(NOON)
    view.examination = Examination(NOON, 1, (Finding(Fault.NO_CHANNEL), Finding(Fault.REPEATS)))
    taken = {"list_polls_total.succeeded": 1, "lists_failing": 0, "google_to_fix": 1}
    assert await seen() == found | taken | {"last_list_poll_timestamp_seconds": NOON.timestamp()}
    assert (await service.health())[1]["last_list_poll"] == "2026-11-22T12:00:00Z"


async def test_a_host_with_too_many_open_incidents_is_refused_and_reported(
    service: StatusService, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("hosts.changes.MAX_OPEN_INCIDENTS", 2)
    assert [(await service.deliver(incident_body(f"0.{number}")))[0] for number in range(2)] == [200, 200]
    status, answer = await service.deliver(incident_body("0.2"))
    assert (status, "www.example.com has 2 open incidents" in str(answer["error"])) == (503, True)
    status, health = await service.health()
    assert (status, "no more can be recorded" in health["problems"][0]) == (503, True)
    assert (await service.deliver(incident_body("0.1", "closed")))[0] == 200
    assert (await service.deliver(incident_body("0.2")))[0] == 200


def test_the_time_of_the_last_delivery_survives_a_kill_and_a_stop(tmp_path: Path) -> None:
    """So that a restart just after a delivery does not look like silence."""
    ten_days_old = incident_body(started_at=int(time.time()) - 10 * 86_400)
    with running(tmp_path) as program:
        program.config.write_text(f"{program.config.read_text()}silence_after: 1h\n")
        for end in (signal.SIGKILL, signal.SIGTERM):
            program.deliver(ten_days_old)  # changes nothing the second time
            before = program.health()[1]
            assert before["last_delivery"] >= before["started"]
            program.stop(end)
            program.start()
            after = program.health()[1]
            assert (after["last_delivery"], after["problems"]) == (before["last_delivery"], [])
            assert after["last_delivery"] <= after["started"]
