"""A running server meets a limit, and the limit is lifted: 503 in between, the old state stays, no restart."""

import contextlib
import resource
from collections.abc import Iterator
from pathlib import Path

from prove.service import Client, left_over, prepared
from prove.traffic import missing
from prove.without import WITHOUT
from tests.builders import known
from tests.program import Program

STANDARD_STREAMS = 3  # descriptors that are always taken: with no more allowed, none can be opened


@contextlib.contextmanager
def limited(program: Program, what: int, most: int) -> Iterator[None]:
    before = resource.prlimit(program.process.pid, what)
    resource.prlimit(program.process.pid, what, (most, before[1]))
    try:
        yield
    finally:
        resource.prlimit(program.process.pid, what, before)


def refused_then_taken(
    program: Program, client: Client, trouble: contextlib.AbstractContextManager[None]
) -> None:
    before = known(program.state_file)
    with trouble:
        assert {client.deliver(f"during-{n}") for n in range(3)} == {503}
        assert client.health() == 503
        assert known(program.state_file) == before
        assert left_over(program) == []
    assert client.deliver("after") == 200
    assert known(program.state_file) == before | {"after"}
    assert client.health() == 200


def test_the_file_outgrows_its_limit(tmp_path: Path) -> None:
    with prepared(tmp_path, known=30) as (program, client):
        size = program.state_file.stat().st_size
        refused_then_taken(program, client, limited(program, resource.RLIMIT_FSIZE, size))


def test_writing_in_place_would_lose_what_outgrows_the_limit(tmp_path: Path) -> None:
    with prepared(tmp_path, WITHOUT, "in-place", known=30) as (program, client):
        acknowledged = known(program.state_file)
        size = program.state_file.stat().st_size
        with limited(program, resource.RLIMIT_FSIZE, size):
            client.deliver("during")
        assert missing(acknowledged, program.state_file)


def test_every_descriptor_is_taken(tmp_path: Path) -> None:
    with prepared(tmp_path) as (program, client):
        refused_then_taken(program, client, limited(program, resource.RLIMIT_NOFILE, STANDARD_STREAMS))
