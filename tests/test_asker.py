"""Who asks, whatever proxies and strangers write into X-Forwarded-For."""

import logging
from ipaddress import ip_network
from pathlib import Path

import pytest

from handlers.asker import asker
from tests.support import basic
from tests.test_handlers import CREDENTIALS, Service

PROXY, OTHER, CLIENT = "10.0.0.2", "10.0.0.3", "203.0.113.9"
TRUSTED = [ip_network("10.0.0.0/8"), ip_network("2001:db8::/64")]


@pytest.mark.parametrize(
    ("peer", "forwarded", "found"),
    [
        (CLIENT, [], CLIENT),
        (CLIENT, ["198.51.100.1"], CLIENT),
        (PROXY, [], PROXY),
        (PROXY, [CLIENT], CLIENT),
        (PROXY, [f"198.51.100.1, {CLIENT}"], CLIENT),
        (PROXY, ["198.51.100.1", CLIENT], CLIENT),
        (PROXY, [f"{CLIENT},{OTHER}"], CLIENT),
        (PROXY, [OTHER], OTHER),
        (PROXY, ["garbage"], PROXY),
        (PROXY, [f"{CLIENT}, garbage"], PROXY),
        (PROXY, [f"garbage, {CLIENT}"], CLIENT),
        (PROXY, [""], PROXY),
        (PROXY, [f"{CLIENT}:443"], PROXY),
        (f"::ffff:{PROXY}", [CLIENT], CLIENT),
        ("2001:db8::1%eth0", ["2001:db8:1::5"], "2001:db8:1::5"),
        ("", [CLIENT], ""),
    ],
)
def test_only_trusted_proxies_are_believed(peer: str, forwarded: list[str], found: str) -> None:
    assert asker(peer, forwarded, TRUSTED) == found


@pytest.mark.parametrize(("trusted", "told"), [([], "127.0.0.1"), (["127.0.0.1"], CLIENT)])
async def test_refusals_name_who_asked(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, trusted: list[str], told: str
) -> None:
    caplog.set_level(logging.INFO)
    service = Service(tmp_path, trusted_proxies=trusted)
    by = {"X-Forwarded-For": CLIENT}
    assert (await service.request("GET", "/nowhere", b"", **by))[0] == 404
    wrong = {"Authorization": basic(password="wrong-canary")}
    assert (await service.request("POST", "/fromGCPMonitoring", b"", **by))[0] == 401
    assert (await service.request("POST", "/fromGCPMonitoring", b"", **by, **wrong))[0] == 401
    assert (await service.request("POST", "/fromGCPMonitoring", b"[]", **by, **CREDENTIALS))[0] == 400
    lines = [record.getMessage() for record in caplog.records if record.name in ("http", "deliveries")]
    assert len(lines) == 3
    assert all(line.endswith(f"(from {told})") for line in lines)
    assert "user name or password" in lines[1]
    assert "canary" not in caplog.text
    await service.close()


@pytest.mark.parametrize(("trusted", "status"), [([], 403), (["127.0.0.1"], 200)])
async def test_behind_a_trusted_proxy_the_status_is_for_whom_it_asks(
    tmp_path: Path, trusted: list[str], status: int
) -> None:
    service = Service(tmp_path, trusted_proxies=trusted, status={"addresses": ["203.0.113.0/24"]})
    assert (await service.request("GET", "/livez", b"", **{"X-Forwarded-For": CLIENT}))[0] == status
    for stranger in ("127.0.0.1", "198.51.100.1", f"{CLIENT}, 198.51.100.1"):
        assert (await service.request("GET", "/livez", b"", **{"X-Forwarded-For": stranger}))[0] == 403
    await service.close()
