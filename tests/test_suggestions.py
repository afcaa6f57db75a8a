"""Suggests a complete command for text in another order or without a verb, and leaves conversation alone."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from languages import KOREAN, LANGUAGES, Language
from slack.command import parse
from slack.suggestions import suggest_command
from slack.words import folded, split_verb, verbs_of


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("web1.example.com 숨김", "숨김 web1.example.com"),
        ("web1.example.com 좀 꺼", "숨김 web1.example.com"),
        ("web1.example.com 알림 꺼 2시간", "숨김 web1.example.com 2시간"),
        ("web1.example.com 2시간 동안 숨김", "숨김 web1.example.com 2시간 동안"),
        ("web1.example.com 숨김 해제!", "숨김 해제 web1.example.com"),
        ("web-1 remove for 2h deploy", "remove web-1 for 2h deploy"),
        ("a.test, b.test remove.", "remove a.test, b.test"),
        ("*.test restore", "restore *.test"),
        ("please remove web-1", "remove web-1"),
        ("for 2h mute www.example.com", "mute www.example.com for 2h"),
        ("2시간 동안 web1.example.com 숨김", "숨김 web1.example.com 2시간 동안"),
        ("is web-1 down?", "down"),
        ("web-1 중단 목록", "중단 목록"),
        ("web1.example.com", "check web1.example.com"),
        ("web1.example.com 숨김해재", "숨김해제 web1.example.com"),
        ("a.test b.test remvoe", "remove a.test b.test"),
        ("a.test is strange", ""),
        ("help-desk 숨김", "숨김 help-desk"),
        ("chekc web-1", "check web-1"),
        ("doen web-1", "down"),
        ("restart web-1", ""),
        ("resotre web-1", "restore web-1"),
        ("muet web-1", "mute web-1"),
        ("goodbye", ""),
        ("what is new here", ""),
    ],
)
def test_a_complete_command_is_suggested(text: str, meant: str) -> None:
    assert suggest_command(text, KOREAN) == meant


@given(
    st.lists(
        st.sampled_from(["a.test", "숨김", "remove", "web-1", "please", "chekc", "해제", "*", "2h", "x"])
    ),
    st.sampled_from([*LANGUAGES.values()]),
)
def test_every_suggestion_is_a_command(words: list[str], language: Language) -> None:
    verbs = verbs_of(language)
    if meant := suggest_command(" ".join(words), language):
        assert folded(split_verb(meant, verbs)[0]) in verbs
        if "." in meant:
            assert parse(meant, language)
