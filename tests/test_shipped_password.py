"""The published example password: accepted on this machine, never through a proxy."""

import json
import logging
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from config import PLACEHOLDER
from tests.command_line import run
from tests.service import Service
from tests.support import PASSWORD, Program, basic, incident_body
from tests.test_client_address import NOBODY

BODY = json.dumps(incident_body()).encode()
SHIPPED, OWN = {"Authorization": basic(password=PLACEHOLDER)}, {"Authorization": basic()}
PASSED_ON = [
    {"X-Forwarded-For": "203.0.113.9"},
    {"X-Forwarded-For": "203.0.113.9:4711"},
    {"X-Forwarded-For": "[2001:db8::1]:4711"},
    {"X-Forwarded-For": "127.0.0.1"},
    *({"X-Forwarded-For": each} for each in NOBODY),
    {"X-Forwarded-Proto": "https"},
    {"X-Real-Ip": "203.0.113.9"},
    {"Forwarded": "for="},
    {"Forwarded": ""},
    {"forwarded": "for=127.0.0.1"},
    {"Via": "1.1 Caddy"},
]


@pytest_asyncio.fixture
async def service(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> AsyncIterator[Service]:
    caplog.set_level(logging.INFO)
    service = Service(tmp_path, gcp={"username": "google", "password": [PASSWORD, PLACEHOLDER]})
    yield service
    await service.close()


async def deliver(service: Service, **headers: str) -> tuple[int, dict[str, str]]:
    status, _, answer = await service.request("POST", "/fromGCPMonitoring", BODY, **headers)
    return status, json.loads(answer)


@pytest.mark.parametrize("headers", PASSED_ON, ids=str)
@pytest.mark.parametrize("trusted", [[], ["127.0.0.1"]], ids=["", "trusted"])
async def test_it_is_refused_through_a_proxy_and_the_log_says_why(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, headers: dict[str, str], trusted: list[str]
) -> None:
    service = Service(tmp_path, trusted_proxies=trusted, gcp={"password": PLACEHOLDER})
    status, answer = await deliver(service, **SHIPPED, **headers)
    assert (status, "openssl rand -base64 24" in answer["error"]) == (401, True)
    (warning,) = (record for record in caplog.records if record.levelno == logging.WARNING)
    assert "not accepted through a proxy; make your own" in warning.getMessage()
    assert not service.store.state.hosts
    await service.close()


async def test_on_this_machine_it_is_accepted(service: Service) -> None:
    assert (await deliver(service, **SHIPPED))[0] == 200


@pytest.mark.parametrize("headers", [{}, *PASSED_ON], ids=str)
async def test_a_password_of_your_own_beside_it_is_accepted_everywhere(
    service: Service, headers: dict[str, str]
) -> None:
    assert (await deliver(service, **OWN, **headers))[0] == 200


async def test_a_wrong_password_is_refused_as_ever(
    service: Service, caplog: pytest.LogCaptureFixture
) -> None:
    wrong = {"Authorization": basic(password="wrong")}
    assert (await deliver(service, **wrong, Via="1.1 Caddy"))[0] == 401
    assert "user name or password does not match" in caplog.text
    caplog.clear()
    assert (await deliver(service, Via="1.1 Caddy"))[0] == 401
    assert not caplog.records


def test_check_says_why(tmp_path: Path) -> None:
    program = Program(tmp_path)
    program.config.write_text(program.config.read_text().replace(PASSWORD, PLACEHOLDER))
    code, _, said = run(program, "--check")
    assert code == 0
    assert "requests that come through a proxy with it are refused (401)" in said


@pytest.mark.parametrize("path", ["/fromGCPMonitoring/", "/fromgcpmonitoring", "/"])
@pytest.mark.parametrize("headers", PASSED_ON[:2], ids=str)
async def test_nor_is_it_called_good_on_a_wrong_path(
    service: Service, caplog: pytest.LogCaptureFixture, path: str, headers: dict[str, str]
) -> None:
    status, _, answer = await service.request("POST", path, BODY, **SHIPPED, **headers)
    assert (status, b"are valid" in answer) == (404, False)
    assert not [record for record in caplog.records if record.levelno >= logging.WARNING]
    status, _, answer = await service.request("POST", path, BODY, **OWN, **headers)
    assert (status, b"are valid" in answer) == (404, True)
