"""What a host's incidents come to: how many outages, and how long in all."""

from datetime import datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hosts.incident import CANCELLED, Incident, Kind
from hosts.model import Host
from hosts.outages import current_outage, current_warning, flapping, outages
from tests.builders import MINUTE, NOON, blips, closed, moments, opened, reports, state_after

NOW = NOON + 60 * MINUTE
DAY = timedelta(days=1)


def blip(begun: timedelta, lasted: timedelta = MINUTE) -> Incident:
    """Over again, begun so long before now."""
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
def test_those_since_a_moment_are_the_last_of_all(delivered: list[Incident], since: datetime) -> None:
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
