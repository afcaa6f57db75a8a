"""The state file: what is written is what is read, and damage never passes."""

import json
from contextlib import suppress
from dataclasses import replace
from zlib import crc32

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hosts.closed_incidents import ClosedIncidents
from hosts.incident import Incident
from hosts.model import DEFAULT, ChannelRecord, Host, State
from state import encoding
from state.backup import InvalidBackup, check_backup
from state.decoding import UnknownVersion, UnreadableState, decode
from state.encoding import encode_head, encode_host, encode_tail
from state.lines import Lines
from tests.builders import NOON, closed, encoded, opened, reports, state_after, wish
from tests.test_decoding import DOCUMENT, FULL, values


def test_whatever_is_read_is_written_again_except_what_only_earlier_versions_wrote() -> None:
    for state in (FULL, replace(FULL, unreported={})):
        assert decode(encoded(state))[0] == state
    written = dict(values(json.loads(encoded(FULL))))
    leaves = [(place, value) for place, value in values(DOCUMENT) if not isinstance(value, dict | list)]
    lost = [place for place, value in leaves if written.get(place) != value]
    assert lost == [("digest", "returned", "over.test"), ("hosts", "a.test", "forgotten_since")]


def test_a_file_of_version_0_1_is_read() -> None:
    """It knew one channel, no end of a mute, and no audit log."""
    head = b"""{"version":1,"digest":{"edition":3,"covers":2,"slot":"2026-11-22T12:00:00Z"},"mutes":{
"old.test":{"at":"2026-11-22T12:00:00Z","by":"U1","by_name":"steve"}
},"hosts":{
"""
    state = decode(head + encode_tail(crc32(head)))[0]
    assert (state.edition, state.channels) == (3, {DEFAULT: ChannelRecord(notified_edition=2, slot=NOON)})
    assert (state.mutes, state.log) == ({"old.test": wish("old.test")}, ())


@given(st.lists(reports(), max_size=10))
def test_any_state_survives_a_round_trip(delivered: list[Incident]) -> None:
    state = state_after(*delivered)
    again, lines = decode(encoded(state))
    assert again == state
    known = Lines({name: encode_host(host) for name, host in state.hosts.items()})
    assert (lines.buffers(), lines.checksum) == (known.buffers(), known.checksum)


def test_it_is_json_with_one_host_a_line_in_order() -> None:
    data = encoded(state_after(opened("b", "b.test"), opened("a", "a.test")))
    assert list(json.loads(data)["hosts"]) == ["a.test", "b.test"]
    assert [line[:8] for line in data.splitlines()[3:5]] == [b'"a.test"', b'"b.test"']


def test_a_closed_incident_takes_one_short_row() -> None:
    line = encode_host(Host("a.test", closed=ClosedIncidents.of((closed("0.x", policy="p"),))))
    assert json.loads(b"{%b}" % line) == {
        "a.test": {"open": [], "past": {"p": [["0.x", 1795348800, 600, 0]]}}
    }


def test_a_file_cut_at_any_byte_is_unreadable() -> None:
    data = encoded(FULL)
    for end in range(len(data) - 1):
        with pytest.raises(UnreadableState):
            decode(data[:end])


@given(st.data())
def test_a_changed_byte_is_unreadable_or_harmless(data: st.DataObject) -> None:
    whole = encoded(FULL)
    at = data.draw(st.integers(0, len(whole) - 1))
    damaged = whole[:at] + bytes([data.draw(st.integers(0, 255))]) + whole[at + 1 :]
    with suppress(UnreadableState):
        assert decode(damaged)[0] == FULL


@pytest.mark.parametrize("edit", [(b"steve", b"eve"), (b'"version":1', b'"version":7')])
def test_an_edited_file_is_recognized(edit: tuple[bytes, bytes]) -> None:
    with pytest.raises(UnreadableState, match="checksum"):
        decode(encoded(FULL).replace(*edit))


def test_a_file_with_another_version_and_a_broken_host_is_damaged() -> None:
    """So that the version before it is used."""
    data = encoded(state_after(opened()))
    broken = data.replace(b'"version":1', b'"version":7').replace(b'"open":[', b'"open":\x00', 1)
    with pytest.raises(UnreadableState):
        decode(broken)


def test_a_file_of_another_version_is_not_called_damaged() -> None:
    head = encode_head(State()).replace(b'"version":1', b'"version":2')
    later = head + encode_tail(crc32(head))
    with pytest.raises(UnknownVersion, match="has version 2"):
        decode(later)
    hint = "but this program reads version 1; import it with the version"
    with pytest.raises(InvalidBackup, match=f"has version 2, {hint}"):
        check_backup(later)


def test_mutes_and_log_are_encoded_once_while_they_stay_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    head = encode_head(FULL)
    for name in ("_mute", "_audit_entry"):
        monkeypatch.setattr(encoding, name, None)  # whoever calls it fails
    assert encode_head(replace(FULL, hosts={})) == head
    for changed in (replace(FULL, mutes=dict(list(FULL.mutes.items())[:1])), replace(FULL, log=FULL.log[:1])):
        with pytest.raises(TypeError):
            encode_head(changed)
