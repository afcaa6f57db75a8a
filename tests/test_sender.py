"""Digests and alerts are posted in parts, and as plain text when Slack refuses the blocks."""

from collections.abc import AsyncIterator
from datetime import UTC, timedelta
from io import StringIO

import pytest
import pytest_asyncio

from digest.alerts import AlertBatch
from digest.model import Down
from digest.sender import PostFailed
from hosts.model import Host
from languages import ENGLISH, Locale
from slack import client
from slack.client import HOUR, SlackClient
from slack.sender import ChannelSender
from slack.terminal import to_terminal
from tests.builders import IN_ENGLISH, IN_KOREAN, NOON, opened, state_after, summarize
from tests.fake_slack import Answer, FakeSlack

SMALL = summarize(state_after(opened()), NOON)
HUGE = summarize(state_after(*(opened(f"{n}", f"{n}.test", policy="p" * 90) for n in range(300))), NOON)
DOUBTFUL = summarize(state_after(opened(started=NOON - timedelta(days=9))), NOON)
ALERT = AlertBatch(NOON, down=(Down(Host("a.test", (opened(),)), NOON, new=False, doubtful=False),))
REFUSED = Answer(400, "invalid_blocks")


@pytest_asyncio.fixture
async def slack(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[FakeSlack]:
    monkeypatch.setattr(client, "MESSAGE_INTERVAL", 0)
    async with FakeSlack() as slack:
        yield slack


def sender(slack: FakeSlack, locale: Locale = IN_ENGLISH, menus_of: str = "") -> ChannelSender:
    return ChannelSender(SlackClient(slack.url).post, locale, (), menus_of=menus_of)


async def test_when_slack_refuses_menus_it_gets_the_blocks_without_them_and_then_plain_text(
    slack: FakeSlack, caplog: pytest.LogCaptureFixture
) -> None:
    for refusals in range(3):
        slack.answers = [REFUSED] * refusals
        await (await sender(slack, menus_of="ops").digest(SMALL)).post()
    with_menus, with_blocks, plain = slack.taken
    assert "accessory" in str(with_menus["blocks"])
    assert "accessory" not in str(with_blocks["blocks"])
    assert "www.example.com" in str(with_blocks["blocks"])
    assert ("blocks" in plain, "`www.example.com` is down" in plain["text"]) == (False, True)
    assert "set slack.buttons: false" in caplog.text
    assert "invalid_blocks" in caplog.text


@pytest.mark.parametrize(
    ("answers", "why", "pause"),
    [
        ([REFUSED, Answer(400, "invalid_payload")], "invalid_payload", 0),
        ([Answer(404, "no_service")], "no_service", HOUR),
    ],
    ids=["not even plain text", "a dead webhook"],
)
async def test_what_slack_does_not_accept_at_all_counts_as_not_posted(
    slack: FakeSlack, answers: list[Answer], why: str, pause: float
) -> None:
    slack.answers = answers
    with pytest.raises(PostFailed, match=why) as caught:
        await (await sender(slack).digest(SMALL)).post()
    assert caught.value.retry_after == pause


async def test_every_form_of_a_message_is_in_the_chosen_language(slack: FakeSlack) -> None:
    terminal = StringIO()
    await (await ChannelSender(to_terminal(terminal), IN_KOREAN, ()).digest(SMALL)).post()
    for slack.answers in ([], [REFUSED]):
        await (await sender(slack, IN_KOREAN).digest(SMALL)).post()
    blocks, plain = (message["text"] for message in slack.taken)
    assert all("중단" in text for text in (terminal.getvalue(), blocks, plain))


async def test_a_command_has_its_slash_where_there_is_no_other_way_to_type_it(slack: FakeSlack) -> None:
    for slack.answers in ([], [REFUSED]):
        await (await sender(slack, Locale(UTC, ENGLISH, slash=True)).digest(DOUBTFUL)).post()
    blocks, plain = map(str, slack.taken)
    assert "`/uptime resolve www.example.com`" in blocks
    assert "`/uptime resolve www.example.com`" in plain


async def test_no_part_of_a_huge_digest_is_sent_again(slack: FakeSlack) -> None:
    slack.answers = [Answer(), Answer(), Answer(503)]
    posting = await sender(slack).digest(HUGE)
    with pytest.raises(PostFailed, match="503"):
        await posting.post()
    assert len(slack.taken) == 2
    await posting.post()
    assert len(slack.taken) <= 5
    parts = [message["text"].partition("(")[2][0] for message in slack.taken]
    assert parts == [str(number) for number in range(1, len(parts) + 1)]


async def test_an_alert_falls_back_to_plain_text(slack: FakeSlack) -> None:
    slack.answers = [REFUSED]
    await sender(slack).alerts(ALERT).post()
    (message,) = slack.taken
    assert ("blocks" in message, "`a.test` — down for" in message["text"]) == (False, True)
    slack.answers = [Answer(500)]
    with pytest.raises(PostFailed, match="500"):
        await sender(slack).alerts(ALERT).post()
