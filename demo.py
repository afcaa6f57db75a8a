"""Shows the product in under a minute: a real server, with hosts that fail and recover.

Nothing leaves this machine: the server runs in a temporary directory and prints its digests here.
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

from config import PLACEHOLDER
from lifecycle import streams
from slack import terminal

DIGEST_INTERVAL = 6  # seconds
PASSWORD = PLACEHOLDER  # so that what the server says to try can be tried
SECRET = "only-for-this-demo"
CONFIG = """
listen: {{address: 127.0.0.1, port: {port}}}
gcp: {{username: google, password: {password}}}
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
    _say("The server has received nothing yet, so its first digest says how to begin.")
    time.sleep(2)
    _say("Google delivers: shop was down this morning, www is failing, old's certificate is about to expire.")
    _deliver(url, 1, "shop.example.com", (now - 9000, now - 8100))
    _deliver(url, 2, "www.example.com", (now - 780, None))
    _deliver(url, 3, "old.example.com", (now - 7200, None), CERTIFICATE)
    time.sleep(DIGEST_INTERVAL)
    _say("www recovers, and api goes down.")
    _deliver(url, 2, "www.example.com", (now - 780, int(time.time())))
    _deliver(url, 4, "api.example.com", (now - 60, None))
    time.sleep(DIGEST_INTERVAL)
    _say("Somebody types in Slack: uptime remove old.example.com")
    print(_type(url, "uptime remove old.example.com"), flush=True)
    time.sleep(DIGEST_INTERVAL)
    _say("Done. `make run` starts the real server; README.md explains how to connect Google and Slack.")


def _start(folder: Path) -> tuple[subprocess.Popen[bytes], str]:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    config = folder / "config.yaml"
    config.write_text(CONFIG.format(port=port, every=DIGEST_INTERVAL, password=PASSWORD, secret=SECRET))
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
    """Deliver an incident as Google does; `times` are its start and, unless it is open, its end."""
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
    credentials = b64encode(f"google:{PASSWORD}".encode()).decode()
    body = json.dumps({"version": "1.2", "incident": incident}).encode()
    answer = _post(f"{url}/fromGCPMonitoring", body, Authorization=f"Basic {credentials}")
    print(f"   {host}: {answer.strip()}", flush=True)


def _type(url: str, text: str) -> str:
    """Send a command as Slack does; returns the answer as people see it."""
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
