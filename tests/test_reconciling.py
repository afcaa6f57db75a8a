"""What Google's own lists change: they make up for what was lost, and nothing is concluded from silence."""

from datetime import datetime, timedelta

import pytest

from digest import notifications
from hosts import changes
from hosts.checks import Check, Watch, watch
from hosts.incident import Incident, Kind, NamedBy
from hosts.model import Change, Host, Patch, State, Status
from hosts.reconciling import (
    by_host,
    is_for_us,
    record_absent,
    record_listed,
    report_of,
    to_watch,
    watch_hosts,
)
from hosts.uptime import known_since, uptimes
from tests.builders import DAY, MINUTE, NOON, STEVE, closed, happen, opened, state_after, take_digest
from tests.google_settings import CHECK, WWW

ASKED = NOON + 20 * MINUTE


def look(*alerts: Incident, every: timedelta = DAY) -> list[Change]:
    return [record_listed(alert, ASKED, every) for alert in alerts]


class TestAlerts:
    def test_what_is_open_there_and_unknown_here_is_recorded_and_marked(self) -> None:
        host = state_after(*look(opened())).hosts[WWW]
        assert (host.status, host.open) == (
            Status.DOWN, (opened(listed=True, confirmed=ASKED, edition=1, known_in=1),)
        )  # fmt: skip

    def test_what_is_closed_there_and_open_here_is_closed_with_googles_time(self) -> None:
        (incident,) = state_after(opened(), *look(closed())).hosts[WWW].closed
        assert (incident.ended, incident.listed) == (NOON + 10 * MINUTE, True)

    def test_what_closed_before_it_was_known_is_recorded_and_marked(self) -> None:
        (incident,) = state_after(*look(closed())).hosts[WWW].closed
        assert incident == closed(listed=True, edition=1, known_in=1)

    @pytest.mark.parametrize(
        ("alert", "is_ours"),
        [
            (opened(kind=Kind.SIGNAL), True),
            (opened(kind=Kind.OTHER, policy="disk full"), True),
            (opened(kind=Kind.OTHER, policy="of another team"), False),
            (opened("0.known", kind=Kind.OTHER, policy="of another team"), True),
        ],
    )
    def test_alerts_about_uptime_and_those_that_notify_this_server_are_ours(
        self, alert: Incident, is_ours: bool
    ) -> None:
        assert is_for_us(alert, state_after(opened("0.known")), {"disk full"}) is is_ours

    def test_a_close_that_arrived_since_the_list_was_asked_for_counts(self) -> None:
        state = state_after(opened(), closed())
        assert not record_listed(opened(), ASKED, DAY)(state)

    @pytest.mark.parametrize(("seconds", "is_open"), [(-1, True), (0, False), (1, False)])
    def test_a_resolution_since_the_list_was_asked_for_counts(self, seconds: int, is_open: bool) -> None:
        at = ASKED + timedelta(seconds=seconds)
        state = state_after(opened(), changes.resolve(WWW, STEVE, at), *look(opened()))
        assert bool(state.hosts[WWW].open) is is_open

    def test_the_fact_that_it_is_still_open_is_saved_now_and_then(self) -> None:
        assert not record_listed(opened(), NOON + DAY - MINUTE, DAY)(state_after(opened()))
        state = state_after(opened(), record_listed(opened(), NOON + DAY, DAY))
        (incident,) = state.hosts[WWW].open
        assert (incident.confirmed, incident.listed) == (NOON + DAY, False)
        assert not record_listed(opened(), NOON + 2 * DAY - MINUTE, DAY)(state)

    def test_what_google_no_longer_knows_is_doubtful_and_never_over(self) -> None:
        state = state_after(opened(), record_absent("0.abc"))
        (incident,) = state.hosts[WWW].open
        assert incident.absent
        assert not record_absent("0.abc")(state)
        (incident,) = state_after(opened(), record_absent("0.abc"), *look(opened())).hosts[WWW].open
        assert not incident.absent

    @pytest.mark.parametrize("incident_id", ["0.abc", "0.other"])
    def test_what_is_over_or_unknown_cannot_become_absent(self, incident_id: str) -> None:
        assert not record_absent(incident_id)(state_after(closed()))

    def test_a_repeated_close_says_nothing_new(self) -> None:
        state = state_after(opened(), closed())
        report = report_of(closed(), state, ASKED, DAY)
        assert report
        assert not changes.record_incident(report)(state)


def watched(*checks: Check, at: timedelta | None = timedelta()) -> Change:
    """A poll at that time after noon that finds these checks; None: the alerts cannot be read."""

    def change(state: State) -> Patch:
        found, now = by_host(checks), None if at is None else NOON + at
        return watch_hosts([*to_watch(found, state, now)], found, now)(state)

    return change


EDITED = CHECK._replace(name="start page")


class TestChecks:
    def test_a_host_is_known_from_the_day_on_which_google_listed_it(self) -> None:
        other = CHECK._replace(id="www-0", name="login")
        state = state_after(watched(CHECK, other))
        assert state.hosts == {WWW: Host(WWW, watch=Watch(NOON, (other, CHECK)))}
        assert state.hosts[WWW].is_status_known
        assert known_since(state.hosts[WWW]) == NOON
        assert not watched(other, CHECK)(state)

    def test_its_history_stays_as_long_as_it_was(self) -> None:
        host = state_after(closed(), watched(CHECK, at=DAY)).hosts[WWW]
        assert (known_since(host), len(host.closed)) == (NOON, 1)

    @pytest.mark.parametrize(
        ("steps", "expected"),
        [
            ([watched(CHECK), watched(EDITED, at=DAY)], watch(NOON, [EDITED])),
            (
                [watched(CHECK), notifications.begin_edition, watched(), watched(CHECK, at=DAY)],
                watch(NOON + DAY, [CHECK]),
            ),
            ([closed(), watched()], None),
        ],
        ids=["edited", "deleted and made anew", "never listed"],
    )
    def test_what_is_known_of_its_checks(
        self, steps: list[Change | Incident], expected: Watch | None
    ) -> None:
        assert state_after(*steps).hosts[WWW].watch == expected

    @pytest.mark.parametrize(
        ("checks", "is_unwatched"),
        [
            ([CHECK._replace(disabled=True)], True),
            ([CHECK._replace(disabled=True), CHECK._replace(id="www-2")], False),
            ([], True),
        ],
        ids=["disabled", "one of two disabled", "deleted"],
    )
    def test_without_an_active_check_the_status_is_unknown(
        self, checks: list[Check], is_unwatched: bool
    ) -> None:
        state = state_after(watched(CHECK), watched(*checks, at=2 * DAY))
        assert state.hosts[WWW].is_unwatched is is_unwatched
        assert bool(uptimes(state.hosts[WWW], NOON + 3 * DAY)) is not is_unwatched

    @pytest.mark.parametrize(
        ("steps", "since"),
        [
            ([watched(CHECK, at=None), watched(CHECK, at=None)], None),
            ([watched(CHECK, at=None), watched(CHECK, at=DAY)], NOON + DAY),
            ([watched(CHECK), watched(EDITED, at=None)], NOON),
        ],
        ids=["never", "later", "before"],
    )
    def test_a_check_tells_nothing_until_the_open_alerts_have_been_read(
        self, steps: list[Change | Incident], since: datetime | None
    ) -> None:
        state = state_after(*steps)
        host = state.hosts[WWW]
        assert (known_since(host), host.is_status_known, state.has_received()) == (
            since,
            bool(since),
            bool(since),
        )
        assert known_since(happen(state, opened()).hosts[WWW]) == NOON

    def test_what_is_open_on_it_stays_open(self) -> None:
        state = state_after(watched(CHECK), opened(), watched(at=DAY))
        assert state.hosts[WWW].status is Status.DOWN
        assert not state.hosts[WWW].is_unwatched

    def test_without_history_it_is_dropped_once_every_channel_has_been_told(self) -> None:
        state = state_after(watched(CHECK), take_digest, watched())
        assert state.hosts[WWW].is_unwatched
        assert not watched()(state)
        state = state_after(watched(CHECK), take_digest, watched(), take_digest)
        assert not [*to_watch({}, state, NOON, configured=[WWW])]  # or it would count as up again
        assert [*to_watch({}, state, NOON)] == [WWW]
        assert happen(state, watched()).hosts == {}

    def test_with_history_it_stays(self) -> None:
        state = state_after(watched(CHECK), closed(), watched(), take_digest, watched())
        assert state.hosts[WWW].is_unwatched
        assert not watched()(state)

    def test_forgetting_takes_the_history_and_not_the_checks(self) -> None:
        state = state_after(watched(CHECK), closed(), changes.forget([WWW], NOON + DAY))
        assert state.hosts == {WWW: Host(WWW, watch=watch(NOON + DAY, [CHECK]))}
        state = state_after(watched(CHECK), closed(), watched(), changes.forget([WWW], NOON + DAY))
        assert state.hosts == {}

    def test_an_incident_that_moves_to_a_better_name_leaves_what_is_watched(self) -> None:
        state = state_after(watched(CHECK), opened(named_by=NamedBy.POLICY), opened(host="api.test"))
        assert set(state.hosts) == {WWW, "api.test"}
