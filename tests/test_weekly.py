"""What a week came to, and which digest tells it."""

from datetime import UTC, datetime, timedelta, tzinfo
from zoneinfo import ZoneInfo

import pytest

from digest.weekly import Weekly, starts_week, summarizing_week, visible_hosts
from hosts import changes
from hosts.model import Mute, State
from hosts.patterns import EVERY_HOST, HostFilter
from slack import phrases
from tests.builders import LOCALES, MINUTE, NOON, closed, opened, state_after, summarize_week

DAY = timedelta(days=1)
HOUR = timedelta(hours=1)
MON, WED, SUN = 0, 2, 6
BERLIN, SEOUL = ZoneInfo("Europe/Berlin"), ZoneInfo("Asia/Seoul")
MONDAY = datetime(2026, 11, 23, tzinfo=UTC)


def week(state: State, *hosts: str) -> Weekly:
    return summarize_week(visible_hosts(state, hosts, EVERY_HOST, NOON), NOON)


@pytest.mark.parametrize(
    ("weekday", "posted", "slot", "zone", "first"),
    [
        (MON, MONDAY - HOUR / 2, MONDAY, UTC, True),
        (MON, MONDAY, MONDAY + HOUR / 2, UTC, False),
        (MON, MONDAY - 3 * DAY, MONDAY + DAY, UTC, True),  # no digest on Monday
        (MON, MONDAY - 30 * DAY, MONDAY, UTC, True),
        (MON, None, MONDAY, UTC, False),
        (MON, MONDAY - 10 * HOUR, MONDAY - 9 * HOUR, SEOUL, True),  # midnight in Seoul
        (MON, MONDAY - HOUR, MONDAY, SEOUL, False),
        (SUN, MONDAY - DAY - HOUR, MONDAY - DAY, UTC, True),
        (WED, MONDAY, MONDAY + DAY, UTC, False),
        (WED, MONDAY, MONDAY + 2 * DAY, UTC, True),
        (SUN, datetime(2026, 10, 24, 21, tzinfo=UTC), datetime(2026, 10, 24, 22, tzinfo=UTC), BERLIN, True),
    ],
)
def test_the_first_digest_since_a_week_began(
    weekday: int, posted: datetime | None, slot: datetime, zone: tzinfo, *, first: bool
) -> None:
    assert starts_week(weekday, posted, slot, zone) is first


def test_a_week_without_outages() -> None:
    old = closed(started=NOON - 20 * DAY, ended=NOON - 19 * DAY)
    found = week(state_after(old), "quiet.test")
    assert (found.uptime.percent, found.uptime.known, found.outages, found.worst) == ("100", 7 * DAY, 0, ())


def test_outages_are_added_up_and_the_longest_are_named() -> None:
    lasting = {"a.test": 3, "b.test": 40, "c.test": 60, "d.test": 5}
    long_ago = [closed(f"{h}-", h, started=NOON - 60 * DAY, ended=NOON - 59 * DAY) for h in lasting]
    lately = [closed(h, h, started=NOON - DAY, ended=NOON - DAY + n * MINUTE) for h, n in lasting.items()]
    still = opened("still", "d.test", started=NOON - 10 * MINUTE)
    found = week(state_after(*long_ago, *lately, still))
    assert (found.outages, found.down) == (5, 118 * MINUTE)
    assert found.worst == (("c.test", HOUR), ("b.test", 40 * MINUTE), ("d.test", 15 * MINUTE))
    assert found.uptime.percent == "99.70"


def test_only_the_time_that_is_known_counts() -> None:
    found = week(state_after(closed(started=NOON - DAY, ended=NOON - DAY / 2)))
    assert (found.uptime.percent, found.uptime.known) == ("50.00", DAY)


def test_below_a_day_there_is_no_percentage() -> None:
    """A host first heard of because it failed, 40 minutes ago."""
    found = week(state_after(opened(started=NOON - 40 * MINUTE)))
    assert (found.percent, found.outages, found.down) == ("", 1, 40 * MINUTE)
    said = [phrases.week_line(found, locale) for locale in LOCALES]
    assert not any("%" in line for line in said)


def test_many_hosts_known_for_an_hour_make_no_day() -> None:
    young = [opened(f"{n}", f"{n}.test", started=NOON - 2 * HOUR) for n in range(30)]
    found = week(state_after(*young))
    assert (found.percent, found.outages, found.down, found.uptime.known) == ("", 30, 60 * HOUR, 0 * HOUR)
    (line,) = {phrases.week_line(found, locale) for locale in LOCALES[:1]}
    assert "up" not in line
    assert "30 outages" in line


def test_a_host_counts_for_the_percentage_from_a_day_of_knowledge_on() -> None:
    old = closed("old", "old.test", started=NOON - 20 * DAY, ended=NOON - 19 * DAY)
    young = opened("young", "young.test", started=NOON - DAY + MINUTE)
    found = week(state_after(old, young))
    assert (found.uptime.known, found.uptime.down) == (7 * DAY, 0 * DAY)
    assert found.percent == ""  # 100 would not go with the outage
    failed = closed("again", "old.test", started=NOON - 8 * HOUR, ended=NOON - 2 * HOUR)
    assert week(state_after(old, young, failed)).percent == "96.42"


def test_muted_hosts_and_those_of_other_channels_are_left_out() -> None:
    mute = changes.mute(Mute("m.test", "U1", "steve", NOON))
    state = state_after(*(closed(h, h, ended=NOON) for h in ("m.test", "a.test", "b.test")), mute)
    hosts = visible_hosts(state, (), HostFilter(("a.*", "m.*")), NOON)
    shown = summarize_week(hosts, NOON + DAY)
    assert shown.uptime.known == DAY


def test_what_a_pattern_hides_is_left_out_and_what_was_muted_once_is_not() -> None:
    wishes = [Mute("*.hidden.test", "U1", "steve", NOON), Mute("a.test", "U1", "steve", NOON, until=NOON)]
    names = ("x.hidden.test", "a.test")
    state = state_after(*(closed(name, name) for name in names), changes.mute(*wishes))
    assert [host.name for host in visible_hosts(state, ("y.hidden.test", "b.test"), EVERY_HOST, NOON)] == [
        "a.test",
        "b.test",
    ]


def test_what_lies_on_the_border_of_the_week_counts_from_there() -> None:
    found = week(state_after(closed(started=NOON - 8 * DAY, ended=NOON - 6 * DAY)))
    assert (found.outages, found.down, found.uptime.known) == (1, DAY, 7 * DAY)


def test_others_may_have_their_turn_at_each_host() -> None:
    state = state_after(*(closed(f"{n}", f"{n}.test", ended=NOON + n * MINUTE) for n in range(7)))
    hosts = visible_hosts(state, (), EVERY_HOST, NOON)
    assert len([*summarizing_week(hosts, NOON + DAY)]) == len(hosts)
