"""kill -9 under load: everything acknowledged is there afterwards, and the file can be read."""

import random
import signal
import time
from pathlib import Path

from prove.size import times
from prove.traffic import Traffic, missing
from prove.without import WITHOUT
from tests.program import Program, running


def kill_often(program: Program, rounds: int) -> tuple[int, int]:
    """Kill it at random moments; returns how many were acknowledged, and how many of those are lost."""
    acknowledged: set[str] = set()
    lost: set[str] = set()
    for number in range(rounds):
        traffic = Traffic(program.url)
        traffic.start(f"{number}")
        traffic.wait_for(1)
        time.sleep(random.uniform(0, 0.25))
        program.stop(signal.SIGKILL)
        traffic.stop()
        acknowledged |= traffic.acknowledged
        lost |= missing(traffic.acknowledged, program.state_file)
        assert traffic.unexpected == []
        program.start()
        if number % 20 == 19:  # a file as small as in life, so that the kills fall into the saves
            program.stop(signal.SIGKILL)
            for path in program.state_file.parent.iterdir():
                path.unlink()
            program.start()
    return len(acknowledged), len(lost)


def test_nothing_acknowledged_is_lost(tmp_path: Path) -> None:
    with running(tmp_path) as program:
        acknowledged, lost = kill_often(program, times(8, 500))
    print(f"{acknowledged} acknowledged, {lost} lost")
    assert acknowledged > 0
    assert lost == 0
    assert "Traceback" not in program.log()


def test_acknowledging_first_would_lose_some(tmp_path: Path) -> None:
    """The control: the same test fails for a program that saves after it has answered."""
    with running(tmp_path, WITHOUT, "acknowledge-first") as program:
        acknowledged, lost = kill_often(program, times(4, 60))
    print(f"control: {acknowledged} acknowledged, {lost} lost")
    assert lost > 0
