"""Digests as people see them. Thousands of hostile ones keep every rule of Slack."""

import json
import re
from datetime import timedelta
from typing import Any, cast
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from digest import notifications
from digest.google_view import GoogleView
from digest.model import Digest
from digest.notifications import fingerprint
from digest.summary import summarize
from digest.weekly import visible_hosts
from hosts import changes
from hosts.changes import resolve
from hosts.incident import CANCELLED, Incident, Kind, NamedBy, Person
from hosts.model import DEFAULT, Change, Host, Mute, State
from hosts.patterns import EVERY_HOST, HostFilter
from hosts.problems import Problem, ProblemKind
from languages import ENGLISH, KOREAN, LANGUAGES, Locale
from prove.size import times
from slack import replies, terminal
from slack.digest_message import down_list, render, render_text, text_only
from slack.headlines import headline
from slack.packing import Group, Limits, Message, pack
from slack.text import JOINER, length
from tests.builders import (
    IN_ENGLISH,
    IN_KOREAN,
    LOCALES,
    MINUTE,
    NOON,
    blips,
    closed,
    opened,
    state_after,
    summarize_week,
    with_plain_dates,
)
from tests.slack_rules import check, text_objects

NOW = NOON + 60 * MINUTE
DAY = timedelta(days=1)
SEOUL = ZoneInfo("Asia/Seoul")
IN_SEOUL = Locale(SEOUL, ENGLISH)
URL = "https://console.cloud.google.com/monitoring/alerting/alerts/0.abc?project=p&x=1"


def digest(*steps: Change | Incident, **more: object) -> Digest:
    return summarize(state_after(*steps), NOW, **more)  # type: ignore[arg-type]


def shown(found: Digest) -> list[str]:
    (message,) = render(found, IN_SEOUL)
    check(message)
    return terminal.render(message).splitlines()


DISK_FULL = Problem("cannot save state.json: disk full", ProblemKind.NOT_SAVED, "state.json", "disk full")
OLD_MUTE = Mute("old.example.com", "U1", "steve", NOON)
MUTE = changes.mute(OLD_MUTE)
MUTE_A = changes.mute(Mute("a", "U1", "steve", NOON))
AFTER_DIGEST = (notifications.begin_edition, notifications.record_digest(DEFAULT, NOON, 1))


def test_the_week_is_one_line() -> None:
    state = state_after(
        closed("old", "a", started=NOW - 9 * DAY, ended=NOW - 8 * DAY),
        closed("a", "a", started=NOW - 60 * MINUTE, ended=NOW),
        closed("b", "b", started=NOW - 6 * DAY, ended=NOW - 6 * DAY + 5 * MINUTE),
    )
    week = summarize_week(visible_hosts(state, (), EVERY_HOST, NOW), NOW)
    lines = shown(summarize(state, NOW)._replace(weekly=week))
    assert "📅 Last 7 days: 99.65 % up · 2 outages, 1 h 5 min in all · down longest: a 1 h, b 5 min" in lines
    quiet = summarize_week([Host("a", known_since=NOW - 9 * DAY)], NOW)
    assert "📅 Last 7 days: 100 % up, no outage" in shown(
        summarize(State(), NOW, hosts=["a"])._replace(weekly=quiet)
    )


def test_a_digest_reads_like_this() -> None:
    found = digest(
        opened("a", "api.example.com", policy="api uptime failure", url=URL),
        *AFTER_DIGEST,
        opened("b", "www.example.com", started=NOON + 48 * MINUTE, policy="www.example.com uptime failure"),
        closed("c", "shop.example.com"),
        opened("d", "tls.example.com", kind=Kind.CERTIFICATE, policy="certificate expiry"),
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
        "🟡 tls.example.com — warning for 1 h · certificate expiry · new",
        "🔕 old.example.com — muted by steve since 21:00 KST (down now)",
        "✅ Up: ok.example.com shop.example.com",
        "As of 2026-11-22 22:00 KST · next digest at 22:30 KST",
    ]


def test_a_perfect_day_is_one_line_and_a_footer() -> None:
    found = digest(*(closed(f"{n}", f"{n}.example.com") for n in range(9)), *AFTER_DIGEST)
    assert shown(found) == ["🟢 All 9 hosts up", "As of 2026-11-22 22:00 KST"]
    assert "✅ Up: `0.example.com` `1.example.com`" in render_text(found, IN_SEOUL)


@pytest.mark.parametrize(("up", "line"), [(12, "✅ Up: 0.test 1.test"), (13, "✅ 13 up")])
def test_up_to_a_dozen_hosts_up_are_named_and_more_are_counted(up: int, line: str) -> None:
    hosts = [closed(f"u{n}", f"{n}.test") for n in range(up)]
    found = digest(*hosts, opened(), *AFTER_DIGEST)
    (up_line,) = (each for each in shown(found) if each.startswith("✅"))
    assert up_line.startswith(line)
    assert f"`{up - 1}.test`" in render_text(found, IN_SEOUL)


def test_at_most_ten_of_what_is_not_down_are_named() -> None:
    recovered = [closed(f"r{n}", f"r{n}.test") for n in range(13)]
    warned = [opened(f"w{n}", f"w{n}.test", kind=Kind.CERTIFICATE) for n in range(12)]
    muted = [opened(f"m{n}", f"m{n}.test") for n in range(11)]
    wishes = changes.mute(*(Mute(one.host, "U1", "steve", NOON) for one in muted))
    found = digest(*recovered, *warned, *muted, wishes)
    lines = shown(found)
    for sign, more in (
        ("🟢", "… and 3 more recovered"),
        ("🟡", "… and 2 more warnings"),
        ("🔕", "… and 1 more muted"),
    ):
        rows = [line for line in lines[1:] if line.startswith(sign)]
        assert (len(rows), lines[lines.index(rows[-1]) + 1]) == (10, more)
    assert render_text(found, IN_SEOUL).count("\n🟡") == 12


def test_down_is_ordered_by_what_is_new_then_by_how_long_and_doubts_come_last() -> None:
    old = [opened(f"o{n}", f"old-{n}.test", started=NOW - (2 - n) * DAY) for n in range(2)]
    lost = [opened(f"l{n}", f"lost-{n}.test", started=NOW - (9 - n) * DAY) for n in range(2)]
    new = [opened(f"n{n}", f"new-{n}.test", started=NOON + n * MINUTE) for n in range(2)]
    lines = shown(digest(*old, *lost, *AFTER_DIGEST, *new))
    assert lines[1:-1] == [
        "New since the last digest",
        "🔴 new-1.test — down for 59 min",
        "🔴 new-0.test — down for 1 h",
        "Still down",
        "🔴 old-0.test — down for 2 d",
        "🔴 old-1.test — down for 1 d",
        "Open for more than 7 d: was the close lost?",
        "↳ If it is up again, type uptime resolve HOST",
        "🔴 lost-0.test — down for 9 d",
        "🔴 lost-1.test — down for 8 d",
    ]


def test_what_has_just_happened_is_in_the_first_rows_of_forty() -> None:
    old = [opened(f"{n}", f"{n:02}.test", started=NOW - DAY) for n in range(40)]
    lines = shown(digest(*old, *AFTER_DIGEST, opened("new", "new.test", started=NOW - MINUTE)))
    assert lines[2].startswith("🔴 new.test — down for 1 min")


def test_sections_that_hold_hosts_down_are_never_folded_and_others_may_be() -> None:
    found = digest(
        opened(), opened("l", "lost.test", started=NOW - 9 * DAY), closed("b", "b.test"), *AFTER_DIGEST
    )
    (message,) = render(found, IN_SEOUL)
    blocks: list[dict[str, object]] = message["blocks"]  # type: ignore[assignment]
    for block in blocks:
        holds_down = "🔴 `" in str(block)
        assert block.get("expand", False) is holds_down


@pytest.mark.parametrize(("down", "linked"), [(10, True), (11, False)])
def test_beyond_ten_rows_no_row_carries_a_link(down: int, linked: bool) -> None:
    hosts = [opened(f"{n}", f"{n}.test", policy="uptime failure", url=URL) for n in range(down)]
    lines = shown(digest(*hosts))
    assert sum("uptime failure" in line for line in lines) == down
    assert any(URL in line for line in lines) is linked


@pytest.mark.parametrize("apart", [False, True], ids=["together", "each a minute later"])
def test_more_than_a_hundred_hosts_down_are_all_listed(apart: bool) -> None:
    begun = [NOON - n * MINUTE * apart for n in range(120)]
    hosts = [
        opened(f"{n}", f"web-{n:03}.example.com", policy="failure", url=URL, started=at)
        for n, at in enumerate(begun)
    ]
    text = down_list(digest(*hosts, *AFTER_DIGEST), IN_SEOUL)
    assert length(text) <= 4000
    assert len(re.findall("`web-", text)) == 120


def test_hosts_that_went_down_together_share_a_row() -> None:
    hosts = [opened(f"{n}", f"web-{n:03}.example.com", policy="failure", url=URL) for n in range(120)]
    lines = down_list(digest(*hosts, *AFTER_DIGEST), IN_SEOUL).splitlines()
    assert lines[0] == "*🔴 All 120 hosts down*"
    assert lines[1].startswith("🔴 `web-000.example.com` `web-001.example.com` ")
    assert lines[1].endswith(" — 1 h")
    assert sum(line.count("`web-") for line in lines) == 120


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


def test_no_name_of_a_host_has_invisible_characters() -> None:
    found = digest(
        opened("a", "a-b.example.com", policy="front.example.com is slow", url=URL),
        closed("b", "b.example.com"),
        opened("w", "w_1.example.com", kind=Kind.CERTIFICATE),
        opened("m", "old.example.com"),
        MUTE,
    )
    assert JOINER not in json.dumps(render(found, IN_SEOUL), ensure_ascii=False)


def test_the_number_of_hosts_up_finds_room_in_a_digest_of_any_size() -> None:
    down = [opened(f"{n}", f"down-{n}.example.com") for n in range(2000)]
    up = [closed(f"u{n}", f"up-{n}.test") for n in range(50)]
    *_, last = render(digest(*down, *up), IN_ENGLISH)
    up_row = cast("list[Any]", last["blocks"])[-2]
    assert up_row["text"]["text"].endswith("✅ 50 up")


def test_nothing_received_has_its_own_words_and_says_how_to_send_a_test() -> None:
    lines = shown(summarize(State(), NOW))
    assert lines[0] == "⚪ No incident has been received yet"
    assert "Test connection" in "\n".join(lines)


def test_hosts_that_nothing_was_heard_of_are_not_called_up() -> None:
    """Five hosts in the configuration, and no delivery yet."""
    lines = shown(summarize(State(), NOW, hosts=["a", "b", "c", "d", "e"]))
    assert lines[0] == "⚪ No incident has been received yet · 5 hosts watched"
    assert lines[-2] == "⚪ No data yet: a b c d e"
    many = shown(summarize(State(), NOW, hosts=[f"{n}.test" for n in range(20)]))
    assert not re.search(r"\bup\b", "\n".join(many))
    heard = state_after(closed(edition=0))
    assert shown(summarize(heard, NOW, hosts=["a"]))[0].startswith("🟢 Both hosts up")


@pytest.mark.parametrize("quiet", [["a.test"], ["a.test", "b.test"]])
@pytest.mark.parametrize("locale", LOCALES, ids=LANGUAGES)
def test_beside_a_muted_host_those_never_heard_of_are_not_green(quiet: list[str], locale: Locale) -> None:
    state = state_after(closed("0"), changes.mute(Mute("www.example.com", "U1", "steve", NOON)))
    found = summarize(state, NOW, hosts=quiet)
    assert shown(found)[0].startswith("⚪")
    assert not re.search("🟢|✅|is up|정상|all up", terminal.render(render(found, locale)[0]))


@pytest.mark.parametrize("locale", LOCALES, ids=LANGUAGES)
def test_a_channel_of_hosts_that_nothing_was_heard_of_says_no_green_words(locale: Locale) -> None:
    """Google was heard, but only of hosts of other channels."""
    state = state_after(closed("a", "www.example.com"))
    quiet = ["a.shop.test", "b.shop.test"]
    found = summarize(state, NOW, hosts=quiet, shows=HostFilter(("*.shop.test",)))
    text = terminal.render(render(found, locale)[0]) + down_list(found, locale)
    assert headline(found, IN_ENGLISH) == "Nothing received yet about these 2 hosts"
    assert not re.search("🟢|✅|정상|all up", text, re.IGNORECASE)
    assert "Test connection" not in text
    nothing = summarize(state, NOW, hosts=quiet, shows=HostFilter(("*.elsewhere",)))
    assert shown(nothing)[0] == "⚪ No hosts to show"


def test_one_host_of_a_channel_is_not_called_the_only_one() -> None:
    state = state_after(*(closed(name, f"{name}.test", edition=0) for name in "abcd"))
    found = summarize(state, NOW, shows=HostFilter(("a*",)))
    assert headline(found, IN_ENGLISH) == "`a.test` is up · 1 recovered"


def test_what_is_muted_and_down_is_never_green() -> None:
    """120 of 120 hosts are muted and down."""
    hosts = [opened(f"{n}", f"{n}.test") for n in range(120)]
    state = state_after(*hosts, changes.mute(Mute("*.test", "U1", "steve", NOON)))
    assert shown(summarize(state, NOW))[0] == "🟡 All 120 hosts muted (120 down)"


@pytest.mark.parametrize(
    ("steps", "first"),
    [
        ([opened()], "`www.example.com` is down"),
        ([opened("a", "a"), opened("b", "b")], "Both hosts down"),
        ([opened(n, n) for n in "abc"], "All 3 hosts down"),
        ([opened("a", "a"), closed("b", "b"), *AFTER_DIGEST], "1 of 2 hosts down"),
        ([closed(edition=0), *AFTER_DIGEST], "`www.example.com` is up"),
        ([closed("a", "a"), closed("b", "b"), *AFTER_DIGEST], "Both hosts up"),
        ([opened(kind=Kind.CERTIFICATE)], "`www.example.com` is not down · 1 warning"),
        ([opened(host="old.example.com"), MUTE], "1 host muted (down)"),
        ([closed("a", "a"), closed("b", "b"), *AFTER_DIGEST, MUTE_A], "`b` is up · 1 muted"),
    ],
)
def test_the_first_line_answers_whether_anything_is_down(steps: list[Change | Incident], first: str) -> None:
    assert headline(digest(*steps), IN_ENGLISH) == first


@pytest.mark.parametrize(
    ("incidents", "words"),
    [
        ([opened(started=NOW - timedelta(days=9))], "Open for more than 7 d: was the close lost?"),
        ([opened("a", policy="one"), opened("b"), opened("c")], "one and 2 more incidents"),
        ([opened("a"), opened("b")], "— down for 1 h · incident and 1 more incident"),
        ([opened(host="failing check", named_by=NamedBy.POLICY)], "failing check (policy)"),
        ([opened(host="www-3F", named_by=NamedBy.CHECK)], "www-3F (check)"),
        ([closed("a"), closed("b", started=NOON + 20 * MINUTE, ended=NOON + 51 * MINUTE)], "up again at 21:51 KST after 2 outages, 41 min in all"),
        ([closed(observed=f"{CANCELLED} …")], "closed at 21:10 KST after 10 min (policy edited)"),
        (blips(3, NOW), "3 outages, 3 min in all · flapping: 3 outages in 24 h"),
        ([*blips(3, NOW), opened("d", started=NOW - MINUTE)], "— down for 1 min · flapping: 4 outages in 24 h"),
    ],
)  # fmt: skip
def test_the_line_of_a_host(incidents: list[Incident], words: str) -> None:
    assert words in "\n".join(shown(digest(*incidents)))


FLAPPING = "flapping: 3 outages in 24 h"
LOST = "its close may have been lost"
NEVER_ENDED = opened(host="old.example.com", started=NOW - timedelta(days=9))


@pytest.mark.parametrize(
    ("steps", "row"),
    [
        (
            [*blips(3, NOW), opened("w", kind=Kind.CERTIFICATE)],
            f"🟡 www.example.com — warning for 1 h · incident · {FLAPPING}",
        ),
        (
            [NEVER_ENDED, MUTE],
            f"🔕 old.example.com — muted by steve since 21:00 KST (down now, {LOST})",
        ),
        (
            [*blips(3, NOW, "old.example.com"), MUTE],
            f"🔕 old.example.com — muted by steve since 21:00 KST ({FLAPPING})",
        ),
        (
            [*blips(3, NOW, "old.example.com"), changes.mute(OLD_MUTE._replace(until=NOW))],
            f"🔔 old.example.com — no longer muted: up since 21:51 KST, {FLAPPING}",
        ),
        (
            [NEVER_ENDED, changes.mute(OLD_MUTE._replace(until=NOW))],
            f"🔔 old.example.com — no longer muted: down since 2026-11-13 22:00 KST, {LOST}",
        ),
    ],
    ids=[
        "warning",
        "muted in doubt",
        "muted flapping",
        "no longer muted flapping",
        "no longer muted in doubt",
    ],
)
def test_a_doubt_and_flapping_are_shown_wherever_the_host_is(
    steps: list[Change | Incident], row: str
) -> None:
    steps = [*steps, *AFTER_DIGEST]
    assert row.replace(" · incident", "") in [
        line.replace(" · incident", "") for line in shown(digest(*steps))
    ]


def test_a_name_too_long_to_be_shown_is_not_half_of_a_command() -> None:
    lines = shown(digest(opened(host="x" * 101, started=NOW - timedelta(days=9))))
    assert "↳ If it is up again, type uptime resolve HOST" in lines


def test_an_incident_closed_by_an_edit_is_not_among_the_recovered() -> None:
    found = digest(closed("a", "a.test"), closed("b", "b.test", observed=CANCELLED), closed("c", "c.test"))
    first, *lines = shown(found)
    assert first == "🟢 All 3 hosts up · 2 recovered · 1 closed"
    assert lines[2] == "⚪ b.test — closed at 21:10 KST after 10 min (policy edited)"


def test_an_incident_that_a_person_resolved_is_not_among_the_recovered() -> None:
    by_steve = resolve("b.test", Person("U1", "steve"), NOON + 30 * MINUTE)
    found = digest(closed("a", "a.test"), opened("b", "b.test"), by_steve)
    lines = shown(found)
    assert lines[0] == "🟢 Both hosts up · 1 recovered · 1 resolved"
    assert lines[2] == "⚪ b.test — resolved by steve at 21:30 KST after 30 min"
    assert "b.test" not in lines[1]
    korean = terminal.render(render(found, Locale(SEOUL, KOREAN))[0])
    assert "⚪ b.test — 30분 만에 steve 님이 종료 처리 (21:30 KST)" in korean.splitlines()


def test_problems_and_mutes_are_shown_before_the_first_incident() -> None:
    lines = shown(digest(MUTE, problems=[DISK_FULL]))
    assert lines[1:3] == ["⚠️ This server needs attention", "• cannot save state.json: disk full"]
    assert "How to begin" in lines
    assert "🔕 old.example.com — muted by steve since 21:00 KST (no data yet)" in lines


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


def test_a_long_address_that_fits_is_a_link() -> None:
    url = f"https://a.test/?{'a' * 500}"
    assert f"({url})" in "\n".join(shown(digest(opened(policy="p", url=url))))


def test_a_problem_is_shown_and_colours_the_sign() -> None:
    lines = shown(digest(closed(), problems=[DISK_FULL]))
    assert lines[0].startswith("🟡")
    assert "• cannot save state.json: disk full" in lines


@pytest.mark.parametrize(
    ("seconds", "text", "rough"),
    [
        (-5, "0 s", "0 s"),
        (45, "45 s", "45 s"),
        (720, "12 min", "12 min"),
        (7500, "2 h 5 min", "2 h"),
        (7200, "2 h", "2 h"),
        (273_600, "3 d 4 h", "3 d"),
        (86_400, "1 d", "1 d"),
    ],
)
def test_durations_for_people_have_two_units_and_rough_ones_have_one(
    seconds: int, text: str, rough: str
) -> None:
    span = timedelta(seconds=seconds)
    assert (IN_ENGLISH.duration(span), IN_ENGLISH.rough_duration(span)) == (text, rough)


def many(down: int, up: int) -> Digest:
    hosts = [opened(f"{n}", f"down-{n:04}.example.com", policy=f"policy {n}", url=URL) for n in range(down)]
    return digest(*hosts, *(closed(f"u{n}", f"up-{n}.example.com") for n in range(up)), *AFTER_DIGEST)


@pytest.mark.parametrize(("down", "up"), [(0, 50), (1, 750), (40, 10), (300, 0), (2000, 8000)])
def test_any_number_of_hosts_keeps_the_rules_and_counts_what_it_leaves_out(down: int, up: int) -> None:
    messages = render(many(down, up), IN_ENGLISH)
    assert 1 <= len(messages) <= 5
    for message in messages:
        check(message)
    text = "\n".join(terminal.render(message) for message in messages)
    assert text.count("\n🔴 down-") + _left_out(text, "down") == down
    assert f"{down:,} of {down + up:,} hosts down" in text or not (up and down)
    if down and up > 12:
        assert f"✅ {up:,} up" in text or f"… and {up:,} more up" in text


WITH_PAGE = Locale(SEOUL, ENGLISH, page="https://uptime.test/")


@pytest.mark.parametrize(("down", "up"), [(0, 50), (1, 0), (0, 1), (40, 10), (2000, 8000)])
def test_the_first_line_and_what_is_left_out_lead_to_the_page(down: int, up: int) -> None:
    found, page = many(down, up), " (https://uptime.test/)"
    linked, plain = ([*render(found, locale), text_only(found, locale)] for locale in (WITH_PAGE, IN_SEOUL))
    for message in linked:
        check(message)
    first, expected = (terminal.render(messages[0]).splitlines()[0] for messages in (linked, plain))
    assert first == expected + page
    for text in (*map(terminal.render, linked), render_text(found, WITH_PAGE), down_list(found, WITH_PAGE)):
        left_out = [line for line in text.splitlines() if "… and" in line]
        assert all("https://uptime.test/" in line for line in left_out)


@given(name=st.text(min_size=1, max_size=200))
def test_no_name_breaks_out_of_the_link_to_the_page(name: str) -> None:
    found = digest(opened("1", name))
    for message in (*render(found, WITH_PAGE), text_only(found, WITH_PAGE)):
        check(message)


def _left_out(text: str, noun: str) -> int:
    found = re.search(rf"… and ([\d,]+) more (?:hosts? )?{noun}$", text, re.MULTILINE)
    return int(found[1].replace(",", "")) if found else 0


def test_what_is_shown_of_many_is_what_is_shown_of_few() -> None:
    few, lots = (_down_lines(render(many(count, 100), IN_ENGLISH)) for count in (60, 2000))
    assert len(few) == 60
    assert lots[:60] == sorted(lots)[:60] == few


def _down_lines(messages: list[Message]) -> list[str]:
    lines = "\n".join(terminal.render(message) for message in messages).splitlines()
    return [line for line in lines if line.startswith("🔴 down-")]


def test_hosts_that_are_up_never_cost_another_message() -> None:
    (message,) = render(many(1, 8000), IN_ENGLISH)
    assert "✅ 8,000 up" in terminal.render(message)


def test_lines_that_are_cut_are_never_made() -> None:
    made = []
    lines = ((made.append(n) or f"line {n}", 1) for n in range(100_000))  # type: ignore[func-returns-value]
    group = Group("title", lines, 100_000, lambda left: f"{left} more", spills=True)
    pages = pack("opening", [group], Limits(pages=2, page=2000, section=500))
    assert len(made) < 400
    assert pages[-1][-1].text.endswith(f"{100_000 - len(made) + 1} more")


def test_the_text_stays_within_the_limit_and_counts_what_it_leaves_out() -> None:
    text = render_text(many(2000, 8000), IN_ENGLISH)
    assert len(text) <= 4000
    assert _left_out(text, "down") + text.count("`down-") == 2000
    assert _left_out(text, "up") + text.count("`up-") == 8000


def test_who_asks_gets_as_many_names_of_hosts_up_as_fit() -> None:
    text = render_text(many(1, 8000), IN_ENGLISH)
    assert len(text) <= 4000
    assert _left_out(text, "up") + text.count("`up-") == 8000
    assert text.count("`up-") > 150


def test_a_plain_text_keeps_the_rules_too() -> None:
    check(text_only(many(30, 30), IN_ENGLISH))


hostile = st.sampled_from(
    [
        "<!channel>", "<!here|x>", "@here #general", "*bold* _it_ ~no~", "`code` ``", "a|b>c<d", "&amp;&lt;",
        "line\nbreak", "\u202eabc", "𝔘𝔫𝔦 🎉" * 20, "정책 이름", "uptime remove x", "x" * 253, "-", "http://evil.test",
    ]
) | st.text(max_size=60)  # fmt: skip


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
        url=draw(
            st.sampled_from(
                ["", URL, "https://x.test/a|b>c", "javascript:alert(1)", "https://x.test/`" + "&" * 900]
            )
        ),
    )


@settings(max_examples=times(100, 2000))
@given(
    st.lists(hostile_incidents(), max_size=15),
    st.lists(st.tuples(hostile, hostile), max_size=3),
    st.tuples(st.integers(0, 4), hostile),
    st.booleans(),
    st.sampled_from([Locale(SEOUL, language) for language in LANGUAGES.values()]),
)
def test_no_foreign_text_breaks_a_rule(
    incidents: list[Incident],
    mutes: list[tuple[str, str]],
    flaps: tuple[int, str],
    has_digest: bool,
    locale: Locale,
) -> None:
    wishes = [changes.mute(Mute(host, "U1", name, NOON)) for host, name in mutes]
    count, flapping = flaps
    after = [*(AFTER_DIGEST if has_digest else ()), *blips(count, NOW, flapping or "x"), *wishes]
    foreign = set(ProblemKind) - {ProblemKind.SILENT, ProblemKind.LISTS_FAILING}  # whose detail is our own
    problems = [Problem(name, kind, host, name) for host, name in mutes for kind in foreign]
    found = digest(*incidents, *after, problems=problems)
    for message in (*render(found, locale), text_only(found, locale)):
        check(json.loads(json.dumps(message)))
        assert all("\x1b" not in text["text"] for text in text_objects(message.get("blocks", [])))  # type: ignore[arg-type]
    assert len(terminal.render(render(found, locale)[0])) > 10


@pytest.mark.parametrize(
    ("locale", "said"),
    [
        (IN_ENGLISH, "As of 2026-11-22 13:00 UTC · Google's list unavailable since 12:30 UTC"),
        (IN_KOREAN, "2026년 11월 22일 13:00 UTC 기준 · 12:30 UTC 이후 Google 목록을 읽지 못함"),
    ],
)
def test_the_footer_says_since_when_googles_lists_cannot_be_read(locale: Locale, said: str) -> None:
    """That keeps nothing from being true that webhooks told, and it is no news."""
    view = GoogleView()
    view.failed("denied", NOW - 30 * MINUTE)
    found = digest(closed(), problems=[problem] if (problem := view.problem()) else [])
    assert with_plain_dates(render_text(found, locale)).splitlines()[-1] == said
    assert shown(found)[0] == "🟢 www.example.com is up · 1 recovered"
    assert fingerprint(found) == fingerprint(digest(closed()))


OLD = opened("old", "old.test", policy="old check", url="https://x.test/old")
MUTE_HIDDEN = changes.mute(Mute("hidden.test", "U1", "eve", NOON))
DOWN_STEPS: list[Change | Incident] = [
    OLD,
    opened("new", "new.test", started=NOON + 40 * MINUTE),
    opened("w", "w.test", kind=Kind.CERTIFICATE),
    closed("up", "up.test"),
    opened("hidden", "hidden.test"),
    MUTE_HIDDEN,
]


def down_lines(*steps: Change | Incident, locale: Locale = IN_ENGLISH) -> list[str]:
    digest = summarize(state_after(*steps), NOW)
    text = down_list(digest, locale)
    assert set(text.splitlines()[1:]) <= set(render_text(digest, locale).splitlines())
    return with_plain_dates(text).splitlines()


def test_the_list_of_hosts_down_has_the_lines_of_the_digest() -> None:
    assert down_lines(*DOWN_STEPS) == [
        "*🔴 2 of 4 hosts down · 1 muted (1 down)*",
        "*New since the last digest*",
        "🔴 `new.test` — down for 20 min",
        "🔴 `old.test` — down for 1 h · <https://x.test/old|old check ↗>",
        "As of 2026-11-22 13:00 UTC",
    ]
    assert down_lines(*DOWN_STEPS, locale=IN_KOREAN)[:4] == [
        "*🔴 호스트 4개 중 2개 중단 · 숨김 1개(중단 1개)*",
        "*지난 요약 이후 새로 중단*",
        "🔴 `new.test` — 20분째 중단",
        "🔴 `old.test` — 1시간째 중단 · <https://x.test/old|old check ↗>",
    ]


@pytest.mark.parametrize(
    ("steps", "english", "korean"),
    [
        ([], "⚪ No incident has been received yet", "⚪ 아직 수신한 인시던트 없음"),
        ([closed()], "🟢 `www.example.com` is up", "🟢 `www.example.com` 정상"),
        (
            [closed(), opened("w", "w.test", kind=Kind.OTHER)],
            "🟡 None of 2 hosts is down",
            "🟡 호스트 2개 중 중단 없음",
        ),
        (
            [closed(), opened("hidden", "hidden.test"), MUTE_HIDDEN],
            "🟡 `www.example.com` is up · 1 muted (1 down)",
            "🟡 `www.example.com` 정상 · 숨김 1개(중단 1개)",
        ),
    ],
)
def test_the_list_of_hosts_down_says_when_nothing_is_down(
    steps: list[Change | Incident], english: str, korean: str
) -> None:
    assert down_lines(*steps)[0] == f"*{english}*"
    assert down_lines(*steps, locale=IN_KOREAN)[0] == f"*{korean}*"


@pytest.mark.parametrize("locale", LOCALES, ids=LANGUAGES)
def test_the_list_of_hosts_down_fits_for_ten_thousand_hosts_and_counts_the_rest(locale: Locale) -> None:
    state = state_after()
    for n in range(10_000):
        name = f"{n}-<&>.example.com"
        state.hosts[name] = Host(name, open=(opened(f"{n}", name, policy="<&>*" * 60),))
    text = down_list(summarize(state, NOW), locale)
    shown = text.count("example.com`")
    assert length(text) <= replies.MAX_REPLY
    assert shown > 90
    assert f"{10_000 - shown:,}" in text.splitlines()[-2]
