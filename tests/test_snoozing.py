"""What Google's snoozes change: what closed under one is no recovery, and a snoozed host may be down."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from digest.summary import count_hosts
from hosts.checks import Check
from hosts.incident import Ending, Incident, Kind, join
from hosts.model import State
from hosts.outages import flapping, outages
from hosts.policies import Condition, Policy, Snooze
from hosts.reconciling import by_host, watch_hosts
from hosts.snoozing import (
    NamedSnooze,
    closed_by,
    mark_closed,
    snooze_hosts,
    snoozed_hosts,
    to_snooze,
    with_names,
)
from languages import Locale
from page.board import Board
from page.phrases import also
from slack import replies
from slack.digest_message import render_text
from slack.headlines import headline
from slack.rows import RowContext
from state.decoding import decode
from tests.builders import (
    HOUR,
    IN_ENGLISH,
    IN_KOREAN,
    MINUTE,
    NOON,
    blips,
    closed,
    encoded,
    happen,
    opened,
    state_after,
    summarize,
    wish,
    with_plain_dates,
)
from turns import at_once

SOON, LATER = NOON + MINUTE, NOON + HOUR
WWW, API = "www.example.com", "api.example.com"
CHECKS = by_host([Check(f"{host[:3]}-1", host, "", f"https://{host}/", MINUTE) for host in (WWW, API)])
DOWN = Condition(Kind.DOWNTIME)
ALL = Policy("1", "all", (DOWN,))
ONLY_WWW = Policy("2", "only www", (Condition(Kind.DOWNTIME, frozenset({"www-1"})),))


def snooze(*policies: str, **fields: Any) -> Snooze:
    made = Snooze("s", "release", frozenset(policies), NOON - HOUR, LATER)
    return made._replace(**fields)


def replaced_projects(policy: Policy, *projects: str) -> Policy:
    limited = (each._replace(projects=frozenset(projects)) for each in policy.conditions)
    return policy._replace(conditions=tuple(limited))


SNOOZED: dict[str, tuple[list[Policy], list[Snooze], dict[str, datetime]]] = {
    "the only policy": ([ALL], [snooze("1")], {WWW: LATER, API: LATER}),
    "the policy of one": ([ONLY_WWW], [snooze("2")], {WWW: LATER}),
    "another policy still tells": ([ALL, ONLY_WWW], [snooze("2")], {}),
    "both policies, until the first tells again": (
        [ALL, ONLY_WWW],
        [snooze("2"), snooze("1", ends=SOON)],
        {WWW: SOON, API: SOON},
    ),
    "two snoozes of one policy": ([ALL], [snooze("1", ends=SOON), snooze("1")], {WWW: LATER, API: LATER}),
    "one host of a policy": ([ALL], [snooze("1", hosts=frozenset({WWW}))], {WWW: LATER}),
    "a policy of another project tells nothing": (
        [replaced_projects(ALL, "other"), ONLY_WWW],
        [snooze("2")],
        {WWW: LATER},
    ),
    "a disabled policy tells nothing": ([ALL._replace(enabled=False), ONLY_WWW], [snooze("2")], {WWW: LATER}),
    "over": ([ALL], [snooze("1", ends=NOON)], {}),
    "to come": ([ALL], [snooze("1", starts=SOON)], {}),
    "no policy at all": ([], [snooze("1")], {}),
}


@pytest.mark.parametrize(("policies", "snoozes", "found"), SNOOZED.values(), ids=SNOOZED)
def test_a_host_is_snoozed_while_no_policy_would_report_it(
    policies: list[Policy], snoozes: list[Snooze], found: dict[str, datetime]
) -> None:
    assert at_once(snoozed_hosts)(CHECKS, policies, snoozes, NOON, "acme") == found


def snoozed_state(*incidents: Incident, until: datetime = LATER) -> State:
    watched = watch_hosts(CHECKS, CHECKS, NOON - 2 * HOUR)
    return state_after(*incidents, watched, snooze_hosts([WWW], {WWW: until}))


def report(state: State, now: datetime, locale: Locale) -> list[str]:
    context = RowContext(now, locale, timedelta(days=7))
    return with_plain_dates(replies.host_report(state.hosts[WWW], None, context, figures=())).splitlines()


def test_a_snoozed_host_is_not_called_up() -> None:
    state = snoozed_state()
    for locale, first, row in (
        (IN_ENGLISH, "api.example.com is up · 1 snoozed", "💤 `www.example.com` — snoozed until 13:00 UTC"),
        (IN_KOREAN, "api.example.com", "💤 `www.example.com` — 13:00 UTC까지 일시 중지"),
    ):
        text = with_plain_dates(render_text(summarize(state, NOON), locale))
        assert first in text.splitlines()[0].replace("`", "")
        assert row in text
        assert report(state, NOON, locale)[0] == row
    counts = count_hosts(state, NOON)
    assert (counts.up, counts.unknown) == (1, 1)


def test_beside_snoozed_hosts_alone_the_muted_ones_are_counted() -> None:
    known = happen(snoozed_state(), wish(API))
    digest = summarize(known, NOON)
    assert headline(digest, IN_ENGLISH) == "1 snoozed · 1 muted"
    assert also(at_once(Board.making)(digest, known, ()), None, IN_ENGLISH) == ["1 muted"]


def test_a_host_is_up_once_its_snooze_is_over_unless_it_is_down() -> None:
    """Even if Google cannot be asked."""
    found = summarize(snoozed_state(), LATER)
    assert (found.up, found.snoozed) == ((API, WWW), ())
    found = summarize(snoozed_state(opened()), NOON)
    assert ([down.host.name for down in found.down], found.snoozed) == ([WWW], ())


def test_all_hosts_snoozed_is_not_green() -> None:
    watched, snoozed = watch_hosts(CHECKS, CHECKS, NOON - HOUR), dict.fromkeys(CHECKS, LATER)
    state = state_after(watched, snooze_hosts(CHECKS, snoozed))
    text = render_text(summarize(state, NOON), IN_ENGLISH)
    assert text.splitlines()[0] == "*⚪ 2 snoozed*"


def test_a_snooze_that_is_cancelled_changes_the_host_once() -> None:
    state = decode(encoded(snoozed_state()))[0]
    assert to_snooze({WWW: LATER}, state) == []
    assert to_snooze({}, state) == [WWW]
    ended = state_after(watch_hosts(CHECKS, CHECKS, NOON), snooze_hosts([WWW], {}))
    assert ended.hosts[WWW].snoozed_until(NOON) is None


def test_new_checks_leave_the_snooze_alone() -> None:
    more = {**CHECKS, WWW: [*CHECKS[WWW], CHECKS[WWW][0]._replace(id="www-2")]}
    state = state_after(
        watch_hosts(CHECKS, CHECKS, NOON), snooze_hosts([WWW], {WWW: LATER}), watch_hosts(more, more, NOON)
    )
    assert state.hosts[WWW].snoozed_until(NOON) == LATER


def named(snoozes: list[Snooze], policies: list[Policy]) -> list[NamedSnooze]:
    return at_once(with_names)(snoozes, policies, CHECKS, "acme")


def marked(*incidents: Incident, **fields: Any) -> State:
    snoozes = named([snooze("1", **fields)], [ALL])
    state = state_after(*incidents)
    return state_after(*incidents, mark_closed([*closed_by(snoozes, state)], snoozes))


def endings(state: State) -> list[Ending]:
    return [outage.ending for host in state.hosts.values() for outage in outages(host) if outage.ended]


CLOSES: dict[str, tuple[Incident, Ending]] = {
    "under the snooze": (closed(policy="all"), Ending.SNOOZED),
    "as it began": (closed(policy="all", started=NOON - 2 * HOUR, ended=NOON - HOUR), Ending.SNOOZED),
    "before": (closed(policy="all", started=NOON - 3 * HOUR, ended=NOON - 2 * HOUR), Ending.RECOVERED),
    "as it was over": (closed(policy="all", ended=LATER), Ending.RECOVERED),
    "of another policy": (closed(policy="other"), Ending.RECOVERED),
    "of another host": (closed(host=API, policy="all"), Ending.RECOVERED),
    "by an edit": (closed(policy="all", observed="Incident cancelled because of …"), Ending.CLOSED),
}


@pytest.mark.parametrize(("incident", "ending"), CLOSES.values(), ids=CLOSES)
def test_what_closes_under_a_snooze_has_not_recovered(incident: Incident, ending: Ending) -> None:
    state = marked(incident, hosts=frozenset({WWW}))
    assert endings(state) == endings(decode(encoded(state))[0]) == [ending]


@pytest.mark.parametrize(
    ("kind", "host", "is_closed"),
    [
        (Kind.DOWNTIME, WWW, True),
        (Kind.DOWNTIME, API, False),
        (Kind.DOWNTIME, "unlisted.example.com", True),
        (Kind.CERTIFICATE, API, True),
    ],
)
def test_a_policy_of_the_same_name_is_not_snoozed(kind: Kind, host: str, is_closed: bool) -> None:
    """Incidents name their policy. Those of hosts that only another policy of that name covers are its own."""
    other = ONLY_WWW._replace(id="3", conditions=(Condition(Kind.DOWNTIME, hosts=frozenset({API})),))
    (found,) = named([snooze("2")], [ONLY_WWW, other])
    assert found.explains(closed(host=host, kind=kind, policy="only www")) is is_closed


def test_the_digest_says_closed_and_snoozed() -> None:
    state = marked(closed(policy="all"))
    for locale, row in (
        (IN_ENGLISH, "⚪ `www.example.com` — closed at 12:10 UTC after 10 min (snoozed)"),
        (IN_KOREAN, "⚪ `www.example.com` — 10분 만에 일시 중지로 종료 (12:10 UTC)"),
    ):
        text = with_plain_dates(render_text(summarize(state, LATER), locale))
        assert row in text.splitlines()
    first, *rows = report(state, LATER, IN_ENGLISH)
    assert first == "🟢 `www.example.com` is up."
    assert "closed (snoozed)" in "".join(rows)


def test_a_mark_survives_a_repeated_close_and_is_found_once() -> None:
    state = marked(closed(policy="all"))
    known = state.incident("0.abc")
    assert known is not None
    assert join(known.as_reported(), closed(policy="all")).snoozed
    snoozes = named([snooze("1")], [ALL])
    assert not mark_closed([WWW], snoozes)(state)


def test_outages_cut_by_a_snooze_do_not_count_as_flapping() -> None:
    many = blips(4, NOON, policy="all")
    assert flapping(marked(*many, starts=NOON - 5 * HOUR).hosts[WWW], NOON) == 0
    assert flapping(state_after(*many).hosts[WWW], NOON) == 4


def test_a_snooze_of_a_policy_that_is_gone_has_no_effect() -> None:
    assert named([snooze("9")], [ALL]) == []
    assert list(closed_by([], state_after(closed()))) == []
