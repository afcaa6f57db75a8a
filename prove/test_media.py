"""Real I/O errors: the device under the file system runs out of space. No false acknowledgement, the old state stays."""

import contextlib
import os
import signal
from pathlib import Path

import pytest

from prove.mounts import image, mounted, needs, needs_mount
from prove.traffic import missing
from tests.support import Program, incident_body, running

SIZES = {"ext4": 30, "xfs": 90, "btrfs": 45}  # MB that the device really has, of 400 that it claims

pytestmark = [needs_mount, needs("losetup", "mkfs.ext4", "mkfs.xfs", "mkfs.btrfs")]


def fill(folder: Path) -> None:
    """Until the device refuses what the file system had promised."""
    with contextlib.suppress(OSError), (folder / "filler").open("wb", buffering=0) as file:
        for _ in range(400):
            file.write(os.urandom(1024 * 1024))
            os.fsync(file.fileno())


def deliver_until_refused(program: Program) -> set[str]:
    """What was acknowledged before, between and after the errors."""
    acknowledged = set()
    for number in range(60):
        with contextlib.suppress(OSError):
            if program.deliver(incident_body(f"late-{number}", host=f"{number % 7}.test"))[0] == 200:
                acknowledged.add(f"late-{number}")
    return acknowledged


@pytest.mark.parametrize("file_system", list(SIZES))
def test_no_false_acknowledgement(tmp_path: Path, file_system: str) -> None:
    small = f"size={SIZES[file_system]}m"
    with (
        mounted(tmp_path / "under", "-t", "tmpfs", "-o", small, "tmpfs") as under,
        image(under / "image", file_system, 400) as device,
    ):
        with mounted(tmp_path / "var", device) as place, running(tmp_path) as program:
            acknowledged = {f"{n}" for n in range(20) if program.deliver(incident_body(f"{n}"))[0] == 200}
            fill(place)
            late = deliver_until_refused(program)
            program.stop(signal.SIGKILL)
        assert "Traceback" not in program.log()
        (under / "filler").unlink(missing_ok=True)
        with mounted(tmp_path / "var", "-o", "ro", device) as again:
            lost = missing(acknowledged | late, again / "state.json")
    print(
        f"{file_system}: {len(acknowledged)} acknowledged before and {len(late)} after the first error, {len(lost)} lost"
    )
    assert len(acknowledged) == 20
    assert lost == set()
