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

from handlers.payload import Ignored, parse
from handlers.strict_json import BadPayload
from state.changes import join
from state.incident import CANCELLED, Incident, Kind, NamedBy
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
            ({"metric": {"labels": {"check_id": "www-3F"}}}, "www-3f", NamedBy.CHECK),
            (
                {"condition": {"conditionThreshold": {"filter": 'metric.label."check_id"="www-x"'}}},
                "www-x",
                NamedBy.CHECK,
            ),
            ({"condition_name": "Failure of uptime check_id www-3F"}, "www-3f", NamedBy.CHECK),
            ({"policy_name": "Www Policy"}, "www policy", NamedBy.POLICY),
            ({}, "unknown", NamedBy.POLICY),
            ({"resource": {"labels": {"host": "\u0000"}}}, "unknown", NamedBy.HOST),
        ],
    )  # fmt: skip
    def test_where_its_name_is_found(self, fields: dict[str, Any], host: str, named_by: NamedBy) -> None:
        found = parse(json.dumps({"incident": {"state": "open", "incident_id": "x", **fields}}).encode(), NOW)
        assert isinstance(found, Incident)
        assert (found.host, found.named_by) == (host, named_by)


METRIC = "monitoring.googleapis.com/uptime_check/"


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
    "26": ("$idle_bucket_name", Kind.OTHER, True),
    "43": ("gke-hub-cluster-private-pool-containe-de26c8a2-0se1", Kind.OTHER, True),
    "45": ("opsimate-server", Kind.OTHER, True),
    "50": ("webserver-85", Kind.OTHER, True),
    "51": ("webserver-85", Kind.OTHER, False),
    "60": ("monitor.example.com", Kind.DOWNTIME, True),
    "63": ("production mysql main", Kind.OTHER, True),
    "65": ("projects/my-project/alertpolicies/1", Kind.OTHER, False),
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
            assert (found.host, found.kind, found.is_open) == wanted

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
    with pytest.raises(BadPayload, match="deeper"):
        parse(b'{"incident":' * 33 + b"1" + b"}" * 33, NOW)


def test_a_string_that_never_ends_is_not_looked_at_from_each_of_its_quotes() -> None:
    """It takes milliseconds; what grows with the square of the length would take minutes."""
    body = b"[" * 33 + b'"' + b'\\"' * 120_000
    began = time.process_time()
    with pytest.raises(BadPayload):
        parse(body, NOW)
    assert time.process_time() - began < 5


def test_of_duplicate_keys_the_last_wins() -> None:
    found = parse(b'{"incident":{"state":"closed","state":"open","incident_id":"x"}}', NOW)
    assert isinstance(found, Incident)
    assert found.is_open


def test_an_error_quotes_nothing_of_the_body() -> None:
    with pytest.raises(BadPayload) as caught:
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
    except BadPayload:
        return
    if isinstance(found, Incident):
        texts = (found.id, found.host, found.policy, found.condition, found.observed, found.url)
        assert all(text.isprintable() and text.encode() is not None for text in texts)
        assert found.started <= NOW
        assert join(found, found) == found


@given(st.binary(max_size=60))
def test_any_bytes_are_a_payload_or_refused(body: bytes) -> None:
    try:
        assert isinstance(parse(body, NOW), Incident | Ignored)
    except BadPayload as error:
        assert str(error).isprintable()
