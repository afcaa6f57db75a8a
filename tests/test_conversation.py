"""Leaves conversation alone where an outgoing webhook hears a whole channel, and answers commands and questions."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from tests.slack_service import SlackService
from tests.support import SIGNING_SECRET, incident_body


@pytest_asyncio.fixture(params=["en", "ko"])
async def service(tmp_path: Path, request: pytest.FixtureRequest) -> AsyncIterator[SlackService]:
    """In Korean, English is understood, too."""
    service = SlackService(
        tmp_path, slack={"signing_secret": SIGNING_SECRET}, language=request.param, hosts=["db.test"]
    )
    await service.deliver(incident_body("0.w"))
    for name in ("web-1", "shop-1.test"):
        await service.deliver(incident_body(f"0.{name}", "closed", host=name))
    nameless = {"labels": {"project_id": "p"}}
    policy = {"policy_name": "API down", "summary": "", "condition_name": ""}
    await service.deliver(incident_body("0.p", resource=nameless, **policy))
    yield service
    await service.close()


ENGLISH_TALK = """
down again, anyone looking?
forget it
check with ops
check this out
history is on the wiki
remove me from this channel please
remove this from the list
numbers look good
thanks
thanks!
thank you all
good morning
lol
👍
all good
all is fine
everything fine
up and running
up and running again, great
maintenance done
maintenance tonight, everybody
maintenance starts at nine today
help is on the way
log me out please
log files were rotated again
status page is broken again
show must go on, everybody
list of tasks for today
hide and seek is fun
delete that slide, please, Kim
mute the noise
version two ships next week
this week was great, thanks all!
was 99.9% last month
last week was good
improved a lot since the move
town hall
town hall is at noon today
dawn of a new day here
store is closed for the holidays
move to another region next week
remvoe it from the list
hello to everybody out there
www.nobody.test is slow again today
acked, on it
we have moved
on friday we deploy
my coffee machine is down again
done
99.9%
:tada:
pause for coffee
restore order now, please everybody
mute yourself
show me the money
is it friday yet?
any news?
""".strip().splitlines()

KOREAN_TALK = """
은 99.9% 였습니다
확인했습니다
점검 끝났습니다
점검 중입니다
장애 났어요 다들 확인해주세요
복구 완료
복구됐어요
다 괜찮아요
감사합니다
안녕하세요
ㅋㅋㅋ
이번 주는 정말 좋았어요 다들 고마워요
제거해 주세요 이 채널에서 저를
오늘 배포는 내일로 미뤘습니다
""".strip().splitlines()

ENGLISH_COMMANDS = """
check
check nobody
chekc nobody
remove nobody
remvoe nobody
web-9 remove
for 2h mute www
remove nobody for 2h
mute all
mute for 2h
whatever
?
help
help mute
hlep mute
help me
how do I mute www?
can you mute www?
remvoe www.nobody.test for 2h
www.nobody.test remove
www.nobody.test other.nobody.test
web-1/web-9 are both down again today
the nodes db-7+web-1 are bad
is www.example.com down right now?
of (WEB-1) is bad, who looks?
of web-1's neighbours is bad today
look at https://www.example.com/health again
is 'api down' an alarm again?
is everything ok right now?
all good?
www is down
ack
ack www
""".strip().splitlines()

KOREAN_COMMANDS = """
확인 부탁드립니다
확인해줘
숨김 목록 좀 보여줘 지금
오늘 web-1은 정말 이상해요
장애 났어?
버전이 뭐야?
web-1 숨겨줘
""".strip().splitlines()


@pytest.mark.parametrize("text", [*ENGLISH_TALK, *KOREAN_TALK])
async def test_conversation_is_left_alone_but_a_slash_command_is_answered(
    service: SlackService, text: str
) -> None:
    if text.isascii() or "도움말" in (await service.outgoing("help"))["text"]:
        assert await service.outgoing(text) == {}
        assert (await service.command(text))["text"]


@pytest.mark.parametrize("text", [*ENGLISH_COMMANDS, *KOREAN_COMMANDS])
async def test_what_is_meant_for_us_is_answered(service: SlackService, text: str) -> None:
    if text.isascii() or "도움말" in (await service.outgoing("help"))["text"]:
        assert (await service.outgoing(text))["text"]
