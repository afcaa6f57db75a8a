"""Alerts as Slack gets them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digest.alerts import AlertBatch
from digest.model import Down, Recovery
from hosts.closed_incidents import ClosedIncidents
from hosts.incident import CANCELLED, Incident, Person
from hosts.model import Host
from hosts.outages import outages
from languages import LANGUAGES, Locale
from slack import terminal
from slack.alert_message import alerts_text_only, render_alerts
from slack.packing import Message
from tests.builders import IN_ENGLISH, IN_KOREAN, LOCALES, MINUTE, NOON, closed, opened
from tests.slack_rules import check

NOW = NOON + 20 * MINUTE
MENTION = ("here", "U024BE7LH", "S0614TZR7")
URL = "https://console.cloud.google.com/monitoring/alerting/alerts/0.abc?project=p&x=1"


def down(host: str = "www.example.com", policy: str = "www failure") -> Down:
    return Down(Host(host, (opened(host, host, policy=policy, url=URL),)), NOON, new=False, doubtful=False)


def recovery(ended: Incident) -> Recovery:
    host = Host(ended.host, closed=ClosedIncidents((ended,)))
    return Recovery(host, outages(host))


def over(host: str, observed: str = "") -> AlertBatch:
    ended = closed(host, host, observed=observed)
    return AlertBatch(NOW, recovered=(recovery(ended),))


def shown(message: Message) -> list[str]:
    check(message)
    return terminal.render(message).splitlines()


def test_a_host_that_went_down() -> None:
    assert shown(render_alerts(AlertBatch(NOW, down=(down(),)), IN_ENGLISH, MENTION)) == [
        "🔴 1 host went down",
        "Went down",
        f"• www.example.com — 20 min · www failure ({URL})",
    ]


def test_one_that_is_up_again_and_one_whose_policy_was_edited() -> None:
    assert shown(render_alerts(over("a.test"), IN_ENGLISH, MENTION))[::2] == [
        "🟢 1 host no longer down",
        "• a.test — up since 2026-11-22 12:10 UTC, after 10 min",
    ]
    edited = shown(render_alerts(over("a.test", CANCELLED), IN_ENGLISH, MENTION))
    assert edited[2].startswith("• a.test — closed, its policy was edited")


def test_one_that_a_person_resolved() -> None:
    ended = closed("a", "a.test", resolved_by=Person("U1", "<!here> *steve*"))
    resolved = AlertBatch(NOW, recovered=(recovery(ended),))
    assert shown(render_alerts(resolved, IN_ENGLISH, MENTION))[2].replace("\u034f", "") == (
        "• a.test — resolved by <!here> *steve* 2026-11-22 12:10 UTC, after 10 min"
    )


def test_an_alert_in_korean() -> None:
    lines = shown(render_alerts(AlertBatch(NOW, down=(down(),)), IN_KOREAN, ()))
    assert lines[:2] == ["🔴 호스트 1개 중단 발생", "중단 발생"]


def test_people_are_mentioned_only_for_outages_that_have_lasted() -> None:
    silent = str(render_alerts(AlertBatch(NOW, down=(down(),)), IN_ENGLISH, MENTION))
    message = render_alerts(AlertBatch(NOW, still_down=(down(),)), IN_ENGLISH, MENTION)
    check(message, ["!here", "@U024BE7LH", "!subteam^S0614TZR7"])
    calling = str(message)
    assert "<!here> <@U024BE7LH> <!subteam^S0614TZR7>" in calling
    assert "<!" not in silent
    assert "<@" not in silent


def test_very_many_are_cut_visibly() -> None:
    many = AlertBatch(NOW, down=tuple(down(f"{n}.test", "p" * 100) for n in range(500)))
    lines = shown(render_alerts(many, IN_ENGLISH, MENTION))
    assert lines[0] == "🔴 500 hosts went down"
    hosts = sum(line.startswith("•") for line in lines)
    assert lines[-1] == f"… and {500 - hosts} more went down"
    check(alerts_text_only(many, IN_ENGLISH, MENTION))


@pytest.mark.parametrize("locale", LOCALES, ids=LANGUAGES)
@given(st.text(min_size=1, max_size=300), st.text(max_size=300))
def test_foreign_text_is_never_a_mention(locale: Locale, host: str, policy: str) -> None:
    calls = ("channel",)
    batch = AlertBatch(NOW, down=(down(f"<!channel>{host}", f"<!here>{policy}"),))
    for message in (render_alerts(batch, locale, calls), alerts_text_only(batch, locale, calls)):
        check(message)
        assert "<!channel>" not in str(message)
        assert "<!here>" not in str(message)
