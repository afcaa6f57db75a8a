"""What people type is understood as they mean it, or they are told what to type instead."""

import re
from difflib import SequenceMatcher

import pytest
from hypothesis import given
from hypothesis import strategies as st

from slack import command
from slack.command import (
    HELP,
    Check,
    Command,
    Help,
    Remove,
    Removed,
    Restore,
    UsageError,
    host_name,
    match,
    nearest,
    parse,
)
from slack.text import code, escape, inert, one_line, plain


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("", Check()),
        ("  ", Check()),
        ("check", Check()),
        ("Check.", Check()),
        ('check ""', Check()),
        ("check web-1", Check("web-1")),
        ("CHECK   Web-1", Check("Web-1")),
        ("help", Help()),
        ("help!", Help()),
        ("help remove", Help()),
        ("remove web-1", Remove("web-1")),
        ("remove api - noc - users", Remove("api - noc - users")),
        ("remove my-project default", Remove("my-project default")),
        ("removed", Removed()),
        ("removed please", Removed()),
        ("restore “web one”", Restore('"web one"')),
    ],
)
def test_commands(text: str, meant: Command) -> None:
    assert parse(text) == meant


def usage(text: str) -> str:
    with pytest.raises(UsageError) as error:
        parse(text)
    return str(error.value)


@pytest.mark.parametrize("text", ["remove", "remove  ", "REMOVE .", 'remove ""'])
def test_a_missing_host_is_asked_for(text: str) -> None:
    assert usage(text) == "Which host? Type `uptime remove HOST`."
    assert usage(text.lower().replace("remove", "restore")) == "Which host? Type `uptime restore HOST`."


@pytest.mark.parametrize(
    ("typed", "meant"), [("chekc", "check"), ("hlep", "help"), ("RESTOR", "restore"), ("remve", "remove")]
)
def test_a_misspelt_command_is_recognised(typed: str, meant: str) -> None:
    assert f"`{typed}` is not a command. Did you mean `uptime {meant}`? Type `uptime help`" in usage(typed)
    assert usage(typed) == usage(f"{typed} web-1")


def test_an_unknown_command_leads_to_help() -> None:
    assert usage("frobnicate") == "`frobnicate` is not a command. Type `uptime help` to see what you can ask."
    assert usage("<!channel>").startswith("`&lt;!channel&gt;` is not")
    assert len(usage("x" * 9000)) < 200


@given(st.text() | st.from_regex(r"(check|help|removed?|restore|chek) .*", fullmatch=True))
def test_anything_else_is_one_line_that_does_not_call_us_again(text: str) -> None:
    told = ""
    try:
        parse(text)
    except UsageError as error:
        told = str(error)
    assert told.isprintable()
    assert not told.lower().startswith("uptime")
    assert not re.search("[<>]", told)


def test_help_tells_of_every_command_and_of_no_other() -> None:
    told = [parse(usage.removeprefix("uptime").strip()) for usage, _ in HELP]
    assert {type(each) for each in told} == {Check, Help, Remove, Removed, Restore}
    assert {usage.split()[1] for usage, _ in HELP} == set(command._COMMANDS)
    assert [each for each in told if isinstance(each, Check)] == [Check(), Check("HOST")]


@pytest.mark.parametrize(
    ("typed", "host"),
    [
        ("www.example.com", "www.example.com"),
        ("WWW.Example.COM", "www.example.com"),
        ("www.example.com.", "www.example.com"),
        ("www.example.com,", "www.example.com"),
        ('"web-1".', "web-1"),
        ("'web-1,'", "web-1"),
        ("`web-1`", "web-1"),
        ("https://www.example.com", "www.example.com"),
        ("https://user:p@ss@www.example.com:8443/health?a=1#b", "www.example.com"),
        ("http://web-1/", "web-1"),
        ("www.example.com./health", "www.example.com"),
        ("www.example.com?x", "www.example.com"),
        ("web-1:8080", "web-1"),
        ("web-1:8080/health", "web-1"),
        ("10.0.0.1:80", "10.0.0.1"),
        ("2001:DB8::1", "2001:db8::1"),
        ("[2001:db8::1]", "2001:db8::1"),
        ("[2001:db8::1]:443", "2001:db8::1"),
        ("http://[2001:db8::1]:80/x", "2001:db8::1"),
        ("Müller.example", "xn--mller-kva.example"),
        ("https://서울.example/x", "xn--2i4bq6h.example"),
        ("front/back", "front/back"),
        ("api: noc - users", "api: noc - users"),
        ("서울 서버", "서울 서버"),
        (f"{'ü' * 64}.example", f"{'ü' * 64}.example"),
        ("ü..example", "ü..example"),
        ("policy:1234567", "policy:1234567"),
        ("", ""),
        (" ., ", ""),
    ],
)
def test_the_host_in_what_was_typed(typed: str, host: str) -> None:
    assert host_name(typed) == host


@given(st.text() | st.from_regex(r"(https?://)?[a-z@:./\[\]ü-]*"))
def test_any_text_has_a_host_or_none(typed: str) -> None:
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
        ("www.example.com", "www.example.com"),
        ("https://WWW.example.com/health", "www.example.com"),
        ("'www.example.com',", "www.example.com"),
        ("API - noc - users", "api - noc - users"),
        ("db", "db"),
        ("db:5432", "db:5432"),
        ("DB:5432", "db:5432"),
        ("db:5433", "db"),
        ("https://shop.example.com/", "https://shop.example.com/"),
        ("shop.example.com", None),
        ("Site is down.", "site is down."),
        ('"Site is down."', "site is down."),
        ('the "new" shop — it\'s', "the “new” shop -- it`s"),
        ("Bücher.example", "bücher.example"),
        ("http://bücher.example/", "bücher.example"),
        ("http://xn--bcher-kva.example", "bücher.example"),
        ("müller.example", "xn--mller-kva.example"),
        ("xn--\u00e9", None),
        ("서울 정책", "서울 정책"),
        ("`'db' is slow`", "'db' is slow"),
        ("\"'db' is slow\"", "'db' is slow"),
        ("www", None),
        ("", None),
    ],
)
def test_which_known_name_is_meant(typed: str, name: str | None) -> None:
    assert match(typed, KNOWN) == name


def test_the_name_as_typed_goes_before_its_other_spellings() -> None:
    assert match("API", ["api", "API"]) == "API"
    assert match("api", ["api", "API"]) == "api"


@given(st.text() | st.from_regex(r"(https?://)?xn--[a-z0-9-]{0,20}(\.example)?", fullmatch=True))
def test_any_text_names_a_known_host_or_none(typed: str) -> None:
    assert match(typed, KNOWN) in {*KNOWN, None}


@given(st.lists(st.text(min_size=1), unique=True, min_size=1))
def test_every_known_name_can_be_named(names: list[str]) -> None:
    assert all(match(name, names) == name for name in names)


@given(st.text().map(lambda text: one_line(text).lower()).filter(bool))
def test_a_name_that_was_shown_can_be_typed_back(name: str) -> None:
    """However Slack and the clipboard changed it on the way."""
    assert match(plain(escape(name)), [name]) == name
    assert match(plain(code(name)), [name]) == name
    assert match(plain(inert(name)), [name]) == name


HOSTS = [
    "www.example.com",
    "web-1.example.com",
    "web-2.example.com",
    "web-10.example.com",
    "db",
    "api - noc - users",
]


@pytest.mark.parametrize(
    ("typed", "names"),
    [
        ("web-1", ["web-1.example.com", "web-10.example.com", "web-2.example.com"]),
        ("web1", ["web-1.example.com", "web-10.example.com", "web-2.example.com"]),
        ("wwww.exmaple.com", ["www.example.com"]),
        ("https://ww.example.com:80/x", ["www.example.com"]),
        ("noc", ["api - noc - users"]),
        ("api -noc- user", ["api - noc - users"]),
        ("db, please", ["db"]),
        ("zzz", []),
        ("", []),
        ("...", []),
        ("q", []),
    ],
)
def test_the_nearest_names(typed: str, names: list[str]) -> None:
    assert nearest(typed, HOSTS)[: max(len(names), 1)] == names


def test_nearest_names_keep_their_spelling_and_number() -> None:
    assert nearest("web", ["Web-1", "WEB-2", "web-3", "web-4"]) == ["Web-1", "WEB-2", "web-3"]
    assert nearest("web", HOSTS, n=1) == ["web-1.example.com"]
    assert nearest("web", []) == []


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

    monkeypatch.setattr(command, "SequenceMatcher", Counting)
    known = [f"web-{n:05}.prod.eu-west.example.com" for n in range(10_000)]
    assert nearest("wbe-04242.prod.eu-west.example.com", known)[0] == "web-04242.prod.eu-west.example.com"
    assert 0 < compared <= 100


@given(st.text(), st.lists(st.text()))
def test_any_text_has_at_most_three_known_names_near(typed: str, known: list[str]) -> None:
    near = nearest(typed, known)
    assert len(set(near)) == len(near) <= 3
    assert set(near) <= set(known)
