"""What is down, in the words of the digest, and nothing else."""

import re

import pytest

from digest.summary import summarize
from hosts.changes import mute
from hosts.incident import Incident, Kind
from hosts.model import Host, Mute
from hosts.patch import Change
from languages import LANGUAGES, Locale
from slack import replies
from slack.digest_message import down_list, render_text
from slack.text import length
from tests.builders import IN_ENGLISH, IN_KOREAN, LOCALES, MINUTE, NOON, closed, opened, state_after

NOW = NOON + 60 * MINUTE
OLD = opened("old", "old.test", policy="old check", url="https://x.test/old")
MUTED = mute(Mute("hidden.test", "U1", "eve", NOON))
STEPS: list[Change | Incident] = [
    OLD,
    opened("new", "new.test", started=NOON + 40 * MINUTE),
    opened("w", "w.test", kind=Kind.CERTIFICATE),
    closed("up", "up.test"),
    opened("hidden", "hidden.test"),
    MUTED,
]


def told(*steps: Change | Incident, locale: Locale = IN_ENGLISH) -> list[str]:
    digest = summarize(state_after(*steps), NOW)
    text = down_list(digest, locale)
    assert set(text.splitlines()[1:]) <= set(render_text(digest, locale).splitlines())
    return re.sub(r"<!date[^|]*\|([^>]*)>", r"\1", text).splitlines()


def test_the_entries_of_the_digest() -> None:
    assert told(*STEPS) == [
        "*🔴 2 of 4 hosts down · 1 muted (1 down)*",
        "*🔴 Down*",
        "• `old.test` — 1 h · <https://x.test/old|old check> · *new*",
        "• `new.test` — 20 min · *new*",
        "As of 2026-11-22 13:00 UTC",
    ]
    assert told(*STEPS, locale=IN_KOREAN)[:2] == [
        "*🔴 호스트 4개 중 2개 중단 · 숨김 1개(중단 1개)*",
        "*🔴 중단*",
    ]


@pytest.mark.parametrize(
    ("steps", "english", "korean"),
    [
        ([], "⚪ No incident has been received yet", "⚪ 아직 수신한 인시던트 없음"),
        ([closed()], "🟢 The only host is up", "🟢 호스트 1개 정상"),
        (
            [closed(), opened("w", "w.test", kind=Kind.OTHER)],
            "🟡 No host of 2 is down",
            "🟡 호스트 2개 중 중단 없음",
        ),
        (
            [closed(), opened("hidden", "hidden.test"), MUTED],
            "🟡 1 host up · 1 muted (1 down)",
            "🟡 호스트 1개 정상 · 숨김 1개(중단 1개)",
        ),
    ],
)
def test_nothing_is_down(steps: list[Change | Incident], english: str, korean: str) -> None:
    assert told(*steps)[0] == f"*{english}*"
    assert told(*steps, locale=IN_KOREAN)[0] == f"*{korean}*"


@pytest.mark.parametrize("locale", LOCALES, ids=LANGUAGES)
def test_it_fits_for_ten_thousand_hosts_and_the_rest_is_counted(locale: Locale) -> None:
    state = state_after()
    for n in range(10_000):
        name = f"{n}-<&>.example.com"
        state.hosts[name] = Host(name, open=(opened(f"{n}", name, policy="<&>*" * 60),))
    text = down_list(summarize(state, NOW), locale)
    shown = text.count("\n• ")
    assert length(text) <= replies.LIMIT
    assert f"{10_000 - shown:,}" in text.splitlines()[-2]
