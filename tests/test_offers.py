"""What a reply offers to type is carried out as promised and not asked about again: over real sockets."""

import html
import re
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random

import pytest
import pytest_asyncio

from hosts.model import Patch
from languages import LANGUAGES
from slack.command import ChangeCommand, Forget
from slack.parsing import parse
from tests.builders import in_own_words
from tests.slack_service import Services, SlackService, in_languages
from tests.support import incident_body

SATURDAY = datetime(2026, 11, 28, 12, 40, tzinfo=UTC)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def services(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Services]:
    """Hosts that are down, up and muted, of which some have like names."""
    services = {code: await started(tmp_path_factory.mktemp(code), code) for code in LANGUAGES}
    yield services
    for service in services.values():
        await service.close()


async def started(folder: Path, language: str) -> SlackService:
    service = SlackService(folder, language=language, hosts=["db.test"])
    service.stopped_at = SATURDAY
    await service.deliver(incident_body("0.w"))
    await service.hear("10.test", "shop-1.test", "Shop (EU)")
    await service.hear("api.example.com", "shop-2.test", "old.test", "new.test", "other.test", state="closed")
    await service.outgoing("mute! old.test *.pay.test: moved")
    return service


Typed = tuple[str, int, datetime | None]  # a reply, how many entries it added to the log, the last one's end


async def typed(service: SlackService, text: str) -> Typed:
    """Takes back afterwards what it has changed."""
    state = service.store.state
    hosts, by_incident, log = {**state.hosts}, {**state.host_by_incident}, state.log
    before = Patch(hosts, by_incident, state.mutes, log=log, forgotten=state.forgotten)
    reply = (await service.outgoing(text)).get("text", "")
    done = service.store.state.log
    if done != log:
        await service.store.commit(lambda _: before)
    return reply, len(done) - len(log), done[-1].until


def offered(question: str) -> list[str]:
    """The complete commands in it, but for references to `help` and lists."""
    commands = re.findall("`uptime ([^`]*)`", html.unescape(question))
    return [each for each in commands if " " in each and not re.search("HOST|…", each)]


def help_about(reply: str) -> str:
    """What comes after the manual of a command."""
    return reply.rpartition("\n")[2] if re.search("only explains|설명이에요", reply) else ""


async def check_offers(service: SlackService, text: str) -> list[str]:
    """Types whatever the answer to a text offers; returns that."""
    question, _, _ = await typed(service, text)
    commands = offered(question) if question.startswith("🤔") else offered(help_about(question))
    for command in commands:
        told = (text, command)
        meant = parse(command, service.config.locale.language)
        reply, changes, until = await typed(service, command)
        if isinstance(meant, Forget) and not meant.confirmed:
            assert re.search("`uptime (forget|잊기)! ", reply), told  # whoever forgets is always asked
        else:
            assert reply, told
            assert not reply.startswith("🤔"), (*told, reply)
            assert bool(changes) == isinstance(meant, ChangeCommand), told
        if (end := re.search(r"until (\d{4}-\d\d-\d\d \d\d:\d\d)$", command)) and changes:
            assert until, told
            assert f"{until.astimezone(service.config.locale.zone):%Y-%m-%d %H:%M}" == end[1], told
    return commands


@in_languages(
    "text,offers",
    [
        ("please mute www.example.com tomorrow", ["mute www.example.com until tomorrow"]),
        (f"mute {'www.example.com ' * 19}tomorrow", [f"mute {'www.example.com ' * 19}until tomorrow"]),
        ("mtue ww.example.com 2h", ["mute www.example.com 2h"]),
        (f"mute {'www.example.com ' * 19}od.test 2h", [f"mute {'www.example.com ' * 19}old.test 2h"]),
        ("mute od.test,zzz for 2h", []),
        (f"mute od.test 2h: {'why ' * 200}", []),
        ("mtue zzz.example.org 2h", []),
        ("mute www.example.com tomorrow from 9 to 10", []),
        ("mute www.example.com 10 deploys", None),
        ("mute ww.example.com until tomorow", None),
        ("mute * for 2h tomorrow", ["mute! * for 2h: tomorrow", "mute! * until 2026-11-29 11:00"]),
        ("muet * for 2h", ["mute! * for 2h"]),
        ("restore www.exampl.com", []),
        ("restore www.example.con old.test", ["restore www.example.com old.test"]),
        ("restore od.test", ["restore old.test"]),
        ("unmute shop", []),
        ("resolve shop-3.test", ["resolve shop-1.test"]),
        ("mute api.exampl.com until up", []),
        ("ack ww.example.com", None),
        ("forgte api.exampl.com", ["forget api.example.com"]),
        ("forget ww.example.com", ["resolve www.example.com"]),
        ("help mute ww.example.com 2h", ["mute www.example.com 2h"]),
        ("mute *ww.exampl.com* 2h", ["mute www.example.com 2h", "mute! *ww.exampl.com* 2h"]),
        ("mute *od.test* until up", []),
        ("help check zzz.*", []),
        ("help removed www.example.com", []),
        ("help undo zzz.test", []),
        ("mute the www.example.com until up", ["mute www.example.com until up"]),
        ("mute the *.test, the shop-2.test 2h", ["mute *.test, shop-2.test 2h"]),
        ("resolve the www.example.com", ["resolve www.example.com"]),
        ("www.example.com: mute for 2h", ["mute www.example.com for 2h"]),
        ("old.test end mute", ["unmute old.test"]),
        ("old.test 숨김 취소해줘", ["해제 old.test"]),
        ("old.test 숨김을 풀어줘", ["해제 old.test"]),
        ("www.example.com 내일 숨겨줘", ["숨김 www.example.com 내일까지"]),
        ("www.example.com 좀 숨겨 주실 수 있나요?", ["숨김 www.example.com"]),
        ("www.example.com 2시간 동안 숨겨줄래요?", ["숨김 www.example.com 2시간 동안"]),
        ("www.example.com 숨겨주실 수 있을까요", ["숨김 www.example.com"]),
        ("www.example.com 알림 중지", ["숨김 www.example.com"]),
        ("www.example.com 알림 그만해줘", ["숨김 www.example.com"]),
        ("www.example.com 알림 해제", ["숨김 www.example.com"]),
        ("www.example.com 알림 해제?", ["숨김 www.example.com"]),
        ("old.test 알림 해제 할까요?", ["숨김 old.test", "해제 old.test"]),
        ("www.example.com 알림 해제 됐어?", ["숨김 www.example.com"]),
        ("www.example.com 알림 해제 2시간", ["숨김 www.example.com 2시간"]),
        ("old.test 알림을 해제해줘", ["숨김 old.test", "해제 old.test"]),
        ("www.example.com 숨겨줘 2시간 접속 안 돼", ["숨김 www.example.com 2시간 접속 안 돼"]),
    ],
)
@pytest.mark.asyncio(loop_scope="module")
async def test_what_would_be_asked_about_again_is_not_offered(
    services: Services, language: str, text: str, offers: list[str] | None
) -> None:
    found = await check_offers(services[language], text)
    if offers is not None:
        words = LANGUAGES[language]
        assert found in (offers, [in_own_words(f"uptime {each}", words)[7:] for each in offers])


@pytest.mark.parametrize(
    "text",
    [
        *(
            "확인 shop",
            "이력 shop",
            "중단 shop",
            "로그 shop",
            "정상 shop",
            "실행취소 shop",
            "확인 zzz",
            "확인할까",
        ),
        *(
            "잊기 www.example.com",
            "도움말 확인 shop",
            "도움말 확잉",
            "www.example.com 이상해요",
            "어제 장애 있었어?",
        ),
        *(
            "숨김 www.example.com 22시부터 2시간",
            "숨김 www.example.com 18:00까지 +1일",
            "shop",
            "shop-1.test",
        ),
    ],
)
@pytest.mark.asyncio(loop_scope="module")
async def test_what_is_offered_in_korean_has_no_english_words(services: Services, text: str) -> None:
    reply, _, _ = await typed(services["ko"], text)
    commands = re.findall("`uptime ([^`]*)`", reply)
    assert commands
    assert not [each for each in commands if each.split(" ")[0].isascii() or " until " in each]


VERBS = """
mute, remove, snooze, unmute, restore, resolve, forget, mute!, mtue, muet, remvoe, unmtue, restroe, resovle, forgte,
ack, chekc, hstory, check, history, log, down, please mute, can you mute, for 2h mute, who muted, help mute, is,
숨김, 숨겨, 음소거, 해제, 종료, 잊기, 숨김!, 헤제, 종요, 인지, 확잉
"""
HOSTS = """
www.example.com, ww.example.com, www, shop, shop-1.test, shop-3.test, shop-2.tst, old.test, od.test, *.test, *,
everything, 모두, db.test, 10.test, Shop (EU), "Shop (EU)", api.exampl.com, shop-1.test, WWW.example.com
"""
WORDS = {
    "en": """
for until till by to from at in on the next this 2h 30m 10 5 18:00 6pm 9 tomorrow today tonight monday week
weekend noon december 5th 31st deploy release because of Monday's up it is and before after an half hour two
days KST seoul please now forever 13/12 2026-12-05 - : ( ) " again fixed 3 servers 99% 5pm: end untill tomorow
""",
    "ko": """
2시간 동안 30분 까지 18:00까지 18시 오후 6시까지 내일 내일까지 오늘 모레 월요일까지 다음 주 다음주 이번 주말
주말까지 복구될 때까지 배포 점검 때문에 이유 이유: 부터 18시부터 20시까지 10 5일까지 12월 밤 아침 정오 반 두 시간
하루 만 좀 지금 당분간 무기한 서울 KST : - 3번 서버 99% 후 뒤까지 쯤 여섯 시까지 해주세요 주실 수 있나요
""",
}


def line(random: Random, language: str) -> str:
    """A verb, hosts and words of an end or a reason, mostly in this order."""
    verbs, known = (re.split(r",\s+", text.strip()) for text in (VERBS, HOSTS))
    verb = random.choice([verb for verb in verbs if language == "ko" or verb.isascii()])
    hosts = random.choices(known, k=random.choice([1, 1, 1, 2]))
    words = random.choices(WORDS[language].split(), k=random.randint(0, 5))
    orders = [[verb, *hosts, *words]] * 4 + [[verb, *words, *hosts], [*hosts, *words, verb]]
    return " ".join(random.choice(orders))


@pytest.mark.parametrize("seed", range(8))
@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.asyncio(loop_scope="module")
async def test_nothing_that_a_reply_offers_is_asked_about_again(
    services: Services, language: str, seed: int
) -> None:
    random = Random(seed)
    texts = [line(random, language) for _ in range(60)]
    found = [await check_offers(services[language], text) for text in texts]
    assert any(found)


@pytest.mark.asyncio(loop_scope="module")
async def test_the_end_of_a_mute_is_not_offered_once_it_is_over(services: Services) -> None:
    service = services["en"]
    await service.outgoing("mute new.test until 12:41")
    assert await check_offers(service, "restroe new.test") == ["restore new.test"]
    service.stopped_at = SATURDAY + timedelta(minutes=2)
    assert await check_offers(service, "restroe new.test") == []
    service.stopped_at = SATURDAY
    await service.outgoing("restore new.test")
