"""Who changed what goes with the change into the same commit, and into the log as one line that nobody can forge."""

import json
from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from handlers.actions import log_change
from hosts import changes
from hosts.changes import OncePerRequest, ReplayedRequest, with_audit
from hosts.incident import Person
from hosts.model import NOTHING, Action, AuditEntry, Change, State
from hosts.retention import AUDIT_LOG_SIZE, REPLAY_WINDOW
from lifecycle.logs import LINE_LIMIT, Formatter
from slack.reasons import LONGEST_REASON
from slack.request import Request, Way, read_request
from slack.text import cut, one_line
from slack.verify import SignedBody
from tests.builders import NOON, STEVE, happen, state_after, wish
from tests.test_request import TOKENS
from tests.test_request import body as webhook_body


def removing(host: str, request: str = "", at: datetime = NOON) -> Change:
    entry = AuditEntry(Action.REMOVE, host, STEVE, at, request=request)
    return with_audit(changes.mute(wish(host, at=at)), entry)


def restoring(host: str) -> Change:
    return with_audit(changes.unmute(host), AuditEntry(Action.RESTORE, host, STEVE, NOON))


def told(state: State) -> list[tuple[str, str]]:
    return [(entry.action.value, entry.target) for entry in state.log]


def test_what_people_changed_is_kept_in_its_order_and_what_changed_nothing_is_not() -> None:
    state = state_after(removing("a"), removing("a"), removing("b"), restoring("nowhere"), restoring("a"))
    assert told(state) == [("remove", "a"), ("remove", "b"), ("restore", "a")]
    assert state.log[0].by == STEVE
    assert list(state.mutes) == ["b"]
    assert removing("b")(state) is NOTHING


def test_only_the_last_are_kept() -> None:
    state = state_after(*(removing(f"{n}") for n in range(AUDIT_LOG_SIZE + 3)))
    assert [target for _, target in told(state)] == [f"{n}" for n in range(3, AUDIT_LOG_SIZE + 3)]


def test_what_a_request_did_is_kept_while_it_could_be_sent_again_whatever_follows() -> None:
    many = [removing(f"{n}") for n in range(AUDIT_LOG_SIZE)]
    log = state_after(removing("a", "first"), removing("b", "first"), removing("c", "second"), *many).log
    assert [entry.request for entry in log] == ["first", "second", *[""] * AUDIT_LOG_SIZE]
    for late, kept in ((timedelta(), ["first", "second"]), (timedelta(seconds=1), [])):
        state = happen(State(log=log), removing("d", "third", NOON + REPLAY_WINDOW + late))
        requests = [entry.request for entry in state.log]
        assert requests == [*kept, *[""] * (AUDIT_LOG_SIZE - 1), "third"]


def test_a_request_changes_something_once_but_all_that_it_is_about() -> None:
    once, another = OncePerRequest("one"), OncePerRequest("two")
    state = state_after(once(removing("a", "one")), once(removing("b", "one")), another(changes.unmute("a")))
    assert list(state.mutes) == ["b"]
    for change in (removing("a", "one"), removing("b", "one"), lambda _: NOTHING):
        with pytest.raises(ReplayedRequest):
            OncePerRequest("one")(change)(state)
    assert OncePerRequest("three")(removing("a", "three"))(state)


def test_requests_that_cannot_be_told_apart_pass_every_time() -> None:
    state = state_after(
        *(OncePerRequest("")(change) for change in (removing("a"), restoring("a"), removing("a")))
    )
    assert len(state.log) == 3


def removal(host: str, **said: Any) -> AuditEntry:
    return AuditEntry(Action.REMOVE, host, Person("U1", "민수"), NOON, **said)


def line(caplog: pytest.LogCaptureFixture, request: Request, entry: AuditEntry) -> str:
    caplog.clear()
    log_change(request, entry)
    (record,) = caplog.records
    return Formatter("%(message)s").format(record)


def test_a_change_is_logged_with_who_did_what_and_how(caplog: pytest.LogCaptureFixture) -> None:
    request = Request("", "U1", "민수", "C1", "T1", Way.SLASH, fingerprint=None)
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
