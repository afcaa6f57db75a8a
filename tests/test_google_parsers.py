"""What the API's JSON becomes: alerts, checks, policies, channels, snoozes; also from captured lists."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from google import alerts, checks, policies
from google.alerts import may_list
from google.webhook import parse
from hosts.checks import Check
from hosts.incident import Incident, Kind, NamedBy, join
from hosts.policies import Condition, NotificationChannel
from tests.builders import opened
from tests.google_stand_in import NOW, PROJECT, alert, check
from tests.support import incident_body

PASSED = "monitoring.googleapis.com/uptime_check/check_passed"
CAPTURED = Path(__file__).resolve().parents[2] / "shared" / "payloads" / "api"


def captured(name: str) -> Any:
    file = CAPTURED / name
    if not file.exists():
        pytest.skip("captured answers are not part of the project")
    return json.loads(file.read_text())


def incident(**fields: Any) -> Incident:
    found = alerts.parse_alert(alert(**fields), PROJECT, NOW)
    assert found
    return found


def test_an_alert_is_named_and_timed_as_its_webhook_is() -> None:
    body = incident_body("0.oabc1d2e3f4g", started_at=1795510800)
    by_webhook = parse(json.dumps(body).encode(), NOW)
    assert isinstance(by_webhook, Incident)
    listed = incident(openTime="2026-11-24T09:00:00.123456789Z")
    same = ("id", "host", "named_by", "kind", "policy")
    assert [getattr(listed, name) for name in same] == [getattr(by_webhook, name) for name in same]
    assert listed.started == datetime(2026, 11, 24, 9, tzinfo=UTC)
    assert join(by_webhook, listed) == join(listed, by_webhook)


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"state": "CLOSED", "closeTime": "2026-11-24T10:00:00Z"}, datetime(2026, 11, 24, 10, tzinfo=UTC)),
        ({"state": "CLOSED", "closeTime": "2026-11-24T08:00:00Z"}, datetime(2026, 11, 24, 9, tzinfo=UTC)),
        ({"state": "CLOSED"}, NOW),
        ({"state": "CLOSED", "closeTime": "9999-99-99T00:00:00Z"}, NOW),
        ({"state": "CLOSED", "closeTime": "0001-01-01T00:00:00+14:00"}, NOW),
        ({"state": "OPEN", "closeTime": "2026-11-24T10:00:00Z"}, None),
    ],
)
def test_when_an_alert_ended(fields: dict[str, Any], expected: datetime | None) -> None:
    assert incident(**fields).ended == expected


@pytest.mark.parametrize(
    "fields",
    [{"name": ""}, {"name": "projects/p/alerts/"}, {"name": "x/\n"}, {"name": "x/" + "1" * 200}, {"state": "NEW"}, {"state": None}],
)  # fmt: skip
def test_an_alert_that_cannot_be_understood_is_none(fields: dict[str, Any]) -> None:
    assert alerts.parse_alert(alert() | fields, PROJECT, NOW) is None


def test_a_project_number_in_names_is_not_taken_for_the_project() -> None:
    policy = {"name": "projects/acme-monitoring/alertPolicies/1", "displayName": "API errors"}
    resource, metric = {"type": "global", "labels": {}}, {"type": "custom/errors"}
    listed = alert(resource=resource, metric=metric, policy=policy, name="projects/123456/alerts/0.x")
    found = alerts.parse_alert(listed, "123456", NOW)
    assert found
    assert found.host == "API errors\nproject=acme-monitoring"
    assert (found.named_by, found.kind) == (NamedBy.POLICY, Kind.OTHER)


URL = "https://console.cloud.google.com/monitoring/alerting/alerts/x"


@pytest.mark.parametrize(
    ("incident_id", "url", "project", "expected"),
    [
        ("0.oabc1d2e3f4g", "", PROJECT, True),
        ("0.oabc1d2e3f4g", f"{URL}?channelType=webhook&project={PROJECT}", PROJECT, True),
        ("0.oabc1d2e3f4g", f"{URL}?project=other-project", PROJECT, False),
        ("0.oabc1d2e3f4g", f"{URL}?project=other-project", "123456789", True),
        ("0.oabc1d2e3f4g", f"{URL}?project=123456789", PROJECT, True),
        ("12345", "", PROJECT, False),
        ("f" * 32, "", PROJECT, False),
        ("derived-0123456789abcdef", "", PROJECT, False),
    ],
)
def test_what_google_should_list(incident_id: str, url: str, project: str, *, expected: bool) -> None:
    assert may_list(opened(incident_id)._replace(url=url), project) is expected


HTTP: dict[str, Any] = {"path": "/health", "port": 443, "useSsl": True}


@pytest.mark.parametrize(
    ("fields", "target"),
    [
        ({"httpCheck": HTTP}, "https://www.example.com/health"),
        ({"httpCheck": HTTP | {"port": 8443, "path": "health"}}, "https://www.example.com:8443/health"),
        ({"httpCheck": {"port": 80}}, "http://www.example.com/"),
        ({"httpCheck": HTTP | {"path": "/x?token=canary#canary"}}, "https://www.example.com/x"),
        ({"httpCheck": HTTP | {"path": "/a\u202eb\n"}}, "https://www.example.com/a b"),
        ({"httpCheck": {}, "tcpCheck": {"port": 5432}}, "tcp://www.example.com:5432"),
    ],
)
def test_what_a_check_asks_for(fields: dict[str, Any], target: str) -> None:
    found = checks.parse_check(check(**fields), PROJECT)
    assert found
    assert found.target == target


@pytest.mark.parametrize(
    ("instead", "target"),
    [
        ({"resourceGroup": {"groupId": "g", "resourceType": "INSTANCE"}}, "g"),
        ({"syntheticMonitor": {"cloudFunctionV2": {"name": "projects/p/locations/l/functions/f"}}}, "f"),
        ({"syntheticMonitor": {}}, ""),
    ],
    ids=["group", "function", "unknown"],
)
def test_a_check_of_a_group_or_a_function_has_no_host(instead: dict[str, Any], target: str) -> None:
    without = {key: value for key, value in check().items() if key != "monitoredResource"}
    found = checks.parse_check(without | instead, PROJECT)
    assert found
    assert (found.host, found.name, found.target) == ("", "www", target)


@pytest.mark.parametrize(("named", "project"), [(PROJECT, ""), ("other", "other"), (None, "")])
def test_the_project_of_what_is_checked_is_kept_if_it_is_another(named: str | None, project: str) -> None:
    labels = {"host": "a.test", **({"project_id": named} if named else {})}
    found = checks.parse_check(check(monitoredResource={"type": "uptime_url", "labels": labels}), PROJECT)
    assert found
    assert (found.host, found.project) == ("a.test", project)


def test_the_values_that_are_missing_when_zero() -> None:
    least = {"name": f"projects/{PROJECT}/uptimeCheckConfigs/x", "monitoredResource": {"type": "uptime_url", "labels": {"host": "München.example"}}}  # fmt: skip
    expected = Check("x", "münchen.example", "", "http://münchen.example/", timedelta(minutes=1))
    assert checks.parse_check(least, PROJECT) == expected
    full = checks.parse_check(least | {"disabled": True, "selectedRegions": ["USA", "EUROPE"]}, PROJECT)
    assert full == expected._replace(disabled=True, regions=("EUROPE", "USA"))


METRIC = f'metric.type="{PASSED}" resource.type="uptime_url"'


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        ({"conditionThreshold": {"filter": METRIC}}, Condition(Kind.DOWNTIME)),
        ({"conditionThreshold": {"filter": f'{METRIC} metric.label."check_id"="a-1"'}}, Condition(Kind.DOWNTIME, frozenset({"a-1"}))),
        ({"conditionAbsent": {"filter": f'{METRIC} AND metric.labels.check_id = "a-1"'}}, Condition(Kind.DOWNTIME, frozenset({"a-1"}))),
        ({"conditionThreshold": {"filter": f'{METRIC} metric.label.check_id=one_of("a","b")'}}, Condition(Kind.DOWNTIME, frozenset({"a", "b"}))),
        ({"conditionThreshold": {"filter": f'{METRIC} (metric.label.check_id="a" OR metric.label.check_id="b")'}}, Condition(Kind.DOWNTIME, frozenset({"a", "b"}))),
        ({"conditionThreshold": {"filter": f'{METRIC} metric.label.check_id=monitoring.regex.full_match("a|b")'}}, Condition(Kind.DOWNTIME, frozenset({"a", "b"}))),
        ({"conditionThreshold": {"filter": f'{METRIC} metric.label.check_id=monitoring.regex.full_match("a.*")'}}, Condition(Kind.DOWNTIME, is_certain=False)),
        ({"conditionThreshold": {"filter": f'{METRIC} metric.label.check_id!="a"'}}, Condition(Kind.DOWNTIME, is_certain=False)),
        ({"conditionThreshold": {"filter": f'{METRIC} NOT metric.label.check_id="a"'}}, Condition(Kind.DOWNTIME, is_certain=False)),
        ({"conditionThreshold": {"filter": f'{METRIC} metadata.user_labels.team="web"'}}, Condition(Kind.DOWNTIME, is_certain=False)),
        ({"conditionThreshold": {"filter": f'{METRIC} resource.label.host="WWW.Example.com" resource.label.project_id="shop"'}}, Condition(Kind.DOWNTIME, hosts=frozenset({"www.example.com"}), projects=frozenset({"shop"}))),
        ({"conditionPrometheusQueryLanguage": {"query": 'avg_over_time(monitoring_googleapis_com:uptime_check_check_passed{check_id=~"a|b"}[5m]) < 1'}}, Condition(Kind.DOWNTIME, frozenset({"a", "b"}))),
        ({"conditionPrometheusQueryLanguage": {"query": 'sum by (check_id) (monitoring_googleapis_com:uptime_check_check_passed) < 1 # check_id="x"'}}, Condition(Kind.DOWNTIME)),
        ({"conditionThreshold": {"filter": 'metric.type="monitoring.googleapis.com/uptime_check/time_until_ssl_cert_expires"'}}, Condition(Kind.CERTIFICATE)),
        ({"conditionThreshold": {"filter": 'metric.type="compute.googleapis.com/instance/cpu/utilization"'}}, None),
    ],
)  # fmt: skip
def test_which_checks_a_condition_is_about(condition: dict[str, Any], expected: Condition | None) -> None:
    found = policies.parse_policy(
        {"name": "projects/p/alertPolicies/1", "conditions": [condition]}
    ).conditions
    assert found == ((expected,) if expected else ())


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({}, {"enabled": True, "invalid": "", "notifies_on_close": True, "is_log_match": False, "auto_close": timedelta(days=7)}),
        ({"enabled": False}, {"enabled": False}),
        ({"validity": {"code": 5, "message": "conditions[0] is\ninvalid"}}, {"invalid": "conditions[0] is invalid"}),
        ({"validity": {}}, {"invalid": ""}),
        ({"alertStrategy": {"notificationPrompts": ["OPENED"]}}, {"notifies_on_close": False}),
        ({"alertStrategy": {"notificationPrompts": ["OPENED", "CLOSED"]}}, {"notifies_on_close": True}),
        ({"alertStrategy": {"autoClose": "1800s"}}, {"auto_close": timedelta(minutes=30)}),
        ({"conditions": [{"conditionMatchedLog": {"filter": "x"}}]}, {"is_log_match": True}),
        ({"notificationChannels": ["projects/p/notificationChannels/7"]}, {"channels": frozenset({"7"})}),
        ({"alertStrategy": {"notificationChannelStrategy": [{"notificationChannelNames": ["projects/p/notificationChannels/7"], "renotifyInterval": "1800s"}]}}, {"repeats": {"7": timedelta(minutes=30)}}),
    ],
)  # fmt: skip
def test_what_else_of_a_policy_matters(fields: dict[str, Any], expected: dict[str, Any]) -> None:
    found = policies.parse_policy({"name": "projects/p/alertPolicies/1", **fields})
    assert {name: getattr(found, name) for name in expected} == expected


@pytest.mark.parametrize(
    ("labels", "address"),
    [
        ({"url": "https://me:canary@uptime.example.com/fromGCPMonitoring?auth_token=canary"}, "uptime.example.com/fromGCPMonitoring"),
        ({"url": "https://uptime.example.com:8443/a/fromGCPMonitoring"}, "uptime.example.com:8443/a/fromGCPMonitoring"),
        ({"url": "https://hooks.slack.com/services/T0/B0/canary"}, "hooks.slack.com/…"),
        ({"url": "https://[canary/"}, ""),
        ({"url": 5}, ""),
        ({"topic": "projects/p/topics/t"}, "projects/p/topics/t"),
    ],
)  # fmt: skip
def test_the_address_of_a_channel_holds_no_secret(labels: dict[str, Any], address: str) -> None:
    listed = {"name": "projects/p/notificationChannels/7", "type": "webhook_tokenauth", "labels": labels}
    assert policies.parse_channel(listed) == NotificationChannel("7", "", "webhook_tokenauth", address)


ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text() | st.sampled_from(["\ud800", "2026-11-24T09:00:00Z", "60s", "OPEN", PASSED]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from([
        "name", "state", "openTime", "resource", "labels", "host", "metric", "type", "policy", "displayName", "monitoredResource", "httpCheck", "path", "port",
        "conditions", "conditionThreshold", "filter", "alertStrategy", "autoClose", "notificationPrompts", "criteria", "policies", "interval", "startTime", "endTime", "url"]), inner, max_size=8),
    max_leaves=20,
)  # fmt: skip


FIELDS = st.sampled_from([*alert(), *check(), "conditions", "labels", "criteria", "interval"])


@given(st.dictionaries(FIELDS, ANYTHING))
def test_anything_is_read_without_an_error_and_as_text_that_can_be_saved(fields: dict[str, Any]) -> None:
    found = [
        alerts.parse_alert(alert() | fields, PROJECT, NOW),
        checks.parse_check(check() | fields, PROJECT),
    ]
    others = (
        policies.parse_policy,
        policies.parse_channel,
        policies.parse_snooze,
        policies.parse_failed_delivery,
    )
    repr([*found, *(parser(fields) for parser in others)]).encode()
    assert not any("\ud800" in text for each in found if each for text in each if isinstance(text, str))


def test_captured_checks() -> None:
    listed = captured("uptimeCheckConfigs-list-2020.json")["uptimeCheckConfigs"]
    found = [checks.parse_check(each, PROJECT) for each in listed]
    assert [each and each.target for each in found] == [
        "https://h1.example.com/failtest",
        "https://h2.example.com/healthz",
        "https://h3.example.com/healthz",
        "https://h4.example.com/version",
        "http://h5.example.com/version",
    ]
    assert found[0]
    assert (found[0].id, found[0].period) == ("simulated-failures", timedelta(minutes=5))


def test_captured_policies_and_channels() -> None:
    found = [
        policies.parse_policy(each) for each in captured("alertPolicies-list-2020.json")["alertPolicies"]
    ]
    assert [each.enabled for each in found[:2]] == [True, False]
    conditions = [condition for each in found for condition in each.conditions]
    assert Condition(Kind.DOWNTIME, frozenset({"https-www-uptime-check-1583349700"})) in conditions
    assert any(each.invalid for each in found)
    listed = captured("notificationChannels-list-2020.json")["notificationChannels"]
    assert policies.parse_channel(listed[-1]).address == "hooks.example.com/…"
    (entry,) = captured("logging-entries-notification-failed-2023.json")["entries"]
    failed = policies.parse_failed_delivery(entry)
    assert failed
    assert failed.summary == "Webhook failed with 500 Internal Server Error status code."
