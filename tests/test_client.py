"""Posting to Slack: which answers mean success, how long to wait, and what stays secret."""

import asyncio
import socket
import ssl
from collections import Counter
from datetime import timedelta
from pathlib import Path

import pytest
from tornado.iostream import StreamClosedError
from tornado.simple_httpclient import HTTPStreamClosedError, HTTPTimeoutError

from config import Config, Proxy, is_slack_url
from hosts.changes import record_incident
from http_client import describe_answer, describe_failure
from lifecycle.service import Service
from slack import client
from slack.client import HOUR, MESSAGE_INTERVAL, SlackClient, SlackError, retry_after
from state.loading import open_store
from tests.builders import NOON, configured, opened
from tests.certificates import Authority
from tests.connect_proxy import ConnectProxy
from tests.fake_slack import Answer, FakeSlack
from tests.support import LoopClock, free_port

MESSAGE: dict[str, object] = {"text": "All 2 hosts up", "unfurl_links": False, "unfurl_media": False}


async def refused(url: str) -> SlackError:
    """Why a message was not taken, without the secret."""
    with pytest.raises(SlackError) as caught:
        await SlackClient(url).post(MESSAGE)
    assert "secret" not in str(caught.value)
    return caught.value


@pytest.mark.parametrize(
    ("answer", "pause", "is_content_error"),
    [
        (Answer(500, "rollup_error"), 0, False),
        (Answer(503, ""), 0, False),
        (Answer(429, "rate_limited", {"Retry-After": "7"}), 7, False),
        (Answer(429, ""), 30, False),
        (Answer(302, "", {"Location": "/services/other"}), HOUR, False),
        (Answer(404, "Cannot POST /services/T0/B0/secret"), HOUR, False),
        (Answer(410, "channel_is_archived"), HOUR, False),
        (Answer(403, "invalid_token"), HOUR, False),
        (Answer(400, "user_not_found"), HOUR, False),
        (Answer(404, "no_team"), HOUR, False),
        (Answer(418, "something new"), HOUR, False),
        (Answer(400, "invalid_blocks"), 0, True),
        (Answer(400, "invalid_blocks_format"), 0, True),
        (Answer(400, "invalid_attachments"), 0, True),
        (Answer(400, "too_many_attachments"), 0, True),
        (Answer(400, "only_one_table_allowed"), 0, True),
        (Answer(400, "invalid_payload"), 0, True),
        (Answer(400, "no_text"), 0, True),
        (Answer(500, "missing_text_or_fallback_or_attachments"), 0, False),
    ],
    ids=lambda value: f"{value.status} {value.body}" if isinstance(value, Answer) else "",
)
async def test_a_refusal_says_how_long_to_wait_and_whether_a_plainer_message_may_be_accepted(
    answer: Answer, pause: float, *, is_content_error: bool
) -> None:
    async with FakeSlack() as slack:
        slack.answers = [answer]
        error = await refused(slack.url)
        assert str(answer.status) in str(error)
        assert (error.pause, error.is_content_error) == (pause, is_content_error)
        assert slack.taken == []


UNEXPECTED = [
    *(Answer(200, body) for body in ("OK", "<html>", '{"ok":true}', "ok\n", "", "invalid_blocks")),
    *(Answer(201, "ok"), Answer(204, "")),
]


@pytest.mark.parametrize(
    "answer",
    [*UNEXPECTED, Answer(200, "x" * 200_000), Answer(200, "POST /services/T0/B0/secret")],
    ids=lambda answer: f"{answer.status} {answer.body[:20]!r}",
)
async def test_other_hosts_may_answer_any_2xx_and_the_log_says_once_that_it_is_no_incoming_webhook(
    answer: Answer, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(client, "MESSAGE_INTERVAL", 0)
    async with FakeSlack() as slack:
        slack.answers = [answer, answer]
        posting = SlackClient(slack.url)
        answered = [await posting.post(MESSAGE), await posting.post(MESSAGE)]
        posting.close()
        assert slack.asked == 2
    (line,) = caplog.messages
    assert answered[0] == answered[1]
    if "secret" not in answer.body:
        assert answered[0] == describe_answer(answer.status, answer.body)
    assert f"{answered[0]}, which counts as accepted" in line
    assert "secret" not in line


@pytest.mark.parametrize("answer", UNEXPECTED, ids=lambda answer: f"{answer.status} {answer.body!r}")
async def test_slack_itself_must_answer_ok_and_anything_else_waits_an_hour(
    answer: Answer, slack_itself: FakeSlack, authority: Authority
) -> None:
    slack_itself.answers = [answer]
    async with ConnectProxy({"hooks.slack.com:443": slack_itself.port}) as proxy:
        posting = SlackClient("https://hooks.slack.com/services/T0/B0/secret", Proxy("127.0.0.1", proxy.port))
        posting._http.defaults["ssl_options"] = authority.context()
        with pytest.raises(SlackError) as caught:
            await posting.post(MESSAGE)
        posting.close()
    assert str(caught.value).startswith(f"Slack answered {describe_answer(answer.status, answer.body)}")
    assert (caught.value.pause, caught.value.is_content_error) == (HOUR, False)


@pytest.mark.parametrize(
    ("url", "own"),
    [
        ("https://hooks.slack.com/services/T0/B0/x", True),
        ("https://HOOKS.slack.com./workflows/T0", True),
        ("https://hooks.slack.com:443/T0/B0/x", True),
        ("https://hooks.slack-gov.com/services/T0/B0/x", True),
        ("https://hooks.slack.com.evil.test/services/T0/B0/x", False),
        ("https://hooks.slack.com@evil.test/services/T0/B0/x", False),
        ("https://mattermost.test/hooks/x", False),
    ],
)
def test_which_hosts_are_slacks_own(url: str, own: bool) -> None:
    assert is_slack_url(url) == own


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        ("30", 30),
        ("1.5", 1.5),
        ("0", 1),
        ("-3", 1),
        ("99999999", HOUR),
        ("nan", HOUR),
        ("inf", HOUR),
        ("soon", 30),
        ("", 30),
        (None, 30),
        ("Wed, 21 Oct 2026 07:28:00 GMT", 30),
    ],
)
def test_retry_after_may_be_anything(header: str | None, seconds: float) -> None:
    assert retry_after(header) == seconds


@pytest.mark.parametrize(
    "answer",
    [b"", b"garbage\r\n\r\n", b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nok"],
    ids=["closed", "no http", "half a body"],
)
async def test_an_answer_that_breaks_off_is_an_error_without_the_address(answer: bytes) -> None:
    async def respond(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read(100)
        writer.write(answer)
        writer.close()

    async with await asyncio.start_server(respond, "127.0.0.1", 0) as server:
        await refused(f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/services/secret")


async def test_no_answer_is_an_error_without_the_address() -> None:
    error = await refused(f"http://127.0.0.1:{free_port()}/services/secret")
    assert str(error) == "no answer from Slack (connection refused)"


NOT_TRUSTED = ssl.SSLCertVerificationError()
NOT_TRUSTED.verify_message = "Hostname mismatch, certificate is not valid for 'secret'."


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (socket.gaierror(-2, "Name or service not known"), "its name cannot be resolved; check DNS"),
        (OSError(113, "No route to host"), "no route to host"),
        (
            StreamClosedError(ConnectionResetError(104, "Connection reset by peer")),
            "connection reset by peer",
        ),
        (StreamClosedError(), "the connection was closed"),
        (HTTPStreamClosedError("secret"), "the connection was closed"),
        (HTTPTimeoutError("secret"), "timed out"),
        (TimeoutError(), "timed out"),
        (NOT_TRUSTED, "TLS failed: Hostname mismatch"),
        (ValueError("secret"), "ValueError"),
    ],
)
def test_a_failure_is_described_in_words_without_secrets(error: Exception, said: str) -> None:
    assert describe_failure(error) == said


async def test_never_more_than_a_message_a_second_is_sent(monkeypatch: pytest.MonkeyPatch) -> None:
    pauses: list[float] = []

    async def sleep(seconds: float) -> None:
        pauses.append(seconds)

    async with FakeSlack() as slack:
        posting = SlackClient(slack.url)
        monkeypatch.setattr("slack.client.time.monotonic", lambda: 100.0)
        monkeypatch.setattr("slack.client.asyncio.sleep", sleep)
        await asyncio.gather(*(posting.post(MESSAGE) for _ in range(3)))
        assert slack.taken == [MESSAGE] * 3
    assert [pause for pause in pauses if pause > 0] == pytest.approx([MESSAGE_INTERVAL, MESSAGE_INTERVAL])


async def test_a_pause_is_kept_by_all_who_share_the_webhook() -> None:
    async with FakeSlack() as slack:
        slack.answers = [Answer(429, "rate_limited", {"Retry-After": "7"})]
        posting = SlackClient(slack.url)
        for _ in range(2):
            with pytest.raises(SlackError, match="429 'rate_limited'") as caught:
                await posting.post(MESSAGE)
            assert 6 < caught.value.pause <= 7
        assert slack.taken == []


async def test_an_answer_that_does_not_come_in_time_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(client.LIMITS, "request_timeout", 0.05)
    with socket.create_server(("127.0.0.1", 0)) as silent:  # takes the connection, and says nothing
        error = await refused(f"http://127.0.0.1:{silent.getsockname()[1]}/services/secret")
        assert (str(error), error.pause) == ("no answer from Slack (timed out)", 0)


async def test_channels_that_share_a_webhook_wait_for_each_other_however_slow_slack_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    down = [opened(f"{n}", f"{n}.test", policy="p" * 90) for n in range(600)]  # more than five messages hold
    monkeypatch.setattr(client, "MESSAGE_INTERVAL", 0)
    clock = LoopClock(monkeypatch)
    async with FakeSlack() as slack:
        slack.think = lambda: clock.advance(5)
        channels = [{"name": name, "webhook_url": slack.url} for name in ("pay", "ops", "web")]
        store = open_store(tmp_path / "state.json", NOON)
        await asyncio.gather(*(store.commit(record_incident(incident)) for incident in down))
        service = Service(store, configured(tmp_path, channels=channels), lambda: NOON)
        await service.job.tick()
        await asyncio.gather(*service.job._ticks.values())
        assert service.job.failures() == []
        taken = Counter(message["text"] for message in slack.taken)
        assert sorted(taken.values()) == [3] * 5
        await store.close()
        service.close()


async def test_another_webhook_gets_the_next_digest_and_none_is_posted_twice(tmp_path: Path) -> None:
    """Even though the first one accepts it in other words than Slack."""
    now = NOON
    async with FakeSlack() as first, FakeSlack() as second:
        first.answers = [Answer(200, '{"success":true}')]
        store = open_store(tmp_path / "state.json", NOON)
        service = Service(store, webhook(tmp_path, first), lambda: now)
        for slack, later in ((first, 0), (second, 2), (second, 4)):
            now = NOON + timedelta(hours=later)
            service.adopt(webhook(tmp_path, slack))
            await service.job.tick()
            await asyncio.gather(*service.job._ticks.values())
            assert service.job.failures() == []
        assert (first.asked, second.asked) == (1, 2)
        await store.close()
        service.close()


def webhook(folder: Path, slack: FakeSlack) -> Config:
    return configured(folder, slack={"webhook_url": slack.url})
