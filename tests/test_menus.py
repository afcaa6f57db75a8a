"""Menus beside hosts: within Slack's limits whatever hosts are called, and readable years later."""

from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digest.alerts import AlertBatch
from digest.model import Down
from digest.weekly import visible_hosts
from hosts.identity import Titles, key_of
from hosts.incident import CANCELLED, Kind
from hosts.model import Host, State
from hosts.patterns import EVERY_HOST
from hosts.problems import ProblemKind
from languages import Locale
from languages.language import Choice
from slack.alert_message import render_alerts
from slack.digest_message import render
from slack.menus import Chosen, MessageKind, Place, expiry, finding_host, name_of, read_place, read_value
from slack.packing import Group, Limits, Message, pack
from tests.builders import (
    IN_ENGLISH,
    IN_KOREAN,
    NOON,
    closed,
    opened,
    problem_of,
    state_after,
    summarize,
    summarize_week,
    titled,
    wish,
)
from tests.slack_rules import check
from turns import at_once

WWW = "www.example.com"
LATER = NOON + timedelta(minutes=13)
LONG_AGO = NOON - timedelta(days=9)
find_host = at_once(finding_host)
LABELLED = [key_of("api", {"project": project, "location": "us-central1"}) for project in ("prod", "dev")]


def drawn(state: State, locale: Locale = IN_ENGLISH, menus_of: str = "ops") -> list[dict[str, Any]]:
    """The blocks of a digest's messages, which keep Slack's rules."""
    digest = titled(summarize(state, LATER), Titles(state.hosts))
    messages = render(digest, locale, menus_of=menus_of)
    for message in messages:
        check(message)
    return [block for message in messages for block in as_blocks(message)]


def as_blocks(message: Message) -> list[dict[str, Any]]:
    blocks = message["blocks"]
    assert isinstance(blocks, list)
    return blocks


def menus(blocks: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [block["accessory"] for block in blocks if "accessory" in block]


def offered(menu: dict[str, Any]) -> list[tuple[str, str]]:
    """Labels and values."""
    options = menu.get("options") or [menu]
    return [(option["text"]["text"], option["value"]) for option in options]


@pytest.mark.parametrize(
    ("locale", "label", "labels"),
    [
        (IN_ENGLISH, "Mute…", ["Mute for 1 h", "Mute for 4 h", "Mute until tomorrow 09:00", "Mute until it is up", "Mute for good"]),
        (IN_KOREAN, "숨기기…", ["1시간 동안 숨기기", "4시간 동안 숨기기", "내일 09:00까지 숨기기", "복구될 때까지 숨기기", "계속 숨기기"]),
    ],
    ids=["en", "ko"],
)  # fmt: skip
def test_a_host_down_has_a_menu_in_a_row_of_its_own(locale: Locale, label: str, labels: list[str]) -> None:
    (block,) = [b for b in drawn(state_after(opened(), closed("b", "up.test")), locale) if "accessory" in b]
    row, menu = block["text"]["text"], block["accessory"]
    assert (row.count("\n"), f"`{WWW}`" in row) == (0, True)
    assert (menu["placeholder"]["text"], menu["action_id"]) == (label, "1 digest 0 ops")
    values = [f"1 {choice} {WWW}" for choice in ("1h", "4h", "tomorrow", "up", "good")]
    assert offered(menu) == [*zip(labels, values, strict=True)]
    assert "confirm" not in menu


@pytest.mark.parametrize(
    ("locale", "label", "last", "title"),
    [
        (IN_ENGLISH, "Mute or resolve…", "Resolve", f"Mute or resolve {WWW}?"),
        (IN_KOREAN, "숨기기·종료 처리…", "종료 처리", f"{WWW}: 숨기거나 종료 처리할까요?"),
    ],
    ids=["en", "ko"],
)
def test_one_whose_close_may_be_lost_can_be_resolved_after_a_question(
    locale: Locale, label: str, last: str, title: str
) -> None:
    (menu,) = menus(drawn(state_after(opened(started=LONG_AGO)), locale))
    assert menu["placeholder"]["text"] == label
    assert offered(menu)[-1] == (last, f"1 resolve {WWW}")
    assert menu["confirm"]["title"]["text"] == title


@pytest.mark.parametrize(("locale", "label"), [(IN_ENGLISH, "Unmute"), (IN_KOREAN, "숨김 해제")])
def test_a_muted_host_has_a_button(locale: Locale, label: str) -> None:
    found = menus(drawn(state_after(opened(), wish(WWW), wish("*.test")), locale))
    assert [offered(button) for button in found] == [
        [(label, "1 unmute *.test")],
        [(label, f"1 unmute {WWW}")],
    ]
    assert WWW in found[1]["accessibility_label"]


@pytest.mark.parametrize(("down", "muted"), [(3, 10), (60, 30), (380, 400)])
@pytest.mark.parametrize("text", ["p", "정책" * 50])
def test_a_digest_with_everything_in_it_keeps_its_limits(down: int, muted: int, text: str) -> None:
    ages = [LONG_AGO, NOON, NOON - timedelta(hours=1)]
    hosts = [opened(f"d{n}", f"d{n}.test", started=ages[n % 3], policy=text) for n in range(down)]
    others = [
        *(opened(f"w{n}", f"w{n}.test", kind=Kind.CERTIFICATE, policy=text) for n in range(30)),
        *(closed(f"c{n}", f"c{n}.test", observed=CANCELLED if n % 2 else "") for n in range(30)),
        *(opened(f"m{n}", f"m{n}.test") for n in range(muted)),
    ]
    mutes = [
        wish("ended.test", until=LATER - timedelta(minutes=1)),
        *(wish(f"m{n}.test") for n in range(muted)),
    ]
    state = state_after(*hosts, *others, opened("e", "ended.test"), *mutes)
    problems = [problem_of(kind, "/var/state.json", "60") for kind in ProblemKind]
    week = summarize_week(visible_hosts(state, (), EVERY_HOST, LATER), LATER)
    digest = summarize(state, LATER, next_at=LATER, problems=problems)._replace(weekly=week)
    found = []
    for message in render(digest, IN_KOREAN, menus_of="ops"):
        check(message)
        found += [menu["type"] for menu in menus(as_blocks(message))]
    assert found == ["static_select"] * min(down + 1, 20) + ["button"] * 10


def test_lines_with_menus_leave_room_for_a_footer_however_many_there_are() -> None:
    menu: Message = {"type": "button"}
    lines = [(f"line {n}", 1) for n in range(200)]
    group = Group("title", lines, 200, lambda left: f"{left} more", spills=True, accessories=[menu] * 200)
    others = group._replace(more=lambda left: f"{left} others")
    pages = pack("opening", [group, others], Limits(pages=3, page=12_000, section=3_000))
    assert [len(page) <= 49 for page in pages] == [True] * 3
    assert pages[-1][-1].text.endswith("200 others")


def test_an_alert_has_a_menu_for_as_many_hosts_as_a_message_can_hold() -> None:
    def down(n: int) -> Down:
        return Down(Host(f"{n}.test", (opened(f"{n}", f"{n}.test"),)), NOON, new=True, doubtful=n == 1)

    for first, rest in ((1, 0), (2, 2), (30, 30), (0, 60)):
        batch = AlertBatch(LATER, tuple(map(down, range(first))), tuple(map(down, range(100, 100 + rest))))
        message = render_alerts(batch, IN_ENGLISH, (), menus_of="ops")
        check(message)
        found = menus(as_blocks(message))
        values = [offered(menu)[0][1] for menu in found]
        hosts = [*range(first), *range(100, 100 + rest)][:40]
        assert values == [f"1 1h {n}.test" for n in hosts]
        assert {menu["action_id"] for menu in found} == {"1 alert 0 ops"}


names = st.sampled_from(
    ["a.test", *LABELLED, "a & b", "<!here>", "웹 서버", "~x", "x" * 253, "a|b", ":fire:"]
)


@given(st.lists(names | st.text(min_size=1, max_size=100), unique=True, max_size=8))
def test_whatever_a_host_is_called_its_menu_is_accepted_and_leads_back_to_it(hosts: list[str]) -> None:
    state = state_after(
        *(opened(f"{n}", host, started=LONG_AGO) for n, host in enumerate(hosts)),
        wish("*.muted"),
        wish("m " * 90),
    )
    found = menus(drawn(state, IN_KOREAN))
    chosen = [read_value(value) for menu in found for _, value in offered(menu)[:1]]
    keys = [find_host(each.reference, [*state.hosts, *state.mutes]) for each in chosen if each]
    assert sorted(keys) == sorted([*hosts, "*.muted", "m " * 90])


def test_a_thing_with_namesakes_is_identified_whatever_its_title_becomes() -> None:
    (menu,) = menus(drawn(state_after(opened(host=LABELLED[0]))))
    chosen = read_value(offered(menu)[0][1])
    assert chosen
    assert find_host(chosen.reference, [LABELLED[1], "api"]) == ""
    assert find_host(chosen.reference, [*LABELLED, "api"]) == LABELLED[0]
    assert name_of(chosen.reference) == ""
    assert len([*finding_host(chosen.reference, ["api", *LABELLED[::-1]])]) == 3  # steps


@pytest.mark.parametrize(
    ("value", "chosen"),
    [
        (f"1 up {WWW}", Chosen(Choice.UNTIL_UP, WWW)),
        *((bad, None) for bad in ("", "1", "1 up", "1 up ", "2 up x", "1 forget x", "mute x", "1  x")),
    ],
)
def test_a_value_of_another_version_is_not_guessed(value: str, chosen: Chosen | None) -> None:
    assert read_value(value) == chosen


@pytest.mark.parametrize(
    ("action_id", "place"),
    [
        ("1 digest 17 ops", Place(MessageKind.DIGEST, "ops", 17)),
        ("1 alert 0 운영.팀", Place(MessageKind.ALERT, "운영.팀")),
        *((bad, None) for bad in ("", "mute", "2 digest 0 ops", "1 page 0 ops", "1 digest ９ a", "1 digest -1 a", "1 digest x a")),
    ],
)  # fmt: skip
def test_an_action_id_of_another_version_is_not_guessed(action_id: str, place: Place | None) -> None:
    assert read_place(action_id) == place
    assert place is None or place.action_id() == action_id


SEOUL = ZoneInfo("Asia/Seoul")


@pytest.mark.parametrize(
    ("choice", "ends"),
    [
        (Choice.HOUR, datetime(2026, 11, 22, 17, tzinfo=UTC)),
        (Choice.FOUR_HOURS, datetime(2026, 11, 22, 20, tzinfo=UTC)),
        (Choice.TOMORROW, datetime(2026, 11, 24, 0, tzinfo=UTC)),  # it is 01:00 on the 23rd in Seoul
        (Choice.UNTIL_UP, None),
        (Choice.FOR_GOOD, None),
    ],
)
def test_when_a_mute_ends(choice: Choice, ends: datetime | None) -> None:
    found = expiry(choice, datetime(2026, 11, 22, 16, tzinfo=UTC), SEOUL)
    assert found == (ends, choice is Choice.UNTIL_UP, "")
