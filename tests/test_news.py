"""What counts as news, and what does not."""

from datetime import timedelta

import pytest

from digest.channel import fingerprint, has_no_news
from digest.notifications import begin_edition, record_digest
from digest.summary import summarize
from hosts.changes import mute, unmute
from hosts.incident import Incident
from hosts.model import DEFAULT, Mute
from hosts.patch import Change
from tests.builders import MINUTE, NOON, closed, opened, state_after

DAY = timedelta(days=1)
MUTED = mute(Mute("www.example.com", "U1", "steve", NOON))
BEFORE: list[Change | Incident] = [opened("0.1"), opened("0.2", "b.test"), closed("0.3", "c.test")]


def is_old_after(*steps: Change | Incident, later: timedelta = 30 * MINUTE) -> bool:
    """Whether nothing is new after `steps`, to a reader of the digest that was posted before them."""
    before = state_after(*BEFORE, begin_edition)
    told = fingerprint(summarize(before, NOON))
    state = state_after(*BEFORE, begin_edition, record_digest(DEFAULT, NOON, 1, told), *steps)
    return has_no_news(summarize(state, NOON + later), state.record(DEFAULT), NOON + later, DAY)


def test_time_alone_is_no_news() -> None:
    assert is_old_after()
    assert is_old_after(later=23 * 60 * MINUTE)
    assert is_old_after(MUTED, unmute("www.example.com"))
    assert is_old_after(begin_edition)


@pytest.mark.parametrize(
    "step",
    [
        opened("0.4", "d.test"),
        opened("0.5"),
        closed("0.1"),
        closed("0.6", "c.test", started=NOON + 20 * MINUTE, ended=NOON + 25 * MINUTE),
        MUTED,
    ],
    ids=["another host", "another incident", "recovered", "down and up again", "muted"],
)
def test_what_a_reader_would_notice_is_news(step: Change | Incident) -> None:
    assert not is_old_after(step)


def test_silence_ends_all_the_same() -> None:
    assert not is_old_after(later=DAY)


def test_a_last_digest_dated_by_a_clock_ahead_of_its_time_silences_nothing() -> None:
    state = state_after(*BEFORE, begin_edition)
    told = fingerprint(summarize(state, NOON))
    record = record_digest(DEFAULT, NOON + 9 * 60 * MINUTE, 1, told)(state).channels
    assert record
    assert not has_no_news(summarize(state, NOON), record[DEFAULT], NOON, DAY)


def test_the_first_digest_is_news() -> None:
    state = state_after()
    assert not has_no_news(summarize(state, NOON), state.record(DEFAULT), NOON, DAY)
