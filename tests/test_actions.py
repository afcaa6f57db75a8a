"""Logs each change by people as one line of JSON that nobody can forge."""

import json
import logging
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from handlers.actions import log_change
from hosts.incident import Person
from hosts.model import Action, AuditEntry
from lifecycle.logs import LINE_LIMIT, Formatter
from slack.phrases import cut
from slack.reasons import LONGEST_REASON
from slack.request import Request, read_request
from slack.text import one_line
from slack.verify import SignedBody
from tests.builders import NOON
from tests.test_request import TOKENS, body


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
    sent = SignedBody(body(user_name=name.encode(errors="replace").decode()))
    if (request := read_request(sent, TOKENS, (), NOON)) is None:
        return
    reason = cut(one_line(host * 40), LONGEST_REASON)
    written = line(caplog, request, removal(host * 40, until=NOON, reason=reason))
    fields = json.loads(written)
    assert (fields["user_id"], fields["user_name"]) == ("U1", request.user_name)
    assert len(fields["user_name"]) <= 80
    assert written.isprintable()
    assert len(written) <= LINE_LIMIT
