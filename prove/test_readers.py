"""Readers beside the writer see a whole file, always."""

import threading
from pathlib import Path

import pytest

from prove.size import times
from prove.without import leave_out
from state.atomic_file import AtomicFile

VERSIONS = [bytes([ord("a") + n]) * 200_000 for n in range(5)]


def torn_reads(path: Path, reads: int) -> int:
    disk = AtomicFile(path)
    disk.replace([VERSIONS[0]])
    stop = threading.Event()

    def write() -> None:
        while not stop.is_set():
            for version in VERSIONS:
                disk.replace([version[:70_000], version[70_000:]])

    writer = threading.Thread(target=write)
    writer.start()
    try:
        return sum(path.read_bytes() not in VERSIONS for _ in range(reads))
    finally:
        stop.set()
        writer.join()
        disk.close()


def test_no_read_is_torn(tmp_path: Path) -> None:
    assert torn_reads(tmp_path / "state.json", times(2_000, 50_000)) == 0


def test_writing_in_place_would_tear_some(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    leave_out("in-place", monkeypatch.setattr)
    assert torn_reads(tmp_path / "state.json", 2_000) > 0
