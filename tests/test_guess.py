"""What was typed in another order, or without a command, is answered with what to type instead."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from slack import command
from slack.command import parse
from slack.guess import guess
from slack.languages import KOREAN, LANGUAGES, Language

VERBS = command._verbs(KOREAN)


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("web1.example.com 숨김", "숨김 web1.example.com"),
        ("web1.example.com 2시간 동안 숨김", "숨김 web1.example.com 2시간 동안"),
        ("web1.example.com 숨김 해제!", "숨김 해제 web1.example.com"),
        ("정책 이름 숨김", "숨김 정책 이름"),
        ("web-1 remove for 2h deploy", "remove web-1 for 2h deploy"),
        ("a.test, b.test remove.", "remove a.test, b.test"),
        ("*.test restore", "restore *.test"),
        ("please remove web-1", "remove web-1"),
        ("is web-1 down?", "down"),
        ("web-1 중단 목록", "중단 목록"),
        ("web1.example.com", "check web1.example.com"),
        ("https://web1.example.com/", "check https://web1.example.com/"),
        ("web1.example.com 숨김해재", "숨김해제 web1.example.com"),
        ("a.test b.test remvoe", "remove a.test b.test"),
        ("a.test is strange", ""),
        ("help-desk 숨김", "숨김 help-desk"),
        ("chekc web-1", "check web-1"),
        ("doen web-1", "down"),
        ("goodbye.", ""),
        ("goodbye", ""),
        ("what is new here", ""),
    ],
)
def test_what_may_have_been_meant(text: str, meant: str) -> None:
    assert guess(text, VERBS) == meant


@given(
    st.lists(
        st.sampled_from(["a.test", "숨김", "remove", "web-1", "please", "chekc", "해제", "*", "2h", "x"])
    ),
    st.sampled_from([*LANGUAGES.values()]),
)
def test_a_guess_is_understood(words: list[str], language: Language) -> None:
    if meant := guess(" ".join(words), command._verbs(language)):
        assert command._understood(meant, command._verbs(language), language)
        if "." in meant:
            assert parse(meant, language)
