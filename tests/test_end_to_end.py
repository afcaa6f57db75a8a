"""The real program and a stand-in for Slack: TLS, several channels, alerts, storms of 429."""

import asyncio
import shutil
import ssl
import subprocess
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.support import QUICK, Answer, FakeSlack, Program, incident_body

MINUTE = timedelta(minutes=1)


def configure(program: Program, text: str) -> None:
    program.config.write_text(f"{program.config.read_text()}\n{text}")


async def deliver(program: Program, **fields: Any) -> None:
    status, _ = await asyncio.to_thread(program.deliver, incident_body(**fields))
    assert status == 200


def ago(minutes: int) -> int:
    return int((datetime.now(UTC) - minutes * MINUTE).timestamp())


async def test_alerts_and_channels_through_the_running_program(tmp_path: Path) -> None:
    async with FakeSlack() as pay, FakeSlack() as ops:
        pay.calls = ops.calls = ["!here"]
        program = Program(tmp_path, *QUICK, every="1d")
        channels = f'- {{name: pay, webhook_url: "{pay.url}", hosts: "*.pay.test", language: ko}}'
        configure(program, f'channels:\n{channels}\n- {{name: ops, webhook_url: "{ops.url}"}}')
        configure(program, 'alerts: {hosts: "*.pay.test", hold: 2m, escalate_after: 1h, mention: here}')
        program.start()
        try:
            await pay.arrived()
            await ops.arrived()
            await deliver(program, incident_id="1", host="b.test", started_at=ago(10))
            await deliver(program, incident_id="2", host="a.pay.test", started_at=ago(90))
            await pay.arrived()
            await ops.arrived()
            assert (pay.refused, ops.refused) == ([], [])
            assert [message["text"] for message in pay.taken[1:]] == ["🔴 a.pay.test 중단"]
            assert [message["text"] for message in ops.taken[1:]] == ["🔴 a.pay.test is down"]
            assert "<!here>" in str(ops.taken[1])
            assert "b.test" not in str(ops.taken[1])
        finally:
            program.stop()
        assert (pay.refused, ops.refused) == ([], [])


async def test_after_a_storm_of_429_the_digest_comes_once(tmp_path: Path) -> None:
    async with FakeSlack() as slack:
        slack.answers = [Answer(429, "rate_limited", {"Retry-After": "1.2"})]
        program = Program(tmp_path, *QUICK, webhook_url=slack.url, every="1d").start()
        try:
            for _ in range(2):
                await slack.arrived()
            while not slack.taken:
                await asyncio.sleep(0.01)
        finally:
            program.stop()
        assert len(slack.taken) == 1


@pytest.mark.skipif(not shutil.which("openssl"), reason="needs openssl")
async def test_slack_is_reached_over_tls_and_no_impostor(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    certificate, key = tmp_path / "certificate.pem", tmp_path / "key.pem"
    make = [
        "openssl",
        "req",
        "-x509",
        "-newkey",
        "rsa:2048",
        "-nodes",
        "-days",
        "2",
        "-subj",
        "/CN=localhost",
    ]
    names = ["-addext", "subjectAltName=DNS:localhost", "-out", str(certificate), "-keyout", str(key)]
    subprocess.run([*make, *names], check=True, capture_output=True)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    async with FakeSlack(context) as slack:
        stranger = Program(tmp_path, *QUICK, webhook_url=slack.url, every="1d").start()
        while "SSLCertVerificationError" not in stranger.log():
            await asyncio.sleep(0.05)
        assert stranger.request("/healthz", None, {})[0] == 503
        stranger.stop()
        assert slack.taken == []
        monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
        trusted = Program(tmp_path, *QUICK, webhook_url=slack.url, every="1d").start()
        await slack.arrived()
        trusted.stop()
        assert len(slack.taken) == 1
