"""--check says what would surprise the operator, and --check --post tries the webhooks."""

import asyncio
import os
from pathlib import Path

import pytest

from tests.builders import filled
from tests.command_line import run, run_main
from tests.fake_slack import Answer, FakeSlack
from tests.program import Program
from version import VERSION


def test_a_good_file_is_said_to_be_good_and_nothing_is_made(program: Program) -> None:
    said = f"{program.config} is valid; no webhook_url is set, so digests go to the terminal"
    code, printed, warned = run(program, "--check")
    assert (code, printed.decode().splitlines()[0], warned) == (0, said, "")
    program.configure(webhook_url="https://hooks.slack.com/services/T0/B0/secret")
    code, printed, warned = run(program, "--check")
    assert (code, printed.decode().splitlines()[0], warned) == (0, f"{program.config} is valid", "")
    assert not program.state_file.parent.exists()


def test_it_says_whether_there_is_a_state_to_start_with(program: Program) -> None:
    said = f"there is no state in {program.state_file} (state_file) yet: a server would start empty"
    assert said in run(program, "--check").printed.decode()
    asyncio.run(filled(program.state_file, "a"))
    assert said not in run(program, "--check").printed.decode()


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write anywhere")
def test_a_folder_that_cannot_be_written_is_warned_of(tmp_path: Path, program: Program) -> None:
    tmp_path.chmod(0o500)
    try:
        code, _, said = run(program, "--check")
    finally:
        tmp_path.chmod(0o700)
    assert code == 0
    assert f"{tmp_path} is not writable" in said


def test_what_would_surprise_the_operator_causes_a_warning(tmp_path: Path) -> None:
    program = Program(tmp_path, webhook_url="https://hooks.slack.com.evil.test/services/T0/B0/secret")
    folder = program.state_file.parent
    program.state_file.mkdir(parents=True)
    folder.chmod(0o777)
    code, _, said = run(program, "--check")
    assert (code, "secret" in said) == (0, False)
    assert f"everybody may write to {folder}" in said
    assert f"chmod go-w {folder}" in said
    assert f"{program.state_file} (state_file): {program.state_file} is not a regular file" in said
    assert "webhook_url does not look like Slack's" in said


@pytest.mark.parametrize(
    ("answer", "code", "said"),
    [
        (Answer(), 0, "default: test message posted"),
        (Answer(404, "no_service"), 1, "default: not posted: Slack answered 404 'no_service'; check the channel and its webhook_url"),
        (Answer(429, ""), 1, "default: not posted: Slack answered 429 without text"),
        (Answer(200, '{"ok":true}'), 0, """default: 200 '{"ok":true}' counts as accepted, but an Incoming Webhook answers 200 'ok'"""),
    ],
)  # fmt: skip
async def test_a_test_message_says_where_it_comes_from_and_what_slack_answered(
    tmp_path: Path, answer: Answer, code: int, said: str
) -> None:
    async with FakeSlack() as slack:
        slack.answers = [answer]
        program = Program(tmp_path, webhook_url=slack.url)
        done = await asyncio.to_thread(run, program, "--check", "--post")
    assert (done.code, done.printed.decode().splitlines()[2][: len(said)]) == (code, said)
    assert b"secret" not in done.printed
    assert ("A test of uptime-check-manager" in str(slack.taken)) == (answer == Answer())


def test_without_a_webhook_there_is_nothing_to_post(program: Program) -> None:
    code, printed, _ = run(program, "--check", "--post")
    assert (code, b"no webhook_url is set" in printed) == (0, True)


def test_it_prints_its_version() -> None:
    assert run_main("--version") == (0, f"uptime-check-manager {VERSION}\n".encode(), "")


def test_post_goes_with_check(program: Program) -> None:
    code, _, said = run(program, "--post")
    assert (code, "--post requires --check" in said) == (2, True)


COMMANDS = [["--check"], ["--preview"], ["--export", "-"], ["--import", "-"], []]


@pytest.mark.parametrize("arguments", COMMANDS, ids=lambda arguments: " ".join(arguments) or "the server")
def test_only_without_a_config_option_is_it_suggested(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, arguments: list[str]
) -> None:
    config = tmp_path / "config.yaml"
    monkeypatch.setattr("lifecycle.main.SHIPPED", config)
    missing = f"{config} cannot be read: No such file or directory"
    for named, end in (([], "; name the file with --config\n"), (["--config", str(config)], "\n")):
        code, _, said = run_main(*arguments, *named)
        assert code == (1 if arguments == ["--check"] else 78)
        assert said.endswith(f"{missing}{end}")
