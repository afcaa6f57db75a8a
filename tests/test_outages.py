"""What a host's incidents come to: how many outages, and how long in all."""

from datetime import timedelta

import pytest

from digest.outages import flapping, merged, together
from state.incident import CANCELLED, Incident, Kind
from state.model import Host
from tests.builders import MINUTE, NOON, blips, closed, opened, state_after

NOW = NOON + 60 * MINUTE
DAY = timedelta(days=1)


def blip(begun: timedelta, lasted: timedelta = MINUTE) -> Incident:
    """Over again, begun so long before now."""
    return closed(started=NOW - begun, ended=NOW - begun + lasted)


def host(*incidents: Incident) -> Host:
    return state_after(*incidents).hosts["www.example.com"]


def test_time_that_overlaps_counts_once() -> None:
    incidents = [
        closed("a"),
        closed("b", started=NOON + 5 * MINUTE, ended=NOON + 15 * MINUTE),
        closed("c", started=NOON + 6 * MINUTE, ended=NOON + 7 * MINUTE),
        opened("d", started=NOW - MINUTE),
    ]
    assert together(incidents, NOW) == 16 * MINUTE
    assert merged(incidents, NOW) == [(NOON, NOON + 15 * MINUTE), (NOW - MINUTE, NOW)]


def test_an_end_before_its_begin_takes_no_time() -> None:
    assert together([closed(ended=NOON - MINUTE)], NOW) == timedelta()


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
