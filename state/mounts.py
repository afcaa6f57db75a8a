"""The file system under a path: is it network storage, and can the file be replaced there?"""

import os
from contextlib import suppress
from pathlib import Path

NETWORK_FILE_SYSTEMS = {
    *("nfs", "nfs4", "cifs", "smb3", "smbfs", "ncpfs", "afs", "coda"),
    *("ceph", "lustre", "beegfs", "gpfs", "pvfs2", "glusterfs"),
    *("9p", "virtiofs", "vboxsf", "vmhgfs"),  # folders that a host shares with its virtual machines
}
LOCAL_FUSE = {"fuse.fuse-overlayfs"}  # the root of unprivileged containers


def is_network(file_system: str) -> bool:
    """Whether locks cannot be trusted on it. FUSE counts, too, since it mostly provides remote storage."""
    fuse = file_system == "fuse" or file_system.startswith("fuse.")
    return file_system in NETWORK_FILE_SYSTEMS or (fuse and file_system not in LOCAL_FUSE)


def nearest_folder(path: Path) -> Path:
    """The closest existing folder above a path, which need not exist or be accessible."""
    # Unlike Path.is_dir, os.path.isdir does not raise in a folder without access.
    return next(folder for folder in (path, *path.parents) if os.path.isdir(folder))  # noqa: PTH112


def file_system_of(path: Path) -> str | None:
    """The kind of file system that `path` is or will be on; None if the kernel does not say."""
    with suppress(OSError, ValueError):
        number = _mount_number_of(nearest_folder(path), os.O_DIRECTORY)
        return file_system(Path("/proc/self/mountinfo").read_text(errors="replace"), number)
    return None


def not_replaceable(file: Path) -> str:
    """Why a file cannot be replaced: it is a mount point. Empty if it is not."""
    with suppress(OSError, ValueError):
        if _mount_number_of(file, os.O_NOFOLLOW) != _mount_number_of(file.parent, os.O_DIRECTORY):
            hint = f"mount its folder {file.parent} instead"
            return f"{file} is itself a mount point, so it cannot be replaced; {hint}"
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


def file_system(mountinfo: str, number: int) -> str | None:
    """The `ext3` of `36 35 98:0 /root /mnt rw,noatime shared:1 - ext3 /dev/sda1 rw`, see proc(5)."""
    for line in mountinfo.splitlines():
        place, _, what = line.partition(" - ")
        if place.partition(" ")[0] == str(number):
            return what.partition(" ")[0]
    return None
