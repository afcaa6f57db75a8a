"""Settings for all tests: the same examples every time, no example judged by its speed, no proxy."""

import hmac
import logging
import os
import ssl
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from hypothesis import HealthCheck, settings

from config import Google
from google import api
from google.api import GoogleApi
from prove.size import times
from tests.button_service import TARGET, ButtonService, Make
from tests.certificates import Authority
from tests.connect_proxy import ConnectProxy
from tests.fake_slack import FakeSlack
from tests.google_stand_in import NOW, PROJECT, GoogleStandIn
from tests.job_rig import JobRig
from tests.pages import MakePage, PageService, service_in
from tests.program import Program
from tests.quiet import quiet_log
from tests.service import Service
from tests.support import calls_of, incident_body

settings.register_profile(
    "project",
    max_examples=times(50, 1000),
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.load_profile("project")
logging.getLogger("tornado.access").setLevel(logging.WARNING)  # the stand-ins answer in this process, too

for name in [name for name in os.environ if name.lower().endswith("_proxy")]:
    del os.environ[name]


@pytest.fixture(scope="session")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return Authority(tmp_path_factory.mktemp("authority"))


@pytest.fixture
def rig(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> JobRig:
    return JobRig(tmp_path, monkeypatch)


@pytest.fixture
def program(tmp_path: Path) -> Program:
    """It has not been started."""
    return Program(tmp_path)


@pytest.fixture
def compared(monkeypatch: pytest.MonkeyPatch) -> list[tuple[bytes, ...]]:
    """What was compared in constant time."""
    return calls_of(monkeypatch, hmac, "compare_digest")


@pytest_asyncio.fixture
async def google(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[GoogleStandIn]:
    """A stand-in, to which the environment points."""
    async with GoogleStandIn() as stand_in:
        for name, value in stand_in.environment.items():
            monkeypatch.setenv(name, value)
        yield stand_in


@pytest.fixture(scope="session")
def as_slack(authority: Authority) -> ssl.SSLContext:
    """With a certificate of `authority` for the name of Slack's own host."""
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(*authority.issue("slack", names="DNS:hooks.slack.com"))
    return context


@pytest_asyncio.fixture
async def client(
    caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[GoogleApi]:
    """The client of the Google that the environment points to. It retries soon, and logs nothing forbidden."""
    monkeypatch.setattr(api, "RETRY_PAUSE", 0.01)
    made = GoogleApi(Google(PROJECT, None, timedelta(minutes=5)), None, lambda: NOW)
    with quiet_log(caplog):
        yield made
    made.close()


@pytest_asyncio.fixture
async def slack_itself(as_slack: ssl.SSLContext) -> AsyncIterator[FakeSlack]:
    """A proxy can lead there."""
    async with FakeSlack(as_slack) as slack:
        yield slack


@pytest_asyncio.fixture
async def service(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> AsyncIterator[Service]:
    service = Service(tmp_path)
    yield service
    status, _ = await service.deliver(incident_body("0.still-alive"))
    assert status == 200
    await service.close()
    assert not [record for record in caplog.get_records("call") if record.exc_info]


@pytest_asyncio.fixture
async def make_page(tmp_path: Path) -> AsyncIterator[MakePage]:
    """Makes services that show the page."""
    async with AsyncExitStack() as stack:

        def make_page(**keys: Any) -> PageService:
            service = service_in(tmp_path, **keys)
            stack.push_async_callback(service.close)
            return service

        yield make_page


@pytest_asyncio.fixture
async def make_buttons(
    tmp_path: Path, slack_itself: FakeSlack, authority: Authority, caplog: pytest.LogCaptureFixture
) -> AsyncIterator[Make]:
    """Makes services; the same folder again is a restart."""
    async with AsyncExitStack() as stack:
        proxy = await stack.enter_async_context(ConnectProxy({TARGET: slack_itself.port}))

        async def make_buttons(**keys: Any) -> ButtonService:
            service = ButtonService(tmp_path, slack_itself, proxy, authority, **keys)
            stack.push_async_callback(service.close)
            return service

        yield make_buttons
    assert {target for target, _ in proxy.asked} <= {TARGET}
    assert not [record for record in caplog.get_records("call") if record.exc_info]


@pytest_asyncio.fixture
async def buttons(make_buttons: Make) -> ButtonService:
    service = await make_buttons()
    await service.deliver(incident_body())
    return service
