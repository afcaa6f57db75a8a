"""Mutated requests: whatever a stranger sends, an answer below 500 or none, no traceback, nothing grows."""

import json
import random
import socket
from pathlib import Path

import pytest

from prove.size import times
from prove.without import WITHOUT
from tests.process import descriptors, resident_kb
from tests.program import Program, running
from tests.support import TOKEN, basic, incident_body

SEED = 20261122
MOST_GROWN = 5_000  # kB
HOSTILE = [
    b"\x00", b"\xff", b"\r\n", b"\r\n\r\n", b"\\ud800", b"NaN", b"1e999", b"[" * 50, b'{"a":' * 50, b"9" * 400, b"<!channel>",
    b"\xed\xa0\x80", b"%00", b"Content-Length: 5\r\n", b"Transfer-Encoding: chunked\r\n", b"../", b"\x1b[31m", b"null", b"{}",
]  # fmt: skip


def samples() -> list[bytes]:
    incident = json.dumps(incident_body()).encode()
    form = (
        f"token={TOKEN}&user_id=U1&user_name=a&text=uptime+check+www.example.com&trigger_word=uptime".encode()
    )
    basic_line = f"Authorization: {basic()}\r\n".encode()
    return [
        b"POST /fromGCPMonitoring HTTP/1.1\r\nHost: x\r\n%bContent-Length: %d\r\n\r\n%b"
        % (basic_line, len(incident), incident),
        b"POST /fromSlack HTTP/1.1\r\nHost: x\r\nContent-Length: %d\r\n\r\n%b" % (len(form), form),
        b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n",
    ]


def mutated(dice: random.Random, seeds: list[bytes]) -> bytes:
    """One to four changes: a byte flipped, something hostile put in, a part cut or doubled, two spliced."""
    data = bytearray(dice.choice(seeds))
    for _ in range(dice.randint(1, 4)):
        at = dice.randrange(len(data) + 1)
        match dice.randrange(5):
            case 0 if data:
                data[at - 1] ^= 1 << dice.randrange(8)
            case 1:
                data[at:at] = dice.choice(HOSTILE)
            case 2:
                del data[at : at + dice.randrange(30)]
            case 3:
                data[at:at] = data[at : at + dice.randrange(60)]
            case _:
                data[at:] = dice.choice(seeds)[at:]
    return bytes(data)


def repaired(data: bytes) -> bytes:
    """With the right Content-Length again, so that most reach the handlers."""
    head, _, body = data.partition(b"\r\n\r\n")
    lines = [line for line in head.split(b"\r\n") if not line.lower().startswith(b"content-length")]
    return b"\r\n".join([*lines, b"Content-Length: %d" % len(body), b"", b""]) + body


def status_of(program: Program, data: bytes) -> int:
    """0: closed without an answer."""
    with socket.create_connection(("127.0.0.1", program.port), timeout=20) as client:
        try:
            client.sendall(data)
            client.shutdown(socket.SHUT_WR)  # what is incomplete stays so: nobody waits for more
            answer = client.recv(4096)
        except ConnectionError:
            return 0
    return int(answer.split()[1]) if answer.startswith(b"HTTP/1.1 ") else 0


def resources(program: Program) -> tuple[int, int]:
    """Resident memory in kB, open descriptors."""
    pid = program.process.pid
    return resident_kb(pid), descriptors(pid)


def mutate(program: Program, warm_up: int, often: int) -> tuple[dict[int, int], tuple[int, int]]:
    """Return how often each status was seen, and by how much memory and descriptors grew after the warm-up."""
    dice, seeds = random.Random(SEED), samples()
    seen: dict[int, int] = {}
    before = (0, 0)
    for number in range(often):
        data = mutated(dice, seeds)
        status = status_of(program, repaired(data) if number % 2 else data)
        seen[status] = seen.get(status, 0) + 1
        if number == warm_up:
            before = resources(program)
    after = resources(program)
    return seen, (after[0] - before[0], after[1] - before[1])


def test_no_mutated_request_breaks_anything(tmp_path: Path) -> None:
    with running(tmp_path) as program:
        seen, grown = mutate(program, times(10_000, 50_000), times(20_000, 1_000_000))
        assert program.deliver(incident_body("0.alive"))[0] == 200
        program.stop()
    print(f"statuses {dict(sorted(seen.items()))}; kB and descriptors grew by {grown}")
    assert max(seen) < 500
    assert min(seen[200], seen[400]) > 100
    assert "Traceback" not in program.log()
    assert grown[0] < MOST_GROWN
    assert grown[1] <= 2


def test_a_server_that_keeps_what_it_got_would_grow(tmp_path: Path) -> None:
    with running(tmp_path, WITHOUT, "letting-go") as program:
        _, grown = mutate(program, 1_000, 6_000)
    assert grown[0] > MOST_GROWN
    assert grown[1] > 2


@pytest.mark.parametrize("step", ["strict-json", "error-table"])
def test_with_a_step_left_out_some_would_break_it(tmp_path: Path, step: str) -> None:
    with running(tmp_path, WITHOUT, step) as program:
        seen, _ = mutate(program, 0, 500)
    assert seen[500] > 0
    assert "Traceback" in program.log()
