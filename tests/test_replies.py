"""The replies to `help`, `check HOST` and `history`."""

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.queries import finding_outages
from hosts.changes import resolve
from hosts.closed_incidents import ClosedIncidents
from hosts.identity import key_of
from hosts.incident import CANCELLED, Incident, Kind, Person
from hosts.model import Change, Host, Mute, State
from hosts.outages import DOUBT_AFTER, Period, newest_outages
from languages import LANGUAGES, Locale
from slack import replies
from slack.command import Help
from slack.help_replies import help_text, instead_of_help
from slack.parsing import parse
from slack.replies import MAX_OUTAGES_SHOWN, history
from slack.rows import RowContext
from slack.text import length
from tests.builders import (
    IN_ENGLISH,
    IN_KOREAN,
    LOCALES,
    MINUTE,
    NOON,
    at,
    blips,
    closed,
    opened,
    reports,
    state_after,
    wish,
    with_plain_dates,
)
from turns import at_once


def test_help_of_one_command() -> None:
    assert help_text(Help("resolve"), IN_ENGLISH).splitlines() == [
        "• `uptime resolve HOST` — end what is open on a host, when Google's close was lost",
        "Google has the last word: a late close sets the true end, and a reminder reopens it.",
        "For example: `uptime resolve www.example.com`, `uptime resolve www.example.com api.example.com`",
        "Also understood: `close`",
    ]


@pytest.mark.parametrize(
    ("typed", "language", "form", "other"),
    [
        ("help remove", IN_ENGLISH, "uptime remove HOST", "mute"),
        ("help mute", IN_ENGLISH, "uptime mute HOST", "remove"),
        ("help hide", IN_ENGLISH, "uptime hide HOST", "remove"),
        ("도움말 음소거 해제", IN_KOREAN, "uptime 음소거 해제 HOST", "restore"),
        ("help mute", IN_KOREAN, "uptime mute HOST", "숨김"),
    ],
)
def test_help_uses_the_words_for_muting_that_were_typed(
    typed: str, language: Locale, form: str, other: str
) -> None:
    asked = parse(typed, language.language)
    assert isinstance(asked, Help)
    *lines, others = help_text(asked, language).splitlines()
    assert lines[0].startswith(f"• `{form}` — ")
    verb = form.removesuffix(" HOST")
    assert all(f"`{verb}" in line for line in lines if "`uptime" in line)
    assert f"`{other}`" in others
    assert f"`{verb.removeprefix('uptime ')}`" not in others
    ignoring = instead_of_help(asked._replace(ignored="www.example.com"), language)
    assert str(ignoring).endswith(f"`{verb} www.example.com`")


def test_help_ends_with_examples_and_other_words() -> None:
    assert "`resolve`, `forget`, `history`" in help_text(Help(), IN_KOREAN).splitlines()[-1]
    assert help_text(Help(), IN_ENGLISH).splitlines()[-2:] == [
        "For example: `uptime check www.example.com`, `uptime help resolve`",
        "Also understood: `status`, `problems`, `mute`, `muted`, `unmute`, `close`, `outages`, `revert`",
    ]


@pytest.mark.parametrize("locale", LOCALES, ids=LANGUAGES)
def test_help_is_short(locale: Locale) -> None:
    assert len(help_text(Help(), locale)) < 2000
    for guide in locale.language.commands:
        assert 2 <= len(help_text(Help(guide.command), locale).splitlines()) <= 9


@pytest.mark.parametrize("locale", LOCALES, ids=LANGUAGES)
def test_help_has_every_form(locale: Locale) -> None:
    text = help_text(Help(), locale)
    for guide in locale.language.commands:
        forms = guide.own_forms or [form for form, _ in guide.forms]
        for usage, (_, meaning) in zip(forms, guide.forms, strict=True):
            assert f"• `{usage}` — {meaning}" in text
            assert f"• `{usage}` — {meaning}" in help_text(Help(guide.command), locale)


WWW = "www.example.com"
NOW = NOON + 60 * MINUTE
MUTE = wish(until=NOW + MINUTE, reason="deploy")


def in_rows(locale: Locale) -> RowContext:
    return RowContext(NOW, locale, DOUBT_AFTER)


def report_lines(*steps: Incident, mute: Mute | None = None) -> list[str]:
    host = state_after(*steps).hosts.get(WWW, Host(WWW))
    return with_plain_dates(replies.host_report(host, mute, in_rows(IN_ENGLISH), figures=())).splitlines()


@pytest.mark.parametrize("incident", [opened, closed])
def test_a_policy_is_said_without_the_name_of_a_thing_with_labels(incident: Callable[..., Incident]) -> None:
    key = key_of("api", {"project": "prod"})
    host = state_after(incident("a", key, policy="api uptime failure")).hosts[key]._replace(name="api (prod)")
    outages = newest_outages([host], MAX_OUTAGES_SHOWN)
    report = replies.host_report(host, None, in_rows(IN_ENGLISH), figures=())
    for text in (report, history(outages, lambda _: None, in_rows(IN_ENGLISH))):
        assert "uptime failure" in text
        assert "api uptime failure" not in text


def test_overlapping_incidents_are_one_earlier_outage_and_none_while_it_goes_on() -> None:
    within = closed("a", started=NOON + MINUTE, ended=NOON + 9 * MINUTE)
    before = closed("0", started=NOON - 60 * MINUTE, ended=NOON - 50 * MINUTE)
    assert "earlier" not in "\n".join(report_lines(opened("b"), within))
    assert [line for line in report_lines(before, opened("b"), within) if "earlier" in line] == [
        "1 earlier incident, newest first:"
    ]
    *_, heading, row = report_lines(within, closed("b"))
    assert heading == "2 earlier incidents, newest first:"
    assert (row.startswith("• down for 10 min"), row.endswith(" · 2 incidents")) == (True, True)


def test_earlier_incidents_are_in_the_order_of_the_times_that_are_shown() -> None:
    long = closed("a", kind=Kind.CERTIFICATE, started=NOON, ended=NOON + 50 * MINUTE)
    short = closed("b", started=NOON + 5 * MINUTE, ended=NOON + 6 * MINUTE)
    rows = report_lines(long, short)[-2:]
    assert [row.split(" for ")[0] for row in rows] == ["• down", "• certificate about to expire"]


@pytest.mark.parametrize(
    ("name", "key", "shown"),
    [
        ("www.test", "", "<https://uptime.test/host?name=www.test|www.test>"),
        ("a/b&c=d|e>", "", "<https://uptime.test/host?name=a%2Fb%26c%3Dd%7Ce%3E|a/b&amp;c=d/e)>"),
        ("www.test", "www.test (http)", "<https://uptime.test/host?name=www.test%20%28http%29|www.test>"),
        ("x" * 1000, "", f"`{'x' * 1000}`"),
    ],
)
def test_the_name_of_a_host_links_to_its_page(name: str, key: str, shown: str) -> None:
    locale = Locale(UTC, LANGUAGES["en"], page="https://uptime.test/")
    text = replies.host_report(Host(name), None, in_rows(locale), figures=(), key=key)
    assert text.startswith(f"⚪ There is no data about {shown} yet")


@pytest.mark.parametrize(
    ("steps", "said"),
    [
        ([opened()], "🔴 `www.example.com` has been down for 1 h."),
        ([closed()], "🟢 `www.example.com` has been up for 50 min."),
        ([closed(observed=CANCELLED)], "🟢 `www.example.com` is up."),
        ([], "⚪ There is no data about `www.example.com` yet: until Google reports an incident, its status is unknown."),
        ([opened(started=NOW - timedelta(days=8))], "🔴 `www.example.com` has been down for 8 d. ⚠️ its close may have been lost"),
        (blips(3, NOW), "🟢 `www.example.com` has been up for 9 min. ⚠️ flapping: 3 outages in 24 h"),
    ],
    ids=["down", "up", "closed by an edit of its policy", "unheard of", "doubtful", "flapping"],
)  # fmt: skip
def test_the_status_and_since_when(steps: list[Incident], said: str) -> None:
    assert report_lines(*steps)[0] == said


def test_the_last_ten_outages_are_shown_however_many_checks_saw_them() -> None:
    seen_twice = [blip._replace(id=f"{blip.id} from elsewhere") for blip in blips(15, NOON)]
    report = report_lines(*blips(15, NOON), *seen_twice, closed("0.c", kind=Kind.CERTIFICATE), opened("0.o"))
    kinds = [line.split(" for ")[0] for line in report[3:]]
    assert kinds == ["• certificate about to expire", *["• down"] * 10]
    begun = [line.split(", ")[1] for line in report[4:]]
    assert begun == sorted(begun, reverse=True)
    assert begun[0] == "2026-11-22 11:50 UTC"


def test_the_mute_is_shown_even_where_not_everything_fits() -> None:
    many = [opened(f"0.{n}", policy="p" * 100, url="https://console.test/" + "x" * 100) for n in range(100)]
    report = report_lines(*many, mute=MUTE)
    assert report[1].startswith("🔕 muted by steve")
    assert report[1].endswith("since 12:00 UTC, until 13:01 UTC · Reason: deploy")
    assert report[-1].endswith("more lines")


def outages(*steps: Change | Incident) -> list[Period]:
    return newest_outages(state_after(*steps).hosts.values(), MAX_OUTAGES_SHOWN)


def history_lines(*steps: Change | Incident, hidden: str = "") -> list[str]:
    def hides(name: str) -> Mute | None:
        return wish(name) if name == hidden else None

    text = history(outages(*steps), hides, in_rows(IN_ENGLISH))
    return with_plain_dates(text).splitlines()


OUTAGES: list[Change | Incident] = [
    closed("a", "a.test", policy="front"),
    opened("b", "b.test", started=at(40), policy="back"),
    closed("c", "c.test", started=at(20), ended=at(25), observed=CANCELLED),
    opened("d", "d.test", started=at(30)),
    resolve("d.test", Person("U1", "evil.com"), at(50)),
    opened("e", "e.test", kind=Kind.CERTIFICATE),
]


def test_history_lists_the_latest_first() -> None:
    assert [line.replace("\u034f", "") for line in history_lines(*OUTAGES, hidden="c.test")] == [
        "Latest outages, newest first:",
        "🔴 `b.test` — down: back, 2026-11-22 12:40 UTC, 20 min",
        "• `d.test` — down for 20 min, 2026-11-22 12:30 UTC, resolved by evil.com",
        "• `c.test` — down for 5 min, 2026-11-22 12:20 UTC, closed (policy edited) · 🔕 muted",
        "• `a.test` — down for 10 min, 2026-11-22 12:00 UTC (front), recovered",
    ]
    assert history_lines() == ["No outage is known."]


def test_history_shows_incidents_that_overlap_as_one_outage_from_the_first_to_the_last() -> None:
    first = closed("1", started=at(0), ended=at(10))
    second = closed("2", started=at(5), ended=at(30), policy="the last")
    (line,) = history_lines(first, second)[1:]
    assert line == "• `www.example.com` — down for 30 min, 2026-11-22 12:00 UTC (the last), recovered"
    (line,) = history_lines(first, second, opened("3", started=at(20), policy="open"))[1:]
    assert line == "🔴 `www.example.com` — down: open, 2026-11-22 12:00 UTC, 1 h"


def everything(state: State, now: datetime) -> list[tuple[datetime, str, datetime]]:
    """The same answer, from looking at everything that ever happened."""
    found: list[tuple[datetime, str, datetime]] = []
    for name, host in state.hosts.items():
        reached = datetime.min.replace(tzinfo=UTC)
        for incident in sorted(host.incidents(), key=lambda i: i.started):
            if incident.kind is not Kind.DOWNTIME:
                continue
            began = found.pop()[0] if incident.started <= reached else incident.started
            reached = max(reached, incident.ended or now)
            found.append((began, name, reached))
    return sorted(found, reverse=True)[:MAX_OUTAGES_SHOWN]


@given(st.lists(reports(st.text("abcdefgh", min_size=1, max_size=3)), max_size=80))
def test_what_is_skipped_could_not_have_been_among_the_last(incidents: list[Incident]) -> None:
    state = state_after(*incidents)
    now = NOON + timedelta(days=3)
    found = newest_outages(state.hosts.values(), MAX_OUTAGES_SHOWN)
    expected = everything(state, now)
    assert [outage.began for outage in found] == [began for began, _, _ in expected]
    earliest = expected[-1][0] if expected else now  # of several that began together, some may be left out
    for outage in found:
        assert outage.began == earliest or (outage.began, outage.host.name, outage.ended or now) in expected
        incident = outage.as_incident()
        assert (incident.started, incident.ended or now) == (outage.began, outage.ended or now)


@pytest.mark.parametrize("locale", LOCALES, ids=LANGUAGES)
@pytest.mark.parametrize("name", ["a.test", "<&>" * 100])
def test_history_fits_and_counts_what_does_not(locale: Locale, name: str) -> None:
    steps = [closed(f"{n}", f"{n}{name}", policy="<&>*" * 60) for n in range(50)]
    text = history(outages(*steps), lambda _: None, in_rows(locale))
    shown = text.count("\n• ")
    assert length(text) <= replies.MAX_REPLY
    assert shown >= 1
    assert shown == MAX_OUTAGES_SHOWN or re.search(rf"\b{MAX_OUTAGES_SHOWN - shown}\D", text.splitlines()[-1])


def test_others_get_a_turn_at_each_of_thousands_of_hosts() -> None:
    hosts = [Host(f"{n}", closed=ClosedIncidents.of((closed(f"{n}", f"{n}"),))) for n in range(3000)]
    assert len([*finding_outages(hosts)]) == len(hosts)
    assert len(at_once(finding_outages)(hosts)) == MAX_OUTAGES_SHOWN
