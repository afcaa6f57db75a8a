"""Who changed what goes with the change into the same commit, and into the log as one line that nobody can forge."""

import json
import logging
from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from handlers.actions import log_change
from hosts import changes
from hosts.changes import OncePerRequest, ReplayedRequest, with_audit
from hosts.incident import Person
from hosts.model import AUDIT_LOG_SIZE, NOTHING, REPLAY_WINDOW, Action, AuditEntry, Change, Mute, Patch, State
from lifecycle.logs import LINE_LIMIT, Formatter
from slack.reasons import LONGEST_REASON
from slack.request import Request, read_request
from slack.text import cut, one_line
from slack.verify import SignedBody
from tests.builders import NOON, state_after
from tests.test_request import TOKENS
from tests.test_request import body as webhook_body

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


def removal(host: str, **said: Any) -> AuditEntry:
    return AuditEntry(Action.REMOVE, host, Person("U1", "민수"), NOON, **said)


def line(caplog: pytest.LogCaptureFixture, request: Request, entry: AuditEntry) -> str:
    caplog.clear()
    with caplog.at_level(logging.INFO, "changes"):
        log_change(request, entry)
    (record,) = caplog.records
    return Formatter("%(message)s").format(record)


def test_a_change_is_logged_with_who_did_what_and_how(caplog: pytest.LogCaptureFixture) -> None:
    request = Request("", "U1", "민수", "C1", "T1", is_slash=True, fingerprint=None)
    who = '"user_id": "U1", "user_name": "민수", "team_id": "T1", "channel_id": "C1", "via": "slash command"}'
    assert line(caplog, request, removal("a.test")) == '{"did": "remove", "host": "a.test", ' + who
    until = removal("a.test", until=NOON, reason="배포")
    ends = '"a.test", "until": "2026-11-22T12:00:00Z", "reason": "배포", "user'
    assert ends in line(caplog, request, until)
    assert '"a.test", "until": "up", "user' in line(caplog, request, removal("a.test", until_up=True))


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(), st.text() | st.just('a", "user_id": "U2') | st.just("x\r\nforged\u202e\x85" * 100))
def test_no_name_can_forge_a_log_line(caplog: pytest.LogCaptureFixture, host: str, name: str) -> None:
    sent = SignedBody(webhook_body(user_name=name.encode(errors="replace").decode()))
    if (request := read_request(sent, TOKENS, (), NOON)) is None:
        return
    reason = cut(one_line(host * 40), LONGEST_REASON)
    written = line(caplog, request, removal(host * 40, until=NOON, reason=reason))
    fields = json.loads(written)
    assert (fields["user_id"], fields["user_name"]) == ("U1", request.user_name)
    assert len(fields["user_name"]) <= 80
    assert written.isprintable()
    assert len(written) <= LINE_LIMIT
