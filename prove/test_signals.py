"""Each signal at each stage of a start, in the real program, which is held at the stage instead of hit by luck."""

import os
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.program import Program

# Python runs this before the program, which then stands still at an event until it is let go:
# https://docs.python.org/3/library/audit_events.html
SITE = """
import os, sys

waiting_for = os.environ.pop("STAGE").split(" ")
held, let_go = (int(os.environ.pop(name)) for name in ("HELD", "LET_GO"))

def hold(event, arguments):
    global waiting_for
    if waiting_for and event == waiting_for[0] and str(arguments[0]).startswith(waiting_for[1]):
        waiting_for = None
        os.write(held, b".")
        os.read(let_go, 1)

sys.addaudithook(hold)
"""
EARLY = {  # in their order; the state is not loaded yet
    "imports, the first": "import lifecycle.main",
    "imports": "import config",
    "imports, the last": "import state.loading",
    "configuration": "open {folder}/config.yaml",
    "lock": "open {folder}/var/state.lock",
    "state": "open state.json",
}
LATE = {
    "first save": "open .state.json.",  # in a thread of its own
    "port": "socket.bind ",
}
STAGES = [pytest.param(stage, id=name) for name, stage in (EARLY | LATE).items()]
ENDING = [signal.SIGTERM, signal.SIGINT]


class Held:
    """The program at a stage of its start. Whatever signal it gets, it continues only once it is released."""

    def __init__(self, program: Program, process: subprocess.Popen[str], let_go: int) -> None:
        self.program = program
        self.process = process
        self._let_go = let_go

    def let_go(self) -> None:
        os.write(self._let_go, b".")


@contextmanager
def held(folder: Path, stage: str, *arguments: str) -> Iterator[Held]:
    program = Program(folder)
    (folder / "sitecustomize.py").write_text(SITE)
    is_held, holding = os.pipe()
    going_on, let_go = os.pipe()
    environment = os.environ | {
        "PYTHONPATH": str(folder),
        "STAGE": stage.format(folder=folder),
        "HELD": str(holding),
        "LET_GO": str(going_on),
    }
    with (folder / "output.txt").open("w") as output:
        process = subprocess.Popen(
            [*program.argv, *arguments],
            stdout=subprocess.PIPE,
            stderr=output,
            text=True,
            env=environment,
            pass_fds=(holding, going_on),
        )
    os.close(holding)
    try:
        assert os.read(is_held, 1), f"it never came to {stage}: {program.log()}"
        yield Held(program, process, let_go)
    finally:
        process.kill()
        process.communicate(timeout=20)
        for descriptor in (is_held, going_on, let_go):
            os.close(descriptor)


@pytest.mark.parametrize("stage", STAGES)
def test_sighup_during_a_start_reloads_the_configuration_once_it_runs(tmp_path: Path, stage: str) -> None:
    with held(tmp_path, stage) as start:
        start.process.send_signal(signal.SIGHUP)
        start.let_go()
        assert start.process.stdout
        assert any("listens on" in line for line in start.process.stdout)
        start.program.until(lambda: "config.yaml; no setting in use has changed" in start.program.log())
        start.process.terminate()
        assert start.process.wait(20) == 0
        assert "Traceback" not in start.program.log()


@pytest.mark.parametrize("number", ENDING)
@pytest.mark.parametrize("stage", EARLY.values(), ids=EARLY)
def test_a_stop_before_the_event_loop_runs_ends_the_program_at_once(
    tmp_path: Path, stage: str, number: signal.Signals
) -> None:
    """Even if it is not released: what it waits for may never come."""
    with held(tmp_path, stage) as start:
        start.process.send_signal(number)
        assert start.process.wait(20) == 0
        assert "Traceback" not in start.program.log()


@pytest.mark.parametrize("number", ENDING)
@pytest.mark.parametrize("stage", LATE.values(), ids=LATE)
def test_a_later_stop_ends_the_program_in_order(tmp_path: Path, stage: str, number: signal.Signals) -> None:
    with held(tmp_path, stage) as start:
        start.process.send_signal(number)
        start.let_go()
        assert start.process.wait(20) == 0
        assert "stopping" in start.program.log()
        assert "Traceback" not in start.program.log()


@pytest.mark.parametrize("number", [signal.SIGHUP, *ENDING])
@pytest.mark.parametrize("command", [["--check"], ["--preview"], ["--export", "-"], ["--expo=-"]])
def test_an_interrupted_command_does_not_count_as_done(
    tmp_path: Path, command: list[str], number: signal.Signals
) -> None:
    with held(tmp_path, EARLY["configuration"], *command) as start:
        start.process.send_signal(number)
        assert start.process.wait(20) == -number
        assert start.program.log() == ""


def test_a_server_may_be_started_with_an_abbreviated_option(tmp_path: Path) -> None:
    with held(tmp_path, EARLY["imports"], f"--conf={tmp_path / 'config.yaml'}") as start:
        start.process.terminate()
        assert start.process.wait(20) == 0
