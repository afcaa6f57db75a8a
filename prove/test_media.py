"""Real I/O errors in the middle of deliveries: what is answered 200 before, between and after them is on the device."""

import os
import signal
from pathlib import Path

import pytest

from prove.mounts import fill, image, mounted, needs_mount, run
from prove.size import LONG, times
from prove.traffic import Traffic, missing
from prove.without import WITHOUT
from tests.process import needs
from tests.program import Program, running

SIZES = {"ext4": 30, "xfs": 90, "btrfs": 45}  # MB that the device really has, of 400 that it claims

pytestmark = [needs_mount, needs("fstrim", "losetup", "mkfs.ext4", "mkfs.xfs", "mkfs.btrfs")]


def honest(device: Path, file_system: str) -> None:
    """A loop device treats a truncated write as a complete one; a write of one page cannot be truncated."""
    limit = Path(f"/sys/block/{device.name}/queue/max_sectors_kb")
    if not os.access(limit, os.W_OK):
        pytest.skip(f"not possible here: {limit} cannot be set")
    limit.write_text("4")
    if file_system == "xfs":  # whose log is written in sectors
        run("mkfs.xfs", "-f", "-s", "size=4096", device)


def deliver_through_errors(server: Program, under: Path, place: Path) -> Traffic:
    traffic = Traffic(server.url)
    traffic.start("load")
    traffic.wait_for(20)
    run("fstrim", place)  # what is free has no room of its own underneath any more
    fill(under)  # the sparse file there can then no longer grow
    enough = traffic.answered + 200  # before, between and after the errors
    for _ in range(1_000):  # a file system in trouble may also keep a save waiting
        if traffic.answered < enough:
            traffic.pause()
    server.stop(signal.SIGKILL)
    traffic.stop()
    return traffic


def break_media(folder: Path, file_system: str, *program: str | Path) -> tuple[int, int]:
    """Returns how many deliveries were acknowledged, and how many of those the device does not hold."""
    folder.mkdir()
    size = f"size={SIZES[file_system]}m"
    with (
        mounted(folder / "under", "-t", "tmpfs", "-o", size, "tmpfs") as under,
        image(under / "image", file_system, 400) as device,
    ):
        honest(device, file_system)
        with mounted(folder / "var", device) as place, running(folder, *program) as server:
            traffic = deliver_through_errors(server, under, place)
        assert "Traceback" not in server.log()
        assert traffic.unexpected == []
        (under / "filler").unlink()  # a mended device, so that the journal can be replayed
        with mounted(folder / "var", device) as again:
            lost = missing(traffic.acknowledged, again / "state.json")
    return len(traffic.acknowledged), len(lost)


def break_often(folder: Path, file_system: str, rounds: int, *program: str | Path) -> tuple[int, int]:
    found = [break_media(folder / f"{number}", file_system, *program) for number in range(rounds)]
    return sum(acknowledged for acknowledged, _ in found), sum(lost for _, lost in found)


@pytest.mark.parametrize("file_system", list(SIZES))
def test_nothing_acknowledged_is_lost(tmp_path: Path, file_system: str) -> None:
    acknowledged, lost = break_often(tmp_path, file_system, times(1, 10))
    print(f"{file_system}: {acknowledged} acknowledged, {lost} lost")
    assert acknowledged >= 20
    assert lost == 0


@pytest.mark.skipif(not LONG, reason="long form only: a few errors may spare what is not synced")
@pytest.mark.parametrize("file_system", list(SIZES))
def test_ignoring_errors_would_lose_some(tmp_path: Path, file_system: str) -> None:
    acknowledged, lost = break_often(tmp_path, file_system, 20, WITHOUT, "fsync-errors")
    print(f"{file_system}, without reading what fsync says: {acknowledged} acknowledged, {lost} lost")
    assert lost > 0
