"""Lines that nobody outside can forge, break or multiply."""

import io
import logging
import os
import subprocess
import sys
from pathlib import Path

import pytest

from lifecycle.logs import BURST, Formatter, JournalFormatter, Sampler, is_not_late
from tests.support import ROOT


def line(message: str, *args: object) -> str:
    return Formatter("%(message)s").format(logging.LogRecord("x", logging.INFO, "", 0, message, args, None))


def test_what_would_break_or_forge_a_line_is_shown_instead() -> None:
    forged = "a\r\n2026 ERROR forged\x1b[31m\u202e\u2028"
    assert line("policy %s", forged) == r"policy a\r\n2026 ERROR forged\x1b[31m\u202e\u2028"


def test_other_languages_stay_readable() -> None:
    assert line("정책 %s", "한국어") == "정책 한국어"


def test_long_texts_are_cut() -> None:
    assert len(line("%s", "x" * 100_000)) < 3000


def test_our_own_traceback_keeps_its_lines() -> None:
    try:
        int("ours")
    except ValueError:
        record = logging.LogRecord("x", logging.ERROR, "", 0, "failed", (), sys.exc_info())
    assert "\nValueError: invalid literal" in Formatter("%(message)s").format(record)


def test_lines_of_one_kind_are_sampled_and_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    now = 1000.0
    monkeypatch.setattr("lifecycle.logs.time.monotonic", lambda: now)
    out = io.StringIO()
    logger = logging.getLogger("sampled")
    logger.propagate = False
    handler = logging.StreamHandler(out)
    handler.addFilter(Sampler())
    logger.addHandler(handler)
    for n in range(50):
        logger.warning("refused %s", n)
        logger.warning("another kind") if n == 0 else None
    assert out.getvalue().count("refused") == BURST
    assert "another kind" in out.getvalue()
    now += 61
    logger.warning("refused %s", "again")
    assert (
        out.getvalue().splitlines()[-1]
        == f"refused again (and {50 - BURST} more like it suppressed in the last minute)"
    )


def test_what_people_changed_is_always_told() -> None:
    sampler = Sampler()
    record = logging.LogRecord("changes", logging.INFO, "", 0, "%s", ("{}",), None)
    assert all(sampler.filter(record) for _ in range(BURST * 3))


def test_a_lookup_that_was_given_up_on_is_no_news() -> None:
    late = logging.LogRecord(
        "tornado.application", logging.ERROR, "", 0, "Exception in Future %r after timeout", (), None
    )
    assert not is_not_late(late)
    assert is_not_late(
        logging.LogRecord("tornado.application", logging.ERROR, "", 0, "Exception in callback", (), None)
    )


def test_the_journal_gets_a_level_on_every_line_and_no_second_clock() -> None:
    try:
        int("ours")
    except ValueError:
        record = logging.LogRecord("store", logging.ERROR, "", 0, "failed", (), sys.exc_info())
    lines = JournalFormatter().format(record).splitlines()
    assert lines[0] == "<3>store: failed"
    assert all(line.startswith("<3>") for line in lines)


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
    record = logging.LogRecord("x", level, "", 0, "said\n<0>forged", (), None)
    assert JournalFormatter().format(record) == rf"{prefix}x: said\n<0>forged"


@pytest.mark.parametrize("is_journal", [True, False])
def test_the_program_says_it_as_the_reader_of_its_stream_wants_it(
    tmp_path: Path, *, is_journal: bool
) -> None:
    with (tmp_path / "stderr").open("w+") as stream:
        found = os.fstat(stream.fileno())
        named = f"{found.st_dev}:{found.st_ino if is_journal else found.st_ino + 1}"
        code = "from lifecycle import logs; logs.set_up(); logs.logging.getLogger('store').warning('full')"
        environment = {**os.environ, "JOURNAL_STREAM": named}
        subprocess.run([sys.executable, "-c", code], stderr=stream, env=environment, cwd=ROOT, check=True)
        stream.seek(0)
        said = stream.read()
    assert said == "<4>store: full\n" if is_journal else said.endswith(" WARNING store: full\n")


def test_mistakes_in_the_configuration_are_found_by_the_priority_they_have(tmp_path: Path) -> None:
    config = tmp_path / "config.yaml"
    config.write_text("gcp: {password: long enough}\ndigset: {}\n")
    with (tmp_path / "stderr").open("w+") as stream:
        found = os.fstat(stream.fileno())
        environment = {**os.environ, "JOURNAL_STREAM": f"{found.st_dev}:{found.st_ino}"}
        command = [sys.executable, "server.py", "--config", str(config)]
        done = subprocess.run(command, stderr=stream, env=environment, cwd=ROOT, check=False)
        stream.seek(0)
        said = stream.read()
    assert done.returncode == 78
    assert said == f"<2>server: {config} line 2: digset: no such key; did you mean digest?\n"
