"""Two servers started at once: never two writers."""

import subprocess
import sys
from pathlib import Path

from prove.size import times
from prove.without import WITHOUT
from tests.support import ROOT, Program, incident_body, running


def start_both(folder: Path, *program: str | Path) -> list[str]:
    """Two at the same moment on one state; returns what each said first."""
    config = Program(folder).config
    command = [sys.executable, *(program or [ROOT / "server.py"]), "--config", config]
    both = [
        subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        for _ in range(2)
    ]
    said = []
    for process in both:
        assert process.stdout
        lines = iter(process.stdout.readline, "")
        said.append(next((line for line in lines if "listens on" in line or "already running" in line), ""))
    for process in both:
        process.kill()
        process.communicate()
    return said


def test_of_two_started_at_once_one_serves_and_one_says_who_does(tmp_path: Path) -> None:
    for _ in range(times(5, 200)):
        said = start_both(tmp_path)
        assert sum("listens on" in line for line in said) == 1
        assert sum("already running" in line for line in said) == 1


def test_without_the_locks_both_would_serve(tmp_path: Path) -> None:
    said = start_both(tmp_path, WITHOUT, "locks")
    assert sum("listens on" in line for line in said) == 2


def test_deleting_the_lock_file_makes_no_room_for_a_second(tmp_path: Path) -> None:
    with running(tmp_path) as program:
        program.state_file.with_name("state.lock").unlink()
        second = subprocess.run(
            [sys.executable, ROOT / "server.py", "--config", program.config],
            capture_output=True,
            text=True,
            timeout=20,
            check=False,
        )
        assert second.returncode == 75
        assert program.deliver(incident_body())[0] == 200
