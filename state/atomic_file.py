"""A file that is replaced whole or not at all, with the last version in `.bak`; refuses links and folders.

Every call is relative to one open directory. The protocol is the one SQLite and etcd test against crashes:
temporary file, fsync, rename, fsync of the directory.
"""

import errno
import os
import stat
from collections.abc import Sequence
from contextlib import suppress
from itertools import count
from pathlib import Path

from state.mounts import not_replaceable

IOV_MAX = 1024  # pieces per writev on Linux
PATH_LEADS_NOWHERE = (errno.ENOENT, errno.ENOTDIR, errno.ELOOP)
Identity = tuple[int, int, int, int]  # device, inode, size, mtime: overwriting a file keeps its inode


class UnsafeFile(Exception):
    """The file cannot be trusted; the text says why and what to do."""


class StateReplaced(Exception):
    """Another file or folder has taken the place of ours: this process must stop writing."""


def backup_path(path: Path) -> Path:
    """Where the previous version of `path` is kept."""
    return path.with_name(f"{path.name}.bak")


def folder_as_backup(path: Path) -> str | None:
    """What to do about a folder in the place of the previous version: each save would fail."""
    bak = backup_path(path)
    with suppress(OSError):
        if stat.S_ISDIR(bak.lstat().st_mode):
            return f"{bak} is a folder; move it away"
    return None


class AtomicFile:
    """The file at `path`, read and replaced whole. Only the holder of the directory's lock may write."""

    def __init__(self, path: Path) -> None:
        """Create the folder if there is none. Raises OSError."""
        self.path = path
        self.bak_path = backup_path(path)
        self._name = path.name
        self._link_name = f".{self.bak_path.name}.tmp"
        self._identity: Identity | None = None  # of the file as last read or written
        self._bak_identity: Identity | None = None  # of the previous version
        self.was_deleted = False  # the last save found the file deleted
        self._versions: list[int] = []  # descriptors of written versions, the latest last
        self._numbers = count()
        self._leftovers: set[str] = set()  # names that could not be removed yet
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        self.directory = os.open(path.parent, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        self._folder = os.fstat(self.directory)

    def close(self) -> None:
        self.release_old_versions(kept=0)
        os.close(self.directory)

    def release_old_versions(self, kept: int = 2) -> None:
        """Close versions that no longer have a name: freeing a large file takes as long as writing it."""
        while len(self._versions) > kept:
            with suppress(OSError):  # already synced
                os.close(self._versions.pop(0))

    def sweep(self) -> None:
        """Remove what a save left behind when its process was killed."""
        for entry in os.listdir(self.directory):
            if entry.startswith(f".{self._name}.") and entry.endswith(".tmp"):
                self._unlink(entry)

    def read(self) -> bytes | None:
        """The bytes of the file, made durable; None if there is no file. Raises UnsafeFile or OSError."""
        if wrong := (
            not_replaceable(self.path) or not_replaceable(self.bak_path) or folder_as_backup(self.path)
        ):
            raise UnsafeFile(wrong)
        data, self._identity = self._read(self._name)
        self._bak_identity = self._identity_of(self.bak_path.name)
        return data

    def read_bak(self) -> bytes | None:
        return self._read(self.bak_path.name)[0]

    def quarantine(self, name: str) -> None:
        """Rename the file, so that nothing overwrites it."""
        os.rename(self._name, name, src_dir_fd=self.directory, dst_dir_fd=self.directory)
        os.fsync(self.directory)
        self._identity = None

    def create_empty(self, name: str) -> None:
        """Create an empty file, durably. Raises OSError."""
        os.close(self._create(name))
        os.fsync(self.directory)

    def is_in_place(self) -> bool:
        """Whether the file is as last read or written, and not deleted. Raises OSError or StateReplaced."""
        self._check_folder()
        return not self._is_deleted()

    def replace(self, pieces: Sequence[bytes]) -> None:
        """Replace the content of the file durably, even if the file has been deleted.

        After an error (OSError or StateReplaced) it holds the old version or, only if one of the last steps
        failed, the new one.
        """
        self._check_folder()
        for name in self._leftovers.copy():
            self._unlink(name)
        temporary = f".{self._name}.{os.getpid()}.{next(self._numbers)}.tmp"
        descriptor = self._create(temporary)
        try:
            _write_all(descriptor, pieces)
            # Never repeat a failed fsync on the same file: the kernel may have dropped the pages.
            os.fsync(descriptor)
            self._keep_last_version()
            self.was_deleted = self._is_deleted()
            identity = _identity(os.fstat(descriptor))
            # Readers see the old file or the new one, never a part.
            os.rename(temporary, self._name, src_dir_fd=self.directory, dst_dir_fd=self.directory)
        except BaseException:
            self._abort(descriptor, temporary)
            raise
        self._identity = identity
        self._versions.append(descriptor)
        # Without this, a power cut after the answer can bring back the old file.
        os.fsync(self.directory)
        # After a shutdown, XFS lets the fsync of a directory succeed, but not a stat.
        if not self.is_in_place():
            raise FileNotFoundError(errno.ENOENT, "deleted while it was being saved", str(self.path))

    def _create(self, name: str) -> int:
        # O_EXCL and O_NOFOLLOW keep out planted files and links; the mode is 0600 from the start.
        flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC
        return os.open(name, flags, 0o600, dir_fd=self.directory)

    def _abort(self, descriptor: int, temporary: str) -> None:
        with suppress(OSError):
            os.close(descriptor)
        self._unlink(temporary)
        self._unlink(self._link_name)

    def _keep_last_version(self) -> None:
        # Renaming a file over another link to itself does nothing and leaves both names.
        if self._identity is None or self._identity == self._bak_identity or self._is_deleted():
            return
        # Link and rename: after a plain rename to .bak there would be no file for a moment.
        os.link(self._name, self._link_name, src_dir_fd=self.directory, dst_dir_fd=self.directory)
        try:
            os.rename(
                self._link_name, self.bak_path.name, src_dir_fd=self.directory, dst_dir_fd=self.directory
            )
        except IsADirectoryError as error:
            raise OSError(error.errno, folder_as_backup(self.path) or error.strerror) from None
        self._bak_identity = self._identity

    def _check_folder(self) -> None:
        """Raise StateReplaced if the path leads to another folder now: a restart would not look in ours."""
        folder = self.path.parent
        try:
            found = os.stat(folder)
        except OSError as error:
            if error.errno not in PATH_LEADS_NOWHERE:
                raise
            raise StateReplaced(
                f"{folder} is gone: it was moved away or deleted; put it back and restart"
            ) from None
        if not os.path.samestat(found, self._folder):
            why = "the one with the state was moved away, or something was mounted over it"
            raise StateReplaced(f"{folder} is now a different folder: {why}; put it back and restart")

    def _is_deleted(self) -> bool:
        """Whether the file is gone. Raises StateReplaced if another one is there, which must stay."""
        found = self._identity_of(self._name)
        if found == self._identity:
            return False
        if found is None:
            return True
        raise StateReplaced(f"{self.path} was replaced by another process; restart to use the new file")

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
            raise UnsafeFile(unsafe(path, os.lstat(path), os.geteuid())) from None
        try:
            status = os.fstat(descriptor)
            if wrong := unsafe(path, status, os.geteuid()):
                raise UnsafeFile(wrong)
            self._sync(descriptor)
            with open(descriptor, "rb", closefd=False) as file:
                return file.read(), _identity(status)
        finally:
            os.close(descriptor)

    def _sync(self, descriptor: int) -> None:
        """Make what was read durable: its writer may have died between the rename and the last fsync.

        A repeated delivery of it is answered 200 without another save.
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
        if written:  # short write: continue where it stopped
            left[at] = left[at][written:]


def unsafe(path: Path, status: os.stat_result, user: int) -> str | None:
    """Why `user` must not trust a file, and what to do."""
    if stat.S_ISLNK(status.st_mode):
        # A save would replace the link, and its target would silently become stale.
        return f"{path} is a symbolic link; name the file itself"
    if not stat.S_ISREG(status.st_mode):
        return f"{path} is not a regular file; move it away"
    if status.st_uid != user:
        # Root may have been about to run once what a service does: its file must stay its own.
        other = "run this as that user, or, if root is to run it from now on, {}" if user == 0 else "{}"
        give = f"change that with: chown {user} {path}"
        return f"{path} belongs to user {status.st_uid}; {other.format(give)}"
    if status.st_mode & (stat.S_IWGRP | stat.S_IWOTH):
        return f"{path} is writable by others; change that with: chmod 600 {path}"
    return None


def _identity(status: os.stat_result) -> Identity:
    return status.st_dev, status.st_ino, status.st_size, status.st_mtime_ns
