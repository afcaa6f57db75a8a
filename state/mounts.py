"""On which file system a path lies, and whether a lock there is worth anything."""

import os
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

NETWORK = {
    *("nfs", "nfs4", "cifs", "smb3", "smbfs", "ncpfs", "afs", "coda"),
    *("ceph", "lustre", "beegfs", "gpfs", "pvfs2", "glusterfs"),
    *("9p", "virtiofs", "vboxsf", "vmhgfs"),  # what a host shares with its virtual machines
}
LOCAL_FUSE = {"fuse.fuse-overlayfs"}  # what containers without privileges live on


class Mount(NamedTuple):
    kind: str
    source: str

    @property
    def is_network(self) -> bool:
        """What a program in user space provides may be anything, and most often is storage elsewhere."""
        fuse = self.kind == "fuse" or self.kind.startswith("fuse.")
        return self.kind in NETWORK or (fuse and self.kind not in LOCAL_FUSE)


def nearest_folder(path: Path) -> Path:
    """Of a path that need not exist, and of whose last parts this user may not know whether they do."""
    # Unlike Path.is_dir, this raises nothing where a folder may not be looked into.
    return next(folder for folder in (path, *path.parents) if os.path.isdir(folder))  # noqa: PTH112


def mount_of(path: Path) -> Mount | None:
    """Where `path` lies, or will lie; None if the kernel does not say. It need not exist."""
    with suppress(OSError, ValueError):
        number = _number_at(nearest_folder(path), os.O_DIRECTORY)
        return find_mount(Path("/proc/self/mountinfo").read_text(errors="replace"), number)
    return None


def not_replaceable(file: Path) -> str:
    """Why nothing can take the place of a file: it is mounted by itself. Empty if it is not."""
    with suppress(OSError, ValueError):
        if _number_at(file, os.O_NOFOLLOW) != _number_at(file.parent, os.O_DIRECTORY):
            cure = f"mount its folder {file.parent} instead"
            return f"{file} is a mount of its own, which no save can replace; {cure}"
    return ""


def _number_at(path: Path, flag: int) -> int:
    """Of the mount on which `path` lies. Raises OSError or ValueError."""
    descriptor = os.open(path, os.O_PATH | os.O_CLOEXEC | flag)
    try:
        return mount_number(Path(f"/proc/self/fdinfo/{descriptor}").read_text())
    finally:
        os.close(descriptor)


def mount_number(fdinfo: str) -> int:
    """Of the mount that a descriptor lies on: unlike the longest path, never one that is covered by another.

    Raises ValueError.
    """
    for line in fdinfo.splitlines():
        name, _, value = line.partition(":")
        if name == "mnt_id":
            return int(value)
    raise ValueError("no mnt_id")


def find_mount(mountinfo: str, number: int) -> Mount | None:
    """`36 35 98:0 /root /mnt rw,noatime shared:1 - ext3 /dev/sda1 rw`, as in proc(5)."""
    for line in mountinfo.splitlines():
        place, _, what = line.partition(" - ")
        if place.partition(" ")[0] == str(number):
            kind, source = what.split(" ")[:2]
            return Mount(kind, source)
    return None
