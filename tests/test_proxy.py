"""The key `proxy`, and outgoing calls through a real one that supports CONNECT, with TLS to the host."""

import asyncio
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from config import ConfigError, Proxy, addresses
from lifecycle.service import call_heartbeat
from slack.client import SlackClient, SlackError
from tests.builders import configured
from tests.certificates import Authority
from tests.connect_proxy import OPENED, ConnectProxy
from tests.fake_slack import FakeSlack
from tests.program import QUICK, Program
from tests.support import LoopClock, free_port

HOST = "hooks.slack.com"
TARGET = f"{HOST}:443"
URL = f"https://{HOST}/services/T0/B0/secret"
MESSAGE = {"text": "All 2 hosts up", "unfurl_links": False, "unfurl_media": False}


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("", None),
        ("http://proxy.example.com:3128", Proxy("proxy.example.com", 3128)),
        ("http://10.0.0.1:80/", Proxy("10.0.0.1", 80)),
        ("http://[2001:db8::1]:3128", Proxy("2001:db8::1", 3128)),
        ("http://u:p%40ss%3Aw%20rd@proxy.test:8080", Proxy("proxy.test", 8080, "u", "p@ss:w rd")),
        ("http://u@proxy.test:8080", Proxy("proxy.test", 8080, "u", "")),
        ("http://j%C3%B6rg:x@bücher.test:8080", Proxy("xn--bcher-kva.test", 8080, "jörg", "x")),
    ],
)
def test_a_proxy_is_read(text: str, meant: Proxy | None) -> None:
    assert addresses.proxy(text) == meant


@pytest.mark.parametrize(
    "text",
    [
        "proxy.example.com:3128",
        "http://proxy.example.com",
        "http://proxy.example.com:0",
        "http://proxy.example.com:70000",
        "https://proxy.example.com:3128",
        "socks5://proxy.example.com:1080",
        "http://proxy.example.com:3128/path",
        "http://proxy.example.com:3128?a=b",
        "http://u:canary#1@proxy.example.com:3128",
        "http://u:can/ary@proxy.example.com:3128",
        "http:// proxy.example.com:3128",
        "http://:3128",
        "http://[::1:3128",
    ],
)
def test_anything_but_an_http_proxy_is_a_mistake_with_its_fix(text: str, tmp_path: Path) -> None:
    with pytest.raises(ConfigError) as caught:
        configured(tmp_path, proxy=text)
    assert str(caught.value).endswith(f"proxy: {addresses.PROXY_HINT}")
    assert "canary" not in str(caught.value)


@pytest.mark.parametrize(
    "name", ["HTTPS_PROXY", "https_proxy", "HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"]
)
def test_a_variable_that_is_not_read_causes_a_warning(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(name, "http://user:canary@proxy.test:3128")
    (warning,) = [each for each in configured(tmp_path).warnings if "proxy" in each]
    assert warning.endswith(
        f"{name} in the environment is not used; to use a proxy, set proxy: http://HOST:PORT, or off"
    )
    for silencing in ("http://p.test:1", "off"):
        assert not [each for each in configured(tmp_path, proxy=silencing).warnings if name in each]
    assert [each for each in configured(tmp_path, proxy="").warnings if name in each]
    assert "canary" not in warning
    monkeypatch.setenv(name, "")
    assert not [each for each in configured(tmp_path).warnings if name in each]


@contextmanager
def posting(
    port: int, authority: Authority | None = None, *, url: str = URL, host: str = "127.0.0.1", user: str = ""
) -> Iterator[SlackClient]:
    """Through the proxy at that port, trusting certificates of `authority`; the password is `pass word`."""
    client = SlackClient(url, Proxy(host, port, user, "pass word" if user else ""))
    if authority:
        client._http.defaults["ssl_options"] = authority.context()
    try:
        yield client
    finally:
        client.close()


async def refused(client: SlackClient, why: str) -> str:
    with pytest.raises(SlackError, match=why) as caught:
        await client.post(MESSAGE)
    return str(caught.value)


async def test_slack_is_reached_with_tls_to_slack_itself_and_credentials_are_sent_as_basic(
    slack_itself: FakeSlack, authority: Authority
) -> None:
    ways = {TARGET: slack_itself.port}
    async with ConnectProxy(ways) as open_to_all, ConnectProxy(ways, credentials="jörg:pass word") as closed:
        for proxy, user in ((open_to_all, ""), (closed, "jörg")):
            with posting(proxy.port, authority, user=user) as client:
                await client.post(MESSAGE)
        assert (slack_itself.taken, open_to_all.asked) == ([MESSAGE] * 2, [(TARGET, "")])


@pytest.mark.parametrize(
    ("host", "is_trusted", "said"),
    [("other.example.com", True, "Hostname mismatch"), (HOST, False, r".*SSL_CERT_FILE")],
)
async def test_an_untrusted_certificate_is_reported_with_its_fix(
    slack_itself: FakeSlack, authority: Authority, host: str, said: str, *, is_trusted: bool
) -> None:
    async with ConnectProxy({f"{host}:443": slack_itself.port}) as proxy:
        trusted = authority if is_trusted else None
        with posting(proxy.port, trusted, url=f"https://{host}/services/secret") as client:
            await refused(client, rf"certificate that is not trusted .{said}")
    assert slack_itself.taken == []


async def test_an_impostor_is_not_trusted_without_a_proxy_either(slack_itself: FakeSlack) -> None:
    client = SlackClient(slack_itself.url)
    await refused(client, "TLS failed: self-signed|TLS failed: unable to get local issuer")
    client.close()
    assert slack_itself.taken == []


@pytest.mark.parametrize("host", ["127.0.0.1", "127.1", "[::ffff:127.0.0.1]", "0.0.0.0", "localhost"])
async def test_this_machine_is_called_directly_however_it_is_written(host: str) -> None:
    async with ConnectProxy() as proxy, FakeSlack() as slack:
        with posting(proxy.port, url=slack.url.replace("127.0.0.1", host)) as client:
            await client.post(MESSAGE)
        assert (slack.taken, proxy.asked) == ([MESSAGE], [])


@pytest.mark.parametrize(
    ("answer", "reported"),
    [
        (b"HTTP/1.1 407 Who\r\n\r\n", "answered 407 'Who'; check the user and the password"),
        (b"HTTP/1.1 403 Forbidden\r\n\r\nno", "answered 403 'Forbidden'; let it allow CONNECT"),
        (b"HTTP/1.1 302 Found\r\nLocation: /login\r\n\r\n", "answered 302 'Found'"),
        (b"HTTP/1.1 502 Bad Gateway\r\n\r\n", "answered 502 'Bad Gateway'; can it reach the host"),
        (b"HTTP/1.0 405 \xff\r\n\r\n", "answered 405 .*; is it an HTTP proxy that supports CONNECT"),
        (b"HTTP/1.1 404\r\n\r\n", "answered 404 without text; is it an HTTP proxy that supports CONNECT"),
        (b"SSH-2.0-OpenSSH_9.2p1\r\n\r\n", "does not answer as an HTTP proxy"),
        (b"\x15\x03\x01\x00\x02\x02\x16", "does not answer as an HTTP proxy"),
        (b"x" * 20_000, "does not answer as an HTTP proxy"),
        (b"HTTP/1.1 200 OK\r\n\r\n<html>welcome</html>", "does not answer as an HTTP proxy"),
        (OPENED, "broke off the TLS connection"),
    ],
    ids=lambda value: value[:24].decode("latin-1") if isinstance(value, bytes) else "",
)
async def test_a_refusal_by_the_proxy_is_reported_with_its_fix_and_without_secrets(
    answer: bytes, reported: str
) -> None:
    async with ConnectProxy(answer=answer) as proxy:
        with posting(proxy.port, user="user-name") as client:
            said = await refused(client, f"^proxy 127.0.0.1:{proxy.port} {reported}")
    assert not [secret for secret in ("secret", "user-name", "pass word") if secret in said]


async def test_a_proxy_that_wants_a_user_says_so() -> None:
    async with ConnectProxy(credentials="a:b") as proxy:
        with posting(proxy.port) as client:
            await refused(client, r"407 'Who are you.'; it needs a user: http://USER:PASSWORD@")


@pytest.mark.parametrize(
    ("host", "error"), [("127.0.0.1", "connection refused"), ("proxy..test", "its name cannot be resolved")]
)
async def test_a_proxy_that_cannot_be_reached_is_reported(host: str, error: str) -> None:
    port = free_port()
    with posting(port, host=host) as client:
        await refused(client, f"proxy {host}:{port} cannot be reached .{error}")


@pytest.mark.parametrize("answer", [b"", OPENED], ids=["before it answers", "in the handshake"])
async def test_a_proxy_that_is_silent_is_given_up_on(answer: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    clock, loop = LoopClock(monkeypatch), asyncio.get_running_loop()
    with socket.create_server(("127.0.0.1", 0)) as silent, posting(silent.getsockname()[1]) as client:
        silent.setblocking(False)
        post = asyncio.ensure_future(client.post(MESSAGE))
        connection, _ = await loop.sock_accept(silent)
        with connection:
            assert (await loop.sock_recv(connection, 1000)).startswith(b"CONNECT ")
            if answer:
                await loop.sock_sendall(connection, answer)
                assert await loop.sock_recv(connection, 10_000)  # the first word of TLS
            await clock.advance(6)
            with pytest.raises(SlackError, match="does not answer in time"):
                await post
            assert await loop.sock_recv(connection, 1000) == b""  # nothing is left open


async def test_the_heartbeat_goes_the_same_way(caplog: pytest.LogCaptureFixture) -> None:
    async with ConnectProxy() as proxy:
        await call_heartbeat("https://hc.example.com/secret-id", Proxy("127.0.0.1", proxy.port))
        assert proxy.asked == [("hc.example.com:443", "")]
    (reported,) = caplog.messages
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
