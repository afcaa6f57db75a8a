"""Every command for Google Cloud that we run, document or recommend is one that gcloud itself accepts."""

import json
import os
import re
from pathlib import Path

from google import console
from tests.process import ended, needs
from tests.support import ROOT
from tests.test_gcp import SETTINGS, asked


def hints() -> list[list[str]]:
    """The commands that the doctor suggests. Until 2026, gcloud had those for policies among its alpha commands."""
    channel, snooze = console.enable_channel("17", "shop"), console.cancel_snooze("5", "shop")
    policies = [console.enable_policy("1", "shop"), console.notify("1", "17", "shop")]
    older = [policy.replace("gcloud monitoring", "gcloud alpha monitoring") for policy in policies]
    return [command.split() for command in (channel, snooze, *older)]


def documented() -> list[list[str]]:
    """The commands of docs/google.md."""
    text = (ROOT / "docs" / "google.md").read_text()
    lines = "".join(re.findall(r"```sh\n(.*?)```", text, re.DOTALL)).splitlines()
    commands = [re.sub(r"^ACCOUNT=\$\((.*)\)$", r"\1", line) for line in lines]
    return [re.sub(r"\$[A-Z]+", "x-1", command).split() for command in commands]


@needs("gcloud")
def test_gcloud_accepts_every_command(tmp_path: Path) -> None:
    """It parses them, and contacts nobody."""
    created = asked(tmp_path, "create.sh", "config.yaml")
    others = [*asked(tmp_path, "failover.sh"), *asked(tmp_path, "grant.sh", **SETTINGS, LOGS="yes")]
    commands = [*created, *others, *hints(), *documented()]
    file = tmp_path / "commands"
    file.write_text(json.dumps([{"command_string": " ".join(command)} for command in commands]))
    command = ["gcloud", "meta", "lint-gcloud-commands", f"--commands-file={file}"]
    environment = os.environ | {"CLOUDSDK_CONFIG": str(tmp_path / "config")}
    judged = json.loads(ended(*command, env=environment, timeout=300).stdout)
    assert [found["command_string"] for found in judged if not found["success"]] == []
    assert len(judged) == len(commands)
