"""Finds the known hosts that typed names and patterns mean, one or a list of them."""

from collections.abc import Collection
from difflib import SequenceMatcher
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hosts.patterns import literal
from slack.host_lists import LONGEST_PATTERN, MOST_HOSTS, TooManyHosts, UnknownHost, parse_hosts
from slack.host_names import Names
from slack.nearest import finding_nearest
from slack.spellings import host_name, unformatted
from slack.text import code, escape, inert, one_line, plain
from turns import Steps, at_once


@pytest.mark.parametrize(
    ("typed", "host"),
    [
        ('"web-1".', "web-1"),
        ("'web-1,'", "web-1"),
        ("https://user:p@ss@WWW.example.com:8443/health?a=1#b", "www.example.com"),
        ("web-1:8080/health", "web-1"),
        ("[2001:DB8::1]:443", "2001:db8::1"),
        ("front/back", "front/back"),
        ("api: noc - users", "api: noc - users"),
        (" ., ", ""),
    ],
)
def test_the_host_is_found_in_typed_text(typed: str, host: str) -> None:
    assert host_name(typed) == host


KNOWN = {
    "www.example.com": 1,
    "api - noc - users": 2,
    "db": 3,
    "db:5432": 4,
    "https://shop.example.com/": 5,
    "site is down.": 6,
    "the “new” shop -- it`s": 7,
    "bücher.example": 8,
    "xn--mller-kva.example": 9,
    "서울 정책": 10,
    "'db' is slow": 11,
}


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("https://WWW.example.com/health", "www.example.com"),
        ("db:5432", "db:5432"),
        ("db:5433", "db"),
        ('the "new" shop — it\'s', "the “new” shop -- it`s"),
        ("Bücher.example", "bücher.example"),
        ("müller.example", "xn--mller-kva.example"),
        ("xn--\u00e9", None),
        ("`'db' is slow`", "'db' is slow"),
        ("\"'db' is slow\"", "'db' is slow"),
        ("", None),
    ],
)
def test_a_typed_name_finds_the_known_host(typed: str, name: str | None) -> None:
    assert Names(KNOWN).find(typed) == name


@pytest.mark.parametrize("known", ["한글 정책", "\u1112\u1161\u11ab\u1100\u1173\u11af 정책"])
@pytest.mark.parametrize("typed", ["한글 정책", "\u1112\u1161\u11ab\u1100\u1173\u11af 정책", "*한글 정책*"])
def test_decomposed_hangul_finds_the_same_host(known: str, typed: str) -> None:
    assert Names([known]).find(typed) == known


@pytest.mark.parametrize("invisible", ["\u200b", "\u200e", "\u202e", "\u2069", "\ufeff", "\u00ad"])
def test_invisible_characters_are_ignored(invisible: str) -> None:
    assert Names(KNOWN).find(f"{invisible}www.{invisible}example.com") == "www.example.com"


@pytest.mark.parametrize(
    "typed", ["münchen.example", "xn--mnchen-3ya.example", "https://MÜNCHEN.example/", "_münchen.example_"]
)
def test_an_international_name_can_be_typed_in_unicode_or_ascii(typed: str) -> None:
    assert Names(["münchen.example"]).find(typed) == "münchen.example"
    assert Names(["xn--mnchen-3ya.example"]).find(typed) == "xn--mnchen-3ya.example"


def test_an_exact_name_wins_over_other_spellings() -> None:
    assert Names(["api", "API"]).find("API") == "API"
    assert Names(["api", "API"]).find("api") == "api"


@given(st.lists(st.text(min_size=1), unique=True, min_size=1))
def test_every_known_name_finds_itself(names: list[str]) -> None:
    assert all(Names(names).find(name) == name for name in names)


@given(st.text().map(lambda text: one_line(text).lower()).filter(bool))
def test_a_shown_name_can_be_copied_back(name: str) -> None:
    """However Slack and the clipboard changed it on the way."""
    assert Names([name]).find(plain(escape(name))) == name
    assert Names([name]).find(plain(code(name))) == name
    assert Names([name]).find(plain(inert(name))) == name


HOSTS = [
    "www.example.com",
    *(f"web-{n}.example.com" for n in (1, 2, 10)),
    "api - noc - users",
    "users of the shop",
]


def nearest_hosts(typed: str, known: Collection[str]) -> list[str]:
    return at_once(finding_nearest)(host_name(unformatted(typed)), known)


@pytest.mark.parametrize(
    ("typed", "names"),
    [
        ("web-1", ["web-1.example.com", "web-10.example.com", "web-2.example.com"]),
        ("web1", ["web-1.example.com", "web-10.example.com"]),
        ("noc", ["api - noc - users"]),
        ("api -noc- user", ["api - noc - users"]),
        ("users", ["users of the shop", "api - noc - users"]),
        ("", []),
    ],
)
def test_nearest_names_are_suggested(typed: str, names: list[str]) -> None:
    assert nearest_hosts(typed, HOSTS)[: max(len(names), 1)] == names


@pytest.mark.parametrize(
    ("typed", "names"), [("ww.exmaple.com", ["www.example.com"]), ("wwwexample.com", ["www.example.com"])]
)
def test_a_name_with_only_the_same_ending_is_not_near(typed: str, names: list[str]) -> None:
    known = ["www.example.com", "db.example.com", "old.example.com", "shop.example.com"]
    assert nearest_hosts(typed, known) == names


FEW_LETTERS = ["db.example.com", "www.example.com", "staging.example.com", "a.test", "결제 서버"]


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("db", "db.example.com"),
        ("in", ""),
        ("ww", ""),
        ("5", ""),
        ("a", ""),
        ("낮", ""),
        ("결제", "결제 서버"),
    ],
)
def test_a_word_of_one_letter_is_no_part_of_a_name_and_of_two_only_its_first_word(
    typed: str, name: str
) -> None:
    names = Names(FEW_LETTERS)
    assert names.nearest(typed) == ([name] if name else [])
    assert names.only_with(typed) == name
    assert names.is_part(typed) == bool(name)
    assert not names.one_slip_from(typed)


def test_nearest_names_keep_their_spelling_and_are_limited() -> None:
    assert nearest_hosts("web", ["Web-1", "WEB-2", "web-3", "web-4"]) == ["Web-1", "WEB-2", "web-3"]


def test_a_misspelt_host_is_found_among_thousands_in_few_comparisons(monkeypatch: pytest.MonkeyPatch) -> None:
    """Comparing closely costs 50 µs a name: only a short list is."""
    compared = 0

    class Counting(SequenceMatcher[str]):
        def ratio(self) -> float:
            nonlocal compared
            compared += 1
            return super().ratio()

    monkeypatch.setattr("slack.nearest.SequenceMatcher", Counting)
    known = [f"web-{n:05}.prod.eu-west.example.com" for n in range(10_000)]
    (nearest, *_) = nearest_hosts("wbe-04242.prod.eu-west.example.com", known)
    assert nearest == "web-04242.prod.eu-west.example.com"
    assert 0 < compared <= 100


def test_an_unknown_name_is_searched_for_once_and_only_the_latest_are_remembered(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    searched = []

    def searching(typed: str, known: Collection[str]) -> Steps[list[str]]:
        searched.append(typed)
        return finding_nearest(typed, known)

    monkeypatch.setattr("slack.host_names.finding_nearest", searching)
    names = Names(["web-1", "web-2"])
    for typed in ("wbe-1", "wbe-1", "wbe-2", "wbe-1"):
        assert names.nearest(typed) == nearest_hosts(typed, names.known)
    assert searched == ["wbe-1", "wbe-2"]
    for number in range(1_000):
        names.nearest(f"wbe-{number}")
    assert len(names._alike) < 100


def test_a_common_part_of_all_names_does_not_hide_the_difference() -> None:
    words = ["".join(letters) for letters in product("tuvwxyz", repeat=4)]
    known = [f"abcdefghijklmnopqrs-{word}.example.com" for word in words]
    (nearest, *_) = nearest_hosts("abcdefghijklmnopqrs-yxvt.exmple.com", known)
    assert nearest == "abcdefghijklmnopqrs-yxvt.example.com"


@given(st.text(), st.lists(st.text()))
def test_any_text_has_at_most_three_nearest_names(typed: str, known: list[str]) -> None:
    near = nearest_hosts(typed, known)
    assert len(set(near)) == len(near) <= 3
    assert set(near) <= set(known)


LISTED = [
    "web-1", "web-2", "a.test", "b.test", "api - noc - users", "my-project default", "bücher.example",
    "www.xn--mller-kva.example", "a,b", "latency for 5m", "all * policies", "xn--mller-kva.example",
    "지도",
]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("web-1 api - noc - users web-2", ["web-1", "api - noc - users", "web-2"]),
        ('"latency for 5m" web-1', ["latency for 5m", "web-1"]),
        ("a,b", ["a,b"]),
        ("bücher.example müller.example", ["bücher.example", "xn--mller-kva.example"]),
        ("web-* *.TEST, b.test", ["web-*", "*.test", "b.test"]),
        ("b*.example *.ärger.example", ["b*.example", "*.ärger.example"]),
        ("m*ller.example x*--mller-kva.example", ["m*ller.example", "x*--mller-kva.example"]),
        ("*.müller.example", ["*.xn--mller-kva.example"]),
        ("all * policies", ["all * policies"]),
        ("_web-1_ ~a.test~ `b.test` *_web-2_*", ["web-1", "a.test", "b.test", "web-2"]),
        ('"*web-1*" (*web-2*) [_a.test_]', ["web-1", "web-2", "a.test"]),
        ('"*web-1 and web-2*" (*a.test*).', ["web-1", "web-2", "a.test"]),
        ('"*web*" (*.test)', ["*web*", "*.test"]),
        ("*web-1 web*", ["*web-1", "web*"]),
        ("\u202aweb-1\u202c \u200ea.test\u2069", ["web-1", "a.test"]),
        ("web-1과 *a.test*랑 `b.test`를", ["web-1", "a.test", "b.test"]),
        ("api - noc - users에서", ["api - noc - users"]),
        ("*.test를 *.지도", ["*.test", "*.지도"]),
        ("지도 *지도", ["지도", "*지도"]),
    ],
)
def test_names_and_patterns_are_found_in_the_typed_order(text: str, meant: list[str]) -> None:
    assert parse_hosts(text, Names(LISTED)) == meant


@pytest.mark.parametrize(
    ("text", "typed", "known_before"),
    [
        ("my projct default", "my projct default", 0),
        ("wbe-1 web-2", "wbe-1", 0),
        ("web-1 and web-3 web-2", "web-3", 1),
        ("web-1 please deploy", "please deploy", 1),
        (f"*{'x' * LONGEST_PATTERN}", f"*{'x' * LONGEST_PATTERN}", 0),
    ],
)
def test_an_unknown_name_is_quoted(text: str, typed: str, known_before: int) -> None:
    with pytest.raises(UnknownHost) as error:
        parse_hosts(text, Names(LISTED))
    assert (error.value.typed, error.value.known_before) == (typed, known_before)


API_PROD, API_TEST = "api\nproject=prod\nlocation=eu", "api\nproject=test\nlocation=eu"
DEP = "dep-3F\nproject=prod"


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ('"api (prod)" and `api (test)`', [API_PROD, API_TEST]),
        ("api (prod/eu)", [API_PROD]),
        ("*api (prod)*", [API_PROD]),
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


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("disk ∗ full", ["disk ∗ full"]),
        ("disk * full", ["disk ∗ full"]),
        ("www disk ＊ full", ["www", "disk ∗ full"]),
        ('"disk * full"', ["disk * full"]),
        ("*", ["*"]),
        ("∗", ["∗"]),
        ("*.shop.test", ["*.shop.test"]),
    ],
)
def test_a_star_in_a_name_of_several_words_may_be_typed_as_one_and_else_begins_a_pattern(
    text: str, meant: list[str]
) -> None:
    names = Names(["disk ∗ full", "disk /var full", "∗", "∗.shop.test", "www"])
    assert parse_hosts(plain(text), names) == meant
    assert set(names.matching("disk*")) == {"disk ∗ full", "disk /var full"}


@pytest.mark.parametrize(
    ("text", "shared"),
    [
        ("disk *full*", "disk *full*"),
        ("www Disk ∗full∗ zzz", "disk ∗full∗"),
        ("*full* disk", "*full* disk"),
        ("www errors", "www errors"),
    ],
)
def test_a_name_that_hosts_share_is_neither_a_shorter_name_nor_a_pattern(text: str, shared: str) -> None:
    policies = ("disk ∗full∗", "∗full∗ disk", "www errors")
    names = Names(["www", *(f"{policy}\nproject={p}" for policy in policies for p in ("dev", "prod"))])
    with pytest.raises(UnknownHost) as raised:
        parse_hosts(plain(text), names)
    assert raised.value.typed.lower() == shared
    assert names.sharing(shared) == [f"{literal(shared)} ({project})" for project in ("dev", "prod")]
    assert parse_hosts(f"{shared} (dev) www", names) == [f"{literal(shared)}\nproject=dev", "www"]


def test_too_many_hosts_are_refused() -> None:
    known = [f"web-{number}" for number in range(100)]
    assert len(parse_hosts(" ".join(known[:MOST_HOSTS]), Names(known))) == MOST_HOSTS
    for typed in (known, [f"*{name}" for name in known]):
        with pytest.raises(TooManyHosts):
            parse_hosts(" ".join(typed), Names(known))


@given(st.text() | st.lists(st.sampled_from([*LISTED, "*.test", "and", ",", "x"])).map(" ".join))
def test_any_text_names_hosts_or_quotes_an_unknown_one(text: str) -> None:
    try:
        found = parse_hosts(text, Names(LISTED))
    except UnknownHost as error:
        assert error.known_before >= 0
    except TooManyHosts:
        assert text
    else:
        assert 0 < len(set(found)) == len(found)
        assert all(name in LISTED or "*" in name for name in found)
