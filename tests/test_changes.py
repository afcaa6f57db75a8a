"""What may happen to the state: any order, any repetition, one truth."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from state import changes, telling
from state.changes import join, record_incident
from state.incident import CANCELLED, Incident, Kind, NamedBy
from state.model import DEFAULT, Mute, State, Status
from state.patch import NOTHING, Change, apply
from tests.builders import KEEP, MINUTE, NOON, closed, opened, reports, state_after

MUTE = Mute("www.example.com", by="U1", by_name="steve", at=NOON)


class TestRecordIncident:
    def test_an_open_downtime_incident_puts_its_host_down(self) -> None:
        state = state_after(opened())
        assert state.hosts["www.example.com"].status is Status.DOWN

    def test_its_close_puts_the_host_up_and_is_kept(self) -> None:
        host = state_after(opened(), closed()).hosts["www.example.com"]
        assert host.status is Status.UP
        assert [i.ended for i in host.past] == [NOON + 10 * MINUTE]

    def test_a_certificate_incident_is_a_warning(self) -> None:
        state = state_after(opened(kind=Kind.CERTIFICATE))
        assert state.hosts["www.example.com"].status is Status.WARNING

    def test_a_host_is_down_while_one_of_its_incidents_is_open(self) -> None:
        state = state_after(opened("a"), opened("b"), closed("a"))
        assert state.hosts["www.example.com"].status is Status.DOWN

    def test_a_reminder_changes_nothing(self) -> None:
        state = state_after(opened())
        assert record_incident(opened(), KEEP)(state) is NOTHING

    def test_closed_is_the_end(self) -> None:
        state = state_after(opened(), closed())
        assert record_incident(opened(), KEEP)(state) is NOTHING

    def test_a_close_without_its_open_is_remembered_alone(self) -> None:
        host = state_after(closed()).hosts["www.example.com"]
        assert (host.open, len(host.past)) == ((), 1)

    def test_a_close_that_names_its_host_badly_still_closes_the_host(self) -> None:
        """Google's fallback to format 1.1 has no resource, so only the policy's name is left."""
        poor = closed(host="www policy", named_by=NamedBy.POLICY)
        state = state_after(opened(), poor)
        assert state.hosts["www.example.com"].status is Status.UP
        assert set(state.hosts) == {"www.example.com"}

    def test_a_better_name_moves_an_incident(self) -> None:
        poor = opened(host="www policy", named_by=NamedBy.POLICY)
        assert state_after(poor, closed()) == state_after(closed())

    def test_history_keeps_the_latest(self) -> None:
        ends = [NOON + n * MINUTE for n in range(1, 6)]
        state = State()
        for n, end in enumerate(ends):
            apply(state, record_incident(closed(f"{n}", ended=end), keep=3)(state))
        host = state.hosts["www.example.com"]
        assert [i.ended for i in host.past] == ends[2:]
        assert host.forgotten_since == NOON
        assert set(state.owners) == {"2", "3", "4"}

    def test_a_late_repeat_of_what_history_let_go_changes_nothing(self) -> None:
        state = state_after(*(closed(f"{n}", ended=NOON + n * MINUTE) for n in range(3)))
        apply(state, record_incident(closed("3", ended=NOON + 3 * MINUTE), keep=2)(state))
        assert not record_incident(closed("0", ended=NOON), keep=2)(state)

    def test_what_opened_or_closed_belongs_to_the_present_edition(self) -> None:
        state = state_after(opened("a"), opened("b"), telling.begin_edition, closed("a"))
        assert [i.edition for i in state.hosts["www.example.com"].incidents()] == [1, 2]

    @given(st.lists(reports(), max_size=12), st.data())
    def test_any_order_and_any_repetition_gives_the_same_state(
        self, delivered: list[Incident], data: st.DataObject
    ) -> None:
        again = data.draw(
            st.permutations(delivered + data.draw(st.lists(st.sampled_from(delivered or [opened()]))))
        )
        again = [report for report in again if report in delivered]
        assert state_after(*again) == state_after(*delivered)

    @given(st.lists(reports(), max_size=12))
    def test_every_incident_is_found_by_its_id(self, delivered: list[Incident]) -> None:
        state = state_after(*delivered)
        assert {report.id for report in delivered} == set(state.owners)
        for report in delivered:
            found = state.incident(report.id)
            assert found is not None
            assert found.host == state.owners[report.id]


same_id = reports(ids=st.just("a"))


class TestJoin:
    @given(same_id, same_id)
    def test_order_does_not_matter(self, one: Incident, other: Incident) -> None:
        assert join(one, other) == join(other, one)

    @given(same_id, same_id, same_id)
    def test_grouping_does_not_matter(self, one: Incident, other: Incident, third: Incident) -> None:
        assert join(join(one, other), third) == join(one, join(other, third))

    @given(same_id)
    def test_repetition_does_not_matter(self, one: Incident) -> None:
        assert join(one, one) == one

    def test_the_sentence_of_a_cancelling_edit_is_kept(self) -> None:
        sentence = f"{CANCELLED} the alert policy condition was deleted."
        assert join(opened(observed="2.000"), closed(observed=sentence)).cancelled


class TestMute:
    def test_hides_and_unmute_brings_back(self) -> None:
        state = state_after(changes.mute(MUTE))
        assert state.mutes == {"www.example.com": MUTE}
        apply(state, changes.unmute("www.example.com")(state))
        assert state.mutes == {}

    def test_the_first_who_asked_is_remembered(self) -> None:
        state = state_after(changes.mute(MUTE))
        assert changes.mute(MUTE._replace(by="U2"))(state) is NOTHING

    def test_unmuting_what_is_not_muted_changes_nothing(self) -> None:
        assert changes.unmute("other")(State()) is NOTHING

    def test_a_muted_host_stays_tracked(self) -> None:
        state = state_after(changes.mute(MUTE), opened())
        assert state.hosts["www.example.com"].status is Status.DOWN

    def test_another_wish_for_the_same_host_takes_the_place_of_the_first(self) -> None:
        ending = MUTE._replace(by="U2", until=NOON + timedelta(hours=1))
        assert state_after(changes.mute(MUTE), changes.mute(ending)).mutes == {"www.example.com": ending}

    def test_several_come_and_go_at_once(self) -> None:
        wishes = [MUTE._replace(host=host) for host in ("a", "b", "*.test")]
        state = state_after(changes.mute(*wishes))
        assert set(state.mutes) == {"a", "b", "*.test"}
        apply(state, changes.unmute("a", "*.test", "other")(state))
        assert set(state.mutes) == {"b"}


class TestLift:
    ENDING = MUTE._replace(until=NOON + timedelta(hours=1))

    def test_takes_out_what_has_ended_and_remembers_in_which_edition(self) -> None:
        lasting = MUTE._replace(host="other")
        state = state_after(changes.mute(self.ENDING, lasting), telling.begin_edition)
        assert changes.lift(NOON, [DEFAULT])(state) is NOTHING
        apply(state, changes.lift(NOON + timedelta(hours=1), [DEFAULT])(state))
        assert state.mutes == {"other": lasting}
        assert state.returned == {"www.example.com": 2}

    def test_forgets_it_when_every_channel_was_told(self) -> None:
        later = NOON + timedelta(hours=1)
        lift = changes.lift(later, ["a", "b"])
        state = state_after(changes.mute(self.ENDING), lift, telling.begin_edition)
        apply(state, telling.record_digest("a", later, 1)(state))
        assert lift(state) is NOTHING
        apply(state, telling.record_digest("b", later, 1)(state))
        apply(state, lift(state))
        assert state.returned == {}
        assert lift(state) is NOTHING

    def test_who_mutes_again_is_not_told_that_it_returned(self) -> None:
        later = NOON + timedelta(hours=1)
        state = state_after(changes.mute(self.ENDING), changes.lift(later, [DEFAULT]), changes.mute(MUTE))
        assert (set(state.mutes), state.returned) == ({"www.example.com"}, {})


class TestDigest:
    def test_beginning_one_starts_the_next_edition(self) -> None:
        assert state_after(telling.begin_edition).edition == 2

    def test_recording_one_remembers_slot_and_edition(self) -> None:
        state = state_after(telling.begin_edition, telling.record_digest(DEFAULT, NOON, 1))
        assert (state.record(DEFAULT).slot, state.record(DEFAULT).covers) == (NOON, 1)

    def test_a_digest_recorded_late_takes_back_nothing(self) -> None:
        state = state_after(telling.record_digest(DEFAULT, NOON, 5), telling.record_digest(DEFAULT, NOON, 3))
        assert state.record(DEFAULT).covers == 5


class TestPrune:
    BEFORE = NOON + timedelta(days=1)

    def test_lets_go_of_what_ended_before(self) -> None:
        late = closed("late", ended=self.BEFORE)
        state = state_after(closed("early"), late, changes.prune(self.BEFORE, 10))
        host = state.hosts["www.example.com"]
        assert [i.id for i in host.past] == ["late"]
        assert host.forgotten_since == NOON
        assert set(state.owners) == {"late"}

    def test_keeps_what_is_open_and_the_host_itself(self) -> None:
        state = state_after(opened("a"), closed("b"), changes.prune(self.BEFORE, 10))
        assert [i.id for i in state.hosts["www.example.com"].incidents()] == ["a"]
        state = state_after(closed(), changes.prune(self.BEFORE, 10))
        host = state.hosts["www.example.com"]
        assert not list(host.incidents())
        assert host.forgotten_since == NOON

    def test_takes_at_most_so_many_hosts_at_a_time(self) -> None:
        state = state_after(*(closed(f"{n}", f"{n}.test") for n in range(3)), changes.prune(self.BEFORE, 2))
        assert sum(bool(host.past) for host in state.hosts.values()) == 1

    def test_with_nothing_to_let_go_of_is_nothing(self) -> None:
        assert not changes.prune(NOON, 10)(state_after(closed()))


@pytest.mark.parametrize(
    "change", [telling.begin_edition, record_incident(opened(), KEEP), changes.mute(MUTE)]
)
def test_changes_do_not_touch_the_state_they_are_given(change: Change) -> None:
    state = State()
    assert change(state)
    assert state == State()
