"""Google's webhook bodies, with every quirk that is known of them."""

import json
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from google.strict_json import InvalidPayload
from google.webhook import EPOCH, Ignored, parse
from hosts.identity import in_full, name_of
from hosts.incident import CANCELLED, Incident, Kind, NamedBy, join
from tests.support import incident_body

PAYLOADS = Path(__file__).resolve().parent.parent.parent / "shared" / "payloads"
NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
START = datetime(2026, 11, 22, 10, tzinfo=UTC)
STARTED = int(START.timestamp())


def read(**fields: Any) -> Incident:
    body = incident_body(**{"started_at": STARTED, **fields})
    found = parse(json.dumps(body).encode(), NOW)
    assert isinstance(found, Incident)
    return found


def reason(document: object) -> str:
    found = parse(json.dumps(document).encode(), NOW)
    assert isinstance(found, Ignored)
    return found.reason


def test_an_open_incident_carries_what_people_need() -> None:
    assert read() == Incident(
        id="0.abc",
        host="www.example.com",
        named_by=NamedBy.HOST,
        kind=Kind.DOWNTIME,
        started=START,
        policy="www uptime failure",
        condition="Failure of uptime check_id www-abc",
        url="https://console.cloud.google.com/monitoring/alerting/alerts/0.abc",
    )


def test_a_closed_incident_is_compact() -> None:
    found = read(state="closed", ended_at=STARTED + 60, observed_value="0.000")
    assert (found.ended, found.url, found.condition, found.observed) == (
        START + timedelta(minutes=1),
        "",
        "",
        "",
    )


class TestQuirks:
    @pytest.mark.parametrize("version", ["1.2", "1.1", 1.1, 1, "9.9", None, [], {"a": 1}])
    def test_no_version_is_refused(self, version: object) -> None:
        body = {**incident_body(), "version": version}
        assert isinstance(parse(json.dumps(body).encode(), NOW), Incident)

    def test_the_test_button_is_no_incident(self) -> None:
        assert "test notification" in reason({**incident_body(), "version": "test"})
        console = {"incident_id": "12345", "state": "OPEN", "resource": {"type": "example_resource"}}
        assert "test notification" in reason({"version": "1.2", "incident": console})

    @pytest.mark.parametrize(
        "document", [{}, {"incident": None}, {"incident": []}, {"incident": "x"}, {"group_info": {}}]
    )
    def test_other_notifications_are_ignored(self, document: object) -> None:
        assert "no incident" in reason(document)

    def test_the_envelope_of_2015_is_unwrapped(self) -> None:
        found = parse(json.dumps({"msg": incident_body()}).encode(), NOW)
        assert isinstance(found, Incident)

    @pytest.mark.parametrize(
        ("state", "is_open"),
        [("open", True), ("OPEN", True), ("acknowledged", True), ("closed", False), ("CLOSED", False)],
    )
    def test_states_are_read_in_any_case(self, state: str, is_open: bool) -> None:
        assert read(state=state).is_open is is_open

    @pytest.mark.parametrize("state", ["test", "", None, 1, [], {"a": "open"}])
    def test_an_unknown_state_is_ignored(self, state: object) -> None:
        assert "neither open nor closed" in reason(incident_body(state=state))  # type: ignore[arg-type]

    @pytest.mark.parametrize("missing", [None, "", [], True, 1.5])
    def test_without_an_id_the_same_incident_gets_the_same_key(self, missing: object) -> None:
        opened, closed = read(incident_id=missing), read(incident_id=missing, state="closed")
        assert opened.id == closed.id
        assert opened.id.startswith("derived-")
        assert read(incident_id=missing, started_at=STARTED + 1).id != opened.id
        assert read(incident_id=missing, host="other.test").id != opened.id

    def test_a_number_is_an_id_too(self) -> None:
        assert read(incident_id=12345).id == "12345"

    @pytest.mark.parametrize("ended", [None, 0, "null", "", -1, [], True, 10**20, 1e300, "soon"])
    def test_a_close_without_an_end_ended_when_it_came(self, ended: object) -> None:
        assert read(state="closed", ended_at=ended).ended == NOW

    @pytest.mark.parametrize(
        "started", [None, 0, "", 1, -5, [], False, "yesterday", STARTED * 1000, "9" * 4000, 1e300]
    )
    def test_a_start_that_makes_no_sense_is_the_time_of_receipt(self, started: object) -> None:
        assert read(started_at=started).started == NOW

    @pytest.mark.parametrize("started", [STARTED, float(STARTED), str(STARTED), STARTED + 0.9])
    def test_a_start_may_be_written_in_several_ways(self, started: object) -> None:
        assert read(started_at=started).started == START

    def test_a_start_in_the_future_is_now(self) -> None:
        assert read(started_at=int(NOW.timestamp()) + 300).started == NOW

    def test_an_end_before_the_start_is_the_start(self) -> None:
        assert read(state="closed", ended_at=STARTED - 60).ended == START

    def test_the_sentence_of_a_cancelling_edit_is_kept(self) -> None:
        sentence = (
            f"{CANCELLED} the alert policy condition was deleted or modified while incident was active."
        )
        assert read(state="closed", observed_value=sentence).cancelled

    @pytest.mark.parametrize(
        "url", ["javascript:alert(1)", "http://x y", "https://x|y", 5, "https://" + "x" * 3000]
    )
    def test_only_a_web_address_is_one(self, url: object) -> None:
        assert read(url=url).url == ""

    def test_names_are_kept_as_they_are(self) -> None:
        assert read(policy_name="a <b> & *c* `d` 정책").policy == "a <b> & *c* `d` 정책"

    def test_what_controls_a_terminal_becomes_a_space(self) -> None:
        assert read(policy_name="a\r\n2026 forged\x1b[31m\u202eb\u0000").policy == "a 2026 forged [31m b"

    def test_texts_are_cut(self) -> None:
        assert len(read(policy_name="x" * 9999).policy) == 512
        assert len(read(host="x" * 9999).host) == 253


class TestHost:
    """The first that is there wins; each step is tried with all before it missing."""

    @pytest.mark.parametrize(
        ("fields", "host", "named_by"),
        [
            ({"resource": {"labels": {"host": " WWW.Example.com "}}}, "www.example.com", NamedBy.HOST),
            (
                {"resource": {"type": "uptime_url"}, "metric": {"labels": {"checked_resource_id": "a.test"}}},
                "a.test",
                NamedBy.HOST,
            ),
            (
                {"resource": {"type": "cloud_run_revision", "labels": {"service_name": "cart"}}},
                "cart",
                NamedBy.RESOURCE,
            ),
            ({"resource": {"type": "k8s_service", "labels": {"service_name": "cart"}}}, "cart", NamedBy.RESOURCE),
            (
                {"resource": {"type": "gae_app", "labels": {"module_id": "default", "project_id": "shop"}}},
                "default shop",
                NamedBy.RESOURCE,
            ),
            ({"resource": {"type": "aws_elb_load_balancer", "labels": {"name": "lb"}}}, "lb", NamedBy.RESOURCE),
            ({"resource_display_name": "vm-1"}, "vm-1", NamedBy.RESOURCE),
            ({"metric": {"labels": {"instance_name": "vm-2"}}}, "vm-2", NamedBy.RESOURCE),
            ({"resource_name": "p Uptime Check URL labels {project_id=p, host=b.test}"}, "b.test", NamedBy.HOST),
            (
                {"condition": {"conditionThreshold": {"filter": 'resource.label."host"="c.test"'}}},
                "c.test",
                NamedBy.HOST,
            ),
            (
                {"condition": {"conditionThreshold": {"filter": 'a = "b"\nAND resource.labels.host = "c.test"'}}},
                "c.test",
                NamedBy.HOST,
            ),
            (
                {"condition": {"conditionMonitoringQueryLanguage": {"query": "| filter resource.host == 'd.test'"}}},
                "d.test",
                NamedBy.HOST,
            ),
            ({"resource_name": "webserver-85"}, "webserver-85", NamedBy.RESOURCE),
            (
                {"resource_name": "shop my vm", "resource_type_display_name": "VM Instance"},
                "my vm",
                NamedBy.RESOURCE,
            ),
            (
                {
                    "resource_name": "shop VM Instance",
                    "resource_type_display_name": "VM Instance",
                    "resource": {"labels": {"instance_id": "123"}},
                },
                "123",
                NamedBy.RESOURCE,
            ),
            ({"metric": {"labels": {"check_id": "www-3F"}}}, "www-3F", NamedBy.CHECK),
            (
                {"condition": {"conditionThreshold": {"filter": 'metric.label."check_id"="www-x"'}}},
                "www-x",
                NamedBy.CHECK,
            ),
            ({"condition_name": "Failure of uptime check_id www-3F"}, "www-3F", NamedBy.CHECK),
            ({"policy_name": "Www Policy"}, "Www Policy", NamedBy.POLICY),
            ({}, "unknown", NamedBy.POLICY),
            ({"resource": {"labels": {"host": "\u0000"}}}, "unknown", NamedBy.HOST),
        ],
    )  # fmt: skip
    def test_where_its_name_is_found(self, fields: dict[str, Any], host: str, named_by: NamedBy) -> None:
        found = parse(json.dumps({"incident": {"state": "open", "incident_id": "x", **fields}}).encode(), NOW)
        assert isinstance(found, Incident)
        assert (name_of(found.host), found.named_by) == (host, named_by)


def identity(**fields: Any) -> str:
    """The name with every label, or a host's name alone."""
    body = {"incident": {"state": "open", "incident_id": "x", **fields}}
    found = parse(json.dumps(body).encode(), NOW)
    assert isinstance(found, Incident)
    return in_full(found.host)


def resource(kind: str, **labels: str) -> dict[str, Any]:
    return {"resource": {"type": kind, "labels": labels}}


class TestSpelling:
    """What Google sends goes through the one normaliser."""

    @pytest.mark.parametrize(
        "written",
        [
            "münchen.example",
            "xn--mnchen-3ya.example",
            "MÜNCHEN.example.",
            "mu\u0308nchen.example",
            "\u200emünchen.example",
        ],
    )
    def test_a_host_is_known_by_one_spelling(self, written: str) -> None:
        assert read(host=written).host == "münchen.example"
        assert identity(policy_name=written) == "münchen.example"

    @pytest.mark.parametrize(
        "name", ["front/back", "api - noc - users", "db:5432", "ops@example.com", "2001:db8::1"]
    )
    def test_any_other_name_is_kept(self, name: str) -> None:
        assert identity(policy_name=name) == name

    def test_a_name_in_capitals_is_shown_in_capitals(self) -> None:
        assert identity(metric={"labels": {"check_id": "dep-3F"}}) == "dep-3F"

    def test_a_policy_that_is_named_after_a_host_is_of_that_host(self) -> None:
        assert (
            identity(policy_name="https://Shop.example.com/cart", scoping_project_id="p")
            == "shop.example.com"
        )


class TestIdentity:
    """Two things of one name are two; one thing that is reported in two ways is one."""

    @pytest.mark.parametrize(
        ("fields", "known_as"),
        [
            (resource("cloud_run_revision", service_name="api", project_id="prod", location="eu", revision_name="7"), "api (prod/eu)"),
            (
                resource("k8s_service", service_name="api", project_id="p", location="eu", cluster_name="c", namespace_name="n"),
                "api (p/eu/c/n)",
            ),
            (resource("aws_elb_load_balancer", name="lb", project_id="p", aws_account="1", region="us-1"), "lb (p/1/us-1)"),
            (resource("gae_app", module_id="default", project_id="p", zone="us1", version_id="3"), "default p (p)"),
            (resource("gce_instance", project_id="p", zone="us-1", instance_id="5") | {"resource_display_name": "vm"}, "vm (p/us-1)"),
            (resource("gce_instance", project_id="p", instance_id="5") | {"resource_display_name": "vm"}, "vm (p/5)"),
            (resource("gce_instance", zone="us-1") | {"resource_name": "p vm"}, "vm (p/us-1)"),
            (resource("k8s_service", service_name="api") | {"scoping_project_id": "p"}, "api (p)"),
            ({"metric": {"labels": {"check_id": "dep-3F"}}, **resource("uptime_url", project_id="p")}, "dep-3F (p)"),
            ({"policy_name": "CPU", "scoping_project_id": "p", **resource("x", project_id="q", zone="z")}, "CPU (p)"),
            ({"policy_name": "CPU", "url": "https://c.test/0.a?channelType=webhook&project=p"}, "CPU (p)"),
            ({"policy_name": "CPU", "condition": {"name": "projects/p/alertPolicies/1/conditions/2"}}, "CPU (p)"),
            ({"policy_name": "CPU"}, "CPU"),
        ],
    )  # fmt: skip
    def test_what_tells_it_apart(self, fields: dict[str, Any], known_as: str) -> None:
        assert identity(**fields) == known_as

    def test_a_host_that_checks_of_two_projects_watch_is_one(self) -> None:
        found = {identity(**resource("uptime_url", host="www.example.com", project_id=p)) for p in ("a", "b")}
        assert found == {"www.example.com"}

    def test_labels_cannot_forge_one_another(self) -> None:
        one = resource("k8s_service", service_name="api", project_id="p\nlocation=eu")
        other = resource("k8s_service", service_name="api", project_id="p", location="eu")
        assert identity(**one) != identity(**other)


METRIC = "monitoring.googleapis.com/uptime_check/"


def promql(query: str, **labels: str) -> dict[str, Any]:
    """What an alert of a PromQL policy leaves over: no type of the metric, and labels as the query has them."""
    return {
        "policy_name": "All sites",
        "resource": {"type": "", "labels": {}},
        "metric": {"type": "", "displayName": "", "labels": labels},
        "condition": {"conditionPrometheusQueryLanguage": {"query": query, "duration": "60s"}},
    }


PASSED, EXPIRES = (
    f"monitoring_googleapis_com:uptime_check_{name}"
    for name in ("check_passed", "time_until_ssl_cert_expires")
)
MQL_CHECK = f"fetch uptime_url | metric '{METRIC}check_passed' | filter resource.host == 'a.test' | condition val() > 1 '1'"
SQL_CHECK = f"SELECT * FROM m WHERE type = '{METRIC}check_passed' AND JSON_VALUE(resource.labels, '$.host') = 'a.test'"


class TestQueries:
    @pytest.mark.parametrize(
        ("fields", "host", "named_by", "kind"),
        [
            (promql(f"sum by (host) ({PASSED}) == 0", host="a.test"), "a.test", NamedBy.HOST, Kind.DOWNTIME),
            (promql(f'{PASSED}{{host="a.test"}} == 0', check_id="a-3F"), "a.test", NamedBy.HOST, Kind.DOWNTIME),
            (promql(f"avg({PASSED}{{host='a.test'}}) < 1"), "a.test", NamedBy.HOST, Kind.DOWNTIME),
            (promql(f'{PASSED}{{host=~"a\\\\.test"}} == 0'), "a.test", NamedBy.HOST, Kind.DOWNTIME),
            (promql(f'{{"{METRIC}check_passed", host="a.test"}} == 0'), "a.test", NamedBy.HOST, Kind.DOWNTIME),
            (promql(f'{{__name__="{PASSED}"}} == 0', host="A.test"), "a.test", NamedBy.HOST, Kind.DOWNTIME),
            (promql(f"{PASSED} == 0", checked_resource_id="a.test"), "a.test", NamedBy.HOST, Kind.DOWNTIME),
            (promql(f"{PASSED} == 0", check_id="a-3F"), "a-3F", NamedBy.CHECK, Kind.DOWNTIME),
            (promql(f'{PASSED}{{check_id="a-3F"}} == 0'), "a-3F", NamedBy.CHECK, Kind.DOWNTIME),
            (promql(f'{PASSED}{{host!="b.test"}} == 0', check_id="a-3F"), "a-3F", NamedBy.CHECK, Kind.DOWNTIME),
            (promql(f'{PASSED}{{host=~"a.*"}} == 0', check_id="a-3F"), "a-3F", NamedBy.CHECK, Kind.DOWNTIME),
            (promql(f'{PASSED}{{host="a.test"}} or {PASSED}{{host="b.test"}}'), "All sites", NamedBy.POLICY, Kind.DOWNTIME),
            (promql(f"{EXPIRES} < 14", host="a.test"), "a.test", NamedBy.HOST, Kind.CERTIFICATE),
            (promql(f'{{"{METRIC}time_until_ssl_cert_expires"}} < 14', host="a.test"), "a.test", NamedBy.HOST, Kind.CERTIFICATE),
            (promql(f"{EXPIRES} < 14", host="a.test") | resource("uptime_url", host=""), "a.test", NamedBy.HOST, Kind.CERTIFICATE),
            (promql("monitoring_googleapis_com:uptime_check_request_latency > 5", host="a.test"), "a.test", NamedBy.HOST, Kind.SIGNAL),
            (
                promql(f'{PASSED}{{monitored_resource="cloud_run_revision"}} == 0', service_name="api", project_id="p"),
                "api",
                NamedBy.RESOURCE,
                Kind.DOWNTIME,
            ),
            ({"condition": {"conditionMonitoringQueryLanguage": {"query": MQL_CHECK}}}, "a.test", NamedBy.HOST, Kind.DOWNTIME),
            (
                {"condition": {"conditionMonitoringQueryLanguage": {"query": MQL_CHECK.replace("==", "!=")}}, "policy_name": "x"},
                "x",
                NamedBy.POLICY,
                Kind.DOWNTIME,
            ),
            ({"condition": {"conditionSql": {"query": SQL_CHECK}}}, "a.test", NamedBy.HOST, Kind.DOWNTIME),
            ({"condition": {"conditionSql": {"query": "SELECT 1 FROM m WHERE host = 'a.test'"}}}, "a.test", NamedBy.HOST, Kind.OTHER),
            (
                {"condition": {"conditionMatchedLog": {"filter": 'jsonPayload.host="a.test"'}}, "policy_name": "x"},
                "x",
                NamedBy.POLICY,
                Kind.OTHER,
            ),
            (
                {"condition": {"conditionThreshold": {"filter": 'NOT resource.labels.host="a.test"'}}, "policy_name": "x"},
                "x",
                NamedBy.POLICY,
                Kind.OTHER,
            ),
        ],
    )  # fmt: skip
    def test_hosts_and_kinds(self, fields: dict[str, Any], host: str, named_by: NamedBy, kind: Kind) -> None:
        found = parse(json.dumps({"incident": {"state": "open", "incident_id": "x", **fields}}).encode(), NOW)
        assert isinstance(found, Incident)
        assert (name_of(found.host), found.named_by, found.kind) == (host, named_by, kind)

    def test_what_a_query_leaves_over_tells_things_apart_too(self) -> None:
        asked = f'{PASSED}{{monitored_resource="cloud_run_revision"}} == 0'
        labels = {"service_name": "api", "project_id": "prod", "location": "eu"}
        assert identity(**promql(asked, **labels)) == "api (prod/eu)"
        assert identity(**resource("cloud_run_revision", **labels)) == "api (prod/eu)"


class TestAWrongClock:
    """A machine whose clock starts in 1970 takes Google's word for the time."""

    @pytest.mark.parametrize("now", [EPOCH, datetime(2010, 1, 1, tzinfo=UTC)])
    def test_google_is_believed(self, now: datetime) -> None:
        body = incident_body(state="closed", started_at=STARTED, ended_at=STARTED + 60)
        found = parse(json.dumps(body).encode(), now)
        assert isinstance(found, Incident)
        assert (found.started, found.ended) == (START, START + timedelta(minutes=1))

    @pytest.mark.parametrize("absurd", [0, -1, 10**11, 1e300, None, "soon"])
    def test_but_not_what_is_absurd_itself(self, absurd: object) -> None:
        found = parse(json.dumps(incident_body(started_at=absurd)).encode(), EPOCH)
        assert isinstance(found, Incident)
        assert found.started == EPOCH


class TestKind:
    @pytest.mark.parametrize(
        ("fields", "kind"),
        [
            ({"metric": {"type": METRIC + "check_passed"}}, Kind.DOWNTIME),
            ({"metric": {"type": METRIC + "time_until_ssl_cert_expires"}}, Kind.CERTIFICATE),
            ({"metric": {"type": METRIC + "request_latency"}}, Kind.SIGNAL),
            ({"metric": {"type": "compute.googleapis.com/cpu"}}, Kind.OTHER),
            ({"metric": {"type": "compute.googleapis.com/cpu"}, "resource": {"type": "uptime_url"}}, Kind.OTHER),
            ({"metric": {"type": ""}}, Kind.OTHER),
            (
                {"condition": {"conditionThreshold": {"filter": f'metric.type="{METRIC}check_passed"'}}},
                Kind.DOWNTIME,
            ),
            ({"resource": {"type": "uptime_url"}}, Kind.DOWNTIME),
            ({"summary": "An uptime check on x is failing."}, Kind.DOWNTIME),
            ({"summary": "The uptime check for x has returned to a normal state."}, Kind.DOWNTIME),
            ({"condition_name": "Failure of uptime check_id x"}, Kind.DOWNTIME),
            ({}, Kind.OTHER),
        ],
    )  # fmt: skip
    def test_what_it_is_about(self, fields: dict[str, Any], kind: Kind) -> None:
        found = parse(json.dumps({"incident": {"state": "open", "incident_id": "x", **fields}}).encode(), NOW)
        assert isinstance(found, Incident)
        assert found.kind is kind


REAL = {  # file -> host, kind, open?; None: ignored
    "01": ("api.agilicus.com", Kind.DOWNTIME, True),
    "02": ("api.agilicus.com", Kind.DOWNTIME, False),
    "06": None,
    "10": None,
    "12": None,
    "20": ("gke-cluster-1-default-pool-e2df4cbd-dgp3", Kind.OTHER, False),
    "26": ("$IDLE_BUCKET_NAME", Kind.OTHER, True),
    "43": ("gke-hub-cluster-private-pool-containe-de26c8a2-0se1", Kind.OTHER, True),
    "45": ("opsimate-server", Kind.OTHER, True),
    "50": ("webserver-85", Kind.OTHER, True),
    "51": ("webserver-85", Kind.OTHER, False),
    "60": ("monitor.example.com", Kind.DOWNTIME, True),
    "63": ("Production MySQL Main", Kind.OTHER, True),
    "65": ("projects/my-project/alertPolicies/1", Kind.OTHER, False),
    "90": ("santiago.cloudbank.2i2c.cloud", Kind.DOWNTIME, True),
    "91": ("santiago.cloudbank.2i2c.cloud", Kind.DOWNTIME, False),
    "92": ("leap.2i2c.cloud", Kind.CERTIFICATE, True),
}


@pytest.mark.skipif(not PAYLOADS.is_dir(), reason="the folder of real payloads is not beside the project")
class TestRealBodies:
    @pytest.mark.parametrize("number", list(REAL))
    def test_real_bodies_are_read(self, number: str) -> None:
        (path,) = PAYLOADS.glob(f"{number}-*.json")
        found = parse(path.read_bytes(), NOW)
        wanted = REAL[number]
        if wanted is None:
            assert isinstance(found, Ignored)
        else:
            assert isinstance(found, Incident)
            assert (name_of(found.host), found.kind, found.is_open) == wanted

    def test_none_is_dropped(self) -> None:
        found = {path.name[:2]: parse(path.read_bytes(), NOW) for path in PAYLOADS.glob("*.json")}
        assert {number for number, outcome in found.items() if isinstance(outcome, Ignored)} == {
            "06",
            "10",
            "12",
        }
        assert all(outcome.host != "unknown" for outcome in found.values() if isinstance(outcome, Incident))


@pytest.mark.parametrize(
    "mend", [lambda text: text, lambda text: text.replace("}", "}}"), lambda text: "{" * len(text)]
)
def test_braces_in_a_text_are_not_depth(mend: Callable[[str], str]) -> None:
    document = {"content": mend('a {b} [c] \\"{' * 300)}
    assert read(documentation=document).is_open


def test_depth_is_refused_at_once() -> None:
    with pytest.raises(InvalidPayload, match="deeper"):
        parse(b'{"incident":' * 33 + b"1" + b"}" * 33, NOW)


def test_a_string_that_never_ends_is_not_looked_at_from_each_of_its_quotes() -> None:
    """It takes milliseconds; what grows with the square of the length would take minutes."""
    body = b"[" * 33 + b'"' + b'\\"' * 120_000
    began = time.process_time()
    with pytest.raises(InvalidPayload):
        parse(body, NOW)
    assert time.process_time() - began < 5


def test_of_duplicate_keys_the_last_wins() -> None:
    found = parse(b'{"incident":{"state":"closed","state":"open","incident_id":"x"}}', NOW)
    assert isinstance(found, Incident)
    assert found.is_open


def test_an_error_quotes_nothing_of_the_body() -> None:
    with pytest.raises(InvalidPayload) as caught:
        parse(b'{"incident": canary}', NOW)
    assert "canary" not in str(caught.value)


names = [
    "incident_id", "state", "started_at", "ended_at", "policy_name", "condition_name", "url", "resource", "metric",
    "condition", "resource_name", "resource_display_name", "observed_value", "summary", "version", "documentation",
]  # fmt: skip
anything = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=20),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["type", "labels", "host", "filter"]), inner)
    ),
    max_leaves=8,
)


@given(st.dictionaries(st.sampled_from(names), anything), st.sampled_from(["open", "closed", "OPEN"]))
def test_any_types_in_any_field_are_read(fields: dict[str, object], state: str) -> None:
    try:
        found = parse(json.dumps({"incident": {"state": state, **fields}}).encode(), NOW)
    except InvalidPayload:
        return
    if isinstance(found, Incident):
        texts = (found.id, *found.host.split("\n"), found.policy, found.condition, found.observed, found.url)
        assert all(text.isprintable() and text.encode() is not None for text in texts)
        assert found.started <= NOW
        assert join(found, found) == found


@given(st.binary(max_size=60))
def test_any_bytes_are_a_payload_or_refused(body: bytes) -> None:
    try:
        assert isinstance(parse(body, NOW), Incident | Ignored)
    except InvalidPayload as error:
        assert str(error).isprintable()
