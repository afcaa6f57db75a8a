"""Deliveries by many clients at once; what was answered 200 is remembered outside the program."""

import http.client
import json
import threading
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from state.decoding import UnreadableState
from tests.builders import known
from tests.support import basic, incident_body


@dataclass
class Traffic:
    """Clients that deliver until they are stopped. `acknowledged` holds the ids answered 200."""

    url: str
    clients: int = 8
    acknowledged: set[str] = field(default_factory=set)
    refused: list[str] = field(default_factory=list)  # connections that were refused
    broken: int = 0  # requests without a response
    unexpected: list[int] = field(default_factory=list)  # statuses that are neither 200 nor 503
    answered: int = 0

    def start(self, name: str) -> None:
        self._stop = threading.Event()
        self._threads = [
            threading.Thread(target=self._deliver, args=(f"{name}-{n}",)) for n in range(self.clients)
        ]
        for thread in self._threads:
            thread.start()

    def stop(self) -> None:
        self._stop.set()
        for thread in self._threads:
            thread.join()

    def wait_for(self, acknowledged: int) -> None:
        while len(self.acknowledged) < acknowledged and any(t.is_alive() for t in self._threads):
            self.pause()

    def pause(self) -> None:
        self._stop.wait(0.01)

    def _deliver(self, name: str) -> None:
        address = urlsplit(self.url).netloc
        connection = http.client.HTTPConnection(address, timeout=30)
        number = 0
        while not self._stop.is_set():
            number += 1
            try:
                status = self._one(connection, f"{name}-{number}", f"{name}-{number % 20}.test")
            except ConnectionRefusedError:
                self.refused.append(name)
                self._stop.wait(0.01)
            except (OSError, http.client.HTTPException):
                self.broken += 1
                connection.close()
            else:
                self.answered += 1
                if status == 200:
                    self.acknowledged.add(f"{name}-{number}")
                elif status != 503:
                    self.unexpected.append(status)
        connection.close()

    def _one(self, connection: http.client.HTTPConnection, incident_id: str, host: str) -> int:
        body = json.dumps(incident_body(incident_id, host=host))
        connection.request("POST", "/fromGCPMonitoring", body, {"Authorization": basic()})
        response = connection.getresponse()
        response.read()
        return response.status


def missing(acknowledged: set[str], state_file: Path) -> set[str]:
    """What was acknowledged and is not in the file; all of it if the file cannot be read."""
    try:
        return acknowledged - known(state_file)
    except (UnreadableState, FileNotFoundError):
        return acknowledged
