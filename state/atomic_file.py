"""One file, replaced whole or not at all, with its last version beside it as `.bak`.

Every call is relative to one open directory. What each step is for is said beside it; the
protocol is that of SQLite's and etcd's crash tests: temporary file, fsync, rename, fsync of the directory.
"""

import errno
import os
import stat
from collections.abc import Sequence
from contextlib import suppress
from itertools import count
from pathlib import Path

from state.mounts import not_replaceable

IOV_MAX = 1024  # how many pieces one writev takes on Linux
PATH_LEADS_NOWHERE = (errno.ENOENT, errno.ENOTDIR, errno.ELOOP)  # a path that leads nowhere
Identity = tuple[int, int, int, int]  # whose number and whose content: a file written over keeps its number


class UnsafeFile(Exception):
    """The file cannot safely be ours; the text says why and what to do."""


class StateReplaced(Exception):
    """Another file, or another folder, lies where ours was: this process must not write any more."""


def backup_path(path: Path) -> Path:
    """Where the version before the one in `path` is kept."""
    return path.with_name(f"{path.name}.bak")


class AtomicFile:
    """Reads and replaces `path`. Only the holder of the directory's lock may write."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.bak_path = backup_path(path)
        self._name = path.name
        self._link_name = f".{path.name}.bak.tmp"
        self._identity: Identity | None = None  # of the file as we last read or wrote it, if there was one
        self._bak_identity: Identity | None = None  # of the version that is kept beside it
        self.was_deleted = False  # the last save found no file where the one before had left it
        self._versions: list[int] = []  # descriptors of the versions that we wrote, the latest last
        self._numbers = count()
        self._leftovers: set[str] = set()  # names that could not be removed yet
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        self.directory = os.open(path.parent, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        self._folder = _folder_identity(os.fstat(self.directory))

    def close(self) -> None:
        self._close_versions(0)
        os.close(self.directory)

    def release_old_versions(self) -> None:
        """Free what neither name stands for any more; of a large file, that takes as long as writing it."""
        self._close_versions(2)

    def _close_versions(self, latest: int) -> None:
        while len(self._versions) > latest:
            with suppress(OSError):  # it was synced, and is no longer needed
                os.close(self._versions.pop(0))

    def sweep(self) -> None:
        """Remove what a killed process left of a save."""
        for entry in os.listdir(self.directory):
            if entry.startswith(f".{self._name}.") and entry.endswith(".tmp"):
                self._unlink(entry)

    def read(self) -> bytes | None:
        """The file's bytes, durable from now on; None if there is no file.

        Raises Refused, OSError.
        """
        if wrong := not_replaceable(self.path) or not_replaceable(self.bak_path):
            raise UnsafeFile(wrong)
        data, self._identity = self._read(self._name)
        self._bak_identity = self._identity_of(self.bak_path.name)  # not read: the file is whole without it
        return data

    def read_bak(self) -> bytes | None:
        return self._read(self.bak_path.name)[0]

    def quarantine(self, name: str) -> None:
        """Give the file another name, so that nothing overwrites it."""
        os.rename(self._name, name, src_dir_fd=self.directory, dst_dir_fd=self.directory)
        os.fsync(self.directory)
        self._identity = None

    def create_empty(self, name: str) -> None:
        """An empty file, for those to come. Raises OSError."""
        flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC
        os.close(os.open(name, flags, 0o600, dir_fd=self.directory))
        os.fsync(self.directory)

    def is_in_place(self) -> bool:
        """Would a start now find what was last read or written here? False: somebody deleted the file.

        Raises OSError or Replaced.
        """
        self._check_folder()
        return not self._is_deleted()

    def replace(self, pieces: Sequence[bytes]) -> None:
        """Make the file hold `pieces`, durably, also if somebody has deleted it. Raises OSError or Replaced.

        After an error the file holds the old version, or (only if one of the last steps failed) the new one.
        """
        self._check_folder()
        for name in self._leftovers.copy():
            self._unlink(name)
        temporary = f".{self._name}.{os.getpid()}.{next(self._numbers)}.tmp"
        # O_EXCL and O_NOFOLLOW: no planted file or link; 0600 from the first moment.
        flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC
        descriptor = os.open(temporary, flags, 0o600, dir_fd=self.directory)
        try:
            _write_all(descriptor, pieces)
            # A failed fsync is never repeated on the same file: the kernel may have dropped the pages.
            os.fsync(descriptor)
            self._keep_last_version()
            self.was_deleted = self._is_deleted()
            identity = _identity(os.fstat(descriptor))
            # A reader sees the old file or the new one, never a part.
            os.rename(temporary, self._name, src_dir_fd=self.directory, dst_dir_fd=self.directory)
        except BaseException:
            self._abort(descriptor, temporary)
            raise
        self._identity = identity
        self._versions.append(descriptor)
        # Without this a power cut can bring the old name back, after the answer was given.
        os.fsync(self.directory)
        # An xfs that has shut down takes the fsync of a directory for done, but no look at a file.
        if not self.is_in_place():
            raise FileNotFoundError(errno.ENOENT, "deleted while it was being saved", str(self.path))

    def _abort(self, descriptor: int, temporary: str) -> None:
        with suppress(OSError):
            os.close(descriptor)
        self._unlink(temporary)
        self._unlink(self._link_name)

    def _keep_last_version(self) -> None:
        # Renaming one link of a file over another of its links would do nothing, and leave both.
        if self._identity is None or self._identity == self._bak_identity or self._is_deleted():
            return
        # A hard link and a rename: at no moment is there no file, as a plain rename to .bak would cause.
        os.link(self._name, self._link_name, src_dir_fd=self.directory, dst_dir_fd=self.directory)
        os.rename(self._link_name, self.bak_path.name, src_dir_fd=self.directory, dst_dir_fd=self.directory)
        self._bak_identity = self._identity

    def _check_folder(self) -> None:
        """No start would look for the state in a folder that its path no longer leads to."""
        folder = self.path.parent
        try:
            found = _folder_identity(os.stat(folder))
        except OSError as error:
            if error.errno not in PATH_LEADS_NOWHERE:
                raise
            cure = "put it back in its place, and start again"
            raise StateReplaced(f"{folder} is gone: it was moved away or deleted; {cure}") from None
        if found != self._folder:
            why = "the one that holds the state was moved away, or something was mounted over it"
            raise StateReplaced(f"{folder} is another folder now: {why}; bring it back, and start again")

    def _is_deleted(self) -> bool:
        """Raises Replaced, so that nothing destroys what another writer wrote."""
        found = self._identity_of(self._name)
        if found == self._identity:
            return False
        if found is None:
            return True
        raise StateReplaced(f"{self.path} was replaced by somebody else; start again to go on with it")

    def _identity_of(self, name: str) -> Identity | None:
        try:
            return _identity(os.stat(name, dir_fd=self.directory, follow_symlinks=False))
        except FileNotFoundError:
            return None

    def _read(self, name: str) -> tuple[bytes | None, Identity | None]:
        path = self.path.with_name(name)
        flags = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC
        try:
            descriptor = os.open(name, flags, dir_fd=self.directory)
        except FileNotFoundError:
            return None, None
        except OSError as error:
            if error.errno != errno.ELOOP:
                raise
            # A rename would replace the link, and what it points to would silently stay old.
            raise UnsafeFile(f"{path} is a symbolic link; name the file itself") from None
        try:
            status = os.fstat(descriptor)
            _refuse_unsafe(path, status)
            self._sync(descriptor)
            with open(descriptor, "rb", closefd=False) as file:
                return file.read(), _identity(status)
        finally:
            os.close(descriptor)

    def _sync(self, descriptor: int) -> None:
        """What is read counts as known, so that a delivery of it is answered 200 without another save.

        But whoever wrote it may have died between its rename and its last fsync.
        """
        os.fsync(descriptor)
        os.fsync(self.directory)

    def _unlink(self, name: str) -> None:
        self._leftovers.add(name)
        with suppress(OSError):
            with suppress(FileNotFoundError):
                os.unlink(name, dir_fd=self.directory)
            self._leftovers.remove(name)


def _write_all(descriptor: int, pieces: Sequence[bytes]) -> None:
    left = [memoryview(piece) for piece in pieces if piece]
    at = 0
    while at < len(left):
        written = os.writev(descriptor, left[at : at + IOV_MAX])
        while at < len(left) and written >= len(left[at]):
            written -= len(left[at])
            at += 1
        if written:  # a short write is legal: go on where it stopped
            left[at] = left[at][written:]


def _refuse_unsafe(path: Path, status: os.stat_result) -> None:
    if not stat.S_ISREG(status.st_mode):
        raise UnsafeFile(f"{path} is not a regular file")
    if status.st_uid != os.geteuid():
        raise UnsafeFile(
            f"{path} belongs to user {status.st_uid}; make it yours with: chown {os.geteuid()} {path}"
        )
    if status.st_mode & (stat.S_IWGRP | stat.S_IWOTH):
        raise UnsafeFile(f"{path} can be written by others; take that away with: chmod 600 {path}")


def _folder_identity(status: os.stat_result) -> tuple[int, int]:
    return status.st_dev, status.st_ino


def _identity(status: os.stat_result) -> Identity:
    return status.st_dev, status.st_ino, status.st_size, status.st_mtime_ns
