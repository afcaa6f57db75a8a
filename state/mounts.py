"""The file system under a path: is it network storage, and can the file be replaced there?"""

import os
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

NETWORK_FILE_SYSTEMS = {
    *("nfs", "nfs4", "cifs", "smb3", "smbfs", "ncpfs", "afs", "coda"),
    *("ceph", "lustre", "beegfs", "gpfs", "pvfs2", "glusterfs"),
    *("9p", "virtiofs", "vboxsf", "vmhgfs"),  # folders that a host shares with its virtual machines
}
LOCAL_FUSE = {"fuse.fuse-overlayfs"}  # the root of unprivileged containers


class Mount(NamedTuple):
    """A mounted file system."""

    kind: str
    source: str

    @property
    def is_network(self) -> bool:
        """Whether locks cannot be trusted here. FUSE counts, too, since it mostly provides remote storage."""
        fuse = self.kind == "fuse" or self.kind.startswith("fuse.")
        return self.kind in NETWORK_FILE_SYSTEMS or (fuse and self.kind not in LOCAL_FUSE)


def nearest_folder(path: Path) -> Path:
    """The closest existing folder above a path, which need not exist or be accessible."""
    # Unlike Path.is_dir, os.path.isdir does not raise in a folder without access.
    return next(folder for folder in (path, *path.parents) if os.path.isdir(folder))  # noqa: PTH112


def mount_of(path: Path) -> Mount | None:
    """The mount on which `path` lies or will lie; None if the kernel does not say."""
    with suppress(OSError, ValueError):
        number = _mount_number_of(nearest_folder(path), os.O_DIRECTORY)
        return find_mount(Path("/proc/self/mountinfo").read_text(errors="replace"), number)
    return None


def not_replaceable(file: Path) -> str:
    """Why a file cannot be replaced: it is a mount point. Empty if it is not."""
    with suppress(OSError, ValueError):
        if _mount_number_of(file, os.O_NOFOLLOW) != _mount_number_of(file.parent, os.O_DIRECTORY):
            cure = f"mount its folder {file.parent} instead"
            return f"{file} is itself a mount point, so it cannot be replaced; {cure}"
    return ""


def _mount_number_of(path: Path, flag: int) -> int:
    """Raises OSError or ValueError."""
    descriptor = os.open(path, os.O_PATH | os.O_CLOEXEC | flag)
    try:
        return mount_number(Path(f"/proc/self/fdinfo/{descriptor}").read_text())
    finally:
        os.close(descriptor)


def mount_number(fdinfo: str) -> int:
    """The number of a descriptor's mount. Unlike the longest matching path, it cannot be a covered mount.

    Raises ValueError.
    """
    for line in fdinfo.splitlines():
        name, _, value = line.partition(":")
        if name == "mnt_id":
            return int(value)
    raise ValueError("no mnt_id")


def find_mount(mountinfo: str, number: int) -> Mount | None:
    """Parse `36 35 98:0 /root /mnt rw,noatime shared:1 - ext3 /dev/sda1 rw`, see proc(5)."""
    for line in mountinfo.splitlines():
        place, _, what = line.partition(" - ")
        if place.partition(" ")[0] == str(number):
            kind, source = what.split(" ")[:2]
            return Mount(kind, source)
    return None
