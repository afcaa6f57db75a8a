"""The table of commands in both READMEs, row by row: typed by outgoing webhook and slash command, in both languages."""

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC
from pathlib import Path
from tempfile import mkdtemp

import pytest

from hosts.model import State
from hosts.outages import DOUBT_AFTER
from languages import ENGLISH, LANGUAGES, Language, Locale
from slack.command import CommandContext, UsageError
from slack.conversation import is_conversation
from slack.host_names import Names
from slack.readings import read
from slack.words import verbs_of
from tests.builders import NOON
from tests.slack_service import SlackService
from tests.support import incident_body

HOUR = 3600


# By language and form: as an example of it is typed, and what is said.
TABLE = {
    "en": {
        "check": ("check", "🔴 1 of 3 hosts down · 1 recovered · 1 muted"),
        "check HOST": ("check api.example.com", "🟢 `api.example.com` has been up for 3 h."),
        "down": ("down", "🔴 `www.example.com` — down for 2 h · <https://"),
        "remove HOST": (
            "remove www.example.com",
            "🔕 `www.example.com` is muted until further notice (by steve, ",
        ),
        "remove HOST for 2h REASON": ("remove www.example.com for 2h deploy", "Reason: deploy"),
        "remove *.example.com": (
            "remove *.example.com",
            "• `*.example.com` — 3 hosts now, plus any that match later",
        ),
        "removed": ("removed", "• `old.example.com` — muted by steve since "),
        "restore HOST": ("restore old.example.com", "🔔 `old.example.com` is no longer muted. 🟢 `"),
        "resolve HOST": ("resolve www.example.com", "☑️ `www.example.com`: 1 incident resolved by steve"),
        "forget HOST": ("forget old.example.com", "forgets `old.example.com` for good, with 1 past incident"),
        "history": ("history", "• `api.example.com` — down for 1 h"),
        "history HOST": ("history www.example.com", "🔴 `www.example.com` — down: <https://"),
        "log": ("log", "steve muted `old.example.com`"),
        "doctor": ("doctor", "Google is not asked about its notifications"),
        "undo": ("undo", "steve muted `old.example.com`"),
        "undo HOST": ("undo old.example.com", "To undo it, type `uptime unmute old.example.com`"),
        "version": ("version", "`uptime-check-manager` "),
        "help": ("help", "• `uptime down` — only what is down"),
        "help COMMAND": ("help resolve", "For example: `uptime resolve www.example.com`"),
    },
    "ko": {
        "check": ("확인", "🔴 호스트 3개 중 1개 중단 · 복구 1개 · 숨김 1개"),
        "check HOST": ("상태 api.example.com", "🟢 `api.example.com` 호스트는 3시간째 정상이에요."),
        "down": ("중단", "🔴 `www.example.com` — 2시간째 중단 · <https://"),
        "remove HOST": (
            "숨김 www.example.com",
            "🔕 `www.example.com` 호스트는 해제할 때까지 숨김 상태예요 (steve 님, ",
        ),
        "remove HOST for 2h REASON": ("숨김 www.example.com 2시간 동안 deploy", "이유: deploy"),
        "remove *.example.com": ("제외 *.example.com", "• `*.example.com` — 지금 호스트 3개"),
        "removed": ("숨김 목록", "부터 steve 님이 숨김"),
        "restore HOST": ("복원 old.example.com", "🔔 `old.example.com` 호스트의 숨김을 해제했어요. 🟢 `"),
        "resolve HOST": (
            "종료 www.example.com",
            "☑️ `www.example.com` 호스트: steve 님이 인시던트 1건 종료 처리",
        ),
        "forget HOST": ("잊기 old.example.com", "`old.example.com` 호스트의 기록을 완전히 지워요 ("),
        "history": ("이력", "• `api.example.com` — 중단 1시간"),
        "history HOST": ("중단 이력 www.example.com", "🔴 `www.example.com` — 중단: <https://"),
        "log": ("로그", "steve 님이 `old.example.com` 숨김"),
        "doctor": ("진단", "Google 알림 설정을 읽지 않아요"),
        "undo": ("실행취소", "마지막 변경: "),
        "undo HOST": ("실행취소 old.example.com", "이렇게 입력하세요: `uptime 해제 old.example.com`"),
        "version": ("버전", "`uptime-check-manager` "),
        "help": ("도움말", "• `uptime 중단` — 지금 중단된 호스트만"),
        "help COMMAND": ("도움말 종료", "예: `uptime 종료 www.example.com`"),
    },
}
CHANGES = ("remove", "restore", "resolve")


@asynccontextmanager
async def service_before(folder: Path, language: str) -> AsyncIterator[SlackService]:
    """One host down, one recovered, one up and one removed."""
    service = SlackService(Path(mkdtemp(dir=folder)), language=language, hosts=["db.test"])
    service.stop_clock()
    now = int(service.now().timestamp())
    await service.deliver(incident_body("0.w", started_at=now - 2 * HOUR))
    was_down = {"started_at": now - 4 * HOUR, "ended_at": now - 3 * HOUR}
    await service.hear("api.example.com", "old.example.com", state="closed", **was_down)
    await service.outgoing("remove old.example.com")
    yield service
    await service.close()


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("form", TABLE["en"])
async def test_each_row_holds_by_webhook_and_slash_command(tmp_path: Path, form: str, language: str) -> None:
    """English is understood in every language. The channel sees changes."""
    changes = form.split(maxsplit=1)[0] in CHANGES
    own, says = TABLE[language][form]
    for typed in dict.fromkeys((TABLE["en"][form][0], own)):
        async with service_before(tmp_path, language) as service:
            reply = (await service.outgoing(typed))["text"]
            assert says in reply
            assert not any(line.lower().startswith("uptime") for line in reply.splitlines())
            answer = {} if changes else await service.command(typed)
        if changes:
            async with service_before(tmp_path, language) as service:
                answer = await service.command(typed)
        assert re.sub("`uptime ", "`/uptime ", says) in answer["text"]
        assert answer["response_type"] == ("in_channel" if changes else "ephemeral")


def test_the_table_has_the_forms_of_the_manual() -> None:
    for code, language in LANGUAGES.items():
        forms = [form for guide in language.commands for form, _ in guide.forms]
        assert forms == [f"uptime {form}" for form in TABLE[code]]


@pytest.mark.parametrize("language", LANGUAGES.values(), ids=LANGUAGES)
def test_every_word_and_every_example_is_understood(language: Language) -> None:
    """A host may be missing or not be known, but it is taken for a command."""
    context = CommandContext(State(), {}, Names({}), NOON, Locale(UTC, language), DOUBT_AFTER)
    guides = (*ENGLISH.commands, *language.commands)
    words = [word for guide in guides for word in (guide.command, *guide.words, *guide.everyday)]
    typed = [*words, *map(str.upper, words), *(f"help {word}" for word in (*words, *verbs_of(language)))]
    typed += [example.removeprefix("uptime ") for guide in guides for example in guide.examples]
    mistaken = language.not_a_command("", "").rpartition(". ")[2]
    for text in typed:
        assert not is_conversation(text, context), text
        try:
            read(text, context)
        except UsageError as error:
            assert mistaken not in str(error), text
