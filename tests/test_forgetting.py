"""A host that was mistyped or retired is forgotten, and stays so."""

import json
from datetime import timedelta
from pathlib import Path

import pytest

from state import changes
from state.changes import record_incident
from state.decoding import decode
from state.forgetting import forget, prune_forgotten
from state.model import Mute, State
from state.patch import NOTHING, apply
from tests.builders import MINUTE, NOON, closed, encoded, opened, state_after
from tests.support import incident_body
from tests.test_handlers import Service

WWW = "www.example.com"
LATER = NOON + 60 * MINUTE
MUTE = changes.mute(Mute(WWW, "U1", "steve", NOON))


def test_it_goes_with_its_history_and_its_mute() -> None:
    state = state_after(closed(), MUTE, closed("other", "b.test"), forget(WWW, LATER))
    assert (set(state.hosts), set(state.owners), state.mutes) == ({"b.test"}, {"other"}, {})


def test_a_late_repeat_of_its_open_does_not_bring_it_back() -> None:
    state = state_after(closed(), forget(WWW, LATER))
    for again in (state, decode(encoded(state))[0]):
        assert record_incident(opened())(again) is NOTHING
        assert record_incident(opened("new"))(again)


def test_nothing_is_forgotten_while_something_is_open() -> None:
    assert forget(WWW, LATER)(state_after(closed("a"), opened("b"))) is NOTHING
    assert forget(WWW, LATER)(State()) is NOTHING


def test_the_ids_are_let_go_of_when_google_no_longer_repeats_them() -> None:
    state = state_after(closed(), forget(WWW, LATER))
    assert prune_forgotten(LATER + timedelta(days=3))(state) is NOTHING
    apply(state, prune_forgotten(LATER + timedelta(days=5))(state))
    assert state.forgotten == {}
    long_ago = state_after(closed(), forget(WWW, LATER + timedelta(days=9)))
    assert long_ago.forgotten == {}


async def test_it_is_asked_back_first(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    service = Service(tmp_path, hosts=["quiet.test", "old.test"])
    await service.deliver(incident_body("a", "closed", host="old.test"))
    await service.deliver(incident_body("b", "open", host="down.test"))
    assert "with 1 closed incident" in await service.answer("uptime forget old.test")
    assert "type `uptime forget! old.test`" in await service.answer("uptime forget old.test")
    assert "old.test" in service.store.state.hosts
    assert "cannot be forgotten" in await service.answer("uptime forget! down.test")
    assert "Nothing was ever heard of" in await service.answer("uptime forget! quiet.test")
    assert "Type the hosts themselves" in await service.answer("uptime forget! *.test")
    with caplog.at_level("INFO"):
        told = await service.answer("uptime forget! old.test")
    assert "`old.test` is forgotten" in told
    assert "It stands in `hosts:`" in told
    assert '"did": "forget"' in caplog.text
    assert "steve forgot `old.test`" in await service.answer("uptime log")
    assert (await service.deliver(incident_body("a", "open", host="old.test")))[1]["result"] == "unchanged"
    assert set(service.store.state.hosts) == {"down.test"}
    await service.close()


async def test_only_admins_may(tmp_path: Path) -> None:
    service = Service(tmp_path, slack={"outgoing_token": "outgoing-token", "admins": ["U024BE7LH"]})
    await service.deliver(incident_body("a", "closed"))
    assert "not change anything" in await service.answer(f"uptime forget! {WWW}")
    assert json.dumps(list(service.store.state.hosts)) == f'["{WWW}"]'
    await service.close()
