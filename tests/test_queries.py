"""Answers queries about the hosts that were typed, or about all."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from tests.slack_service import SlackService
from tests.support import incident_body


@pytest_asyncio.fixture(scope="module", loop_scope="module", params=["en", "ko"])
async def service(
    tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest
) -> AsyncIterator[SlackService]:
    """One host down, one down and removed, one up, one removed by a pattern. Nothing asked here changes that."""
    service = SlackService(tmp_path_factory.mktemp("state"), language=request.param, hosts=["db.test"])
    await service.deliver(incident_body("0.w"))
    await service.deliver(incident_body("0.o", host="old.example.com"))
    service.stop_clock()
    await service.deliver(incident_body("0.a", "closed", host="api.example.com"))
    await service.deliver(incident_body("0.s", host="s.st.test"))
    for typed in (
        "remove old.example.com for 2h moved",
        "remove *.st.test",
        "remove db.test",
        "restore db.test",
    ):
        await service.outgoing(typed)
    yield service
    await service.close()


async def ask(service: SlackService, typed: str) -> str:
    """The answer, which is the same by outgoing webhook and slash command."""
    text = (await service.outgoing(typed))["text"]
    slash = await service.command(typed)
    assert slash == {"response_type": "ephemeral", "text": text.replace("`uptime ", "`/uptime ")}
    return text


@pytest.mark.parametrize(
    ("typed", "holds", "lacks"),
    [
        ("down www.example.com", ["🔴 `www.example.com`"], ["old.example.com", "s.st.test"]),
        ("down https://API.example.com/", ["🟢 `api.example.com`"], ["www.example.com"]),
        ("down old.example.com", ["🔴 `old.example.com`", "🔕", "steve", "moved"], ["www.example.com"]),
        ("down s.st.test", ["🔴 `s.st.test`", "`*.st.test`"], ["www.example.com"]),
        ("down db.test", ["`db.test`"], ["www.example.com"]),
        ("down *.example.com", ["1", "2", "🔴 `www.example.com`", "🔕 `old.example.com`"], ["api.example.com", "st.test", "db.test"]),
        ("down www.example.com, api.example.com", ["*🔴 ", "1", "2", "🔴 `www.example.com`"], ["old.example.com"]),
        ("down nobody.example.com", ["🤔", "`nobody.example.com`"], ["🔴"]),
        ("down *.nowhere", ["🤔", "`*.nowhere`"], ["🔴"]),
        ("down please", ["🔴 `www.example.com`"], ["🤔"]),
        ("removed old.example.com", ["1", "• `old.example.com`", "moved"], ["*.st.test"]),
        ("removed *.example.com", ["1", "• `old.example.com`"], ["*.st.test"]),
        ("removed s.st.test", ["1", "• `*.st.test`"], ["old.example.com"]),
        ("removed *.st.test", ["1", "• `*.st.test`"], ["old.example.com"]),
        ("removed api.example.com", ["🤔", "`api.example.com`"], ["old.example.com"]),
        ("log old.example.com", ["`old.example.com`", "moved"], ["*.st.test", "db.test"]),
        ("log *.test", ["`*.st.test`", "`db.test`"], ["old.example.com"]),
        ("log *s.st*", ["`*.st.test`"], ["`db.test`"]),
        ("log s.st.test", ["`*.st.test`"], ["db.test"]),
        ("log www.example.com", ["`www.example.com`"], ["steve", "old.example.com"]),
    ],
)  # fmt: skip
@pytest.mark.asyncio(loop_scope="module")
async def test_a_query_is_about_the_hosts_typed(
    service: SlackService, typed: str, holds: list[str], lacks: list[str]
) -> None:
    text = await ask(service, typed)
    assert all(each in text for each in holds)
    assert not any(each in text for each in lacks)
    if service.config.language == "ko":
        verb, _, rest = typed.partition(" ")
        korean = {"down": "중단", "removed": "숨김 목록", "log": "로그"}[verb]
        assert await ask(service, f"{korean} {rest}") == text.replace(
            "`uptime removed`", "`uptime 숨김 목록`"
        )


@pytest.mark.asyncio(loop_scope="module")
async def test_a_query_without_hosts_is_about_all(service: SlackService) -> None:
    assert "`old.example.com`" not in await ask(service, "down")
    for typed, lines in (("down", 4), ("removed", 3), ("log", 5)):
        assert len((await ask(service, typed)).splitlines()) == lines


@pytest.mark.parametrize(
    "typed", ["check nosuch*", "down nosuch*", "up *.nosuch", "history nosuch* *.nosuch"]
)
@pytest.mark.asyncio(loop_scope="module")
async def test_of_a_pattern_that_matches_nothing_no_host_is_said_to_be_called_so(
    service: SlackService, typed: str
) -> None:
    patterns = ", ".join(f"`{name}`" for name in typed.split()[1:])
    english = service.config.language == "en"
    said = f"No known host matches {patterns}." if english else f"{patterns} 패턴에 맞는 호스트가 없어요."
    assert await ask(service, typed) == f"🤔 {said}"


@pytest.mark.parametrize(
    ("language", "typed", "none", "some"),
    [
        ("en", "warnings", "*🟢 No host has a warning*", "*🟡 1 warning*"),
        ("ko", "경고", "*🟢 경고 상태인 호스트 없음*", "*🟡 경고 1개*"),
        ("en", "up", "*No host is up*", "*🟢 1 up*"),
        ("ko", "정상", "*정상인 호스트 없음*", "*🟢 정상 1개*"),
    ],
)
async def test_hosts_of_one_status_are_counted_in_words(
    tmp_path: Path, language: str, typed: str, none: str, some: str
) -> None:
    service = SlackService(tmp_path, language=language)
    assert (await ask(service, typed)).splitlines() == [none]
    await service.deliver(incident_body("0.up", "closed", host="up.example.com"))
    metric = {"type": "monitoring.googleapis.com/uptime_check/time_until_ssl_cert_expires"}
    await service.deliver(incident_body("0.c", host="tls.example.com", metric=metric))
    first, *rows = (await ask(service, typed)).splitlines()
    assert first == some
    assert len(rows) == 1
    await service.close()


async def test_things_of_one_name_are_queried_by_title(tmp_path: Path) -> None:
    service = SlackService(tmp_path)
    for project in ("prod", "staging"):
        labels = {"service_name": "api", "project_id": project, "location": "x"}
        resource = {"type": "cloud_run_revision", "labels": labels}
        await service.deliver(incident_body(f"0.{project}", resource=resource, summary=""))
    await service.outgoing("remove api (prod) until 18:00 tomorrow")
    for typed in ("removed api (prod)", "removed api*", "log api (prod)", "log api*"):
        assert "• " in await ask(service, typed)
        assert "`api (prod)`" in await ask(service, typed)
    assert "`api (staging)`" in await ask(service, "removed api (staging)")
    assert "`api (staging)`" in await ask(service, "log api (staging)")
    assert (await ask(service, "down api*")).count("🔴 `api (") == 2
    await service.close()
