"""`make` sets up the virtual environment: once, and again if it no longer works."""

import os
import shutil
from pathlib import Path

import pytest

from tests.process import ended, needs
from tests.support import ROOT

pytestmark = needs("make")


@pytest.mark.parametrize("target", ["run", "demo", "check"])
@pytest.mark.parametrize(
    ("python", "is_made"),
    [("exit 0", False), ("echo No module named pip >&2; exit 1", True), (None, True)],
    ids=["works", "of an upgraded system", "missing"],
)
def test_an_environment_is_made_where_none_works(
    tmp_path: Path, target: str, python: str | None, is_made: bool
) -> None:
    for name in ("Makefile", "requirements.txt", "requirements-dev.txt"):
        shutil.copy(ROOT / name, tmp_path)
    if python:
        interpreter = tmp_path / ".venv/bin/python"
        interpreter.parent.mkdir(parents=True)
        interpreter.write_text(f"#!/bin/sh\n{python}\n")
        interpreter.chmod(0o700)
        for stamp in ("run", "dev"):
            (tmp_path / ".venv" / stamp).touch()
            os.utime(tmp_path / ".venv" / stamp, (2**33, 2**33))  # later than what it depends on
    told = ended("make", "-n", target, cwd=tmp_path, check=True)
    assert ("-m venv --clear" in told.stdout, "-m pip install" in told.stdout) == (is_made, is_made)
