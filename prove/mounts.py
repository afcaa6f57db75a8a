"""File systems of a test's own: small, full, read-only or broken; always unmounted again."""

import contextlib
import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.process import ended


def run(*command: str | Path) -> None:
    done = ended(*command)
    assert done.returncode == 0, f"{' '.join(map(str, command))}: {done.stderr}"


def _may_mount() -> bool:
    if os.geteuid() != 0 or shutil.which("mount") is None:
        return False
    return ended("unshare", "-m", "true").returncode == 0


needs_mount = pytest.mark.skipif(not _may_mount(), reason="needs root: mounting a file system")


def fill(folder: Path) -> Path:
    """Write until nothing more fits. Returns the file that takes the room."""
    filler = folder / "filler"
    with contextlib.suppress(OSError), filler.open("wb", buffering=0) as file:
        while True:
            file.write(bytes(4096))
    return filler


@contextlib.contextmanager
def mounted(place: Path, *arguments: str | Path) -> Iterator[Path]:
    place.mkdir(exist_ok=True)
    run("mount", *arguments, place)
    try:
        yield place
    finally:
        _unmount(place)


def _unmount(place: Path) -> None:
    """Unmount fully, so that the device can be mounted again; lazily only if it is still in use."""
    if ended("umount", place).returncode:
        run("umount", "-l", place)


@contextlib.contextmanager
def image(path: Path, file_system: str, megabytes: int) -> Iterator[Path]:
    """A file system of `file_system` in a sparse file, as a loop device."""
    with path.open("wb") as file:
        file.truncate(megabytes * 1024 * 1024)
    force = ["-F"] if file_system == "ext4" else ["-f"]
    run(f"mkfs.{file_system}", *force, path)
    device = Path(ended("losetup", "--find", "--show", path, check=True).stdout.strip())
    try:
        yield device
    finally:
        run("losetup", "--detach", device)
