"""The last outages, how long they were, and that many hosts do not hold anybody up."""

import asyncio
import re
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.queries import LOOKED_AT_ONCE, MOST_OUTAGES, last_outages
from hosts.changes import resolve
from hosts.closed_incidents import ClosedIncidents
from hosts.incident import CANCELLED, Incident, Kind, Person
from hosts.model import Host, Mute, State
from hosts.outages import Period, newest_outages
from hosts.patch import Change
from languages import ENGLISH, KOREAN, LANGUAGES, Language
from slack import replies
from slack.replies import history
from slack.text import length
from tests.builders import MINUTE, NOON, blips, closed, opened, reports, state_after

NOW = NOON + 60 * MINUTE


def outages(*steps: Change | Incident) -> list[Period]:
    return newest_outages(state_after(*steps).hosts.values(), MOST_OUTAGES)


def lines(*steps: Change | Incident, hidden: str = "", language: Language = ENGLISH) -> list[str]:
    def hides(name: str) -> Mute | None:
        return Mute(name, "U1", "eve", NOON) if name == hidden else None

    text = history(outages(*steps), hides, UTC, NOW, language)
    return re.sub(r"<!date[^|]*\|([^>]*)>", r"\1", text).splitlines()


def at(minutes: int) -> datetime:
    return NOON + minutes * MINUTE


STEPS: list[Change | Incident] = [
    closed("a", "a.test", policy="front"),
    opened("b", "b.test", started=at(40), policy="back"),
    closed("c", "c.test", started=at(20), ended=at(25), observed=CANCELLED),
    opened("d", "d.test", started=at(30)),
    resolve("d.test", Person("U1", "evil.com"), at(50)),
    opened("e", "e.test", kind=Kind.CERTIFICATE),
]


def test_in_english() -> None:
    assert [line.replace("\u034f", "") for line in lines(*STEPS, hidden="c.test")] == [
        "The last outages, the latest first:",
        "🔴 `b.test` — down: back, 2026-11-22 12:40 UTC, 20 min",
        "• `d.test` — down for 20 min, 2026-11-22 12:30 UTC, resolved by evil.com",
        "• `c.test` — down for 5 min, 2026-11-22 12:20 UTC, closed by an edit of its policy · 🔕 off the list",
        "• `a.test` — down for 10 min, 2026-11-22 12:00 UTC (front), closed",
    ]


def test_in_korean() -> None:
    assert [line.replace("\u034f", "") for line in lines(*STEPS, hidden="c.test", language=KOREAN)] == [
        "최근 중단, 최신순:",
        "🔴 `b.test` — 중단: back, 2026년 11월 22일 12:40 UTC 시작, 20분째",
        "• `d.test` — 중단 20분, 2026년 11월 22일 12:30 UTC 시작, evil.com 님이 종료 처리",
        "• `c.test` — 중단 5분, 2026년 11월 22일 12:20 UTC 시작, 정책 수정으로 종료 · 🔕 숨김",
        "• `a.test` — 중단 10분, 2026년 11월 22일 12:00 UTC 시작 (front), 종료",
    ]


def test_none() -> None:
    assert lines() == ["No outage is known."]
    assert lines(language=KOREAN) == ["알려진 중단이 없어요."]


def test_incidents_that_overlap_are_one_outage_from_the_first_to_the_last() -> None:
    first = closed("1", started=at(0), ended=at(10))
    second = closed("2", started=at(5), ended=at(30), policy="the last")
    (line,) = lines(first, second)[1:]
    assert line == "• `www.example.com` — down for 30 min, 2026-11-22 12:00 UTC (the last), closed"
    (line,) = lines(first, second, opened("3", started=at(20), policy="open"))[1:]
    assert line == "🔴 `www.example.com` — down: open, 2026-11-22 12:00 UTC, 1 h"


def everything(state: State, now: datetime) -> list[tuple[datetime, str, datetime]]:
    """The same by looking at all that ever happened."""
    found: list[tuple[datetime, str, datetime]] = []
    for name, host in state.hosts.items():
        reached = datetime.min.replace(tzinfo=UTC)
        for incident in sorted(host.incidents(), key=lambda i: i.started):
            if incident.kind is not Kind.DOWNTIME:
                continue
            began = found.pop()[0] if incident.started <= reached else incident.started
            reached = max(reached, incident.ended or now)
            found.append((began, name, reached))
    return sorted(found, reverse=True)[:MOST_OUTAGES]


@given(st.lists(reports(st.text("abcdefgh", min_size=1, max_size=3)), max_size=80))
def test_what_is_not_looked_at_could_not_have_been_among_the_last(incidents: list[Incident]) -> None:
    state = state_after(*incidents)
    now = NOON + timedelta(days=3)
    found = newest_outages(state.hosts.values(), MOST_OUTAGES)
    expected = everything(state, now)
    assert [outage.began for outage in found] == [began for began, _, _ in expected]
    earliest = expected[-1][0] if expected else now  # of several that began together, some may be left out
    for outage in found:
        assert outage.began == earliest or (outage.began, outage.host.name, outage.ended or now) in expected
        incident = outage.as_incident()
        assert (incident.started, incident.ended or now) == (outage.began, outage.ended or now)


def test_no_more_than_the_bound_and_only_the_last() -> None:
    old, new = (
        blips(MOST_OUTAGES, NOON - timedelta(days=1), "old.test"),
        blips(MOST_OUTAGES, NOON, "new.test"),
    )
    for steps in ([*old, *new], [*new, *old]):
        assert [(o.host.name, o.began) for o in outages(*steps)] == [
            ("new.test", incident.started) for incident in reversed(new)
        ]


@pytest.mark.parametrize("language", LANGUAGES.values(), ids=LANGUAGES)
@pytest.mark.parametrize("name", ["a.test", "<&>" * 100])
def test_it_fits_and_what_does_not_is_counted(language: Language, name: str) -> None:
    steps = [closed(f"{n}", f"{n}{name}", policy="<&>*" * 60) for n in range(50)]
    text = history(outages(*steps), lambda _: None, UTC, NOW, language)
    shown = text.count("\n• ")
    assert length(text) <= replies.LIMIT
    assert shown >= 1
    assert shown == MOST_OUTAGES or re.search(rf"\b{MOST_OUTAGES - shown}\D", text.splitlines()[-1])


async def test_others_get_a_turn_while_thousands_are_looked_through() -> None:
    hosts = [
        Host(f"{n}", closed=ClosedIncidents((closed(f"{n}", f"{n}", started=at(n % 50), ended=at(59)),)))
        for n in range(3000)
    ]
    asking, turns = asyncio.ensure_future(last_outages(hosts)), 0
    while not asking.done():
        turns += 1
        await asyncio.sleep(0)
    assert len(await asking) == MOST_OUTAGES
    assert turns >= len(hosts) // LOOKED_AT_ONCE
