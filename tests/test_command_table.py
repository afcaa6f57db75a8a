"""The table of commands in both READMEs, row by row: typed by outgoing webhook and slash command, in both languages."""

import re
from pathlib import Path
from typing import NamedTuple

import pytest

from languages import ENGLISH, LANGUAGES
from slack.words import verbs_of
from tests.slack_service import SlackService
from tests.support import incident_body

HOUR = 3600


class Row(NamedTuple):
    """A row of the table: as an example of it is typed, and what is said. Changes are seen by the channel."""

    form: str
    typed: str
    says: str
    korean: str
    says_in_korean: str
    changes: bool = False


TABLE = [
    Row(
        "uptime check",
        "check",
        "🔴 1 of 3 hosts down · 1 recovered · 1 muted",
        "확인",
        "🔴 호스트 3개 중 1개 중단 · 복구 1개 · 숨김 1개",
    ),
    Row(
        "uptime check HOST",
        "check api.example.com",
        "🟢 `api.example.com` has been up for 3 h.",
        "상태 api.example.com",
        "🟢 `api.example.com` 호스트는 3시간째 정상이에요.",
    ),
    Row(
        "uptime down",
        "down",
        "🔴 `www.example.com` — down for 2 h · <https://",
        "중단",
        "🔴 `www.example.com` — 2시간째 중단 · <https://",
    ),
    Row(
        "uptime remove HOST",
        "remove www.example.com",
        "🔕 `www.example.com` is muted until further notice (by steve, ",
        "숨김 www.example.com",
        "🔕 `www.example.com` 호스트는 해제할 때까지 숨김 상태예요 (steve 님, ",
        changes=True,
    ),
    Row(
        "uptime remove HOST for 2h REASON",
        "remove www.example.com for 2h deploy",
        "Reason: deploy",
        "숨김 www.example.com 2시간 동안 deploy",
        "이유: deploy",
        changes=True,
    ),
    Row(
        "uptime remove *.example.com",
        "remove *.example.com",
        "• `*.example.com` — 3 hosts now, plus any that match later",
        "제외 *.example.com",
        "• `*.example.com` — 지금 호스트 3개",
        changes=True,
    ),
    Row(
        "uptime removed",
        "removed",
        "• `old.example.com` — muted by steve since ",
        "숨김 목록",
        "• `old.example.com` — steve 님이 ",
    ),
    Row(
        "uptime restore HOST",
        "restore old.example.com",
        "🔔 `old.example.com` is no longer muted. 🟢 `old.example.com` has been up for 3 h.",
        "복원 old.example.com",
        "🔔 `old.example.com` 호스트의 숨김을 해제했어요. 🟢 `old.example.com` 호스트는 3시간째 정상이에요.",
        changes=True,
    ),
    Row(
        "uptime resolve HOST",
        "resolve www.example.com",
        "☑️ `www.example.com`: 1 incident resolved by steve",
        "종료 www.example.com",
        "☑️ `www.example.com` 호스트: steve 님이 인시던트 1건 종료 처리",
        changes=True,
    ),
    Row(
        "uptime forget HOST",
        "forget old.example.com",
        "That forgets `old.example.com` for good, with 1 past incident",
        "잊기 old.example.com",
        "`old.example.com` 호스트의 기록을 완전히 지워요 (",
    ),
    Row(
        "uptime history",
        "history",
        "• `api.example.com` — down for 1 h",
        "이력",
        "• `api.example.com` — 중단 1시간",
    ),
    Row(
        "uptime history HOST",
        "history www.example.com",
        "🔴 `www.example.com` — down: <https://",
        "중단 이력 www.example.com",
        "🔴 `www.example.com` — 중단: <https://",
    ),
    Row(
        "uptime log",
        "log",
        "steve muted `old.example.com`",
        "로그",
        "steve 님이 `old.example.com` 숨김",
    ),
    Row(
        "uptime doctor",
        "doctor",
        "Google is not asked about its notifications",
        "진단",
        "Google 알림 설정을 읽지 않아요",
    ),
    Row(
        "uptime undo",
        "undo",
        "steve muted `old.example.com`",
        "실행취소",
        "마지막 변경: ",
    ),
    Row(
        "uptime version",
        "version",
        "uptime-check-manager ",
        "버전",
        "uptime-check-manager ",
    ),
    Row(
        "uptime help",
        "help",
        "• `uptime down` — only what is down",
        "도움말",
        "• `uptime 중단` — 지금 중단된 호스트만",
    ),
    Row(
        "uptime help COMMAND",
        "help resolve",
        "For example: `uptime resolve www.example.com`",
        "도움말 종료",
        "예: `uptime 종료 www.example.com`",
    ),
]


async def service_before(folder: Path, language: str) -> SlackService:
    """One host down, one recovered, one up and one removed."""
    service = SlackService(folder, language=language, hosts=["db.test"])
    service.stop_clock()
    now = int(service.now().timestamp())
    await service.deliver(incident_body("0.w", started_at=now - 2 * HOUR))
    was_down = {"started_at": now - 4 * HOUR, "ended_at": now - 3 * HOUR}
    for name in ("api", "old"):
        await service.deliver(incident_body(f"0.{name}", "closed", f"{name}.example.com", **was_down))
    await service.outgoing("remove old.example.com")
    return service


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("row", TABLE, ids=lambda row: row.form)
async def test_each_row_is_true_by_webhook_and_slash_command(tmp_path: Path, row: Row, language: str) -> None:
    in_english = language == "en"
    says = row.says if in_english else row.says_in_korean
    for name, typed in {"en": row.typed, language: row.typed if in_english else row.korean}.items():
        (folder := tmp_path / name).mkdir()
        service = await service_before(folder, language)
        assert says in (await service.outgoing(typed))["text"]
        await service.close()
        (folder := folder / "slash").mkdir()
        service = await service_before(folder, language)
        answer = await service.command(typed)
        assert re.sub("`uptime ", "`/uptime ", says) in answer["text"]
        assert answer["response_type"] == ("in_channel" if row.changes else "ephemeral")
        await service.close()


def test_the_table_has_the_forms_of_the_manual() -> None:
    for language in LANGUAGES.values():
        forms = [form for guide in language.commands for form, _ in guide.forms]
        assert forms == [row.form for row in TABLE]


@pytest.mark.parametrize("language", LANGUAGES)
async def test_every_word_and_every_example_is_understood(tmp_path: Path, language: str) -> None:
    """A host may be missing or not be known, but it is taken for a command."""
    service = await service_before(tmp_path, language)
    guides = (*ENGLISH.commands, *LANGUAGES[language].commands)
    words = [word for guide in guides for word in (guide.command, *guide.words, *guide.everyday)]
    typed = [*words, *map(str.upper, words), *(f"help {word}" for word in words)]
    typed += [f"help {word}" for word in verbs_of(LANGUAGES[language])]
    typed += [example.removeprefix("uptime ") for guide in guides for example in guide.examples]
    mistaken = LANGUAGES[language].not_a_command("", "").rpartition(". ")[2]
    for text in typed:
        assert mistaken not in (await service.outgoing(text))["text"]
    await service.close()
