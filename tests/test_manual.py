"""Help is short, has examples, and tells everything that can be typed."""

import pytest

from languages import ENGLISH, KOREAN, LANGUAGES, Language
from slack.replies import help_text


def test_one_command_in_english() -> None:
    assert help_text("resolve").splitlines() == [
        "• `uptime resolve HOST` — end what is open on a host, when Google's close was lost",
        "Google's word counts more: a later close tells the true end, a later reminder opens it again.",
        "For example: `uptime resolve www.example.com`, `uptime resolve www.example.com api.example.com`",
    ]


def test_one_command_in_korean() -> None:
    lines = help_text("remove", KOREAN).splitlines()
    assert lines[0] == "• `uptime remove HOST` — 호스트를 목록에서 숨김 (추적은 계속)"
    assert lines[-2].startswith("예: `uptime 숨김 www.example.com`, ")
    assert lines[-1] == "한글 명령: `숨김`, `숨기기`, `제거`, `제외`"


def test_all_commands_in_korean_end_with_the_words_for_them() -> None:
    assert help_text(language=KOREAN).splitlines()[-1] == (
        "한글 명령: `확인`, `중단`, `숨김`, `숨김목록`, `복원`, `종료`, `기록 삭제`, `이력`, `로그`, `도움말`"
    )


def test_all_commands_end_with_examples_and_other_words() -> None:
    assert help_text(language=ENGLISH).splitlines()[-2:] == [
        "For example: `uptime check www.example.com`, `uptime help resolve`",
        "Also understood: `mute`, `muted`, `unmute`, `outages`",
    ]


@pytest.mark.parametrize("language", LANGUAGES.values(), ids=LANGUAGES)
def test_it_is_short(language: Language) -> None:
    assert len(help_text(language=language)) < 2000
    for guide in language.commands:
        assert 2 <= len(help_text(guide.command, language).splitlines()) <= 9


@pytest.mark.parametrize("language", LANGUAGES.values(), ids=LANGUAGES)
def test_every_form_is_told(language: Language) -> None:
    text = help_text(language=language)
    for guide in language.commands:
        for usage, meaning in guide.forms:
            assert f"• `{usage}` — {meaning}" in text
            assert f"• `{usage}` — {meaning}" in help_text(guide.command, language)
