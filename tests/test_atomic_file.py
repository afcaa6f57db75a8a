"""Replacing a file whole or not at all, under every failure that can be made to happen."""

import errno
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from state.atomic_file import AtomicFile, StateReplaced, UnsafeFile
from tests.process import descriptors

STEPS = ["open", "writev", "fsync", "link", "rename"]


@pytest.fixture
def disk(tmp_path: Path) -> AtomicFile:
    return AtomicFile(tmp_path / "data" / "state.json")


class Calls:
    """The calls of some functions of `os`, and what happens meanwhile."""

    def __init__(self, patch: pytest.MonkeyPatch) -> None:
        self.made: list[str] = []
        self._patch = patch

    def before(self, step: str, happens: Callable[[], object], nth: int = 1, *, on: bool = False) -> None:
        """At its n-th call and, if `on`, at every later one."""
        real = getattr(os, step)

        def call(*args: Any, **kwargs: Any) -> Any:
            self.made.append(step)
            count = self.made.count(step)
            if count == nth or (on and count > nth):
                happens()
            return real(*args, **kwargs)

        self._patch.setattr(os, step, call)

    def fail(self, step: str, nth: int = 1, *, on: bool = False) -> None:
        self.before(step, input_output_error, nth, on=on)

    def mend(self) -> None:
        self._patch.undo()


def input_output_error() -> None:
    raise OSError(errno.EIO, os.strerror(errno.EIO))


@pytest.fixture
def calls(monkeypatch: pytest.MonkeyPatch) -> Calls:
    return Calls(monkeypatch)


def names(disk: AtomicFile) -> set[str]:
    return set(os.listdir(disk.directory))


def test_what_is_read_is_synced_first(disk: AtomicFile, calls: Calls) -> None:
    disk.replace([b"one"])
    calls.fail("fsync", 2)
    with pytest.raises(OSError, match="Input/output error"):  # the folder's
        disk.read()
    assert disk.read() == b"one"


def test_the_file_and_its_folder_are_for_their_owner_alone(disk: AtomicFile) -> None:
    disk.replace([b"secret"])
    assert disk.path.stat().st_mode & 0o777 == 0o600
    assert disk.path.parent.stat().st_mode & 0o777 == 0o700


def test_many_pieces_and_short_writes_arrive_whole(disk: AtomicFile, monkeypatch: pytest.MonkeyPatch) -> None:
    real = os.writev
    monkeypatch.setattr(os, "writev", lambda fd, pieces: real(fd, [memoryview(pieces[0])[:3]]))
    pieces = [b"%d," % n for n in range(3000)]
    disk.replace(pieces)
    assert disk.path.read_bytes() == b"".join(pieces)


@pytest.mark.parametrize("restarted", [False, True], ids=["the same process", "one started since"])
@pytest.mark.parametrize("on", [False, True], ids=["once", "from then on"])
@pytest.mark.parametrize("nth", [1, 2])
@pytest.mark.parametrize("step", STEPS)
def test_a_failing_step_leaves_the_old_version_or_the_new(
    disk: AtomicFile, calls: Calls, step: str, nth: int, *, on: bool, restarted: bool
) -> None:
    disk.replace([b"old"])
    calls.fail(step, nth, on=on)
    try:
        disk.replace([b"new"])
        assert calls.made.count(step) < nth, "a failure must not pass unseen"
    except OSError:
        assert disk.path.read_bytes() in (b"old", b"new")
    calls.mend()
    if restarted:
        disk = AtomicFile(disk.path)
        assert disk.read() in (b"old", b"new")
        disk.sweep()
    disk.replace([b"next"])
    assert disk.path.read_bytes() == b"next"
    assert names(disk) == {"state.json", "state.json.bak"}


def test_every_step_of_the_protocol_is_taken_in_order(disk: AtomicFile, calls: Calls) -> None:
    disk.replace([b"old"])
    for step in [*STEPS, "unlink"]:
        calls.before(step, list)
    disk.replace([b"new"])
    assert calls.made == ["open", "writev", "fsync", "link", "rename", "rename", "fsync"]


@pytest.mark.parametrize(
    ("leave", "step"), [(AtomicFile.quarantine, "rename"), (AtomicFile.create_empty, "open")]
)
def test_a_name_that_people_are_told_of_is_durable_first(
    disk: AtomicFile, calls: Calls, leave: Callable[[AtomicFile, str], None], step: str
) -> None:
    disk.replace([b"damaged"])
    for each in STEPS:
        calls.before(each, list)
    leave(disk, "state.json.noted")
    assert calls.made == [step, "fsync"]


def test_what_no_name_stands_for_is_let_go_of_later(disk: AtomicFile, calls: Calls) -> None:
    """Freeing a file takes time that no answer should wait for; an error then means nothing any more."""
    before = descriptors()
    for version in range(5):
        disk.replace([b"%d" % version])
        assert descriptors() - before == min(version + 1, 3)
        disk.release_old_versions()
    assert descriptors() - before == 2
    calls.fail("fsync", on=True)
    for _ in range(5):
        with pytest.raises(OSError, match="Input/output"):
            disk.replace([b"never"])
    assert descriptors() - before == 2


def test_leftovers_of_a_killed_save_are_removed_and_nothing_else(disk: AtomicFile) -> None:
    disk.replace([b"kept"])
    for name in (".state.json.123.abcd.tmp", ".state.json.bak.tmp", "other.tmp", "state.json.corrupt-1"):
        (disk.path.parent / name).write_bytes(b"")
    disk.sweep()
    assert names(disk) == {"state.json", "other.tmp", "state.json.corrupt-1"}


@pytest.mark.parametrize("step", ["writev", "link", "rename"])
def test_what_could_not_be_removed_goes_with_the_next_save(disk: AtomicFile, calls: Calls, step: str) -> None:
    disk.replace([b"old"])
    for name in (step, "unlink"):
        calls.fail(name, on=True)
    for _ in range(3):
        with pytest.raises(OSError, match=r"Input/output|File exists"):
            disk.replace([b"never"])
    assert len(names(disk)) > 2
    calls.mend()
    disk.replace([b"next"])
    assert names(disk) == {"state.json", "state.json.bak"}


def test_a_previous_version_that_cannot_be_read_does_no_harm(disk: AtomicFile) -> None:
    disk.replace([b"one"])
    disk.replace([b"two"])
    disk.bak_path.chmod(0o622)
    assert disk.read() == b"two"
    with pytest.raises(UnsafeFile):
        disk.read_bak()


def replaced(path: Path) -> None:
    theirs = path.with_name("theirs")
    theirs.write_bytes(b"theirs")
    theirs.replace(path)


@pytest.mark.parametrize("ours", [b"ours", None], ids=["saved before", "appeared"])
@pytest.mark.parametrize("write", [replaced, lambda path: path.write_bytes(b"theirs")])
def test_another_writer_is_noticed_before_anything_is_destroyed(
    disk: AtomicFile, write: Callable[[Path], object], ours: bytes | None
) -> None:
    assert disk.read() is None
    if ours:
        disk.replace([ours])
    write(disk.path)
    with pytest.raises(StateReplaced):
        disk.replace([b"ours again"])
    assert disk.path.read_bytes() == b"theirs"
    assert not disk.bak_path.exists()


@pytest.mark.parametrize("deleted", [["state.json"], ["state.json.bak"], ["state.json", "state.json.bak"]])
def test_a_deleted_file_is_written_again_and_the_previous_version_is_kept(
    disk: AtomicFile, deleted: list[str]
) -> None:
    for version in (b"one", b"two"):
        disk.replace([version])
    for name in deleted:
        disk.path.with_name(name).unlink()
    assert disk.is_in_place() == ("state.json" not in deleted)
    disk.replace([b"three"])
    assert (disk.path.read_bytes(), disk.was_deleted) == (b"three", "state.json" in deleted)
    disk.replace([b"four"])
    assert (disk.bak_path.read_bytes(), disk.was_deleted) == (b"three", False)
    assert names(disk) == {"state.json", "state.json.bak"}


def test_a_deletion_is_still_known_after_a_failed_save(disk: AtomicFile, calls: Calls) -> None:
    disk.replace([b"one"])
    disk.path.unlink()
    calls.fail("rename")
    with pytest.raises(OSError, match="Input/output"):
        disk.replace([b"two"])
    calls.mend()
    disk.replace([b"two"])
    assert disk.was_deleted


def test_a_file_deleted_during_its_save_does_not_count_as_saved(disk: AtomicFile, calls: Calls) -> None:
    """Between the rename and the last fsync."""
    disk.replace([b"one"])
    calls.before("fsync", disk.path.unlink, 2)
    with pytest.raises(FileNotFoundError, match="deleted while it was being saved"):
        disk.replace([b"two"])
    calls.mend()
    disk.replace([b"two"])
    assert disk.path.read_bytes() == b"two"


def moved_away(folder: Path) -> None:
    folder.rename(folder.with_name("elsewhere"))


def moved_away_and_copied_back(folder: Path) -> None:
    """With hard links: the very same file is at the path, but in another folder."""
    moved_away(folder)
    folder.mkdir()
    for file in folder.with_name("elsewhere").iterdir():
        (folder / file.name).hardlink_to(file)


def replaced_by_a_link(folder: Path) -> None:
    moved_away(folder)
    folder.with_name("other").mkdir()
    folder.symlink_to("other")


def replaced_by_a_loop(folder: Path) -> None:
    moved_away(folder)
    folder.symlink_to(folder)


def parent_moved_away(folder: Path) -> None:
    folder.parent.rename(folder.parent.with_name("moved"))


@pytest.mark.parametrize(
    ("lose", "word"),
    [
        (moved_away, "is gone: it was moved away or deleted"),
        (moved_away_and_copied_back, "is now a different folder"),
        (replaced_by_a_link, "is now a different folder"),
        (replaced_by_a_loop, "is gone"),
        (parent_moved_away, "is gone"),
    ],
)
@pytest.mark.parametrize("saved", [b"", b"one"], ids=["nothing saved yet", "saved before"])
def test_a_path_that_leads_to_another_folder_is_noticed_before_anything_is_written(
    tmp_path: Path, lose: Callable[[Path], None], word: str, saved: bytes
) -> None:
    disk = AtomicFile(tmp_path / "parent" / "data" / "state.json")
    if saved:
        disk.replace([saved])
    before = names(disk)
    lose(disk.path.parent)
    for save in (disk.is_in_place, lambda: disk.replace([b"two"])):
        with pytest.raises(StateReplaced, match=word):
            save()
    assert names(disk) == before


def test_a_folder_that_is_moved_during_a_save_is_noticed(disk: AtomicFile, calls: Calls) -> None:
    """After the first look and before the last."""
    disk.replace([b"one"])
    calls.before("writev", lambda: moved_away(disk.path.parent))
    with pytest.raises(StateReplaced, match="moved away"):
        disk.replace([b"two"])


def test_a_folder_that_was_moved_and_brought_back_is_the_same(disk: AtomicFile) -> None:
    moved_away(disk.path.parent)
    disk.path.parent.with_name("elsewhere").rename(disk.path.parent)
    disk.replace([b"one"])
    assert disk.is_in_place()


def test_a_folder_may_be_reached_by_a_link(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    (tmp_path / "link").symlink_to("real")
    disk = AtomicFile(tmp_path / "link" / "state.json")
    disk.replace([b"one"])
    (tmp_path / "link").unlink()
    with pytest.raises(StateReplaced):
        disk.replace([b"two"])


@pytest.mark.parametrize(
    ("spoil", "word"),
    [
        (lambda path: path.rename(path.with_name("x")) and path.symlink_to("x"), "symbolic link"),
        (lambda path: path.chmod(0o602), "chmod 600"),
        (lambda path: path.chmod(0o620), "chmod 600"),
        (lambda path: path.unlink() or path.mkdir(), "not a regular file"),
        (lambda path: os.chown(path, 65534, -1), "chown"),
    ],
    ids=["symlink", "world-writable", "group-writable", "directory", "foreign"],
)
def test_a_file_that_cannot_be_trusted_is_refused(
    disk: AtomicFile, spoil: Callable[[Path], object], word: str
) -> None:
    disk.replace([b"x"])
    try:
        spoil(disk.path)
    except PermissionError:
        pytest.skip("needs root: giving a file to another user")
    with pytest.raises(UnsafeFile, match=word):
        disk.read()
