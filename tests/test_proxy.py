"""The key `proxy`, and the warning of proxies in the environment."""

import asyncio
import os
import subprocess
import sys
from pathlib import Path

import pytest

from config import ConfigError, Proxy
from config.addresses import PROXY_CURE, proxy
from tests.builders import configured
from tests.support import PATIENCE, ROOT, Program


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
    assert proxy(text) == meant


@pytest.mark.parametrize(
    "text",
    [
        "proxy.example.com:3128",
        "proxy.example.com",
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
def test_what_is_no_http_proxy_is_a_mistake_with_the_cure(text: str, tmp_path: Path) -> None:
    with pytest.raises(ConfigError) as caught:
        configured(tmp_path, proxy=text)
    assert str(caught.value).endswith(f"proxy: {PROXY_CURE}")
    assert "canary" not in str(caught.value)


def test_its_credentials_are_in_no_repr(tmp_path: Path) -> None:
    config = configured(tmp_path, proxy="http://user-name:pass-word@proxy.test:3128")
    assert not [secret for secret in ("user-name", "pass-word") if secret in repr(config)]


@pytest.mark.parametrize(
    ("url", "secret"), [("http://proxy.test:3128", False), ("http://u:p@proxy.test:3128", True), ("", False)]
)
def test_only_one_with_credentials_is_a_secret(url: str, tmp_path: Path, *, secret: bool) -> None:
    (tmp_path / "password").write_text("a long enough password")
    (tmp_path / "password").chmod(0o600)
    config = configured(tmp_path, gcp={"password_file": "password"}, proxy=url)
    (tmp_path / "config.yaml").chmod(0o644)
    config = configured(tmp_path, gcp={"password_file": "password"}, proxy=url)
    assert any("chmod o-r" in warning for warning in config.warnings) == secret


def test_it_may_stand_in_a_file_of_its_own(tmp_path: Path) -> None:
    (tmp_path / "proxy").write_text("http://u:p@proxy.test:3128\n")
    assert configured(tmp_path, proxy_file="proxy").proxy == Proxy("proxy.test", 3128, "u", "p")


@pytest.mark.parametrize(
    "name", ["HTTPS_PROXY", "https_proxy", "HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"]
)
def test_a_variable_that_is_not_read_is_warned_of(
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
    monkeypatch.setenv(name, "")
    assert not [each for each in configured(tmp_path).warnings if name in each]


async def test_the_check_and_the_start_warn_of_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTPS_PROXY", "http://user:canary@proxy.test:3128")
    program = Program(tmp_path)
    command = [sys.executable, str(ROOT / "server.py"), "--config", str(program.config), "--check"]
    done = subprocess.run(
        command, capture_output=True, text=True, timeout=PATIENCE, check=False, env=os.environ
    )
    program.start()
    await asyncio.to_thread(program.stop)
    for said in (done.stderr, program.log()):
        assert "HTTPS_PROXY in the environment is not used" in said
        assert "canary" not in said
    assert done.returncode == 0
