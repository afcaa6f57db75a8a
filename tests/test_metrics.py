"""`/metrics`, as Prometheus reads it."""

import json
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
from prometheus_client.parser import text_string_to_metric_families

from digest.model import Digest
from digest.sender import PostFailed
from hosts.notifying import Examination, Fault, Finding
from tests.builders import NOON, full_disk
from tests.service import CREDENTIALS, Service
from tests.support import PATIENCE, incident_body


@pytest_asyncio.fixture
async def service(tmp_path: Path) -> AsyncIterator[Service]:
    service = Service(tmp_path, hosts=["quiet.test"])
    yield service
    await service.close()


async def test_metrics_are_read_by_prometheus_and_true(service: Service) -> None:
    await service.deliver(incident_body())
    await service.deliver(incident_body())
    await service.deliver({"version": "test"})
    await service.request("POST", "/fromGCPMonitoring", b"{", **CREDENTIALS)
    await service.request("POST", "/fromGCPMonitoring", b"{}")
    await service.say("remove www.example.com")
    status, headers, body = await service.request("GET", "/metrics")
    assert (status, headers["content-type"]) == (200, "text/plain; version=0.0.4; charset=utf-8")
    families = {family.name: family for family in text_string_to_metric_families(body.decode())}
    assert all(family.documentation for family in families.values())
    values = {
        (sample.name.removeprefix("uptime_check_manager_"), *sample.labels.values()): sample.value
        for family in families.values()
        for sample in family.samples
    }
    results = {name[1]: value for name, value in values.items() if name[0] == "deliveries_total"}
    assert results == {
        "recorded": 1,
        "unchanged": 1,
        "ignored": 1,
        "refused": 1,
        "unauthorized": 1,
        "unsaved": 0,
    }
    assert (values["hosts", "muted"], values["hosts", "down"], values["hosts", "up"]) == (1, 0, 1)
    assert values["open_incidents",] == 1
    assert values["write_seconds_count",] == values["batch_changes_count",] == 2
    assert values["write_seconds_bucket", "+Inf"] == 2
    assert values["posts_total", "digest", "taken"] == 0
    assert values["process_start_time_seconds",] > 0
    assert values["last_delivery_timestamp_seconds",] > 0


async def test_before_google_is_heard_no_configured_host_is_counted_as_up(service: Service) -> None:
    async def seen() -> tuple[list[str], dict[str, int]]:
        metrics = (await service.request("GET", "/metrics"))[2].decode().splitlines()
        hosts = json.loads((await service.request("GET", "/healthz"))[2])["hosts"]
        return [line for line in metrics if line.startswith("uptime_check_manager_hosts{")], hosts

    metrics, hosts = await seen()
    assert hosts == {"down": 0, "warning": 0, "up": 0, "muted": 0, "unknown": 1, "open_incidents": 0}
    assert 'uptime_check_manager_hosts{state="unknown"} 1' in metrics
    await service.deliver(incident_body())
    metrics, hosts = await seen()
    assert hosts == {"down": 1, "warning": 0, "up": 1, "muted": 0, "unknown": 0, "open_incidents": 1}
    assert 'uptime_check_manager_hosts{state="unknown"} 0' in metrics


@pytest.mark.parametrize("error", [None, PostFailed("Slack is away")])
async def test_posts_are_counted_by_result(tmp_path: Path, error: PostFailed | None) -> None:
    class PostingService(Service):
        async def _post(self, _digest: Digest) -> None:
            if error:
                raise error

    service = PostingService(tmp_path)
    await service.job.tick()
    await service.job.finish(PATIENCE)
    body = (await service.request("GET", "/metrics"))[2].decode()
    await service.close()
    (posts,) = (each for each in text_string_to_metric_families(body) if each.name.endswith("_posts"))
    assert {tuple(sample.labels.values()): sample.value for sample in posts.samples} == {
        ("digest", "taken"): int(not error),
        ("digest", "failed"): int(bool(error)),
        ("alerts", "taken"): 0,
        ("alerts", "failed"): 0,
    }


async def test_failed_saves_are_counted(service: Service) -> None:
    with full_disk():
        await service.deliver(incident_body())
    _, _, body = await service.request("GET", "/metrics")
    lines = body.decode().splitlines()
    assert "uptime_check_manager_failed_writes_total 1" in lines
    assert "uptime_check_manager_writes_failing 1" in lines
    assert 'uptime_check_manager_deliveries_total{result="unsaved"} 1' in lines


async def test_polls_of_googles_lists_are_counted_while_it_is_asked(service: Service) -> None:
    async def names() -> dict[str, float]:
        body = (await service.request("GET", "/metrics"))[2].decode()
        samples = (each for found in text_string_to_metric_families(body) for each in found.samples)
        return {
            ".".join(
                [sample.name.removeprefix("uptime_check_manager_"), *sample.labels.values()]
            ): sample.value
            for sample in samples
            if "list" in sample.name or "google" in sample.name
        }

    assert await names() == {}
    view = service.stats.google
    view.begin(asked=True)
    view.failed("denied", NOON)
    view.changed["closed"] += 1
    found = {
        "list_polls_total.succeeded": 0,
        "list_polls_total.failed": 1,
        "list_changes_total.opened": 0,
        "list_changes_total.closed": 1,
        "list_changes_total.absent": 0,
        "lists_failing": 1,
    }
    assert await names() == found
    view.succeeded(NOON)
    view.examination = Examination(NOON, 1, (Finding(Fault.NO_CHANNEL), Finding(Fault.REPEATS)))
    taken = {"list_polls_total.succeeded": 1, "lists_failing": 0, "google_to_fix": 1}
    assert await names() == found | taken | {"last_list_poll_timestamp_seconds": NOON.timestamp()}
    health = json.loads((await service.request("GET", "/healthz"))[2])
    assert health["last_list_poll"] == "2026-11-22T12:00:00Z"
