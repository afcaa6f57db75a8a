"""Suggests a complete command for text in another order or without a verb, and leaves conversation alone."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from languages import KOREAN, LANGUAGES, Language
from slack.command import parse
from slack.host_names import Names
from slack.suggestions import folded, is_conversation, split_verb, suggest_command, verbs_of


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
        ("report attached", ""),
        ("report web-1", ""),
        ("resotre web-1", "restore web-1"),
        ("remoove web-1", "remove web-1"),
        ("muet web-1", "mute web-1"),
        ("숨겸 web-1", "숨김 web-1"),
        ("goodbye", ""),
        ("what is new here", ""),
    ],
)
def test_a_complete_command_is_suggested(text: str, meant: str) -> None:
    assert suggest_command(text, KOREAN) == meant


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("this week was great, thanks all!", True),
        ("was 99.9% last month", True),
        ("improved a lot since the move", True),
        ("이번 주는 정말 좋았어요 다들 고마워요", True),
        ("www.nobody.test is slow again today", True),
        ("hello to everybody out there", True),
        ("was 99.9% today", False),  # three words
        ("thanks", False),
        ("remove this from the list", False),
        ("숨김 목록 좀 보여줘 지금", False),
        ("town hall is at noon today", True),
        ("dawn of a new day here", True),
        ("store is closed for the holidays", True),
        ("move to another region next week", True),
        ("remvoe it from the list", True),
        ("확잉 지금 모두 어떤 상태", True),
        ("remvoe www.nobody.test for 2h", False),
        ("chekc how web-1 is today", False),
        ("my API down is broken today", False),
        ("is 'api down' an alarm again?", False),
        ("my API is down again", True),
        ("web-1/web-9 are both down again today", False),
        ("the nodes db-7+web-1 are bad", False),
        ("is www.example.com down right now?", False),
        ("of (WEB-1) is bad, who looks?", False),
        ("of web-1's neighbours is bad today", False),
        ("오늘 web-1은 정말 이상해요", False),
        ("look at https://www.example.com/health again", False),
    ],
)
def test_conversation_is_told_from_commands(text: str, *, expected: bool) -> None:
    known = Names(["web-1", "www.example.com", "API down\nproject=p"])
    assert is_conversation(text, known, KOREAN) is expected


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
