"""The replies to commands that change something, and to `removed` and `log`."""

import re
from datetime import timedelta

import pytest

from digest.model import Muted
from hosts.changes import resolve
from hosts.incident import Incident, Person
from hosts.model import Action, AuditEntry, Change, Host, Status
from hosts.outages import DOUBT_AFTER
from hosts.retention import AUDIT_LOG_SIZE
from languages import LANGUAGES, Locale
from slack import audit_replies, mute_replies, replies
from slack.mute_replies import NAMES_SHOWN, MutedHosts, RestoredHosts
from slack.replies import MAX_REPLY
from slack.rows import RowContext
from slack.text import length
from tests.builders import (
    IN_ENGLISH,
    IN_KOREAN,
    LOCALES,
    MINUTE,
    NOON,
    STEVE,
    closed,
    opened,
    state_after,
    wish,
    with_plain_dates,
)

MUTE = wish("a.test")
ENDING = MUTE._replace(until=NOON + 60 * MINUTE, reason="deploy of *cart*")
UP, DOWN = Host("a.test", dropped_until=NOON), Host("b.test", (opened("1", "b.test"),))


LOST = Host("c.test", (opened("2", "c.test", started=NOON - timedelta(days=9)),))
NOW = NOON + MINUTE


def shown(text: str) -> list[str]:
    return re.sub(r"<[^|]*\|(?:2026-11-22 )?([^>]*) UTC>", r"\1", text).replace("\u034f", "").splitlines()


def answer(*found: MutedHosts, locale: Locale = IN_ENGLISH) -> str:
    return mute_replies.muted(found, RowContext(NOW, locale, DOUBT_AFTER))


def listed(*entries: Muted, locale: Locale = IN_ENGLISH) -> str:
    return mute_replies.muted_list(entries, RowContext(NOW, locale, DOUBT_AFTER))


def restored(*found: RestoredHosts) -> list[str]:
    return mute_replies.restored(found, RowContext(NOW, IN_ENGLISH, DOUBT_AFTER)).splitlines()


def test_one_host() -> None:
    (line,) = shown(answer(MutedHosts(MUTE, [UP])))
    assert "is muted until further notice (by steve, 12:00; up now)." in line
    assert shown(answer(MutedHosts(ENDING, [UP]))) == [
        "🔕 `a.test` is muted until 13:00 (by steve, 12:00; up now). To undo, type `uptime restore a.test`.",
        "Reason: deploy of *cart*",
    ]


def test_several_hosts_and_patterns() -> None:
    found = [
        MutedHosts(ENDING, [UP]),
        MutedHosts(ENDING._replace(host="my policy"), [DOWN]),
        MutedHosts(ENDING._replace(host="*.test"), [UP, DOWN]),
        MutedHosts(ENDING._replace(host="z*"), []),
    ]
    assert shown(answer(*found)) == [
        '🔕 Muted until 13:00 (by steve, 12:00). To undo, type `uptime restore! a.test "my policy" *.test z*`.',
        "Reason: deploy of *cart*",
        "• `a.test` — up now",
        "• `my policy` — down now",
        "• `*.test` — 2 hosts now, plus any that match later: `b.test` `a.test`",
        "• `z*` — no host now, but any that match later",
    ]


def test_until_up_of_several_hosts_lasts_until_each_is_up() -> None:
    waits = MUTE._replace(until_up=True)
    title, *_ = shown(answer(MutedHosts(waits, [UP]), MutedHosts(waits._replace(host="b.test"), [DOWN])))
    assert title.startswith("🔕 Muted until each is up (by steve")
    assert shown(answer(MutedHosts(waits._replace(host="*.test"), [DOWN, LOST]))) == [
        "🔕 Muted until each is up (by steve, 12:00). To undo, type `uptime restore! *.test`.",
        "• `*.test` — 2 hosts, 2 down now: `b.test` `c.test`",
    ]
    korean = answer(MutedHosts(waits._replace(host="*.test"), [DOWN, LOST]), locale=IN_KOREAN)
    assert "각각 복구될 때까지 숨김" in korean
    assert "현재 호스트 2개 중 2개 중단" in korean
    (title,) = shown(answer(MutedHosts(waits, [DOWN])))
    assert "`a.test` is muted until it is up" in title


def test_a_doubt_is_shown_in_answers_and_in_the_list() -> None:
    mute = MUTE._replace(host="c.test")
    said = "down now, its close may have been lost"
    assert f"(by steve, 12:00; {said})" in shown(answer(MutedHosts(mute, [LOST])))[0]
    assert f"• `c.test` — {said}" in shown(answer(MutedHosts(mute, [LOST]), MutedHosts(MUTE, [UP])))
    assert f"({said})" in shown(listed(Muted(mute, Status.DOWN, host=LOST)))[1]


@pytest.mark.parametrize("locale", LOCALES, ids=LANGUAGES)
def test_what_a_pattern_matches_is_cut_visibly(locale: Locale) -> None:
    hosts = [Host(f"web-{number:05}.prod.example.com") for number in range(10_000)]
    text = answer(MutedHosts(MUTE._replace(host="web-*"), hosts), locale=locale)
    assert text.count("`web-0") == NAMES_SHOWN
    assert locale.language.and_more_hosts(10_000 - NAMES_SHOWN) in text
    assert length(text) < MAX_REPLY / 2


def test_the_list_says_who_when_until_when_why_and_how_it_stands() -> None:
    muted = [
        Muted(MUTE, Status.UP, host=UP),
        Muted(ENDING, Status.DOWN, host=DOWN),
        Muted(MUTE._replace(host="*.test", until_up=True), Status.DOWN, host_count=1200, down_count=2),
    ]
    assert shown(listed(*muted)) == [
        "3 muted:",
        "• `a.test` — muted by steve since 12:00 (up now)",
        "• `a.test` — muted by steve since 12:00, until 13:00 (down now) · Reason: deploy of *cart*",
        "• `*.test` — muted by steve since 12:00, until each is up (1,200 hosts, 2 down now)",
    ]
    assert listed() == "No host is muted."
    assert listed(locale=IN_KOREAN) == "숨긴 호스트가 없어요."


END = "To end that mute for all that it matches, type `uptime restore!"


def test_restored_hosts_show_their_status_the_worst_first() -> None:
    c, d = Host("c.test"), Host("d.test")
    muted = [
        RestoredHosts("c.test", [], {"*.test": [c]}),
        RestoredHosts("d.test", [], {"*.test": [d]}, was_muted=False),
    ]
    found = [RestoredHosts("a.test", [UP]), *muted, RestoredHosts("b*", [UP, DOWN])]
    assert restored(*found) == [
        "🔔 `b*` is no longer muted: 2 hosts, 1 down: `b.test` `a.test`",
        "🔴 `b.test` has been down for 1 min.",
        "🔔 `a.test` is no longer muted. 🟢 `a.test` is up.",
        f"🔕 The pattern `*.test` still mutes `c.test`. {END} *.test`.",
        "↳ Its own mute has ended.",
        f"🔕 The pattern `*.test` still mutes `d.test`. {END} *.test`.",
    ]


def test_a_restored_pattern_is_told_with_what_still_mutes_its_hosts() -> None:
    c, d, many = Host("c.test"), Host("d.test"), [Host(f"{number}.test") for number in range(25)]
    assert restored(RestoredHosts("*d*", [], {"*": [c, d], "d*": [UP], "b.test": [DOWN]})) == [
        "🔔 `*d*` is no longer muted: 0 hosts",
        f"🔕 The pattern `*` still mutes 2 hosts: `c.test` `d.test`. {END} *`.",
        f"🔕 The pattern `d*` still mutes `a.test`. {END} d*`.",
        "🔕 `b.test` still has a mute of its own. To end it, type `uptime restore b.test`.",
    ]
    (_, own) = restored(RestoredHosts("*t", [], {"c.test": [c], "d.test": [d]}))
    end = "To end them, type `uptime restore c.test d.test`."
    assert own == f"🔕 2 hosts still have mutes of their own: `c.test` `d.test`. {end}"
    (_, own) = restored(RestoredHosts("*t", [], {host.name: [host] for host in many}))
    assert own.startswith("🔕 25 hosts still have mutes of their own: `0.test` ")
    assert own.endswith("`9.test` and 15 more. To end them, type `uptime restore *t`.")


def test_what_several_restored_mutes_have_hidden_is_told_once() -> None:
    found = [
        RestoredHosts("b.test", [DOWN]),
        RestoredHosts("a.test", [], {"*": [UP]}),
        RestoredHosts("*t", [DOWN, LOST], {"*": [UP]}),
        RestoredHosts("*.test", [DOWN, LOST], {"*": [UP]}),
    ]
    lines = restored(*found)
    for host in ("b.test", "c.test"):
        assert len([line for line in lines if f"🔴 `{host}` has been down" in line]) == 1
    assert len([line for line in lines if line.startswith("🔕")]) == 1


def test_many_restored_hosts_are_counted_and_the_first_ones_named() -> None:
    found = [RestoredHosts(f"{n:02}.test", [Host(f"{n:02}.test")]) for n in range(11)]
    found += [
        RestoredHosts("b.test", [DOWN]),
        RestoredHosts("z*", [UP]),
        RestoredHosts("c.test", [], {"c*": [UP]}),
    ]
    lines = restored(*found)
    named = " ".join(["`b.test`", *(f"`{n:02}.test`" for n in range(NAMES_SHOWN - 1))])
    assert lines[0] == f"🔔 12 hosts, 1 down, no longer muted: {named} and 2 more"
    assert lines[1] == "🔴 `b.test` has been down for 1 min."
    assert lines[2:3] == ["🔔 `z*` is no longer muted: 1 host: `a.test`"]
    assert "The pattern `c*` still" in lines[3]
    assert len(lines) == 5


LATER = NOON + 60 * MINUTE
WWW = "www.example.com"
EVE = Person("U2", "eve")
EARLIER, RESOLVE = (resolve(WWW, STEVE, NOON + minutes * MINUTE) for minutes in (20, 30))


@pytest.mark.parametrize(
    ("steps", "said"),
    [
        (
            [opened("0"), EARLIER, opened("a"), opened("b"), closed("c"), RESOLVE, resolve(WWW, EVE, LATER)],
            "☑️ `www.example.com`: 2 incidents resolved by steve 2026-11-22 12:30 UTC. If Google reports anything later, that takes precedence.",
        ),
        ([], "👌 Nothing is open on `www.example.com`: there is nothing to resolve."),
        (
            [opened(), RESOLVE, closed()],
            "👌 Nothing is open on `www.example.com`: there is nothing to resolve.",
        ),
        ([opened(), RESOLVE, opened()], "🔴 `www.example.com` has been down for 1 h."),
    ],
    ids=["two, and asked again", "unheard of", "closed by Google since", "open again"],
)
def test_a_resolution(steps: list[Change | Incident], said: str) -> None:
    host = state_after(*steps).hosts.get(WWW, Host(WWW))
    text = audit_replies.resolved([host], RowContext(LATER, IN_ENGLISH, DOUBT_AFTER))
    assert with_plain_dates(text) == said


def test_the_log_starts_with_the_latest_and_says_until_when_something_was_removed_and_why() -> None:
    removal = AuditEntry(Action.REMOVE, "a.test", STEVE, NOON)
    log = [removal._replace(until=LATER, reason="d <!here>"), removal._replace(until_up=True)]
    log += [
        AuditEntry(did, f"{did}.test", Person("U1", name), NOON + n * MINUTE)
        for n, (did, name) in enumerate(zip(Action, ["steve", "", "*eve* <!here>", "bob"], strict=True))
    ]
    assert with_plain_dates(audit_replies.log(log, IN_ENGLISH)).replace("\u034f", "").splitlines() == [
        "Latest changes, newest first:",
        "• 2026-11-22 12:03 UTC: bob forgot `forget.test`",
        "• 2026-11-22 12:02 UTC: *eve* &lt;!here&gt; resolved `resolve.test`",
        "• 2026-11-22 12:01 UTC: U1 unmuted `restore.test`",
        "• 2026-11-22 12:00 UTC: steve muted `remove.test`",
        "• 2026-11-22 12:00 UTC: steve muted `a.test` · until it is up",
        "• 2026-11-22 12:00 UTC: steve muted `a.test` · until 2026-11-22 13:00 UTC · Reason: d &lt;!here&gt;",
    ]
    assert with_plain_dates(audit_replies.log(log, IN_KOREAN)).splitlines()[-1] == (
        "• 2026년 11월 22일 12:00 UTC: steve 님이 `a.test` 숨김"
        " · 2026년 11월 22일 13:00 UTC까지 · 이유: d &lt;!here&gt;"
    )


def test_an_empty_log_says_so() -> None:
    assert audit_replies.log([], IN_ENGLISH) == "Nobody has changed anything yet."
    assert audit_replies.log([], IN_KOREAN) == "아직 아무도 변경하지 않았어요."


@pytest.mark.parametrize("locale", LOCALES, ids=LANGUAGES)
@pytest.mark.parametrize("what", ["a.test", "<&>" * 100])
def test_a_long_log_is_cut_to_what_slack_takes(locale: Locale, what: str) -> None:
    by = Person("U1", "*<&>" * 20)
    log = [AuditEntry(Action.REMOVE, f"{n} {what}", by, NOON) for n in range(AUDIT_LOG_SIZE)]
    text = audit_replies.log(log, locale)
    shown = text.count("\n• ")
    assert length(text) <= replies.MAX_REPLY
    assert f"`{AUDIT_LOG_SIZE - 1} " in text.splitlines()[1]
    assert re.search(rf"\b{AUDIT_LOG_SIZE - shown}\D", text.splitlines()[-1])
    assert shown >= 3
