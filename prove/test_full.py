"""Full disk, no inodes, read-only: the old state stays, and nothing needs a restart."""

import contextlib
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from prove.mounts import fill, mounted, needs_mount, run
from prove.service import left_over
from prove.traffic import missing
from prove.without import WITHOUT
from tests.builders import known
from tests.program import Program, running
from tests.support import incident_body


def deliver(program: Program, incident_id: str) -> int:
    return program.deliver(incident_body(incident_id))[0]


@contextlib.contextmanager
def full(folder: Path) -> Iterator[None]:
    filler = fill(folder)
    yield
    filler.unlink()


@contextlib.contextmanager
def without_inodes(folder: Path) -> Iterator[None]:
    made: list[Path] = []
    with contextlib.suppress(OSError):
        while True:
            made.append(folder / f"inode-{len(made)}")
            made[-1].touch()
    yield
    for path in made:
        path.unlink(missing_ok=True)


@contextlib.contextmanager
def read_only(folder: Path) -> Iterator[None]:
    """A mount with open files cannot be made read-only by hand; EROFS itself is in test_syscalls."""
    run("chattr", "+i", folder)
    yield
    run("chattr", "-i", folder)


@needs_mount
@pytest.mark.parametrize("trouble", [full, without_inodes, read_only], ids=lambda trouble: trouble.__name__)
def test_a_failing_disk_loses_nothing_and_needs_no_restart(
    tmp_path: Path, trouble: Callable[[Path], contextlib.AbstractContextManager[None]]
) -> None:
    with (
        mounted(tmp_path / "var", "-t", "tmpfs", "-o", "size=256k,nr_inodes=40", "tmpfs") as folder,
        running(tmp_path) as program,
    ):
        assert deliver(program, "before") == 200
        with trouble(folder):
            assert {deliver(program, f"during-{n}") for n in range(3)} == {503}
            assert program.health()[0] == 503
            assert known(program.state_file) == {"before"}
        program.until(lambda: program.health()[0] == 200)  # by itself: nothing is delivered
        assert deliver(program, "after") == 200
        assert known(program.state_file) == {"before", "after"}
        assert left_over(program) == []
        program.stop()
        assert "Traceback" not in program.log()


@needs_mount
def test_writing_in_place_would_lose_what_a_full_disk_cannot_hold(tmp_path: Path) -> None:
    with (
        mounted(tmp_path / "var", "-t", "tmpfs", "-o", "size=32k,nr_inodes=40", "tmpfs"),
        running(tmp_path, WITHOUT, "in-place") as program,
    ):
        statuses = {f"{n}": deliver(program, f"{n}") for n in range(200)}
        acknowledged = {incident_id for incident_id, status in statuses.items() if status == 200}
        assert missing(acknowledged, program.state_file)
