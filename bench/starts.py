"""How long a start takes, from the command to the first answer."""

import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from urllib.error import URLError
from urllib.request import Request, urlopen

from bench.report import Row
from bench.servers import Server, bare, configured
from bench.states import state_in

STARTS = 15  # a start takes a tenth of a second, in which the machine is fast or slow


def starts(folder: Path, sizes: list[int]) -> list[Row]:
    """In turn with the yardstick."""
    limits = {1_000: (1.6, 1.25), 10_000: (2.0, 1.5)}
    rows = []
    for hosts in sizes:
        ours = partial(Server, configured(state_in(folder / "fresh", hosts, 1)))
        ratios = [_start_seconds(ours) / _start_seconds(bare) for _ in range(STARTS)]
        rows.append(Row(f"start to first answer ÷ bare, {hosts:,} hosts", ratios, *limits[hosts]))
    return rows


def _start_seconds(start: Callable[[], Server]) -> float:
    began = time.perf_counter()
    server = start()
    first_answer(server)
    taken = time.perf_counter() - began
    server.stop()
    return taken


def first_answer(server: Server) -> None:
    while True:
        try:
            urlopen(Request(f"{server.url}/fromGCPMonitoring", b"{}"), timeout=20).close()
        except URLError as error:
            if hasattr(error, "code"):  # 401 is an answer
                return
            time.sleep(0.002)
