"""What a digest says about mutes and what they no longer hide."""

from datetime import datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from digest import notifications
from digest.model import Digest
from digest.summary import count_hosts
from hosts import changes, retention
from hosts.incident import Incident, Kind, NamedBy
from hosts.model import DEFAULT, Change, State, Status
from hosts.outages import DOUBT_AFTER
from hosts.patterns import HostFilter
from prove.size import times
from slack.mute_replies import muted_list
from slack.rows import RowContext, mute_ended_row, mute_row
from tests.builders import (
    IN_ENGLISH,
    IN_KOREAN,
    MINUTE,
    NOON,
    Step,
    closed,
    happen,
    opened,
    reports,
    state_after,
    summarize,
    wish,
)

LATER = NOON + 60 * MINUTE
HOUR_LONG = wish(until=LATER)


def told(covers: int = 1, at: datetime = NOON) -> tuple[Change, Change]:
    return notifications.begin_edition, notifications.record_digest(DEFAULT, at, covers)


def returned(digest: Digest) -> dict[str, list[str]]:
    return {entry.name: [host.name for host in entry.hosts] for entry in digest.mutes_ended}


def muted(digest: Digest) -> dict[str, tuple[Status, int, int]]:
    return {entry.mute.host: (entry.status, entry.host_count, entry.down_count) for entry in digest.muted}


def test_each_mute_counts_the_hosts_that_it_hides_and_all_together_count_a_host_once() -> None:
    wishes = map(wish, ("*.test", "*", "a.test", "z*"))
    hosts = [opened("1", "a.test"), opened("2", "b.test"), closed("3", "c.test"), closed("4", "d.example")]
    found = summarize(state_after(*hosts, *wishes), LATER, hosts=["silent.test"])
    assert muted(found) == {
        "*": (Status.DOWN, 5, 2),
        "*.test": (Status.DOWN, 4, 2),
        "a.test": (Status.DOWN, 1, 1),
        "z*": (Status.UP, 0, 0),
    }
    assert (found.total, found.muted_count, found.muted_down_count) == (0, 5, 2)


def test_a_pattern_until_up_counts_the_hosts_that_it_hides_and_then_those_that_it_has_hidden() -> None:
    down = opened("1", "a.test"), opened("2", "b.test"), closed("3", "c.test"), wish("*.test", until_up=True)
    state = state_after(*down, *told())
    assert muted(summarize(state, LATER)) == {"*.test": (Status.DOWN, 2, 2)}
    found = summarize(happen(state, closed("1", "a.test"), opened("4", "c.test")), LATER)
    assert muted(found) == {"*.test": (Status.DOWN, 1, 1)}
    assert [entry.host.name for entry in found.down] == ["c.test"]
    assert [entry.host.name for entry in found.recovered] == ["a.test"]
    assert returned(found) == {}
    found = summarize(happen(state, closed("2", "b.test")), LATER)
    assert returned(found) == {"*.test": ["a.test", "b.test"]}


def test_a_channel_is_told_of_the_mutes_that_hide_its_hosts() -> None:
    wishes = map(wish, ("a*", "b*", "c.test", "c*", "z*"))
    state = state_after(*(closed(name, f"{name}.test") for name in "abc"), *wishes)
    found = summarize(state, LATER, shows=HostFilter(("a*", "c*")))
    assert list(muted(found)) == ["a*", "c*", "c.test"]
    assert found.muted_count == 2


@pytest.mark.parametrize("lifted", [False, True])
def test_the_end_of_a_mute_is_reported_once_with_the_status_at_that_time(*, lifted: bool) -> None:
    state = state_after(HOUR_LONG, opened(), *told())
    assert muted(summarize(state, LATER - MINUTE))
    if lifted:
        happen(state, retention.mark_ended_mutes(LATER))
    found = summarize(state, LATER)
    assert returned(found) == {"www.example.com": ["www.example.com"]}
    assert not found.muted
    assert [(down.host.name, down.new) for down in found.down] == [("www.example.com", False)]
    if lifted:
        assert not summarize(happen(state, *told(2)), LATER).mutes_ended


def test_a_recovery_during_the_mute_is_not_lost() -> None:
    state = state_after(opened(), HOUR_LONG, *told(), closed(), retention.mark_ended_mutes(LATER))
    found = summarize(state, LATER)
    assert [entry.host.name for entry in found.recovered] == ["www.example.com"]
    assert found.mutes_ended[0].hosts[0].status is Status.UP


def test_a_muted_name_whose_incident_moved_hides_no_host() -> None:
    """A report whose name is more certain moved the only incident."""
    renamed = opened(host="better.test", named_by=NamedBy.HOST)
    steps = (opened(host="www.example.com", named_by=NamedBy.CHECK), HOUR_LONG, renamed)
    found = summarize(state_after(*steps), LATER - MINUTE)
    assert (muted(found), found.muted[0].host) == ({"www.example.com": (Status.UP, 0, 0)}, None)
    assert returned(summarize(state_after(*steps), LATER)) == {"www.example.com": []}


def test_what_something_else_hides_still_or_again_has_not_returned() -> None:
    end = retention.mark_ended_mutes(LATER)
    assert not summarize(state_after(HOUR_LONG, wish("www*"), opened(), end), LATER).mutes_ended
    state = state_after(HOUR_LONG, opened(), end, wish(at=LATER))
    assert not summarize(state, LATER).mutes_ended
    assert not summarize(happen(state, changes.unmute("www.example.com")), LATER).mutes_ended


def test_a_pattern_that_ended_is_told_with_its_hosts() -> None:
    hosts = [opened("1", "a.test"), closed("2", "b.test"), closed("3", "other")]
    state = state_after(*hosts, wish("*.test", until=LATER), retention.mark_ended_mutes(LATER))
    assert returned(summarize(state, LATER)) == {"*.test": ["a.test", "b.test"]}
    never_heard_of = returned(summarize(state, LATER, hosts=["quiet.test"]))
    assert sorted(never_heard_of["*.test"]) == ["a.test", "b.test", "quiet.test"]
    assert returned(summarize(state, LATER, shows=HostFilter(("b*",)))) == {"*.test": ["b.test"]}
    assert returned(summarize(state, LATER, shows=HostFilter(("other",)))) == {}


def test_a_muted_name_that_is_no_longer_a_host_is_not_counted() -> None:
    """It was muted as the name of a check; the close named the host."""
    poor = opened("x", "check-1", named_by=NamedBy.CHECK)
    state = state_after(poor, wish("check-1"), closed("x"))
    found = summarize(state, LATER)
    assert muted(found) == {"check-1": (Status.UP, 0, 0)}
    assert (found.muted_count, count_hosts(state, LATER).muted) == (0, 0)


names = st.sampled_from(["a.test", "b.test", "c policy", "*.test", "*", "c*", "d.test"])
spans = st.integers(1, 120).map(lambda minutes: minutes * MINUTE)
wishes = st.tuples(names, st.none() | spans, st.booleans())
events = st.sampled_from(["digest", "tick"])
steps = st.lists(st.one_of(reports(), wishes, names, spans, events), max_size=25)


class Run:
    """The same deliveries, time and digests, with mutes or without."""

    def __init__(self, *, with_mutes: bool) -> None:
        self.state = State()
        self.now: datetime = NOON
        self.with_mutes = with_mutes

    def take(self, step: object) -> None:
        if isinstance(step, Incident):
            self.do(step)
        elif isinstance(step, timedelta):
            self.now += step
        elif step == "digest":
            self.do(*told(self.state.edition, self.now))
        elif self.with_mutes:
            self.mute(step)

    def mute(self, step: object) -> None:
        if step == "tick":
            self.do(retention.mark_ended_mutes(self.now))
        elif isinstance(step, str):
            self.do(changes.unmute(step))
        elif isinstance(step, tuple):
            name, span, until_up = step
            self.do(wish(name, at=self.now, until=span and self.now + span, until_up=until_up))

    def do(self, *steps: Step) -> None:
        happen(self.state, *steps)


def counted(digest: Digest) -> tuple[int, int, int, int]:
    return len(digest.down), len(digest.warnings), len(digest.up), digest.muted_count


def standing(digest: Digest) -> object:
    """Everything except what is `new`, and what has recovered or returned since the last digest."""
    down = [(entry.host, entry.since, entry.doubtful) for entry in digest.down]
    warned = [(entry.host, entry.since) for entry in digest.warnings]
    return down, warned, digest.up, digest.total, digest.has_received


@settings(max_examples=times(100, 2000))
@given(steps)
def test_a_mute_hides_and_never_falsifies(taken: list[object]) -> None:
    muted, plain = Run(with_mutes=True), Run(with_mutes=False)
    for step in taken:
        muted.take(step)
        plain.take(step)
        with_mutes, without = (summarize(run.state, run.now) for run in (muted, plain))
        assert muted.state.hosts == plain.state.hosts
        assert counted(with_mutes) == count_hosts(muted.state, muted.now)[:4]
        assert {entry.host.name for entry in with_mutes.down} <= {entry.host.name for entry in without.down}
    for run in (muted, plain):
        run.do(changes.unmute(*(m.host for m in muted.state.mutes.values() if not m.until)))
        run.now += timedelta(days=1)
    ended, never = (summarize(run.state, run.now) for run in (muted, plain))
    assert standing(ended) == standing(never)
    assert not ended.muted
    muted.do(retention.mark_ended_mutes(muted.now))
    muted.do(*told(muted.state.edition), retention.prune_mutes(muted.now))
    assert not muted.state.mutes
    assert [down.new for down in ended.down] == [down.new for down in never.down]
    assert ended.recovered == never.recovered


PROD, TEST = "api\nproject=prod", "api\nproject=test"


@pytest.mark.parametrize(
    ("name", "hidden", "down", "total"),
    [(PROD, (Status.DOWN, 1, 1), [TEST], 2), ("api", (Status.DOWN, 3, 2), [], 0)],
)
def test_a_mute_of_one_thing_hides_no_other_of_that_name_and_one_of_the_name_all(
    name: str, hidden: tuple[Status, int, int], down: list[str], total: int
) -> None:
    hosts = opened("1", PROD), opened("2", TEST), closed("3", "api")
    found = summarize(state_after(*hosts, wish(name)), LATER)
    assert muted(found) == {name: hidden}
    assert ([entry.host.name for entry in found.down], found.total) == (down, total)


def test_what_a_mute_of_a_name_hid_is_told_as_it_stands_when_it_ends() -> None:
    state = state_after(wish("api", until=LATER), opened("1", PROD), closed("2", TEST), *told())
    found = summarize(state, LATER, hosts=["api"])
    assert returned(found) == {"api": [PROD, TEST]}
    assert not muted(found)


CERTIFICATES: list[Step] = [
    opened(f"w{number}", f"w{number}.test", kind=Kind.CERTIFICATE) for number in (1, 2)
]


@pytest.mark.parametrize(
    ("hosts", "said"),
    [
        (CERTIFICATES, ("2 hosts, 2 warnings", "호스트 2개 중 2개 경고")),
        (CERTIFICATES[:1], ("1 host, 1 warning", "호스트 1개 중 1개 경고")),
        (
            [*CERTIFICATES, opened("d", "d.test"), closed("u", "u.test")],
            ("4 hosts, 1 down, 2 warnings", "호스트 4개 중 1개 중단, 2개 경고"),
        ),
        ([closed("u", "u.test")], ("1 host", "호스트 1개")),
    ],
)
def test_the_hosts_of_a_pattern_are_told_with_how_they_are(hosts: list[Step], said: tuple[str, str]) -> None:
    """While it is muted, in digests and lists of mutes, and when that has ended."""
    state = state_after(*hosts, wish("*.test", until=LATER))
    before, after = summarize(state, LATER - MINUTE), summarize(state, LATER)
    for locale, counts in zip((IN_ENGLISH, IN_KOREAN), said, strict=True):
        context = RowContext(LATER, locale, DOUBT_AFTER)
        assert f"({counts})" in mute_row(before.muted[0], context)
        assert f"({locale.language.status_now(counts)})" in muted_list(before.muted, context)
        assert locale.language.no_longer_muted(counts) in mute_ended_row(after.mutes_ended[0], context)
