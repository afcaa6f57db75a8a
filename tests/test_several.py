"""Which hosts are meant by a text that may name several."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from slack.hosts import Names
from slack.several import LONGEST, MOST, NotKnown, TooMany, meant_by

KNOWN = [
    "web-1", "web-2", "a.test", "b.test", "api - noc - users", "my-project default", "bücher.example",
    "www.xn--mller-kva.example", "a,b", "latency for 5m", "all * policies", "xn--mller-kva.example",
]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("web-1", ["web-1"]),
        ("web-1 web-2", ["web-1", "web-2"]),
        ("web-1,web-2 , a.test;", ["web-1", "web-2", "a.test"]),
        ("web-1 and web-2 & a.test 그리고 b.test", ["web-1", "web-2", "a.test", "b.test"]),
        ("WEB-1 A.Test. https://b.test/x a.test:443", ["web-1", "a.test", "b.test"]),
        ("api - noc - users", ["api - noc - users"]),
        ("web-1 api - noc - users web-2", ["web-1", "api - noc - users", "web-2"]),
        ("my-project default my-project default", ["my-project default"]),
        ('"latency for 5m" web-1', ["latency for 5m", "web-1"]),
        ("'my-project default', `web-1`", ["my-project default", "web-1"]),
        ("a,b", ["a,b"]),
        ("bücher.example müller.example", ["bücher.example", "xn--mller-kva.example"]),
        ("*.test", ["*.test"]),
        ("web-* *.TEST, b.test", ["web-*", "*.test", "b.test"]),
        ("https://*.test/ *.test. **.test", ["*.test"]),
        ("b*.example *.ärger.example", ["b*.example", "*.ärger.example"]),
        ("m*ller.example x*--mller-kva.example", ["m*ller.example", "x*--mller-kva.example"]),
        ("*.müller.example", ["*.xn--mller-kva.example"]),
        ("*", ["*"]),
        ("all * policies", ["all * policies"]),
    ],
)
def test_the_names_and_patterns(text: str, meant: list[str]) -> None:
    assert meant_by(text, Names(KNOWN)) == meant


@pytest.mark.parametrize(
    ("text", "typed", "others"),
    [
        ("web-3", "web-3", 0),
        ("and", "and", 0),
        ("web", "web", 0),
        ("my projct default", "my projct default", 0),
        ("wbe-1 web-2", "wbe-1", 0),
        ("web-1 and web-3 web-2", "web-3", 1),
        ("web-1 please deploy", "please deploy", 1),
        ("web-3 *.test", "web-3", 0),
        (f"*{'x' * LONGEST}", f"*{'x' * LONGEST}", 0),
    ],
)
def test_what_nobody_knows_is_named(text: str, typed: str, others: int) -> None:
    with pytest.raises(NotKnown) as error:
        meant_by(text, Names(KNOWN))
    assert (error.value.typed, error.value.others) == (typed, others)


def test_too_many_at_once() -> None:
    known = [f"web-{number}" for number in range(100)]
    assert len(meant_by(" ".join(known[:MOST]), Names(known))) == MOST
    for typed in (known, [f"*{name}" for name in known]):
        with pytest.raises(TooMany):
            meant_by(" ".join(typed), Names(known))


@given(st.text() | st.lists(st.sampled_from([*KNOWN, "*.test", "and", ",", "x"])).map(" ".join))
def test_any_text_names_something_or_says_what_is_not_known(text: str) -> None:
    try:
        found = meant_by(text, Names(KNOWN))
    except NotKnown as error:
        assert error.others >= 0
    except TooMany:
        assert text
    else:
        assert 0 < len(set(found)) == len(found)
        assert all(name in KNOWN or "*" in name for name in found)
