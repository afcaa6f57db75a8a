"""Digests and alerts are posted in parts, and as plain text when Slack refuses the blocks."""

from datetime import UTC, timedelta
from io import StringIO

import pytest

from digest.alerts import AlertBatch
from digest.model import Down
from digest.sender import PostFailed
from digest.summary import summarize
from hosts.model import Host
from languages import ENGLISH, Locale
from slack import client
from slack.client import HOUR, SlackClient
from slack.sender import ChannelSender
from slack.terminal import to_terminal
from tests.builders import IN_ENGLISH, IN_KOREAN, NOON, opened, state_after
from tests.support import Answer, FakeSlack

SMALL = summarize(state_after(opened()), NOON)
HUGE = summarize(state_after(*(opened(f"{n}", f"{n}.test", policy="p" * 90) for n in range(300))), NOON)


@pytest.fixture(autouse=True)
def _no_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(client, "MESSAGE_INTERVAL", 0)


async def test_a_digest_is_posted() -> None:
    async with FakeSlack() as slack:
        await (await ChannelSender(SlackClient(slack.url).post, IN_ENGLISH, ()).digest(SMALL)).post()
        assert "www.example.com is down" in slack.taken[0]["text"]
        assert slack.refused == []


async def test_a_huge_one_is_posted_in_parts() -> None:
    async with FakeSlack() as slack:
        await (await ChannelSender(SlackClient(slack.url).post, IN_ENGLISH, ()).digest(HUGE)).post()
        assert 1 < len(slack.taken) <= 5
        assert "(1/" in slack.taken[0]["text"]


async def test_when_slack_refuses_the_blocks_it_gets_plain_text_once(
    caplog: pytest.LogCaptureFixture,
) -> None:
    async with FakeSlack() as slack:
        slack.answers = [Answer(400, "invalid_blocks")]
        await (await ChannelSender(SlackClient(slack.url).post, IN_ENGLISH, ()).digest(SMALL)).post()
        assert [set(message) & {"blocks"} for message in slack.taken] == [set()]
        assert "invalid_blocks" in caplog.text


async def test_when_slack_refuses_menus_it_gets_the_blocks_without_them(
    caplog: pytest.LogCaptureFixture,
) -> None:
    async with FakeSlack() as slack:
        slack.answers = [Answer(400, "invalid_blocks")]
        sender = ChannelSender(SlackClient(slack.url).post, IN_ENGLISH, (), menus_of="ops")
        await (await sender.digest(SMALL)).post()
        slack.answers = [Answer(400, "invalid_blocks"), Answer(400, "invalid_blocks")]
        await (await sender.digest(SMALL)).post()
        with_blocks, plain = slack.taken
    assert (slack.asked, "blocks" in plain) == (5, False)
    assert "accessory" not in str(with_blocks["blocks"])
    assert "www.example.com" in str(with_blocks["blocks"])
    assert "set slack.buttons: false" in caplog.text


async def test_when_slack_refuses_that_too_the_digest_was_not_posted() -> None:
    async with FakeSlack() as slack:
        slack.answers = [Answer(400, "invalid_blocks"), Answer(400, "invalid_payload")]
        with pytest.raises(PostFailed, match="invalid_payload"):
            await (await ChannelSender(SlackClient(slack.url).post, IN_ENGLISH, ()).digest(SMALL)).post()


async def test_a_dead_webhook_is_not_tried_again_soon() -> None:
    async with FakeSlack() as slack:
        slack.answers = [Answer(404, "no_service")]
        with pytest.raises(PostFailed) as caught:
            await (await ChannelSender(SlackClient(slack.url).post, IN_ENGLISH, ()).digest(SMALL)).post()
        assert caught.value.retry_after == HOUR


async def test_without_a_webhook_the_terminal_shows_it() -> None:
    stream = StringIO()
    await (await ChannelSender(to_terminal(stream), IN_ENGLISH, ()).digest(SMALL)).post()
    assert "www.example.com is down" in stream.getvalue()


async def test_all_ways_speak_the_chosen_language() -> None:
    stream = StringIO()
    await (await ChannelSender(to_terminal(stream), IN_KOREAN, ()).digest(SMALL)).post()
    async with FakeSlack() as slack:
        posting = ChannelSender(SlackClient(slack.url).post, IN_KOREAN, ())
        await (await posting.digest(SMALL)).post()
        slack.answers = [Answer(400, "invalid_blocks")]
        await (await posting.digest(SMALL)).post()
        blocks, plain = (message["text"] for message in slack.taken)
    assert all("중단" in text for text in (stream.getvalue(), blocks, plain))


async def test_a_command_has_its_slash_where_there_is_no_other_way_to_type_it() -> None:
    doubtful = summarize(state_after(opened(started=NOON - timedelta(days=9))), NOON)
    async with FakeSlack() as slack:
        posting = ChannelSender(SlackClient(slack.url).post, Locale(UTC, ENGLISH, slash=True), ())
        await (await posting.digest(doubtful)).post()
        slack.answers = [Answer(400, "invalid_blocks")]
        await (await posting.digest(doubtful)).post()
        blocks, plain = map(str, slack.taken)
    assert "`/uptime resolve www.example.com`" in blocks
    assert "`/uptime resolve www.example.com`" in plain


async def test_a_message_that_slack_accepted_is_not_sent_again() -> None:
    async with FakeSlack() as slack:
        slack.answers = [Answer(), Answer(), Answer(503)]
        posting = await ChannelSender(SlackClient(slack.url).post, IN_ENGLISH, ()).digest(HUGE)
        with pytest.raises(PostFailed, match="503"):
            await posting.post()
        assert len(slack.taken) == 2
        await posting.post()
        parts = [message["text"].partition("(")[2][0] for message in slack.taken]
        assert parts == [str(number) for number in range(1, len(parts) + 1)]


async def test_an_alert_falls_back_to_plain_text() -> None:
    host = Host("www.example.com", (opened(),))
    batch = AlertBatch(NOON, down=(Down(host, NOON, new=True, doubtful=False),))
    async with FakeSlack() as slack:
        slack.answers = [Answer(400, "invalid_blocks")]
        await ChannelSender(SlackClient(slack.url).post, IN_ENGLISH, ()).alerts(batch).post()
        (message,) = slack.taken
        assert "`www.example.com` — down for" in message["text"]
        assert "www.example.com" in message["text"]
        slack.answers = [Answer(500)]
        with pytest.raises(PostFailed, match="500"):
            await ChannelSender(SlackClient(slack.url).post, IN_ENGLISH, ()).alerts(batch).post()
