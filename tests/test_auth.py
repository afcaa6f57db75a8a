"""HTTP Basic credentials: any of the passwords is good, but the published example is never accepted through a proxy."""

import json
import logging
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from config import PLACEHOLDER, Gcp
from handlers.auth import is_authorized
from tests.command_line import run
from tests.program import Program, running, with_constant
from tests.service import Service
from tests.support import PASSWORD, basic, incident_body

BOTH = Gcp("google", ("the new one", "the old one"))


@pytest.mark.parametrize(
    "headers",
    [
        [],
        [""],
        ["Basic"],
        ["Basic !"],
        [basic("google", "")],
        [basic("google", "another")],
        [basic("another", "the new one")],
        [basic("google", "the new one\nthe old one")],
        [basic("google", "the new one").replace("Basic", "Bearer")],
        [basic("google", "the new one")] * 2,
    ],
)
def test_nothing_else_is_accepted(headers: list[str]) -> None:
    assert not is_authorized(headers, BOTH)


@pytest.mark.parametrize("password", BOTH.passwords)
def test_the_old_and_the_new_password_are_accepted_and_compared_in_constant_time(
    compared: list[tuple[bytes, bytes]], password: str
) -> None:
    assert is_authorized([basic("google", password)], BOTH)
    assert {len(digest) for pair in compared for digest in pair} == {32}
    assert len(compared) == 2


BODY = json.dumps(incident_body()).encode()
SHIPPED, OWN = {"Authorization": basic(password=PLACEHOLDER)}, {"Authorization": basic()}
PASSED_ON = [{"X-Forwarded-For": ""}, {"Forwarded": "for=127.0.0.1"}, {"Via": "1.1 Caddy"}]


@pytest.fixture
async def service(tmp_path: Path) -> AsyncIterator[Service]:
    service = Service(tmp_path, gcp={"username": "google", "password": [PASSWORD, PLACEHOLDER]})
    yield service
    await service.close()


@pytest.mark.parametrize("headers", PASSED_ON, ids=str)
@pytest.mark.parametrize("trusted", [[], ["127.0.0.1"]], ids=["", "trusted"])
async def test_the_shipped_password_is_refused_through_a_proxy_and_the_log_says_why(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, headers: dict[str, str], trusted: list[str]
) -> None:
    service = Service(tmp_path, trusted_proxies=trusted, gcp={"password": PLACEHOLDER})
    status, answer = await service.deliver(BODY, **SHIPPED, **headers)
    assert (status, "openssl rand -base64 24" in answer["error"]) == (401, True)
    (warning,) = (record for record in caplog.records if record.levelno == logging.WARNING)
    assert "not accepted through a proxy; make your own" in warning.getMessage()
    assert not service.store.state.hosts
    await service.close()


async def test_it_is_accepted_on_this_machine_and_one_of_your_own_everywhere(service: Service) -> None:
    assert (await service.deliver(BODY, **SHIPPED))[0] == 200
    for headers in PASSED_ON:
        assert (await service.deliver(BODY, **headers))[0] == 200


async def test_a_wrong_password_is_still_refused(service: Service, caplog: pytest.LogCaptureFixture) -> None:
    wrong = basic(password="wrong")
    assert (await service.deliver(BODY, Authorization=wrong, Via="1.1 Caddy"))[0] == 401
    assert "user name or password does not match" in caplog.text
    caplog.clear()
    assert (await service.request("POST", "/fromGCPMonitoring", BODY, Via="1.1 Caddy"))[0] == 401
    assert not caplog.records


def test_requests_without_credentials_are_reported_if_no_right_ones_follow(tmp_path: Path) -> None:
    """Google may send the first request of each delivery without them, so one alone is no news."""
    with running(tmp_path, *with_constant("digest.health", "CREDENTIALS_TIME = 1")) as program:
        assert program.request("/fromGCPMonitoring", BODY, {})[0] == 401
        assert program.deliver(BODY)[0] == 200
        assert program.request("/fromGCPMonitoring", BODY, {})[0] == 401
        program.until(lambda: "tick Use HTTP Basic Auth" in program.log())
        assert program.log().count("WARNING deliveries: requests without a user name and password") == 1
        assert "such as one from 127.0.0.1, and none" in program.log()


def test_check_says_where_the_shipped_password_is_refused(program: Program) -> None:
    program.config.write_text(program.config.read_text().replace(PASSWORD, PLACEHOLDER))
    code, _, said = run(program, "--check")
    assert code == 0
    assert "requests that come through a proxy with it are refused (401)" in said


async def test_a_wrong_path_does_not_call_it_good(service: Service, caplog: pytest.LogCaptureFixture) -> None:
    for credentials, is_good in ((SHIPPED, False), (OWN, True)):
        headers = {**credentials, **PASSED_ON[0]}
        status, _, answer = await service.request("POST", "/fromgcpmonitoring", BODY, **headers)
        assert (status, b"are valid" in answer) == (404, is_good)
        assert any(record.levelno >= logging.WARNING for record in caplog.records) == is_good
