"""Parses commands, or says what to type instead: a complete command, for text in another order or without a verb."""

import re
from unicodedata import normalize

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hosts.model import Status
from languages import ENGLISH, KOREAN, LANGUAGES, Language
from slack import command
from slack.command import (
    REMOVE,
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
    parse,
)
from slack.suggestions import suggest_command
from slack.words import folded, split_verb, verbs_of
from tests.builders import heard_in

COMMANDS = {guide.command for guide in ENGLISH.commands}
FILTERS = {"up", "warnings"}
UNKNOWN = "is not a command. Type `uptime help` to see what you can ask."


def without_verbs(parsed: Command) -> Command:
    """As if the owner's verbs had been typed."""
    if isinstance(parsed, Help):
        return parsed._replace(verbs=None)
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
        ("restore “web one”", Restore('"web one"')),
        ("경고", Check(status=Status.WARNING)),
        ("기록 삭제 web-1", Forget("web-1")),
        ("음소거 해제 web-1", Restore("web-1")),
        ("이력", History()),
        ("실행 취소", Undo()),
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
            parsed = parse(typed, language)
            assert (without_verbs(parsed), type(parsed)) == (meant, type(meant))


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("remove a", ("remove", "restore", "removed")),
        ("mute! a", ("mute", "unmute", "muted")),
        ("hide a", ("hide", "unmute", "muted")),
        ("음소거 해제 a", ("음소거", "음소거 해제", "음소거 목록")),
        ("제거 a", ("제거", "해제", "숨김 목록")),
        ("복구 a", ("숨김", "복구", "숨김 목록")),
    ],
)
def test_a_command_knows_the_words_that_go_with_the_one_typed(text: str, words: tuple[str, ...]) -> None:
    parsed = parse(text, KOREAN)
    assert isinstance(parsed, Remove | Removed | Restore)
    assert parsed.verbs[:3] == words


@pytest.mark.parametrize(
    ("text", "language", "reply"),
    [
        ("ack web-1", ENGLISH, "type `uptime mute web-1 until up`"),
        ("인지 web-1", KOREAN, "`uptime 숨김 web-1 복구될 때까지`"),
        ("acknowledge", ENGLISH, "type `uptime mute HOST until up`"),
        ("ack web-1", KOREAN, "`uptime 숨김 web-1 복구될 때까지`"),
    ],
)
def test_there_is_nothing_to_acknowledge(text: str, language: Language, reply: str) -> None:
    assert reply in usage(text, language)


def test_korean_commands_need_the_language_korean() -> None:
    assert usage("확인") == f"`확인` {UNKNOWN}"


def test_a_mistake_in_korean_is_answered_in_korean() -> None:
    assert usage("숨김", KOREAN) == "어느 호스트인가요? `uptime 숨김 HOST` 형식으로 입력하세요."
    assert "혹시 `uptime 도움말` 명령인가요?" in usage("도음말", KOREAN)
    assert "혹시 `uptime 확인 web-1` 명령인가요?" in usage("확잉 web-1", KOREAN)
    assert "혹시 `uptime check` 명령인가요?" in usage("chekc", KOREAN)


@pytest.mark.parametrize("language", LANGUAGES.values(), ids=LANGUAGES)
def test_every_word_means_one_command(language: Language) -> None:
    words = [w for guide in language.commands for w in (guide.command, *guide.words, *guide.everyday)]
    words += [*language.up_words, *language.warning_words, *language.acknowledge_words]
    assert len(words) == len(set(words))
    assert set(verbs_of(language).values()) == COMMANDS | FILTERS


@pytest.mark.parametrize("topic", ["frobnicate", "www.example.com", "?"])
def test_help_for_no_command_says_what_to_type(topic: str) -> None:
    assert (
        usage(f"help {topic}") == f"`{topic}` is not a command. Type `uptime help` to see what you can ask."
    )


def test_help_suggests_the_command_that_was_misspelt() -> None:
    assert "Did you mean `uptime help resolve`?" in usage("help resolv")
    assert "혹시 `uptime help 종료처리` 명령인가요?" in usage("도움말 종료처라", KOREAN)


def usage(text: str, language: Language = ENGLISH) -> str:
    with pytest.raises(UsageError) as error:
        parse(text, language)
    return str(error.value)


@pytest.mark.parametrize("nothing", ["", "  ", " .", ' ""'])
@pytest.mark.parametrize("verb", ["remove", "restore", "resolve"])
def test_a_missing_host_is_asked_for(verb: str, nothing: str) -> None:
    assert usage(f"{verb}{nothing}") == f"Which host? Type `uptime {verb} HOST`."


@pytest.mark.parametrize(
    ("text", "typed", "meant"),
    [
        ("chekc", "chekc", "check"),
        ("RESTOR a.test b.test", "RESTOR", "restore a.test b.test"),
        ("remve *.test for 2h deploy", "remve", "remove *.test for 2h deploy"),
        ("remvoed web-1", "remvoed", "removed"),
    ],
)
def test_a_misspelt_command_is_answered_with_a_complete_one(text: str, typed: str, meant: str) -> None:
    assert f"`{typed}` is not a command. Did you mean `uptime {meant}`? Type `uptime help`" in usage(text)


def test_a_suggestion_too_long_to_type_is_left_out() -> None:
    assert "Did you mean" not in usage(f"remve {'web-1.test ' * 50}")


def test_an_unknown_command_leads_to_help() -> None:
    assert usage("frobnicate") == f"`frobnicate` {UNKNOWN}"
    assert usage("nothing we know.").count("`") == 4
    assert usage("<!channel>").startswith("`&lt;!channel&gt;` is not")
    assert len(usage("x" * 9000)) < 200


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
def test_help_lists_every_command_and_no_other(language: Language) -> None:
    commands = {usage: guide.command for guide in language.commands for usage, _ in guide.forms}
    assert set(commands.values()) == COMMANDS
    for typed, meant in commands.items():
        assert command._split(typed.removeprefix("uptime "), language)[0] == meant
    assert [*commands] == [usage for guide in ENGLISH.commands for usage, _ in guide.forms]


@pytest.mark.parametrize("language", LANGUAGES.values(), ids=LANGUAGES)
def test_every_example_parses_to_its_command(language: Language) -> None:
    for guide in language.commands:
        assert guide.examples
        for example in guide.examples:
            asked = example.removeprefix("uptime ")
            assert asked != example
            meant = parse(asked, language)
            assert type(meant).__name__.lower() == guide.command


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
        ("for 2h mute www.example.com", "mute www.example.com for 2h"),
        ("is web-1 down?", "down"),
        ("web-1 중단 목록", "중단 목록"),
        ("web1.example.com", "check web1.example.com"),
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
