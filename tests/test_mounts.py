"""Network storage is recognised by what the kernel says of the mount."""

from pathlib import Path

import pytest

from state.mounts import file_system, file_system_of, is_network, mount_number, not_replaceable
from tests.process import ended, needs

MOUNTINFO = """\
22 29 0:20 / /proc rw,nosuid - proc proc rw
29 1 254:0 / / rw,relatime shared:1 - ext4 /dev/root rw
41 29 0:36 / /srv/uptime rw,relatime shared:20 master:1 - nfs4 nas.example.com:/exports/uptime rw,vers=4.2
42 29 0:37 / /mnt/with\\040space\\040-\\040and\\040dash rw - cifs //nas/share rw
43 29 0:38 / /mnt/ssh rw,nosuid - fuse.sshfs me@host: rw,user_id=0
44 41 254:0 /var /srv/uptime rw - ext4 /dev/root rw
45 29 0:39 / /mnt/none rw - 9p
"""


def test_a_mount_is_found_by_its_number() -> None:
    """44 covers 41, which has the same path; 45 lacks a field; 4 and 0 are none."""
    found = {number: file_system(MOUNTINFO, number) for number in (29, 41, 42, 43, 44, 45, 4, 0)}
    kinds = {29: "ext4", 41: "nfs4", 42: "cifs", 43: "fuse.sshfs", 44: "ext4", 45: "9p"}
    assert found == kinds | {4: None, 0: None}


def test_the_number_is_that_of_the_descriptor() -> None:
    assert mount_number("pos:\t0\nflags:\t012200000\nmnt_id:\t41\nino:\t2\n") == 41
    with pytest.raises(ValueError, match="mnt_id"):
        mount_number("pos:\t0\nflags:\t012200000\n")


LOCAL = ["ext4", "xfs", "btrfs", "zfs", "tmpfs", "overlay", "fuseblk", "fuse.fuse-overlayfs"]
NETWORK = ["nfs", "nfs4", "cifs", "smb3", "9p", "virtiofs", "fuse", "fuse.sshfs", "fuse.gcsfuse", "fuse.glusterfs"]  # fmt: skip


def test_what_is_network_storage() -> None:
    assert [kind for kind in (*LOCAL, *NETWORK) if is_network(kind)] == NETWORK


@needs("findmnt")
@pytest.mark.parametrize("path", ["/", "/proc/self", "/sys/kernel", "/dev/shm"])
def test_findmnt_says_the_same(path: str) -> None:
    told = ended("findmnt", "--noheadings", "--output", "FSTYPE", "--target", path, check=True)
    assert file_system_of(Path(path)) == told.stdout.split()[-1]  # one mount may cover another


def test_a_path_that_is_not_there_yet_lies_where_its_folder_does(tmp_path: Path) -> None:
    assert file_system_of(tmp_path / "var" / "later" / "state.json") == file_system_of(tmp_path)


def test_a_link_lies_where_it_leads(tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to("/proc/self")
    assert file_system_of(tmp_path / "link" / "state.json") == "proc"


def test_a_file_on_the_same_mount_as_its_folder_can_be_replaced(tmp_path: Path) -> None:
    """One that is mounted by itself: `prove/test_folder.py`."""
    (tmp_path / "link").symlink_to("/proc/self/status")
    (tmp_path / "file").touch()
    for name in ("file", "link", "nowhere", "nowhere/state.json"):
        assert not_replaceable(tmp_path / name) == ""


def test_a_mount_that_the_kernel_does_not_describe_is_unknown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("state.mounts.mount_number", lambda _: int("no number"))
    assert file_system_of(Path("/")) is None
