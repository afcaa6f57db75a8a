"""Planted secrets are in no log, answer, page, environment or command line, whatever goes wrong."""

import signal
from pathlib import Path
from urllib.parse import urlencode

from tests.support import Program, basic, incident_body, running

CANARIES = ["canary-password", "canary-token", "canary-webhook"]


def configure(program: Program, webhook: str) -> None:
    (program.folder / "webhook").write_text(webhook)
    program.config.write_text(
        "listen: {port: 0}\n"
        "gcp: {password: canary-password}\n"
        "slack: {webhook_url_file: webhook, outgoing_token: [canary-token]}\n"
        "digest: {every: 1s}\n"
    )


def misuse(program: Program) -> str:
    """Everything that answers with an error; returns all that was answered."""
    good = {"Authorization": basic("google", "canary-password")}
    wrong = {"Authorization": basic("google", "canary-passwore")}
    form = {"token": "canary-token", "user_id": "U1", "user_name": "x", "text": "uptime frobnicate"}
    answers = [
        program.request("/fromGCPMonitoring", b"{", good),
        program.request("/fromGCPMonitoring", b"{}", wrong),
        program.request("/fromGCPMonitoring?auth_token=canary-token", b"{}", {}),
        program.request("/fromSlack", urlencode(form).encode(), {}),
        program.request("/fromSlack", b"token=canary-tokem", {}),
        program.request("/nowhere?token=canary-token", None, {}),
        program.request("/healthz", None, {}),
    ]
    program.state_file.parent.joinpath("state.json").unlink(missing_ok=True)
    answers.append(program.deliver(incident_body(), **good))
    return repr(answers)


def test_no_canary_gets_out(tmp_path: Path) -> None:
    program = Program(tmp_path)
    configure(program, "http://127.0.0.1:9/services/canary-webhook")  # nobody listens there
    program.start()
    try:
        assert program.process
        proc = Path(f"/proc/{program.process.pid}")
        seen = (proc / "environ").read_bytes() + (proc / "cmdline").read_bytes()
        while "digest not posted" not in program.log():
            assert program.process.poll() is None
        answered = misuse(program)
    finally:
        program.stop(signal.SIGTERM)
    everything = seen.decode("utf-8", "replace") + answered + program.log()
    assert not [canary for canary in CANARIES if canary in everything]
    assert "Traceback" not in everything


def test_files_are_for_their_owner_alone(tmp_path: Path) -> None:
    with running(tmp_path) as program:
        program.deliver(incident_body("0.a"))
        program.deliver(incident_body("0.b"))
        modes = {path.name: path.stat().st_mode & 0o777 for path in program.state_file.parent.iterdir()}
        assert program.state_file.parent.stat().st_mode & 0o777 == 0o700
    assert modes == {"state.json": 0o600, "state.json.bak": 0o600, "state.lock": 0o600}
