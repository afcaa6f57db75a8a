"""The keys below `page:`, who they let in, and what is a mistake there."""

from ipaddress import ip_network
from pathlib import Path

import pytest

from config import ConfigError, Page, load
from tests.builders import configured

ROOT = Path(__file__).resolve().parent.parent
URL = "https://uptime.example.com/"


def test_by_default_nobody_but_this_machine_may_look(tmp_path: Path) -> None:
    assert configured(tmp_path).page == Page((), "team", (), "", open=False, badges_open=False)


def test_every_key_is_read(tmp_path: Path) -> None:
    keys = {"addresses": "10.0.0.0/8", "username": "wall", "password": ["new one", "old one"]}
    config = configured(tmp_path, page={**keys, "url": URL, "open": True, "badges_open": True})
    network = ip_network("10.0.0.0/8")
    assert config.page == Page((network,), "wall", ("new one", "old one"), URL, open=True, badges_open=True)


@pytest.mark.parametrize(
    ("written", "read"),
    [
        (URL, URL),
        (" https://uptime.example.com ", URL),
        ("http://10.0.0.5:8080", "http://10.0.0.5:8080/"),
        ("https://example.com/uptime", "https://example.com/uptime/"),
        ("https://example.com/?", "https://example.com/"),
        ("https://bücher.example", "https://xn--bcher-kva.example/"),
        ("off", ""),
        ("", ""),
    ],
)
def test_the_address_of_the_page_ends_in_a_slash(tmp_path: Path, written: str, read: str) -> None:
    assert configured(tmp_path, page={"url": written}).page.url == read


@pytest.mark.parametrize(
    ("written", "cure"),
    [
        ("uptime.example.com", "write a URL that begins with https://"),
        ("ftp://uptime.example.com", "write a URL that begins with https://"),
        ("https://team:hidden@uptime.example.com", "leave them out"),
        ("https://uptime.example.com/?view=wall", "has a ? or # after the address"),
        ("https://uptime.example.com/#hosts", "has a ? or # after the address"),
        (f"https://uptime.example.com/{'x' * 200}", "more than 200 characters"),
    ],
)
def test_another_address_is_a_mistake_with_its_cure(tmp_path: Path, written: str, cure: str) -> None:
    with pytest.raises(ConfigError, match=r"page\.url: ") as error:
        configured(tmp_path, page={"url": written})
    assert cure in str(error.value)
    assert "hidden" not in str(error.value)


def test_the_password_may_stand_in_a_file(tmp_path: Path) -> None:
    (tmp_path / "page-password").write_text("from a file\n")
    assert configured(tmp_path, page={"password_file": "page-password"}).page.passwords == ("from a file",)


@pytest.mark.parametrize("password", ["secret", ["another", "secret"]])
def test_the_password_of_google_is_refused(tmp_path: Path, password: object) -> None:
    with pytest.raises(ConfigError, match=r"page\.password: is also gcp\.password") as error:
        configured(tmp_path, page={"password": password})
    assert "secret" not in str(error.value)


def test_no_mistake_and_no_repr_quotes_a_password(tmp_path: Path) -> None:
    with pytest.raises(ConfigError) as error:
        configured(tmp_path, page={"password": {"hidden": "hidden"}, "open": "hidden"})
    assert "hidden" not in str(error.value)
    assert "a-password" not in repr(configured(tmp_path, page={"password": "a-password"}))


def test_the_shipped_file_lets_nobody_in(tmp_path: Path) -> None:
    file = tmp_path / "config.yaml"
    file.write_text((ROOT / "config.yaml").read_text())
    file.chmod(0o600)
    config = load(file)
    assert config.page == configured(tmp_path).page
    assert not [warning for warning in config.warnings if "page" in warning]


def test_a_file_for_the_password_beside_what_is_shipped(tmp_path: Path) -> None:
    shipped = (ROOT / "config.yaml").read_text()
    edited = shipped.replace("  # password_file: page-password", "  password_file: page-password")
    assert edited != shipped
    (tmp_path / "page-password").write_text("from a file\n")
    (tmp_path / "config.yaml").write_text(edited)
    assert load(tmp_path / "config.yaml").page.passwords == ("from a file",)
