"""What `uptime doctor` says, in both languages, and what a digest's footer says about it."""

from datetime import timedelta

import pytest

from digest.google_view import GoogleView
from google.doctor import Doctor
from hosts.examination import Examination, Fault, Finding
from hosts.policies import Policy, Settings
from hosts.problems import GoogleList
from languages import LANGUAGES, Locale
from slack.digest_message import render, render_text
from slack.doctor_replies import report
from tests.builders import IN_ENGLISH, IN_KOREAN, LOCALES, NOON, with_plain_dates
from tests.google_settings import CHECK, OWN
from tests.test_digest_message import digest, shown
from tests.test_doctor import MAIL, policy
from tests.test_languages import facts
from turns import at_once

EVERY_FAULT = tuple(
    Finding(fault, "name", "detail", timedelta(minutes=30), NOON, "gcloud x", "https://a.test/x")
    for fault in Fault
)


def view_of_nothing() -> GoogleView:
    made = GoogleView()
    made.begin(asked=True)
    return made


def view(*findings: Finding) -> GoogleView:
    made = view_of_nothing()
    made.examination = Examination(NOON, 2, findings)
    return made


def said(google: GoogleView, locale: Locale = IN_ENGLISH) -> list[str]:
    return with_plain_dates(report(google, NOON, locale)).splitlines()


def findings(*policies: Policy) -> tuple[Finding, ...]:
    doctor = Doctor("acme", (CHECK,), Settings(policies, (MAIL, OWN)), ())
    return at_once(doctor.examining)(NOON)


def test_each_finding_is_one_line_with_its_fix() -> None:
    lines = said(view(*findings(policy(notifies_on_close=False, repeats={"17": timedelta(hours=1)}))))
    assert lines == [
        "*🟡 1 thing to fix: Google would not report everything to this server*",
        "⚠️ The policy `policy 1` does not notify when an incident closes. On <https://console.cloud.google.com/monitoring/alerting/policies/1?project=acme|this page>, press *Edit* and tick *Notify on incident closure*",
        "• The policy `policy 1` sends a reminder every 1 h, which does no harm here",
        "According to Google's settings at 12:00 UTC",
    ]


@pytest.mark.parametrize("locale", LOCALES, ids=LANGUAGES)
@pytest.mark.parametrize("finding", EVERY_FAULT, ids=[finding.fault for finding in EVERY_FAULT])
def test_every_finding_has_a_sentence_in_every_language(finding: Finding, locale: Locale) -> None:
    _, line, _ = said(view(finding), locale)
    assert facts(line) == facts(said(view(finding))[1])
    assert "{" not in line
    assert line.startswith("• " if finding.is_note else "⚠️ ")
    if not finding.is_note:
        assert "`gcloud x`" in line or "<https://a.test/x|" in line


@pytest.mark.parametrize(
    ("locale", "heard", "to_fix"),
    [(IN_ENGLISH, "all 2 checks", "1 thing to fix"), (IN_KOREAN, "체크 2개 모두", "고칠 설정 1건")],
    ids=["en", "ko"],
)
def test_the_first_line_answers(locale: Locale, heard: str, to_fix: str) -> None:
    assert heard in said(view(), locale)[0]
    assert to_fix in said(view(Finding(Fault.NO_CHANNEL, link="https://a.test/")), locale)[0]
    assert "`google.project`" in said(GoogleView(), locale)[0]


def test_the_answer_names_the_webhooks_that_count_as_this_servers() -> None:
    google = view()
    for count, named in ((1, "`0.test/`"), (5, "`0.test/`, `1.test/`, `2.test/` and 2 more")):
        addresses = tuple(f"{number}.test/" for number in range(count))
        google.examination = Examination(NOON, 2, (), addresses)
        as_of = f"According to Google's settings at 12:00 UTC · webhook of this server: {named}"
        assert said(google)[-1] == as_of
        assert "이 서버의 웹훅: `0.test/`" in said(google, IN_KOREAN)[-1]


def test_the_answer_says_why_google_cannot_be_asked() -> None:
    google = view_of_nothing()
    assert said(google) == [
        "⚪ Google has not been asked about its notifications yet. Try again in a minute."
    ]
    google.failed(GoogleList.ALERTS, "the role is missing", NOON)
    assert said(google) == ["⚠️ Google cannot be asked about its notifications: the role is missing"]


@pytest.mark.parametrize(
    ("locale", "first", "last"),
    [
        (
            IN_ENGLISH,
            "all 2 checks",
            "⚠️ Google's list of open alerts unavailable since 11:00 UTC: the role is missing",
        ),
        (IN_KOREAN, "체크 2개", "⚠️ 11:00 UTC 이후 Google의 열린 알림 목록을 읽지 못함: the role is missing"),
    ],
    ids=["en", "ko"],
)
def test_an_answer_from_before_google_refused_is_not_green(locale: Locale, first: str, last: str) -> None:
    google = view()
    google.failed(GoogleList.ALERTS, "the role is missing", NOON - timedelta(hours=1))
    lines = said(google, locale)
    assert lines[0].startswith("*⚪ ")
    assert first in lines[0]
    assert lines[-1] == last


@pytest.mark.parametrize(
    ("command", "behind"),
    [
        (f"gcloud x add --member=serviceAccount:{'a' * 200}@b.example.com --role=roles/monitoring.viewer", " (403 DENIED)"),
        ("gcloud compute instances set-service-account VM --scopes=cloud-platform", ", and start it again"),
        ("chmod o-r /etc/uptime-check-manager/config.yaml", "; then restart"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("before", ["run: ", "see: ", "prevent that with: "])
def test_a_command_of_an_error_can_be_copied_from_slack(before: str, command: str, behind: str) -> None:
    google = view_of_nothing()
    google.failed(GoogleList.ALERTS, f"*why*; {before}{command}{behind}", NOON)
    (line,) = said(google)
    assert f"{before}`{command}`{behind[0:1]}" in line
    assert "*why*" not in line


def test_a_reason_of_google_that_ends_with_a_full_stop_gets_no_second_one() -> None:
    line = said(view(Finding(Fault.POLICY_INVALID, "x", "the metric is unknown.", link="https://a.test/")))[1]
    assert "`the metric is unknown`. Correct" in line


def test_hundreds_of_findings_are_cut_visibly() -> None:
    many = [EVERY_FAULT[2]._replace(subject=f"check {n}" * 9) for n in range(500)]
    text = report(view(*many), NOON, IN_ENGLISH)
    assert len(text) <= 4000
    *rows, more, as_of = text.splitlines()[1:]
    assert len(rows) > 10
    assert more == f"… and {500 - len(rows)} more lines"
    assert as_of.startswith("According to Google's settings ")


def test_untrusted_text_stays_text() -> None:
    names = "`<!channel>` *x*", "<!here>\n• all is well"
    finding = Finding(Fault.POLICY_INVALID, *names, link="https://a.test/")
    text = report(view(finding), NOON, IN_ENGLISH)
    assert "<!" not in text.splitlines()[1]
    assert len(text.splitlines()) == 3


@pytest.mark.parametrize(
    ("locale", "footer"),
    [
        (IN_ENGLISH, "Google's notifications: 1 to fix, see `uptime doctor`"),
        (IN_KOREAN, "Google 알림 설정 1건 수정 필요, `uptime 진단` 참고"),
    ],
    ids=["en", "ko"],
)
def test_the_footer_counts_what_is_to_fix(locale: Locale, footer: str) -> None:
    """The digest is complete without it."""
    problem = view(Finding(Fault.NO_CHANNEL), Finding(Fault.REPEATS)).setup_problem()
    assert problem is not None
    assert not problem.is_failure
    found = digest(problems=[problem])
    assert with_plain_dates(render_text(found, locale)).splitlines()[-1].endswith(f" · {footer}")
    assert shown(found)[0] == shown(digest())[0]
    slash = render(found, Locale(locale.zone, locale.language, slash=True))
    assert footer.replace("`uptime", "`/uptime") in str(slash)
