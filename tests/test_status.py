"""Access to the status routes, and what they report."""

import json
import signal
import time
import urllib.request
from collections.abc import AsyncIterator
from datetime import datetime
from pathlib import Path

import pytest
import pytest_asyncio

from tests.builders import NOON
from tests.service import Service
from tests.support import PATIENCE, incident_body, running

PAGES = ["/healthz", "/livez", "/metrics"]


@pytest_asyncio.fixture
async def service(tmp_path: Path) -> AsyncIterator[Service]:
    service = Service(tmp_path, status={"token": ["old-token", "new-token"]}, hosts=["quiet.test"])
    yield service
    await service.close()


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 200),
        ({"X-Forwarded-For": "203.0.113.7"}, 403),
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
async def test_strangers_see_nothing(
    service: Service, page: str, headers: dict[str, str], status: int
) -> None:
    found, answered, body = await service.request("GET", page, b"", **headers)
    assert found == status
    if status == 403:
        assert "status.addresses" in json.loads(body)["error"]
    else:
        assert answered["cache-control"] == "no-store"


@pytest.mark.parametrize("networks", [["127.0.0.0/30"], ["10.0.0.0/8", "127.0.0.1"], ["::1", "127.0.0.1"]])
async def test_configured_networks_see_it_behind_a_proxy_too(tmp_path: Path, networks: list[str]) -> None:
    service = Service(tmp_path, status={"addresses": networks})
    found, _, _ = await service.request("GET", "/healthz", Via="1.1 proxy")
    assert found == 200
    await service.close()


async def test_health_has_what_an_operator_asks_for(service: Service) -> None:
    _, _, body = await service.request("GET", "/healthz")
    fresh = json.loads(body)
    assert (fresh["last_delivery"], fresh["last_write"], fresh["last_digest"]) == (None, None, None)
    assert fresh["last_incident"] is None
    await service.deliver(incident_body())
    _, _, body = await service.request("GET", "/healthz")
    health = json.loads(body)
    assert (health["status"], health["problems"]) == ("ok", [])
    assert health["hosts"] == {
        "down": 1,
        "warning": 0,
        "up": 1,
        "muted": 0,
        "unknown": 0,
        "open_incidents": 1,
    }
    assert health["last_delivery"]
    assert health["last_write"]
    assert health["waiting_messages"] == 0
    assert health["version"]


async def test_health_says_that_googles_lists_cannot_be_read_and_does_not_fail(service: Service) -> None:
    service.stats.google.failed("the role is missing", NOON)
    status, _, body = await service.request("GET", "/healthz")
    assert (status, json.loads(body)["problems"]) == (
        200, ["Google's list unavailable since 2026-11-22T12:00:00Z: the role is missing"]
    )  # fmt: skip


async def test_a_host_with_too_many_open_incidents_is_refused_and_reported(
    service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("hosts.changes.MAX_OPEN_INCIDENTS", 2)
    for number in range(2):
        assert (await service.deliver(incident_body(f"0.{number}")))[0] == 200
    status, answer = await service.deliver(incident_body("0.2"))
    assert (status, "www.example.com has 2 open incidents" in str(answer["error"])) == (503, True)
    status, _, body = await service.request("GET", "/healthz")
    assert (status, "no more can be recorded" in json.loads(body)["problems"][0]) == (503, True)
    assert (await service.deliver(incident_body("0.1", "closed")))[0] == 200
    assert (await service.deliver(incident_body("0.2")))[0] == 200


def test_the_true_moment_of_the_last_delivery_survives_a_restart(tmp_path: Path) -> None:
    """When the last incident began is told as that, and not as when a delivery came."""
    with running(tmp_path) as program:
        program.deliver(incident_body(started_at=1_700_000_000))
        before = program.health()[1]
        assert before["last_delivery"] >= before["started"]
        assert before["last_incident"] == "2023-11-14T22:13:20Z"
        program.stop(signal.SIGKILL)
        program.start()
        after = program.health()[1]
        assert [after[key] for key in ("last_delivery", "last_incident")] == [
            before[key] for key in ("last_delivery", "last_incident")
        ]
        assert after["last_delivery"] <= after["started"]
        with urllib.request.urlopen(f"{program.url}/metrics", timeout=PATIENCE) as answer:
            metrics = answer.read().decode()
        assert "uptime_check_manager_last_incident_timestamp_seconds 1700000000.0\n" in metrics
        at = datetime.fromisoformat(after["last_delivery"]).timestamp()
        assert f"uptime_check_manager_last_delivery_timestamp_seconds {at}\n" in metrics
        program.deliver(incident_body(started_at=1_700_000_000))  # changes nothing
        last = program.health()[1]["last_delivery"]
        assert last >= after["started"]
        program.stop()
        program.start()
        assert program.health()[1]["last_delivery"] == last


def test_a_delivery_just_before_a_restart_is_no_silence(tmp_path: Path) -> None:
    with running(tmp_path) as program:
        program.config.write_text(f"{program.config.read_text()}silence_after: 1h\n")
        program.deliver(incident_body(started_at=int(time.time()) - 10 * 86_400))
        for number in (signal.SIGTERM, signal.SIGKILL):
            program.stop(number)
            program.start()
            assert program.health()[1]["problems"] == []


async def test_head_has_no_body(service: Service) -> None:
    for page in PAGES:
        status, _, body = await service.request("HEAD", page)
        assert (status, body) == (200, b"")
