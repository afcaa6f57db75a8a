"""The runbook speaks of what there is, in both languages."""

import re
from pathlib import Path

import pytest

from config import load
from config.schema import CHANNEL_KEYS, KEYS
from state.mounts import Mount
from tests.support import ROOT, Program
from tests.test_backup import server
from tests.test_gcp import SETTINGS

RUNBOOKS = ("docs/operate.md", "docs/operate.ko.md")
SECRETS = {key.path for key in KEYS if key.secret} | {
    f"channels[].{key.path}" for key in CHANNEL_KEYS if key.secret
}


def shape(name: str) -> list[str]:
    lines = (ROOT / name).read_text().splitlines()
    return [line.split()[0] for line in lines if line.startswith(("#", "```", "|", "- ", *"123456789"))]


def test_both_have_the_same_shape_and_the_same_commands() -> None:
    english, korean = RUNBOOKS
    assert shape(english) == shape(korean)
    shown = [re.findall(r"^\$ .*", (ROOT / name).read_text(), re.MULTILINE) for name in RUNBOOKS]
    assert shown[0] == shown[1]


@pytest.mark.parametrize("name", RUNBOOKS)
def test_every_secret_can_be_replaced(name: str) -> None:
    cells = re.findall(r"^\| (`[^|]*) \|", (ROOT / name).read_text(), re.MULTILINE)
    assert set(re.findall(r"`([^`]+)`", " ".join(cells))) == SECRETS | {"gcp.username"}


@pytest.mark.parametrize("name", [*RUNBOOKS, "README.md", "README.ko.md"])
def test_every_heading_that_is_pointed_to_is_there(name: str) -> None:
    for file, anchor in re.findall(r"\]\(([^)#:]*)#([^)]+)\)", (ROOT / name).read_text()):
        target = (ROOT / name).parent / file if file else ROOT / name
        headings = re.findall(r"^#+ (.*)", target.read_text(), re.MULTILINE)
        assert anchor in {re.sub(r"[^\w -]", "", heading).lower().replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("name", RUNBOOKS)
def test_the_configuration_for_google_cloud_is_good(name: str, tmp_path: Path) -> None:
    (example,) = re.findall(r"```yaml\n(.*?)```", (ROOT / name).read_text(), re.DOTALL)
    file = tmp_path / "config.yaml"
    file.write_text(f"gcp: {{password: a long enough password}}\n{example}")
    file.chmod(0o600)
    config = load(file)
    assert config.warnings == ()
    assert str(config.state_file.parent) in (ROOT / "deploy" / "gcp" / "startup.sh").read_text()
    assert {str(network) for network in config.status.networks} == {"130.211.0.0/22", "35.191.0.0/16"}


@pytest.mark.parametrize("name", RUNBOOKS)
def test_every_setting_of_the_commands_is_shown(name: str) -> None:
    text = (ROOT / name).read_text()
    assert all(f"{setting}=" in text or f"`{setting}`" in text for setting in SETTINGS)
    assert all((ROOT / "deploy" / "gcp" / script).is_file() for script in re.findall(r"(\w+\.sh)", text))


@pytest.mark.parametrize("kind", ["nfs", "cifs", "fuse.sshfs"])
def test_what_is_said_to_be_refused_is(kind: str) -> None:
    assert Mount(kind, "").is_network


def test_every_option_that_is_named_is_one(tmp_path: Path) -> None:
    options = set(
        re.findall(r"(?:server\.py|manager|config\.yaml) (--[a-z]+)", (ROOT / RUNBOOKS[0]).read_text())
    )
    helped = server(Program(tmp_path), "--help")[1].decode()
    assert options == {"--config", "--export", "--import"}
    assert all(option in helped for option in options)
