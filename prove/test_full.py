"""Full disk, no inodes, read-only, file-size limit, no descriptors: the old state stays, and nothing needs a restart."""

import contextlib
import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from prove.mounts import mounted, needs_mount, run
from state.codec import decode
from tests.support import Program, incident_body, running


def kept(program: Program) -> set[str]:
    return set(decode(program.state_file.read_bytes())[0].owners)


def deliver(program: Program, incident_id: str) -> int:
    return program.deliver(incident_body(incident_id))[0]


@contextlib.contextmanager
def full(folder: Path) -> Iterator[None]:
    filler = folder / "filler"
    with contextlib.suppress(OSError), filler.open("wb", buffering=0) as file:
        while True:
            file.write(bytes(4096))
    yield
    filler.unlink()


@contextlib.contextmanager
def without_inodes(folder: Path) -> Iterator[None]:
    made: list[Path] = []
    with contextlib.suppress(OSError):
        while True:
            made.append(folder / f"inode-{len(made)}")
            made[-1].touch()
    yield
    for path in made:
        path.unlink(missing_ok=True)


@contextlib.contextmanager
def read_only(folder: Path) -> Iterator[None]:
    """A mount with open files cannot be made read-only by hand; EROFS itself is in test_syscalls."""
    run("chattr", "+i", folder)
    yield
    run("chattr", "-i", folder)


@needs_mount
@pytest.mark.parametrize("trouble", [full, without_inodes, read_only], ids=lambda trouble: trouble.__name__)
def test_a_disk_that_refuses(tmp_path: Path, trouble: object) -> None:
    with (
        mounted(tmp_path / "var", "-t", "tmpfs", "-o", "size=256k,nr_inodes=40", "tmpfs") as folder,
        running(tmp_path) as program,
    ):
        assert deliver(program, "before") == 200
        with trouble(folder):  # type: ignore[operator]
            assert {deliver(program, f"during-{n}") for n in range(3)} == {503}
            assert program.request("/healthz", None, {})[0] == 503
            assert kept(program) == {"before"}
        assert deliver(program, "after") == 200
        assert kept(program) == {"before", "after"}
        assert program.request("/healthz", None, {})[0] == 200
        assert not [name for name in os.listdir(program.state_file.parent) if name.endswith(".tmp")]
        program.stop()
        assert "Traceback" not in program.log()


def limited(kind: str, limit: int) -> str:
    return f"""
import os, resource, signal, sys
sys.path.insert(0, os.getcwd())
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.{kind}, ({limit}, resource.getrlimit(resource.{kind})[1]))
import server
os._exit(server.main(sys.argv[1:]))
"""


def test_a_file_size_limit(tmp_path: Path) -> None:
    """The state outgrows what the process may write: refused, and what was saved stays."""
    with running(tmp_path, "-c", limited("RLIMIT_FSIZE", 3000)) as program:
        statuses = [deliver(program, f"{n}") for n in range(40)]
        saved = {f"{n}" for n, status in enumerate(statuses) if status == 200}
        assert set(statuses) == {200, 503}
        assert kept(program) == saved
        program.stop()


def test_no_descriptor_left(tmp_path: Path) -> None:
    """All but a few descriptors are taken by idle connections: deliveries pass all the same."""
    with running(tmp_path, "-c", limited("RLIMIT_NOFILE", 48)) as program:
        assert {deliver(program, f"{n}") for n in range(30)} == {200}
        assert len(kept(program)) == 30
        program.stop()
