"""--check says what would surprise the operator, and --check --post tries the webhooks."""

import asyncio
import os
from pathlib import Path

import pytest

from tests.command_line import run, run_main
from tests.support import QUICK, Answer, FakeSlack, Program


def test_a_good_file_is_said_to_be_good_and_nothing_is_made(tmp_path: Path) -> None:
    program = Program(tmp_path)
    assert run(program, "--check") == (0, f"{program.config} is valid\n".encode(), "")
    assert not program.state_file.parent.exists()


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write anywhere")
def test_a_folder_that_cannot_be_written_is_warned_of(tmp_path: Path) -> None:
    program = Program(tmp_path)
    tmp_path.chmod(0o500)
    try:
        code, _, said = run(program, "--check")
    finally:
        tmp_path.chmod(0o700)
    assert code == 0
    assert f"{tmp_path} is not writable" in said


def test_a_folder_that_everybody_may_write_to_is_warned_of(tmp_path: Path) -> None:
    program = Program(tmp_path)
    program.state_file.parent.mkdir()
    program.state_file.parent.chmod(0o777)
    code, _, said = run(program, "--check")
    assert code == 0
    assert f"everybody may write to {program.state_file.parent}" in said
    assert f"chmod go-w {program.state_file.parent}" in said


def test_a_folder_in_the_place_of_the_state_is_warned_of(tmp_path: Path) -> None:
    program = Program(tmp_path)
    program.state_file.mkdir(parents=True)
    assert (
        f"{program.state_file} (state_file): {program.state_file} is not a regular file"
        in run(program, "--check")[2]
    )


def test_a_webhook_that_is_not_slacks_is_doubted(tmp_path: Path) -> None:
    program = Program(tmp_path, webhook_url="https://hooks.slack.com.evil.test/services/T0/B0/secret")
    code, _, said = run(program, "--check")
    assert code == 0
    assert "webhook_url does not look like Slack's" in said
    assert "secret" not in said


async def test_a_test_message_says_where_it_comes_from(tmp_path: Path) -> None:
    async with FakeSlack() as slack:
        program = Program(tmp_path, webhook_url=slack.url)
        code, printed, _ = await asyncio.to_thread(run, program, "--check", "--post")
        assert (code, printed.decode().splitlines()[1]) == (0, "default: test message posted")
        assert "A test of uptime-check-manager" in str(slack.taken)


async def test_a_webhook_that_refuses_is_named_with_the_cure(tmp_path: Path) -> None:
    async with FakeSlack() as slack:
        slack.answers = [Answer(404, "no_service")]
        program = Program(tmp_path, webhook_url=slack.url)
        code, printed, _ = await asyncio.to_thread(run, program, "--check", "--post")
        assert code == 1
        assert (
            "default: not posted: Slack answered 404 'no_service'; check its webhook_url" in printed.decode()
        )
        assert b"secret" not in printed


async def test_an_answer_that_is_not_of_an_incoming_webhook_is_said(tmp_path: Path) -> None:
    async with FakeSlack() as slack:
        slack.answers = [Answer(200, '{"ok":true}')]
        program = Program(tmp_path, webhook_url=slack.url)
        code, printed, _ = await asyncio.to_thread(run, program, "--check", "--post")
        told = "counts as accepted, but an Incoming Webhook answers 200 'ok'"
        assert (code, printed.decode().splitlines()[1]) == (0, f"default: 200 '{{\"ok\":true}}' {told}")


async def test_a_digest_that_was_taken_with_other_words_is_not_posted_again(tmp_path: Path) -> None:
    async with FakeSlack() as slack:
        slack.answers = [Answer(200, '{"success":true}') for _ in range(9)]
        program = Program(tmp_path, *QUICK, webhook_url=slack.url, every="1d").start()
        try:
            await asyncio.to_thread(program.until, lambda: "digest posted at" in program.log())
            assert (slack.asked, (await asyncio.to_thread(program.health))[0]) == (1, 200)
        finally:
            await asyncio.to_thread(program.stop)


def test_without_a_webhook_there_is_nothing_to_post(tmp_path: Path) -> None:
    code, printed, _ = run(Program(tmp_path), "--check", "--post")
    assert (code, b"no webhook_url is set" in printed) == (0, True)


def test_post_goes_with_check(tmp_path: Path) -> None:
    code, _, said = run(Program(tmp_path), "--post")
    assert (code, "--post requires --check" in said) == (2, True)


COMMANDS = [["--check"], ["--preview"], ["--export", "-"], ["--import", "-"], []]


@pytest.mark.parametrize("arguments", COMMANDS, ids=lambda arguments: " ".join(arguments) or "the server")
def test_who_names_no_file_is_told_how_and_nobody_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, arguments: list[str]
) -> None:
    config = tmp_path / "config.yaml"
    monkeypatch.setattr("lifecycle.main.SHIPPED", config)
    missing = f"{config} cannot be read: No such file or directory"
    for named, end in (([], "; name the file with --config\n"), (["--config", str(config)], "\n")):
        code, _, said = run_main(*arguments, *named)
        assert code == (1 if arguments == ["--check"] else 78)
        assert said.endswith(f"{missing}{end}")
