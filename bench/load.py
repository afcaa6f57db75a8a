"""One slice of load with wrk, and its result."""

import os
import re
import subprocess
from dataclasses import dataclass
from itertools import count
from pathlib import Path

from bench.servers import LOAD_CORE, Server
from tests.support import basic

SCRIPT = Path(__file__).with_name("load.lua")
UNITS = {"us": 1e-3, "ms": 1.0, "s": 1e3}
numbers = count()


@dataclass(frozen=True)
class Slice:
    """The result of one slice of load."""

    requests: int
    per_second: float
    p99_ms: float
    processor_us: float  # of the server, a request


def load(server: Server, hosts: int, connections: int, seconds: int) -> Slice:
    """Raises RuntimeError if any answer was not 2xx or did not come."""
    before = server.processor_seconds()
    wrk = f"wrk -t1 -c{connections} -d{seconds}s --timeout 30s --latency".split()
    command = ["taskset", "-c", LOAD_CORE, *wrk, "-s", SCRIPT, server.url]
    environment = {
        **os.environ,
        "BENCH_HOSTS": str(hosts),
        "BENCH_NAME": f"{next(numbers)}x",
        "BENCH_AUTHORIZATION": basic(),
    }
    said = subprocess.run(command, env=environment, capture_output=True, text=True, check=True).stdout
    if "Non-2xx" in said or "Socket errors" in said:
        raise RuntimeError(said)
    requests = int(_found(r"(\d+) requests in", said)[1])
    p99 = _found(r"99%\s+([\d.]+)(us|ms|s)", said)
    used = server.processor_seconds() - before
    return Slice(
        requests=requests,
        per_second=float(_found(r"Requests/sec:\s+([\d.]+)", said)[1]),
        p99_ms=float(p99[1]) * UNITS[p99[2]],
        processor_us=used / requests * 1e6,
    )


def _found(pattern: str, text: str) -> re.Match[str]:
    found = re.search(pattern, text)
    if found is None:
        raise RuntimeError(text)
    return found
