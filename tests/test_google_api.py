"""The client of Google's API against a strict stand-in."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from tornado.tcpclient import TCPClient

from config import Google, Proxy
from google import api, transport
from google.api import GoogleApi
from google.refusals import GoogleError
from hosts.checks import Check
from hosts.incident import Kind
from tests.builders import DAY, HOUR
from tests.connect_proxy import ConnectProxy
from tests.google_examples import failed_delivery, snooze
from tests.google_stand_in import NOW, PROJECT, GoogleStandIn, Refused, alert, check
from tests.quiet import failure

SETTINGS = Google(PROJECT, None, timedelta(minutes=5))


async def test_open_alerts_are_read_page_by_page_compressed(google: GoogleStandIn, client: GoogleApi) -> None:
    google.lists["alerts"] = [alert(f"0.oabc1d2e{n:04}", f"h{n}.test") for n in range(450)]
    google.lists["alerts"].append(alert("0.closed000000", state="CLOSED", closeTime="2026-11-24T10:00:00Z"))
    found = await client.open_alerts()
    assert found.error is None
    assert {incident.host for incident in found.incidents} == {f"h{n}.test" for n in range(450)}
    assert all(incident.is_open for incident in found.incidents)
    assert google.compressed == 1 + 3  # the token, and the pages


async def test_closed_alerts_are_read_back_to_a_moment(google: GoogleStandIn, client: GoogleApi) -> None:
    hours = {f"0.oabc1d2e{n:04}": NOW - n * HOUR for n in range(120)}
    google.lists["alerts"] = [
        alert(name, openTime=at.isoformat(), state="CLOSED", closeTime=(at + HOUR).isoformat())
        if number % 2
        else alert(name, openTime=at.isoformat())
        for number, (name, at) in enumerate(hours.items())
    ]
    found = await client.closed_alerts(NOW - 60 * HOUR)
    assert [incident.started for incident in found] == [NOW - n * HOUR for n in range(1, 60, 2)]
    assert all(incident.ended == incident.started + HOUR for incident in found)
    assert len(google.asked) == 1 + 2  # the token, and two of three pages


async def test_closed_alerts_of_a_mass_outage_take_few_requests(
    google: GoogleStandIn, client: GoogleApi
) -> None:
    google.lists["alerts"] = [alert(f"0.oabc1d2e{n:04}") for n in range(2_050)]
    assert await client.closed_alerts(NOW - timedelta(days=365)) == ()
    assert len(google.asked) == 1 + 1 + 10  # the token, a small page, and ten large ones


async def test_after_a_lost_page_the_earlier_ones_and_the_error_remain(
    google: GoogleStandIn, client: GoogleApi
) -> None:
    google.lists["alerts"] = [alert(f"0.oabc1d2e{n:04}") for n in range(450)]
    google.fail("alerts", None, Refused(503), Refused(503))
    found = await client.open_alerts()
    assert len(found.incidents) == 200
    assert str(found.error) == "Google cannot answer right now (503 UNAVAILABLE)"
    google.lists["uptimeCheckConfigs"] = [check(f"c{n}") for n in range(250)]
    google.fail("uptime", None, Refused(503), Refused(503))
    assert (await failure(client.checks())).code == 503


async def test_one_quick_retry_hides_a_passing_failure(google: GoogleStandIn, client: GoogleApi) -> None:
    google.lists["alerts"] = [alert()]
    for code in (500, 502, 503, 504):
        google.fail("alerts", Refused(code))
        assert len((await client.open_alerts()).incidents) == 1


async def test_all_alerts_of_the_last_week_are_read_if_google_rejects_the_filter(
    google: GoogleStandIn, client: GoogleApi, caplog: pytest.LogCaptureFixture
) -> None:
    google.takes_filters = False
    old = alert("0.old000000000", openTime="2026-11-10T00:00:00Z")
    closed = [
        alert(f"0.oabc1d2e{n:04}", state="CLOSED", closeTime="2026-11-24T10:00:00Z") for n in range(300)
    ]
    google.lists["alerts"] = [old, *closed, alert()]
    for _ in range(2):
        found = await client.open_alerts()
        assert ([incident.id for incident in found.incidents], found.error) == (["0.oabc1d2e3f4g"], None)
    assert caplog.text.count("rejects the filter") == 1


async def test_a_page_token_that_is_refused_says_nothing_about_the_filter(
    google: GoogleStandIn, client: GoogleApi
) -> None:
    google.lists["alerts"] = [alert(f"0.oabc1d2e{n:04}") for n in range(300)]
    google.fail("alerts", None, Refused(400))
    assert "400" in str((await client.open_alerts()).error)
    assert (await client.open_alerts()).error is None
    assert all("filter=" in path for path in google.asked if "alerts" in path)


@pytest.mark.parametrize("code", [400, 403, 404])
async def test_a_refused_login_says_nothing_about_what_is_asked(
    google: GoogleStandIn, client: GoogleApi, code: int
) -> None:
    """Neither that the filter is rejected nor that there is no such alert."""
    google.lists["alerts"] = [alert(openTime="2026-11-10T00:00:00Z")]
    for asking in (client.open_alerts, lambda: client.alert("0.oabc1d2e3f4g")):
        google.fail("token", Refused(code))
        assert (await failure(asking())).code == 0
    found = await client.open_alerts()
    assert len(found.incidents) == 1
    assert "filter=" in next(path for path in google.asked if "alerts" in path)


async def test_an_alert_is_asked_for_by_its_id(google: GoogleStandIn, client: GoogleApi) -> None:
    google.lists["alerts"] = [alert(state="CLOSED", closeTime="2026-11-24T10:00:00.5Z")]
    found = await client.alert("0.oabc1d2e3f4g")
    assert found
    assert (found.ended, found.kind) == (datetime(2026, 11, 24, 10, tzinfo=UTC), Kind.DOWNTIME)
    assert await client.alert("0.unknown00000") is None
    assert await client.alert("../../x y?z=%") is None


async def test_nothing_is_concluded_from_an_unknown_state(google: GoogleStandIn, client: GoogleApi) -> None:
    google.takes_filters = False
    google.lists["alerts"] = [alert(), alert("0.other0000000", state="STATE_UNSPECIFIED")]
    found = await client.open_alerts()
    assert len(found.incidents) == 1
    assert "cannot be understood" in str(found.error)
    assert "not the expected JSON" in str(await failure(client.alert("0.other0000000")))


async def test_checks_are_read_without_their_passwords(google: GoogleStandIn, client: GoogleApi) -> None:
    google.lists["uptimeCheckConfigs"] = [check()]
    expected = Check(
        "www-abc", "www.example.com", "www", "https://www.example.com/health", timedelta(minutes=5)
    )
    assert await client.checks() == (expected,)
    assert all("authInfo" not in path for path in google.asked)


async def test_settings_and_failed_deliveries_are_read(google: GoogleStandIn, client: GoogleApi) -> None:
    google.lists["snoozes"] = [snooze(NOW - HOUR, NOW + HOUR), snooze(NOW - DAY, NOW - HOUR, 6)]
    for takes_filters in (True, False):
        google.takes_filters = takes_filters
        (found,) = await client.snoozes(NOW)
        assert (found.id, found.policies, found.is_active(NOW)) == ("5", frozenset({"1"}), True)
    google.entries = [failed_delivery(NOW)]
    (failed,) = await client.failed_deliveries("17", NOW - 7 * DAY)
    assert failed == (NOW, "Webhook failed with 500 Internal Server Error status code.")
    assert await client.failed_deliveries("1", NOW) == ()
    assert (await client.policies(), await client.channels()) == ((), ())


HINTS = [
    (Refused(400), r"is acme-monitoring the right google.project\? \(400 INVALID_ARGUMENT\)"),
    (Refused(403, "SERVICE_DISABLED", consumer="projects/123"), r"gcloud services enable monitoring.googleapis.com --project=123 \(403 PERMISSION_DENIED SERVICE_DISABLED\)"),
    (Refused(403, "SERVICE_DISABLED", consumer="canary;rm -rf"), r"--project=acme-monitoring"),
    (Refused(403, "ACCESS_TOKEN_SCOPE_INSUFFICIENT"), r"lack the scope monitoring.read; on a VM, stop it, .*--scopes=cloud-platform"),
    (Refused(403, "IAM_PERMISSION_DENIED"), r"with this machine's service account for ACCOUNT, run: .*add-iam-policy-binding acme-monitoring --member=serviceAccount:ACCOUNT --role=roles/monitoring.viewer --condition=None"),
    (Refused(403), r"role is missing, or acme-monitoring is the wrong google.project"),
    (Refused(403, "USER_PROJECT_DENIED"), r"roles/serviceusage.serviceUsageConsumer"),
    (Refused(403, "canary words"), r"\(403 PERMISSION_DENIED\)"),
    (Refused(404), r"does not find uptimeCheckConfigs in project acme-monitoring; is acme-monitoring the right google.project\? \(404 NOT_FOUND\)"),
    (Refused(429, "RATE_LIMIT_EXCEEDED"), r"the quota of monitoring.googleapis.com is used up"),
    (Refused(501), r"does not offer this"),
    (Refused(302, headers={"Location": "https://canary.example.com/"}), r"the answer is a redirect"),
]  # fmt: skip


@pytest.mark.parametrize(("refused", "hint"), HINTS)
async def test_a_refusal_says_how_to_fix_it(
    google: GoogleStandIn, client: GoogleApi, refused: Refused, hint: str
) -> None:
    google.fail("uptime", refused)
    with pytest.raises(GoogleError, match=hint):
        await client.checks()
    assert len([path for path in google.asked if "uptime" in path]) == 1  # it is not tried again


@pytest.mark.parametrize("code", [400, 403, 404])
async def test_the_project_is_not_doubted_once_something_of_it_was_read(
    google: GoogleStandIn, client: GoogleApi, code: int
) -> None:
    await client.policies()
    google.fail("uptime", Refused(code))
    assert "google.project" not in str(await failure(client.checks()))


async def test_logging_has_a_role_of_its_own(google: GoogleStandIn, client: GoogleApi) -> None:
    google.fail("entries", Refused(403))
    assert "--role=roles/logging.viewer" in str(await failure(client.failed_deliveries("1", NOW)))


@pytest.mark.parametrize(
    ("code", "header", "pause"),
    [
        (503, "120", 120),
        (503, "Tue, 24 Nov 2026 12:05:00 GMT", 300),
        (503, "Tue, 24 Nov 2020 12:05:00 GMT", 0),
        (503, "1e400", None),
        (503, "99999999", 3600),
        (503, "soon", None),
        (429, "5", 60),
        (429, "90", 90),
    ],
)
async def test_retry_after_is_obeyed_within_reason(
    google: GoogleStandIn, client: GoogleApi, code: int, header: str, pause: float | None
) -> None:
    google.fail("uptime", *[Refused(code, headers={"Retry-After": header})] * 2)
    assert (await failure(client.checks())).retry_after == pause


async def test_a_token_that_is_refused_is_replaced_once(google: GoogleStandIn, client: GoogleApi) -> None:
    await client.checks()
    google.renew("ya29.canary-2")
    await client.checks()
    google.fail("uptime", Refused(401))
    assert "does not accept the token" in str(await failure(client.checks()))


@pytest.mark.usefixtures("client")
async def test_a_token_in_a_file_is_read_at_each_use(google: GoogleStandIn, tmp_path: Path) -> None:
    file = tmp_path / "token"
    file.write_text("ya29.canary-1\n")
    of_file = GoogleApi(replace(SETTINGS, credentials=file), None, lambda: NOW)
    await of_file.checks()
    google.renew("ya29.canary-2")
    asked = len(google.asked)
    assert "does not accept the token" in str(await failure(of_file.checks()))
    assert len(google.asked) == asked + 1  # the same token would be refused again
    file.write_text("ya29.canary-2\n")
    await of_file.checks()
    of_file.close()


OF_METADATA, OF_API = "GCE_METADATA_HOST", "CLOUDSDK_API_ENDPOINT_OVERRIDES_MONITORING"


@pytest.mark.parametrize(
    ("variable", "value", "url"),
    [
        (OF_METADATA, "", "http://metadata.google.internal/computeMetadata/v1/"),
        (OF_METADATA, "169.254.169.252:988", "http://169.254.169.252:988/computeMetadata/v1/"),
        (OF_METADATA, "[fd20:ce::254]", "http://[fd20:ce::254]/computeMetadata/v1/"),
        (OF_METADATA, "localhost:8000", "http://localhost:8000/computeMetadata/v1/"),
        (OF_API, "", "https://monitoring.googleapis.com/"),
        (OF_API, "https://private.example.com/monitoring", "https://private.example.com/monitoring/"),
        (OF_API, "http://[::1]:8000/", "http://[::1]:8000/"),
    ],
)
def test_where_google_may_be(monkeypatch: pytest.MonkeyPatch, variable: str, value: str, url: str) -> None:
    monkeypatch.setenv(variable, value)
    assert url == (transport.metadata_url() if variable == OF_METADATA else transport.api_url("monitoring"))


async def test_a_proxy_is_for_google_and_not_for_the_metadata_server(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(api, "RETRY_PAUSE", 0.01)
    async with ConnectProxy() as proxy, GoogleStandIn() as google:
        monkeypatch.setenv(OF_METADATA, google.environment["GCE_METADATA_HOST"])
        asking = GoogleApi(SETTINGS, Proxy("127.0.0.1", proxy.port), lambda: NOW)
        assert "proxy" in str(await failure(asking.checks()))
        assert [target for target, _ in proxy.asked] == ["monitoring.googleapis.com:443"]
        # Where it really is, only a link-local address leads there.
        assert type(asking._local._http.tcp_client) is TCPClient  # type: ignore[attr-defined]
        asking.close()


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        (OF_API, "http://monitoring.example.com/"),
        (OF_API, "ftp://127.0.0.1/"),
        (OF_API, "https://canary@example.com/"),
        (OF_METADATA, "metadata.example.com"),
        (OF_METADATA, "169.254.169.254@example.com"),
        (OF_METADATA, "10.0.0.1:80"),
    ],
)
async def test_a_token_goes_only_to_google_or_this_machine(
    client: GoogleApi, monkeypatch: pytest.MonkeyPatch, variable: str, value: str
) -> None:
    monkeypatch.setenv(variable, value)
    assert variable in str(await failure(client.checks()))
