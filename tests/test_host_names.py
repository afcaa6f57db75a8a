"""Finds the known host that a typed name means."""

from difflib import SequenceMatcher
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from slack.host_names import Names, host_name, nearest_hosts
from slack.text import code, escape, inert, one_line, plain


@pytest.mark.parametrize(
    ("typed", "host"),
    [
        ("www.example.com,", "www.example.com"),
        ('"web-1".', "web-1"),
        ("'web-1,'", "web-1"),
        ("https://user:p@ss@WWW.example.com:8443/health?a=1#b", "www.example.com"),
        ("web-1:8080/health", "web-1"),
        ("[2001:DB8::1]:443", "2001:db8::1"),
        ("xn--mller-kva.example", "müller.example"),
        ("front/back", "front/back"),
        ("api: noc - users", "api: noc - users"),
        (" ., ", ""),
    ],
)
def test_the_host_is_found_in_typed_text(typed: str, host: str) -> None:
    assert host_name(typed) == host


@given(st.text() | st.from_regex(r"(https?://)?[a-z@:./\[\]ü-]*"))
def test_the_host_of_any_text_has_no_space_around_it(typed: str) -> None:
    assert host_name(typed) == host_name(typed).strip()


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
        ("'www.example.com',", "www.example.com"),
        ("API - noc - users", "api - noc - users"),
        ("db:5432", "db:5432"),
        ("db:5433", "db"),
        ("https://shop.example.com/", "https://shop.example.com/"),
        ('"Site is down."', "site is down."),
        ('the "new" shop — it\'s', "the “new” shop -- it`s"),
        ("Bücher.example", "bücher.example"),
        ("http://bücher.example/", "bücher.example"),
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


@given(st.text() | st.from_regex(r"(https?://)?xn--[a-z0-9-]{0,20}(\.example)?", fullmatch=True))
def test_any_text_finds_a_known_host_or_none(typed: str) -> None:
    assert Names(KNOWN).find(typed) in {*KNOWN, None}


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


@pytest.mark.parametrize(
    ("typed", "names"),
    [
        ("web-1", ["web-1.example.com", "web-10.example.com", "web-2.example.com"]),
        ("web1", ["web-1.example.com", "web-10.example.com"]),
        ("https://ww.example.com:80/x", ["www.example.com"]),
        ("noc", ["api - noc - users"]),
        ("api -noc- user", ["api - noc - users"]),
        ("users", ["users of the shop", "api - noc - users"]),
        ("", []),
    ],
)
def test_nearest_names_are_suggested(typed: str, names: list[str]) -> None:
    assert nearest_hosts(typed, HOSTS)[: max(len(names), 1)] == names


@pytest.mark.parametrize(
    ("typed", "names"),
    [
        ("blogg.example.com", []),
        ("ww.exmaple.com", ["www.example.com"]),
        ("wwwexample.com", ["www.example.com"]),
        ("www.db.example.com", ["db.example.com", "www.example.com"]),
        ("dbb.example.com", ["db.example.com"]),
    ],
)
def test_a_name_with_the_same_ending_alone_is_not_near(typed: str, names: list[str]) -> None:
    known = ["www.example.com", "db.example.com", "old.example.com", "shop.example.com"]
    assert nearest_hosts(typed, known) == names


def test_nearest_names_keep_their_spelling_and_are_limited() -> None:
    assert nearest_hosts("web", ["Web-1", "WEB-2", "web-3", "web-4"]) == ["Web-1", "WEB-2", "web-3"]
    assert nearest_hosts("web", HOSTS, n=1) == ["web-1.example.com"]
    assert nearest_hosts("web", []) == []


def test_a_misspelt_host_is_found_among_ten_thousand_with_few_comparisons(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Comparing closely costs 50 µs a name: only a short list is."""
    compared = 0

    class Counting(SequenceMatcher[str]):
        def ratio(self) -> float:
            nonlocal compared
            compared += 1
            return super().ratio()

    monkeypatch.setattr("slack.host_names.SequenceMatcher", Counting)
    known = [f"web-{n:05}.prod.eu-west.example.com" for n in range(10_000)]
    (nearest, *_) = nearest_hosts("wbe-04242.prod.eu-west.example.com", known)
    assert nearest == "web-04242.prod.eu-west.example.com"
    assert 0 < compared <= 100


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
