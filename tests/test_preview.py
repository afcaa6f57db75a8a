"""The current digest, requested at the terminal."""

import asyncio
import os
import signal
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.builders import DAY, encoded, filled, opened, state_after
from tests.command_line import run
from tests.program import Program, running
from tests.support import TOKEN, incident_body


def preview(program: Program, *channel: str) -> tuple[int, str]:
    """Exit code, and what was printed or logged."""
    code, shown, said = run(program, "--preview", *channel)
    return code, shown.decode() or said


def files(program: Program) -> list[tuple[str, int]]:
    return sorted((path.name, path.stat().st_mtime_ns) for path in program.state_file.parent.iterdir())


def test_it_shows_the_truth_beside_a_running_server(tmp_path: Path) -> None:
    with running(tmp_path) as program:
        program.deliver(incident_body())
        program.process.send_signal(signal.SIGSTOP)  # it keeps its lock, and saves no digest meanwhile
        before = files(program)
        code, shown = preview(program)
        assert (code, files(program)) == (0, before)
        assert "www.example.com is down" in shown
        assert "next digest" in shown
        assert "there is no state" not in run(program, "--preview")[2]
        program.stop(signal.SIGKILL)
        assert "www.example.com is down" in preview(program)[1]


def test_before_anything_was_received_it_says_how_to_begin_in_the_configured_language(tmp_path: Path) -> None:
    program = Program(tmp_path)
    _, shown, said = run(program, "--preview")
    assert b"No incident has been received yet" in shown
    assert f"there is no state in {program.state_file} (state_file) yet: a server would start empty" in said
    program.config.write_text(program.config.read_text() + "language: ko\n")
    assert "아직 수신한 인시던트 없음" in preview(program)[1]
    assert not program.state_file.parent.exists()


def test_it_says_that_google_is_not_asked_if_it_otherwise_is(tmp_path: Path) -> None:
    program = Program(tmp_path)
    said = "Google is not asked: the footer says nothing about its lists and settings"
    for more, times in (("", 0), ("google: {project: acme-monitoring}\n", 1)):
        program.config.write_text(program.config.read_text() + more)
        code, _, logged = run(program, "--preview")
        assert (code, logged.count(said)) == (0, times)


@pytest.mark.parametrize("is_deleted", [True, False])
def test_the_version_before_it_is_shown_and_named(tmp_path: Path, *, is_deleted: bool) -> None:
    program = Program(tmp_path)
    asyncio.run(filled(program.state_file, "a", "b"))
    program.state_file.write_text("{")
    if is_deleted:
        program.state_file.unlink()
    code, shown, said = run(program, "--preview")
    assert (code, b"down" in shown) == (0, True)
    assert f"{program.state_file} {'is missing' if is_deleted else 'cannot be read'}" in said
    assert "this is from the previous version" in said


@pytest.mark.parametrize(
    ("damage", "said"),
    [
        ({"state.json": "{"}, "state.json cannot be read: it is not a complete state file"),
        ({"state.json": "{", "state.json.bak": "{"}, "state.json.bak cannot be read"),
        ({}, "state.json, though a server has run in"),
    ],
    ids=["damaged", "both damaged", "vanished"],
)
def test_without_a_readable_version_it_says_why_and_changes_nothing(
    tmp_path: Path, damage: dict[str, str], said: str
) -> None:
    program = Program(tmp_path)
    asyncio.run(filled(program.state_file, "a", "b"))
    for name in ("state.json", "state.json.bak"):
        program.state_file.with_name(name).unlink()
    for name, text in damage.items():
        program.state_file.with_name(name).write_text(text)
    before = files(program)
    code, shown, logged = run(program, "--preview")
    assert (code, shown, said in logged, "Traceback" in logged) == (65, b"", True, False)
    assert files(program) == before


@pytest.mark.parametrize("put", [Path.mkdir, os.mkfifo])
def test_what_no_server_would_start_with_is_refused_with_the_same_code(
    tmp_path: Path, put: Callable[[Path], object]
) -> None:
    program = Program(tmp_path)
    program.state_file.parent.mkdir()
    put(program.state_file)
    code, shown, logged = run(program, "--preview")
    assert (code, shown, program.run().returncode) == (77, b"", 77)
    assert f"{program.state_file} is not a regular file; move it away" in logged


def test_commands_are_advised_as_they_can_be_typed(tmp_path: Path) -> None:
    program = Program(tmp_path)
    program.state_file.parent.mkdir()
    program.state_file.write_bytes(encoded(state_after(opened(started=datetime.now(UTC) - 9 * DAY))))
    assert "type uptime resolve www.example.com" in preview(program)[1]
    program.config.write_text(program.config.read_text().replace(f"outgoing_token: {TOKEN},", ""))
    assert "type /uptime resolve www.example.com" in preview(program)[1]


def test_it_shows_one_channel_or_all(tmp_path: Path) -> None:
    program = Program(tmp_path)
    webhook = "https://hooks.slack.com/services/T0/B0/secret"
    channels = f'channels:\n- name: pay\n  webhook_url: "{webhook}"\n  hosts: "*.pay.test"\n'
    program.config.write_text(f"{program.config.read_text()}hosts: [a.pay.test, b.test]\n{channels}")
    assert "1 host watched" in preview(program, "pay")[1]
    code, said = preview(program, "nobody")
    assert (code, said.count("unknown channel 'nobody'; the channels are: pay")) == (64, 1)
    program.config.write_text(program.config.read_text() + f'- name: all\n  webhook_url: "{webhook}"\n')
    shown = preview(program)[1]
    assert shown.index("--- pay") < shown.index("1 host watched") < shown.index("2 hosts watched")


def test_what_check_warns_of_does_not_get_in_the_way(tmp_path: Path) -> None:
    program = Program(tmp_path)
    program.config.chmod(0o644)
    assert "chmod o-r" in run(program, "--check").logged
    assert "chmod" not in run(program, "--preview").logged
