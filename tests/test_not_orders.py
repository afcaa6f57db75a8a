"""A change that is only asked about, or that nobody should make, is not made."""

from datetime import UTC

import pytest

from hosts.model import Host, State
from hosts.outages import DOUBT_AFTER
from languages import LANGUAGES, Locale
from slack.command import ChangeCommand, CommandContext, Query, UsageError
from slack.host_names import Names
from slack.readings import read
from slack.text import plain
from tests.builders import NOON
from tests.slack_service import in_languages

KNOWN = {name: Host(name) for name in ("web-1.test", "web-2.test", "is it up?")}


def context(language: str) -> CommandContext:
    locale = Locale(UTC, LANGUAGES[language])
    return CommandContext(State(), KNOWN, Names(KNOWN), NOON, locale, DOUBT_AFTER)


@in_languages(
    "typed,instead",
    [
        ("mute web-1.test?", "mute web-1.test"),
        ("resolve web-1.test web-2.test?", "resolve web-1.test web-2.test"),
        ("unmute web-1.test ?", "unmute web-1.test"),
        ("mute! *?!", "mute! *"),
        ("forget web-1.test, please?", "forget web-1.test"),
        ("resolve web-1.test? thanks", "resolve web-1.test"),
        ("mute web-1.test for 2h?", "mute web-1.test for 2h"),
        ("mute web-1.test for 2h is it flaky?", "mute web-1.test for 2h is it flaky"),
        ("종료 web-1.test？", "종료 web-1.test"),
        ("숨김 web-1.test 2시간 해줄래?", "숨김 web-1.test 2시간"),
        ("숨김 web-1.test 할까요?", "숨김 web-1.test"),
        ("종료 web-1.test 할까요", "종료 web-1.test"),
        ("숨김! * 할까", "숨김! *"),
        ("mute web-1.test because?", "mute web-1.test because"),
        ("숨김 web-1.test 이유는 뭐야?", "숨김 web-1.test 이유는 뭐야"),
        ("숨김 web-1.test 이유 뭐야?", "숨김 web-1.test 이유 뭐야"),
        ("숨김 web-1.test 2시간 이유는?", "숨김 web-1.test 2시간 이유는"),
        ("숨김 web-1.test 2시간 할까요.", "숨김 web-1.test 2시간"),
        ("숨김 web-1.test 2시간 해도 될까요", "숨김 web-1.test 2시간"),
    ],
)
def test_a_change_that_is_only_asked_about_is_offered(language: str, typed: str, instead: str) -> None:
    with pytest.raises(UsageError) as error:
        read(plain(typed), context(language))
    assert error.value.instead == [instead]


@in_languages(
    "typed",
    [
        ("mute web-1.test for 2h: really?",),
        ("mute web-1.test: is it flaky?",),
        ('mute web-1.test for 2h "really?"',),
        ("mute web-1.test for 2h because of what?",),
        ("mute web-1.test for 2h who knows? perhaps ana",),
        ("mute is it up?",),
        ("mute web-1.test for 2h: do not remove",),
        ("mute web-1.test for 2h do not remove the disk",),
        ("unmute web-1.test",),
        ("숨김 web-1.test 2시간: 배포할까요?",),
        ("숨김 web-1.test 2시간: 배포 할까요",),
        ("숨김 web-1.test 2시간 해줄 수 있을까요",),
        ("숨김 web-1.test 2시간 이유: 왜?",),
        ("숨김 web-1.test 이유는: 왜?",),
        ("숨김 web-1.test 이유는 배포",),
        ("숨김 web-1.test 이유 https://wiki.test/?p=1",),
        ("숨김 web-1.test 2시간 배포 하지 마세요",),
    ],
)
def test_a_question_or_a_ban_in_a_reason_is_a_reason(language: str, typed: str) -> None:
    command, _ = read(plain(typed), context(language))
    assert isinstance(command, ChangeCommand)


@in_languages(
    "typed",
    [
        ("check web-1.test?",),
        ("history web-1.test?",),
        ("undo?",),
        ("muted?",),
        ("mute ?",),
        ("이력 web-1.test?",),
    ],
)
def test_a_query_with_a_question_mark_is_answered(language: str, typed: str) -> None:
    command, _ = read(plain(typed), context(language))
    assert isinstance(command, Query)


@in_languages(
    "typed",
    [
        ("don't mute web-1.test",),
        ("do not mute web-1.test",),
        ("please dont mute web-1.test for 2h",),
        ("never mute web-1.test",),
        ("don’t resolve web-1.test",),
        ("do not forget web-1.test",),
        ("web-1.test should not be muted",),
        ("we must never silence web-1.test",),
        ("web-1.test 숨기지 마",),
        ("숨기지 마세요 web-1.test",),
        ("web-1.test 종료하지 말아줘",),
        ("종료 web-1.test 하지 마",),
        ("web-1.test 알림 끄지 마",),
        ("web-1.test 숨김은 하지 마",),
        ("web-1.test 숨기지 말고 그냥 둬",),
        ("web-1.test 숨기지 말고 복구될 때까지 기다려",),
        ("web-1.test 잊지 마",),
        ("잊지 마 web-1.test",),
    ],
)
def test_what_should_not_be_done_is_not_offered(language: str, typed: str) -> None:
    now = context(language)
    with pytest.raises(UsageError) as error:
        read(plain(typed), now)
    assert not error.value.instead
    assert str(error.value) == now.language.nothing_changed


@in_languages(
    "typed,instead",
    [
        ("don't forget to mute web-1.test for 2h", "mute web-1.test for 2h"),
        ("web-1.test mute for 2h: do not remove", "mute web-1.test for 2h: do not remove"),
        ("can you mute web-1.test", "mute web-1.test"),
        ("web-1.test 2시간 동안 숨겨줘: 배포하지 마세요", "숨김 web-1.test 2시간"),
        ("잊지 말고 web-1.test 숨겨줘", "숨김 web-1.test"),
        ("잊지 말고 숨김 web-1.test 2시간", "숨김 web-1.test 2시간"),
        ("web-1.test 숨김 잊지 마", "숨김 web-1.test"),
        ("web-1.test 종료하지 말고 2시간 숨겨줘", "숨김 web-1.test 2시간"),
    ],
)
def test_other_orders_are_still_offered(language: str, typed: str, instead: str) -> None:
    with pytest.raises(UsageError) as error:
        read(plain(typed), context(language))
    assert f"uptime {instead}" in str(error.value)
