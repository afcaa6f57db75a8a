"""The runbook is right about secrets, options and Google Cloud, in both languages."""

import re
import sys
from pathlib import Path

import pytest

from config.schema import CHANNEL_KEYS, KEYS
from tests.command_line import run
from tests.config_files import GOOD, read
from tests.process import ended
from tests.program import Program
from tests.support import ROOT
from tests.test_gcp import SETTINGS

RUNBOOKS = ("docs/operate.md", "docs/operate.ko.md")
SECRETS = {key.path for key in KEYS if key.secret}
SECRETS |= {f"channels[].{key.path}" for key in CHANNEL_KEYS if key.secret}


@pytest.mark.parametrize("name", RUNBOOKS)
def test_every_secret_can_be_replaced(name: str) -> None:
    rows = r"^\| (?:secret|비밀) \|.*\n\|---.*\n((?:\|.*\n)+)"
    (table,) = re.findall(rows, (ROOT / name).read_text(), re.MULTILINE)
    cells = re.findall(r"^\| ([^|]*) \|", table, re.MULTILINE)
    assert set(re.findall(r"`([^`]+)`", " ".join(cells))) == SECRETS | {"gcp.username"}


@pytest.mark.parametrize("name", RUNBOOKS)
def test_the_configuration_for_google_cloud_is_good(name: str, tmp_path: Path) -> None:
    (example,) = re.findall(r"```yaml\n(.*?)```", (ROOT / name).read_text(), re.DOTALL)
    config = read(tmp_path, GOOD + example)
    assert config.warnings == ()
    assert str(config.state_file.parent) in (ROOT / "deploy" / "gcp" / "startup.sh").read_text()
    probes, balancer = {"130.211.0.0/22", "35.191.0.0/16"}, "203.0.113.80/32"
    assert {str(network) for network in config.status.networks} == probes
    assert {str(network) for network in config.trusted_proxies} == probes | {balancer}


@pytest.mark.parametrize("name", RUNBOOKS)
def test_every_setting_of_the_commands_is_shown(name: str) -> None:
    text = (ROOT / name).read_text()
    assert all(f"{setting}=" in text or f"`{setting}`" in text for setting in SETTINGS)
    assert all((ROOT / "deploy" / "gcp" / script).is_file() for script in re.findall(r"(\w+\.sh)", text))


def test_every_option_that_is_named_exists(tmp_path: Path) -> None:
    text = (ROOT / RUNBOOKS[0]).read_text()
    options = set(re.findall(r"(?:server\.py|manager|config\.yaml) (--[a-z]+)", text))
    helped = run(Program(tmp_path), "--help").printed.decode()
    assert options == {"--config", "--check", "--doctor", "--preview", "--export", "--import"}
    assert all(option in helped for option in options)


def test_a_start_loads_no_compression_library(tmp_path: Path) -> None:
    """They would stay in memory, and nothing here uses them."""
    config = Program(tmp_path).config
    python = [sys.executable, "-X", "importtime"]
    told = ended(*python, "server.py", "--check", "--config", config, cwd=ROOT, check=True).stderr
    loaded = set(re.findall(r"\| +(\S+)$", told, re.MULTILINE))
    assert "argparse" in loaded
    assert loaded & {"shutil", "bz2", "lzma"} == set()
