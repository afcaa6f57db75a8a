"""Questions are answered at once, over real sockets: by outgoing webhook and slash command, in both languages."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from languages import LANGUAGES
from slack.nearest import is_one_slip
from tests.builders import in_own_words
from tests.slack_service import Services, SlackService, in_languages
from tests.support import incident_body


async def asked(folder: Path, language: str, *others: str) -> SlackService:
    """One host down, one up, two of like names, one muted, and others that are up."""
    folder.mkdir(exist_ok=True)
    service = SlackService(folder, language=language, hosts=["db.test"])
    await service.deliver(incident_body("0.w"))
    await service.hear("api.example.com", "shop-1.test", "shop-2.test", "old.test", *others, state="closed")
    await service.outgoing("remove old.test")
    return service


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def services(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Services]:
    """Nothing that is asked here changes anything."""
    services = {code: await asked(tmp_path_factory.mktemp(code), code) for code in LANGUAGES}
    yield services
    for service in services.values():
        assert len(service.store.state.log) == 1
        await service.close()


@in_languages(
    "typed,read_as,holds",
    [
        ("www.example.com", "check www.example.com", "🔴 `www.example.com`"),
        ("is www up?", "check www.example.com", "🔴 `www.example.com`"),
        ("check www", "check www.example.com", "🔴 `www.example.com`"),
        ("what is down?", "down", "`www.example.com`"),
        ("apii", "check api.example.com", "🟢 `api.example.com`"),
        ("chekc www.example.com", "check www.example.com", "🔴 `www.example.com`"),
        ("latest changes", "log", ""),
        ("what changed last week?", "log", ""),
        ("which hosts are down today?", "down", "`www.example.com`"),
        ("www uptime", "check www.example.com", "🔴 `www.example.com`"),
        ("what does resolve do?", "help resolve", "`uptime "),
        ("what alerts are open?", "alerts", "`www.example.com`"),
        ("history of www", "history www.example.com", "`www.example.com`"),
        ("how's `www.example.com` doing?", "check www.example.com", "🔴 `www.example.com`"),
        ("histroy", "history", "`www.example.com`"),
        ("check all", "check", "*🔴 "),
        ("why is www down?", "check www.example.com", "🔴 `www.example.com`"),
        ("when did www go down?", "history www.example.com", "`www.example.com`"),
        ("how long has www been down?", "check www.example.com", "🔴 `www.example.com`"),
        ("log of what ana did to www.example.com", "log www.example.com", "`www.example.com`"),
        ("history since monday of www.example.com", "history www.example.com", "`www.example.com`"),
        ("who muted www?", "log www.example.com", "`www.example.com`"),
        ("who muted what?", "muted", ""),
        ("what happened last night?", "history", "`www.example.com`"),
        ("are www and api up?", "check www.example.com api.example.com", "🟢 `api.example.com`"),
        ("check www.example. com", "check www.example.com", "🔴 `www.example.com`"),
        ("check *. example.com", "check *.example.com", "`www.example.com`"),
        ("is www. example.com up?", "check www.example.com", "🔴 `www.example.com`"),
        ("check www/api", "check www.example.com api.example.com", "🟢 `api.example.com`"),
        ("check www,api", "check www.example.com api.example.com", "🟢 `api.example.com`"),
        ("are www.example.com,api up?", "check www.example.com api.example.com", "🟢 `api.example.com`"),
        ("www.example.com,api.example.com 이상해요", "check www.example.com api.example.com", "🟢 `api"),
        ("mute help", "help mute", "`uptime "),
        ("how do I mute www?", "help mute", "`uptime "),
        ("www.example.com 이상해요", "check www.example.com", "🔴 `www.example.com`"),
        ("do you know if www is up?", "check www.example.com", "🔴 `www.example.com`"),
        ("뭐가 죽었어?", "down", "`www.example.com`"),
        ("몇 대나 죽었어?", "down", "`www.example.com`"),
        ("지금 장애 몇 개야?", "장애", "`www.example.com`"),
        ("지금 장애난 거 있어?", "장애", "`www.example.com`"),
        ("장애 난 서버 있나요?", "장애", "`www.example.com`"),
        ("지금 중단된 거 있어?", "중단", "`www.example.com`"),
        ("다운된 거 있어?", "중단", "`www.example.com`"),
        ("숨긴 호스트 있어?", "숨김 목록", "`old.test`"),
        ("장애 끝났나요?", "장애", "`www.example.com`"),
        ("어젯밤에 무슨 일 있었어?", "history", "`www.example.com`"),
        ("누가 해제했어?", "log", ""),
        (
            "www.example.com이랑 api는 왜 죽었어?",
            "check www.example.com api.example.com",
            "🟢 `api.example.com`",
        ),
        ("i ack www.example.com is slow", "check www.example.com", "🔴 `www.example.com`"),
        ("www.example.com 정상 인지 확인", "확인 www.example.com", "🔴 `www.example.com`"),
        ("www.example.com 다운 인지 알려줘", "check www.example.com", "🔴 `www.example.com`"),
        ("db.test 언제 부터 인지", "check db.test", "⚪ "),
        ("db.test 장애 접수 되었나요?", "check db.test", "⚪ "),
        ("www.example.com은 왜 죽었어?", "check www.example.com", "🔴 `www.example.com`"),
        ("www는 왜 죽었어?", "check www.example.com", "🔴 `www.example.com`"),
        ("www 언제부터 죽었어?", "history www.example.com", "`www.example.com`"),
        ("www.example.com 알림 해제 누가 했어?", "log www.example.com", "`www.example.com`"),
        ("누가 www 숨겼어?", "log www.example.com", "`www.example.com`"),
        ("어제 장애 있었어?", "history", "`www.example.com`"),
        ("어때", "check", "*🔴 "),
        ("www.example.com 복구 됐나요?", "check www.example.com", "🔴 `www.example.com`"),
        ("www 복구 됐어?", "check www.example.com", "🔴 `www.example.com`"),
        ("복구 됐어?", "check", "*🔴 "),
        ("모두 복구 됐어?", "check", "*🔴 "),
        ("다 복구 됐나요?", "check", "*🔴 "),
        ("www.example.com 걱정 하지 마", "check www.example.com", "🔴 `www.example.com`"),
        ("www.example.com 숨기는 거 잊지 마", "check www.example.com", "🔴 `www.example.com`"),
        ("www 살았어?", "check www.example.com", "🔴 `www.example.com`"),
        ("www 안 돼?", "check www.example.com", "🔴 `www.example.com`"),
        ("www 언제부터 안 돼?", "history www.example.com", "`www.example.com`"),
        ("mute how?", "help mute", "`uptime "),
    ],
)
@pytest.mark.asyncio(loop_scope="module")
async def test_a_question_is_answered_and_the_reply_says_how_it_was_read(
    services: Services, language: str, typed: str, read_as: str, holds: str
) -> None:
    service = services[language]
    if not any(is_one_slip(word, read_as.split(" ", maxsplit=1)[0]) for word in typed.split(" ")):
        read_as = in_own_words(f"uptime {read_as} ", service.config.locale.language)[7:-1]
    for reply, slash in ((await service.outgoing(typed), ""), (await service.command(typed), "/")):
        *lines, last = reply["text"].splitlines()
        assert holds.replace("`uptime", f"`{slash}uptime") in "\n".join(lines)
        assert last.startswith("↳ ")
        assert f"`{slash}uptime {read_as}`" in last


@pytest.mark.parametrize(
    ("typed", "holds"),
    [
        ("check *.example.com", ["`www.example.com`", "`api.example.com`"]),
        ("up", ["`api.example.com` ", "`shop-1.test`"]),
        ("check www.example.com please", ["🔴 `www.example.com`"]),
        ("`check www.example.com`", ["🔴 `www.example.com`"]),
        ("up api.example.com www.example.com", ["`api.example.com`"]),
        ("up www.example.com", ["🔴 `www.example.com`"]),
        ("down www.example.com, please!", ["🔴 `www.example.com`"]),
        ("down *.example.com", ["🔴 `www.example.com`"]),
        ("warnings", ["*🟢 "]),
    ],
)
@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.asyncio(loop_scope="module")
async def test_a_query_is_answered_as_typed(
    services: Services, language: str, typed: str, holds: list[str]
) -> None:
    text = (await services[language].outgoing(typed))["text"]
    assert all(each in text for each in holds)
    assert "↳" not in text


@in_languages(
    "typed",
    [("숨긴 호스트",), ("숨겨진 호스트",), ("숨긴 호스트 좀 부탁드립니다",), ("숨긴",), ("what is hidden?",)],
)
@pytest.mark.asyncio(loop_scope="module")
async def test_a_question_about_mutes_lists_them(services: Services, language: str, typed: str) -> None:
    text = (await services[language].outgoing(typed))["text"]
    assert "• `old.test`" in text
    assert "🤔" not in text


@pytest.mark.parametrize(
    ("typed", "holds"),
    [
        *(
            (each, "되돌리려면 이렇게 입력하세요: `uptime 해제 old.test`")
            for each in ("되돌려", "되돌려줘", "되돌리기")
        ),
        ("되돌려 www.example.com", "`www.example.com` 호스트는 숨김 상태가 아니어서"),
        ("복구 www.example.com", "`www.example.com` 호스트는 숨김 상태가 아니어서"),
    ],
)
@pytest.mark.asyncio(loop_scope="module")
async def test_what_brings_back_a_host_means_undo_without_one(
    services: Services, typed: str, holds: str
) -> None:
    assert holds in (await services["ko"].outgoing(typed))["text"]


@pytest.mark.parametrize(
    ("typed", "holds"),
    [
        ("check shop", "`uptime check shop-1.test`"),
        ("shop", "`uptime check shop-2.test`"),
        ("is example up?", "`uptime check api.example.com`"),
        ("history of example", "`uptime history api.example.com`"),
        ("remove www", "`uptime remove www.example.com`"),
        ("mute www for 2h", "`uptime mute www.example.com for 2h`"),
        ("can you mute www?", "`uptime mute www.example.com`"),
        ("mute www, api for 2h", "`uptime mute www.example.com, api.example.com for 2h`"),
        ("remvoe www,api", "`uptime remove www.example.com,api.example.com`"),
        ("please mute www.example.com,api.example.com for 2h", "www.example.com,api.example.com for 2h`"),
        ("www.example.com,api.example.com mute", "`uptime mute www.example.com api.example.com`"),
        ("please mute www.example.com for 2h: R/D", "`uptime mute www.example.com for 2h: R/D`"),
        ("extend www.example.com 2h", " www.example.com 2h`"),
        ("resolve all", "`uptime resolve www.example.com"),
        ("다움", "🤔"),
        ("blogg.example.com", "🤔"),
        *(
            (f"{verb} * except www.example.com", "🤔")
            for verb in ("check", "down", "history", "log", "muted")
        ),
        ("is www.example.com muted?", "`www.example.com`"),
        ("www.example.com should be mute", "`uptime mute www.example.com"),
        ("restore everyone", "`uptime restore *`"),
        ("ack www.example.com", "www.example.com "),
        *((typed, "www.example.com ") for typed in ("www.example.com ack", "please ack www.example.com")),
        ("www.example.com acked!", "www.example.com "),
        ("can you ack www.example.com?", "www.example.com "),
        *((f"{host} ack for 2h", f" {host} for 2h`") for host in ("www.example.com", "api.example.com")),
        ("please ack api.example.com until 18:00", " api.example.com until 18:00`"),
    ],
)
@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.asyncio(loop_scope="module")
async def test_an_unclear_command_or_a_change_is_answered_with_a_question(
    services: Services, language: str, typed: str, holds: str
) -> None:
    text = (await services[language].outgoing(typed))["text"]
    assert text.startswith("🤔")
    is_typed = not holds.startswith("`uptime check") or "check" in typed
    assert (holds if is_typed else in_own_words(holds, LANGUAGES[language])) in text


PLAIN_WORDS = {
    "쇼핑몰이 왜 안돼?": "`uptime 확인 쇼핑몰`",
    "결제 서버는 살아있어?": "`uptime 확인 결제 서버`",
    "쇼핑몰을 숨겨줘 2시간": "`uptime 숨김 쇼핑몰 2시간`",
    "쇼핑몰 종료 처리해줘": "`쇼핑몰` 호스트에는 종료할 인시던트가 없어요",
    "결제 서버 숨김 2시간": "`uptime 숨김 결제 서버 2시간`",
    "쇼핑 www 숨김 2시간": "`uptime 숨김 쇼핑 www 2시간`",
    "결제 서버 인지해줘": "인지(ack) 기능은 없어요. `결제 서버` ",
    "쇼핑몰 접수": "인지(ack) 기능은 없어요. `쇼핑몰` ",
    "결제 서버 2시간 동안 숨겨줘": "`uptime 숨김 결제 서버 2시간 동안`",
    '"결제 서버" mute for 2h': '`uptime mute "결제 서버" for 2h`',
    "쇼핑몰 복구됐어?": "`uptime 확인 쇼핑몰`",
    "결제 서버 종료 처리 부탁드려요": "`결제 서버` 호스트에는 종료할 인시던트가 없어요",
    "쇼핑몰 30분만 조용히 해줘": "`uptime 숨김 쇼핑몰 30분만`",
    "모두 해제해주세요": "`uptime 해제 *`",
    "닫아 *.example.com": "`uptime 종료 www.example.com`",
    "종료 *.x": "`uptime 종료 HOST`",
    "잊기 쇼핑몰": "`uptime 잊기! 쇼핑몰`",
    "연장 쇼핑몰 2시간": "`uptime 숨김 쇼핑몰 2시간`",
    "쇼핑몰과 결제 서버는 어때?": "`uptime 확인 쇼핑몰 결제 서버`",
    "mute 결제 서버 배포 for 2h": "`uptime mute 결제 서버 for 2h: 배포`",
}


async def test_a_host_whose_name_is_plain_words_is_read(tmp_path: Path) -> None:
    service = await asked(tmp_path, "ko", "쇼핑몰", "결제 서버", "쇼핑 www")
    for typed, holds in PLAIN_WORDS.items():
        assert holds in (await service.outgoing(typed))["text"], typed
    assert len(service.store.state.log) == 1
    await service.close()


SHARED = {
    "check pay": "`uptime check pay (test)`",
    "is pay up?": "`uptime check pay.test`",
    "history pay": "`uptime history pay (prod)`",
    "mute pay for 2h": "`uptime mute pay (prod) for 2h`",
    "resovle pay": "`uptime resolve pay (prod)` or `uptime resolve pay (test)`",
    "payy": "🤔",
}


async def test_a_name_that_several_hosts_share_is_asked_about(tmp_path: Path) -> None:
    service = await asked(tmp_path, "en", "pay.test")
    for project in ("prod", "test"):
        labels = {"service_name": "pay", "location": "eu", "project_id": project}
        resource = {"type": "cloud_run_revision", "labels": labels}
        await service.deliver(incident_body(f"0.{project}", resource=resource))
    for typed, holds in SHARED.items():
        text = (await service.outgoing(typed))["text"]
        assert text.startswith("🤔"), typed
        assert holds in text, typed
    assert (await service.outgoing("is pay (prod) up?"))["text"].startswith("🔴 `pay (prod)`")
    assert "Several hosts are called `pay`. Did you mean" in (await service.outgoing("remove pay"))["text"]
    await service.close()


@pytest.mark.parametrize(
    ("muted", "typed", "reply"),
    [
        (
            "",
            "check svc",
            "`uptime check svc (at)` or `uptime check svc (be)` or `uptime check svc (de)`? (and 1 more)",
        ),
        ("", "restore svc", "🤔 `svc` is not muted, so nothing has changed."),
        (
            "svc (nl)",
            "restore svc",
            "🤔 Several hosts are called `svc`. Did you mean `uptime restore svc (nl)`?",
        ),
        ("svc*", "restore svc", "svc (de)`? (and 2 more)"),
        ("", "resolve svc", "🤔 Several hosts are called `svc`. Did you mean `uptime resolve svc (nl)`?"),
        (
            "",
            "mute svc until up",
            "🤔 Several hosts are called `svc`. Did you mean `uptime mute svc (nl) until up`?",
        ),
    ],
)
async def test_of_hosts_that_share_a_name_none_is_hidden_or_chosen_at_random(
    tmp_path: Path, muted: str, typed: str, reply: str
) -> None:
    service = await asked(tmp_path, "en", "svc-old.test")
    for project in ("at", "be", "de", "nl"):
        labels = {"service_name": "svc", "location": "eu", "project_id": project}
        resource = {"type": "cloud_run_revision", "labels": labels}
        state = "open" if project == "nl" else "closed"
        await service.deliver(incident_body(f"0.{project}", state, resource=resource))
    if muted:
        await service.outgoing(f"mute {muted}")
    assert (await service.outgoing(typed))["text"].endswith(reply)
    await service.close()


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.asyncio(loop_scope="module")
async def test_our_korean_name_is_understood_too(services: Services, language: str) -> None:
    service = services[language]
    for trigger in ("업타임", ""):
        _, reply = await service.say("업타임 check www.example.com", trigger_word=trigger)
        assert "🔴 `www.example.com`" in reply["text"]
    assert "🔴 `www.example.com`" in (await service.command("업타임 check www.example.com"))["text"]
