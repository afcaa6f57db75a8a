"""The documents and the code say the same."""

import os
import re
from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path

import pytest
import yaml

from config import load
from config.schema import CHANNEL_KEYS, KEYS
from hosts.outages import FLAPPING, FLAPPING_WITHIN
from languages import ENGLISH, KOREAN, Language
from lifecycle import main

ROOT = Path(__file__).resolve().parent.parent
READMES: Mapping[str, Language] = {"README.md": ENGLISH, "README.ko.md": KOREAN}


@pytest.mark.parametrize("name", READMES)
def test_every_key_stands_in_the_table_with_its_default(name: str) -> None:
    table = dict(re.findall(r"^\| `([a-z_.[\]]+)` \| ([^|]*) \|", (ROOT / name).read_text(), re.MULTILINE))
    of_channels = [f"channels[].{key.path}" for key in CHANNEL_KEYS]
    assert list(table) == [key.path for key in KEYS] + of_channels
    for key in KEYS:
        default = "change-me" if key.default is None else key.default
        assert table[key.path] in (f"`{default}`", "" if default else table[key.path])


@pytest.mark.parametrize("name", READMES)
def test_every_command_stands_in_the_table(name: str) -> None:
    rows = re.findall(r"^\| `(uptime [^`]*)` \| ([^|]*) \|", (ROOT / name).read_text(), re.MULTILINE)
    assert rows == [form for guide in READMES[name].commands for form in guide.forms]


@pytest.mark.parametrize("name", READMES)
def test_every_exit_code_is_explained(name: str) -> None:
    codes = {int(code) for code in re.findall(r"^\| (\d+) \|", (ROOT / name).read_text(), re.MULTILINE)}
    named = {os.EX_USAGE, *main.EXIT_CODES.values(), os.EX_SOFTWARE}
    assert codes == {0, 1, 2} | named  # 2 is what argparse says


@pytest.mark.parametrize("name", READMES)
def test_what_flapping_is_stands_there(name: str) -> None:
    (row,) = re.findall(r"^- .*\bflapping\b.*$", (ROOT / name).read_text(), re.MULTILINE)
    assert re.findall(r"\d+", row)[:2] in ([str(FLAPPING), "24"], ["24", str(FLAPPING)])
    assert timedelta(hours=24) == FLAPPING_WITHIN


def test_both_readmes_have_the_same_shape() -> None:
    shapes = [
        [
            line.split()[0]
            for line in (ROOT / name).read_text().splitlines()
            if line.startswith(("#", "```", "|", "- "))
        ]
        for name in READMES
    ]
    assert shapes[0] == shapes[1]


@pytest.mark.parametrize("name", READMES)
def test_every_file_that_is_pointed_to_is_there(name: str) -> None:
    for target in re.findall(r"\]\(([^)#:]+)\)", (ROOT / name).read_text()):
        assert (ROOT / target).is_file()


@pytest.mark.parametrize("name", READMES)
def test_the_manifest_of_the_app_leads_to_the_door(name: str) -> None:
    (manifest,) = (found for found in map(yaml.safe_load, yaml_blocks(name)) if "features" in found)
    (command,) = manifest["features"]["slash_commands"]
    assert command["command"] == "/uptime"
    assert command["url"].endswith("/fromSlack")
    assert len(command["description"]) <= 2000
    assert manifest["oauth_config"]["scopes"]["bot"] == ["commands", "incoming-webhook"]


@pytest.mark.parametrize("name", READMES)
def test_every_example_of_a_configuration_is_good(name: str, tmp_path: Path) -> None:
    examples = [text for text in yaml_blocks(name) if "features" not in text]
    for webhook in ("payments", "operations"):
        (tmp_path / f"{webhook}.webhook").write_text("https://hooks.slack.com/services/T0/B0/secret")
        (tmp_path / f"{webhook}.webhook").chmod(0o600)
    for text in examples:
        file = tmp_path / "config.yaml"
        file.write_text(f"gcp: {{password: a long enough password}}\n{text}")
        file.chmod(0o600)
        assert load(file).warnings == ()
    assert len(examples) == 2


def yaml_blocks(name: str) -> list[str]:
    return re.findall(r"```yaml\n(.*?)```", (ROOT / name).read_text(), re.DOTALL)
