"""The replies to `resolve`, `forget` and `log`."""

import re

import pytest

from hosts.changes import resolve
from hosts.incident import Incident, Person
from hosts.model import AUDIT_LOG_SIZE, Action, AuditEntry, Change, Host
from hosts.outages import DOUBT_AFTER
from languages import LANGUAGES, Locale
from slack import audit_replies, replies
from slack.rows import RowContext
from slack.text import length
from tests.builders import (
    IN_ENGLISH,
    IN_KOREAN,
    LOCALES,
    MINUTE,
    NOON,
    closed,
    opened,
    state_after,
    with_plain_dates,
)

NOW = NOON + 60 * MINUTE
STEVE = Person("U1", "steve")
WWW = "www.example.com"
RESOLVE = resolve(WWW, STEVE, NOON + 30 * MINUTE)


@pytest.mark.parametrize(
    ("steps", "said"),
    [
        (
            [opened("a"), opened("b"), closed("c"), RESOLVE, resolve(WWW, Person("U2", "eve"), NOW)],
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
    text = audit_replies.resolved([host], RowContext(NOW, IN_ENGLISH, DOUBT_AFTER))
    assert with_plain_dates(text) == said


def test_the_log_starts_with_the_latest() -> None:
    log = [
        AuditEntry(did, f"{did}.test", Person("U1", name), NOON + n * MINUTE)
        for n, (did, name) in enumerate(zip(Action, ["steve", "", "*eve* <!here>", "bob"], strict=True))
    ]
    assert with_plain_dates(audit_replies.log(log, IN_ENGLISH)).replace("\u034f", "").splitlines() == [
        "The last changes, the latest first:",
        "• 2026-11-22 12:03 UTC: bob forgot `forget.test`",
        "• 2026-11-22 12:02 UTC: *eve* &lt;!here&gt; resolved `resolve.test`",
        "• 2026-11-22 12:01 UTC: U1 unmuted `restore.test`",
        "• 2026-11-22 12:00 UTC: steve muted `remove.test`",
    ]


def test_the_log_says_until_when_something_was_removed_and_why() -> None:
    removal = AuditEntry(Action.REMOVE, "a.test", STEVE, NOON)
    log = [removal._replace(until=NOW, reason="d <!here>"), removal._replace(until_up=True)]
    assert with_plain_dates(audit_replies.log(log, IN_ENGLISH)).splitlines()[1:] == [
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
