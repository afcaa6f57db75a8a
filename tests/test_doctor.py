"""What the doctor finds in checks, policies, channels and snoozes, and the command that fixes it."""

import shlex
from collections import Counter
from datetime import timedelta
from typing import Any

import pytest

from google import checks, policies
from google.doctor import Doctor
from hosts.checks import Check
from hosts.examination import Examination, Fault, Finding
from hosts.incident import Incident, Kind, NamedBy
from hosts.policies import Condition, FailedDelivery, NotificationChannel, Policy, Settings, Snooze
from tests.builders import HOUR, NOON, opened
from tests.google_settings import CHECK, OWN, WWW
from tests.test_google_parsers import captured
from turns import at_once

MAIL = NotificationChannel("9", "mail", "email")
DOWN = Condition(Kind.DOWNTIME)
API = Check("api-1", "api.example.com", "api", "https://api.example.com/v1", timedelta(minutes=1))


def policy(number: str = "1", conditions: tuple[Condition, ...] = (DOWN,), **fields: Any) -> Policy:
    fields.setdefault("channels", frozenset({OWN.id}))
    return Policy(number, f"policy {number}", conditions, **fields)


def about(*checks: str) -> tuple[Condition, ...]:
    return (Condition(Kind.DOWNTIME, frozenset(checks)),)


def of_projects(*projects: str) -> tuple[Condition, ...]:
    return (DOWN._replace(projects=frozenset(projects)),)


def found(
    *policies: Policy,
    checks: tuple[Check, ...] = (CHECK,),
    channels: tuple[NotificationChannel, ...] = (MAIL, OWN),
    known: tuple[Incident, ...] = (),
    **settings: Any,
) -> list[Finding]:
    doctor = Doctor("acme", checks, Settings(policies, channels, **settings), known)
    return list(at_once(doctor.examining)(NOON))


CERTIFICATE = (Condition(Kind.CERTIFICATE),)
ELSEWHERE = frozenset({"9"})
FOUND: dict[str, tuple[list[Policy], list[tuple[Fault, str]]]] = {
    "one policy for all checks": ([policy()], []),
    "a policy for each check": ([policy(conditions=about("www-1"))], []),
    "a policy for the host": ([policy(conditions=(Condition(Kind.DOWNTIME, hosts=frozenset({WWW})),))], []),
    "another policy notifies somebody else": ([policy(), policy("2", channels=ELSEWHERE)], []),
    "another policy is disabled": ([policy(), policy("2", enabled=False)], []),
    "a policy of somebody else never says what closed": (
        [policy(), policy("2", channels=ELSEWHERE, notifies_on_close=False)],
        [],
    ),
    "a certificate may close early": ([policy(), policy("2", CERTIFICATE, auto_close=HOUR / 2)], []),
    "filters that are not understood may cover it": (
        [policy(conditions=(Condition(Kind.DOWNTIME, is_certain=False),))],
        [],
    ),
    "a policy for the checks of its project": ([policy(conditions=of_projects("other", "acme"))], []),
    "a policy for the checks of another project": (
        [policy(conditions=of_projects("other"))],
        [(Fault.NO_POLICY, "www")],
    ),
    "a policy for the same check of another project": (
        [policy(conditions=(about("www-1")[0]._replace(projects=frozenset({"other"})),))],
        [(Fault.NO_POLICY, "www")],
    ),
    "a policy for a project known by its number": ([policy(conditions=of_projects("123456789012"))], []),
    "no policy at all": ([], [(Fault.NO_POLICY, "www")]),
    "only the certificate is watched": ([policy(conditions=CERTIFICATE)], [(Fault.NO_POLICY, "www")]),
    "only another check is watched": ([policy(conditions=about("api-1"))], [(Fault.NO_POLICY, "www")]),
    "a check named with a host, which has another check": (
        [policy(conditions=(Condition(Kind.DOWNTIME, frozenset({"x"}), frozenset({WWW})),))],
        [(Fault.NO_POLICY, "www")],
    ),
    "disabled": ([policy(enabled=False)], [(Fault.POLICY_OFF, "policy 1")]),
    "invalid": ([policy(invalid="unknown metric")], [(Fault.POLICY_INVALID, "policy 1")]),
    "invalid, and about something that cannot be made out": (
        [policy(), policy("2", (), invalid="unknown metric")],
        [(Fault.POLICY_INVALID, "policy 2")],
    ),
    "invalid, but nobody would hear of it here": (
        [policy(), policy("2", (), invalid="unknown metric", channels=ELSEWHERE)],
        [],
    ),
    "notifies somebody else": ([policy(channels=ELSEWHERE)], [(Fault.NOT_NOTIFIED, "policy 1")]),
    "notifies nobody, and is disabled": (
        [policy(channels=frozenset(), enabled=False)],
        [(Fault.POLICY_OFF, "policy 1"), (Fault.NOT_NOTIFIED, "policy 1")],
    ),
    "not on close": ([policy(notifies_on_close=False)], [(Fault.NO_CLOSE, "policy 1")]),
    "closes by itself": ([policy(auto_close=HOUR / 2)], [(Fault.AUTO_CLOSE, "policy 1")]),
    "log-match": (
        [policy(), policy("2", (), is_log_match=True, notifies_on_close=False)],
        [(Fault.NEVER_CLOSES, "policy 2")],
    ),
    "reminds": ([policy(repeats={"17": HOUR, "9": HOUR / 2})], [(Fault.REPEATS, "policy 1")]),
    "reminds somebody else": ([policy(repeats={"9": HOUR})], []),
}


@pytest.mark.parametrize(("policies", "faults"), FOUND.values(), ids=FOUND)
def test_each_fault_is_found_once(policies: list[Policy], faults: list[tuple[Fault, str]]) -> None:
    assert [(finding.fault, finding.subject) for finding in found(*policies)] == faults


def test_a_cause_that_many_checks_share_is_one_finding() -> None:
    (finding,) = found(policy(channels=frozenset()), checks=(CHECK, API))
    assert finding.fault is Fault.NOT_NOTIFIED
    assert finding.command == (
        "gcloud monitoring policies update 1 --project=acme "
        "--add-notification-channels=projects/acme/notificationChannels/17"
    )


def test_without_a_channel_no_policy_is_blamed_for_it() -> None:
    assert [f.fault for f in found(policy(channels=ELSEWHERE), channels=(MAIL,))] == [Fault.NO_CHANNEL]


def test_a_channel_that_is_off_delivers_nothing() -> None:
    (finding,) = found(policy(), channels=(OWN._replace(enabled=False),))
    assert (finding.fault, finding.subject) == (Fault.CHANNEL_OFF, "uptime")
    assert finding.command == "gcloud beta monitoring channels update 17 --project=acme --enabled"


def test_any_of_several_channels_of_the_server_will_do() -> None:
    assert found(policy(channels=frozenset({"18"})), channels=(OWN, OWN._replace(id="18"))) == []


def test_a_policy_that_reports_other_projects_names_a_host_of_theirs() -> None:
    stranger = opened(host="x.example.com", policy="policy 1")
    (finding,) = found(policy(), known=(stranger, opened(host=WWW, policy="policy 1")))
    assert (finding.fault, finding.detail) == (Fault.OTHER_PROJECTS, "x.example.com")
    of_a_group = stranger._replace(named_by=NamedBy.RESOURCE)
    latency = stranger._replace(kind=Kind.SIGNAL)
    assert found(policy(), known=(of_a_group, latency)) == []
    limited = policy(conditions=(DOWN._replace(projects=frozenset({"acme"})),))
    assert found(limited, known=(stranger,)) == []


def test_a_check_of_another_project_is_covered_by_policies_of_that_project() -> None:
    limited = policy(conditions=of_projects("other"))
    assert found(limited, checks=(CHECK._replace(project="other"),)) == []
    assert found(limited, checks=(CHECK._replace(host=""),)) == []  # nobody knows what a group is about


def test_notes_come_last_and_need_no_fix() -> None:
    findings = found(
        policy(conditions=about("www-1")),
        checks=(CHECK, API._replace(disabled=True), API._replace(id="api-2", name="")),
        snoozes=(
            Snooze("s1", "release", frozenset({"1"}), NOON - HOUR, NOON + HOUR),
            Snooze("s2", "over", frozenset({"1"}), NOON - HOUR, NOON),
            Snooze("s3", "to come", frozenset({"1"}), NOON + HOUR / 2, NOON + HOUR),
        ),
        failed=(FailedDelivery(NOON - HOUR, "500"), FailedDelivery(NOON - HOUR / 2, "503")),
    )
    assert [(finding.fault, finding.subject, finding.at) for finding in findings] == [
        (Fault.NO_POLICY, "api-2", None),
        (Fault.CHECK_OFF, "api", None),
        (Fault.SNOOZED, "release", NOON + HOUR),
        (Fault.FAILED, "", NOON - HOUR / 2),
    ]
    assert findings[-1].detail == "503"
    assert Examination(NOON, 3, tuple(findings)).to_fix == 1


def test_names_from_outside_cannot_break_out_of_a_command() -> None:
    (finding,) = found(policy("1; rm -rf ~", enabled=False))
    assert shlex.split(finding.command)[4] == "1; rm -rf ~"
    (finding,) = found(policy(), checks=(CHECK._replace(id="a/../b?x=1", disabled=True),))
    assert (
        finding.link == "https://console.cloud.google.com/monitoring/uptime/a%2F..%2Fb%3Fx%3D1?project=acme"
    )


def test_captured_settings() -> None:
    """The settings of a real project, in which nothing notifies this server."""
    watched = [
        checks.parse_check(one, "acme")
        for one in captured("uptimeCheckConfigs-list-2020.json")["uptimeCheckConfigs"]
    ]
    made = [policies.parse_policy(one) for one in captured("alertPolicies-list-2020.json")["alertPolicies"]]
    findings = found(*made, checks=tuple(filter(None, watched)))
    assert Counter(finding.fault for finding in findings) == {
        Fault.NO_POLICY: 2,
        Fault.POLICY_OFF: 2,
        Fault.NOT_NOTIFIED: 3,
    }
