"""What moves along when a host gets another name, as with states of earlier versions."""

from datetime import timedelta
from functools import reduce

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hosts.changes import record_incident
from hosts.identity import key_of
from hosts.incident import Incident, Kind, NamedBy, Person
from hosts.model import DEFAULT, Action, Alerted, AlertRecord, AuditEntry, ChannelRecord, Patch, State
from state.decoding import decode
from state.renaming import adopting_former_name, renamed
from tests.builders import MINUTE, NOON, closed, encoded, happen, opened, state_after, wish

ASCII, MUNICH = "xn--mnchen-3ya.example", "münchen.example"
PROD, STAGING = key_of("api", {"project": "prod"}), key_of("api", {"project": "staging"})


def reported(state: State, report: Incident) -> State:
    return happen(state, adopting_former_name(report.host, record_incident(report)))


def api(incident_id: str = "1", host: str = PROD, **fields: object) -> Incident:
    return opened(incident_id, host, named_by=NamedBy.RESOURCE, **fields)


def formerly(incident_id: str = "1", host: str = "api", **fields: object) -> Incident:
    return api(incident_id, host, **fields)


def removal(host: str) -> AuditEntry:
    """The audit entry of a mute that replaced another."""
    return AuditEntry(Action.REMOVE, host, Person("U1", "ana"), NOON, replaced=wish(host))


class TestRespelling:
    """A file that is read has one spelling of each name."""

    def test_a_host_is_known_by_its_one_spelling(self) -> None:
        before = state_after(closed("1", ASCII), opened("2", ASCII), opened("3", "a.test"))
        state, _ = decode(encoded(before))
        assert state.hosts.keys() == {MUNICH, "a.test"}
        assert [incident.host for incident in state.hosts[MUNICH].incidents()] == [MUNICH, MUNICH]
        assert state.host_by_incident == {"1": MUNICH, "2": MUNICH, "3": "a.test"}

    def test_two_spellings_become_one_host_with_the_history_of_both(self) -> None:
        one = [closed("1", ASCII, ended=NOON + 9 * MINUTE), opened("2", ASCII, started=NOON + MINUTE)]
        other = [closed("3", MUNICH, ended=NOON + 8 * MINUTE), opened("4", MUNICH, started=NOON)]
        state, _ = decode(encoded(state_after(*one, *other)))
        (host,) = state.hosts.values()
        assert [incident.id for incident in host.incidents()] == ["4", "2", "3", "1"]
        assert state == decode(encoded(state_after(*other, *one)))[0]

    def test_mutes_and_what_was_told_go_along(self) -> None:
        mutes = map(wish, (ASCII, "*.xn--mnchen-3ya.example"))
        before = state_after(opened("1", ASCII), opened("2", MUNICH), *mutes)
        told = {
            ASCII: Alerted(NOON, True, edition=3, ends_after=3),
            MUNICH: Alerted(NOON + MINUTE, False, 4, 2),
        }
        before.channels = {DEFAULT: ChannelRecord(alerts=AlertRecord(0, told))}
        state, _ = decode(encoded(before))
        assert [*state.mutes] == [mute.host for mute in state.mutes.values()] == [f"*.{MUNICH}", MUNICH]
        assert state.record(DEFAULT).alerts == AlertRecord(0, {MUNICH: Alerted(NOON, True, 4, 2)})

    def test_of_two_mutes_that_of_the_right_spelling_stays(self) -> None:
        state, _ = decode(encoded(state_after(wish(ASCII), wish(MUNICH, by=Person("U2", "steve")))))
        assert state.mutes == {MUNICH: wish(MUNICH, by=Person("U2", "steve"))}

    def test_the_next_save_has_the_canonical_spelling(self) -> None:
        before = state_after(closed("1", ASCII), opened("2", MUNICH), opened("3", "z.test"))
        state, lines = decode(encoded(before))
        head = encoded(state).partition(b'"hosts":{\n')[0] + b'"hosts":{\n'
        assert b"".join(lines.file(head)) == encoded(state)
        assert decode(encoded(state))[0] == state

    def test_a_star_in_the_name_of_a_host_or_its_mute_is_no_wildcard_and_one_in_a_pattern_is(self) -> None:
        full, disk, shop = key_of("disk * full", {"project": "p"}), "disk ∗ full\nproject=p", "*.shop.test"
        hosts = [opened(name, name, named_by=NamedBy.POLICY) for name in (full, shop)]
        before = state_after(*hosts, *map(wish, (full, shop, "*.test")))
        before.channels = {DEFAULT: ChannelRecord(alerts=AlertRecord(0, {full: Alerted(NOON)}))}
        state, _ = decode(encoded(before))
        assert state.hosts.keys() == {disk, "∗.shop.test"}
        assert {name: mute.host for name, mute in state.mutes.items()} == {
            name: name for name in (disk, "∗.shop.test", "*.test")
        }
        assert state.record(DEFAULT).alerts == AlertRecord(0, {disk: Alerted(NOON)})
        again = [
            opened(full, disk, named_by=NamedBy.POLICY),
            closed(shop, "∗.shop.test", named_by=NamedBy.POLICY),
        ]
        assert [reported(state, report).hosts.keys() for report in again] == [{disk, "∗.shop.test"}] * 2

    def test_the_log_calls_each_mute_as_the_state_does(self) -> None:
        full, disk = key_of("disk *full*", {"project": "p"}), "disk ∗full∗\nproject=p"
        before = state_after(*map(wish, (full, ASCII, "*.test")))
        before.log = tuple(map(removal, [*before.mutes, full.replace("full", "gone")]))
        state, _ = decode(encoded(before))
        disk_gone = disk.replace("full", "gone")
        assert [entry.target for entry in state.log] == [disk, MUNICH, "*.test", disk_gone]
        assert {*state.log} == {*map(removal, [*state.mutes, disk_gone])}

    @pytest.mark.parametrize(
        "name", ["front/back", "api - noc - users", "db:5432", "a.test", "2001:db8::1", PROD, "api\n"]
    )
    def test_names_that_are_right_stay(self, name: str) -> None:
        before = state_after(opened("1", name), wish(name))
        assert decode(encoded(before))[0] == before


class TestAdoption:
    """An earlier version knew things by their names alone."""

    def test_a_report_of_an_incident_that_is_open_there_finds_it(self) -> None:
        state = reported(state_after(formerly()), api(ended=NOON + MINUTE))
        (host,) = state.hosts.values()
        assert (host.name, host.open, len(host.closed)) == (PROD, (), 1)
        assert state.host_by_incident == {"1": PROD}

    def test_a_report_of_something_new_takes_over_the_history(self) -> None:
        closed = [formerly(str(n), ended=NOON + n * MINUTE) for n in (1, 2)]
        before = state_after(*closed, wish("api"))
        before.channels = {DEFAULT: ChannelRecord(alerts=AlertRecord(0, {"api": Alerted(NOON)}))}
        before.log = (removal("api"), removal("other"))
        state = reported(decode(encoded(before))[0], api("3"))
        assert [(host.name, [i.id for i in host.incidents()]) for host in state.hosts.values()] == [
            (PROD, ["3", "1", "2"])
        ]
        assert state.mutes == {PROD: wish(PROD)}
        assert state.log == (removal(PROD), removal("other"))
        assert state.record(DEFAULT).alerts == AlertRecord(0, {PROD: Alerted(NOON)})
        state = reported(state, api("4", STAGING))
        assert state.hosts.keys() == {PROD, STAGING}
        assert decode(encoded(state))[0] == state

    def test_a_name_whose_capitals_were_not_kept_is_the_same_name(self) -> None:
        check, by_check = key_of("dep-3F", {"project": "p"}), {"named_by": NamedBy.CHECK}
        before = state_after(opened("1", "dep-3f", **by_check))
        assert reported(before, opened("1", check, **by_check)).hosts.keys() == {check}

    def test_an_instance_named_like_a_host_was_a_host(self) -> None:
        key = key_of("web-1.internal.local", {"project": "p"})
        before = state_after(formerly(host="web-1.internal.local"))
        assert reported(before, api(host=key)).hosts.keys() == {key}

    def test_a_host_named_by_googles_own_label_is_a_different_thing(self) -> None:
        state = reported(state_after(opened("1", "api")), api("2"))
        assert state.hosts.keys() == {"api", PROD}

    def test_a_report_that_changes_nothing_changes_nothing(self) -> None:
        state = reported(State(), api())
        assert adopting_former_name(PROD, record_incident(api()))(state) == Patch()


def test_renaming_what_is_not_known_changes_no_host() -> None:
    patch = renamed(state_after(opened("1", "a.test")), {"b.test": "c.test"})
    assert (patch.hosts, patch.host_by_incident) == ({}, {})


IDENTITIES = {
    "www.example.com": NamedBy.HOST,
    "api": NamedBy.HOST,
    "api.internal": NamedBy.POLICY,
    key_of("api.internal", {"project": "prod"}): NamedBy.RESOURCE,
    PROD: NamedBy.RESOURCE,
    STAGING: NamedBy.RESOURCE,
    key_of("api", {}): NamedBy.POLICY,
    key_of("API", {"project": "prod"}): NamedBy.CHECK,
}


@st.composite
def reports(draw: st.DrawFn) -> Incident:
    host = draw(st.sampled_from([*IDENTITIES]))
    started = NOON + draw(st.integers(0, 9)) * MINUTE
    report = Incident(draw(st.sampled_from("abcd")), host, IDENTITIES[host], Kind.DOWNTIME, started)
    return report._replace(ended=started + timedelta(hours=1)) if draw(st.booleans()) else report


@given(st.lists(reports(), max_size=8).flatmap(lambda some: st.tuples(st.just(some), st.permutations(some))))
def test_the_same_reports_in_any_order_leave_the_same_hosts(
    orders: tuple[list[Incident], list[Incident]],
) -> None:
    one, other = (reduce(reported, order, State()) for order in orders)
    assert one == other
