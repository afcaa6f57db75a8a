"""What one fault alone does not show: a second one at the same time, or another process in the folder."""

import contextlib
import subprocess
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from prove.mounts import image, mounted, needs_mount, run
from prove.service import left_over, prepared
from prove.tracing import failing, injected, needs_tracing
from prove.traffic import missing
from prove.without import WITHOUT
from tests.builders import known
from tests.process import needs
from tests.program import running
from tests.support import incident_body

needs_images = needs("xfs_io", "losetup", "mkfs.ext4", "mkfs.xfs")


@needs_tracing
@pytest.mark.parametrize(
    "calls", ["writev,unlinkat", "fsync,unlinkat", "linkat,unlinkat", "renameat,unlinkat"]
)
def test_a_clean_up_that_fails_too(tmp_path: Path, calls: str) -> None:
    with prepared(tmp_path) as (program, client):
        with failing(program, calls, "1+", "EIO"):
            assert [client.deliver(f"during-{n}") for n in range(3)] == [503] * 3
        assert client.deliver("after") == 200
        assert "after" in known(program.state_file)
        assert left_over(program) == []


@needs_mount
@needs_images
@needs_tracing
@pytest.mark.parametrize("file_system", ["ext4", "xfs"])
def test_the_file_system_shuts_down_before_the_last_fsync(tmp_path: Path, file_system: str) -> None:
    answers: list[int] = []
    with image(tmp_path / "image", file_system, 400) as device:
        with mounted(tmp_path / "var", device) as place, prepared(tmp_path) as (program, client):
            before = program.state_file.stat().st_ino
            waiting = threading.Thread(target=lambda: answers.append(client.deliver("late")))
            with injected(program, "fsync", "delay_enter=2s:when=2"):
                waiting.start()
                while program.state_file.stat().st_ino == before:
                    assert waiting.is_alive()
                    time.sleep(0.01)
                run("xfs_io", "-x", "-c", "shutdown", place)
                waiting.join()
        with mounted(tmp_path / "var", device) as again:
            assert missing({"late"} if answers == [200] else set(), again / "state.json") == set()


def replaced_by_somebody(state_file: Path, content: bytes) -> None:
    theirs = state_file.with_name("theirs")
    theirs.write_bytes(content)
    theirs.chmod(0o600)
    theirs.replace(state_file)


def replaced_twice(state_file: Path, content: bytes) -> None:
    """The inode number of a deleted file may be given to the next one."""
    replaced_by_somebody(state_file, content)
    replaced_by_somebody(state_file, content)


def written_over(state_file: Path, content: bytes) -> None:
    state_file.write_bytes(content)


@pytest.mark.parametrize("how", [replaced_by_somebody, replaced_twice, written_over])
def test_changes_by_another_process_are_noticed(tmp_path: Path, how: Callable[[Path, bytes], None]) -> None:
    with running(tmp_path) as program:
        program.deliver(incident_body("theirs"))
        content = program.state_file.read_bytes()
        program.deliver(incident_body("ours"))
        how(program.state_file, content)
        with contextlib.suppress(OSError):  # it may have ended before the answer was sent
            assert program.deliver(incident_body("late"))[0] == 503
        assert program.process.wait(20) == 75
        assert known(program.state_file) == {"theirs"}
        assert "replaced by another process" in program.log()


@pytest.mark.parametrize("how", [replaced_by_somebody, written_over])
def test_without_the_check_the_other_file_would_be_destroyed(
    tmp_path: Path, how: Callable[[Path, bytes], None]
) -> None:
    with running(tmp_path, WITHOUT, "fence") as program:
        program.deliver(incident_body("ours"))
        how(program.state_file, b"theirs")
        assert program.deliver(incident_body("late"))[0] == 200
        assert known(program.state_file) == {"ours", "late"}


@needs_tracing
def test_an_unreadable_previous_version_does_not_keep_a_healthy_state_from_starting(tmp_path: Path) -> None:
    with running(tmp_path) as program:
        assert [program.deliver(incident_body(f"{n}"))[0] for n in range(3)] == [200] * 3
    # -D: what is started is the server, and strace ends with it.
    tracer = ["strace", "-D", "-f", "-qq", "-o", "/dev/null", "-P", f"{program.state_file}.bak"]
    inject = ["-e", "trace=openat,read", "-e", "inject=openat,read:error=EIO"]
    with subprocess.Popen([*tracer, *inject, *program.argv], stdout=subprocess.PIPE, text=True) as started:
        assert started.stdout
        try:
            assert any("listens on" in line for line in started.stdout)
        finally:
            started.terminate()
            started.communicate(timeout=20)
