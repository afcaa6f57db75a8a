"""Changes to the state: the same reports in any order, however often repeated, give the same state."""

from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digest import notifications
from hosts import changes, retention
from hosts.changes import TooManyOpenIncidents, record_incident
from hosts.identity import key_of
from hosts.incident import CANCELLED, Incident, Kind, NamedBy, Person, join
from hosts.model import DEFAULT, NOTHING, Alerted, AlertRecord, Change, Host, State, Status, apply
from hosts.mutes import mute_lookup
from tests.builders import (
    DAY,
    HOUR,
    MINUTE,
    NOON,
    Step,
    closed,
    opened,
    reports,
    state_after,
    summarize,
    take_digest,
    wish,
)

MUTE = wish()


def www(*steps: Step) -> Host:
    return state_after(*steps).hosts["www.example.com"]


class TestRecordIncident:
    @pytest.mark.parametrize(
        ("steps", "status"),
        [
            ([opened()], Status.DOWN),
            ([opened(), closed()], Status.UP),
            ([opened(kind=Kind.CERTIFICATE)], Status.WARNING),
            ([opened("a"), opened("b"), closed("a")], Status.DOWN),
            ([MUTE, opened()], Status.DOWN),
        ],
        ids=["open", "closed", "certificate", "one of two closed", "muted"],
    )
    def test_a_host_is_down_with_an_open_downtime_incident(self, steps: list[Step], status: Status) -> None:
        assert www(*steps).status is status

    @pytest.mark.parametrize(
        ("steps", "change"),
        [
            ([opened()], record_incident(opened())),
            ([opened(), closed()], record_incident(opened())),
            ([MUTE], changes.mute(MUTE._replace(by=Person("U2", "steve")))),
            ([], changes.unmute("other")),
        ],
        ids=["a reminder", "an open after the close", "a second mute", "an unmute of what is not muted"],
    )
    def test_a_report_without_news_changes_nothing(self, steps: list[Step], change: Change) -> None:
        assert change(state_after(*steps)) is NOTHING

    def test_a_close_that_names_its_host_badly_still_closes_the_host(self) -> None:
        """Google's fallback to format 1.1 has no resource, so only the policy's name is left."""
        state = state_after(opened(), closed(host="www policy", named_by=NamedBy.POLICY))
        assert {name: host.status for name, host in state.hosts.items()} == {"www.example.com": Status.UP}

    def test_openings_and_closes_belong_to_the_current_edition(self) -> None:
        host = www(opened("a"), opened("b"), notifications.begin_edition, closed("a"))
        assert [i.edition for i in host.incidents()] == [1, 2]

    @given(st.lists(reports(), max_size=12), st.data())
    def test_any_order_and_any_repetition_gives_the_same_state_with_every_incident_in_it(
        self, delivered: list[Incident], data: st.DataObject
    ) -> None:
        state = state_after(*delivered)
        assert state_after(*repeated(delivered, data)) == state
        assert {report.id for report in delivered} == set(state.host_by_incident)
        for incident_id, host in state.host_by_incident.items():
            found = state.incident(incident_id)
            assert found is not None
            assert found.host == host

    @given(st.lists(reports(), max_size=12), st.integers(1, 3), st.data())
    def test_any_order_gives_the_same_state_while_history_is_pruned(
        self, delivered: list[Incident], keep: int, data: st.DataObject
    ) -> None:
        """Small limits, hosts named better later, and history pruned in between.

        `now` is within the days in which Google may repeat each report.
        """
        now = min((i.ended for i in delivered if i.ended), default=NOON) + 3 * DAY
        steps: list[Step] = [*repeated(delivered, data)]
        for _ in range(data.draw(st.integers(0, 5))):
            steps.insert(data.draw(st.integers(0, len(steps))), take_digest)
            steps.insert(data.draw(st.integers(0, len(steps))), retention.prune(now, 1, keep, 10))
        assert without_editions(state_after(*steps)) == without_editions(state_after(*delivered))

    @pytest.mark.parametrize("labels", [{}, {"project": "prod"}])
    def test_a_name_is_better_than_the_number_of_an_instance(self, labels: dict[str, str]) -> None:
        """Google's list of alerts has only the number."""
        named, numbered = (
            opened(host=key_of(name, labels) if labels else name, named_by=NamedBy.RESOURCE)
            for name in ("web-1", "4711")
        )
        for steps in ([named, numbered], [numbered, named]):
            assert list(state_after(*steps).hosts) == [named.host]

    def test_a_close_that_names_the_host_better_ends_it_even_if_the_history_there_is_full(self) -> None:
        """An open names a check, its close names the host, and that host has as much history as is kept."""
        blips = [closed(f"{n}", ended=NOON + 4 * DAY + n * MINUTE) for n in range(3)]
        poor = opened("x", "check-1", named_by=NamedBy.CHECK)
        close = closed("x", ended=NOON + MINUTE)
        prune = retention.prune(NOON + 9 * DAY, 30, 3, 10)
        orders: list[list[Step]] = [[poor, prune, close, prune], [close, prune, poor, prune]]
        for steps in orders:
            state = state_after(*blips, take_digest, *steps)
            assert {name: host.status for name, host in state.hosts.items()} == {"www.example.com": Status.UP}

    def test_the_number_of_open_incidents_of_a_host_is_limited(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(changes, "MAX_OPEN_INCIDENTS", 2)
        state = state_after(opened("a"), opened("b"))
        with pytest.raises(TooManyOpenIncidents):
            record_incident(opened("c"))(state)
        for again in (opened("a", started=NOON - MINUTE), closed("a"), closed("c"), opened("c")):
            apply(state, record_incident(again)(state))
        assert [i.id for i in state.hosts["www.example.com"].open] == ["b"]

    def test_the_number_of_closed_incidents_is_limited_in_a_flood(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(changes, "MAX_CLOSED_INCIDENTS", 10)
        state = state_after(*(closed(f"{n}", ended=NOON + n * MINUTE) for n in range(12)))
        host = state.hosts["www.example.com"]
        assert [i.id for i in host.closed] == [f"{n}" for n in range(2, 12)]
        assert host.dropped_until == NOON + MINUTE
        assert len(state.host_by_incident) == 10


def repeated(delivered: list[Incident], data: st.DataObject) -> list[Incident]:
    """In any order, some of them more than once."""
    again = data.draw(st.lists(st.sampled_from(delivered))) if delivered else []
    return data.draw(st.permutations(delivered + again))


def without_editions(state: State) -> list[object]:
    """All that reports make of the hosts; the editions depend on when a digest was taken."""
    hosts = sorted(state.hosts.values(), key=lambda host: host.name)
    return [
        (h.name, h.dropped_until, [i._replace(edition=0, known_in=0) for i in h.incidents()]) for h in hosts
    ]


same_id = reports(ids=st.just("a"))


class TestJoin:
    @given(same_id, same_id, same_id)
    def test_neither_order_nor_grouping_nor_repetition_matters(
        self, one: Incident, other: Incident, third: Incident
    ) -> None:
        assert join(one, other) == join(other, one)
        assert join(join(one, other), third) == join(one, join(other, third))
        assert join(one, one) == one

    @pytest.mark.parametrize("make", [opened, closed])
    def test_what_a_webhook_says_too_is_not_from_the_list_alone(self, make: Callable[..., Incident]) -> None:
        listed = make(listed=True)
        assert join(listed, listed).listed
        assert join(listed, make()) == make()

    def test_a_close_by_the_list_is_marked_whoever_reported_the_open(self) -> None:
        healed = closed(listed=True)
        assert join(opened(), healed) == join(opened(listed=True, confirmed=NOON), healed) == healed

    @pytest.mark.parametrize("report", [opened(), opened(listed=True, confirmed=NOON), closed()])
    def test_any_report_shows_that_google_still_knows_it(self, report: Incident) -> None:
        assert join(opened(absent=True), report) == join(opened(), report)

    def test_the_sentence_of_a_cancelling_edit_is_kept(self) -> None:
        sentence = f"{CANCELLED} the alert policy condition was deleted."
        assert join(opened(observed="2.000"), closed(observed=sentence)).cancelled


@pytest.mark.parametrize("year", [1970, 2000, 2015, 2025])
def test_a_later_report_by_a_set_clock_mends_the_start_and_the_end(year: int) -> None:
    """Our clock stood at a time before this program was written, when an incident came without them."""
    unset = datetime(year, 1, 1, 0, 3, tzinfo=UTC)
    for wrong, right in ((opened(started=unset), opened()), (closed(started=unset, ended=unset), closed())):
        for steps in ([wrong, right], [right, wrong]):
            (incident,) = www(*steps).incidents()
            assert (incident.started, incident.ended) == (right.started, right.ended)


class TestMute:
    def test_a_second_mute_of_the_same_host_replaces_the_first(self) -> None:
        ending = MUTE._replace(by=Person("U2", "steve"), until=NOON + HOUR)
        assert state_after(MUTE, ending).mutes == {"www.example.com": ending}

    def test_several_come_and_go_at_once(self) -> None:
        wishes = [MUTE._replace(host=host) for host in ("a", "b", "*.test")]
        assert set(state_after(*map(changes.mute, wishes)).mutes) == {"a", "b", "*.test"}
        assert set(state_after(*map(changes.mute, wishes), changes.unmute("a", "*.test", "other")).mutes) == {
            "b"
        }


class TestEndedMutes:
    ENDING = MUTE._replace(until=NOON + HOUR)
    LATER = NOON + HOUR

    def test_the_edition_in_which_a_mute_ended_is_recorded(self) -> None:
        lasting = MUTE._replace(host="other")
        state = state_after(self.ENDING, lasting, notifications.begin_edition)
        assert retention.mark_ended_mutes(NOON)(state) is NOTHING
        apply(state, retention.mark_ended_mutes(self.LATER)(state))
        assert state.mutes == {"other": lasting, "www.example.com": self.ENDING._replace(ended_in=2)}
        assert retention.mark_ended_mutes(self.LATER)(state) is NOTHING

    def test_a_mute_that_only_a_clock_jump_ended_goes_on(self) -> None:
        """A clock that is 100 days ahead for three seconds."""
        leapt = NOON + 100 * DAY
        state = state_after(self.ENDING, retention.mark_ended_mutes(leapt))
        assert not mute_lookup(state, leapt)("www.example.com")
        apply(state, retention.mark_ended_mutes(NOON)(state))
        assert state.mutes == {"www.example.com": self.ENDING}
        assert mute_lookup(state, NOON)("www.example.com")

    def test_an_ended_mute_is_dropped_once_every_channel_was_notified(self) -> None:
        prune = retention.prune_mutes(self.LATER)
        state = state_after(self.ENDING, retention.mark_ended_mutes(self.LATER))
        for channel, covers in (("a", 0), ("b", 0), ("a", 1), ("b", 1)):
            assert prune(state) is NOTHING
            apply(state, notifications.record_digest(channel, NOON, covers)(state))
        assert retention.prune_mutes(NOON)(state) is NOTHING
        apply(state, prune(state))
        assert state.mutes == {}

    def test_muting_again_starts_over(self) -> None:
        again = MUTE._replace(at=self.LATER)
        ended = retention.mark_ended_mutes(self.LATER)
        state = state_after(self.ENDING, ended, again)
        assert state.mutes == {"www.example.com": again}


class TestPrune:
    LATER = NOON + 9 * DAY

    def prune(self, days: int = 5, per_host: int = 100, max_hosts: int = 10) -> Change:
        return retention.prune(self.LATER, days, per_host, max_hosts)

    def test_drops_what_ended_too_many_days_ago(self) -> None:
        late = closed("late", ended=self.LATER - 5 * DAY)
        state = state_after(closed("early"), late, take_digest, self.prune())
        host = state.hosts["www.example.com"]
        assert [i.id for i in host.closed] == ["late"]
        assert host.dropped_until == NOON + 10 * MINUTE
        assert set(state.host_by_incident) == {"late"}

    def test_drops_what_exceeds_the_limit_per_host(self) -> None:
        ends = [NOON + n * MINUTE for n in range(1, 6)]
        blips = [closed(f"{n}", ended=end) for n, end in enumerate(ends)]
        state = state_after(*blips, take_digest, self.prune(days=90, per_host=3))
        host = state.hosts["www.example.com"]
        assert [i.ended for i in host.closed] == ends[2:]
        assert host.dropped_until == ends[1]
        assert set(state.host_by_incident) == {"2", "3", "4"}

    @pytest.mark.parametrize("per_host", [1, 100])
    def test_keeps_what_google_may_still_repeat(self, per_host: int) -> None:
        """102 outages in two hours, of which 100 are kept: the first one's open comes again."""
        blips = [closed(f"{n}", ended=self.LATER - 3 * DAY + n * MINUTE) for n in range(102)]
        host = www(*blips, take_digest, self.prune(days=1, per_host=per_host), opened("0"))
        assert host.status is Status.UP

    def test_keeps_what_a_channel_has_not_reported(self) -> None:
        steps: list[Step] = [take_digest, opened(), closed(), self.prune(days=1)]
        assert len(summarize(state_after(*steps), self.LATER).recovered) == 1
        assert not www(*steps, take_digest, self.prune(days=1)).closed

    @pytest.mark.parametrize(
        "alerts", [AlertRecord(0), AlertRecord(1, {"www.example.com": Alerted(NOON, ends_after=0)})]
    )
    def test_keeps_what_an_alert_has_not_reported(self, alerts: AlertRecord) -> None:
        behind = notifications.record_alerts(DEFAULT, alerts)
        assert not self.prune(days=1)(state_after(closed(), take_digest, behind))

    def test_keeps_the_beginning_of_an_outage_that_goes_on(self) -> None:
        opened_later = opened("b", started=NOON + 5 * MINUTE)
        steps: list[Step] = [closed("a"), opened_later, take_digest, self.prune(days=1)]
        (down,) = summarize(state_after(*steps), self.LATER).down
        assert down.since == NOON

    def test_keeps_what_is_open_and_the_host_itself(self) -> None:
        host = www(opened("a", started=NOON + 60 * MINUTE), closed("b"), take_digest, self.prune())
        assert [i.id for i in host.incidents()] == ["a"]
        host = www(closed(), take_digest, self.prune())
        assert not list(host.incidents())
        assert host.dropped_until == NOON + 10 * MINUTE

    def test_prunes_a_limited_number_of_hosts_at_a_time(self) -> None:
        over = (closed(f"{n}", f"{n}.test") for n in range(3))
        state = state_after(*over, take_digest, self.prune(max_hosts=2))
        assert sum(bool(host.closed) for host in state.hosts.values()) == 1

    def test_is_an_empty_patch_with_nothing_to_drop(self) -> None:
        assert not self.prune(days=9)(state_after(closed(), take_digest))


@pytest.mark.parametrize(
    "change", [notifications.begin_edition, record_incident(opened()), changes.mute(MUTE)]
)
def test_changes_do_not_touch_the_state_they_are_given(change: Change) -> None:
    state = State()
    assert change(state)
    assert state == State()
