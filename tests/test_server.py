"""End to end: the real program, real sockets, real signals, a strict stand-in for Slack."""

import asyncio
import json
import signal
import socket
import sys
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.fake_slack import FakeSlack
from tests.process import ended
from tests.program import QUICK, Program, running
from tests.support import PATIENCE, ROOT, basic, incident_body


def test_what_google_and_people_sent_survives_a_kill(tmp_path: Path) -> None:
    now = int(time.time())
    opened = incident_body(started_at=now - 7200)
    with running(tmp_path) as program:
        assert program.deliver(opened) == (200, {"result": "recorded", "host": "www.example.com"})
        assert program.deliver(opened)[1]["result"] == "unchanged"
        assert "`www.example.com` is down" in program.command("check")["text"]
        assert "(by steve, " in program.say("uptime remove <http://www.example.com|www.example.com>")
        program.say("uptime restore www.example.com")
        assert "1 incident resolved by steve" in program.say("uptime resolve www.example.com")
        log = program.say("uptime log")
        program.stop(signal.SIGKILL)
        program.start()
        assert (program.say("uptime log"), log.count("www.example.com")) == (log, 3)
        assert "resolved by steve" in program.say("uptime check")
        program.deliver(incident_body(state="closed", started_at=now - 7200, ended_at=now - 3600))
        told = program.say("uptime check")
        assert ("after 1 h" in told, "resolved" in told) == (True, False)
        assert program.stop() == 0
    assert "Traceback" not in program.log()


def test_every_acknowledged_delivery_survives_a_kill_under_load(tmp_path: Path) -> None:
    """The shortest form of the kill loop of prove/; what was answered 200 is written down outside the program."""
    acknowledged: set[str] = set()
    under_load = threading.Event()
    with running(tmp_path) as program:
        with ThreadPoolExecutor(8) as clients:
            for number in range(8):
                clients.submit(_deliver_until_dead, program, acknowledged, str(number), under_load)
            assert under_load.wait(PATIENCE)
            program.stop(signal.SIGKILL)
        program.start()
        kept = json.loads(program.state_file.read_bytes())["hosts"]
    assert acknowledged <= {i["id"] for host in kept.values() for i in host["open"]}


def _deliver_until_dead(
    program: Program, acknowledged: set[str], client: str, under_load: threading.Event
) -> None:
    for n in range(10_000):
        incident_id = f"{client}-{n}"
        try:
            status, _ = program.deliver(incident_body(incident_id, host=f"{client}.test"))
        except OSError:
            return
        if status == 200:
            acknowledged.add(incident_id)
            if n == 20:
                under_load.set()


def test_a_delivery_in_flight_is_answered_when_the_program_is_told_to_stop(tmp_path: Path) -> None:
    """Half of its body has arrived when SIGTERM comes."""
    with running(tmp_path) as program:
        body = json.dumps(incident_body()).encode()
        head = f"POST /fromGCPMonitoring HTTP/1.1\r\nHost: x\r\nAuthorization: {basic()}\r\n"
        with socket.create_connection(("127.0.0.1", program.port), timeout=PATIENCE) as client:
            client.sendall(b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n")
            assert client.recv(10_000).startswith(b"HTTP/1.1 200")
            client.sendall(f"{head}Content-Length: {len(body)}\r\n\r\n".encode() + body[:50])
            program.process.send_signal(signal.SIGTERM)
            program.until(lambda: "stopping" in program.log())
            client.sendall(body[50:])
            answer = client.recv(10_000)
        program.process.wait(PATIENCE)
        assert answer.startswith(b"HTTP/1.1 200")
        assert "www.example.com" in program.state_file.read_text()


async def test_digests_come_when_due_and_are_not_doubled_by_a_restart(tmp_path: Path) -> None:
    async with FakeSlack() as slack:
        program = Program(tmp_path, *QUICK, webhook_url=slack.url, every="1d")
        await asyncio.to_thread(program.start)
        await slack.arrived()
        await asyncio.to_thread(program.stop)
        await asyncio.to_thread(program.start)
        await asyncio.to_thread(program.deliver, incident_body())
        await asyncio.to_thread(program.stop)
        assert (len(slack.taken), slack.refused) == (1, [])
        program.configure(webhook_url=slack.url, every="1s")
        await asyncio.to_thread(program.start)
        while "www.example.com" not in json.dumps(slack.taken):
            await slack.arrived()
        await asyncio.to_thread(program.stop)
        assert slack.refused == []
        assert "secret" not in program.log()


async def test_each_channel_gets_the_alerts_of_its_hosts(tmp_path: Path) -> None:
    async with FakeSlack() as pay, FakeSlack() as ops:
        pay.calls = ops.calls = ["!here"]
        program = Program(tmp_path, *QUICK, every="1d")
        with program.config.open("a") as config:
            config.write(f"""
channels:
- {{name: pay, webhook_url: "{pay.url}", hosts: "*.pay.test", language: ko}}
- {{name: ops, webhook_url: "{ops.url}"}}
alerts: {{hosts: "*.pay.test", hold: 2m, escalate_after: 1h, mention: here}}
""")
        program.start()
        try:
            await asyncio.gather(pay.arrived(), ops.arrived())
            began = int(time.time()) - 90 * 60
            for host in ("b.test", "a.pay.test"):
                await asyncio.to_thread(program.deliver, incident_body(host, host=host, started_at=began))
            await asyncio.gather(pay.arrived(), ops.arrived())
        finally:
            await asyncio.to_thread(program.stop)
        assert (pay.refused, ops.refused) == ([], [])
        assert [message["text"] for message in pay.taken[1:]] == ["🔴 a.pay.test 중단"]
        assert [message["text"] for message in ops.taken[1:]] == ["🔴 a.pay.test is down"]
        assert ("<!here>" in str(ops.taken[1]), "b.test" in str(ops.taken[1])) == (True, False)


FAULTY = """
import sys
from lifecycle import main, serving
serving.{name}, serving.TICK = None, 0.1  # to call it is a fault
sys.exit(main.main(sys.argv[1:]))
"""


@pytest.mark.parametrize("name", ["Service.problems", "Reloader.poll"])
def test_a_bug_in_the_program_does_not_end_as_a_success(tmp_path: Path, name: str) -> None:
    """So that systemd starts it again. What was acknowledged is on the disk."""
    with running(tmp_path, "-c", FAULTY.format(name=name)) as program:
        assert program.process.wait(PATIENCE) == 70
    assert "unhandled exception" in program.log()
    assert "'NoneType' object is not callable" in program.log()


def test_without_a_webhook_the_digest_appears_in_the_terminal(tmp_path: Path) -> None:
    with running(tmp_path, every="1s") as program:
        program.deliver(incident_body())
        assert program.process.stdout
        for line in program.process.stdout:
            if "www.example.com" in line:
                break


@pytest.mark.parametrize(
    ("spoil", "code", "said"),
    [
        (lambda state: state.write_text("{"), 65, "Put a backup in its place"),
        (lambda state: state.symlink_to("elsewhere.json"), 77, "is a symbolic link; name the file itself"),
        (
            lambda state: (state.parent.rmdir(), state.parent.touch()),
            71,
            "cannot keep the state in {state} (state_file): {state.parent} is not a folder; move it away",
        ),
        (
            lambda state: (state.parent.rmdir(), state.parent.symlink_to("none")),
            71,
            "(state_file): {state.parent} is a link to none: No such file or directory; create its target",
        ),
    ],
    ids=["damaged", "linked", "nowhere", "dangling"],
)
def test_an_unusable_state_is_refused_with_what_to_do(
    tmp_path: Path, spoil: Callable[[Path], object], code: int, said: str
) -> None:
    program = Program(tmp_path)
    program.state_file.parent.mkdir()
    spoil(program.state_file)
    refused = program.run()
    assert (refused.returncode, "Traceback" in refused.stderr) == (code, False)
    assert said.format(state=program.state_file) in refused.stderr


def test_without_its_packages_it_says_how_to_install_them() -> None:
    code = f"import sys; sys.path.insert(0, {str(ROOT)!r}); import server; server.run()"
    done = ended(sys.executable, "-I", "-S", "-c", code)
    assert (done.returncode, "Traceback" in done.stderr) == (1, False)
    assert "with `make run`, or for the service `sudo make install`" in done.stderr


def test_a_port_or_a_state_in_use_is_reported_plainly(tmp_path: Path) -> None:
    with running(tmp_path) as program:
        (tmp_path / "second").mkdir()
        second, port = Program(tmp_path / "second"), program.port
        second.config.write_text(second.config.read_text().replace("port: 0", f"port: {port}"))
        refused, again = (each.run() for each in (second, program))
        assert f"process {program.process.pid} owns" in again.stderr
    assert (again.returncode, refused.returncode) == (75, 71)
    assert "; stop that one first, or give this one a state_file and a listen.port of its own" in again.stderr
    assert f"cannot listen on 127.0.0.1, port {port} (listen.address, listen.port): " in refused.stderr
    assert f"Address already in use; `ss -ltnp sport = :{port}` shows by whom: stop that" in refused.stderr
    assert "Traceback" not in refused.stderr
