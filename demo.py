"""Shows the product in under a minute: a real server, hosts that fail and recover, and a fake Google.

Nothing leaves this machine: the server runs in a temporary directory and prints its digests here.
"""

import json
import os
import socket
import subprocess
import sys
import time
import urllib.request
from base64 import b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Thread
from urllib.parse import urlencode, urlsplit

from config import PLACEHOLDER
from lifecycle import streams
from slack import terminal

DIGEST_INTERVAL = 6  # seconds
DAY = 86400
PASSWORD = PLACEHOLDER  # so that the commands the server suggests work
SECRET = "only-for-this-demo"
CONFIG = """
listen: {{address: 127.0.0.1, port: {port}}}
gcp: {{username: google, password: {password}}}
slack: {{outgoing_token: {secret}}}
digest: {{every: {every}s}}
"""
ASK_GOOGLE = "google: {project: demo-project, every: 10s}\n"
DOWNTIME = "monitoring.googleapis.com/uptime_check/check_passed"
CERTIFICATE = "monitoring.googleapis.com/uptime_check/time_until_ssl_cert_expires"


class Google:
    """A fake Google on this machine: it delivers webhooks, and answers its API."""

    def __init__(self, server: str) -> None:
        self._server = server
        self._alerts: dict[str, dict[str, object]] = {}
        self._hosts: dict[str, None] = {}

    def report(  # noqa: PLR0913 - the parts of an incident
        self,
        number: int,
        host: str,
        started: int,
        ended: int | None,
        metric: str = DOWNTIME,
        *,
        lost: bool = False,
    ) -> None:
        """Remember an incident and deliver it, unless that delivery is `lost`."""
        incident_id, resource = f"0.demo{number:08}", _resource(host)
        policy = f"{host} uptime failure" if metric == DOWNTIME else "HTTPS certificate expiry"
        self._hosts[host] = None
        self._alerts[incident_id] = {
            "name": f"projects/demo-project/alerts/{incident_id}",
            "state": "OPEN" if ended is None else "CLOSED",
            "openTime": _time(started),
            **({"closeTime": _time(ended)} if ended else {}),
            "resource": resource,
            "metric": {"type": metric},
            "policy": {"name": "projects/demo-project/alertPolicies/1", "displayName": policy},
        }
        if lost:
            return
        incident = {
            "incident_id": incident_id,
            "state": "open" if ended is None else "closed",
            "started_at": started,
            "ended_at": ended,
            "policy_name": policy,
            "condition_name": f"Failure of uptime check_id {host.partition('.')[0]}",
            "resource": resource,
            "metric": {"type": metric, "labels": {}},
            "url": f"https://console.cloud.google.com/monitoring/alerting/alerts/{incident_id}?project=demo-project",
        }
        credentials = b64encode(f"google:{PASSWORD}".encode()).decode()
        body = json.dumps({"version": "1.2", "incident": incident}).encode()
        answer = _post(f"{self._server}/fromGCPMonitoring", body, Authorization=f"Basic {credentials}")
        print(f"   {host}: {answer.strip()}", flush=True)

    def answer(self, path: str) -> object:
        """Return what its API says, as far as the demo asks. One policy does not notify on close."""
        if path.startswith("/computeMetadata/"):
            return {"access_token": "of-the-demo", "expires_in": 3599, "token_type": "Bearer"}
        kind, _, name = path.removeprefix("/v3/projects/demo-project/").partition("/")
        if name:
            return self._alerts.get(name)
        lists: dict[str, list[object]] = {
            "alerts": [alert for alert in self._alerts.values() if alert["state"] == "OPEN"],
            "uptimeCheckConfigs": [*map(_check, self._hosts)],
            "alertPolicies": [POLICY],
            "notificationChannels": [CHANNEL],
        }
        return {kind: lists[kind]} if lists.get(kind) else {}


CHANNEL = {
    "name": "projects/demo-project/notificationChannels/7",
    "type": "webhook_basicauth",
    "displayName": "uptime-check-manager",
    "labels": {"url": "https://uptime.example.com/fromGCPMonitoring"},
}
POLICY = {
    "name": "projects/demo-project/alertPolicies/1",
    "displayName": "uptime failure",
    "conditions": [
        {"conditionThreshold": {"filter": f'metric.type="{DOWNTIME}" resource.type="uptime_url"'}}
    ],
    "notificationChannels": [CHANNEL["name"]],
    "alertStrategy": {"notificationPrompts": ["OPENED"]},
}


def main() -> None:
    with TemporaryDirectory(prefix="uptime-demo-") as folder:
        config, port = Path(folder) / "config.yaml", _free_port()
        google = Google(f"http://127.0.0.1:{port}")
        config.touch(0o600)
        config.write_text(CONFIG.format(port=port, every=DIGEST_INTERVAL, password=PASSWORD, secret=SECRET))
        with _answering(google) as place, _serving(config, port, place):
            _play(google, f"http://127.0.0.1:{port}", config)


def _play(google: Google, url: str, config: Path) -> None:
    now = int(time.time())
    _say("The server has received nothing yet, so its first digest says how to begin.")
    time.sleep(2)
    _say("Google delivers: shop was down this morning, www is failing, old's certificate is about to expire.")
    google.report(1, "shop.example.com", now - 9000, now - 8100)
    google.report(2, "www.example.com", now - 780, None)
    google.report(3, "old.example.com", now - 7200, None, CERTIFICATE)
    time.sleep(DIGEST_INTERVAL)
    _say("www recovers, and api goes down. The end of an outage of pay, eight days ago, got lost.")
    google.report(2, "www.example.com", now - 780, int(time.time()))
    google.report(4, "api.example.com", now - 60, None)
    google.report(5, "pay.example.com", now - 8 * DAY, None)
    google.report(5, "pay.example.com", now - 8 * DAY, now - 8 * DAY + 300, lost=True)
    time.sleep(DIGEST_INTERVAL)
    _say("Somebody types in Slack: uptime remove old.example.com")
    print(_type(url, "uptime remove old.example.com"), flush=True)
    time.sleep(DIGEST_INTERVAL)
    _say("The digest doubts that pay is down. With Google's project in config.yaml, the server asks Google.")
    with config.open("a") as file:
        file.write(ASK_GOOGLE)
    time.sleep(DIGEST_INTERVAL + 3)
    _say("Google's list has fixed that. Somebody types in Slack: uptime doctor")
    print(_type(url, "uptime doctor"), flush=True)
    _say("Done. `make run` starts the real server; README.md explains how to connect Google and Slack.")


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port: int = free.getsockname()[1]
    return port


@contextmanager
def _serving(config: Path, port: int, google: str) -> Iterator[None]:
    """Run the real server, which finds Google at `google`."""
    command: list[str | Path] = [sys.executable, Path(__file__).with_name("server.py"), "--config", config]
    places = {
        f"CLOUDSDK_API_ENDPOINT_OVERRIDES_{api}": f"http://{google}/" for api in ("MONITORING", "LOGGING")
    }
    environment = {**os.environ, **places, "GCE_METADATA_HOST": google}  # read by Google's own tools, too
    server = subprocess.Popen(command, stderr=subprocess.DEVNULL, env=environment)
    try:
        while not _is_there(port):
            time.sleep(0.1)
        yield
    finally:
        server.terminate()
        server.wait()


def _is_there(port: int) -> bool:
    try:
        socket.create_connection(("127.0.0.1", port)).close()
    except ConnectionRefusedError:
        return False
    return True


@contextmanager
def _answering(google: Google) -> Iterator[str]:
    """Serve Google's API and metadata server on this machine. Yields the address."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            body = json.dumps(google.answer(urlsplit(self.path).path)).encode()
            self.send_response(200)
            self.send_header("Content-Type", "application/json; charset=UTF-8")
            self.send_header("Metadata-Flavor", "Google")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def do_POST(self) -> None:
            self.rfile.read(int(self.headers["Content-Length"]))
            self.do_GET()

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield f"127.0.0.1:{server.server_port}"
        server.shutdown()


def _resource(host: str) -> dict[str, object]:
    return {"type": "uptime_url", "labels": {"host": host, "project_id": "demo-project"}}


def _check(host: str) -> dict[str, object]:
    name = host.partition(".")[0]
    return {
        "name": f"projects/demo-project/uptimeCheckConfigs/{name}",
        "displayName": name,
        "monitoredResource": _resource(host),
        "httpCheck": {"path": "/", "port": 443, "useSsl": True},
        "period": "60s",
    }


def _time(seconds: int) -> str:
    return f"{datetime.fromtimestamp(seconds, UTC):%Y-%m-%dT%H:%M:%SZ}"


def _type(url: str, text: str) -> str:
    """Send a command as Slack does, and return the answer as people see it."""
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
