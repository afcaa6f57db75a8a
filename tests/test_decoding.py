"""A wrong value is refused even with a right checksum, and whatever is accepted can be shown and saved."""

import copy
from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from zlib import crc32

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from digest.compose import composing
from hosts.closed_incidents import encode
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
    "edition": 1,
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
}
CHECK = {
    "id": "www-1",
    "name": "정책",
    "target": "https://b.test/",
    "period": 60,
    "regions": ["EUROPE"],
    "disabled": True,
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
        "edition": 2,
        "channels": {
            "default": {"covers": 1, "slot": AT, "posted": AT, "told": "3f"},
            "pay": {"covers": 0, "slot": None, "alerts": {"covers": 1, "told": {"a.test": [AT, True]}}},
        },
        "returned": {"over.test": 1},
    },
    "forgotten": {"0.gone": AT},
    "last_delivery": AT,
    "reported": {"state.json.corrupt-1": [], "state.json.missing-1": ["pay", "정책"]},
    "mutes": {
        "*.test": {**DONE, "until": "2026-11-22T14:00:00Z", "reason": "정책 *x* <y>"},
        "www.example.com": {**DONE, "until_up": True, "about": ["0.open"], "ended_in": 1},
    },
    "log": [
        {**DONE, "did": "resolve", "what": "a.test"},
        {**DONE, "did": "remove", "what": "*.st", "until": "2026-11-22T14:00:00Z", "request": "5f" * 16},
        {**DONE, "did": "remove", "what": "b.test", "until_up": True, "reason": "정책 *x*"},
    ],
    "hosts": {
        "a.test": {"open": [], "past": {}, "forgotten_since": AT},
        "b.test": {
            "open": [],
            "past": {},
            "known_since": AT,
            "watch": {"since": AT, "checks": [CHECK], "snoozed": AT},
        },
        "c.test": {"open": [], "past": {}, "watch": {"since": AT, "checks": [], "ended_in": 1}},
        "www.example.com": {"open": [OPEN], "past": {"www — 정책": ROWS}},
    },
}
WWW = ("hosts", "www.example.com")
WATCH = ("hosts", "b.test", "watch")
ROW = (*WWW, "past", "www — 정책", 0)
EXTRA = (*ROW[:-1], 1, 4)
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


def test_the_file_that_is_spoiled_below_is_good() -> None:
    assert set(FULL.host_by_incident) == {"0.open", "0.closed", "0.cert", "0.long", "0.both"}
    assert (set(FULL.channels), len(FULL.log), FULL.edition) == ({"default", "pay"}, 3, 2)


WRONG: list[tuple[Path_, list[object]]] = [
    # a time without its zone, or none at all
    ((*WATCH, "snoozed"), ["2026-11-22", None]),
    (
        (*WWW, "open", 0, "started"),
        [
            "2026-11-22T12:00:00",
            "2026-11-22",
            1795348800,
            "9999-12-31T23:59:59Z",
            "0001-01-01T00:00:00+14:00",
            None,
        ],
    ),
    (("hosts", "a.test", "forgotten_since"), ["2026-11-22T12:00:00"]),
    (("last_delivery",), ["2026-11-22T12:00:00", 5]),
    (("forgotten", "0.gone"), [None]),
    (("reported",), [[]]),
    (("reported", "state.json.corrupt-1"), ["pay", [1], None]),
    ((*MUTE, "until"), ["2026-11-22T14:00:00", ""]),
    ((*MUTE, "at"), ["yesterday"]),
    ((*RECORD, "slot"), ["2026-11-22T12:00:00"]),
    ((*RECORD, "posted"), [7]),
    (("digest", "channels", "pay", "alerts", "told", "a.test", 0), ["2026-11-22T12:00:00"]),
    (("log", 0, "at"), ["2026-11-22T12:00:00", "then", 7]),
    (("log", 1, "until"), ["2026-11-22T12:00:00"]),
    # text for a number, a fraction, or a number out of range
    ((*WWW, "open", 0, "edition"), ["1", 1.0, True, -1, 2**53]),
    ((*ROW, 1), ["1795348800", 10**12, 1795348800.5]),
    ((*ROW, 2), [-1, 10**12, "600"]),
    ((*ROW, 3), ["0", None]),
    (("digest", "edition"), ["2"]),
    ((*RECORD, "covers"), [None]),
    (("digest", "channels", "pay", "alerts", "covers"), ["1"]),
    (("digest", "returned", "over.test"), ["1"]),
    # a number, or something else, for text
    ((*ROW, 0), [7, "\ud800"]),
    ((*WWW, "open", 0, "id"), [7]),
    ((*WWW, "open", 0, "policy"), [7]),
    ((*WWW, "open", 0, "url"), [None]),
    ((*WATCH, "since"), [None]),
    ((*WATCH, "ended_in"), [-1]),
    ((*WATCH, "checks"), [{}]),
    ((*WATCH, "checks", 0), ["www-1"]),
    ((*WATCH, "checks", 0, "id"), [None]),
    ((*WATCH, "checks", 0, "name"), ["\ud800"]),
    ((*WATCH, "checks", 0, "target"), [1]),
    ((*WATCH, "checks", 0, "period"), [90_000]),
    ((*WATCH, "checks", 0, "regions"), ["EUROPE"]),
    ((*WATCH, "checks", 0, "disabled"), [1]),
    ((*WWW, "open", 0, "listed"), ["yes"]),
    ((*WWW, "open", 0, "confirmed"), ["2026-11-22T12:00:00"]),
    ((*WWW, "open", 0, "absent"), [1]),
    ((*EXTRA, "listed"), [1]),
    ((*WWW, "open", 0, "observed"), [["2.000"]]),
    ((*WWW, "open", 0, "condition"), ["half of a pair: \udc00"]),
    ((*MUTE, "by"), [None]),
    ((*MUTE, "reason"), [7]),
    ((*RECORD, "told"), [7]),
    (("log", 0, "what"), [None]),
    (("log", 1, "request"), ["the first", 7, []]),
    # neither true nor false
    ((*MUTE, "until_up"), ["true", 1]),
    (("digest", "channels", "pay", "alerts", "told", "a.test", 1), [1]),
    # not one of the known words
    ((*WWW, "open", 0, "kind"), ["nonsense", ["downtime"]]),
    ((*WWW, "open", 0, "named_by"), ["HOST"]),
    (("log", 0, "did"), ["dance"]),
    ((*EXTRA, "kind"), ["nonsense"]),
    ((*EXTRA, "named_by"), [3]),
    ((*EXTRA, "observed"), [7]),
    ((*EXTRA, "resolved_by"), [["U2"], ["U2", "a", "b"], "U2", 7, {"id": "U2"}]),
    (("hosts", "b.test", "known_since"), ["2026-11-22T12:00:00"]),
    (("mutes", "www.example.com", "about"), [[7], "0.open"]),
    (("mutes", "www.example.com", "ended_in"), ["1"]),
    ((*ROW[:-1], 2, 4), ["1", None]),
    ((*ROW[:-1], 3, 4), [None]),
    ((*ROW[:-1], 3, 5), [None, 1]),
    # another shape
    ((*ROW, 3), [[0]]),
    ((*ROW[:-1], 0), [["0.closed", 1795348800, 600], {"id": "0.closed"}]),
    (ROW[:-1], [{}]),
    ((*WWW, "past"), [[]]),
    ((*WWW, "open"), [{}, ""]),
    ((*WWW, "open", 0), [None]),
    (WWW, [[]]),
    (("mutes",), [[]]),
    (MUTE, [None]),
    (("log",), [{}, [7]]),
    (("log", 0), ["remove", {**DONE, "did": "resolve"}, {"at": AT, "did": "resolve", "what": "a.test"}]),
    (("digest",), [[]]),
    (("digest", "channels"), [[]]),
    (RECORD, [None]),
    (("digest", "channels", "pay", "alerts"), [[]]),
    (("digest", "returned"), [[]]),
]


@pytest.mark.parametrize(("place", "value"), [(place, value) for place, values in WRONG for value in values])
def test_a_wrong_value_is_refused(place: Path_, value: object) -> None:
    with pytest.raises(UnreadableState, match=r"is invalid|are invalid|not a complete state file"):
        decode(file_of(replaced(place, value)))


def test_the_record_of_a_file_of_before_there_were_channels_is_looked_at_too() -> None:
    for digest in ({"edition": 3, "covers": "2", "slot": None}, {"edition": 3, "slot": None}):
        with pytest.raises(UnreadableState, match="digest section"):
            decode(file_of(DOCUMENT | {"digest": digest}))


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
def test_whatever_is_taken_can_be_told_and_saved(
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
