"""The commands for Google Cloud are in the right order; nothing is run there. That gcloud takes them: `prove`."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.process import ended
from tests.support import PATIENCE, ROOT

GCP = ROOT / "deploy" / "gcp"
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
DISK_SIZE = 8 * 2**20
SYSTEM = "/usr/sbin:/sbin"
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
    done = ended(GCP / script, *arguments, env=environment)
    assert done.returncode == 0, done.stderr
    return [line.split() for line in asked.read_text().splitlines()]


@pytest.fixture(scope="module")
def created(tmp_path_factory: pytest.TempPathFactory) -> list[list[str]]:
    return asked(tmp_path_factory.mktemp("created"), "create.sh", "config.yaml")


def option(command: list[str], name: str) -> str:
    (value,) = [word.partition("=")[2] for word in command if word.startswith(f"--{name}=")]
    return value


def named(commands: list[list[str]], *words: str) -> list[list[str]]:
    return [command for command in commands if set(words) <= set(command)]


def test_the_machine_keeps_its_disk_and_is_recreated_by_livez(created: list[list[str]]) -> None:
    (disk,) = named(created, "disks", "create")
    assert option(disk, "replica-zones") == "europe-west4-a,europe-west4-b"
    (machine,) = named(created, "create-instance")
    kept = f"device-name=state,source={STATE_DISK},mode=rw,auto-delete=never"
    assert option(machine, "stateful-disk") == kept
    (health,) = named(created, "health-checks", "create")
    assert option(health, "request-path") == "/livez"
    (group,) = named(created, "instance-groups", "managed", "create")
    assert (option(group, "size"), option(group, "health-check")) == ("0", "payments-livez")
    (template,) = named(created, "instance-templates", "create")
    assert option(template, "metadata-from-file") == f"startup-script={GCP}/startup.sh"


def test_only_two_paths_lead_to_the_server(created: list[list[str]]) -> None:
    (paths,) = named(created, "add-path-matcher")
    assert option(paths, "path-rules") == "/fromGCPMonitoring=payments,/fromSlack=payments"
    assert option(paths, "default-service") == "payments-nowhere"
    assert [command[4] for command in named(created, "backend-services", "add-backend")] == ["payments"]


def test_everything_is_named_after_the_team(created: list[list[str]]) -> None:
    for command in created:
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
def test_without_a_setting_nothing_is_created(tmp_path: Path, missing: str) -> None:
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


class TestStartup:
    def disk_after_a_start(self, folder: Path) -> bytes:
        """A file in place of a disk."""
        script = f'. "{GCP}/startup.sh"; format_once'
        environment = {"PATH": f"{os.environ['PATH']}:{SYSTEM}", "DISK": str(folder / "disk")}
        subprocess.run(["bash", "-c", script], env=environment, check=True, timeout=PATIENCE)
        return (folder / "disk").read_bytes()

    @pytest.mark.skipif(not shutil.which("mkfs.ext4", path=SYSTEM), reason="mkfs.ext4 is not installed")
    def test_a_new_disk_is_formatted_once_and_never_again(self, tmp_path: Path) -> None:
        (tmp_path / "disk").write_bytes(bytes(DISK_SIZE))
        formatted = self.disk_after_a_start(tmp_path)
        assert formatted[0x438:0x43A] == b"\x53\xef"  # an ext4
        assert self.disk_after_a_start(tmp_path) == formatted

    @pytest.mark.parametrize("at", [0, 1080, 2**20 - 1])
    def test_a_disk_that_was_written_to_is_never_formatted(self, tmp_path: Path, at: int) -> None:
        before = bytes(at) + b"x" + bytes(DISK_SIZE - at - 1)
        (tmp_path / "disk").write_bytes(before)
        assert self.disk_after_a_start(tmp_path) == before

    def test_the_service_never_starts_without_the_disk(self) -> None:
        script = (GCP / "startup.sh").read_text()
        assert "AssertPathIsMountPoint=%s" in script
        calls = script[script.index("main() {") :].split()
        steps = ["mount_state", "write_units", "write_config", "install_release"]
        assert sorted(steps, key=calls.index) == steps
