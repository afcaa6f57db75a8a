"""The summary of a week, and which digest has it."""

from datetime import UTC, datetime, timedelta, tzinfo
from zoneinfo import ZoneInfo

import pytest

from digest.weekly import Weekly, starts_week, summarizing_week, visible_hosts
from hosts.incident import Incident
from hosts.model import State
from hosts.patterns import EVERY_HOST, HostFilter
from slack import phrases
from tests.builders import DAY, HOUR, LOCALES, MINUTE, NOON, closed, opened, state_after, summarize_week, wish

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


def test_outages_are_added_up_and_the_longest_are_named() -> None:
    lasting = {"a.test": 3, "b.test": 40, "c.test": 60, "d.test": 5}
    long_ago = [closed(f"{h}-", h, started=NOON - 60 * DAY, ended=NOON - 59 * DAY) for h in lasting]
    lately = [closed(h, h, started=NOON - DAY, ended=NOON - DAY + n * MINUTE) for h, n in lasting.items()]
    still = opened("still", "d.test", started=NOON - 10 * MINUTE)
    found = week(state_after(*long_ago, *lately, still))
    assert (found.outages, found.down) == (5, 118 * MINUTE)
    assert found.worst == (("c.test", HOUR), ("b.test", 40 * MINUTE), ("d.test", 15 * MINUTE))
    assert found.uptime.percent == "99.70"


OLD = closed("old", "old.test", started=NOON - 20 * DAY, ended=NOON - 19 * DAY)
ALMOST_A_DAY = opened("young", "young.test", started=NOON - DAY + MINUTE)
THIRTY = [opened(f"{n}", f"{n}.test", started=NOON - 2 * HOUR) for n in range(30)]
AGAIN = closed("again", "old.test", started=NOON - 8 * HOUR, ended=NOON - 2 * HOUR)


@pytest.mark.parametrize(
    ("incidents", "percent", "known", "outages", "down"),
    [
        ([OLD], "100", 7 * DAY, 0, 0 * DAY),  # no outage
        ([closed(started=NOON - DAY, ended=NOON - DAY / 2)], "50.00", DAY, 1, DAY / 2),  # half a day
        ([closed(started=NOON - 8 * DAY, ended=NOON - 6 * DAY)], "85.71", 7 * DAY, 1, DAY),  # at the border
        ([opened(started=NOON - 40 * MINUTE)], "", 0 * DAY, 1, 40 * MINUTE),  # known for minutes
        (THIRTY, "", 0 * DAY, 30, 60 * HOUR),  # known for hours
        ([OLD, ALMOST_A_DAY], "", 7 * DAY, 1, DAY - MINUTE),  # 100 would not go with the outage
        ([OLD, ALMOST_A_DAY, AGAIN], "96.42", 7 * DAY, 2, DAY - MINUTE + 6 * HOUR),  # known long and briefly
    ],
)
def test_hosts_count_for_the_percentage_once_known_for_a_day(
    incidents: list[Incident], percent: str, known: timedelta, outages: int, down: timedelta
) -> None:
    found = week(state_after(*incidents), "quiet.test")
    assert (found.percent, found.uptime.known) == (percent, known)
    assert (found.outages, found.down) == (outages, down)
    said = [phrases.week_line(found, locale) for locale in LOCALES]
    assert all(("%" in line) is bool(percent) for line in said)
    assert ("up" in said[0]) is bool(percent)


def test_what_is_muted_and_the_hosts_of_other_channels_are_left_out() -> None:
    hidden = [wish("*.hidden.test"), wish("m.test"), wish("a.test", until=NOON)]
    names = ("x.hidden.test", "m.test", "a.test", "a.other")
    state = state_after(*(closed(name, name) for name in names), *hidden)
    configured = ("y.hidden.test", "b.test", "b.other")
    found = visible_hosts(state, configured, HostFilter(("*.test",)), NOON)
    assert [host.name for host in found] == ["a.test", "b.test"]


def test_others_get_a_turn_at_each_host() -> None:
    state = state_after(*(closed(f"{n}", f"{n}.test", ended=NOON + n * MINUTE) for n in range(7)))
    hosts = visible_hosts(state, (), EVERY_HOST, NOON)
    assert len([*summarizing_week(hosts, NOON + DAY)]) == len(hosts)
