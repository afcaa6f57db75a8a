"""Who changed what goes with the change, into the same commit."""

from datetime import datetime, timedelta
from pathlib import Path

import pytest

from hosts import changes
from hosts.changes import OncePerRequest, ReplayedRequest, with_audit
from hosts.incident import Person
from hosts.model import AUDIT_LOG_SIZE, NOTHING, REPLAY_WINDOW, Action, AuditEntry, Change, Mute, Patch, State
from state.loading import open_store
from state.store import SaveFailed
from tests.builders import NOON, full_disk, state_after

STEVE = Person("U1", "steve")


def removing(host: str) -> Change:
    return with_audit(changes.mute(Mute(host, *STEVE, NOON)), AuditEntry(Action.REMOVE, host, STEVE, NOON))


def restoring(host: str) -> Change:
    return with_audit(changes.unmute(host), AuditEntry(Action.RESTORE, host, STEVE, NOON))


def told(state: State) -> list[tuple[str, str]]:
    return [(entry.action.value, entry.target) for entry in state.log]


def test_what_people_did_is_kept_in_its_order() -> None:
    state = state_after(removing("a"), removing("b"), restoring("a"))
    assert told(state) == [("remove", "a"), ("remove", "b"), ("restore", "a")]
    assert state.log[0].by == STEVE
    assert list(state.mutes) == ["b"]


def test_what_changed_nothing_is_not_logged() -> None:
    state = state_after(removing("a"), removing("a"), restoring("nowhere"))
    assert told(state) == [("remove", "a")]
    assert removing("a")(state) is NOTHING


def test_only_the_last_are_kept() -> None:
    state = state_after(*(removing(f"{n}") for n in range(AUDIT_LOG_SIZE + 3)))
    assert [target for _, target in told(state)] == [f"{n}" for n in range(3, AUDIT_LOG_SIZE + 3)]


def by(request: str, host: str, at: datetime = NOON) -> Change:
    return with_audit(
        changes.mute(Mute(host, *STEVE, at)), AuditEntry(Action.REMOVE, host, STEVE, at, request=request)
    )


def test_what_a_request_did_is_kept_while_it_could_be_sent_again_whatever_follows() -> None:
    many = [removing(f"{n}") for n in range(AUDIT_LOG_SIZE)]
    state = state_after(by("first", "a"), by("first", "b"), by("second", "c"), *many)
    assert [entry.request for entry in state.log] == ["first", "second", *[""] * AUDIT_LOG_SIZE]
    later = NOON + REPLAY_WINDOW
    log = state_after(*_again(state), by("third", "d", later)).log
    assert [entry.request for entry in log] == ["first", "second", *[""] * (AUDIT_LOG_SIZE - 1), "third"]
    log = state_after(*_again(state), by("third", "d", later + timedelta(seconds=1))).log
    assert [entry.request for entry in log] == [*[""] * (AUDIT_LOG_SIZE - 1), "third"]


def _again(state: State) -> list[Change]:
    return [lambda _: Patch(log=state.log)]


def test_a_request_changes_something_once() -> None:
    state = state_after(OncePerRequest("one")(by("one", "a")), OncePerRequest("two")(changes.unmute("a")))
    for change in (by("one", "a"), by("one", "b"), lambda _: NOTHING):
        with pytest.raises(ReplayedRequest):
            OncePerRequest("one")(change)(state)
    assert OncePerRequest("three")(by("three", "a"))(state)


def test_all_changes_of_a_request_pass_or_none() -> None:
    once = OncePerRequest("one")
    state = state_after(once(by("one", "a")), once(by("one", "b")))
    assert list(state.mutes) == ["a", "b"]


def test_what_nobody_can_tell_apart_passes_each_time() -> None:
    state = state_after(
        *(OncePerRequest("")(change) for change in (removing("a"), restoring("a"), removing("a")))
    )
    assert len(state.log) == 3


async def test_it_is_on_the_disk_with_the_change_or_neither_is(tmp_path: Path) -> None:
    path = tmp_path / "state.json"
    store = open_store(path, NOON)
    await store.commit(removing("a"))

    with full_disk(), pytest.raises(SaveFailed):
        await store.commit(removing("b"))
    assert (told(store.state), list(store.state.mutes)) == ([("remove", "a")], ["a"])
    await store.close()
    again = open_store(path, NOON)
    await again.close()
    assert again.state == store.state
