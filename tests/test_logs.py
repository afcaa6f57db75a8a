"""Log lines that no outsider can forge, break or multiply."""

import io
import logging
import os
import subprocess
import sys
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest

from lifecycle.logs import (
    BURST,
    Formatter,
    JournalFormatter,
    SampledHandler,
    Sampler,
    is_not_late,
    report_suppressed,
)
from tests.program import running, with_constant
from tests.support import ROOT, incident_body


def record(message: str, *args: object, name: str = "x", level: int = logging.INFO) -> logging.LogRecord:
    return logging.LogRecord(name, level, "", 0, message, args, None)


def line(message: str, *args: object) -> str:
    return Formatter("%(message)s").format(record(message, *args))


def test_what_would_break_or_forge_a_line_is_shown_instead() -> None:
    forged = "a\r\n2026 ERROR forged\x1b[31m\u202e\u2028"
    assert line("policy %s", forged) == r"policy a\r\n2026 ERROR forged\x1b[31m\u202e\u2028"


def test_other_languages_stay_readable_and_long_texts_are_cut() -> None:
    assert line("정책 %s", "한국어") == "정책 한국어"
    assert len(line("%s", "x" * 100_000)) < 3000


@pytest.mark.parametrize(
    ("formatter", "begin", "prefix"),
    [(Formatter("%(message)s"), "failed", ""), (JournalFormatter(), "<3>store: failed", "<3>")],
)
def test_our_own_traceback_keeps_its_lines(formatter: logging.Formatter, begin: str, prefix: str) -> None:
    try:
        int("ours")
    except ValueError:
        failed = record("failed", name="store", level=logging.ERROR)
        failed.exc_info = sys.exc_info()
    lines = formatter.format(failed).splitlines()
    assert lines[0] == begin
    assert lines[-1].startswith(f"{prefix}ValueError: invalid literal")
    assert all(line.startswith(prefix) for line in lines)


class Sampled:
    """A log that is sampled, and its clock."""

    def __init__(self) -> None:
        self.now = 1000.0
        self.out = io.StringIO()
        self.handler = SampledHandler(self.out)
        self.handler.setFormatter(JournalFormatter())

    def log(self, message: str, *args: object) -> None:
        self.handler.handle(record(message, *args, level=logging.WARNING))

    def written(self) -> list[str]:
        lines = self.out.getvalue().splitlines()
        self.out.truncate(0)
        self.out.seek(0)
        return lines


@pytest.fixture
def sampled(monkeypatch: pytest.MonkeyPatch) -> Iterator[Sampled]:
    sampled = Sampled()
    monkeypatch.setattr("lifecycle.logs.time.monotonic", lambda: sampled.now)
    monkeypatch.setattr(logging.root, "handlers", [sampled.handler])
    yield sampled
    sampled.handler.close()


def test_lines_of_one_kind_are_sampled_and_counted_when_the_minute_is_over(sampled: Sampled) -> None:
    for n in range(50):
        sampled.log("refused %s", n)
    sampled.log("another kind")
    lines = sampled.written()
    assert (len(lines), lines[-1]) == (BURST + 1, "<4>x: another kind")
    report_suppressed()
    assert sampled.written() == []
    sampled.now += 61
    for _ in range(2):
        report_suppressed()
    said = f"{50 - BURST} more like this one suppressed within a minute: refused 49"
    assert sampled.written() == [f"<4>x: {said}"]


def test_a_count_is_also_reported_at_the_end_and_after_a_stall(sampled: Sampled) -> None:
    for _ in range(2):
        for n in range(BURST + 1):
            sampled.log("refused %s", n)
        sampled.now += 61
    assert len(sampled.written()) == 2 * BURST
    sampled.handler.close()
    said = f"<4>x: 1 more like this one suppressed within a minute: refused {BURST}"
    assert sampled.written() == [said] * 2


def test_the_program_reports_it_when_the_minute_is_over(tmp_path: Path) -> None:
    with running(
        tmp_path, *with_constant("lifecycle.logs", "BURST, lifecycle.logs.MINUTE = 0, 1")
    ) as program:
        program.deliver(incident_body())
        program.until(lambda: "1 more like this one suppressed within a minute: www" in program.log())


def test_the_program_reports_it_when_it_is_stopped(tmp_path: Path) -> None:
    with running(tmp_path, *with_constant("lifecycle.logs", "MINUTE = 3600")) as program:
        for number in range(BURST + 5):
            program.deliver(incident_body(f"0.{number}", host=f"www{number}.example.com"))
        assert "suppressed" not in program.log()
        program.stop()
        assert "INFO store: 5 more like this one suppressed within a minute: www" in program.log()


def test_changes_by_people_are_always_logged() -> None:
    sampler = Sampler()
    assert all(sampler.filter(record("%s", "{}", name="changes")) for _ in range(BURST * 3))


def test_a_lookup_that_was_given_up_on_is_no_news() -> None:
    told = partial(record, name="tornado.application", level=logging.ERROR)
    assert not is_not_late(told("Exception in Future %r after timeout"))
    assert is_not_late(told("Exception in callback"))


@pytest.mark.parametrize(
    ("level", "prefix"),
    [
        (logging.DEBUG, "<7>"),
        (logging.INFO, "<6>"),
        (logging.WARNING, "<4>"),
        (logging.ERROR, "<3>"),
        (logging.CRITICAL, "<2>"),
    ],
)
def test_levels_are_those_of_syslog(level: int, prefix: str) -> None:
    assert JournalFormatter().format(record("said\n<0>forged", level=level)) == rf"{prefix}x: said\n<0>forged"


@pytest.mark.parametrize("is_journal", [True, False])
def test_the_program_logs_in_the_format_for_its_stream(tmp_path: Path, *, is_journal: bool) -> None:
    config = tmp_path / "config.yaml"
    config.write_text("gcp: {password: long enough}\ndigset: {}\n")
    with (tmp_path / "stderr").open("w+") as stream:
        found = os.fstat(stream.fileno())
        named = f"{found.st_dev}:{found.st_ino if is_journal else found.st_ino + 1}"
        environment = {**os.environ, "JOURNAL_STREAM": named}
        command = [sys.executable, "server.py", "--config", str(config)]
        done = subprocess.run(command, stderr=stream, env=environment, cwd=ROOT, check=False)
        stream.seek(0)
        said = stream.read()
    mistake = f"server: {config} line 2: digset: no such key; did you mean digest?\n"
    assert done.returncode == 78
    assert said == f"<2>{mistake}" if is_journal else said.endswith(f" CRITICAL {mistake}")
