"""The commands for Google Cloud are well-formed and in the right order; nothing is run there."""

import json
import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from google import console
from tests.support import PATIENCE, ROOT

GCP = ROOT / "deploy" / "gcp"
SCRIPTS = sorted(GCP.glob("*.sh"))
SETTINGS = {
    "PROJECT": "shop-123",
    "REGION": "europe-west4",
    "ZONE": "europe-west4-a",
    "OTHER_ZONE": "europe-west4-b",
    "NAME": "payments",
    "DOMAIN": "uptime.example.com",
    "RELEASE": "gs://releases/uptime/uptime-check-manager.tar.gz",
}
# Records its arguments, and prints what the scripts wait for.
FAKE = """#!/bin/sh
echo "gcloud $*" >>"$ASKED"
case $2 in instances) echo RUNNING ;; addresses) echo 192.0.2.1 ;; esac
"""
STATE_DISK = "projects/shop-123/regions/europe-west4/disks/payments-state"


def asked(folder: Path, script: str, *arguments: str, **settings: str) -> list[list[str]]:
    """Returns every gcloud command that the script runs, split into words."""
    fake = folder / "gcloud"
    fake.write_text(FAKE)
    fake.chmod(0o755)
    asked = folder / "asked"
    asked.unlink(missing_ok=True)
    path = f"{folder}:{os.environ['PATH']}"
    environment = {"PATH": path, "ASKED": str(asked), **(settings or SETTINGS)}
    done = subprocess.run(
        [GCP / script, *arguments],
        env=environment,
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return [line.split() for line in asked.read_text().splitlines()]


def option(command: list[str], name: str) -> str:
    (value,) = [word.partition("=")[2] for word in command if word.startswith(f"--{name}=")]
    return value


def named(commands: list[list[str]], *words: str) -> list[list[str]]:
    return [command for command in commands if set(words) <= set(command)]


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda path: path.name)
def test_bash_can_read_it(script: Path) -> None:
    subprocess.run(["bash", "-n", script], check=True, timeout=PATIENCE)


@pytest.mark.skipif(not shutil.which("shellcheck"), reason="shellcheck is not installed")
@pytest.mark.parametrize("script", SCRIPTS, ids=lambda path: path.name)
def test_shellcheck_finds_nothing(script: Path) -> None:
    done = subprocess.run(["shellcheck", "-x", script], cwd=GCP, capture_output=True, text=True, check=False)
    assert done.stdout == ""


def test_the_machine_keeps_its_disk_and_is_healed_by_livez(tmp_path: Path) -> None:
    commands = asked(tmp_path, "create.sh", "config.yaml")
    (disk,) = named(commands, "disks", "create")
    assert option(disk, "replica-zones") == "europe-west4-a,europe-west4-b"
    (machine,) = named(commands, "create-instance")
    assert (
        option(machine, "stateful-disk") == f"device-name=state,source={STATE_DISK},mode=rw,auto-delete=never"
    )
    (health,) = named(commands, "health-checks", "create")
    assert option(health, "request-path") == "/livez"
    (group,) = named(commands, "instance-groups", "managed", "create")
    assert (option(group, "size"), option(group, "health-check")) == ("0", "payments-livez")
    (template,) = named(commands, "instance-templates", "create")
    assert option(template, "metadata-from-file") == f"startup-script={GCP}/startup.sh"


def test_only_two_paths_lead_to_the_server(tmp_path: Path) -> None:
    commands = asked(tmp_path, "create.sh", "config.yaml")
    (paths,) = named(commands, "add-path-matcher")
    assert option(paths, "path-rules") == "/fromGCPMonitoring=payments,/fromSlack=payments"
    assert option(paths, "default-service") == "payments-nowhere"
    assert [command[4] for command in named(commands, "backend-services", "add-backend")] == ["payments"]


def test_everything_is_named_after_the_team(tmp_path: Path) -> None:
    for command in asked(tmp_path, "create.sh", "config.yaml"):
        assert any(word.startswith(("payments", "gs://releases")) for word in command)


def test_a_failover_takes_the_disk_before_anything_can_be_served(tmp_path: Path) -> None:
    commands = asked(tmp_path, "failover.sh")
    (machine,) = named(commands, "create-instance")
    assert not any("stateful-disk" in word for word in machine)  # it would wait for the lost one for ever
    (attach,) = named(commands, "attach-disk")
    assert {"--force-attach", "--disk-scope=regional", "--device-name=state"} <= set(attach)
    assert commands.index(machine) < commands.index(attach)
    assert {option(command, "zone") for command in (machine, attach)} == {"europe-west4-b"}


@pytest.mark.parametrize("missing", ["PROJECT", "REGION", "ZONE", "OTHER_ZONE", "DOMAIN", "RELEASE"])
def test_without_a_setting_nothing_is_made(tmp_path: Path, missing: str) -> None:
    settings = {name: value for name, value in SETTINGS.items() if name != missing}
    with pytest.raises(AssertionError, match=f"{missing}: "):
        asked(tmp_path, "create.sh", "config.yaml", **settings)
    assert not (tmp_path / "asked").exists()


@pytest.mark.parametrize(
    ("settings", "roles"),
    [
        ({}, [("shop-123", "roles/monitoring.viewer")]),
        ({"SCOPING_PROJECT": "all-1"}, [("all-1", "roles/monitoring.viewer")]),
        ({"LOGS": "yes"}, [("shop-123", "roles/monitoring.viewer"), ("shop-123", "roles/logging.viewer")]),
    ],
    ids=["alone", "elsewhere", "with logs"],
)
def test_the_server_may_read_and_nothing_else(
    tmp_path: Path, settings: dict[str, str], roles: list[tuple[str, str]]
) -> None:
    commands = asked(tmp_path, "grant.sh", **SETTINGS, **settings)
    bindings = named(commands, "add-iam-policy-binding")
    assert [(command[3], option(command, "role")) for command in bindings] == roles
    account = "serviceAccount:payments-server@shop-123.iam.gserviceaccount.com"
    assert {option(command, "member") for command in bindings} == {account}
    (enabled,) = named(commands, "services", "enable")
    assert option(enabled, "project") == "shop-123"


def cures() -> list[list[str]]:
    """What the doctor says to run. Until 2026, gcloud had the policies among its alpha commands."""
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


@pytest.mark.skipif(not shutil.which("gcloud"), reason="gcloud is not installed")
def test_gcloud_accepts_every_command(tmp_path: Path) -> None:
    """It parses them, and asks nobody."""
    commands = [*asked(tmp_path, "create.sh", "config.yaml"), *asked(tmp_path, "failover.sh")]
    commands += [*asked(tmp_path, "grant.sh", **SETTINGS, LOGS="yes"), *cures(), *documented()]
    file = tmp_path / "commands"
    file.write_text(json.dumps([{"command_string": " ".join(command)} for command in commands]))
    done = subprocess.run(
        ["gcloud", "meta", "lint-gcloud-commands", f"--commands-file={file}"],
        env=os.environ | {"CLOUDSDK_CONFIG": str(tmp_path / "config")},
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    judged = json.loads(done.stdout)
    assert [found["command_string"] for found in judged if not found["success"]] == []
    assert len(judged) == len(commands)


class TestStartup:
    def run(self, folder: Path, call: str) -> None:
        """One function of the script, with a file for a disk."""
        script = f'. "{GCP}/startup.sh"; {call}'
        path = f"{os.environ['PATH']}:/usr/sbin:/sbin"
        environment = {"PATH": path, "DISK": str(folder / "disk")}
        subprocess.run(["bash", "-c", script], env=environment, check=True, timeout=PATIENCE)

    @pytest.mark.skipif(
        not shutil.which("mkfs.ext4", path=f"{os.environ['PATH']}:/usr/sbin:/sbin"),
        reason="mkfs.ext4 is not installed",
    )
    def test_a_new_disk_is_formatted_once_and_never_again(self, tmp_path: Path) -> None:
        disk = tmp_path / "disk"
        disk.touch()
        os.truncate(disk, 8 * 2**20)
        self.run(tmp_path, "format_once")
        formatted = disk.read_bytes()
        assert formatted[0x438:0x43A] == b"\x53\xef"  # an ext4
        self.run(tmp_path, "format_once")
        assert disk.read_bytes() == formatted

    @pytest.mark.parametrize("at", [0, 1080, 2**20 - 1])
    def test_a_disk_that_was_written_to_is_never_formatted(self, tmp_path: Path, at: int) -> None:
        disk = tmp_path / "disk"
        disk.touch()
        os.truncate(disk, 8 * 2**20)
        with disk.open("r+b") as file:
            file.seek(at)
            file.write(b"x")
        before = disk.read_bytes()
        self.run(tmp_path, "format_once")
        assert disk.read_bytes() == before

    def test_the_service_never_starts_without_the_disk(self) -> None:
        script = (GCP / "startup.sh").read_text()
        assert "AssertPathIsMountPoint=%s" in script
        calls = script[script.index("main() {") :].split()
        steps = ["mount_state", "write_units", "write_config", "install_release"]
        assert sorted(steps, key=calls.index) == steps
