"""How long a start takes, from the command to the first answer."""

import time
from pathlib import Path
from urllib.error import URLError
from urllib.request import Request, urlopen

from bench.report import Row
from bench.servers import Server, configured
from bench.states import state_in

STARTS = 15
PAST_INCIDENTS = 20  # of each host
SECONDS = {1_000: (0.4, 0.25), 10_000: (1.0, 0.6)}  # required, target; a socket of systemd's waits that long


def starts(folder: Path, sizes: list[int]) -> list[Row]:
    rows = []
    for hosts in sizes:
        state = state_in(folder / "fresh", hosts, PAST_INCIDENTS)
        seconds = [_start_seconds(Server(configured(state))) for _ in range(STARTS)]
        label = f"start to first answer, s, {hosts:,} hosts, {PAST_INCIDENTS} past incidents each"
        rows.append(Row(label, seconds, *SECONDS[hosts]))
    return rows


def _start_seconds(server: Server) -> float:
    first_answer(server)
    taken = time.perf_counter() - server.started
    server.stop()
    return taken


def first_answer(server: Server) -> None:
    """Wait until the server answers, whatever it answers."""
    while True:
        try:
            urlopen(Request(f"{server.url}/fromGCPMonitoring", b"{}"), timeout=20).close()
        except URLError as error:
            if hasattr(error, "code"):  # 401 is an answer
                return
            time.sleep(0.002)
