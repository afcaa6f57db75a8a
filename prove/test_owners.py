"""Two servers started at once: never two writers."""

import subprocess
from pathlib import Path

from prove.size import times
from prove.without import WITHOUT
from tests.program import Program, running
from tests.support import incident_body


def started(program: Program) -> subprocess.Popen[str]:
    """Once more; what it says and logs is one stream."""
    return subprocess.Popen(program.argv, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)


def _first_word(process: subprocess.Popen[str]) -> str:
    assert process.stdout
    lines = iter(process.stdout.readline, "")
    return next((line for line in lines if "listens on" in line or "already running" in line), "")


def start_both(folder: Path, *program: str | Path) -> list[str]:
    """Two at the same moment on one state; returns what each said first."""
    server = Program(folder, *program)
    both = [started(server) for _ in range(2)]
    said = [_first_word(process) for process in both]
    for process in both:
        process.kill()
        process.communicate()
    return said


def test_of_two_started_at_once_one_serves_and_the_other_names_it(tmp_path: Path) -> None:
    for _ in range(times(5, 200)):
        said = start_both(tmp_path)
        assert sum("listens on" in line for line in said) == 1
        assert sum("already running" in line for line in said) == 1


def test_without_the_locks_both_would_serve(tmp_path: Path) -> None:
    said = start_both(tmp_path, WITHOUT, "locks")
    assert sum("listens on" in line for line in said) == 2


def after_the_lock_file_is_deleted(folder: Path, *program: str | Path) -> str:
    """What a second server says first."""
    with running(folder, *program) as first:
        first.state_file.with_name("state.lock").unlink()
        with started(first) as second:
            said = _first_word(second)
            second.kill()
        if "already running" in said:
            assert first.deliver(incident_body())[0] == 200
    return said


def test_deleting_the_lock_file_does_not_let_a_second_server_in(tmp_path: Path) -> None:
    assert "its lock file is gone" in after_the_lock_file_is_deleted(tmp_path)


def test_without_the_lock_on_the_folder_it_would_be_let_in(tmp_path: Path) -> None:
    assert "listens on" in after_the_lock_file_is_deleted(tmp_path, WITHOUT, "folder-lock")
