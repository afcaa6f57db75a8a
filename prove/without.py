"""The server with one of its promises taken out: the proofs must notice each. Usage: without.py WHAT [ARGUMENT …]"""

import asyncio
import os
import sys
from collections.abc import Callable, Sequence
from contextlib import suppress
from functools import partial
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import filelock

import server
from state import changes, codec, disk, loading, store
from state.changes import Change
from state.draft import Draft


async def acknowledge_first(self: store.Store, change: Change) -> bool:
    """Publish and answer now, save some time later."""
    draft = Draft(self.state)
    patch = change(draft)
    changes.apply(draft, patch)
    for name, host in draft.changed_hosts.changed.items():
        self._lines.put(name, None if host is None else codec.encode_host(host))
    draft.publish()
    if patch and not getattr(self, "_late", False):
        self._late = True  # type: ignore[attr-defined]
        asyncio.get_running_loop().call_later(0.2, _save_late, self)
    return bool(patch)


def _save_late(self: store.Store) -> None:
    self._late = False  # type: ignore[attr-defined]
    self._writer = asyncio.create_task(self._save(Draft(self.state)))


def in_place(self: disk.Disk, pieces: Sequence[bytes]) -> None:
    """Write over the file itself, a piece at a time."""
    with self.path.open("wb", buffering=0) as file:
        for piece in pieces:
            file.write(piece)


def no_fsync(_descriptor: int) -> None:
    """Leave it to the kernel when to write."""


def _fsync_unread(fsync: Callable[[int], None], descriptor: int) -> None:
    with suppress(OSError):
        fsync(descriptor)


def leave_out(what: str) -> None:
    if what == "acknowledge-first":
        store.Store.commit = acknowledge_first  # type: ignore[method-assign]
    elif what == "in-place":
        disk.Disk.replace = in_place  # type: ignore[method-assign]
    elif what == "no-fsync":
        os.fsync = no_fsync  # type: ignore[assignment]
    elif what == "fsync-errors":
        os.fsync = partial(_fsync_unread, os.fsync)
    elif what == "locks":
        setattr(loading, "lock_descriptor", lambda *_, **__: True)  # noqa: B010 - a name it imported
        filelock.FileLock.acquire = lambda *_, **__: None  # type: ignore[method-assign, assignment]


if __name__ == "__main__":
    leave_out(sys.argv[1])
    code = server.main(sys.argv[2:])
    sys.stdout.flush()
    os._exit(code)
