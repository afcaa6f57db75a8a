"""A host that was mistyped or retired is forgotten, and stays so."""

import asyncio
from datetime import timedelta
from pathlib import Path

import pytest

from hosts.changes import forget, record_incident
from hosts.checks import Check
from hosts.model import NOTHING, State, apply
from hosts.reconciling import by_host, watch_hosts
from hosts.retention import prune_forgotten
from state.decoding import decode
from tests.builders import MINUTE, NOON, closed, encoded, opened, state_after, wish
from tests.google_settings import CHECK
from tests.service import Service, delivery_under_way
from tests.support import incident_body, until

WWW = "www.example.com"
LATER = NOON + 60 * MINUTE


def test_it_goes_with_its_history_and_its_mute() -> None:
    state = state_after(closed(), wish(), closed("other", "b.test"), forget([WWW], LATER))
    assert (set(state.hosts), set(state.host_by_incident), state.mutes) == ({"b.test"}, {"other"}, {})


def test_a_late_repeat_of_its_open_does_not_bring_it_back() -> None:
    state = state_after(closed(), forget([WWW], LATER))
    for again in (state, decode(encoded(state))[0]):
        assert record_incident(opened())(again) is NOTHING
        assert record_incident(opened("new"))(again)


def test_nothing_is_forgotten_while_something_is_open() -> None:
    assert forget([WWW], LATER)(state_after(closed("a"), opened("b"))) is NOTHING
    assert forget([WWW], LATER)(State()) is NOTHING


def test_the_ids_are_dropped_when_google_no_longer_repeats_them() -> None:
    state = state_after(closed(), forget([WWW], LATER))
    assert prune_forgotten(LATER + timedelta(days=3))(state) is NOTHING
    apply(state, prune_forgotten(LATER + timedelta(days=5))(state))
    assert state.forgotten == {}
    long_ago = state_after(closed(), forget([WWW], LATER + timedelta(days=9)))
    assert long_ago.forgotten == {}


async def test_it_asks_for_confirmation_first(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    service = Service(tmp_path, hosts=["quiet.test", "old.test"])
    await service.hear("old.test", state="closed")
    await service.hear("down.test")
    asked = await service.answer("uptime forget old.test")
    assert "forgets `old.test` for good, with 1 past incident since <!date^" in asked
    assert asked.endswith("To confirm, type `uptime forget! old.test`")
    assert "old.test" in service.store.state.hosts
    assert "cannot be forgotten" in await service.answer("uptime forget! down.test")
    answer = await service.answer("uptime forget! quiet.test")
    assert "There is no data about `quiet.test`. If it is listed, remove it" in answer
    asked = await service.answer("uptime forget! *.test")
    assert "Type the hosts themselves: `uptime forget old.test`" in asked
    assert "cannot be forgotten" in await service.answer("uptime forget! old.test down.test")
    assert "old.test" in service.store.state.hosts
    told = await service.answer("uptime forget! old.test")
    assert "`old.test` is forgotten" in told
    assert "It is listed under `hosts:`" in told
    assert '"did": "forget"' in caplog.text
    assert "steve forgot `old.test`" in await service.answer("uptime log")
    repeated = incident_body("0.old.test", host="old.test")
    assert (await service.deliver(repeated))[1]["result"] == "unchanged"
    assert set(service.store.state.hosts) == {"down.test"}
    await service.close()


async def test_a_host_that_a_check_watches_stays_known_and_the_answer_says_why(service: Service) -> None:
    await service.store.commit(watch_hosts([WWW], by_host([CHECK]), NOON))
    stays = "An uptime check watches it, so it stays known for as long as the check exists."
    assert await service.answer(f"uptime forget! {WWW}") == f"🤔 There is no data about `{WWW}`. {stays}"
    await service.deliver(incident_body("a", "closed"))
    assert f"is forgotten. It comes back if Google reports a new incident.\n↳ {stays}" in (
        await service.answer(f"uptime forget! {WWW}")
    )


@pytest.mark.parametrize(
    ("language", "verb", "muted"), [("en", "forget", "and the mute"), ("ko", "잊기", "숨김")]
)
async def test_the_question_says_what_would_be_lost(
    tmp_path: Path, language: str, verb: str, muted: str
) -> None:
    service = Service(tmp_path, language=language)
    for number, host in enumerate(("a.test", "b.test", "b.test")):
        spell = {"started_at": 1_795_000_000 + 100 * number, "ended_at": 1_795_000_060 + 100 * number}
        await service.deliver(incident_body(f"{number}", "closed", host, **spell))
    await service.answer("uptime remove b.test")
    answer = await service.answer(f"uptime {verb} a.test, b.test")
    for part in ("`a.test` `b.test`", "3", "<!date^1795", muted, f"`uptime {verb}! a.test, b.test`"):
        assert part in answer
    assert set(service.store.state.hosts) == {"a.test", "b.test"}
    assert len((await service.answer(f"uptime {verb}! a.test, b.test")).splitlines()) == 2
    assert not service.store.state.hosts
    assert not service.store.state.mutes
    assert "b.test" in await service.answer("uptime log b.test")
    await service.close()


async def test_a_mute_that_has_ended_is_not_among_what_would_be_lost(service: Service) -> None:
    await service.deliver(incident_body("a", "closed"))
    await service.answer(f"uptime mute {WWW} for 1h")
    assert "and the mute" in await service.answer(f"uptime forget {WWW}")
    service.stop_clock(timedelta(hours=2))
    assert "and the mute" not in await service.answer(f"uptime forget {WWW}")


async def test_what_fails_before_the_save_is_kept(service: Service, monkeypatch: pytest.MonkeyPatch) -> None:
    await service.deliver(incident_body("a", "closed"))
    async with delivery_under_way(service, monkeypatch, "b"):
        asked = asyncio.create_task(service.answer(f"uptime forget! {WWW}"))
        await until(lambda: service.store._waiting)
    assert "cannot be forgotten" in await asked
    assert "Nobody has changed anything" in await service.answer("uptime log")


async def test_with_the_last_host_forgotten_it_is_not_as_if_google_had_been_silent(service: Service) -> None:
    await service.deliver(incident_body("a", "closed"))
    await service.answer(f"uptime forget! {WWW}")
    assert "No incident has been received" not in await service.answer("uptime check")


async def test_a_host_that_google_still_watches_is_forgotten_and_stays_watched(service: Service) -> None:
    check = Check("1", WWW, "start page", f"https://{WWW}/", MINUTE)
    await service.store.commit(watch_hosts([WWW], by_host([check]), NOON))
    await service.deliver(incident_body("a", "closed"))
    assert f"`{WWW}` is forgotten" in await service.answer(f"uptime forget! {WWW}")
    assert not service.store.state.hosts[WWW].has_history
