"""Help is short, has examples, and tells everything that can be typed."""

import pytest

from languages import LANGUAGES, Locale
from slack.replies import help_text
from tests.builders import IN_ENGLISH, IN_KOREAN, LOCALES


def test_one_command_in_english() -> None:
    assert help_text("resolve", IN_ENGLISH).splitlines() == [
        "• `uptime resolve HOST` — end what is open on a host, when Google's close was lost",
        "Google's word counts more: a later close tells the true end, a later reminder opens it again.",
        "For example: `uptime resolve www.example.com`, `uptime resolve www.example.com api.example.com`",
    ]


def test_one_command_in_korean() -> None:
    lines = help_text("remove", IN_KOREAN).splitlines()
    assert lines[0] == "• `uptime remove HOST` — 호스트를 목록에서 숨김 (추적은 계속)"
    assert lines[-2].startswith("예: `uptime 숨김 www.example.com`, ")
    assert lines[-1] == "한글 명령: `숨김`, `숨기기`, `제거`, `제외`"


def test_all_commands_in_korean_end_with_the_words_for_them() -> None:
    assert help_text(None, IN_KOREAN).splitlines()[-1] == (
        "한글 명령: `확인`, `중단`, `숨김`, `숨김목록`, `복원`, `종료`, `기록 삭제`, `이력`, `로그`, `도움말`"
    )


def test_all_commands_end_with_examples_and_other_words() -> None:
    assert help_text(None, IN_ENGLISH).splitlines()[-2:] == [
        "For example: `uptime check www.example.com`, `uptime help resolve`",
        "Also understood: `mute`, `muted`, `unmute`, `outages`",
    ]


@pytest.mark.parametrize("locale", LOCALES, ids=LANGUAGES)
def test_it_is_short(locale: Locale) -> None:
    assert len(help_text(None, locale)) < 2000
    for guide in locale.language.commands:
        assert 2 <= len(help_text(guide.command, locale).splitlines()) <= 9


@pytest.mark.parametrize("locale", LOCALES, ids=LANGUAGES)
def test_every_form_is_told(locale: Locale) -> None:
    text = help_text(None, locale)
    for guide in locale.language.commands:
        for usage, meaning in guide.forms:
            assert f"• `{usage}` — {meaning}" in text
            assert f"• `{usage}` — {meaning}" in help_text(guide.command, locale)
