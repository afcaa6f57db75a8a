"""Google's webhook bodies, with all their known quirks, and what strangers may send instead."""

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from google.strict_json import InvalidPayload
from google.webhook import Ignored, parse
from hosts.identity import name_of
from hosts.incident import CANCELLED, Incident, Kind, NamedBy, join
from tests.builders import NOON, read_incident
from tests.service import CREDENTIALS, Service
from tests.support import ROOT, incident_body, takes_time_in_proportion

EPOCH = datetime.fromtimestamp(0, UTC)
PAYLOADS = ROOT.parent / "shared" / "payloads"
START = NOON - timedelta(hours=2)
STARTED = int(START.timestamp())


def reason(document: object) -> str:
    found = parse(json.dumps(document).encode(), NOON)
    assert isinstance(found, Ignored)
    return found.reason


def test_an_open_incident_has_what_people_need() -> None:
    assert read_incident() == Incident(
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
    found = read_incident(state="closed", ended_at=STARTED + 60, observed_value="0.000")
    assert found.ended == START + timedelta(minutes=1)
    assert (found.url, found.condition, found.observed) == ("", "", "")


class TestQuirks:
    @pytest.mark.parametrize("version", ["1.2", "1.1", 1.1, 1, "9.9", None, [], {"a": 1}])
    def test_no_version_is_refused(self, version: object) -> None:
        body = {**incident_body(), "version": version}
        assert isinstance(parse(json.dumps(body).encode(), NOON), Incident)

    def test_the_test_button_does_not_make_an_incident(self) -> None:
        assert "test notification" in reason({**incident_body(), "version": "test"})
        console = {"incident_id": "12345", "state": "OPEN", "resource": {"type": "example_resource"}}
        assert "test notification" in reason({"version": "1.2", "incident": console})

    @pytest.mark.parametrize(
        "document", [{}, {"incident": None}, {"incident": []}, {"incident": "x"}, {"group_info": {}}]
    )
    def test_other_notifications_are_ignored(self, document: object) -> None:
        assert "no incident" in reason(document)

    def test_the_envelope_of_2015_is_unwrapped(self) -> None:
        found = parse(json.dumps({"msg": incident_body()}).encode(), NOON)
        assert isinstance(found, Incident)

    @pytest.mark.parametrize(
        ("state", "is_open"),
        [("open", True), ("OPEN", True), ("acknowledged", True), ("closed", False), ("CLOSED", False)],
    )
    def test_states_are_read_in_any_case(self, state: str, is_open: bool) -> None:
        assert read_incident(state=state).is_open is is_open

    @pytest.mark.parametrize("state", ["test", "", None, 1, [], {"a": "open"}])
    def test_an_unknown_state_is_ignored(self, state: object) -> None:
        assert "neither open nor closed" in reason(incident_body(state=state))  # type: ignore[arg-type]

    @pytest.mark.parametrize("missing", [None, "", [], True, 1.5])
    def test_without_an_id_the_same_incident_gets_the_same_key(self, missing: object) -> None:
        opened, closed = (read_incident(incident_id=missing, state=state) for state in ("open", "closed"))
        assert opened.id == closed.id
        assert opened.id.startswith("derived-")
        assert read_incident(incident_id=missing, started_at=STARTED + 1).id != opened.id
        assert read_incident(incident_id=missing, host="other.test").id != opened.id

    def test_a_number_is_an_id_too(self) -> None:
        assert read_incident(incident_id=12345).id == "12345"

    @pytest.mark.parametrize("ended", [None, 0, "null", "", -1, [], True, 10**20, 1e300, "soon"])
    def test_a_close_without_an_end_ended_when_it_came(self, ended: object) -> None:
        assert read_incident(state="closed", ended_at=ended).ended == NOON

    @pytest.mark.parametrize(
        "started", [None, 0, "", 1, -5, [], False, "yesterday", STARTED * 1000, "9" * 4000, 1e300]
    )
    def test_a_start_that_makes_no_sense_is_the_time_of_receipt(self, started: object) -> None:
        assert read_incident(started_at=started).started == NOON

    @pytest.mark.parametrize("started", [STARTED, float(STARTED), str(STARTED), STARTED + 0.9])
    def test_a_start_may_be_written_in_several_ways(self, started: object) -> None:
        assert read_incident(started_at=started).started == START

    @pytest.mark.parametrize("ahead", [300, 9 * 3600, 327 * 86_400])
    def test_googles_clock_is_believed_where_it_is_ahead_of_ours(self, ahead: int) -> None:
        started = read_incident(started_at=int(NOON.timestamp()) + ahead).started
        assert started == NOON + timedelta(seconds=ahead)

    def test_an_end_before_the_start_is_the_start(self) -> None:
        assert read_incident(state="closed", ended_at=STARTED - 60).ended == START

    def test_the_sentence_of_a_cancelling_edit_is_kept(self) -> None:
        sentence = f"{CANCELLED} the alert policy condition was deleted while incident was active."
        assert read_incident(state="closed", observed_value=sentence).cancelled

    @pytest.mark.parametrize(
        "url", ["javascript:alert(1)", "http://x y", "https://x|y", 5, "https://" + "x" * 3000]
    )
    def test_only_a_web_address_is_one(self, url: object) -> None:
        assert read_incident(url=url).url == ""

    @pytest.mark.parametrize("url", ["http://x.test/", "HTTPS://x.test/a?b=c&d#e"])
    def test_a_web_address_is_kept(self, url: str) -> None:
        assert read_incident(url=url).url == url

    @pytest.mark.parametrize(
        ("written", "read"),
        [
            ("a <b> & *c* `d` 정책", "a <b> & *c* `d` 정책"),
            ("a\r\n2026 forged\x1b[31m\u202eb\u0000", "a 2026 forged [31m b"),
            ("x" * 9999, "x" * 512),
        ],
    )
    def test_texts_are_kept_but_for_their_control_characters_and_length(
        self, written: str, read: str
    ) -> None:
        assert read_incident(policy_name=written).policy == read
        assert len(read_incident(host="x" * 9999).host) == 253


@pytest.mark.parametrize("now", [EPOCH, datetime(2010, 1, 1, tzinfo=UTC)])
def test_if_our_clock_is_before_this_program_existed_google_is_believed(now: datetime) -> None:
    found = read_incident(now, state="closed", started_at=STARTED, ended_at=STARTED + 60)
    assert (found.started, found.ended) == (START, START + timedelta(minutes=1))


@pytest.mark.parametrize("absurd", [0, -1, 10**11, 1e300, None, "soon"])
def test_implausible_times_are_not_believed(absurd: object) -> None:
    assert read_incident(EPOCH, started_at=absurd).started == EPOCH


REAL = {  # file -> host, kind, open?
    "01": ("api.agilicus.com", Kind.DOWNTIME, True),
    "02": ("api.agilicus.com", Kind.DOWNTIME, False),
    "20": ("gke-cluster-1-default-pool-e2df4cbd-dgp3", Kind.OTHER, False),
    "26": ("$IDLE_BUCKET_NAME", Kind.OTHER, True),
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
    @pytest.mark.parametrize(("number", "wanted"), REAL.items())
    def test_real_bodies_are_read(self, number: str, wanted: tuple[str, Kind, bool]) -> None:
        (path,) = PAYLOADS.glob(f"{number}-*.json")
        found = parse(path.read_bytes(), NOON)
        assert isinstance(found, Incident)
        assert (name_of(found.host), found.kind, found.is_open) == wanted

    async def test_each_is_answered_200_any_number_of_times(self, service: Service) -> None:
        for body in [path.read_bytes() for path in PAYLOADS.glob("*.json")] * 2:
            assert (await service.request("POST", "/fromGCPMonitoring", body, **CREDENTIALS))[0] == 200

    def test_none_is_dropped(self) -> None:
        found = {path.name[:2]: parse(path.read_bytes(), NOON) for path in PAYLOADS.glob("*.json")}
        ignored = {number for number, outcome in found.items() if isinstance(outcome, Ignored)}
        assert ignored == {"06", "10", "12"}
        assert all(outcome.host != "unknown" for outcome in found.values() if isinstance(outcome, Incident))


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
        found = parse(json.dumps({"incident": {"state": state, **fields}}).encode(), NOON)
    except InvalidPayload:
        return
    if isinstance(found, Incident):
        texts = (found.id, *found.host.split("\n"), found.policy, found.condition, found.observed, found.url)
        assert all(text.isprintable() and text.encode() is not None for text in texts)
        assert found.started.year < 2100
        assert join(found, found) == found


@pytest.mark.parametrize(
    "mend", [lambda text: text, lambda text: text.replace("}", "}}"), lambda text: "{" * len(text)]
)
def test_braces_in_a_text_do_not_count_as_nesting(mend: Callable[[str], str]) -> None:
    document = {"content": mend('a {b} [c] \\"{' * 300)}
    assert read_incident(documentation=document).is_open


def test_deep_nesting_is_refused_at_once() -> None:
    with pytest.raises(InvalidPayload, match="deeper"):
        parse(b'{"incident":' * 33 + b"1" + b"}" * 33, NOON)


def test_an_unterminated_string_does_not_backtrack() -> None:
    def refuse(length: int) -> None:
        with pytest.raises(InvalidPayload):
            parse(b"[" * 33 + b'"' + b'\\"' * length, NOON)

    takes_time_in_proportion(refuse, 120_000)


def test_of_duplicate_keys_the_last_wins() -> None:
    found = parse(b'{"incident":{"state":"closed","state":"open","incident_id":"x"}}', NOON)
    assert isinstance(found, Incident)
    assert found.is_open


def test_an_error_quotes_nothing_of_the_body() -> None:
    with pytest.raises(InvalidPayload) as caught:
        parse(b'{"incident": canary}', NOON)
    assert "canary" not in str(caught.value)


@given(st.binary(max_size=60))
def test_any_bytes_are_a_payload_or_refused(body: bytes) -> None:
    try:
        assert isinstance(parse(body, NOON), Incident | Ignored)
    except InvalidPayload as error:
        assert str(error).isprintable()
