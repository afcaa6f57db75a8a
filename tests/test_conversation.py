"""Leaves conversation alone where an outgoing webhook gets a whole channel, and answers commands and questions."""

from collections.abc import AsyncIterator
from contextlib import suppress
from datetime import UTC, timedelta

import pytest
import pytest_asyncio
from hypothesis import given
from hypothesis import strategies as st

from hosts.model import Host, State
from languages import LANGUAGES, Language, Locale
from slack.command import CommandContext, Query, UsageError
from slack.conversation import is_conversation
from slack.host_names import Names
from slack.parsing import parse
from slack.questions import question
from slack.readings import read
from tests.builders import NOON
from tests.slack_service import Services, SlackService, in_languages
from tests.support import incident_body


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def services(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Services]:
    """In Korean, English is understood, too. Nothing that is sent here changes anything."""
    nameless = {"labels": {"project_id": "p"}}
    policy = {"policy_name": "API down", "summary": "", "condition_name": ""}
    services = {
        code: SlackService(tmp_path_factory.mktemp(code), language=code, hosts=["db.test"])
        for code in LANGUAGES
    }
    for service in services.values():
        await service.deliver(incident_body("0.w"))
        await service.hear("web-1", "shop-1.test", state="closed")
        await service.deliver(incident_body("0.p", resource=nameless, **policy))
    yield services
    for service in services.values():
        assert not service.store.state.log
        await service.close()


ENGLISH_TALK = """
all restored
down again, anyone looking?
forget it
check with ops
numbers look good
thanks!
👍
all good
up and running again, great
help is on the way
log me out please
status page is broken again
show must go on, everybody
hide and seek is fun
mute the noise
version two ships next week
was 99.9% last month
town hall is at noon today
dawn of a new day here
move to another region next week
remvoe it from the list
www.nobody.test is slow again today
on friday we deploy
done
lol
everything fine
mute yourself
acked, on it
last week was good
up and running
everything resolved, thanks
:tada:
pause for coffee
restore order now, please everybody
show me the money
all muted for 1h
hide for now
pause until tomorrow
mute this for now
any news?
""".strip().splitlines()

KOREAN_TALK = """
은 99.9% 였습니다
확인했습니다
확인했어
점검은 내일 밤 10시부터입니다
조용히 합시다
점검 끝났습니다
장애 났어요 다들 확인해주세요
복구됐어요
복구 됐어요
다 괜찮아요
ㅋㅋㅋ
제거해 주세요 이 채널에서 저를
오늘 배포는 내일로 미뤘습니다
상태 공유드립니다
이력서 보내주세요
모두 정상이에요
삭제 부탁드려요 그 파일
중단 없이 배포했습니다
장애 난 김에 회식하시죠
그게 뭐예요
모두 복구 완료
전체 점검 내일까지
모두 숨김 처리했어요
전체 복구 1시간 예상
전체 복구 2시간 걸렸어요
전체 종료 10분 전
전체 복구 18:00까지 완료 예정
전체 숨김 1시간 전에 했어요
알림 그만 울려
""".strip().splitlines()

ENGLISH_COMMANDS = """
check
check nobody
chekc nobody
mute www because of the disks
remvoe www for 2h
www mute for 2h
for 2h mute www
mute all
whatever
?
help
help mute
help me
can you mute www?
remvoe www.nobody.test for 2h
www.nobody.test remove
www.nobody.test other.nobody.test
web-1/web-9 are both down again today
the nodes db-7+web-1 are bad
of (WEB-1) is bad, who looks?
of web-1's neighbours is bad today
look at https://www.example.com/health again
is 'api down' an alarm again?
is everything ok right now?
all good?
ack www
mute until up
mute for 2h, please
""".strip().splitlines()

KOREAN_COMMANDS = """
확인 부탁드립니다
확인해줘
숨김 목록 좀 보여줘 지금
오늘 web-1은 정말 이상해요
장애 났어?
버전이 뭐야?
www 2시간 숨겨줘
web-1 알림 꺼줘
모두 해제해주세요
전부 복원
전체 숨김 1시간
전부 숨김 1시간
전체 숨김 2시간 배포 중
전체 숨김 2시간 전 서버 배포
로그를 보여줘
가동률 알려줘
""".strip().splitlines()


@in_languages("text", [(text,) for text in (*ENGLISH_TALK, *KOREAN_TALK)])
@pytest.mark.asyncio(loop_scope="module")
async def test_conversation_is_left_alone_but_a_slash_command_is_answered(
    services: Services, language: str, text: str
) -> None:
    assert await services[language].outgoing(text) == {}
    assert (await services[language].command(text))["text"]


@in_languages("text", [(text,) for text in (*ENGLISH_COMMANDS, *KOREAN_COMMANDS)])
@pytest.mark.asyncio(loop_scope="module")
async def test_what_is_meant_for_us_is_answered(services: Services, language: str, text: str) -> None:
    assert (await services[language].outgoing(text))["text"]


KNOWN = {
    name: Host(name) for name in ("www.example.com", "api.example.com", "web-1", "shop-1.test", "shop-2.test")
}
WORDS = [
    "www", "api.example.com", "shop", "nobody", "is", "down", "up", "muted", "who", "when", "help", "mute",
    "all", "check", "please", "?", "for 2h", "until", "tomorrow", "왜", "죽었어?", "숨김", "숨겨줘", "www는",
    "이력을", "*.test",
]  # fmt: skip


@given(
    st.lists(st.sampled_from(WORDS), max_size=8) | st.text().map(str.split),
    st.sampled_from([*LANGUAGES.values()]),
)
def test_whatever_is_read_as_a_question_is_a_query(words: list[str], language: Language) -> None:
    locale = Locale(UTC, language)
    context = CommandContext(State(), KNOWN, Names(KNOWN), NOON, locale, timedelta(days=7))
    text = " ".join(words)
    is_conversation(text, context)
    if meant := question(text, context):
        assert isinstance(parse(meant, language), Query)
    with suppress(UsageError):
        command, meant = read(text, context)
        assert isinstance(command, Query) or not meant
