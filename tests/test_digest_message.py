"""Digests as people see them. Thousands of hostile ones keep every rule of Slack."""

import json
import re
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from digest.google_view import GoogleView
from digest.model import Digest
from digest.notifications import fingerprint
from digest.weekly import visible_hosts
from hosts.changes import resolve
from hosts.incident import CANCELLED, Incident, Kind, NamedBy, Person
from hosts.model import Host, State
from hosts.patterns import EVERY_HOST, HostFilter
from hosts.problems import GoogleList, Problem, ProblemKind
from languages import ENGLISH, KOREAN, LANGUAGES, Locale
from prove.size import times
from slack import replies, terminal
from slack.digest_message import down_list, render, render_text, text_only
from slack.headlines import headline
from slack.packing import Group, Limits, pack
from slack.text import JOINER, length
from tests.builders import (
    DAY,
    IN_ENGLISH,
    IN_KOREAN,
    LOCALES,
    MINUTE,
    NOON,
    STEVE,
    Step,
    blips,
    closed,
    opened,
    problem_of,
    state_after,
    summarize,
    summarize_week,
    take_digest,
    wish,
    with_plain_dates,
)
from tests.slack_rules import check, in_terminal, text_objects

NOW = NOON + 60 * MINUTE
SEOUL = ZoneInfo("Asia/Seoul")
IN_SEOUL = Locale(SEOUL, ENGLISH)
URL = "https://console.cloud.google.com/monitoring/alerting/alerts/0.abc?project=p&x=1"


def digest(*steps: Step, **more: object) -> Digest:
    return summarize(state_after(*steps), NOW, **more)


def shown(found: Digest, locale: Locale = IN_SEOUL) -> list[str]:
    (message,) = render(found, locale)
    return in_terminal(message)


DISK_FULL = Problem(ProblemKind.NOT_SAVED, "state.json", "disk full")
MUTE = wish("old.example.com")


def test_the_week_is_one_line() -> None:
    state = state_after(
        closed("old", "a", started=NOW - 9 * DAY, ended=NOW - 8 * DAY),
        closed("a", "a", started=NOW - 60 * MINUTE, ended=NOW),
        closed("b", "b", started=NOW - 6 * DAY, ended=NOW - 6 * DAY + 5 * MINUTE),
    )
    week = summarize_week(visible_hosts(state, (), EVERY_HOST, NOW), NOW)
    lines = shown(summarize(state, NOW)._replace(weekly=week))
    assert "📅 Last 7 days: 99.65 % up · 2 outages, 1 h 5 min in all · down longest: a 1 h, b 5 min" in lines
    quiet = summarize_week([Host("a", dropped_until=NOW - 9 * DAY)], NOW)
    assert "📅 Last 7 days: 100 % up, no outage" in shown(digest(hosts=["a"])._replace(weekly=quiet))


def test_a_digest_reads_like_this() -> None:
    found = digest(
        opened("a", "api.example.com", policy="api uptime failure", url=URL),
        take_digest,
        opened("b", "www.example.com", started=NOON + 48 * MINUTE, policy="www.example.com uptime failure"),
        closed("c", "shop.example.com"),
        opened("d", "tls_1.example.com", kind=Kind.CERTIFICATE, policy="certificate expiry"),
        closed("e", "ok.example.com"),
        opened("f", "old.example.com"),
        MUTE,
        next_at=NOW + 30 * MINUTE,
    )
    assert shown(found) == [
        "🔴 2 of 5 hosts down · 1 warning · 2 recovered · 1 muted (1 down)",
        "New since the last digest",
        "🔴 www.example.com — down for 12 min · uptime failure",
        "Still down",
        f"🔴 api.example.com — down for 1 h · uptime failure ↗ ({URL})",
        "🟢 shop.example.com — up again at 21:10 KST after 10 min",
        "🟢 ok.example.com — up again at 21:10 KST after 10 min",
        "🟡 tls_1.example.com — warning for 1 h · certificate expiry · new",
        "🔕 old.example.com — muted by steve since 21:00 KST (down now)",
        "✅ Up: ok.example.com shop.example.com",
        "As of 2026-11-22 22:00 KST · next digest at 22:30 KST",
    ]
    (message,) = render(found, IN_SEOUL)
    assert JOINER not in json.dumps(message, ensure_ascii=False)


def test_a_perfect_day_is_one_line_and_a_footer() -> None:
    found = digest(*(closed(f"{n}", f"{n}.example.com") for n in range(9)), take_digest)
    assert shown(found) == ["🟢 All 9 hosts up", "As of 2026-11-22 22:00 KST"]
    assert "✅ Up: `0.example.com` `1.example.com`" in render_text(found, IN_SEOUL)


@pytest.mark.parametrize(("up", "line"), [(12, "✅ Up: 0.test 1.test"), (13, "✅ 13 up")])
def test_up_to_a_dozen_hosts_up_are_named_and_more_are_counted(up: int, line: str) -> None:
    hosts = [closed(f"u{n}", f"{n}.test") for n in range(up)]
    found = digest(*hosts, opened(), take_digest)
    (up_line,) = (each for each in shown(found) if each.startswith("✅"))
    assert up_line.startswith(line)
    assert f"`{up - 1}.test`" in render_text(found, IN_SEOUL)


def test_at_most_ten_of_what_is_not_down_are_named() -> None:
    recovered = [closed(f"r{n}", f"r{n}.test") for n in range(13)]
    warned = [opened(f"w{n}", f"w{n}.test", kind=Kind.CERTIFICATE) for n in range(12)]
    muted = [opened(f"m{n}", f"m{n}.test") for n in range(11)]
    found = digest(*recovered, *warned, *muted, *(wish(one.host) for one in muted))
    lines = shown(found)
    for sign, more in (
        ("🟢", "… and 3 more recovered"),
        ("🟡", "… and 2 more warnings"),
        ("🔕", "… and 1 more muted"),
    ):
        rows = [line for line in lines[1:] if line.startswith(sign)]
        assert (len(rows), lines[lines.index(rows[-1]) + 1]) == (10, more)
    assert render_text(found, IN_SEOUL).count("\n🟡") == 12


def test_hosts_down_are_ordered_new_ones_first_then_longest_first_doubtful_ones_last() -> None:
    old = [opened(f"o{n}", f"old-{n}.test", started=NOW - max(2 - n, 1) * DAY) for n in (0, 2, 1)]
    lost = [opened(f"l{n}", f"lost-{n}.test", started=NOW - (9 - n) * DAY) for n in range(2)]
    new = [opened(f"n{n}", f"new-{n}.test", started=NOON + n * MINUTE) for n in range(2)]
    found = digest(*old, *lost, take_digest, *new)
    lines = shown(found)
    assert [f"🔴 {down.host.name}" for down in found.down] == [
        line.partition(" —")[0] for line in lines[1:] if line.startswith("🔴")
    ]
    assert lines[1:-1] == [
        "New since the last digest",
        "🔴 new-1.test — down for 59 min",
        "🔴 new-0.test — down for 1 h",
        "Still down",
        "🔴 old-0.test — down for 2 d",
        "🔴 old-1.test — down for 1 d",
        "🔴 old-2.test — down for 1 d",
        "Open for more than 7 d: was the close lost?",
        "↳ If it is up again, type uptime resolve HOST",
        "🔴 lost-0.test — down for 9 d",
        "🔴 lost-1.test — down for 8 d",
    ]


@pytest.mark.parametrize(("down", "linked"), [(10, True), (11, False)])
def test_beyond_ten_rows_no_row_carries_a_link(down: int, linked: bool) -> None:
    hosts = [opened(f"{n}", f"{n}.test", policy="uptime failure", url=URL) for n in range(down)]
    lines = shown(digest(*hosts))
    assert sum("uptime failure" in line for line in lines) == down
    assert any(URL in line for line in lines) is linked


def test_more_than_a_hundred_hosts_down_are_all_listed_and_those_of_the_same_time_share_a_row() -> None:
    together, apart = (
        [
            opened(f"{n}", f"web-{n:03}.example.com", policy="failure", url=URL, started=NOON - n * interval)
            for n in range(120)
        ]
        for interval in (timedelta(), MINUTE)
    )
    first, row, *more = down_list(digest(*together, take_digest), IN_SEOUL).splitlines()
    assert first == "*🔴 All 120 hosts down*"
    assert row.startswith("🔴 `web-000.example.com` `web-001.example.com` ")
    assert row.endswith(" — 1 h")
    assert sum(line.count("`web-") for line in (row, *more)) == 120
    text = down_list(digest(*apart, take_digest), IN_SEOUL)
    assert (text.count("`web-"), length(text) <= 4000) == (120, True)


@pytest.mark.parametrize("locale", LOCALES, ids=LANGUAGES)
def test_hosts_down_that_do_not_fit_are_counted_in_one_line(locale: Locale) -> None:
    known, new = (
        [opened(f"{n}{when}", f"web-{n}.{when}.example.com", started=NOON - n * MINUTE) for n in range(150)]
        for when in ("known", "new")
    )
    text = down_list(digest(*known, take_digest, *new), locale)
    left = locale.language.headings.new.more(300 - text.count("`web-"))
    assert [line for line in text.splitlines() if line.startswith("… ")] == [left]


@pytest.mark.parametrize(
    ("policy", "label"),
    [
        ("www.example.com uptime failure", "uptime failure"),
        ("www uptime failure", "uptime failure"),
        ("WWW uptime failure", "uptime failure"),
        ("Uptime failure of www.example.com", "Uptime failure"),
        ("https://www.example.com/ - slow", "slow"),
        ("[www.example.com] down", "down"),
        ("slow answers", "slow answers"),
        ("api.www.example.com slow", "api.www.example.com slow"),
        ("www.example.com.au slow", "www.example.com.au slow"),
        ("www.example.com", "incident"),
        ("www check", "www check"),
    ],
)
def test_what_failed_does_not_repeat_the_name_of_the_host(policy: str, label: str) -> None:
    (line,) = (line for line in shown(digest(opened(policy=policy, url=URL))) if "down for" in line)
    assert line == f"🔴 www.example.com — down for 1 h · {label} ↗ ({URL})"


def test_hosts_that_google_never_reported_are_not_called_up() -> None:
    nothing = shown(digest())
    assert nothing[0] == "⚪ No incident has been received yet"
    assert "Test connection" in "\n".join(nothing)
    configured = shown(digest(hosts=["a", "b", "c", "d", "e"]))
    assert configured[0] == "⚪ No incident has been received yet · 5 hosts watched"
    assert configured[-2] == "⚪ No data yet: a b c d e"
    many = shown(digest(hosts=[f"{n}.test" for n in range(20)]))
    assert not re.search(r"\bup\b", "\n".join(many))
    heard = state_after(closed(edition=0))
    assert shown(summarize(heard, NOW, hosts=["a"]))[0].startswith("🟢 Both hosts up")


@pytest.mark.parametrize("quiet", [["a.test"], ["a.test", "b.test"]])
@pytest.mark.parametrize("locale", LOCALES, ids=LANGUAGES)
def test_unreported_hosts_beside_a_muted_one_are_not_green(quiet: list[str], locale: Locale) -> None:
    state = state_after(closed("0"), wish())
    found = summarize(state, NOW, hosts=quiet)
    assert shown(found)[0].startswith("⚪")
    assert not re.search("🟢|✅|is up|정상|all up", terminal.render(render(found, locale)[0]))


@pytest.mark.parametrize("locale", LOCALES, ids=LANGUAGES)
def test_a_channel_whose_hosts_were_never_reported_is_not_green(locale: Locale) -> None:
    """Google has reported something, but only about hosts of other channels."""
    state = state_after(closed("a", "www.example.com"))
    quiet = ["a.shop.test", "b.shop.test"]
    found = summarize(state, NOW, hosts=quiet, shows=HostFilter(("*.shop.test",)))
    text = terminal.render(render(found, locale)[0]) + down_list(found, locale)
    assert headline(found, IN_ENGLISH) == "Nothing received yet about these 2 hosts"
    assert not re.search("🟢|✅|정상|all up", text, re.IGNORECASE)
    assert "Test connection" not in text
    nothing = summarize(state, NOW, hosts=quiet, shows=HostFilter(("*.elsewhere",)))
    assert shown(nothing)[0] == "⚪ No hosts to show"
    assert shown(Digest(NOW))[0] == "⚪ No hosts to show"
    one = summarize(state, NOW, hosts=quiet, shows=HostFilter(("www.*",)))
    assert shown(one)[0] == "🟢 www.example.com is up · 1 recovered"


@pytest.mark.parametrize(
    ("steps", "first", "korean"),
    [
        ([], "⚪ No incident has been received yet", "⚪ 아직 수신한 인시던트 없음"),
        ([opened()], "🔴 www.example.com is down", "🔴 www.example.com 중단"),
        ([opened("a", "a"), opened("b", "b")], "🔴 Both hosts down", "🔴 호스트 2개 모두 중단"),
        ([opened(n, n) for n in "abc"], "🔴 All 3 hosts down", "🔴 호스트 3개 모두 중단"),
        ([opened("a", "a"), closed("b", "b"), take_digest], "🔴 1 of 2 hosts down", "🔴 호스트 2개 중 1개 중단"),
        ([closed(edition=0), take_digest], "🟢 www.example.com is up", "🟢 www.example.com 정상"),
        ([closed("a", "a"), closed("b", "b"), take_digest], "🟢 Both hosts up", "🟢 호스트 2개 모두 정상"),
        ([closed(observed=CANCELLED)], "🟢 www.example.com is up · 1 closed", "🟢 www.example.com 정상 · 종료 1개"),
        ([opened(kind=Kind.CERTIFICATE)], "🟡 www.example.com is not down · 1 warning", "🟡 www.example.com 중단 아님 · 경고 1개"),
        ([opened(host="old.example.com"), MUTE], "🟡 1 host muted (down)", "🟡 호스트 1개 숨김(중단)"),
        ([opened(n, f"{n}.test") for n in "abc"] + [wish("*.test")], "🟡 All 3 hosts muted (3 down)", "🟡 호스트 3개 모두 숨김(중단 3개)"),
        ([closed("a", "a"), closed("b", "b"), take_digest, wish("a")], "🟢 b is up · 1 muted", "🟢 b 정상 · 숨김 1개"),
    ],
)  # fmt: skip
def test_the_first_line_answers_whether_anything_is_down(steps: list[Step], first: str, korean: str) -> None:
    found = digest(*steps)
    assert shown(found)[0] == first
    assert shown(found, IN_KOREAN)[0] == korean


FLAPPING = "flapping: 3 outages in 24 h"
LOST = "its close may have been lost"
NEVER_ENDED = opened(host="old.example.com", started=NOW - 9 * DAY)


@pytest.mark.parametrize(
    ("steps", "words"),
    [
        ([opened("a", policy="one"), opened("b"), opened("c")], "one and 2 more incidents"),
        ([opened("a"), opened("b")], "— down for 1 h · incident and 1 more incident"),
        ([opened(host="failing check", named_by=NamedBy.POLICY)], "failing check (policy)"),
        ([opened(host="∗ slow", named_by=NamedBy.POLICY, policy="* slow", condition="5 s")], "(policy) — down for 1 h · 5 s"),
        ([opened(host="www-3F", named_by=NamedBy.CHECK)], "www-3F (check)"),
        ([closed("a"), closed("b", started=NOON + 20 * MINUTE, ended=NOON + 51 * MINUTE)], "up again at 21:51 KST after 2 outages, 41 min in all"),
        (blips(3, NOW), f"3 outages, 3 min in all · {FLAPPING}"),
        ([*blips(3, NOW), opened("d", started=NOW - MINUTE)], "— down for 1 min · flapping: 4 outages in 24 h"),
        ([*blips(3, NOW), opened("w", kind=Kind.CERTIFICATE), take_digest], f"🟡 www.example.com — warning for 1 h · {FLAPPING}"),
        ([NEVER_ENDED, MUTE], f"🔕 old.example.com — muted by steve since 21:00 KST (down now, {LOST})"),
        ([*blips(3, NOW, "old.example.com"), MUTE, take_digest], f"🔕 old.example.com — muted by steve since 21:00 KST ({FLAPPING})"),
        ([*blips(3, NOW, "old.example.com"), MUTE._replace(until=NOW), take_digest], f"🔔 old.example.com — no longer muted: up since 21:51 KST, {FLAPPING}"),
        ([NEVER_ENDED], "↳ If it is up again, type uptime resolve old.example.com"),
        ([opened(host="x" * 101, started=NOW - 9 * DAY)], "↳ If it is up again, type uptime resolve HOST"),  # not half of the name
        ([MUTE._replace(until=NOW)], "🔔 old.example.com — no longer muted: no host has this name"),
        ([NEVER_ENDED, MUTE._replace(until=NOW)], f"🔔 old.example.com — no longer muted: down since 2026-11-13 22:00 KST, {LOST}"),
    ],
)  # fmt: skip
def test_the_line_of_a_host(steps: list[Step], words: str) -> None:
    assert words in "\n".join(shown(digest(*steps)))


def test_hosts_closed_by_an_edit_or_resolved_by_a_person_are_not_among_the_recovered() -> None:
    by_steve = resolve("c.test", STEVE, NOON + 30 * MINUTE)
    edited = closed("b", "b.test", observed=f"{CANCELLED} it was edited")
    found = digest(closed("a", "a.test"), edited, opened("c", "c.test"), by_steve)
    assert shown(found)[:4] == [
        "🟢 All 3 hosts up · 1 recovered · 1 closed · 1 resolved",
        "🟢 a.test — up again at 21:10 KST after 10 min",
        "⚪ b.test — closed at 21:10 KST after 10 min (policy edited)",
        "⚪ c.test — resolved by steve at 21:30 KST after 30 min",
    ]
    korean = shown(found, Locale(SEOUL, KOREAN))
    assert "⚪ c.test — 30분 만에 steve 님이 종료 처리 (21:30 KST)" in korean


def test_problems_and_mutes_are_shown_before_the_first_incident() -> None:
    lines = shown(digest(MUTE, problems=[DISK_FULL]))
    assert lines[1:3] == ["⚠️ This server needs attention", "• cannot save state.json: disk full"]
    assert "Getting started" in lines
    assert "🔕 old.example.com — muted by steve since 21:00 KST (no host has this name)" in lines
    watched = shown(digest(MUTE, hosts=["old.example.com"]))
    assert "🔕 old.example.com — muted by steve since 21:00 KST (no data yet)" in watched
    assert shown(digest(closed(), problems=[DISK_FULL]))[0].startswith("🟡")


@pytest.mark.parametrize("letter", ["a", "&", "*", "\U0001f389"])
def test_the_longest_texts_are_cut_visibly_and_keep_the_rules(letter: str) -> None:
    url, policy = f"https://a.test/?{letter * 2000}", letter * 512
    found = digest(*(opened(f"{n}", f"{n}{letter * 250}", policy=policy, url=url) for n in range(12)))
    messages = render(found, IN_ENGLISH)
    for message in (*messages, text_only(found, IN_ENGLISH)):
        check(message)
    text = "\n".join(map(terminal.render, messages))
    assert f"🔴 7{letter * 98}… — down for 1 h · {letter * 99}…" in text
    assert "https://" not in text  # such an address would not fit: no half of it is shown
    fits = f"https://a.test/?{'a' * 500}"
    assert f"({fits})" in "\n".join(shown(digest(opened(policy="p", url=fits))))


@pytest.mark.parametrize(
    ("seconds", "text", "rough", "korean"),
    [
        (-5, "0 s", "0 s", "0초"),
        (45, "45 s", "45 s", "45초"),
        (720, "12 min", "12 min", "12분"),
        (7500, "2 h 5 min", "2 h", "2시간 5분"),
        (7200, "2 h", "2 h", "2시간"),
        (273_600, "3 d 4 h", "3 d", "3일 4시간"),
    ],
)
def test_durations_have_two_units_and_rough_ones_have_one(
    seconds: int, text: str, rough: str, korean: str
) -> None:
    span = timedelta(seconds=seconds)
    assert (IN_ENGLISH.duration(span), IN_ENGLISH.rough_duration(span)) == (text, rough)
    assert IN_KOREAN.duration(span) == korean


def many(down: int, up: int) -> Digest:
    hosts = [opened(f"{n}", f"down-{n:04}.example.com", policy=f"policy {n}", url=URL) for n in range(down)]
    return digest(*hosts, *(closed(f"u{n}", f"up-{n}.example.com") for n in range(up)), take_digest)


@pytest.mark.parametrize(
    ("down", "up", "most"), [(0, 50, 1), (1, 8000, 1), (40, 10, 1), (300, 0, 5), (2000, 8000, 5)]
)
def test_any_number_of_hosts_keeps_the_rules_and_counts_the_rest(down: int, up: int, most: int) -> None:
    """Hosts that are up never cost another message."""
    messages = render(many(down, up), IN_ENGLISH)
    assert 1 <= len(messages) <= most
    for message in messages:
        check(message)
    text = "\n".join(terminal.render(message) for message in messages)
    assert text.count("\n🔴 down-") + _left_out(text, "down") == down
    assert f"{down:,} of {down + up:,} hosts down" in text or not (up and down)
    if down and up > 12:
        assert f"✅ {up:,} up" in text


PAGE = "https://uptime.test/"
WITH_PAGE = Locale(SEOUL, ENGLISH, page=PAGE)


@pytest.mark.parametrize(("down", "up"), [(1, 0), (0, 1), (2000, 8000)])
def test_the_first_line_and_the_counts_of_omitted_hosts_link_to_the_page(down: int, up: int) -> None:
    found = many(down, up)
    linked, plain = ([*render(found, locale), text_only(found, locale)] for locale in (WITH_PAGE, IN_SEOUL))
    for message in linked:
        check(message)
    first, expected = (terminal.render(messages[0]).splitlines()[0] for messages in (linked, plain))
    assert first == f"{expected} ({PAGE})"
    for text in (*map(terminal.render, linked), render_text(found, WITH_PAGE), down_list(found, WITH_PAGE)):
        left_out = [line for line in text.splitlines() if "… and" in line]
        assert all(PAGE in line for line in left_out)


def _left_out(text: str, noun: str) -> int:
    found = re.search(rf"… and ([\d,]+) more (?:hosts? )?{noun}$", text, re.MULTILINE)
    return int(found[1].replace(",", "")) if found else 0


def test_lines_that_do_not_fit_are_never_made() -> None:
    made = []
    lines = ((made.append(n) or f"line {n}", 1) for n in range(100_000))  # type: ignore[func-returns-value]
    group = Group("title", lines, 100_000, lambda left: f"{left} more", spills=True)
    pages = pack("opening", [group], Limits(pages=2, page=2000, section=500))
    assert len(made) < 400
    assert pages[-1][-1].text.endswith(f"{100_000 - len(made) + 1} more")


HOSTS = [("x" * 40, 1)] * 9  # lines
SHORT = [("s", 1)]


@pytest.mark.parametrize(
    ("groups", "counted"),
    [
        ([(HOSTS, "down"), (HOSTS, "down")], ["17 down"]),
        ([(HOSTS, "down"), ([], "down"), (HOSTS, "down")], ["17 down"]),
        ([(HOSTS, "down"), (HOSTS, "in doubt")], ["8 down", "9 in doubt"]),
        ([(HOSTS, "down"), (SHORT, "down"), (HOSTS, "down")], ["8 down", "9 down"]),
    ],
)
def test_what_is_left_out_is_counted_in_one_line_if_nothing_stands_between(
    groups: list[tuple[list[tuple[str, int]], str]], counted: list[str]
) -> None:
    made = [Group("", lines, len(lines), f"{{}} {words}".format) for lines, words in groups]
    (page,) = pack("", made, Limits(pages=1, page=95, section=95, reserve=0))
    lines = [line for section in page for line in section.text.splitlines()]
    assert [line for line in lines if " " in line] == counted


@pytest.mark.parametrize(("down", "least_up"), [(2000, 0), (1, 150)])
def test_a_reply_has_as_many_names_as_fit_and_counts_the_rest(down: int, least_up: int) -> None:
    text = render_text(many(down, 8000), IN_ENGLISH)
    assert len(text) <= 4000
    assert _left_out(text, "down") + text.count("`down-") == down
    assert _left_out(text, "up") + text.count("`up-") == 8000
    assert text.count("`up-") >= least_up


hostile = st.sampled_from(
    [
        "<!channel>", "<!here|x>", "@here #general", "*bold* _it_ ~no~", "`code` ``", "a|b>c<d", "&amp;&lt;",
        "line\nbreak", "\u202eabc", "𝔘𝔫𝔦 🎉" * 20, "정책 이름", "uptime remove x", "x" * 253, "-", "http://evil.test",
    ]
) | st.text(max_size=60)  # fmt: skip


hostile_urls = ["", URL, "https://x.test/a|b>c", "javascript:alert(1)", "https://x.test/`" + "&" * 900]


@st.composite
def hostile_incidents(draw: st.DrawFn) -> Incident:
    return Incident(
        id=draw(st.text("abcdef0123456789", min_size=4, max_size=6)),
        host=draw(hostile) or "x",
        named_by=draw(st.sampled_from(NamedBy)),
        kind=draw(st.sampled_from(Kind)),
        started=NOW - draw(st.integers(0, 20_000)) * MINUTE,
        ended=draw(st.none() | st.just(NOW)),
        observed=draw(st.sampled_from(["", CANCELLED])),
        policy=draw(hostile | st.text(min_size=500, max_size=512)),
        url=draw(st.sampled_from(hostile_urls)),
    )


@settings(max_examples=times(100, 2000))
@given(
    st.lists(hostile_incidents(), max_size=15),
    st.lists(st.tuples(hostile, hostile), max_size=3),
    st.tuples(st.integers(0, 4), hostile),
    st.booleans(),
    st.builds(
        Locale, st.just(SEOUL), st.sampled_from([*LANGUAGES.values()]), page=st.sampled_from(["", PAGE])
    ),
)
def test_no_foreign_text_breaks_a_rule(
    incidents: list[Incident],
    mutes: list[tuple[str, str]],
    flaps: tuple[int, str],
    has_digest: bool,
    locale: Locale,
) -> None:
    wishes = [wish(host, by=Person("U1", name)) for host, name in mutes]
    count, flapping = flaps
    after: list[Step] = [*([take_digest] if has_digest else []), *blips(count, NOW, flapping or "x"), *wishes]
    problems = [problem_of(kind, host, name) for host, name in mutes for kind in ProblemKind]
    found = digest(*incidents, *after, problems=problems)
    for message in (*render(found, locale), text_only(found, locale)):
        check(json.loads(json.dumps(message)))
        assert all("\x1b" not in text["text"] for text in text_objects(message.get("blocks", [])))  # type: ignore[arg-type]
    assert len(terminal.render(render(found, locale)[0])) > 10


@pytest.mark.parametrize(
    ("locale", "said"),
    [
        (IN_ENGLISH, "As of 2026-11-22 13:00 UTC · Google's list of open alerts unavailable since 12:30 UTC"),
        (IN_KOREAN, "2026년 11월 22일 13:00 UTC 기준 · 12:30 UTC 이후 Google의 열린 알림 목록을 읽지 못함"),
    ],
)
def test_the_footer_says_since_when_googles_lists_cannot_be_read(locale: Locale, said: str) -> None:
    """What webhooks reported stays true, and this is no news."""
    view = GoogleView()
    view.failed(GoogleList.ALERTS, "denied", NOW - 30 * MINUTE)
    found = digest(closed(), problems=[problem] if (problem := view.problem()) else [])
    assert with_plain_dates(render_text(found, locale)).splitlines()[-1] == said
    assert shown(found)[0] == "🟢 www.example.com is up · 1 recovered"
    assert fingerprint(found) == fingerprint(digest(closed()))


def down_lines(*steps: Step, locale: Locale = IN_ENGLISH) -> list[str]:
    digest = summarize(state_after(*steps), NOW)
    text = down_list(digest, locale)
    assert set(text.splitlines()[1:]) <= set(render_text(digest, locale).splitlines())
    return with_plain_dates(text).splitlines()


def test_the_list_of_hosts_down_has_the_lines_of_the_digest() -> None:
    steps: list[Step] = [
        opened("old", "old.test", policy="old check", url="https://x.test/old"),
        opened("new", "new.test", started=NOON + 40 * MINUTE),
        opened("w", "w.test", kind=Kind.CERTIFICATE),
        closed("up", "up.test"),
        opened("hidden", "hidden.test"),
        wish("hidden.test"),
    ]
    assert down_lines(*steps) == [
        "*🔴 2 of 4 hosts down · 1 muted (1 down)*",
        "*New since the last digest*",
        "🔴 `new.test` — down for 20 min",
        "🔴 `old.test` — down for 1 h · <https://x.test/old|old check ↗>",
        "As of 2026-11-22 13:00 UTC",
    ]
    assert down_lines(*steps, locale=IN_KOREAN)[:3] == [
        "*🔴 호스트 4개 중 2개 중단 · 숨김 1개(중단 1개)*",
        "*지난 요약 이후 새로 중단*",
        "🔴 `new.test` — 20분째 중단",
    ]
    assert down_lines(closed(), opened("w", "w.test", kind=Kind.OTHER))[0] == "*🟡 None of 2 hosts is down*"


@pytest.mark.parametrize("locale", LOCALES, ids=LANGUAGES)
def test_the_list_of_hosts_down_fits_for_thousands_of_hosts_and_counts_the_rest(locale: Locale) -> None:
    names = [f"{n}-<&>.example.com" for n in range(2000)]
    hosts = {name: Host(name, open=(opened(name, name, policy="<&>*" * 60),)) for name in names}
    text = down_list(summarize(State(hosts=hosts), NOW), locale)
    shown = text.count("example.com`")
    assert length(text) <= replies.MAX_REPLY
    assert shown > 90
    assert f"{2000 - shown:,}" in text.splitlines()[-2]
