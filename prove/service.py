"""A server that is idle between the requests of one client, and the temporary files that it left."""

import contextlib
import http.client
import json
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

from tests.program import Program, running
from tests.support import basic, incident_body


class Client:
    """Uses one connection throughout, so that system calls for connections do not disturb a count."""

    def __init__(self, program: Program) -> None:
        self._connection = http.client.HTTPConnection(urlsplit(program.url).netloc, timeout=20)

    def deliver(self, incident_id: str) -> int:
        return self._ask("POST", "/fromGCPMonitoring", json.dumps(incident_body(incident_id)))

    def health(self) -> int:
        return self._ask("GET", "/healthz")

    def close(self) -> None:
        self._connection.close()

    def _ask(self, method: str, path: str, body: str | None = None) -> int:
        self._connection.request(method, path, body, {"Authorization": basic()})
        response = self._connection.getresponse()
        response.read()
        return response.status


@contextlib.contextmanager
def prepared(folder: Path, *program: str | Path, known: int = 3) -> Iterator[tuple[Program, Client]]:
    """A server with some incidents that saves nothing by itself for an hour."""
    with running(folder, *program) as started:
        started.until(lambda: "digest posted" in started.log())
        with contextlib.closing(Client(started)) as client:
            assert [client.deliver(f"before-{number}") for number in range(known)] == [200] * known
            yield started, client
        assert "Traceback" not in started.log()


def left_over(program: Program) -> list[str]:
    return [path.name for path in program.state_file.parent.iterdir() if path.name.endswith(".tmp")]
