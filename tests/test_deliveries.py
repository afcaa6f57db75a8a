"""Responses of `/fromGCPMonitoring`, over real sockets."""

import json

import pytest

from tests.builders import full_disk
from tests.service import CREDENTIALS, Service
from tests.support import basic, incident_body


async def test_recorded_unchanged_ignored(service: Service) -> None:
    recorded = {"result": "recorded", "host": "www.example.com"}
    assert await service.deliver(incident_body()) == (200, recorded)
    assert await service.deliver(incident_body()) == (200, {**recorded, "result": "unchanged"})
    status, answer = await service.deliver({"version": "test", "incident": {"state": "OPEN"}})
    assert (status, answer["result"]) == (200, "ignored")
    assert "test notification" in str(answer["reason"])


WRONG = [None, basic(password="wrong"), f"Basic {'A' * 3000}", "Basic bm8tY29sb24=", "Basic //79"]


@pytest.mark.parametrize("authorization", WRONG)
async def test_without_good_credentials_it_challenges(service: Service, authorization: str | None) -> None:
    headers = {} if authorization is None else {"Authorization": authorization}
    body = json.dumps(incident_body()).encode()
    status, answered, _ = await service.request("POST", "/fromGCPMonitoring", body, **headers)
    assert status == 401
    assert answered["www-authenticate"] == 'Basic realm="uptime-check-manager", charset="UTF-8"'
    assert not service.store.state.hosts


@pytest.mark.parametrize(
    "body",
    [
        b"", b"hello", b"null", b"[]", b'"x"', b"{", b"{}x", b"\xff", b"\xef\xbb\xbf\xef\xbb\xbf{}", b"{}\xef\xbb\xbf", b"\xef\xbb\xbf", '{"a":1}'.encode("utf-16"),
        b'{"a":NaN}', b'{"a":-Infinity}', b'{"a":1e999}', b'{"a":' + b"9" * 5000 + b"}", b"[" * 900, b"[" * 100_000,
        b'{"incident":' * 5000 + b"1" + b"}" * 5000, b'{"a":"\\ud800"}', b'{"\\udfff":1}', b'{"a":"\xed\xa0\x80"}',
        b'{"incident":{"state":"open","incident_id":"a\\u0000"}}', b'{"incident":{"state":"open","incident_id":"\\u202e"}}',
        b'{"incident":{"state":"open","incident_id":"' + b"x" * 100_000 + b'"}}', b"\x1f\x8b\x08\x00",
    ],
    ids=lambda body: ascii(body[:24]),
)  # fmt: skip
async def test_anything_but_a_notification_is_400_with_a_reason(service: Service, body: bytes) -> None:
    status, answer = await service.deliver(body)
    assert status == 400
    assert answer["error"]
    assert not service.store.state.hosts


async def test_a_byte_order_mark_before_the_json_is_ignored(service: Service) -> None:
    """RFC 8259, 8.1."""
    body = b"\xef\xbb\xbf" + json.dumps(incident_body()).encode()
    assert await service.deliver(body) == (200, {"result": "recorded", "host": "www.example.com"})


async def test_a_delivery_that_cannot_be_saved_is_503_and_repeated_is_200(service: Service) -> None:
    body = json.dumps(incident_body()).encode()
    with full_disk():
        status, headers, _ = await service.request("POST", "/fromGCPMonitoring", body, **CREDENTIALS)
        assert (status, headers["retry-after"]) == (503, "10")
        status, _, health = await service.request("GET", "/healthz")
        assert status == 503
        assert b"No space left" in health
    assert (await service.deliver(incident_body()))[1]["result"] == "recorded"
    assert (await service.request("GET", "/healthz"))[0] == 200
