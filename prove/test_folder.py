"""The folder of the state is moved, covered, deleted from and written into by others, under load where that matters."""

import contextlib
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from prove.mounts import mounted, needs_mount, run
from prove.size import times
from prove.traffic import Traffic, missing
from prove.without import WITHOUT
from tests.builders import known
from tests.process import ended
from tests.program import running
from tests.support import incident_body


def move_under_load(folder: Path) -> None:
    """At a different moment each time."""
    folder.mkdir()
    with running(folder) as program:
        traffic = Traffic(program.url)
        traffic.start("client")
        traffic.wait_for(acknowledged=100)
        program.state_file.parent.rename(folder / "elsewhere")
        assert program.process.wait(60) == 75
        traffic.stop()
    assert not program.state_file.exists()
    assert traffic.unexpected == []
    assert missing(traffic.acknowledged, folder / "elsewhere" / "state.json") == set()


def test_what_was_acknowledged_is_in_the_folder_that_was_moved(tmp_path: Path) -> None:
    for number in range(times(3, 100)):
        move_under_load(tmp_path / str(number))


def test_without_checking_the_folder_it_would_keep_acknowledging_there(tmp_path: Path) -> None:
    with running(tmp_path, WITHOUT, "folder") as program:
        program.deliver(incident_body("before"))
        program.state_file.parent.rename(tmp_path / "elsewhere")
        assert program.deliver(incident_body("lost"))[0] == 200
        assert not program.state_file.exists()


@contextlib.contextmanager
def covered_by_a_disk(folder: Path) -> Iterator[None]:
    """Mounted late: what was saved before is hidden beneath it."""
    with mounted(folder, "-t", "tmpfs", "tmpfs"):
        yield


@contextlib.contextmanager
def covered_by_a_folder(folder: Path) -> Iterator[None]:
    """On the same file system, so that only its inode number differs."""
    other = folder.with_name("other")
    other.mkdir()
    with mounted(folder, "--bind", other):
        yield


@needs_mount
@pytest.mark.parametrize("cover", [covered_by_a_disk, covered_by_a_folder])
def test_nothing_is_acknowledged_beneath_another_mount(
    tmp_path: Path, cover: Callable[[Path], contextlib.AbstractContextManager[None]]
) -> None:
    with running(tmp_path) as program:
        assert program.deliver(incident_body("known"))[0] == 200
        with cover(program.state_file.parent):
            for incident_id in ("known", "new"):
                with contextlib.suppress(OSError):  # it may have ended before the answer
                    assert program.deliver(incident_body(incident_id))[0] == 503
            assert program.process.wait(20) == 75
            assert list(program.state_file.parent.iterdir()) == []
        assert known(program.state_file) == {"known"}
        assert "is now a different folder" in program.log()


@needs_mount
def test_nothing_is_acknowledged_on_a_disk_that_was_removed(tmp_path: Path) -> None:
    with mounted(tmp_path / "var", "-t", "tmpfs", "tmpfs") as folder, running(tmp_path) as program:
        assert program.deliver(incident_body("known"))[0] == 200
        run("umount", "-l", folder)
        try:
            with contextlib.suppress(OSError):
                assert program.deliver(incident_body("known"))[0] == 503
            assert program.process.wait(20) == 75
        finally:
            run("mount", "-t", "tmpfs", "tmpfs", folder)  # to be taken down as it was put up


@needs_mount
@pytest.mark.parametrize("name", ["state.json", "state.json.bak"])
def test_a_file_that_is_a_mount_of_its_own_is_refused_at_the_start(tmp_path: Path, name: str) -> None:
    """As in a container that is given the file instead of its folder."""
    with running(tmp_path) as program:
        for incident_id in ("a", "b"):
            program.deliver(incident_body(incident_id))
    file, content = program.state_file.with_name(name), program.state_file.read_bytes()
    outside = tmp_path / "outside.json"
    outside.write_bytes(file.read_bytes())
    outside.chmod(0o600)
    run("mount", "--bind", outside, file)
    try:
        cases: list[tuple[list[str | Path], int]] = [([], 77), (["--check"], 0), (["--import", outside], 77)]
        for arguments, code in cases:
            done = ended(*program.argv, *arguments)
            assert done.returncode == code
            hint = f"mount its folder {file.parent} instead"
            assert f"{file} is itself a mount point, so it cannot be replaced; {hint}" in done.stderr
    finally:
        run("umount", file)
    assert program.state_file.read_bytes() == content


@needs_mount
def test_a_folder_that_is_a_mount_of_its_own_is_fine(tmp_path: Path) -> None:
    (tmp_path / "outside").mkdir(mode=0o700)
    with mounted(tmp_path / "var", "--bind", tmp_path / "outside"), running(tmp_path) as program:
        assert program.deliver(incident_body("a"))[0] == 200
        assert program.deliver(incident_body("b"))[0] == 200
        assert program.stop() == 0


def test_what_is_deleted_under_load_is_written_again(tmp_path: Path) -> None:
    """Again and again, the file, the version before it, or both; then a kill."""
    acknowledged: set[str] = set()
    with running(tmp_path) as program:
        for number in range(times(60, 1_000)):
            for name in (("state.json",), ("state.json.bak",), ("state.json", "state.json.bak"))[number % 3]:
                program.state_file.with_name(name).unlink(missing_ok=True)
            status, _ = program.deliver(incident_body(f"{number}", host=f"{number % 7}.test"))
            assert status == 200
            acknowledged.add(f"{number}")
            assert missing(acknowledged, program.state_file) == set()
