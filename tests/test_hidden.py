"""What is answered when hosts are taken off the list and put back."""

import re
from datetime import UTC

import pytest

from digest.model import Muted
from hosts.model import Host, Mute, Status
from languages import KOREAN, LANGUAGES, Language
from slack import mute_replies
from slack.mute_replies import Removed, Restored
from slack.replies import LIMIT
from slack.text import length
from tests.builders import MINUTE, NOON, opened

MUTE = Mute("a.test", "U1", "steve", NOON)
ENDING = MUTE._replace(until=NOON + 60 * MINUTE, reason="deploy of *cart*")
UP, DOWN = Host("a.test", known_since=NOON), Host("b.test", (opened("1", "b.test"),))


def shown(text: str) -> list[str]:
    return re.sub(r"<[^|]*\|2026-11-22 ([^>]*) UTC>", r"\1", text).replace("\u034f", "").splitlines()


def test_one_host() -> None:
    assert shown(mute_replies.removed([Removed(MUTE, [UP])], UTC)) == [
        (
            "🔕 `a.test` is off the list until restored, removed by steve 12:00; it is up now. "
            "Type `uptime restore a.test` to bring it back."
        )
    ]
    assert shown(mute_replies.removed([Removed(ENDING, [UP])], UTC)) == [
        (
            "🔕 `a.test` is off the list until 13:00, removed by steve 12:00; it is up now. "
            "Type `uptime restore a.test` to bring it back."
        ),
        "Reason: deploy of *cart*",
    ]


def test_several_hosts_and_patterns() -> None:
    found = [
        Removed(ENDING, [UP]),
        Removed(ENDING._replace(host="my policy"), [DOWN]),
        Removed(ENDING._replace(host="*.test"), [UP, DOWN]),
        Removed(ENDING._replace(host="z*"), []),
    ]
    assert shown(mute_replies.removed(found, UTC)) == [
        (
            "🔕 Off the list until 13:00, removed by steve 12:00. "
            'Type `uptime restore a.test "my policy" *.test z*` to bring them back.'
        ),
        "Reason: deploy of *cart*",
        "• `a.test` — up",
        "• `my policy` — down",
        "• `*.test` — 2 hosts now, and those to come: `a.test` `b.test`",
        "• `z*` — no host now, but those to come",
    ]


@pytest.mark.parametrize("language", LANGUAGES.values(), ids=LANGUAGES)
def test_what_a_pattern_matches_is_cut_visibly(language: Language) -> None:
    hosts = [Host(f"web-{number:05}.prod.example.com") for number in range(10_000)]
    text = mute_replies.removed([Removed(MUTE._replace(host="web-*"), hosts)], UTC, language)
    left = int(re.findall(r"… .*?([\d,]+)", text)[-1].replace(",", ""))
    assert text.count("`web-0") + left == 10_000
    assert length(text) < LIMIT / 2


def test_the_list_says_who_when_until_when_why_and_how_it_stands() -> None:
    muted = [
        Muted(MUTE, Status.UP),
        Muted(ENDING, Status.DOWN),
        Muted(MUTE._replace(host="*.test", until_up=True), Status.DOWN, host_count=1200, down_count=2),
    ]
    assert shown(mute_replies.removed_list(muted, UTC)) == [
        "3 removed:",
        "• `a.test` — by steve 12:00; up now · until restored",
        "• `a.test` — by steve 12:00; down now · until 13:00 · Reason: deploy of *cart*",
        "• `*.test` — by steve 12:00; 1,200 hosts, 2 down now · until it is up",
    ]
    assert mute_replies.removed_list([], UTC) == "No host is removed."
    assert mute_replies.removed_list([], UTC, KOREAN) == "숨긴 호스트가 없어요."


def test_what_came_back_is_told_with_its_true_state_and_trouble_first() -> None:
    found = [
        Restored("a.test", [UP]),
        Restored("c.test", [], MUTE._replace(host="*.test")),
        Restored("b*", [UP, DOWN]),
    ]
    assert mute_replies.restored(found, NOON + MINUTE).splitlines() == [
        "🔔 `b*` hides no host any more: 2 hosts, 1 down",
        "🔴 `b.test` is down for 1 min.",
        "🔔 `a.test` is on the list. 🟢 `a.test` is up.",
        (
            "🔕 `c.test` is off the list by the pattern `*.test`. "
            "Type `uptime restore *.test` to bring back all that it hides."
        ),
    ]


def test_thousands_that_came_back_fit_one_answer() -> None:
    found = [Restored(f"{number}.test", [Host(f"{number}.test")]) for number in range(5000)]
    assert length(mute_replies.restored(found, NOON)) <= LIMIT
