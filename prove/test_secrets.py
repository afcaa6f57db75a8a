"""Planted secrets are in no log, answer, page, environment or command line, whatever goes wrong."""

import signal
from pathlib import Path
from urllib.parse import urlencode

import pytest

from prove.without import WITHOUT
from tests.program import Program, running
from tests.support import basic, incident_body

CREDENTIALS = basic("google", "canary-password").removeprefix("Basic ")  # as they are sent
CANARIES = ["canary-password", CREDENTIALS, "canary-token", "canary-webhook", "canary-signing"]


def configure(program: Program, webhook: str) -> None:
    (program.folder / "webhook").write_text(webhook)
    program.config.write_text(
        "listen: {port: 0}\n"
        "gcp: {password: canary-password}\n"
        "slack: {webhook_url_file: webhook, outgoing_token: [canary-token], signing_secret: canary-signing}\n"
        "digest: {every: 1s}\n"
    )


def misuse(program: Program) -> str:
    """Make every request that is answered with an error; returns all the answers."""
    good = {"Authorization": basic("google", "canary-password")}
    wrong = {"Authorization": basic("google", "canary-passwore")}
    form = {"token": "canary-token", "user_id": "U1", "user_name": "x", "text": "uptime frobnicate"}
    answers = [
        program.request("/fromGCPMonitoring", b"{", good),
        program.request("/fromGCPMonitoring", b"{}", wrong),
        program.request("/fromGCPMonitoring?auth_token=canary-token", b"{}", {}),
        program.request("/fromSlack", urlencode(form).encode(), {}),
        program.request("/fromSlack", b"token=canary-tokem", {}),
        program.request("/fromSlack", b"command=%2Fuptime", {"X-Slack-Signature": "v0=canary"}),
        program.request("/fromSlack", b"command=%2Fuptime", {"X-Slack-Request-Timestamp": "1"}),
        program.request("/nowhere?token=canary-token", None, {}),
        program.health(),
    ]
    program.state_file.unlink(missing_ok=True)
    answers.append(program.deliver(incident_body(), **good))
    return repr(answers)


def found(folder: Path, *program: str | Path) -> list[str]:
    """The planted secrets that got out, whatever went wrong."""
    started = Program(folder, *program)
    configure(started, "http://127.0.0.1:9/services/canary-webhook")  # nobody listens there
    started.start()
    try:
        proc = Path(f"/proc/{started.process.pid}")
        seen = (proc / "environ").read_bytes() + (proc / "cmdline").read_bytes()
        started.until(lambda: ": not posted: " in started.log())
        answered = misuse(started)
    finally:
        started.stop(signal.SIGTERM)
    everything = seen.decode("utf-8", "replace") + answered + started.log()
    assert "Traceback" not in everything
    return [canary for canary in CANARIES if canary in everything]


def test_no_secret_gets_out(tmp_path: Path) -> None:
    assert found(tmp_path) == []


@pytest.mark.parametrize(
    ("step", "canary"), [("secret-address", "canary-webhook"), ("secret-credentials", CREDENTIALS)]
)
def test_a_server_that_leaks_a_secret_is_noticed(tmp_path: Path, step: str, canary: str) -> None:
    assert found(tmp_path, WITHOUT, step) == [canary]


def test_files_are_readable_only_by_their_owner(tmp_path: Path) -> None:
    with running(tmp_path) as program:
        program.deliver(incident_body("0.a"))
        program.deliver(incident_body("0.b"))
        modes = {path.name: path.stat().st_mode & 0o777 for path in program.state_file.parent.iterdir()}
        assert program.state_file.parent.stat().st_mode & 0o777 == 0o700
    assert modes == {"state.json": 0o600, "state.json.bak": 0o600, "state.lock": 0o600}
