"""The replies to `remove`, `removed` and `restore`."""

import re

import pytest

from digest.model import Muted
from hosts.model import Host, Mute, Status
from hosts.outages import DOUBT_AFTER
from languages import LANGUAGES, Locale
from slack import mute_replies
from slack.mute_replies import NAMES_SHOWN, MutedHosts, RestoredHosts
from slack.replies import MAX_REPLY
from slack.text import length
from tests.builders import IN_ENGLISH, IN_KOREAN, LOCALES, MINUTE, NOON, opened

MUTE = Mute("a.test", "U1", "steve", NOON)
ENDING = MUTE._replace(until=NOON + 60 * MINUTE, reason="deploy of *cart*")
UP, DOWN = Host("a.test", known_since=NOON), Host("b.test", (opened("1", "b.test"),))


def shown(text: str) -> list[str]:
    return re.sub(r"<[^|]*\|2026-11-22 ([^>]*) UTC>", r"\1", text).replace("\u034f", "").splitlines()


def test_one_host() -> None:
    assert shown(mute_replies.muted([MutedHosts(MUTE, [UP])], IN_ENGLISH)) == [
        (
            "🔕 `a.test` is muted until restored (by steve 12:00); it is up now. "
            "Type `uptime restore a.test` to bring it back."
        )
    ]
    assert shown(mute_replies.muted([MutedHosts(ENDING, [UP])], IN_ENGLISH)) == [
        (
            "🔕 `a.test` is muted until 13:00 (by steve 12:00); it is up now. "
            "Type `uptime restore a.test` to bring it back."
        ),
        "Reason: deploy of *cart*",
    ]


def test_several_hosts_and_patterns() -> None:
    found = [
        MutedHosts(ENDING, [UP]),
        MutedHosts(ENDING._replace(host="my policy"), [DOWN]),
        MutedHosts(ENDING._replace(host="*.test"), [UP, DOWN]),
        MutedHosts(ENDING._replace(host="z*"), []),
    ]
    assert shown(mute_replies.muted(found, IN_ENGLISH)) == [
        (
            "🔕 Muted until 13:00 (by steve 12:00). "
            'Type `uptime restore a.test "my policy" *.test z*` to bring them back.'
        ),
        "Reason: deploy of *cart*",
        "• `a.test` — up",
        "• `my policy` — down",
        "• `*.test` — 2 hosts now, and those to come: `b.test` `a.test`",
        "• `z*` — no host now, but those to come",
    ]


@pytest.mark.parametrize("locale", LOCALES, ids=LANGUAGES)
def test_what_a_pattern_matches_is_cut_visibly(locale: Locale) -> None:
    hosts = [Host(f"web-{number:05}.prod.example.com") for number in range(10_000)]
    text = mute_replies.muted([MutedHosts(MUTE._replace(host="web-*"), hosts)], locale)
    assert text.count("`web-0") == NAMES_SHOWN
    assert locale.language.and_more_hosts(10_000 - NAMES_SHOWN) in text
    assert length(text) < MAX_REPLY / 2


def test_the_list_says_who_when_until_when_why_and_how_it_stands() -> None:
    muted = [
        Muted(MUTE, Status.UP),
        Muted(ENDING, Status.DOWN),
        Muted(MUTE._replace(host="*.test", until_up=True), Status.DOWN, host_count=1200, down_count=2),
    ]
    assert shown(mute_replies.muted_list(muted, IN_ENGLISH)) == [
        "3 muted:",
        "• `a.test` — by steve 12:00; up now · until restored",
        "• `a.test` — by steve 12:00; down now · until 13:00 · Reason: deploy of *cart*",
        "• `*.test` — by steve 12:00; 1,200 hosts, 2 down now · until it is up",
    ]
    assert mute_replies.muted_list([], IN_ENGLISH) == "No host is muted."
    assert mute_replies.muted_list([], IN_KOREAN) == "숨긴 호스트가 없어요."


def test_restored_hosts_show_their_status_the_worst_first() -> None:
    found = [
        RestoredHosts("a.test", [UP]),
        RestoredHosts("c.test", [], MUTE._replace(host="*.test")),
        RestoredHosts("b*", [UP, DOWN]),
    ]
    assert mute_replies.restored(found, NOON + MINUTE, IN_ENGLISH, doubt_after=DOUBT_AFTER).splitlines() == [
        "🔔 `b*` is no longer muted: 2 hosts, 1 down: `b.test` `a.test`",
        "🔴 `b.test` is down for 1 min.",
        "🔔 `a.test` is no longer muted. 🟢 `a.test` is up.",
        (
            "🔕 `c.test` is muted by the pattern `*.test`. "
            "Type `uptime restore *.test` to bring back all that it mutes."
        ),
    ]


def test_many_restored_hosts_are_counted_and_the_first_ones_named() -> None:
    found = [RestoredHosts(f"{n:02}.test", [Host(f"{n:02}.test")]) for n in range(11)]
    found += [RestoredHosts("b.test", [DOWN]), RestoredHosts("z*", [UP]), RestoredHosts("c.test", [], MUTE)]
    lines = mute_replies.restored(found, NOON + MINUTE, IN_ENGLISH, doubt_after=DOUBT_AFTER).splitlines()
    named = " ".join(["`b.test`", *(f"`{n:02}.test`" for n in range(NAMES_SHOWN - 1))])
    assert lines[0] == f"🔔 12 hosts, 1 down, no longer muted: {named} and 2 more"
    assert lines[1] == "🔴 `b.test` is down for 1 min."
    assert lines[2:3] == ["🔔 `z*` is no longer muted: 1 host: `a.test`"]
    assert "by the pattern `a.test`" in lines[3]
    assert len(lines) == 4


def test_thousands_of_restored_hosts_fit_one_reply() -> None:
    found = [RestoredHosts(f"{number}.test", [Host(f"{number}.test")]) for number in range(5000)]
    assert length(mute_replies.restored(found, NOON, IN_ENGLISH, doubt_after=DOUBT_AFTER)) <= MAX_REPLY
