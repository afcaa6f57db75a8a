"""The product in under a minute: a real server, real HTTP, hosts that fail and recover.

Nothing leaves this machine: the server runs in a temporary folder and shows its digests here.
"""

import json
import socket
import subprocess
import sys
import time
import urllib.request
from base64 import b64encode
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.parse import urlencode

from lifecycle import streams
from slack import terminal

EVERY = 6  # seconds between two digests
SECRET = "only-for-this-demo"
CONFIG = """
listen: {{address: 127.0.0.1, port: {port}}}
gcp: {{username: google, password: {secret}}}
slack: {{outgoing_token: {secret}}}
digest: {{every: {every}s}}
"""
DOWNTIME = "monitoring.googleapis.com/uptime_check/check_passed"
CERTIFICATE = "monitoring.googleapis.com/uptime_check/time_until_ssl_cert_expires"


def main() -> None:
    with TemporaryDirectory(prefix="uptime-demo-") as folder:
        server, url = _start(Path(folder))
        try:
            _play(url)
        finally:
            server.terminate()
            server.wait()


def _play(url: str) -> None:
    now = int(time.time())
    _say("Nobody has told the server anything yet, so its first digest says how to begin.")
    time.sleep(2)
    _say(
        "Google delivers: shop was down for a while this morning, www fails now, old's certificate runs out."
    )
    _deliver(url, 1, "shop.example.com", (now - 9000, now - 8100))
    _deliver(url, 2, "www.example.com", (now - 780, None))
    _deliver(url, 3, "old.example.com", (now - 7200, None), CERTIFICATE)
    time.sleep(EVERY)
    _say("www recovers, and api goes down.")
    _deliver(url, 2, "www.example.com", (now - 780, int(time.time())))
    _deliver(url, 4, "api.example.com", (now - 60, None))
    time.sleep(EVERY)
    _say("In Slack somebody types: uptime remove old.example.com")
    print(_ask(url, "uptime remove old.example.com"))
    time.sleep(EVERY)
    _say("That was it. `make run` starts the real one; README.md says how to connect Google and Slack.")


def _start(folder: Path) -> tuple[subprocess.Popen[bytes], str]:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    config = folder / "config.yaml"
    config.write_text(CONFIG.format(port=port, every=EVERY, secret=SECRET))
    config.chmod(0o600)
    program = Path(__file__).with_name("server.py")
    server = subprocess.Popen([sys.executable, program, "--config", config], stderr=subprocess.DEVNULL)
    while True:
        try:
            socket.create_connection(("127.0.0.1", port)).close()
        except ConnectionRefusedError:
            time.sleep(0.1)
        else:
            return server, f"http://127.0.0.1:{port}"


def _deliver(url: str, number: int, host: str, times: tuple[int, int | None], metric: str = DOWNTIME) -> None:
    """A delivery as Google makes it; `times` are the start and, if it is over, the end."""
    started, ended = times
    incident_id = f"demo-{number}"
    incident = {
        "incident_id": incident_id,
        "state": "open" if ended is None else "closed",
        "started_at": started,
        "ended_at": ended,
        "policy_name": f"{host} uptime failure" if metric == DOWNTIME else "HTTPS certificate expiry",
        "condition_name": f"Failure of uptime check_id {host.partition('.')[0]}",
        "resource": {"type": "uptime_url", "labels": {"host": host, "project_id": "demo"}},
        "metric": {"type": metric, "labels": {}},
        "url": f"https://console.cloud.google.com/monitoring/alerting/alerts/{incident_id}?project=demo",
    }
    credentials = b64encode(f"google:{SECRET}".encode()).decode()
    body = json.dumps({"version": "1.2", "incident": incident}).encode()
    print(f"   {host}: {_post(f'{url}/fromGCPMonitoring', body, Authorization=f'Basic {credentials}')}")


def _ask(url: str, text: str) -> str:
    """A command as Slack sends it; the answer as people see it."""
    form = {"token": SECRET, "user_id": "U1", "user_name": "you", "text": text, "trigger_word": "uptime"}
    return terminal.render({"text": json.loads(_post(f"{url}/fromSlack", urlencode(form).encode()))["text"]})


def _post(url: str, body: bytes, **headers: str) -> str:
    with urllib.request.urlopen(urllib.request.Request(url, body, headers), timeout=10) as response:
        return str(response.read(), "utf-8")


def _say(text: str) -> None:
    print(f"\n── {text}", flush=True)


if __name__ == "__main__":
    streams.set_up()
    main()
