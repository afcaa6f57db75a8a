"""A name server that does not answer: deliveries are still saved, and a stop does not wait for it."""

import contextlib
import http.client
import json
import os
import signal
import subprocess
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from prove.without import WITHOUT
from tests.program import Program
from tests.support import basic, incident_body

LOOKUPS = min(32, (os.cpu_count() or 1) + 4)  # that asyncio has threads for
CHANNELS = "".join(
    f"  - {{name: c{n}, webhook_url: 'https://s{n}.test/services/T0/B0/x'}}\n" for n in range(LOOKUPS + 2)
)


@contextlib.contextmanager
def looking_up(folder: Path, step: str) -> Iterator[Program]:
    """A server with all its threads for name lookups waiting for an answer."""
    program = Program(folder, WITHOUT, step)
    written = program.config.read_text().replace('webhook_url: "", ', "")
    program.config.write_text(f"{written}channels:\n{CHANNELS}")
    program.start()
    try:
        program.until(lambda: program.log().count("looking up") >= LOOKUPS)
        yield program
    finally:
        program.stop(signal.SIGKILL)


def test_deliveries_are_saved_and_a_stop_does_not_wait_for_name_lookups(tmp_path: Path) -> None:
    with looking_up(tmp_path, "names") as program:
        assert program.deliver(incident_body())[0] == 200
        assert program.stop() == 0
    assert "Traceback" not in program.log()


def test_in_shared_threads_nothing_would_be_saved(tmp_path: Path) -> None:
    with looking_up(tmp_path, "own-thread") as program:
        client = http.client.HTTPConnection(urlsplit(program.url).netloc, timeout=3)
        body = json.dumps(incident_body())
        client.request("POST", "/fromGCPMonitoring", body, {"Authorization": basic()})
        with contextlib.closing(client), pytest.raises(TimeoutError):
            client.getresponse()


def test_a_stop_that_waits_for_its_threads_would_never_end(tmp_path: Path) -> None:
    with looking_up(tmp_path, "ending-at-once") as program:
        program.process.send_signal(signal.SIGTERM)
        program.until(lambda: "stopping" in program.log())
        with pytest.raises(subprocess.TimeoutExpired):
            program.process.wait(5)
