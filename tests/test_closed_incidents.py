"""The closed incidents in a file are parsed when somebody looks, and are then the same as before."""

import gc
import tracemalloc
from collections.abc import Callable
from datetime import timedelta
from zlib import crc32

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digest.health import last_incident_at
from digest.notifications import begin_edition, record_digest
from hosts import closed_incidents
from hosts.changes import record_incident, resolve
from hosts.closed_incidents import ClosedIncidents
from hosts.incident import Incident, Kind
from hosts.model import DEFAULT, State, apply
from hosts.retention import prune, without
from state.decoding import decode
from state.encoding import encode_head, encode_host, encode_tail
from tests.builders import (
    DAY,
    HOUR,
    MINUTE,
    NOON,
    STEVE,
    blips,
    closed,
    encoded,
    opened,
    reports,
    state_after,
    summarize,
    take_digest,
)

LONG_AFTER = NOON + 9 * DAY


def reloaded(state: State) -> State:
    return decode(encoded(state))[0]


def made_in_each_way(*incidents: Incident) -> list[ClosedIncidents]:
    """As they close one by one, as a file has them, and all at once."""
    state = state_after(*incidents)
    one_by_one, of_a_file = (each.hosts["www.example.com"].closed for each in (state, reloaded(state)))
    return [one_by_one, of_a_file, ClosedIncidents.of(one_by_one)]


def refuse(*_: object) -> tuple[Incident, ...]:
    raise AssertionError("somebody looked")


@given(st.lists(reports(), max_size=8), st.integers(0, 8), st.integers(1, 3))
def test_a_restart_at_any_moment_changes_nothing(delivered: list[Incident], at: int, keep: int) -> None:
    through, restarted = State(), State()
    for number, report in enumerate(delivered):
        restarted = reloaded(restarted) if number == at else restarted
        for state in (through, restarted):
            for change in (record_incident(report), take_digest, prune(LONG_AFTER, 1, keep, 9)):
                apply(state, change(state))
            for known in (host.closed for host in state.hosts.values()):
                anew = ClosedIncidents.of(known)
                assert (known.text(), known) == (anew.text(), anew)
    assert encoded(restarted) == encoded(through)


@given(st.permutations(range(6)), st.integers(1, 6), st.sampled_from([1, 2, 3]))
def test_incidents_may_close_in_any_order(order: list[int], keep: int, policies: int) -> None:
    """Some in the same second, and of one policy or several."""
    state = State()
    for number in order:
        ended, policy = NOON + number // 2 * MINUTE, f"{number % policies}"
        report = record_incident(closed(f"{number}", ended=ended, policy=policy))
        for change in (report, take_digest, prune(LONG_AFTER, 30, keep, 9)):
            apply(state, change(state))
    history = state.hosts["www.example.com"].closed
    assert [i.id for i in history] == ["0", "1", "2", "3", "4", "5"][-keep:]
    assert history.text() == ClosedIncidents.of(history).text()


@pytest.mark.parametrize("at", range(4))
def test_any_of_them_can_go(at: int) -> None:
    for each in made_in_each_way(*blips(4, NOON, policy="p")):
        left = ClosedIncidents.of((*each[:at], *each[at + 1 :]))
        gone = each.without(each[at])
        assert (gone, gone.text()) == (left, left.text())


def test_it_knows_when_the_first_and_the_last_ended() -> None:
    last = closed("cert", ended=NOON + HOUR, kind=Kind.CERTIFICATE, policy="c")
    for history in made_in_each_way(*blips(3, NOON), last):
        assert [history.first, history.last] == [(NOON - 29 * MINUTE).timestamp(), (NOON + HOUR).timestamp()]
        assert (len(history), history[-1].id) == (4, "cert")
    assert ClosedIncidents().first == ClosedIncidents().last == 0


@pytest.mark.parametrize("restart", [state_after, lambda *steps: reloaded(state_after(*steps))])
def test_what_closed_after_an_edition(restart: Callable[..., State]) -> None:
    history = restart(closed("old"), begin_edition, closed("new")).hosts["www.example.com"].closed
    assert [[i.id for i in history.after(edition)] for edition in (0, 1, 2)] == [["new", "old"], ["new"], []]


def test_unusual_incidents_survive_a_round_trip() -> None:
    made = state_after(opened("0.x", observed="2.0"), resolve("www.example.com", STEVE, NOON + HOUR))
    assert reloaded(made).hosts["www.example.com"].closed[0].resolved_by == STEVE


def test_a_row_written_by_another_version_can_be_removed_like_any_other() -> None:
    made = state_after(*blips(3, NOON))
    line = encode_host(made.hosts["www.example.com"]).replace(b",60,1]", b',60,1,{"kind":"downtime"}]', 1)
    head = encode_head(made)
    again, _ = decode(head + line + encode_tail(crc32(head) + crc32(line)))
    closed = again.hosts["www.example.com"].closed
    assert b"downtime" in line
    left = without(again.hosts["www.example.com"], [closed[0]]).closed
    assert left == ClosedIncidents.of(closed[1:])
    assert left.text() == ClosedIncidents.of(closed[1:]).text()


def test_the_history_of_hosts_that_are_up_is_not_parsed(monkeypatch: pytest.MonkeyPatch) -> None:
    """Not by a start, a digest, a check for silence or for old history, nor by the next outage or its end."""
    told = state_after(*blips(3, NOON), begin_edition, record_digest(DEFAULT, NOON, 1))
    monkeypatch.setattr(closed_incidents, "decode_rows", refuse)
    state = reloaded(told)
    apply(state, record_incident(opened("next", started=NOON + HOUR))(state))
    assert summarize(state, NOON + 2 * HOUR).down
    assert last_incident_at(state) == NOON + HOUR
    assert not prune(NOON + timedelta(days=80), 90, 100, 10)(state)
    apply(state, record_incident(closed("next", started=NOON + HOUR, ended=NOON + 2 * HOUR))(state))
    assert encode_host(state.hosts["www.example.com"]).count(b"www.example.com 20") == 3


def test_what_the_next_digest_needs_is_parsed_at_the_start(monkeypatch: pytest.MonkeyPatch) -> None:
    state = reloaded(state_after(*blips(1, NOON), begin_edition))
    monkeypatch.setattr(closed_incidents, "decode_rows", refuse)
    assert summarize(state, NOON).recovered


def test_a_closed_incident_takes_little_more_memory_than_its_row() -> None:
    """Parsed, it takes five times as much; and each delivery brings texts of its own."""
    history, count = ClosedIncidents(), 200
    tracemalloc.start()
    for at in range(count):
        history = history.plus(copied(closed(f"0.{at}", ended=NOON + at * MINUTE)))
    gc.collect()  # also frees what Python keeps for the next tuples
    taken, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert taken / count < 150


def test_the_name_of_a_host_is_stored_once() -> None:
    """Each delivery brings a copy of its own; kept, they would grow with the history."""
    state = state_after(
        *(copied(report) for at in range(3) for report in (opened(f"0.{at}"), closed(f"0.{at}")))
    )
    host = state.hosts["www.example.com"]
    assert all(name is host.name for name in state.host_by_incident.values())


def test_what_is_parsed_of_a_copy_is_freed_with_it(monkeypatch: pytest.MonkeyPatch) -> None:
    history = state_after(*blips(3, NOON)).hosts["www.example.com"].closed
    assert history.copy() == history.copy()
    monkeypatch.setattr(closed_incidents, "decode_rows", refuse)
    with pytest.raises(AssertionError, match="looked"):
        history.read()


def copied(report: Incident) -> Incident:
    """With strings that nothing else has, as JSON is decoded."""
    return Incident._make(value.encode().decode() if type(value) is str else value for value in report)
