"""A wrong value is refused even with a right checksum, and whatever is accepted can be shown and saved."""

import copy
import tracemalloc
from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from zlib import crc32

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from digest.compose import composing
from hosts.closed_incidents import encode
from hosts.model import Alerted, AlertRecord
from languages import ENGLISH, Locale
from slack.digest_message import render, render_text
from state.decoding import UnreadableState, decode
from state.encoding import encode_tail
from tests.builders import IN_ENGLISH, NOON, configured, encoded
from turns import at_once

Path_ = tuple[str | int, ...]
AT, DONE = "2026-11-22T12:00:00Z", {"at": "2026-11-22T12:00:00Z", "by": "U1", "by_name": "steve"}
OPEN = {
    "id": "0.open",
    "started": AT,
    "kind": "downtime",
    "named_by": "host",
    "policy": "www — 정책",
    "condition": "<check>",
    "url": "https://example.com/?a=1&b=2",
    "observed": "2.000",
    "edition": 4,
    "opened": 1,
    "resolved_in": 3,
    "listed": True,
    "confirmed": AT,
    "absent": True,
}
UNUSUAL = {
    "kind": "certificate",
    "named_by": "check",
    "observed": "Incident cancelled because it.",
    "resolved_by": ["U2", "민수"],
    "listed": True,
    "no_check": "disabled",
}
CHECK = {
    "id": "www-1",
    "name": "정책",
    "target": "https://b.test/",
    "period": 60,
    "regions": ["EUROPE"],
    "disabled": True,
    "project": "other",
}
ROWS = [
    ["0.closed", 1795348800, 600, 1],
    ["0.cert", 1795348800, 600, 1, UNUSUAL],
    ["0.long", 1795348800, 86400, 2, 1],
    ["0.both", 1795348800, 86400, 2, 1, UNUSUAL],
]
DOCUMENT: dict[str, Any] = {
    "version": 1,
    "digest": {
        "edition": 5,
        "channels": {
            "default": {"covers": 1, "slot": AT, "posted": AT, "told": "3f"},
            "pay": {
                "covers": 0,
                "slot": None,
                "alerts": {"covers": 2, "told": {"a.test": [AT, True]}, "editions": {"a.test": [2, 1]}},
            },
        },
        "returned": {"over.test": 1},
    },
    "forgotten": {"0.gone": AT},
    "last_delivery": AT,
    "alerts_read": AT,
    "reported": {"state.json.corrupt-1": [], "state.json.missing-1": ["pay", "정책"]},
    "mutes": {
        "*.test": {**DONE, "until": "2026-11-22T14:00:00Z", "reason": "정책 *x* <y>"},
        "www.example.com": {**DONE, "until_up": True, "about": ["0.open"], "ended_in": 1},
    },
    "log": [
        {**DONE, "did": "resolve", "what": "a.test"},
        {**DONE, "did": "remove", "what": "*.st", "until": "2026-11-22T14:00:00Z", "request": "5f" * 16},
        {**DONE, "did": "remove", "what": "b.test", "until_up": True, "reason": "정책 *x*"},
        {
            **DONE,
            "did": "restore",
            "what": "b.test",
            "replaced": {**DONE, "until_up": True, "reason": "정책", "about": ["0.open"]},
        },
    ],
    "hosts": {
        "a.test": {"open": [], "past": {}, "forgotten_since": AT},
        "b.test": {
            "open": [],
            "past": {},
            "known_since": AT,
            "watch": {"since": AT, "checks": [CHECK], "snoozed": AT, "off_since": AT},
        },
        "c.test": {"open": [], "past": {}, "watch": {"since": AT, "checks": [], "ended_in": 1}},
        "d.test": {"open": [], "past": {}, "watch": {"checks": [{"id": "unread"}]}},
        "www.example.com": {"open": [OPEN], "past": {"www — 정책": ROWS}},
    },
}
WWW = ("hosts", "www.example.com")
WATCH = ("hosts", "b.test", "watch")
ROW = (*WWW, "past", "www — 정책", 0)
EXTRA, LONG, BOTH = (*ROW[:-1], 1, 4), (*ROW[:-1], 2), (*ROW[:-1], 3)
MUTE = ("mutes", "*.test")
RECORD = ("digest", "channels", "default")


def file_of(document: dict[str, Any]) -> bytes:
    """As this program would write it, with a right checksum, whatever the document holds."""
    head_fields = {key: value for key, value in document.items() if key != "hosts"}
    head = f'{encode(head_fields)[:-1]},"hosts":{{\n'.encode()
    lines = [f"{encode(name)}:{encode(fields)}".encode() for name, fields in document["hosts"].items()]
    return head + b",\n".join(lines) + encode_tail(crc32(head) + sum(map(crc32, lines)))


def replaced(place: Path_, value: object) -> dict[str, Any]:
    document = copy.deepcopy(DOCUMENT)
    within: Any = document
    for key in place[:-1]:
        within = within[key]
    within[place[-1]] = value
    return document


FULL = decode(file_of(DOCUMENT))[0]


OPENED, PAY = (*WWW, "open", 0), ("digest", "channels", "pay", "alerts")
ENTRY, WHOLE_MUTE, CHECKED = ("log", 1), ("mutes", "www.example.com"), (*WATCH, "checks", 0)
REPLACED = ("log", 3, "replaced")
TIMES: list[Path_] = [
    *((*OPENED, "started"), (*OPENED, "confirmed"), (*WATCH, "since"), (*WATCH, "snoozed")),
    (*WATCH, "off_since"),
    *(("hosts", "a.test", "forgotten_since"), ("hosts", "b.test", "known_since"), ("forgotten", "0.gone")),
    *(
        ("last_delivery",),
        ("alerts_read",),
        (*MUTE, "at"),
        (*MUTE, "until"),
        (*RECORD, "slot"),
        (*RECORD, "posted"),
    ),
    *((*PAY, "told", "a.test", 0), (*ENTRY, "at"), (*ENTRY, "until"), (*REPLACED, "at")),
]
NUMBERS: list[Path_] = [
    *((*OPENED, "edition"), (*OPENED, "opened"), (*OPENED, "resolved_in"), (*WATCH, "ended_in")),
    *((*ROW, 2), (*ROW, 3), (*LONG, 4), (*BOTH, 4)),
    *(("digest", "edition"), (*RECORD, "covers"), (*PAY, "covers"), ("digest", "returned", "over.test")),
    *((*WHOLE_MUTE, "ended_in"), (*CHECKED, "period")),
    *((*PAY, "editions", "a.test", 0), (*PAY, "editions", "a.test", 1)),
]
TEXTS: list[Path_] = [
    *((*ROW, 0), (*OPENED, "id"), (*OPENED, "policy"), (*OPENED, "url"), (*OPENED, "observed")),
    *((*OPENED, "condition"), (*EXTRA, "observed"), (*CHECKED, "id"), (*CHECKED, "name")),
    *(
        (*CHECKED, "target"),
        (*CHECKED, "project"),
        (*MUTE, "by"),
        (*MUTE, "reason"),
        (*RECORD, "told"),
        (*ENTRY, "what"),
    ),
    (*REPLACED, "reason"),
]
TRUTHS: list[Path_] = [
    *((*OPENED, "listed"), (*OPENED, "absent"), (*EXTRA, "listed"), (*CHECKED, "disabled")),
    *((*WHOLE_MUTE, "until_up"), (*PAY, "told", "a.test", 1)),
]
WORDS: list[Path_] = [
    *((*OPENED, "kind"), (*OPENED, "named_by"), (*EXTRA, "kind"), (*EXTRA, "named_by"), (*ENTRY, "did")),
    (*EXTRA, "no_check"),
]
MAPS: list[Path_] = [
    *(WWW, (*WWW, "past"), OPENED, ("mutes",), MUTE, ENTRY, ("digest",), ("digest", "channels"), RECORD),
    *(PAY, (*PAY, "editions"), ("digest", "returned"), ("reported",), CHECKED, REPLACED),
]
LISTS: list[Path_] = [ROW[:-1], (*WWW, "open"), ("log",), (*WATCH, "checks"), (*CHECKED, "regions")]
WRONG: list[tuple[list[Path_], list[object]]] = [
    (TIMES, ["2026-11-22T12:00:00", "2026-11-22", "yesterday", "", 7, ["2026-11-22T12:00:00Z"]]),
    ([(*OPENED, "started")], ["9999-12-31T23:59:59Z", "0001-01-01T00:00:00+14:00", None]),
    (NUMBERS, ["1", 1.0, True, -1, 2**53, None, [1]]),
    (TEXTS, [7, None, ["2.000"], "half of a pair: \udc00"]),
    (TRUTHS, ["true", 1, None]),
    (WORDS, ["nonsense", "HOST", 3, ["downtime"]]),
    (MAPS, [[], [7], "remove", 7]),
    (
        [
            OPENED,
            MUTE,
            RECORD,
            (*WATCH, "since"),
            (*WATCH, "snoozed"),
            (*WATCH, "off_since"),
            ("forgotten", "0.gone"),
        ],
        [None],
    ),
    (LISTS, [{}, "", "EUROPE", None, ["x", 7]]),
    ([(*ROW[:-1], 0)], [["0.closed", 1795348800, 600], {"id": "0.closed"}]),
    ([(*ROW, 1)], ["1795348800", 1795348800.5, 10**12]),
    ([(*ROW, 2)], [10**12]),
    ([(*BOTH, 5)], [None, 1]),
    (
        [("digest",)],
        [{"edition": 3, "covers": "2", "slot": None}, {"edition": 3, "slot": None}],
    ),  # of before there were channels
    ([(*CHECKED, "period")], [90_000]),
    ([(*EXTRA, "resolved_by")], [["U2"], ["U2", "a", "b"], "U2", 7, {"id": "U2"}]),
    ([(*WHOLE_MUTE, "about"), ("reported", "state.json.corrupt-1")], [[7], "0.open", None]),
    ([(*ENTRY, "request")], ["the first", 7, []]),
    ([ENTRY], [{**DONE, "did": "resolve"}, {"at": AT, "did": "resolve", "what": "a.test"}]),
]


@pytest.mark.parametrize(
    ("place", "value"), [(place, value) for places, values in WRONG for place in places for value in values]
)
def test_a_wrong_value_is_refused(place: Path_, value: object) -> None:
    with pytest.raises(UnreadableState, match=r"is invalid|are invalid|not a complete state file"):
        decode(file_of(replaced(place, value)))


def test_an_alert_recorded_by_an_earlier_version_is_still_known() -> None:
    earlier = replaced(PAY, {"covers": 2, "told": {"a.test": [AT, False]}})
    alerts = decode(file_of(earlier))[0].record("pay").alerts
    assert alerts == AlertRecord(2, {"a.test": Alerted(NOON, edition=1, ends_after=2)})


@pytest.mark.parametrize("separator", [b',\n"a.test"', b',"b.test"'])
def test_a_host_that_is_there_twice_or_shares_a_line_is_refused(separator: bytes) -> None:
    fields, marker = b':{"open":[],"past":{}}', b'"hosts":{\n'
    head = file_of(DOCUMENT).partition(marker)[0] + marker
    hosts = b'"a.test"' + fields + separator + fields
    checksum = crc32(head) + sum(map(crc32, hosts.split(b",\n")))
    with pytest.raises(UnreadableState, match="not a complete state file"):
        decode(head + hosts + encode_tail(checksum))


def test_decoding_takes_little_more_memory_than_its_result() -> None:
    hosts = {f"{n}.test": {"open": [], "past": {"p": [[f"0.{n}", 1795348800, 60, 1]]}} for n in range(500)}
    data = file_of(DOCUMENT | {"hosts": hosts})
    decode(data)  # what is imported and cached on the way does not count
    tracemalloc.start()
    decoded = decode(data)
    kept, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert decoded
    assert most < 1.3 * kept


def values(within: Any, place: Path_ = ()) -> Iterator[tuple[Path_, Any]]:
    """Every value in it, by its path."""
    items = within.items() if isinstance(within, dict) else enumerate(within)
    for key, value in items:
        yield (*place, key), value
        if isinstance(value, dict | list):
            yield from values(value, (*place, key))


PLACES = [place for place, _ in values(DOCUMENT) if place not in (("version",), ("hosts",))]
anything = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.text(max_size=5)
    | st.sampled_from(
        ["2026-11-22T12:00:00", "2026-11-22T12:00:00Z", "9999-12-31T23:59:59Z", "host", "downtime"]
    ),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=6,
)


@given(st.sampled_from(PLACES), anything)
@example((*WWW, "open", 0, "id"), "")
def test_whatever_is_accepted_can_be_shown_and_saved(
    tmp_path_factory: pytest.TempPathFactory, place: Path_, value: object
) -> None:
    try:
        state = decode(file_of(replaced(place, value)))[0]
    except UnreadableState:
        return
    config = configured(tmp_path_factory.mktemp("configured"))
    digest = at_once(composing)(state, config, config.channels[0], NOON + timedelta(hours=1), ())
    render(digest, Locale(config.timezone, ENGLISH))
    render_text(digest, IN_ENGLISH).encode()
    for host in state.hosts.values():
        host.closed.read()
    assert decode(encoded(state))[0] == state
