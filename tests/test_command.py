"""Parses commands, or says what to type instead: a complete command, for text in another order or without a verb."""

import re
from unicodedata import normalize

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hosts.model import Status
from languages import ENGLISH, KOREAN, LANGUAGES, Language
from slack.command import (
    REMOVE,
    ChangeCommand,
    Check,
    Command,
    Down,
    Forget,
    Help,
    History,
    Log,
    Remove,
    Removed,
    Resolve,
    Restore,
    Undo,
    UsageError,
)
from slack.parsing import parse
from slack.suggestions import CHANGES, suggest_command
from slack.text import tidy
from slack.words import folded, split_verb, verbs_of
from tests.builders import heard_in

COMMANDS = {guide.command for guide in ENGLISH.commands}
FILTERS = {"up", "warnings"}
UNKNOWN = "is not a command. Type `uptime help` to see what you can ask."


def without_verbs(parsed: Command) -> Command:
    """As if the owner's verbs had been typed."""
    if isinstance(parsed, Help):
        return parsed._replace(verbs=None, verb="")
    if isinstance(parsed, Resolve | Forget):
        return type(parsed)(parsed.typed)
    if isinstance(parsed, Check | Down | History | Log | Undo):
        return type(parsed)(*parsed[:-1])
    return parsed._replace(verbs=REMOVE) if isinstance(parsed, Remove | Removed | Restore) else parsed


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("", Check()),
        ('check ""', Check()),
        ("check web-1", Check("web-1")),
        ("check web-1 please", Check("web-1")),
        ("down web-1, pls!", Down("web-1,")),
        ("resolve web-1 please", Resolve("web-1")),
        ("remove web-1 for 2h deploy please", Remove("web-1 for 2h deploy")),
        ("remove web-1 for 2h: say please", Remove("web-1 for 2h: say please")),
        ("help", Help()),
        ("help help", Help("help")),
        ("help Remove please", Help("remove")),
        ("log", Log()),
        ("remove api - noc - users", Remove("api - noc - users")),
        ("remove! *", Remove("*", confirmed=True)),
        ("remove * for 2h !", Remove("* for 2h", confirmed=True)),
        ("remove a.test for 2h now!", Remove("a.test for 2h now!")),
        ("snooze web-1 2h", Remove("web-1 2h")),
        ("Mute web-1", Remove("web-1")),
        ("unmute web-1", Restore("web-1")),
        ("removed", Removed()),
        ("down", Down()),
        ("down.", Down()),
        ("down now, please!", Down()),
        ("history web-1", History("web-1")),
        ("up", Check(status=Status.UP)),
        ("hide web-1 for 2h", Remove("web-1 for 2h")),
        ("undo", Undo()),
        ("unmute! *.test", Restore("*.test", literal=True)),
        ("restore *.test !", Restore("*.test", literal=True)),
        ("restore “web one”", Restore('"web one"')),
        ("경고", Check(status=Status.WARNING)),
        ("기록 삭제 web-1", Forget("web-1")),
        ("음소거 해제 web-1", Restore("web-1")),
        ("음소거 해제! *.test", Restore("*.test", literal=True)),
        ("이력", History()),
        ("실행 취소", Undo()),
        ("되돌리기", Undo()),
        ("뮤트 web-1 1시간", Remove("web-1 1시간")),
        ("숨기기 web-1 2시간 동안 배포", Remove("web-1 2시간 동안 배포")),
        ("숨김! *", Remove("*", confirmed=True)),
        ("숨김해제 web-1", Restore("web-1")),
        ("제거 정책 이름", Remove("정책 이름")),
        ("숨김 목록", Removed()),
        ("숨김 목록서버", Remove("목록서버")),
        ("복원 웹 서버", Restore("웹 서버")),
        ("종료 web-1 web-2", Resolve("web-1 web-2")),
        ("변경 이력", Log()),
        ("로그 web-1", Log("web-1")),
        ("중단 지금", Down()),
        ("숨김 목록 *.test", Removed("*.test")),
        ("목록", Check()),
        ("정상", Check(status=Status.UP)),
        ("도움말 숨김 목록", Help("removed")),
    ],
)
def test_commands_are_parsed_english_ones_in_both_languages(text: str, meant: Command) -> None:
    first, _, rest = text.partition(" ")
    for language in heard_in(text):
        for typed in (text, f"{normalize('NFD', first)} {rest}"):
            parsed = parse(tidy(typed), language)
            assert (without_verbs(parsed), type(parsed)) == (meant, type(meant))


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("remove a", ("remove", "restore", "removed")),
        ("mute! a", ("mute", "unmute", "muted")),
        ("hide a", ("hide", "unmute", "muted")),
        ("end mute a", ("mute", "end mute", "muted")),
        ("숨김 취소 a", ("숨김", "숨김 취소", "숨김 목록")),
        ("뮤트 a", ("뮤트", "뮤트 해제", "뮤트 목록")),
        ("음소거 해제 a", ("음소거", "음소거 해제", "음소거 목록")),
        ("제거 a", ("제거", "해제", "숨김 목록")),
        ("복구 a", ("숨김", "복구", "숨김 목록")),
    ],
)
def test_a_command_knows_the_words_that_go_with_the_one_typed(text: str, words: tuple[str, ...]) -> None:
    parsed = parse(text, KOREAN)
    assert isinstance(parsed, Remove | Removed | Restore)
    assert parsed.verbs[:3] == words


@pytest.mark.parametrize("language", LANGUAGES.values(), ids=LANGUAGES)
def test_every_word_means_one_command(language: Language) -> None:
    words = [w for guide in language.commands for w in (guide.command, *guide.words, *guide.everyday)]
    words += [*language.up_words, *language.warning_words, *language.acknowledge_words]
    assert len(words) == len(set(words))
    assert set(verbs_of(language).values()) == COMMANDS | FILTERS


@pytest.mark.parametrize(
    ("text", "language", "told"),
    [
        *[(unknown, ENGLISH, f"`{unknown}` {UNKNOWN}") for unknown in ("frobnicate", "확인")],
        ("nothing we know.", ENGLISH, f"`nothing` {UNKNOWN}"),
        ("<!channel>", ENGLISH, f"`&lt;!channel&gt;` {UNKNOWN}"),
        ("x" * 9000, ENGLISH, f"`{'x' * 40}` {UNKNOWN}"),
        ("chekc", ENGLISH, "`chekc` is not a command. Did you mean `uptime check`? Type `uptime help` to see"),
        ("RESTOR a.test b.test", ENGLISH, "`RESTOR` is not a command. Did you mean `uptime restore a.test b.test`?"),
        ("remve *.test for 2h deploy", ENGLISH, "Did you mean `uptime remove *.test for 2h deploy`?"),
        ("remvoed web-1", ENGLISH, "Did you mean `uptime removed`?"),
        (f"remve {'web-1.test ' * 50}", ENGLISH, f"`remve` {UNKNOWN}"),  # too long to type
        *[(f"help {topic}", ENGLISH, f"`{topic}` {UNKNOWN}") for topic in ("frobnicate", "www.example.com", "?")],
        ("help resolv", ENGLISH, "Did you mean `uptime help resolve`?"),
        *[(f"remove{nothing}", ENGLISH, "Which host? Type `uptime remove HOST`.") for nothing in ("", "  ", " .", ' ""')],
        *[(verb, ENGLISH, f"Which host? Type `uptime {verb} HOST`.") for verb in ("restore", "resolve")],
        ("ack web-1", ENGLISH, "type `uptime mute web-1 until up`"),
        ("ack web-1 2h", ENGLISH, "type `uptime mute web-1 2h`"),
        ("인지 web-1 18:00까지", KOREAN, "`uptime 숨김 web-1 18:00까지`"),
        ("acknowledge", ENGLISH, "type `uptime mute HOST until up`"),
        *[(f"{ack} web-1", KOREAN, "`uptime 숨김 web-1 복구될 때까지`") for ack in ("인지", "ack")],
        ("숨김", KOREAN, "어느 호스트인가요? `uptime 숨김 HOST` 형식으로 입력하세요."),
        ("도음말", KOREAN, "혹시 `uptime 도움말` 명령인가요?"),
        ("확잉 web-1", KOREAN, "혹시 `uptime 확인 web-1` 명령인가요?"),
        ("chekc", KOREAN, "혹시 `uptime check` 명령인가요?"),
        ("도움말 종료처라", KOREAN, "혹시 `uptime 도움말 종료처리` 명령인가요?"),
    ],
)  # fmt: skip
def test_who_types_no_whole_command_is_told_what_to_type(text: str, language: Language, told: str) -> None:
    with pytest.raises(UsageError, match=re.escape(told)):
        parse(text, language)


@given(
    st.text() | st.from_regex(r"(check|help|removed?|restore|resolve|log|chek) .*", fullmatch=True),
    st.sampled_from([*LANGUAGES.values()]),
)
def test_any_other_text_is_answered_in_one_line(text: str, language: Language) -> None:
    reply = ""
    try:
        parse(text, language)
    except UsageError as error:
        reply = str(error)
    assert reply.isprintable()
    assert not reply.lower().startswith("uptime")
    assert not re.search("[<>]", reply)


@pytest.mark.parametrize("language", LANGUAGES.values(), ids=LANGUAGES)
def test_every_example_parses_to_its_command(language: Language) -> None:
    for guide in language.commands:
        assert guide.examples
        for example in guide.examples:
            asked = example.removeprefix("uptime ")
            assert asked != example
            meant = parse(asked, language)
            assert type(meant).__name__.lower() == guide.command
            assert isinstance(meant, ChangeCommand) == (guide.command in CHANGES)


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("web1.example.com 숨김", "숨김 web1.example.com"),
        ("web1.example.com 좀 꺼", "숨김 web1.example.com"),
        ("web1.example.com 알림 꺼 2시간", "숨김 web1.example.com 2시간"),
        ("web1.example.com 2시간 동안 숨김", "숨김 web1.example.com 2시간 동안"),
        ("web1.example.com 숨김 해제!", "숨김 해제 web1.example.com"),
        ("web1.example.com 숨김 취소", "해제 web1.example.com"),
        ("web1.example.com 숨김 풀어", "해제 web1.example.com"),
        ("web1.example.com 숨김 을 풀어", "해제 web1.example.com"),
        ("web-1: 숨김 2시간", "숨김 web-1 2시간"),
        ("web-1 remove for 2h deploy", "remove web-1 for 2h deploy"),
        ("a.test, b.test remove.", "remove a.test, b.test"),
        ("*.test restore", "restore *.test"),
        ("for 2h mute www.example.com", "mute www.example.com for 2h"),
        ("is web-1 down?", "down"),
        ("web-1 중단 목록", "중단 목록"),
        ("web1.example.com", "확인 web1.example.com"),
        ("web1.example.com 숨김해재", "숨김해제 web1.example.com"),
        ("a.test b.test remvoe", "remove a.test b.test"),
        ("help-desk 숨김", "숨김 help-desk"),
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
