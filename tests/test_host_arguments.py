"""Parses lists of host names and patterns."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from slack.host_arguments import LONGEST_PATTERN, MOST_HOSTS, TooManyHosts, UnknownHost, parse_hosts
from slack.host_names import Names, nearest_hosts

KNOWN = [
    "web-1", "web-2", "a.test", "b.test", "api - noc - users", "my-project default", "bücher.example",
    "www.xn--mller-kva.example", "a,b", "latency for 5m", "all * policies", "xn--mller-kva.example",
]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("web-1,web-2 , a.test;", ["web-1", "web-2", "a.test"]),
        ("web-1 and web-2 & a.test 그리고 b.test", ["web-1", "web-2", "a.test", "b.test"]),
        ("WEB-1 A.Test. https://b.test/x a.test:443", ["web-1", "a.test", "b.test"]),
        ("web-1 api - noc - users web-2", ["web-1", "api - noc - users", "web-2"]),
        ("my-project default my-project default", ["my-project default"]),
        ('"latency for 5m" web-1', ["latency for 5m", "web-1"]),
        ("'my-project default', `web-1`", ["my-project default", "web-1"]),
        ("a,b", ["a,b"]),
        ("bücher.example müller.example", ["bücher.example", "xn--mller-kva.example"]),
        ("web-* *.TEST, b.test", ["web-*", "*.test", "b.test"]),
        ("https://*.test/ *.test. **.test", ["*.test"]),
        ("b*.example *.ärger.example", ["b*.example", "*.ärger.example"]),
        ("m*ller.example x*--mller-kva.example", ["m*ller.example", "x*--mller-kva.example"]),
        ("*.müller.example", ["*.xn--mller-kva.example"]),
        ("all * policies", ["all * policies"]),
        ("_web-1_ ~a.test~ `b.test` *_web-2_*", ["web-1", "a.test", "b.test", "web-2"]),
        ("*WEB-1*, *https://a.test/x*;", ["web-1", "a.test"]),
        ("*api - noc - users* web-1", ["api - noc - users", "web-1"]),
        ("*web-1, a.test and b.test* web-2", ["web-1", "a.test", "b.test", "web-2"]),
        ('"*web-1*" (*web-2*) [_a.test_]', ["web-1", "web-2", "a.test"]),
        ("`*web-1*` *(web-2)*, *'a.test'*!", ["web-1", "web-2", "a.test"]),
        ('"*web-1 and web-2*" (*a.test*).', ["web-1", "web-2", "a.test"]),
        ('"*web*" (*.test)', ["*web*", "*.test"]),
        ("*web-1 web*", ["*web-1", "web*"]),
        ("\u202aweb-1\u202c \u200ea.test\u2069", ["web-1", "a.test"]),
    ],
)
def test_names_and_patterns_are_found_in_the_typed_order(text: str, meant: list[str]) -> None:
    assert parse_hosts(text, Names(KNOWN)) == meant


@pytest.mark.parametrize(
    ("text", "typed", "known_before"),
    [
        ("web", "web", 0),
        ("my projct default", "my projct default", 0),
        ("wbe-1 web-2", "wbe-1", 0),
        ("web-1 and web-3 web-2", "web-3", 1),
        ("web-1 please deploy", "please deploy", 1),
        (f"*{'x' * LONGEST_PATTERN}", f"*{'x' * LONGEST_PATTERN}", 0),
    ],
)
def test_an_unknown_name_is_quoted(text: str, typed: str, known_before: int) -> None:
    with pytest.raises(UnknownHost) as error:
        parse_hosts(text, Names(KNOWN))
    assert (error.value.typed, error.value.known_before) == (typed, known_before)


API_PROD, API_TEST = "api\nproject=prod\nlocation=eu", "api\nproject=test\nlocation=eu"
DEP = "dep-3F\nproject=prod"


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("API (Test) web-1", [API_TEST, "web-1"]),
        ('"api (prod)" and `api (test)`', [API_PROD, API_TEST]),
        ("api (prod/eu)", [API_PROD]),
        ("*api (prod)*", [API_PROD]),
        ("dep-3f", [DEP]),
        ("dep-3F (prod)", [DEP]),
        ("api*", ["api*"]),
    ],
)
def test_a_label_tells_two_things_of_one_name_apart(text: str, meant: list[str]) -> None:
    assert parse_hosts(text, Names([API_PROD, API_TEST, DEP, "web-1"])) == meant


@pytest.mark.parametrize("text", ["api", "api (eu)", "api (dev)", "*api*", '"*api*"', "(*API*)", "_*api*_"])
def test_a_name_that_two_things_share_is_unknown(text: str) -> None:
    with pytest.raises(UnknownHost):
        parse_hosts(text, Names([API_PROD, API_TEST]))


def test_a_name_that_one_thing_has_needs_no_label() -> None:
    assert parse_hosts("api", Names([API_PROD])) == [API_PROD]
    assert Names([API_PROD, API_TEST]).matching("a*") == [API_PROD, API_TEST]


def test_capitals_tell_two_things_apart_if_nothing_else_does() -> None:
    upper, lower = "dep-3F\nproject=p", "dep-3f\nproject=p"
    names = Names([upper, lower])
    assert parse_hosts("dep-3F", names) == [upper]
    assert parse_hosts("dep-3f `dep-3F`", names) == [lower, upper]
    with pytest.raises(UnknownHost):
        parse_hosts("DEP-3F", names)
    assert nearest_hosts("DEP-3F", names.titles) == ["dep-3F", "dep-3f"]


def test_too_many_hosts_are_refused() -> None:
    known = [f"web-{number}" for number in range(100)]
    assert len(parse_hosts(" ".join(known[:MOST_HOSTS]), Names(known))) == MOST_HOSTS
    for typed in (known, [f"*{name}" for name in known]):
        with pytest.raises(TooManyHosts):
            parse_hosts(" ".join(typed), Names(known))


@given(st.text() | st.lists(st.sampled_from([*KNOWN, "*.test", "and", ",", "x"])).map(" ".join))
def test_any_text_names_hosts_or_quotes_an_unknown_one(text: str) -> None:
    try:
        found = parse_hosts(text, Names(KNOWN))
    except UnknownHost as error:
        assert error.known_before >= 0
    except TooManyHosts:
        assert text
    else:
        assert 0 < len(set(found)) == len(found)
        assert all(name in KNOWN or "*" in name for name in found)
