"""Outgoing calls through a real proxy that supports CONNECT, with TLS to the host."""

import asyncio
import socket
from pathlib import Path

import pytest

from config import Proxy
from lifecycle.heartbeat import Heartbeat
from slack.client import SlackClient, SlackError
from tests.certificates import Authority
from tests.connect_proxy import OPENED, ConnectProxy
from tests.support import QUICK, FakeSlack, LoopClock, Program

HOST = "hooks.slack.com"
TARGET = f"{HOST}:443"
URL = f"https://{HOST}/services/T0/B0/secret"
MESSAGE = {"text": "All 2 hosts up", "unfurl_links": False, "unfurl_media": False}


def trusting(client: SlackClient, authority: Authority) -> SlackClient:
    client._http.defaults["ssl_options"] = authority.context()
    return client


async def test_slack_is_reached_through_the_proxy_with_tls_to_slack_itself(
    slack_itself: FakeSlack, authority: Authority
) -> None:
    async with ConnectProxy({TARGET: slack_itself.port}) as proxy:
        client = trusting(SlackClient(URL, Proxy("127.0.0.1", proxy.port)), authority)
        await client.post(MESSAGE)
        client.close()
        assert (slack_itself.taken, proxy.asked) == ([MESSAGE], [(TARGET, "")])


async def test_the_certificate_must_be_for_the_name_that_is_called(
    slack_itself: FakeSlack, authority: Authority
) -> None:
    url = "https://other.example.com/services/secret"
    async with ConnectProxy({"other.example.com:443": slack_itself.port}) as proxy:
        client = trusting(SlackClient(url, Proxy("127.0.0.1", proxy.port)), authority)
        with pytest.raises(SlackError, match=r"certificate that is not trusted .Hostname mismatch"):
            await client.post(MESSAGE)
        client.close()
    assert slack_itself.taken == []


async def test_an_authority_that_is_not_trusted_is_reported_with_the_cure(slack_itself: FakeSlack) -> None:
    async with ConnectProxy({TARGET: slack_itself.port}) as proxy:
        client = SlackClient(URL, Proxy("127.0.0.1", proxy.port))
        with pytest.raises(SlackError, match=r"certificate that is not trusted .*SSL_CERT_FILE"):
            await client.post(MESSAGE)
        client.close()


async def test_credentials_are_sent_as_basic(slack_itself: FakeSlack, authority: Authority) -> None:
    async with ConnectProxy({TARGET: slack_itself.port}, credentials="jörg:pass word") as proxy:
        client = trusting(SlackClient(URL, Proxy("127.0.0.1", proxy.port, "jörg", "pass word")), authority)
        await client.post(MESSAGE)
        client.close()
        assert slack_itself.taken == [MESSAGE]


@pytest.mark.parametrize("host", ["127.0.0.1", "127.1", "[::ffff:127.0.0.1]", "0.0.0.0", "localhost"])
async def test_this_machine_is_called_directly_however_it_is_written(host: str) -> None:
    async with ConnectProxy() as proxy, FakeSlack() as slack:
        client = SlackClient(slack.url.replace("127.0.0.1", host), Proxy("127.0.0.1", proxy.port))
        await client.post(MESSAGE)
        client.close()
        assert (slack.taken, proxy.asked) == ([MESSAGE], [])


@pytest.mark.parametrize(
    ("answer", "reported"),
    [
        (b"HTTP/1.1 407 Who\r\n\r\n", "answered 407 'Who'; check the user and the password"),
        (b"HTTP/1.1 403 Forbidden\r\n\r\nno", "answered 403 'Forbidden'; let it allow CONNECT"),
        (b"HTTP/1.1 302 Found\r\nLocation: /login\r\n\r\n", "answered 302 'Found'"),
        (b"HTTP/1.1 502 Bad Gateway\r\n\r\n", "answered 502 'Bad Gateway'; can it reach the host"),
        (b"HTTP/1.0 405 \xff\r\n\r\n", "answered 405 .*; is it an HTTP proxy that supports CONNECT"),
        (b"HTTP/1.1 404\r\n\r\n", "answered 404 ''; is it an HTTP proxy that supports CONNECT"),
        (b"SSH-2.0-OpenSSH_9.2p1\r\n\r\n", "does not answer as an HTTP proxy"),
        (b"\x15\x03\x01\x00\x02\x02\x16", "does not answer as an HTTP proxy"),
        (b"x" * 20_000, "does not answer as an HTTP proxy"),
        (b"HTTP/1.1 200 OK\r\n\r\n<html>welcome</html>", "does not answer as an HTTP proxy"),
        (OPENED, "broke off the TLS connection"),
    ],
    ids=lambda value: value[:24].decode("latin-1") if isinstance(value, bytes) else "",
)
async def test_what_a_proxy_refuses_is_reported_with_the_cure_and_without_secrets(
    answer: bytes, reported: str
) -> None:
    async with ConnectProxy(answer=answer) as proxy:
        client = SlackClient(URL, Proxy("127.0.0.1", proxy.port, "user-name", "pass-word"))
        with pytest.raises(SlackError, match=f"^proxy 127.0.0.1:{proxy.port} {reported}") as caught:
            await client.post(MESSAGE)
        client.close()
    assert not [secret for secret in ("secret", "user-name", "pass-word") if secret in str(caught.value)]


async def test_a_proxy_that_wants_a_user_says_so() -> None:
    async with ConnectProxy(credentials="a:b") as proxy:
        client = SlackClient(URL, Proxy("127.0.0.1", proxy.port))
        with pytest.raises(SlackError, match=r"407 'Who are you.'; it needs a user: http://USER:PASSWORD@"):
            await client.post(MESSAGE)
        client.close()


async def test_a_proxy_that_is_not_there_is_reported() -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    client = SlackClient(URL, Proxy("127.0.0.1", port))
    with pytest.raises(SlackError, match=f"proxy 127.0.0.1:{port} cannot be reached .ConnectionRefusedError"):
        await client.post(MESSAGE)
    client.close()


async def test_a_proxy_whose_name_cannot_be_looked_up_is_reported() -> None:
    client = SlackClient(URL, Proxy("proxy..test", 3128))
    with pytest.raises(SlackError, match=r"proxy proxy\.\.test:3128 cannot be reached .UnicodeError"):
        await client.post(MESSAGE)
    client.close()


@pytest.mark.parametrize("answer", [b"", OPENED], ids=["before it answers", "in the handshake"])
async def test_a_proxy_that_is_silent_is_given_up_on(answer: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    clock, loop = LoopClock(monkeypatch), asyncio.get_running_loop()
    with socket.create_server(("127.0.0.1", 0)) as silent:
        silent.setblocking(False)
        client = SlackClient(URL, Proxy("127.0.0.1", silent.getsockname()[1]))
        posting = asyncio.ensure_future(client.post(MESSAGE))
        connection, _ = await loop.sock_accept(silent)
        with connection:
            assert (await loop.sock_recv(connection, 1000)).startswith(b"CONNECT ")
            if answer:
                await loop.sock_sendall(connection, answer)
                assert await loop.sock_recv(connection, 10_000)  # the first word of TLS
            await clock.advance(6)
            with pytest.raises(SlackError, match="does not answer in time"):
                await posting
            assert await loop.sock_recv(connection, 1000) == b""  # nothing is left open
        client.close()


async def test_the_heartbeat_goes_the_same_way(caplog: pytest.LogCaptureFixture) -> None:
    async with ConnectProxy() as proxy:
        heartbeat = Heartbeat()
        heartbeat.send("https://hc.example.com/secret-id", Proxy("127.0.0.1", proxy.port))
        await asyncio.gather(*heartbeat._calls)
        assert proxy.asked == [("hc.example.com:443", "")]
    (reported,) = [record.getMessage() for record in caplog.records]
    assert reported.startswith(f"heartbeat_url was not called: proxy 127.0.0.1:{proxy.port} answered 403")
    assert "secret" not in reported


async def test_the_real_program_posts_through_it_and_goes_on_by_another(
    slack_itself: FakeSlack, authority: Authority, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(authority.root))
    ways = {TARGET: slack_itself.port}
    async with ConnectProxy(credentials="a:b") as wrong, ConnectProxy(ways, credentials="u:canary") as right:
        program = Program(tmp_path, *QUICK, webhook_url=URL)
        good = program.config.read_text()
        program.config.write_text(f"{good}\nproxy: http://u:canary@127.0.0.1:{wrong.port}\n")
        program.start()
        try:
            await asyncio.to_thread(
                program.until, lambda: "it needs" in program.log() or "407" in program.log()
            )
            program.config.write_text(f"{good}\nproxy: http://u:canary@127.0.0.1:{right.port}\n")
            await slack_itself.arrived()
        finally:
            await asyncio.to_thread(program.stop)
        assert len(slack_itself.taken) == 1
        assert "canary" not in program.log()
        assert right.asked[0][0] == TARGET
