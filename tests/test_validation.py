"""Keys that contradict each other, network storage, and values that are accepted with a warning."""

from pathlib import Path

import pytest

from config import PLACEHOLDER, ConfigError, load
from lifecycle.main import main
from tests.config_files import GOOD, mistakes, read

STATE = f"{GOOD}state_file: var/state.json\n"
PASSWORD = "a long enough password"


@pytest.fixture
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A configuration whose state is on a network share."""
    mounts = {tmp_path / "var" / "state.json": "nfs4"}
    monkeypatch.setattr("config.validation.file_system_of", mounts.get)
    file = tmp_path / "config.yaml"
    file.write_text(STATE)
    file.chmod(0o600)
    return file


def test_network_storage_is_refused_among_other_mistakes_with_the_reason_and_the_fix(file: Path) -> None:
    file.write_text(f"{STATE}state_on_network: maybe\n")
    with pytest.raises(ConfigError) as refused:
        load(file)
    assert [issue.key for issue in refused.value.issues] == ["state_file", "state_on_network"]
    reported = str(refused.value).splitlines()[0]
    assert reported.startswith(
        f"{file} line 2: state_file: is on network storage (nfs4): a lock there may be lost"
    )
    assert reported.endswith("could start while the first is still writing; use a local disk, or set state_on_network: true")  # fmt: skip


def test_neither_a_check_nor_a_start_ignores_network_storage(
    file: Path, capsys: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    assert (main(["--config", str(file), "--check"]), main(["--config", str(file)])) == (1, 78)
    assert "state_on_network: true" in capsys.readouterr().err
    assert "state_on_network: true" in caplog.text
    assert not (file.parent / "var").exists()
    file.write_text(f"{STATE}state_on_network: true\n")
    assert main(["--config", str(file), "--check"]) == 0
    (warning,) = load(file).warnings
    assert warning.endswith("while the first is still writing; make sure that only one is ever started")


@pytest.mark.parametrize("passwords", [PLACEHOLDER, f"[{PASSWORD}, {PLACEHOLDER}]"])
def test_the_shipped_password_is_refused_on_any_other_address(tmp_path: Path, passwords: str) -> None:
    text = f"gcp: {{password: {passwords}}}\nlisten: {{address: 0.0.0.0}}\n"
    (reported,) = mistakes(tmp_path, text)
    assert reported.startswith("line 1: gcp.password: ")
    assert "openssl rand" in reported
    assert "only on 127.0.0.1" in reported
    (warning,) = read(tmp_path, text.replace("0.0.0.0", "127.0.0.2")).warnings
    assert "shipped" in warning


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("gcp: {password: short}", "short"),
        (f"gcp: {{password: [{PASSWORD}, short]}}", "short"),
        (f"{GOOD}page: {{password: short}}", "page.password is short"),
        (f"{GOOD}page: {{username: staff}}", "page.username is set without page.password"),
        (f"{GOOD}status: {{token: [{PASSWORD}, short]}}", "status.token is short"),
        (f"{GOOD}trusted_proxies: 0.0.0.0/0", "anyone may claim any address"),
        (f"{GOOD}status: {{addresses: '::/0'}}", "anyone may read the status"),
        (f"{GOOD}page: {{addresses: [10.0.0.0/8, 0.0.0.0/0]}}", "set page.open instead"),
        (f"{GOOD}slack: {{webhook_url: 'https://hooks.slack.com/services/'}}", "does not look like Slack's"),
        (f"{GOOD}slack: {{webhook_url: 'https://hooks.slack.com/services/T0001/B0001'}}", "services/T…/B…/…"),
        (
            f"{GOOD}slack: {{signing_secret: xoxb-1234-5678-abcdefgh}}",
            "slack.signing_secret is a token for Slack's API",
        ),
        (
            f"{GOOD}slack: {{outgoing_token: xoxp-1234-5678-abcdefgh}}",
            "slack.outgoing_token is a token for Slack's API",
        ),
        (
            f"{GOOD}slack: {{signing_secret: 0123456789abcdef}}",
            "slack.signing_secret is not 32 characters long",
        ),
        (f"{GOOD}slack: {{outgoing_token: abc}}", "slack.outgoing_token is shorter than Slack's"),
        (f"{GOOD}status: {{addresses: 127.0.0.1}}", "status.addresses includes this machine"),
        (f"{GOOD}page: {{addresses: ['::1', 10.0.0.0/8]}}", "page.addresses includes this machine"),
        (f"{GOOD}digest: {{every: 10s}}", "for testing"),
        (f"{GOOD}timezone: EST\n", "has no summer time; write America/New_York"),
    ],
)
def test_warnings(tmp_path: Path, text: str, word: str) -> None:
    (warning,) = read(tmp_path, text).warnings
    assert word in warning


@pytest.mark.parametrize(
    ("text", "warned"),
    [
        (GOOD, True),
        ("gcp: {password_file: pw}\n", False),
        ("gcp: {password_file: pw}\nslack: {webhook_url: '', outgoing_token: ''}\n", False),
        ("gcp: {password_file: pw}\nslack: {outgoing_token: [one]}\n", True),
        ("gcp: {password_file: pw}\nproxy: http://proxy.test:3128\n", False),
        ("gcp: {password_file: pw}\nproxy: http://u:p@proxy.test:3128\n", True),
        (f"gcp: {{password: {PLACEHOLDER}}}\n", False),
        (f"gcp: {{password: {PLACEHOLDER}}}\nslack: {{webhook_url: https://x.test/y}}\n", True),
    ],
)
def test_a_file_with_secrets_that_others_can_read_causes_a_warning(
    tmp_path: Path, text: str, *, warned: bool
) -> None:
    (tmp_path / "pw").write_text(PASSWORD)
    (tmp_path / "pw").chmod(0o600)
    assert not any("chmod" in warning for warning in read(tmp_path, text).warnings)
    (tmp_path / "config.yaml").chmod(0o604)
    assert any("chmod o-r" in warning for warning in load(tmp_path / "config.yaml").warnings) == warned
    for name in ("pw", "config.yaml") if "pw" in text else ("config.yaml",):
        (tmp_path / name).chmod(0o602)
        wrong = f"{tmp_path / name}: others on this machine can change it; prevent that with: chmod o-w"
        assert f"{wrong} {tmp_path / name}" in load(tmp_path / "config.yaml").warnings
