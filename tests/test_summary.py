"""What a digest contains: the truth at one instant, and what changed since the last one."""

from collections.abc import Callable

import pytest

from digest.model import Digest
from digest.notifications import begin_edition, record_digest
from digest.summary import summarizing
from hosts.changes import resolve
from hosts.incident import CANCELLED, Ending, Incident, Kind, NamedBy
from hosts.model import DEFAULT
from tests.builders import (
    DAY,
    MINUTE,
    NOON,
    STEVE,
    Step,
    at,
    closed,
    happen,
    opened,
    state_after,
    summarize,
    take_digest,
    wish,
)
from turns import at_once

NOW = NOON + 60 * MINUTE
BY_STEVE = resolve("www.example.com", STEVE, NOON + 30 * MINUTE)


def digest(*steps: Step) -> Digest:
    return summarize(state_after(*steps), NOW)


def test_several_incidents_on_one_host_are_one_entry_and_a_later_one_does_not_make_it_new() -> None:
    found = digest(opened("a", started=at(1)), take_digest, opened("b"))
    assert [(entry.host.name, entry.since, entry.new) for entry in found.down] == [
        ("www.example.com", NOON, False)
    ]
    assert found.total == 1


def test_one_outage_of_two_incidents_is_reported_as_one() -> None:
    """A opens at 08:10, digest; B opens, A closes, digest; B closes."""
    b, a_closed = opened("b", started=at(20)), closed("a", ended=at(30))
    second: list[Step] = [opened("a"), take_digest, b, a_closed, take_digest]
    (down,) = digest(*second[:-1]).down
    assert (down.since, down.new) == (NOON, False)
    assert digest(*second[:-1]).recovered == ()
    (recovery,) = digest(*second, closed("b", ended=at(50))).recovered
    assert (recovery.at, recovery.lasted, len(recovery.outages)) == (at(50), 50 * MINUTE, 1)
    assert digest(*second, closed("b", ended=at(50)), take_digest).recovered == ()


@pytest.mark.parametrize(
    ("steps", "new"),
    [
        ([opened(), take_digest, BY_STEVE, opened()], False),
        ([opened(), take_digest, BY_STEVE, begin_edition, opened()], False),
        ([opened(), take_digest, BY_STEVE, begin_edition, record_digest("ops", NOW, 2), opened()], False),
        ([opened(), take_digest, BY_STEVE, take_digest, opened()], True),
        ([opened(), BY_STEVE, take_digest, opened(), take_digest, opened("b", started=at(1))], False),
    ],
    ids=["nobody heard", "an alert", "another channel", "a digest", "told since"],
)
def test_what_google_opens_again_is_new_once_a_digest_called_it_resolved(
    steps: list[Step], *, new: bool
) -> None:
    assert [entry.new for entry in digest(*steps).down] == [new]


def test_a_warning_period_of_two_incidents_is_reported_as_one() -> None:
    second = opened("b", kind=Kind.SIGNAL, started=at(5))
    first_closed = closed("a", kind=Kind.SIGNAL)
    (warning,) = digest(opened("a", kind=Kind.SIGNAL), take_digest, second, first_closed).warnings
    assert (warning.since, warning.new) == (NOON, False)


# B came and went while A was open, and that was told.
BOTH_TOLD = (opened("a"), opened("b", started=at(30)), closed("b", started=at(30), ended=at(35)), take_digest)


@pytest.mark.parametrize(
    ("steps", "end", "lasted", "outages"),
    [
        ([opened(), take_digest, closed()], 10, 10, 1),
        ([closed("a"), closed("b", started=at(20), ended=at(25))], 25, 15, 2),
        ([closed("a"), closed("b", started=at(1))], 10, 10, 1),
        ([*BOTH_TOLD, closed("a", ended=at(10))], 35, 15, 2),
    ],
    ids=["one", "two", "overlapping", "two that looked like one until a close came late"],
)
def test_a_recovery_is_reported_with_when_how_long_and_how_many_outages(
    steps: list[Step], end: int, lasted: int, outages: int
) -> None:
    (found,) = digest(*steps).recovered
    assert (found.host.name, found.at) == ("www.example.com", at(end))
    assert (found.lasted, len(found.outages)) == (lasted * MINUTE, outages)


OPEN, LATE = opened("late", started=at(2)), closed("late", started=at(2), ended=at(12))


@pytest.mark.parametrize(
    ("steps", "times"),
    [
        ([take_digest, opened(), closed()], 1),  # between two digests
        ([opened(), take_digest, closed(), take_digest], 0),  # told
        ([opened(), begin_edition, closed(), record_digest(DEFAULT, NOON, 1)], 1),  # closed while posted
        ([opened(), closed(), begin_edition], 1),  # a digest not taken
        ([opened(), closed(), take_digest, closed("late", started=at(2), ended=at(9))], 0),  # a late part
        ([opened(), closed(), take_digest, LATE], 1),  # it lasted longer than was told
        ([opened(), closed(), take_digest, OPEN, LATE], 1),
        ([opened(), closed(), take_digest, OPEN, LATE, take_digest], 0),
        ([closed("a"), opened("b", started=at(20))], 0),  # down again
        ([opened(), take_digest, BY_STEVE], 1),  # resolved by a person
        ([opened(), BY_STEVE, take_digest], 0),  # resolved by a person and told
    ],
)
def test_a_recovery_is_reported_once(steps: list[Step], times: int) -> None:
    assert len(digest(*steps).recovered) == times


def test_the_close_that_comes_after_a_resolution_is_news() -> None:
    (found,) = digest(opened(), BY_STEVE, take_digest, closed()).recovered
    assert (found.last.resolved_by, found.at) == (None, at(10))


@pytest.mark.parametrize(
    ("steps", "ending"),
    [
        ([closed(observed=f"{CANCELLED} it was edited")], Ending.CLOSED),
        ([closed("a", ended=at(5), observed=CANCELLED), closed("b", ended=at(9))], Ending.RECOVERED),
        ([closed("a", ended=at(9), observed=CANCELLED), closed("b", ended=at(5))], Ending.CLOSED),
        ([opened("a"), BY_STEVE, closed("b", ended=at(20))], Ending.RESOLVED),
        ([opened("a"), BY_STEVE, closed("b", ended=at(40))], Ending.RECOVERED),
    ],
)
def test_what_ended_last_decides_whether_a_host_recovered(steps: list[Step], ending: Ending) -> None:
    (found,) = digest(*steps).recovered
    assert (found.last.ending, found.last.resolved_by) == (
        ending,
        STEVE if ending is Ending.RESOLVED else None,
    )


def test_an_incident_is_in_doubt_after_a_week_or_as_is_configured() -> None:
    state, week = state_after(opened()), NOON + 7 * DAY
    assert not summarize(state, week).down[0].doubtful
    assert summarize(state, week + MINUTE).down[0].doubtful
    assert summarize(state, NOON + 2 * DAY, doubt_after=DAY).down[0].doubtful
    assert not summarize(state, week + MINUTE, doubt_after=9 * DAY).down[0].doubtful


def test_a_host_that_gets_a_better_name_during_a_summary_stays_muted() -> None:
    state = state_after(opened("1", "a policy", named_by=NamedBy.POLICY), wish("a*", until_up=True))
    before, steps = summarize(state, NOW), summarizing(state.snapshot(), NOW, notified=0)
    next(steps)
    happen(state, opened("1", "a.test"))
    assert at_once(lambda: steps)() == before
    assert before.muted


def test_configured_hosts_are_up_until_something_else_is_reported() -> None:
    state = state_after(opened("0.1", "a.test"), wish("c.test"))
    digest = summarize(state, NOON, hosts=["a.test", "b.test", "c.test"])
    assert (digest.up, [down.host.name for down in digest.down], digest.total) == (("b.test",), ["a.test"], 2)
    assert [muted.mute.host for muted in digest.muted] == ["c.test"]


@pytest.mark.parametrize("make", [opened, closed])
def test_a_digest_is_summarized_in_small_steps(make: Callable[..., Incident]) -> None:
    state = state_after(
        *(make(f"{number}", f"host-{number}.test") for number in range(1_000)), wish("host-1*")
    )
    shown = len([name for name in state.hosts if not name.startswith("host-1")])
    steps = sum(1 for _ in summarizing(state, NOW, notified=0))
    assert steps >= shown + len(state.hosts) / 100
