"""Which mute hides a host, and until when."""

from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digest.notifications import begin_edition, record_digest
from hosts.changes import resolve
from hosts.incident import CANCELLED, Incident, Kind, NamedBy, Person
from hosts.model import DEFAULT, ChannelRecord, Patch, State
from hosts.mutes import ended, is_in_effect, is_over, mute_lookup, mutes_lookup, outlasting
from hosts.retention import mark_ended_mutes
from tests.builders import (
    HOUR,
    MINUTE,
    NOON,
    STEVE,
    Step,
    closed,
    happen,
    moments,
    opened,
    reports,
    state_after,
    wish,
)


def hidden_by(state: State, host: str, now: datetime = NOON) -> str | None:
    found = mute_lookup(state, now)(host)
    return found.host if found else None


@pytest.mark.parametrize(
    ("mutes", "host", "by"),
    [
        (["a.test"], "b.test", None),
        (["*.test"], "A.TEST", "*.test"),
        (["*.test", "a.test"], "a.test", "a.test"),
        (["*", "*.test", "zz*"], "a.test", "*.test"),
        (["*", "*.test"], "a.example", "*"),
    ],
)
def test_a_host_is_hidden_by_its_own_mute_or_else_by_the_longest_pattern(
    mutes: list[str], host: str, by: str | None
) -> None:
    assert hidden_by(state_after(*map(wish, mutes)), host) == by


ENDS: dict[str, dict[str, object]] = {
    "up": {"until_up": True},
    "1 h": {"until": NOON + HOUR},
    "2 h": {"until": NOON + 2 * HOUR},
    "3 h": {"until": NOON + 3 * HOUR},
    "": {},
}


@pytest.mark.parametrize(
    ("end", "others", "left"),
    [
        ("1 h", ["2 h"], ["2 h"]),
        ("2 h", ["1 h"], []),
        ("1 h", ["1 h"], []),
        ("1 h", ["2 h", "3 h", "1 h"], ["3 h"]),
        ("1 h", ["2 h", ""], [""]),
        ("1 h", ["up", "2 h"], ["2 h", "up"]),
        ("up", ["up", "1 h"], ["1 h"]),
        ("up", ["up", "1 h", "", ""], [""]),
        ("", ["", "up", "1 h"], []),
    ],
)
def test_what_else_may_hide_a_host_after_a_mute(end: str, others: list[str], left: list[str]) -> None:
    mute = wish("a.test", **ENDS[end])
    found = outlasting(mute, [mute, *(wish(f"{n}*", **ENDS[each]) for n, each in enumerate(others))])
    assert [(each.until, each.until_up) for each in found] == [
        (ENDS[each].get("until"), ENDS[each].get("until_up", False)) for each in left
    ]


def test_from_the_instant_of_its_end_a_mute_hides_nothing() -> None:
    state = state_after(*(wish(name, until=NOON + HOUR) for name in ("a.test", "*.b.test")))
    for host in ("a.test", "x.b.test"):
        assert hidden_by(state, host, NOON + HOUR - timedelta.resolution)
        assert not hidden_by(state, host, NOON + HOUR)
        assert hidden_by(state, host, NOON)
    assert not ended(state, NOON)
    assert [over.host for over in ended(state, NOON + HOUR)] == ["a.test", "*.b.test"]


LATER = NOON + HOUR
DOWN, WARNED = opened("1", "a.test"), opened("w", "a.test", kind=Kind.CERTIFICATE)
ENDED, WARNING_ENDED = (one._replace(ended=LATER) for one in (DOWN, WARNED))
OTHER = opened("2", "a.test", started=NOON + 2 * MINUTE)


@pytest.mark.parametrize(
    ("before", "since", "over"),
    [
        ([DOWN], [], False),
        ([DOWN], [ENDED], True),
        ([DOWN], [ENDED._replace(observed=CANCELLED)], True),
        ([DOWN], [ENDED, OTHER._replace(started=LATER + MINUTE)], True),
        ([DOWN], [ENDED, OTHER._replace(started=LATER)], False),
        ([DOWN], [OTHER, OTHER._replace(ended=LATER)], False),
        ([DOWN], [OTHER, ENDED], False),
        ([DOWN], [OTHER, ENDED, OTHER._replace(ended=LATER)], True),
        ([DOWN, WARNED], [ENDED], True),
        ([DOWN, WARNED], [DOWN._replace(ended=NOON + MINUTE - timedelta(seconds=5))], True),
        ([DOWN, WARNED], [DOWN._replace(ended=NOON + 30 * timedelta(seconds=1)), OTHER], True),
        ([WARNED], [], False),
        ([WARNED], [WARNING_ENDED], True),
        ([WARNED], [OTHER], False),
        ([], [], True),
        ([opened("1", "b.test")], [], True),
        ([DOWN], [ENDED._replace(host="b.test", named_by=NamedBy.HOST)], True),
    ],
    ids=[
        "down", "up", "cancelled", "up and down again", "no moment up", "another came and went", "another still open",
        "another ended too", "up, still warned about", "an end told late, still warned about",
        "an end told late, and down again", "warned about", "no longer warned about", "down since",
        "never heard of", "another host", "it was another host",
    ],
)  # fmt: skip
@pytest.mark.parametrize("host", ["a.test", "a*"])
def test_until_up_lasts_until_the_current_outage_is_over(
    before: list[Incident], since: list[Incident], host: str, *, over: bool
) -> None:
    """A mute made a minute after NOON; closes tell of a time before they come."""
    state = state_after(*before, wish(host, at=NOON + MINUTE, until_up=True), *since)
    assert bool(ended(state, NOON + 2 * HOUR)) == over
    assert bool(hidden_by(state, "a.test", NOON + 2 * HOUR)) != over


@pytest.mark.parametrize(
    ("channels", "is_reported"),
    [
        ({}, False),
        ({"new": ChannelRecord(1)}, False),
        ({"behind": ChannelRecord(0, posted=LATER)}, False),
        ({"behind": ChannelRecord(0, posted=LATER), "ops": ChannelRecord(1, posted=LATER)}, True),
    ],
)
def test_until_up_does_not_come_back_once_a_digest_reported_its_end(
    channels: dict[str, ChannelRecord], *, is_reported: bool
) -> None:
    """Google repeats an incident that a person resolved: the outage goes on."""
    resolved = resolve("a.test", STEVE, LATER)
    steps: list[Step] = [DOWN, wish("a.test", until_up=True), resolved, mark_ended_mutes(LATER)]
    state = state_after(*steps, lambda _: Patch(channels=channels), DOWN, mark_ended_mutes(LATER))
    assert bool(hidden_by(state, "a.test", LATER)) is not is_reported


AGAIN = opened("3", "a.test", started=LATER)
REPORTED = [begin_edition, record_digest(DEFAULT, LATER, 1)]
HIDES_BOTH = opened("1", "a.test"), opened("2", "b.test"), wish("*.test", until_up=True)


@pytest.mark.parametrize(
    ("since", "hidden"),
    [
        ([], ["a.test", "b.test"]),
        ([closed("1", "a.test")], ["b.test"]),
        ([closed("1", "a.test"), AGAIN], ["b.test"]),
        ([closed("1", "a.test", ended=LATER), AGAIN], ["a.test", "b.test"]),
        ([opened("4", "up.test"), opened("5", "new.test")], ["a.test", "b.test"]),
        ([closed("1", "a.test"), closed("2", "b.test")], []),
        ([resolve("a.test", STEVE, LATER), opened("1", "a.test")], ["a.test", "b.test"]),
        ([resolve("a.test", STEVE, LATER), *REPORTED, opened("1", "a.test")], ["b.test"]),
        ([*REPORTED, closed("1", "a.test"), *REPORTED], ["b.test"]),
    ],
    ids=[
        "both down", "one up", "one down again", "no moment up", "others down", "both up", "resolved and repeated",
        "repeated after a digest", "a digest before",
    ],
)  # fmt: skip
def test_a_pattern_until_up_hides_what_was_down_each_host_until_it_is_up(
    since: list[Step], hidden: list[str]
) -> None:
    state = state_after(closed("0", "up.test"), *HIDES_BOTH, *since)
    assert [host for host in state.hosts if hidden_by(state, host, LATER)] == hidden
    assert bool(ended(state, LATER)) == (not hidden)


def test_until_up_of_a_bare_name_hides_what_was_down_of_that_name() -> None:
    prod, test = "api\nproject=prod", "api\nproject=test"
    down = opened("1", prod), opened("2", test), opened("3", "apis")
    state = state_after(closed("0", "api"), *down, wish("api", until_up=True))
    assert [hidden_by(state, host) for host in ("api", prod, test, "apis")] == [None, "api", "api", None]
    happen(state, closed("1", prod))
    assert [hidden_by(state, host) for host in (prod, test)] == [None, "api"]


@pytest.mark.parametrize(
    "until_up", [[], ["a.*"], ["*"], ["a.test"], ["*.test", "a.test"], ["*", "a.*", "*.test", "a.test"]]
)
def test_which_mute_hides_a_host_does_not_depend_on_when_it_ends(until_up: list[str]) -> None:
    names = ["*", "*.test", "a.*", "a.test"]
    mutes = [wish(name, until_up=name in until_up) for name in names]
    state = state_after(opened("1", "a.test"), closed("2", "b.test"), *mutes)
    assert [mute.host for mute in mutes_lookup(state, NOON)("a.test")] == ["a.test", "*.test", "a.*", "*"]
    assert hidden_by(state, "a.test") == "a.test"
    left = [name for name in ("*.test", "*") if name not in until_up]
    assert [mute.host for mute in mutes_lookup(state, NOON)("b.test")] == left
    assert hidden_by(state, "b.test") == next(iter(left), None)


def test_until_up_can_be_repeated_once_something_else_goes_on() -> None:
    state, again = state_after(*HIDES_BOTH), wish("*.test", at=LATER, until_up=True)
    assert is_in_effect(again, state)
    happen(state, closed("1", "a.test"))
    assert is_in_effect(again, state)
    happen(state, AGAIN)
    assert not is_in_effect(again, state)
    happen(state, again)
    assert hidden_by(state, "a.test", LATER)
    assert is_in_effect(again, state)


@given(st.lists(reports(), max_size=6), moments)
def test_until_up_of_a_host_that_is_up_is_over(delivered: list[Incident], at: datetime) -> None:
    state = state_after(*delivered)
    for host in state.hosts.values():
        if not host.open:
            happen(state, *(wish(name, at=at, until_up=True) for name in (host.name, "*")))
            assert is_over(state.mutes[host.name], state, at)


@pytest.mark.parametrize(
    ("again", "granted"),
    [
        ({}, True),
        ({"by": Person("U2", "ann"), "at": NOON + MINUTE}, True),
        ({"reason": "other"}, False),
        ({"until": LATER + MINUTE}, False),
        ({"until": LATER + timedelta(seconds=59), "at": NOON + timedelta(seconds=59)}, True),
        ({"until": LATER + MINUTE, "at": NOON + MINUTE}, False),
        ({"until": LATER + timedelta(seconds=31), "at": NOON + timedelta(seconds=1)}, False),
        ({"until": None, "until_up": True}, False),
        ({"host": "b.test"}, False),
        ({"at": LATER}, False),
    ],
)
def test_a_repeated_mute_is_already_in_effect_while_it_lasts(
    again: dict[str, object], *, granted: bool
) -> None:
    first = wish("a.test", until=LATER, reason="deploy")
    assert is_in_effect(first._replace(**again), state_after(first)) == granted  # type: ignore[arg-type]


def test_what_was_made_of_other_mutes_is_not_taken_for_these() -> None:
    one, other = state_after(wish("*.test")), State()
    for _ in range(2):
        assert hidden_by(one, "a.test")
        assert not hidden_by(other, "a.test")
    assert hidden_by(happen(other, wish("a.test")), "a.test")
