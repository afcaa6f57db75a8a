"""For how much of the time a host was up."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hosts import retention
from hosts.incident import Incident, Kind
from hosts.model import Host
from hosts.uptime import known_since, outages_within, uptimes
from tests.builders import KEEP, MINUTE, NOON, closed, opened, state_after, take_digest

DAY = timedelta(days=1)


def host(*incidents: Incident) -> Host:
    return state_after(*incidents).hosts["www.example.com"]


def down(begun: timedelta, lasted: timedelta, name: str = "a") -> Incident:
    """Begun so long before NOON."""
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
def test_figures_of_what_is_known(incidents: list[Incident], figures: list[tuple[str, bool]]) -> None:
    assert told(*incidents) == figures


def test_of_a_host_never_heard_of_there_is_no_figure() -> None:
    assert uptimes(Host("new.test"), NOON) == []


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
