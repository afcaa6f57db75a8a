"""What a host's incidents add up to: how many outages, how long in all, and what share of the time it was up."""

from datetime import datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hosts import retention
from hosts.incident import CANCELLED, Incident, Kind
from hosts.model import Host
from hosts.outages import current_outage, current_warning, flapping, outages
from hosts.uptime import known_since, outages_within, uptimes
from tests.builders import (
    DAY,
    KEEP,
    MINUTE,
    NOON,
    blips,
    closed,
    moments,
    opened,
    reports,
    state_after,
    take_digest,
)

NOW = NOON + 60 * MINUTE


def blip(begun: timedelta, lasted: timedelta = MINUTE) -> Incident:
    """A short outage that began that long before now."""
    return closed(started=NOW - begun, ended=NOW - begun + lasted)


def host(*incidents: Incident) -> Host:
    return state_after(*incidents).hosts["www.example.com"]


def test_incidents_that_overlap_or_touch_are_one_outage() -> None:
    found = outages(
        host(
            closed("a"),
            closed("b", started=NOON + 5 * MINUTE, ended=NOON + 15 * MINUTE),
            closed("c", started=NOON + 6 * MINUTE, ended=NOON + 7 * MINUTE),
            closed("d", started=NOON + 15 * MINUTE, ended=NOON + 16 * MINUTE),
            opened("e", started=NOW - MINUTE),
        )
    )
    assert [(outage.began, outage.ended, outage.lasted(NOW)) for outage in found] == [
        (NOON, NOON + 16 * MINUTE, 16 * MINUTE),
        (NOW - MINUTE, None, MINUTE),
    ]


def test_a_chain_of_incidents_is_one_outage_from_the_first_to_the_last() -> None:
    chain = [closed(f"{n}", started=NOON + n * MINUTE, ended=NOON + (n + 2) * MINUTE) for n in range(50)]
    chained = host(*chain, opened("x", started=NOON + 51 * MINUTE))
    assert [o.began for o in outages(chained, NOON + 51 * MINUTE)] == [NOON]
    assert [len(o.incidents) for o in outages(chained)] == [51]


def test_a_warning_period_is_of_the_other_kinds() -> None:
    warned = host(
        opened("a", kind=Kind.CERTIFICATE),
        opened("b", kind=Kind.SIGNAL, started=NOON + MINUTE),
        closed("a", kind=Kind.CERTIFICATE),
        opened("c", started=NOON + 20 * MINUTE),
    )
    warning, outage = current_warning(warned), current_outage(warned)
    assert warning
    assert outage
    assert (warning.began, outage.began) == (NOON, NOON + 20 * MINUTE)


@pytest.mark.parametrize(
    ("incidents", "is_doubtful"),
    [
        ([opened()], True),
        ([opened(started=NOW)], False),
        ([opened("a"), opened("b", started=NOW)], False),
        ([opened(confirmed=NOW)], False),
        ([opened(listed=True, confirmed=NOON + MINUTE)], True),
        ([opened("a"), opened("b", confirmed=NOW)], False),
        ([opened(started=NOW, absent=True)], True),
        ([opened("a", started=NOW, absent=True), opened("b", started=NOW)], False),
    ],
)
def test_an_outage_that_google_has_not_shown_for_long_or_no_longer_knows_is_doubtful(
    incidents: list[Incident], is_doubtful: bool
) -> None:
    outage = current_outage(host(*incidents))
    assert outage
    assert outage.is_doubtful(NOW) is is_doubtful


@given(st.lists(reports(), max_size=8), moments)
def test_the_outages_since_a_moment_are_the_last_of_all(delivered: list[Incident], since: datetime) -> None:
    for one in state_after(*delivered).hosts.values():
        every = outages(one)
        assert outages(one, since) == [o for o in every if o.ended is None or o.ended >= since]
        assert current_outage(one) == next((o for o in every if o.ended is None), None)
        assert sorted(i.id for o in every for i in o.incidents) == sorted(
            i.id for i in one.incidents() if i.kind is Kind.DOWNTIME
        )
        for earlier, later in pairwise(every):
            assert earlier.ended
            assert earlier.ended < later.began


@pytest.mark.parametrize(
    ("incidents", "outages"),
    [
        (blips(2, NOW), 0),
        (blips(3, NOW), 3),
        ([*blips(3, NOW), opened("x", started=NOW - MINUTE)], 4),
        ([*blips(2, NOW), opened("x", started=NOW - MINUTE)], 3),
        (blips(3, NOW, kind=Kind.SIGNAL), 0),
        ([*blips(2, NOW), opened("x", kind=Kind.CERTIFICATE)], 0),
        (blips(3, NOW, observed=f"{CANCELLED} it was edited"), 0),
        ([*blips(2, NOW), blip(DAY)], 3),
        ([*blips(2, NOW), blip(DAY + 5 * MINUTE)], 0),
        ([*blips(2, NOW), blip(DAY + 5 * MINUTE, 10 * MINUTE)], 0),
        ([opened(f"{n}", started=NOW - n * MINUTE) for n in range(5)], 0),
    ],
    ids=[
        "two", "three", "three and one open", "two and one open", "signals", "a certificate", "edits",
        "just within a day", "longer ago", "begun longer ago", "all at once",
    ],
)  # fmt: skip
def test_three_outages_begun_within_a_day_are_flapping(incidents: list[Incident], outages: int) -> None:
    assert flapping(host(*incidents), NOW) == outages


def down(begun: timedelta, lasted: timedelta, name: str = "a") -> Incident:
    """An outage that began that long before NOON."""
    return closed(name, started=NOON - begun, ended=NOON - begun + lasted)


def told(*incidents: Incident) -> list[tuple[str, bool]]:
    return [(one.percent, one.whole) for one in uptimes(host(*incidents), NOON)]


OLD = down(60 * DAY, MINUTE, "old")


@pytest.mark.parametrize(
    ("incidents", "figures"),
    [
        ([OLD], [("100", True)] * 3),
        ([OLD, down(DAY / 2, DAY / 4)], [("75.00", True), ("96.42", True), ("99.16", True)]),
        ([OLD, opened(started=NOON - DAY / 2)], [("50.00", True), ("92.85", True), ("98.33", True)]),
        ([OLD, down(2 * DAY, 0.1 * MINUTE)], [("100", True), ("99.99", True), ("99.99", True)]),
        ([OLD, closed("w", kind=Kind.CERTIFICATE, started=NOON - DAY, ended=NOON)], [("100", True)] * 3),
        ([opened(started=NOON - 90 * DAY)], [("0.00", True)] * 3),
        ([down(3 * DAY, DAY)], [("100", True), ("66.66", False)]),
        ([down(DAY, MINUTE)], [("99.93", True), ("99.93", False)]),
        ([down(DAY - MINUTE, MINUTE)], []),
        ([opened(started=NOON - 10 * MINUTE)], []),
        ([opened(started=NOON)], []),
    ],
    ids=["none", "one", "open", "blip", "no downtime", "always", "3 days", "a day", "less", "new", "now"],
)
def test_figures_cover_the_known_time(incidents: list[Incident], figures: list[tuple[str, bool]]) -> None:
    assert told(*incidents) == figures
    assert uptimes(Host("never.heard.of.test"), NOON) == []


def pruned(*incidents: Incident) -> Host:
    return state_after(*incidents, take_digest, retention.prune(NOON, 90, KEEP, 1)).hosts["www.example.com"]


def test_a_host_that_lost_history_is_known_since_the_last_end_it_lost() -> None:
    assert known_since(pruned(down(100 * DAY, DAY), down(5 * DAY, DAY, "b"))) == NOON - 99 * DAY
    crowded = pruned(*(down(timedelta(hours=200 - n), MINUTE, f"{n:03}") for n in range(KEEP + 20)))
    assert known_since(crowded) == NOON - timedelta(hours=181) + MINUTE
    assert [one.whole for one in uptimes(crowded, NOON)] == [True, True, False]


minutes = st.integers(-200, 40)


@given(st.lists(st.tuples(minutes, minutes, st.booleans()), min_size=1, max_size=8), st.integers(1, 150))
def test_every_minute_is_down_or_up(spans: list[tuple[int, int, bool]], window: int) -> None:
    """Against an oracle that looks at each minute."""
    incidents = [
        opened(f"{n}", started=NOON + begun * MINUTE)._replace(
            ended=None if still else NOON + max(begun, ended) * MINUTE
        )
        for n, (begun, ended, still) in enumerate(spans)
    ]
    since = NOON - window * MINUTE
    found = outages_within(host(*incidents), since, NOON)
    walk = [NOON - n * MINUTE for n in range(window, 0, -1)]
    down_at = [any(i.started <= m and (i.ended is None or m < i.ended) for i in incidents) for m in walk]
    assert sum((b - a for a, b in found), timedelta()) == sum(down_at) * MINUTE
    assert found == sorted(found)
