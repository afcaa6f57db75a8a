"""Power cuts as a file system sees them: shut down under load, mounted again, compared with what was acknowledged."""

import contextlib
import random
import signal
import time
from pathlib import Path

import pytest

from prove.mounts import image, mounted, needs_mount, run
from prove.size import LONG, times
from prove.tracing import injected, needs_tracing
from prove.traffic import Traffic, missing
from prove.without import WITHOUT
from tests.builders import known
from tests.process import needs
from tests.program import running
from tests.support import incident_body

pytestmark = [needs_mount, needs("xfs_io", "losetup", "mkfs.ext4", "mkfs.xfs")]


def cut_power(folder: Path, file_system: str, rounds: int, *program: str | Path) -> tuple[int, int]:
    """Returns how many deliveries were acknowledged, and how many of those the disk does not hold."""
    acknowledged = lost = 0
    with image(folder / "image", file_system, 400) as device:
        for number in range(rounds):
            traffic = _until_the_cut(folder, device, f"{number}", *program)
            with mounted(folder / "var", device) as again:
                acknowledged += len(traffic.acknowledged)
                lost += len(missing(traffic.acknowledged, again / "state.json"))
                for path in again.glob("*state*"):
                    path.unlink()
    return acknowledged, lost


def _until_the_cut(folder: Path, device: Path, name: str, *program: str | Path) -> Traffic:
    with mounted(folder / "var", device) as place, running(folder, *program) as server:
        traffic = Traffic(server.url)
        traffic.start(name)
        traffic.wait_for(1)
        time.sleep(random.uniform(0, 0.3))
        run("xfs_io", "-x", "-c", "shutdown", place)  # nothing more reaches the device, written or not
        server.stop(signal.SIGKILL)
        traffic.stop()
    return traffic


@pytest.mark.parametrize("file_system", ["ext4", "xfs"])
def test_nothing_acknowledged_is_lost(tmp_path: Path, file_system: str) -> None:
    acknowledged, lost = cut_power(tmp_path, file_system, times(2, 100))
    print(f"{file_system}: {acknowledged} acknowledged, {lost} lost")
    assert acknowledged > 0
    assert lost == 0


# what is left out or done instead, and how often the power must be cut for a loss to be as good as certain
CONTROLS = [
    pytest.param("no-fsync", times(2, 10)),
    *(
        pytest.param(step, 40, marks=pytest.mark.skipif(not LONG, reason="long form only: 40 power cuts"))
        for step in ("file-fsync", "directory-fsync", "acknowledge-first")
    ),
]


@pytest.mark.parametrize("file_system", ["ext4", "xfs"])
@pytest.mark.parametrize(("step", "rounds"), CONTROLS)
def test_with_a_step_left_out_some_would_be_lost(
    tmp_path: Path, file_system: str, step: str, rounds: int
) -> None:
    acknowledged, lost = cut_power(tmp_path, file_system, rounds, WITHOUT, step)
    print(f"{file_system}, control {step}: {rounds} cuts, {acknowledged} acknowledged, {lost} lost")
    assert lost > 0


def told_twice(folder: Path, file_system: str, *program: str | Path) -> bool:
    """Killed between its rename and its last fsync, it gets the same delivery after its next start; then power fails.

    Returns whether what it finally acknowledged is on the disk.
    """
    with image(folder / "image", file_system, 400) as device:
        with (
            mounted(folder / "var", device) as place,
            running(folder, *program, every="1d") as server,
        ):
            server.until(lambda: "digest posted" in server.log())
            assert server.deliver(incident_body("before"))[0] == 200
            dying = injected(server, "fsync", "error=EIO:signal=SIGKILL:when=2")
            with dying, contextlib.suppress(OSError):
                server.deliver(incident_body("late"))
            assert server.stop() == -signal.SIGKILL
            server.start()
            assert server.deliver(incident_body("late")) == (
                200,
                {"result": "unchanged", "host": "www.example.com"},
            )
            run("xfs_io", "-x", "-c", "shutdown", place)
            server.stop(signal.SIGKILL)
        with mounted(folder / "var", device):
            return "late" in known(server.state_file)


@needs_tracing
@pytest.mark.parametrize("file_system", ["ext4", "xfs"])
def test_what_a_start_finds_is_made_durable_before_it_counts_as_known(
    tmp_path: Path, file_system: str
) -> None:
    assert told_twice(tmp_path, file_system)


@needs_tracing
@pytest.mark.parametrize("file_system", ["ext4", "xfs"])
def test_if_it_counted_as_durable_it_would_be_lost(tmp_path: Path, file_system: str) -> None:
    assert not told_twice(tmp_path, file_system, WITHOUT, "settling")
