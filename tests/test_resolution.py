"""A person closes what Google forgot to close; whatever Google reports, whenever it comes, takes precedence."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digest.notifications import begin_edition
from hosts.changes import resolve
from hosts.incident import Incident, Kind, NamedBy, Person
from hosts.model import NOTHING, Host, Status
from tests.builders import MINUTE, NOON, STEVE, Step, closed, opened, reports, state_after

MINSU = Person("U2", "민수")
WWW = "www.example.com"
LATER = NOON + 60 * MINUTE
RESOLVE = resolve(WWW, STEVE, LATER)


def www(*steps: Step) -> Host:
    return state_after(*steps).hosts[WWW]


def test_open_incidents_end_now_and_those_that_google_closed_stay_as_they_were() -> None:
    host = www(opened("a", kind=Kind.CERTIFICATE), closed("b"), RESOLVE)
    assert (host.status, host.open) == (Status.UP, ())
    assert [(i.id, i.ended, i.resolved_by) for i in host.closed] == [
        ("b", NOON + 10 * MINUTE, None),
        ("a", LATER, STEVE),
    ]


@pytest.mark.parametrize("steps", [(), (closed(),), (opened(), RESOLVE)])
def test_with_nothing_open_it_changes_nothing(steps: tuple[Step, ...]) -> None:
    state = state_after(*steps)
    assert resolve(WWW, MINSU, LATER + MINUTE)(state) is NOTHING


def test_a_close_of_what_was_reported_as_resolved_is_news() -> None:
    state = state_after(opened(), RESOLVE, begin_edition, closed())
    assert [i.edition for i in state.hosts[WWW].closed] == [2]


@pytest.mark.parametrize("reminder", [opened(), opened(started=NOON - MINUTE, url="https://x.test")])
def test_a_later_reminder_opens_it_again(reminder: Incident) -> None:
    host = www(opened(), RESOLVE, reminder)
    assert host == www(opened(), reminder)
    assert host.status is Status.DOWN


def test_a_reminder_that_names_the_host_better_opens_it_there() -> None:
    poor = opened(host="www policy", named_by=NamedBy.POLICY)
    state = state_after(poor, resolve("www policy", STEVE, LATER), opened())
    assert state == state_after(poor, opened())


def test_it_is_news_again_when_it_opens_again() -> None:
    host = www(opened(), RESOLVE, begin_edition, opened())
    assert (host.edition, [(i.edition, i.known_in, i.resolved_in) for i in host.open]) == (2, [(2, 1, 1)])


def test_no_incident_ends_before_it_began() -> None:
    """Google's clock may be ahead of ours."""
    ahead = LATER + MINUTE
    assert [i.ended for i in www(opened(started=ahead), RESOLVE).closed] == [ahead]


@st.composite
def interrupted(draw: st.DrawFn) -> tuple[list[Incident], list[Step]]:
    """Deliveries that close all their incidents, and the same with people resolving in between."""
    delivered = draw(st.lists(reports(), max_size=10))
    ends = {report.id: draw(reports(ids=st.just(report.id))) for report in delivered}
    delivered += [end._replace(ended=end.started, condition="", url="", observed="") for end in ends.values()]
    steps: list[Step] = [*draw(st.permutations(delivered))]
    for _ in range(draw(st.integers(1, 4))):
        host = draw(st.sampled_from(["a.test", "b.test", "c policy"]))
        by = draw(st.sampled_from([STEVE, MINSU]))
        at = NOON + draw(st.integers(0, 5000)) * MINUTE
        steps.insert(draw(st.integers(0, len(steps))), resolve(host, by, at))
    return delivered, steps


@given(interrupted())
def test_once_everything_is_closed_resolutions_leave_no_trace(
    both: tuple[list[Incident], list[Step]],
) -> None:
    delivered, steps = both
    assert state_after(*steps) == state_after(*delivered)


@given(interrupted(), st.data())
def test_a_close_wins_over_any_resolution(both: tuple[object, list[Step]], data: st.DataObject) -> None:
    _, steps = both
    some = steps[: data.draw(st.integers(0, len(steps)))]
    before = state_after(*some).incident("a")
    for late in ([], [resolve("a.test", STEVE, LATER)], [opened("a", "a.test")]):
        after = state_after(*some, closed("a", "a.test"), *late).incident("a")
        assert after
        assert (after.is_open, after.resolved_by) == (False, None)
        if before and before.resolved_by:
            assert after.ended == closed().ended
