"""What a digest holds: the truth at one instant, and what changed since the last one."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest

from digest import notifications
from digest.model import Digest
from digest.summary import summarize, summarizing
from digest.turns import at_once
from hosts import changes
from hosts.changes import record_incident, resolve
from hosts.incident import CANCELLED, Ending, Incident, Kind, NamedBy, Person
from hosts.model import DEFAULT, Change, Mute, Status, apply
from tests.builders import MINUTE, NOON, closed, opened, state_after, take_digest

NOW = NOON + 60 * MINUTE
STEVE = Person("U1", "steve")
TOLD: tuple[Change, Change] = (notifications.begin_edition, notifications.record_digest(DEFAULT, NOON, 1))


def digest(*steps: Change | Incident) -> Digest:
    return summarize(state_after(*steps), NOW)


def test_of_hosts_down_what_is_new_comes_first_and_what_is_in_doubt_last() -> None:
    old = [opened(f"o{n}", f"old-{n}.test", started=NOON - n * MINUTE) for n in range(2)]
    lost = opened("l", "lost.test", started=NOON - timedelta(days=8))
    new = [opened(f"n{n}", f"new-{n}.test", started=NOON + n * MINUTE) for n in range(2)]
    found = digest(*old, lost, take_digest, *new).down
    names = [entry.host.name for entry in found]
    assert names == ["new-1.test", "new-0.test", "old-1.test", "old-0.test", "lost.test"]


def test_several_incidents_on_one_host_are_one_entry() -> None:
    found = digest(opened("a", started=NOON + MINUTE), opened("b"))
    assert [(entry.host.name, entry.since) for entry in found.down] == [("www.example.com", NOON)]
    assert found.total == 1


def test_new_is_what_went_down_since_the_last_digest() -> None:
    found = digest(opened("a", "old.test"), *TOLD, opened("b", "new.test"))
    assert {entry.host.name: entry.new for entry in found.down} == {"old.test": False, "new.test": True}


def test_a_second_incident_does_not_make_a_host_new() -> None:
    assert [entry.new for entry in digest(opened("a"), *TOLD, opened("b")).down] == [False]


def at(minutes: int) -> datetime:
    return NOON + minutes * MINUTE


def test_one_outage_of_two_incidents_is_told_as_one() -> None:
    """A opens at 08:10, digest; B opens, A closes, digest; B closes."""
    b, a_closed = opened("b", started=at(20)), closed("a", ended=at(30))
    second: list[Change | Incident] = [opened("a"), take_digest, b, a_closed, take_digest]
    (down,) = digest(*second[:-1]).down
    assert (down.since, down.new) == (NOON, False)
    assert digest(*second[:-1]).recovered == ()
    (recovery,) = digest(*second, closed("b", ended=at(50))).recovered
    assert (recovery.at, recovery.lasted, len(recovery.outages)) == (at(50), 50 * MINUTE, 1)
    assert digest(*second, closed("b", ended=at(50)), take_digest).recovered == ()


def test_a_warning_period_of_two_incidents_is_told_as_one() -> None:
    second = opened("b", kind=Kind.SIGNAL, started=at(5))
    (warning,) = digest(
        opened("a", kind=Kind.SIGNAL), take_digest, second, closed("a", kind=Kind.SIGNAL)
    ).warnings
    assert (warning.since, warning.new) == (NOON, False)


def test_what_looks_like_two_outages_once_a_close_came_late_is_told_whole() -> None:
    """B came and went while A was open, as was told; then A's close says that it ended long before B began."""
    before: list[Change | Incident] = [
        opened("a"),
        opened("b", started=at(30)),
        closed("b", started=at(30), ended=at(35)),
        take_digest,
    ]
    (recovery,) = digest(*before, closed("a", ended=at(10))).recovered
    assert (recovery.at, recovery.lasted, len(recovery.outages)) == (at(35), 15 * MINUTE, 2)


def test_a_host_that_recovered_is_told_with_when_and_how_long() -> None:
    (found,) = digest(opened(), *TOLD, closed()).recovered
    assert (found.host.name, found.at, found.lasted) == ("www.example.com", at(10), 10 * MINUTE)
    assert len(found.outages) == 1


AGAIN = (notifications.begin_edition, notifications.record_digest(DEFAULT, NOON, 2))
LATE = closed("late", started=at(2), ended=at(12))


@pytest.mark.parametrize(
    ("steps", "times"),
    [
        ([*TOLD, opened(), closed()], 1),
        ([opened(), *TOLD, closed(), *AGAIN], 0),
        ([opened(), TOLD[0], closed(), TOLD[1]], 1),
        ([opened(), closed(), notifications.begin_edition], 1),
        ([opened(), closed(), take_digest, LATE], 0),
    ],
    ids=[
        "between two digests",
        "told",
        "closed while a digest is posted",
        "a digest not taken",
        "a late part",
    ],
)
def test_a_recovery_is_told_once(steps: list[Change | Incident], times: int) -> None:
    assert len(digest(*steps).recovered) == times


def test_several_outages_are_counted_and_their_time_added() -> None:
    (recovery,) = digest(
        closed("a"), closed("b", started=NOON + 20 * MINUTE, ended=NOON + 25 * MINUTE)
    ).recovered
    assert (len(recovery.outages), recovery.lasted) == (2, 15 * MINUTE)


def test_a_host_down_again_is_not_recovered() -> None:
    found = digest(closed("a"), opened("b"))
    assert (len(found.down), found.recovered) == (1, ())


def test_closed_by_an_edit_is_not_recovered() -> None:
    assert digest(closed(observed=f"{CANCELLED} it was edited")).recovered[0].ending is Ending.CLOSED


@pytest.mark.parametrize(("edited", "recovered"), [(5, 9), (9, 5)])
def test_what_ended_last_decides_whether_a_host_recovered(edited: int, recovered: int) -> None:
    edit = closed("a", ended=NOON + edited * MINUTE, observed=CANCELLED)
    found = digest(edit, closed("b", ended=NOON + recovered * MINUTE)).recovered[0]
    assert (found.ending is Ending.CLOSED) is (edited > recovered)


@pytest.mark.parametrize(("recovered_at", "resolved"), [(20, True), (40, False)])
def test_who_ended_it_last_decides_whether_a_host_recovered(recovered_at: int, resolved: bool) -> None:
    by_steve = resolve("www.example.com", STEVE, NOON + 30 * MINUTE)
    found = digest(opened("a"), by_steve, closed("b", ended=NOON + recovered_at * MINUTE)).recovered[0]
    assert (found.resolved_by, found.ending) == (
        (STEVE, Ending.RESOLVED) if resolved else (None, Ending.RECOVERED)
    )


def test_a_resolution_is_news_and_so_is_the_close_that_comes_after_all() -> None:
    by_steve = resolve("www.example.com", STEVE, NOON + 30 * MINUTE)
    assert [r.resolved_by for r in digest(opened(), *TOLD, by_steve).recovered] == [STEVE]
    assert digest(opened(), by_steve, *TOLD).recovered == ()
    (found,) = digest(opened(), by_steve, *TOLD, closed()).recovered
    assert (found.resolved_by, found.at) == (None, NOON + 10 * MINUTE)


def test_outages_that_overlap_are_told_as_one() -> None:
    (recovery,) = digest(closed("a"), closed("b", started=NOON + MINUTE)).recovered
    assert (len(recovery.outages), recovery.lasted) == (1, 10 * MINUTE)


def test_a_certificate_is_a_warning_and_never_down() -> None:
    found = digest(opened(kind=Kind.CERTIFICATE))
    assert (len(found.warnings), found.down, found.up) == (1, (), ())


def test_an_incident_open_for_more_than_a_week_is_in_doubt() -> None:
    week_old = opened("a", "old.test", started=NOW - timedelta(days=7, minutes=1))
    found = digest(week_old, opened("b", "new.test"))
    assert {entry.host.name: entry.doubtful for entry in found.down} == {"old.test": True, "new.test": False}


def test_a_muted_host_is_in_no_list_and_no_count_but_its_own() -> None:
    found = digest(opened(), changes.mute(Mute("www.example.com", "U1", "steve", NOON)))
    assert (found.total, found.down) == (0, ())
    assert [(m.mute.by_name, m.status) for m in found.muted] == [("steve", Status.DOWN)]


def test_a_host_restored_shows_the_truth_at_once() -> None:
    mute = changes.mute(Mute("www.example.com", "U1", "steve", NOON))
    assert len(digest(mute, opened(), changes.unmute("www.example.com")).down) == 1


def test_what_gets_a_better_name_while_it_is_summed_up_stays_muted() -> None:
    muted = changes.mute(Mute("a*", "U1", "steve", NOON, until_up=True))
    state = state_after(opened("1", "a policy", named_by=NamedBy.POLICY), muted)
    before, steps = summarize(state, NOW), summarizing(state.snapshot(), NOW)
    next(steps)
    apply(state, record_incident(opened("1", "a.test"))(state))
    assert at_once(lambda: steps)() == before
    assert before.muted


def test_hosts_up_are_sorted_and_hold_the_recovered() -> None:
    assert digest(closed("a", "b.test"), closed("b", "a.test")).up == ("a.test", "b.test")


def test_nothing_received_is_told_apart_from_all_is_well() -> None:
    assert not digest().has_received
    assert digest(closed()).has_received


def test_configured_hosts_are_up_until_something_else_is_heard() -> None:
    state = state_after(opened("0.1", "a.test"), changes.mute(Mute("c.test", "U1", "steve", NOON)))
    digest = summarize(state, NOON, hosts=["a.test", "b.test", "c.test"])
    assert (digest.up, [down.host.name for down in digest.down], digest.total) == (("b.test",), ["a.test"], 2)
    assert [muted.mute.host for muted in digest.muted] == ["c.test"]


def test_when_doubt_begins_is_configured() -> None:
    state = state_after(opened("0.1"))
    soon, late = NOON + 2 * timedelta(days=1), NOON + 8 * timedelta(days=1)
    assert not summarize(state, soon).down[0].doubtful
    assert summarize(state, late).down[0].doubtful
    assert summarize(state, soon, doubt_after=timedelta(days=1)).down[0].doubtful
    assert not summarize(state, late, doubt_after=timedelta(days=9)).down[0].doubtful


@pytest.mark.parametrize("make", [opened, closed])
def test_a_digest_is_summed_up_in_small_steps(make: Callable[..., Incident]) -> None:
    mute = changes.mute(Mute("host-1*", "U1", "steve", NOON))
    state = state_after(*(make(f"{number}", f"host-{number}.test") for number in range(1_000)), mute)
    shown = len([name for name in state.hosts if not name.startswith("host-1")])
    steps = sum(1 for _ in summarizing(state, NOW))
    assert steps >= shown + len(state.hosts) / 100
