"""A mount whose server is gone: whatever touches a file below it waits, as on NFS."""

import ctypes
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

LAZILY = 2  # MNT_DETACH of umount2(2)
LIBC = ctypes.CDLL(None, use_errno=True)


class DeadMount:
    """Over a folder, whose files are hidden until it is `taken_away`."""

    def __init__(self, folder: Path) -> None:
        """Skips the test where this user may not mount anything."""
        self._folder = os.fsencode(folder)
        try:
            self._server = os.open("/dev/fuse", os.O_RDWR | os.O_CLOEXEC)
        except OSError as error:
            pytest.skip(f"FUSE cannot be used: {error}")
        options = f"fd={self._server},rootmode=40000,user_id=0,group_id=0,allow_other".encode()
        if LIBC.mount(b"dead", self._folder, b"fuse", 0, options):
            self.give_up()
            pytest.skip(f"nothing can be mounted: {os.strerror(ctypes.get_errno())}")

    def taken_away(self) -> None:
        """The files below can be read again; what already waits keeps waiting."""
        LIBC.umount2(self._folder, LAZILY)

    def give_up(self) -> None:
        """Whatever waits gets an error."""
        if self._server >= 0:
            os.close(self._server)
        self._server = -1


@contextmanager
def dead_mount(folder: Path) -> Iterator[DeadMount]:
    mount = DeadMount(folder)
    try:
        yield mount
    finally:
        mount.taken_away()
        mount.give_up()
