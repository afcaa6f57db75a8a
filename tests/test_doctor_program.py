"""`--doctor` with the real program, beside a server and without one, against a Google on this machine."""

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import demo
from demo import Google
from tests.support import ROOT

PROJECT = "demo-project"


class Patient(Google):
    """Has one check and one policy, which is in the test's hands."""

    def __init__(self) -> None:
        super().__init__("")
        self.policy: dict[str, Any] = {**demo.POLICY, "alertStrategy": {}}
        self.asked: list[str] = []

    def answer(self, path: str) -> object:
        self.asked.append(path)
        if path.endswith("/alertPolicies"):
            return {"alertPolicies": [self.policy]}
        if path.endswith("/uptimeCheckConfigs"):
            return {"uptimeCheckConfigs": [demo.check("www.example.com")]}
        return super().answer(path)


@pytest.fixture
def google() -> Iterator[tuple[Patient, str]]:
    patient = Patient()
    with demo.answering(patient) as place:
        yield patient, place


def doctor(folder: Path, place: str, *keys: str) -> subprocess.CompletedProcess[str]:
    file = folder / "config.yaml"
    file.touch(0o600)
    file.write_text("\n".join(["gcp: {password: long-enough-a-secret}", "state_file: state.json", *keys]))
    command: list[str | Path] = [sys.executable, ROOT / "server.py", "--config", file, "--doctor"]
    environment = os.environ | demo.places(place)
    return subprocess.run(command, env=environment, capture_output=True, text=True, timeout=60, check=False)


GOOGLE = f"google: {{project: {PROJECT}}}"


def test_with_nothing_to_mend_it_ends_with_0(google: tuple[Patient, str], tmp_path: Path) -> None:
    done = doctor(tmp_path, google[1], GOOGLE)
    assert (done.returncode, done.stderr) == (0, "")
    first, last = done.stdout.splitlines()
    assert first == "🟢 Google reports the one check to this server"
    assert re.fullmatch(r"As Google's settings were at \d\d:\d\d UTC", last)
    assert not (tmp_path / "state.json").exists()
    assert not any("alerts" in path for path in google[0].asked)


def test_with_something_to_mend_it_ends_with_1_and_says_what(
    google: tuple[Patient, str], tmp_path: Path
) -> None:
    google[0].policy |= {"enabled": False}
    done = doctor(tmp_path, google[1], GOOGLE, "language: ko")
    assert (done.returncode, done.stderr) == (1, "")
    assert done.stdout.splitlines()[1] == (
        "⚠️ 정책 uptime failure: 사용 중지됨. "
        f"실행: gcloud monitoring policies update 1 --project={PROJECT} --enabled"
    )


@pytest.mark.parametrize(
    ("place", "keys", "why"),
    [
        ("", ["google: {project: ''}"], "google.project in config.yaml is empty"),
        ("127.0.0.1:9", [GOOGLE], "metadata"),
    ],
    ids=["not configured", "not reachable"],
)
def test_if_google_cannot_be_asked_it_ends_with_69(
    tmp_path: Path, place: str, keys: list[str], why: str
) -> None:
    done = doctor(tmp_path, place or "127.0.0.1:9", *keys)
    assert (done.returncode, done.stdout) == (os.EX_UNAVAILABLE, "")
    (line,) = done.stderr.splitlines()
    assert why in line


def test_no_token_is_printed(google: tuple[Patient, str], tmp_path: Path) -> None:
    done = doctor(tmp_path, google[1], GOOGLE)
    assert "of-the-demo" not in done.stdout + done.stderr
