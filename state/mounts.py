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
    """Of a path that need not exist."""
    return next(folder for folder in (path, *path.parents) if folder.is_dir())


def mount_of(path: Path) -> Mount | None:
    """Where `path` lies, or will lie; None if the kernel does not say. It need not exist."""
    with suppress(OSError, ValueError):
        descriptor = os.open(nearest_folder(path), os.O_PATH | os.O_DIRECTORY | os.O_CLOEXEC)
        try:
            fields = Path(f"/proc/self/fdinfo/{descriptor}").read_text()
        finally:
            os.close(descriptor)
        return find_mount(Path("/proc/self/mountinfo").read_text(errors="replace"), mount_number(fields))
    return None


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
