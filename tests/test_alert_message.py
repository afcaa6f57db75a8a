"""Alerts as Slack gets them."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digest.alerts import AlertBatch
from digest.model import Down, Recovery
from hosts.checks import NoCheck
from hosts.closed_incidents import ClosedIncidents
from hosts.incident import CANCELLED, Incident, Person
from hosts.model import Host
from hosts.outages import outages
from languages import LANGUAGES, Locale
from slack.alert_message import alerts_text_only, render_alerts
from tests.builders import IN_ENGLISH, IN_KOREAN, LOCALES, MINUTE, NOON, closed, opened
from tests.slack_rules import check, in_terminal

NOW = NOON + 20 * MINUTE
MENTION = ("here", "U024BE7LH", "S0614TZR7")
URL = "https://console.cloud.google.com/monitoring/alerting/alerts/0.abc?project=p&x=1"


def down(host: str, policy: str = "failure") -> Down:
    return Down(Host(host, (opened(host, host, policy=policy, url=URL),)), NOON, new=False, doubtful=False)


def recovery(ended: Incident) -> Recovery:
    last = ended._replace(edition=2)
    host = Host(ended.host, closed=ClosedIncidents.of((last,)), edition=2)
    return Recovery(host, outages(host))


def over(host: str, **fields: object) -> AlertBatch:
    return AlertBatch(NOW, recovered=(recovery(closed(host, host, **fields)),))


def went_down(*hosts: str, policy: str = "failure") -> AlertBatch:
    return AlertBatch(NOW, down=tuple(down(host, policy) for host in hosts))


DOWN_AND_OVER = went_down("a")._replace(recovered=over("b").recovered)


RESOLVED = closed("a", "a.test", resolved_by=Person("U1", "<!here> *steve*"))


@pytest.mark.parametrize(
    ("batch", "locale", "row"),
    [
        (went_down("a.test", policy="a.test failure"), IN_ENGLISH, f"🔴 a.test — down for 20 min · failure ↗ ({URL})"),
        (went_down("a.test"), IN_KOREAN, f"🔴 a.test — 20분째 중단 · failure ↗ ({URL})"),
        (over("a.test"), IN_ENGLISH, "🟢 a.test — up again at 12:10 UTC after 10 min"),
        (AlertBatch(NOW, recovered=(recovery(RESOLVED),)), IN_ENGLISH, "⚪ a.test — resolved by <!here> *steve* at 12:10 UTC after 10 min"),
        (went_down("a.test")._replace(doubt_after=MINUTE), IN_ENGLISH, f"🔴 a.test — down for 20 min · failure ↗ ({URL}) · its close may have been lost"),
    ],
)  # fmt: skip
def test_a_single_host_needs_no_line_above_its_row(batch: AlertBatch, locale: Locale, row: str) -> None:
    (line,) = in_terminal(render_alerts(batch, locale, MENTION))
    assert line.replace("\u034f", "") == row


def test_several_are_counted_above_their_rows() -> None:
    batch = AlertBatch(
        NOW,
        down=(down("a.test", "slow"), down("b.test", "slow")),
        still_down=(down("c.test", "slow"),),
        recovered=(recovery(closed("d", "d.test")), recovery(closed("e", "e.test", observed=CANCELLED))),
    )
    assert in_terminal(render_alerts(batch, IN_ENGLISH, ())) == [
        "🔴 2 hosts went down · 1 host still down · 1 host up again · 1 closed",
        f"🔴 a.test — down for 20 min · slow ↗ ({URL})",
        f"🔴 b.test — down for 20 min · slow ↗ ({URL})",
        f"🔴 c.test — still down after 20 min · slow ↗ ({URL})",
        "🟢 d.test — up again at 12:10 UTC after 10 min",
        "⚪ e.test — closed at 12:10 UTC after 10 min (policy edited)",
    ]
    korean = in_terminal(render_alerts(batch, IN_KOREAN, ()))[0]
    assert korean == "🔴 호스트 2개 중단 발생 · 호스트 1개 중단 지속 · 호스트 1개 복구 · 종료 1개"


@pytest.mark.parametrize(
    ("batch", "english", "korean"),
    [
        (went_down("a.test"), "🔴 a.test is down", "🔴 a.test 중단"),
        (went_down("a.test", "b.test"), "🔴 a.test and b.test are down", "🔴 a.test, b.test 중단"),
        (went_down(*"abcdefgh"), "🔴 a, b, c, d, e and 3 more are down", "🔴 a, b, c, d, e 외 3개 중단"),
        (AlertBatch(NOW, still_down=(down("a"),)), "🔴 a is still down", "🔴 a 계속 중단"),
        (over("a"), "🟢 a is up again after 10 min", "🟢 a 10분 만에 복구"),
        (over("a", observed=CANCELLED), "⚪ a was closed (policy edited)", "⚪ a 정책 수정으로 종료"),
        (
            over("a", no_check=NoCheck.DELETED),
            "⚪ a was closed (no longer watched)",
            "⚪ a 감시하지 않는 동안 종료",
        ),
        (
            over("a", no_check=NoCheck.DISABLED),
            "⚪ a was closed (check disabled)",
            "⚪ a 체크 비활성 중 종료",
        ),
        (DOWN_AND_OVER, "🔴 a is down · b is up again after 10 min", "🔴 a 중단 · b 10분 만에 복구"),
    ],
)
def test_the_notification_names_the_hosts(batch: AlertBatch, english: str, korean: str) -> None:
    assert render_alerts(batch, IN_ENGLISH, MENTION)["text"] == english
    assert render_alerts(batch, IN_KOREAN, MENTION)["text"] == korean


@pytest.mark.parametrize(("count", "linked"), [(10, True), (11, False)])
def test_beyond_ten_rows_no_row_carries_a_link(count: int, linked: bool) -> None:
    batch = went_down(*(f"{n}.test" for n in range(count)))
    text = "\n".join(in_terminal(render_alerts(batch, IN_ENGLISH, MENTION)))
    assert (URL in text) is linked


def test_people_are_mentioned_only_for_outages_that_have_lasted() -> None:
    silent = render_alerts(went_down("a.test"), IN_ENGLISH, MENTION)
    check(silent)
    calling = render_alerts(AlertBatch(NOW, still_down=(down("a.test"),)), IN_ENGLISH, MENTION)
    check(calling, ["!here", "@U024BE7LH", "!subteam^S0614TZR7"])
    assert "<!here> <@U024BE7LH> <!subteam^S0614TZR7>" in str(calling)
    assert not re.search("<[!@]", str(silent))


def test_very_many_are_cut_visibly() -> None:
    many = went_down(*(f"{n}.test" for n in range(500)), policy="p" * 100)
    lines = in_terminal(render_alerts(many, IN_ENGLISH, MENTION))
    assert lines[0] == "🔴 500 hosts went down"
    hosts = sum(line.startswith("🔴") for line in lines) - 1
    assert lines[-1] == f"… and {500 - hosts} more hosts down"
    check(alerts_text_only(many, IN_ENGLISH, MENTION))


@pytest.mark.parametrize("locale", LOCALES, ids=LANGUAGES)
@given(st.text(min_size=1, max_size=300), st.text(max_size=300))
def test_foreign_text_is_never_a_mention(locale: Locale, host: str, policy: str) -> None:
    calls = ("channel",)
    batch = went_down(f"<!channel>{host}", policy=f"<!here>{policy}")
    for message in (render_alerts(batch, locale, calls), alerts_text_only(batch, locale, calls)):
        check(message)
        assert not re.search("<!(channel|here)>", str(message))
