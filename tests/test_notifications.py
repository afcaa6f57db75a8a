"""What each channel has been sent, and whether there is news since."""

from datetime import datetime, timedelta

import pytest

from digest.google_view import GoogleView
from digest.notifications import (
    begin_edition,
    fingerprint,
    has_no_news,
    record_alerts,
    record_digest,
    record_skipped,
    sync_channels,
)
from hosts.changes import unmute
from hosts.examination import Examination, Fault, Finding
from hosts.incident import Kind
from hosts.model import DEFAULT, NOTHING, AlertRecord, Change, ChannelRecord, State
from hosts.problems import SAID_ONCE, GoogleList, Problem, ProblemKind
from hosts.retention import mark_ended_mutes
from tests.builders import (
    DAY,
    HOUR,
    MINUTE,
    NOON,
    Step,
    closed,
    happen,
    opened,
    state_after,
    summarize,
    wish,
)

BEFORE = (opened("0.1"), opened("0.2", "b.test"), closed("0.3", "c.test"), begin_edition)


def test_what_was_reported_stays_reported_and_channels_are_independent() -> None:
    later, earlier = record_digest("ops", NOON, 5), record_digest("ops", NOON, 1)
    state = state_after(later, earlier, record_skipped("pay", NOON + HOUR))
    assert state.record("ops") == ChannelRecord(5, NOON, NOON)
    assert state.record("pay") == ChannelRecord(0, NOON + HOUR)


def test_after_a_first_start_everything_is_news() -> None:
    """Also for a program that was killed before it reported any of it."""
    keep = sync_channels(["default"], alerting=False)
    state = state_after(keep, closed())
    assert state.channels == {"default": ChannelRecord(notified_edition=0)}
    assert state.hosts["www.example.com"].edition == 1
    assert keep(state) is NOTHING


def test_the_record_of_alerts_comes_and_goes_with_them() -> None:
    with_alerts = sync_channels(["ops"], alerting=True)
    state = state_after(closed(), begin_edition, with_alerts)
    assert state.record("ops").alerts == AlertRecord(2)
    assert with_alerts(state) is NOTHING
    without = state_after(record_alerts("ops", AlertRecord(3)), sync_channels(["ops"], alerting=False))
    assert without.record("ops").alerts is None


def posted(state: State, now: datetime, *said: Problem) -> Change:
    """The default channel accepts a digest of that state."""
    digest = summarize(state, now, problems=said)
    return record_digest(DEFAULT, now, state.edition, fingerprint(digest))


def has_news_after(*steps: Step, later: timedelta = 30 * MINUTE, told_at: timedelta = timedelta()) -> bool:
    """Whether anything is new after `steps`, to a reader of the digest that was posted before them."""
    told = fingerprint(summarize(state_after(*BEFORE), NOON))
    state = state_after(*BEFORE, record_digest(DEFAULT, NOON + told_at, 1, told), *steps)
    return not has_no_news(summarize(state, NOON + later), state.record(DEFAULT), NOON + later, DAY)


def test_time_alone_is_no_news_but_silence_ends_after_a_day() -> None:
    assert not has_news_after()
    assert not has_news_after(later=23 * HOUR)
    assert not has_news_after(wish(), unmute("www.example.com"))
    assert not has_news_after(begin_edition)
    assert has_news_after(later=DAY)


@pytest.mark.parametrize(
    "step",
    [
        opened("0.4", "d.test"),
        opened("0.5"),
        closed("0.1"),
        closed("0.6", "c.test", started=NOON + 20 * MINUTE, ended=NOON + 25 * MINUTE),
        wish(),
        wish("never.heard.of.test"),
    ],
    ids=["another host", "another incident", "recovered", "down and up again", "muted", "muted ahead"],
)
def test_what_a_reader_would_notice_is_news(step: Step) -> None:
    assert has_news_after(step)


CERTIFICATE = {"kind": Kind.CERTIFICATE}


@pytest.mark.parametrize(
    "steps",
    [
        [opened("0.4", "d.test")],
        [opened("0.4", "d.test", started=NOON + MINUTE)],
        [opened("0.4", "a.test", started=NOON - HOUR)],
        [opened("0.4", "d.test", **CERTIFICATE)],
        [opened("0.5", "b.test")],
        [closed("0.1")],
        [closed("0.6", "c.test", started=NOON + 20 * MINUTE, ended=NOON + 25 * MINUTE)],
        [closed("0.2", "b.test"), opened("0.7", "b.test", started=NOON + 20 * MINUTE)],
        [wish()],
        [wish("*.test", until=NOON + 30 * MINUTE)],
    ],
    ids=[
        "down",
        "down later",
        "down for longer",
        "warning",
        "more",
        "up",
        "blip",
        "down again",
        "muted",
        "mute ended",
    ],
)
def test_what_a_digest_has_said_is_no_news_in_the_next(steps: list[Step]) -> None:
    """Two hosts are down all the time, whose place in the digest depends on which of them are new."""
    state = state_after(*BEFORE)
    happen(state, posted(state, NOON), begin_edition, *steps)
    now = NOON + 40 * MINUTE
    assert not has_no_news(summarize(state, now), state.record(DEFAULT), now, DAY)
    happen(state, mark_ended_mutes(now), posted(state, now), begin_edition)
    later = now + 30 * MINUTE
    assert has_no_news(summarize(state, later), state.record(DEFAULT), later, DAY)


@pytest.mark.parametrize("step", [opened("0.8", **CERTIFICATE), closed("0.3", "c.test", **CERTIFICATE)])
def test_what_a_digest_does_not_say_is_no_news(step: Step) -> None:
    """Such as a certificate about to expire on a host that is down."""
    assert not has_news_after(step)


@pytest.mark.parametrize("kind", SAID_ONCE)
def test_a_notice_about_the_file_is_news_once(kind: ProblemKind) -> None:
    state, notice = state_after(*BEFORE, begin_edition), Problem(kind, "state.json")
    happen(state, posted(state, NOON))
    record, later = state.record(DEFAULT), NOON + 30 * MINUTE
    assert not has_no_news(summarize(state, later, problems=[notice]), record, later, DAY)
    happen(state, posted(state, later, notice))
    assert has_no_news(summarize(state, later + HOUR), state.record(DEFAULT), later + HOUR, DAY)


def problems(*, lists_failed: timedelta | None = None, to_fix: int = 0) -> list[Problem]:
    """Those of a Google whose lists became unavailable that long ago, and whose settings need so many fixes."""
    google = GoogleView()
    google.examination = Examination(NOON, 9, (Finding(Fault.NO_CLOSE),) * to_fix)
    if lists_failed is not None:
        google.failed(GoogleList.ALERTS, "refused", NOON - lists_failed)
    return [problem for problem in (google.problem(), google.setup_problem()) if problem]


@pytest.mark.parametrize(
    ("before", "after", "is_news"),
    [
        ([], problems(lists_failed=59 * MINUTE), False),
        (problems(lists_failed=59 * MINUTE), [], False),
        ([], problems(lists_failed=HOUR), True),
        (problems(lists_failed=HOUR), problems(lists_failed=9 * HOUR), False),
        (problems(lists_failed=9 * HOUR), [], True),
        ([], problems(to_fix=1), True),
        (problems(to_fix=1), problems(to_fix=2), True),
        (problems(to_fix=2), [], True),
    ],
    ids=[
        "failing",
        "a blip",
        "failing for an hour",
        "still failing",
        "read again",
        "to fix",
        "more",
        "fixed",
    ],
)
def test_it_is_news_once_that_google_fails_for_long_or_needs_fixing_and_that_this_is_over(
    before: list[Problem], after: list[Problem], is_news: bool
) -> None:
    told, now = (fingerprint(summarize(State(), NOON, problems=some)) for some in (before, after))
    assert (told != now) is is_news


def test_a_last_digest_dated_in_the_future_suppresses_nothing() -> None:
    assert has_news_after(told_at=9 * HOUR)
