"""The client's address, whatever proxies and strangers write into X-Forwarded-For."""

from ipaddress import ip_network
from pathlib import Path

import pytest

from handlers.client_address import client_address, parse_address
from tests.service import CREDENTIALS, Service
from tests.support import basic

PROXY, OTHER, CLIENT = "10.0.0.2", "10.0.0.3", "203.0.113.9"
TRUSTED = [ip_network("10.0.0.0/8"), ip_network("2001:db8::/64")]


@pytest.mark.parametrize(
    ("peer", "forwarded", "found"),
    [
        (CLIENT, ["198.51.100.1"], CLIENT),
        (PROXY, [], PROXY),
        (PROXY, [CLIENT], CLIENT),
        (PROXY, [f"198.51.100.1, {CLIENT}"], CLIENT),
        (PROXY, [f"{CLIENT},{OTHER}"], CLIENT),
        (PROXY, [OTHER], OTHER),
        (PROXY, [f"garbage, {CLIENT}"], CLIENT),
        (PROXY, [f"198.51.100.1, {CLIENT}:4711"], CLIENT),
        (PROXY, [f'"{CLIENT}:4711"'], CLIENT),
        (PROXY, [f"[::ffff:{CLIENT}]:4711"], CLIENT),
        (PROXY, ["[2001:db8:1::5]:4711"], "2001:db8:1::5"),
        (PROXY, ["[fe80::5%eth0]:4711"], "fe80::5"),
        (PROXY, [f"{CLIENT}:4711, {OTHER}:80, [2001:db8::1]:443"], CLIENT),
        (f"::ffff:{PROXY}", [CLIENT], CLIENT),
        ("2001:db8::1%eth0", ["2001:db8:1::5"], "2001:db8:1::5"),
        ("", [CLIENT], ""),
    ],
)
def test_only_trusted_proxies_are_believed(peer: str, forwarded: list[str], found: str) -> None:
    assert client_address(peer, forwarded, TRUSTED) == found


@pytest.mark.parametrize(
    "forwarded",
    [
        "",
        "unknown",
        "garbage",
        f"{CLIENT}, garbage",
        f"unknown, {OTHER}",
        f"for={CLIENT}",
        f"{CLIENT}:",
        f"{CLIENT}:123456",
        f"{CLIENT}:٤٧١١".encode().decode("latin-1"),
        f"[{CLIENT}",
        "[]",
        '"',
        "10.0.0.2.",
        "010.0.0.2",
        "10.0.0.0/8",
        "localhost",
    ],
)
def test_a_client_that_its_proxy_does_not_name_is_unknown_and_has_no_address(forwarded: str) -> None:
    found = client_address(PROXY, [forwarded], TRUSTED)
    assert found.startswith("unknown client behind 10.0.0.")
    assert parse_address(found) is None


@pytest.mark.parametrize(("trusted", "told"), [([], "127.0.0.1"), (["127.0.0.1"], CLIENT)])
async def test_refusals_name_the_client(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, trusted: list[str], told: str
) -> None:
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


@pytest.mark.parametrize(
    ("trusted", "allowed", "headers", "status"),
    [
        ("127.0.0.1", "203.0.113.0/24", {"X-Forwarded-For": CLIENT}, 200),
        ("10.0.0.1", "203.0.113.0/24", {"X-Forwarded-For": CLIENT}, 403),
        ("127.0.0.1", "203.0.113.0/24", {"X-Forwarded-For": "127.0.0.1"}, 403),
        ("127.0.0.1", "203.0.113.0/24", {"X-Forwarded-For": f"{CLIENT}, 198.51.100.1"}, 403),
        ("127.0.0.0/8", "127.0.0.0/8", {"Authorization": "x", "X-Slack-Signature": "x"}, 200),
        ("127.0.0.0/8", "127.0.0.0/8", {"X-Forwarded-Proto": "https"}, 403),
        ("127.0.0.0/8", "127.0.0.0/8", {"X-Forwarded": "x"}, 403),
        ("127.0.0.0/8", "127.0.0.0/8", {"Via": "1.1 Caddy"}, 403),
        ("127.0.0.0/8", "127.0.0.0/8", {"X-Forwarded-For": CLIENT}, 403),
        ("127.0.0.0/8", "127.0.0.0/8", {"X-Forwarded-For": "unknown"}, 403),
        ("127.0.0.0/8", "127.0.0.0/8", {"Forwarded": "for=127.0.0.1"}, 403),
        ("127.0.0.0/8", "127.0.0.0/8", {"CF-Connecting-IP": "127.0.0.1"}, 403),
    ],
)
async def test_behind_a_trusted_proxy_the_client_must_be_allowed_to_see_the_status(
    tmp_path: Path, trusted: str, allowed: str, headers: dict[str, str], status: int
) -> None:
    service = Service(tmp_path, trusted_proxies=trusted, status={"addresses": allowed})
    assert (await service.request("GET", "/livez", b"", **headers))[0] == status
    await service.close()
