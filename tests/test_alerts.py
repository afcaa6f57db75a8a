"""Which alerts are due, and when."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from config import Alerts
from digest import alerts
from digest.alerts import AlertBatch, AlertFilter, SettledEnds, finding_due_alerts, record_after
from digest.model import Down, Recovery
from digest.notifications import begin_edition
from hosts.changes import resolve, unmute
from hosts.incident import Ending, Incident, Kind, Person
from hosts.model import AlertRecord, State, apply
from hosts.patterns import EVERY_HOST, HostFilter
from tests.builders import HOUR, MINUTE, NOON, Step, blips, closed, happen, opened, state_after, wish
from tests.support import calls_of
from turns import at_once

HOLD = timedelta(minutes=2)
STEP = timedelta(seconds=20)
Said = tuple[list[str], list[str], list[str]]  # names down, still down, over; a message each
DOWN: Said = (["a.test"], [], [])
OVER: Said = ([], [], ["a.test"])
RULES = Alerts(("*.test",), HOLD, HOUR, ("here",))


class AlertRig:
    """Checks every STEP what is due, and reports it when Slack accepts it."""

    def __init__(self, rules: Alerts = RULES, shows: HostFilter = EVERY_HOST) -> None:
        self.state = State()
        self.record = AlertRecord(0)
        self.watch = AlertFilter(rules, shows, SettledEnds())
        self.now = NOON
        self.told: list[AlertBatch] = []
        self.takes = True

    def deliver(self, *steps: Step) -> None:
        happen(self.state, *steps)

    def look(self) -> None:
        settle = at_once(self.watch.settled.settling_muted)
        settle(self.state, self.record, self.watch.matches, self.now)
        if self.due(self.state.edition).is_empty or not self.takes:
            return
        apply(self.state, begin_edition(self.state))
        covers = self.state.edition - 1
        batch = self.due(covers)
        self.record = record_after(self.record, batch, covers)
        self.told.append(batch)

    def due(self, upto: int) -> AlertBatch:
        return at_once(finding_due_alerts)(self.state, self.record, self.watch, self.now, upto)

    def wait(self, span: timedelta) -> None:
        end = self.now + span
        while self.now < end:
            self.now += STEP
            self.look()

    def said(self) -> list[Said]:
        return [(names(batch.down), names(batch.still_down), names(batch.recovered)) for batch in self.told]


def names(entries: Iterable[Down | Recovery]) -> list[str]:
    return [entry.host.name for entry in entries]


def ended(entry: Recovery) -> list[Incident]:
    return [incident for outage in entry.outages for incident in outage.incidents]


@pytest.fixture
def rig() -> AlertRig:
    return AlertRig()


def outage(host: str = "a.test", begun: int = 0, lasted: int | None = None) -> Incident:
    """An outage that began that many minutes after NOON."""
    started = NOON + begun * MINUTE
    name = f"{host}-{begun}"
    if lasted is None:
        return opened(name, host, started=started)
    return closed(name, host, started=started, ended=started + lasted * MINUTE)


def test_down_for_long_enough_then_over(rig: AlertRig) -> None:
    rig.deliver(outage())
    rig.wait(HOLD - STEP)
    assert rig.said() == []
    rig.wait(STEP)
    assert rig.said() == [DOWN]
    rig.wait(HOLD)
    rig.deliver(outage(lasted=4))
    rig.wait(HOLD)
    assert rig.said() == [DOWN, OVER]
    (entry,) = rig.told[1].recovered
    assert (entry.lasted, entry.last.ending) == (4 * MINUTE, Ending.RECOVERED)
    assert not rig.record.sent


def test_a_new_outage_is_alerted_while_the_mute_of_a_pattern_waits_for_another_host(rig: AlertRig) -> None:
    rig.deliver(outage(), outage("b.test"), wish("*.test", until_up=True))
    rig.wait(HOLD)
    rig.deliver(outage(lasted=1))
    rig.wait(MINUTE)
    assert rig.said() == []
    rig.deliver(outage(begun=5))
    rig.wait(HOLD + 2 * MINUTE)
    assert rig.said() == [DOWN]


def test_blips_other_incidents_and_hosts_that_are_not_named_or_shown_cause_no_alert() -> None:
    rig = AlertRig(shows=HostFilter(("a.*", "b.*", "c.*")))
    rig.deliver(outage())
    rig.wait(MINUTE)
    rig.deliver(outage(lasted=1), opened("cert", "b.test", kind=Kind.CERTIFICATE))
    rig.deliver(outage("a.example"), outage("hidden.test"), outage("c.test"))
    rig.wait(HOLD)
    assert rig.said() == [(["c.test"], [], [])]


@pytest.mark.parametrize(
    ("begun", "said", "calls"),
    [(0, [DOWN, ([], ["a.test"], [])], [False, True]), (-120, [DOWN], [True])],
    ids=["lasting", "having lasted already"],
)
def test_what_lasts_calls_people_once(rig: AlertRig, begun: int, said: list[Said], calls: list[bool]) -> None:
    rig.deliver(outage(begun=begun))
    rig.wait(3 * HOUR)
    assert rig.said() == said
    assert [batch.needs_mention for batch in rig.told] == calls


def test_hosts_that_go_down_together_are_one_message_but_none_waits_longer_than_the_hold(
    rig: AlertRig,
) -> None:
    for minute in range(20):
        rig.deliver(outage(f"{minute}.test", begun=minute))
        rig.wait(MINUTE)
    waited = [batch.at - entry.since for batch in rig.told for entry in batch.down]
    assert max(waited) <= 2 * HOLD
    assert len(rig.told) <= 20 * MINUTE / HOLD


def test_the_end_of_an_outage_is_told_once_the_host_is_not_down_again(rig: AlertRig) -> None:
    """Even if the outage was shorter than the hold, as its alert has been sent."""
    rig.deliver(outage())
    rig.wait(HOLD)
    rig.takes = False
    rig.deliver(outage(lasted=1), outage(begun=5))
    rig.wait(10 * MINUTE)
    rig.takes = True
    rig.wait(MINUTE)
    assert rig.said() == [DOWN, DOWN]
    rig.deliver(outage(begun=5, lasted=9))
    rig.wait(MINUTE)
    assert rig.said() == [DOWN, DOWN, OVER]
    assert rig.told[2].recovered[0].lasted == 10 * MINUTE


@pytest.mark.parametrize("again", [1, 30], ids=["for less than the hold", "for long"])
def test_an_outage_that_was_over_before_it_could_be_told_is_told_once_the_host_stays_up(
    rig: AlertRig, again: int
) -> None:
    rig.takes = False
    rig.deliver(outage())
    rig.wait(10 * MINUTE)
    rig.deliver(outage(lasted=10), outage(begun=11), outage("b.test"))
    rig.takes = True
    rig.wait(again * MINUTE)
    rig.deliver(outage(begun=11, lasted=again), outage("b.test", lasted=60))
    rig.wait(HOLD)
    (recovery,) = (entry for batch in rig.told for entry in batch.recovered if entry.host.name == "a.test")
    assert recovery.lasted == (10 + again) * MINUTE
    assert ("a.test" in [name for down, *_ in rig.said() for name in down]) is (again * MINUTE >= HOLD)


def test_a_host_whose_unsent_outage_was_resolved_too_early_is_alerted_all_the_same(rig: AlertRig) -> None:
    """Google opens it again while its end waits to be told: no alert has said that it is down."""
    rig.takes = False
    rig.deliver(outage())
    rig.wait(10 * MINUTE)
    rig.deliver(resolve("a.test", Person("U1", "jane"), rig.now), outage(begun=11), outage("b.test"))
    rig.takes = True
    rig.wait(STEP)
    assert rig.said() == [(["b.test"], [], [])]
    rig.deliver(outage())
    rig.wait(STEP)
    assert rig.said()[1:] == [DOWN]


@pytest.mark.parametrize("lasts", [10, 90], ids=["alerted", "escalated"])
def test_the_rest_of_an_outage_that_a_late_close_splits_has_been_told(rig: AlertRig, lasts: int) -> None:
    rig.deliver(outage(), outage(begun=3))
    rig.wait(lasts * MINUTE)
    told = rig.said()
    rig.deliver(outage(lasted=1))
    rig.wait(30 * MINUTE)
    assert rig.said() == told
    rig.deliver(outage(begun=3, lasted=lasts))
    rig.wait(MINUTE)
    assert rig.said() == [*told, OVER]
    assert rig.told[-1].recovered[0].lasted == (1 + lasts) * MINUTE


def test_an_alert_says_that_a_close_may_have_been_lost(rig: AlertRig) -> None:
    rig.watch = rig.watch._replace(doubt_after=HOUR - STEP / 2)
    rig.deliver(outage(begun=-59))
    rig.look()
    assert [entry.doubtful for entry in rig.told[0].down] == [False]
    assert rig.told[0].doubt_after == rig.watch.doubt_after
    rig.wait(HOUR)
    assert [entry.doubtful for entry in rig.told[1].still_down] == [True]


def test_a_late_end_of_an_earlier_outage_does_not_end_the_current_one(rig: AlertRig) -> None:
    rig.deliver(outage())
    rig.wait(HOLD)
    rig.deliver(outage(begun=-20, lasted=1))
    rig.wait(10 * MINUTE)
    assert rig.said() == [DOWN]
    rig.deliver(outage(begun=-10, lasted=5))
    rig.wait(10 * MINUTE)
    assert rig.said() == [DOWN]
    rig.deliver(outage(lasted=20))
    rig.wait(HOLD)
    assert rig.said() == [DOWN, OVER]
    assert len(rig.told[1].recovered[0].outages) == 3


def test_a_muted_host_is_reported_when_the_mute_ends(rig: AlertRig) -> None:
    rig.deliver(wish("a.test"), outage())
    rig.wait(HOUR)
    assert rig.said() == []
    rig.deliver(unmute("a.test"))
    rig.wait(MINUTE)
    assert rig.said() == [DOWN]


@pytest.mark.parametrize(
    ("later", "said", "lasted"),
    [([], OVER, 10), ([outage(begun=20, lasted=3)], OVER, 13)],
    ids=["up", "down again and up"],
)
def test_the_end_of_an_outage_that_was_told_is_told_when_a_mute_ends_whatever_came_between(
    rig: AlertRig, later: list[Step], said: Said, lasted: int
) -> None:
    rig.deliver(outage())
    rig.wait(HOLD)
    rig.deliver(wish("a.test"), outage(lasted=10))
    for minute, host in enumerate(("b.test", "c.test"), 2):
        rig.deliver(outage(host, begun=minute))
        rig.wait(HOLD)
    rig.deliver(*later)
    rig.wait(HOUR / 2)
    assert rig.said() == [DOWN, (["b.test"], [], []), (["c.test"], [], [])]
    rig.deliver(unmute("a.test"))
    rig.wait(MINUTE)
    assert rig.said()[3:] == [said]
    (entry,) = rig.told[3].recovered
    assert entry.lasted == lasted * MINUTE
    assert [outage.began for outage in entry.outages] == sorted(outage.began for outage in entry.outages)
    rig.wait(MINUTE)
    assert len(rig.told) == 4


@pytest.mark.parametrize(
    ("first", "then"),
    [
        ([wish("a.test", until=NOON + HOUR / 2)], []),
        ([wish("*.test", until=NOON + HOUR / 2)], []),
        ([wish("a.test")], [unmute("a.test")]),
        ([wish("*.test"), wish("a.test", until=NOON + 5 * MINUTE)], [unmute("*.test")]),
        ([wish("a.test"), wish("*.test", until=NOON + 5 * MINUTE)], [unmute("a.test")]),
    ],
    ids=["for a while", "by a pattern", "until restored", "by a pattern in the end", "by name in the end"],
)
def test_what_came_and_went_during_a_mute_is_not_told_when_it_ends(
    rig: AlertRig, first: list[Step], then: list[Step]
) -> None:
    rig.deliver(*first, outage())
    rig.wait(10 * MINUTE)
    rig.deliver(outage(lasted=10))
    rig.wait(10 * MINUTE)
    rig.deliver(*then)
    rig.wait(HOUR)
    assert rig.said() == []
    rig.takes = False
    rig.deliver(outage(begun=80, lasted=10))
    rig.wait(MINUTE)
    rig.takes = True
    rig.wait(MINUTE)
    assert rig.said() == [OVER]
    (entry,) = rig.told[0].recovered
    assert (len(entry.outages), entry.lasted) == (1, 10 * MINUTE)


@pytest.mark.parametrize(
    ("name", "until", "said"),
    [("a.test", 30, []), ("*.test", 30, []), ("a.test", 9, [OVER]), ("b.test", 30, [OVER])],
    ids=["by name", "by a pattern", "before it is up", "another host"],
)
def test_what_ended_during_a_mute_that_nobody_looked_at_is_not_told_either(
    rig: AlertRig, name: str, until: int, said: list[Said]
) -> None:
    """As after a restart that took longer than the mute."""
    rig.deliver(outage())
    rig.wait(MINUTE)
    rig.deliver(wish(name, at=rig.now, until=NOON + until * MINUTE), outage(lasted=10))
    rig.now += HOUR
    rig.wait(MINUTE)
    assert rig.said() == said


def test_patterns_of_mutes_that_have_ended_are_prepared_once_whatever_the_hosts(
    rig: AlertRig, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Alerts ask every second, and short outages remain unreported until a longer one ends."""
    long, short = [outage(f"long{n}.test", lasted=5) for n in range(50)], outage("short.test", lasted=1)
    past = [wish(f"*{n}.test", at=NOON, until=NOON + 9 * MINUTE) for n in range(10)]
    rig.deliver(*past, *long, short)
    rig.now += HOUR
    prepared = calls_of(monkeypatch, HostFilter, "__init__")
    compared = calls_of(monkeypatch, alerts, "_ended_while_muted")
    assert rig.due(rig.state.edition).is_empty
    assert len([filtered for filtered, *_ in prepared if filtered.patterns[0][1:2].isdigit()]) == len(past)
    assert len(compared) == len(long)


def test_a_short_outage_before_a_longer_one_is_told_with_it(rig: AlertRig) -> None:
    past = wish("b.test", at=NOON, until=NOON + MINUTE)
    rig.deliver(past, outage(lasted=1), outage(begun=10, lasted=5))
    rig.now += HOUR
    rig.wait(MINUTE)
    (entry,) = rig.told[0].recovered
    assert len(entry.outages) == 2


def test_what_was_muted_until_up_is_told_when_it_is_up(rig: AlertRig) -> None:
    rig.deliver(outage(), wish("a.test", until_up=True))
    rig.wait(10 * MINUTE)
    assert rig.said() == []
    rig.deliver(outage(lasted=10))
    rig.wait(MINUTE)
    assert rig.said() == [OVER]


@pytest.mark.parametrize("is_renamed", [True, False])
def test_what_is_another_host_or_not_asked_for_any_more_is_forgotten(
    rig: AlertRig, *, is_renamed: bool
) -> None:
    rig.deliver(outage())
    rig.wait(HOLD)
    if is_renamed:
        rig.state.hosts.pop("a.test")
    else:
        rig.watch = rig.watch._replace(rules=replace(RULES, hosts=("b.test",)))
    rig.deliver(outage("b.test", begun=2))
    rig.wait(HOLD)
    assert list(rig.record.sent) == ["b.test"]


spans = st.tuples(st.integers(1, 15), st.integers(1, 15))  # of STEP: up, then down


def timeline(host: str, pairs: list[tuple[int, int]]) -> Iterator[tuple[datetime, Incident]]:
    at = NOON
    for number, (up, down) in enumerate(pairs):
        begun, ended = at + up * STEP, at + (up + down) * STEP
        yield begun, opened(f"{host}-{number}", host, started=begun)
        yield ended, closed(f"{host}-{number}", host, started=begun, ended=ended)
        at = ended


@given(
    st.dictionaries(st.sampled_from(["a.test", "b.test", "c.test"]), st.lists(spans, max_size=5)),
    st.lists(st.integers(0, 200), max_size=4),
)
def test_every_outage_of_at_least_the_hold_is_reported_once_and_its_end_once(
    hosts: dict[str, list[tuple[int, int]]], switches: list[int]
) -> None:
    """Whenever Slack is away; `switches` are the steps at which it goes away or comes back."""
    rig = AlertRig()
    events = sorted((e for host, pairs in hosts.items() for e in timeline(host, pairs)), key=lambda e: e[0])
    for step in range(200):
        rig.now += STEP
        while events and events[0][0] <= rig.now:
            rig.deliver(events.pop(0)[1])
        rig.takes ^= step in switches
        rig.look()
    rig.takes = True
    rig.wait(3 * HOLD)
    over = Counter(i.id for batch in rig.told for entry in batch.recovered for i in ended(entry))
    closed = [i for host in rig.state.hosts.values() for i in host.closed]
    long = {i.id for i in closed if (i.ended or i.started) - i.started >= HOLD}
    assert long <= over.keys()
    assert set(over.values()) <= {1}
    begun = Counter((entry.host.name, entry.since) for batch in rig.told for entry in batch.down)
    assert set(begun.values()) <= {1}
    for batch in rig.told:
        assert all({i.id for i in ended(entry)} & long for entry in batch.recovered)
    assert not rig.record.sent


@pytest.mark.parametrize(
    ("ahead", "spans"),
    [(timedelta(hours=9), [HOLD]), (timedelta(days=40), [HOLD]), (MINUTE / 2, [HOLD, MINUTE])],
    ids=["far ahead", "farther", "ours is a little behind"],
)
def test_a_clock_that_differs_from_googles_neither_shortens_a_hold_nor_hides_an_alert(
    rig: AlertRig, ahead: timedelta, spans: list[timedelta]
) -> None:
    rig.deliver(opened("0", "a.test", started=NOON + ahead))
    for number, span in enumerate(spans, 1):
        rig.wait(span)
        assert rig.said() == ([DOWN] if number == len(spans) else [])


def test_each_host_that_changed_is_looked_at_in_a_step_of_its_own() -> None:
    """Parsing the histories of hundreds at once would hold up the loop."""
    state = state_after(*(blip for n in range(30) for blip in blips(2, NOON, f"host-{n}.test")))
    watch = AlertFilter(RULES, EVERY_HOST, SettledEnds())
    assert sum(1 for _ in finding_due_alerts(state, AlertRecord(0, {}), watch, NOON, state.edition)) >= 30
