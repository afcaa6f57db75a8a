"""The real program, with streams that are closed or full, or whose encoding lacks characters."""

import os
import signal
import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

from tests.program import Program
from tests.support import incident_body

# A shell's redirections, and variables of the environment.
CLOSED = ["2>&-", ">&-", ">&- 2>&-", "<&- >&- 2>&-"]
FULL = ["> /dev/full", "2> /dev/full", "> /dev/full 2>&1"]
NOBODY_READS = ["> >(exec <&-)", "> >(exec <&-) 2>&1"]
ENCODINGS = ["ascii", "latin-1", "ascii:strict", "utf-8:strict", "idna", "idna:strict"]
SPELLED = [f"PYTHONIOENCODING={name}" for name in ENCODINGS]


def shell(how: str) -> list[str | Path]:
    """The command that starts what is appended to it with such streams or variables, as the same process."""
    variables, redirections = (how, "") if "=" in how else ("", how)
    return ["bash", "-c", f'exec env LISTEN_PID=$$ LISTEN_FDS=1 {variables} "$@" {redirections}', "bash"]


def program_in_korean(folder: Path) -> Program:
    program = Program(folder, every="1s")
    program.config.write_text(f"{program.config.read_text()}language: ko\n")
    return program


@contextmanager
def server(program: Program, how: str, output: int) -> Iterator[subprocess.Popen[bytes]]:
    """A server on an inherited socket, since what it prints may reach nobody. Stops it, and checks that it ends well."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        process = subprocess.Popen(
            [*shell(how), *program.argv],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            preexec_fn=lambda: os.dup2(listening.fileno(), 3),
            pass_fds=[3],
        )
        program.url = f"http://127.0.0.1:{listening.getsockname()[1]}"
    try:
        yield process
    finally:
        process.send_signal(signal.SIGTERM)
        code = process.wait(timeout=20)
    assert code == 0


def serves_and_tells(program: Program) -> bool:
    assert program.deliver(incident_body())[0] == 200
    program.until(lambda: bool(program.health()[1]["last_digest"]))
    return program.health()[0] == 200


@pytest.mark.parametrize("how", [*CLOSED, *FULL, *NOBODY_READS, *SPELLED])
def test_deliveries_are_recorded_and_digests_posted(how: str, tmp_path: Path) -> None:
    program = program_in_korean(tmp_path)
    log = tmp_path / "output.txt"
    with log.open("wb") as output, server(program, how, output.fileno()) as process:
        assert serves_and_tells(program)
        held = {str(Path(f"/proc/{process.pid}/fd/{number}").readlink()) for number in range(3)}
        if how in CLOSED:  # nothing else has got their numbers
            assert held <= {"/dev/null", str(log)}
    assert b"Traceback" not in log.read_bytes()


def test_a_reader_that_does_not_read_does_not_block_the_server(tmp_path: Path) -> None:
    """A pipe that is full, as a terminal is that was stopped with Ctrl-S."""
    program = Program(tmp_path, every="1s")
    reading, writing = os.pipe()
    os.set_blocking(writing, False)
    with suppress(BlockingIOError):
        while os.write(writing, b"." * 4096):
            pass
    os.set_blocking(writing, True)
    try:
        with server(program, "", writing):
            assert serves_and_tells(program)
            # Somebody reads again: what is told from now on arrives.
            program.until(lambda: b"digest posted" in os.read(reading, 65536))
    finally:
        os.close(reading)
        os.close(writing)


def run(how: str, program: Program, *arguments: str) -> tuple[int, str]:
    """The exit code, and what was printed and logged, as far as that is possible."""
    command = [*shell(how), *program.argv, *arguments]
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=60, check=False)
    return done.returncode, done.stdout.decode("utf-8", "replace")


@pytest.mark.parametrize("how", [*CLOSED, *FULL, *SPELLED])
def test_the_exit_code_of_a_check_says_what_it_found(how: str, tmp_path: Path) -> None:
    program = program_in_korean(tmp_path)
    code, said = run(how, program, "--check")
    assert (code, "Traceback" in said) == (0, False)
    program.config.write_text("어디: 에\n")
    code, said = run(how, program, "--check")
    assert (code, "Traceback" in said) == (1, False)


def test_a_path_that_is_not_utf8_can_be_printed(tmp_path: Path) -> None:
    folder = tmp_path / os.fsdecode(b"caf\xe9")
    folder.mkdir()
    code, said = run("PYTHONIOENCODING=utf-8:strict", Program(folder), "--check")
    assert (code, "caf?/config.yaml is valid" in said) == (0, True)


@pytest.mark.parametrize("how", [*CLOSED, *FULL, *SPELLED])
def test_help_is_never_a_fault(how: str, tmp_path: Path) -> None:
    code, said = run(how, Program(tmp_path), "--help")
    assert (code, "Traceback" in said) == (0, False)


@pytest.mark.parametrize("arguments", [["--preview"], ["--export", "-"]])
@pytest.mark.parametrize("how", [">&-", "> /dev/full"])
def test_requested_output_that_could_not_be_written_is_an_error(
    how: str, arguments: list[str], tmp_path: Path
) -> None:
    program = Program(tmp_path).start()
    program.deliver(incident_body())
    program.stop()
    code, said = run(how, program, *arguments)
    assert code == 71
    assert "cannot write to standard output: " in said
    assert "Traceback" not in said


@pytest.mark.parametrize("how", SPELLED)
def test_a_preview_replaces_what_the_encoding_lacks(how: str, tmp_path: Path) -> None:
    program = program_in_korean(tmp_path)
    code, said = run(how, program, "--preview")
    assert code == 0
    assert ("업타임 체크" in said) == ("utf-8" in how or "idna" in how)
