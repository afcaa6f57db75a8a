"""File systems of a test's own: small, full, read-only or broken; always unmounted again."""

import contextlib
import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest


def run(*command: str | Path) -> None:
    done = subprocess.run(command, check=False, capture_output=True, text=True)
    assert done.returncode == 0, f"{' '.join(map(str, command))}: {done.stderr}"


def _may_mount() -> bool:
    if os.geteuid() != 0 or shutil.which("mount") is None:
        return False
    return subprocess.run(["unshare", "-m", "true"], capture_output=True, check=False).returncode == 0


needs_mount = pytest.mark.skipif(not _may_mount(), reason="needs root: mounting a file system")


def needs(*tools: str) -> pytest.MarkDecorator:
    missing = [tool for tool in tools if shutil.which(tool) is None]
    return pytest.mark.skipif(bool(missing), reason=f"not installed: {', '.join(missing)}")


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
    if subprocess.run(["umount", place], check=False, capture_output=True).returncode:
        run("umount", "-l", place)


@contextlib.contextmanager
def image(path: Path, file_system: str, megabytes: int) -> Iterator[Path]:
    """A file system of `file_system` in a sparse file, as a loop device."""
    with path.open("wb") as file:
        file.truncate(megabytes * 1024 * 1024)
    force = ["-F"] if file_system == "ext4" else ["-f"]
    run(f"mkfs.{file_system}", *force, path)
    found = subprocess.run(["losetup", "--find", "--show", path], check=True, capture_output=True, text=True)
    device = Path(found.stdout.strip())
    try:
        yield device
    finally:
        run("losetup", "--detach", device)
