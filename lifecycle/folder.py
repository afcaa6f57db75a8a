"""What is doubtful about where the state lies."""

import os
import stat
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from lifecycle.permission import cure
from state.atomic_file import bak_of
from state.mounts import nearest_folder, not_replaceable


def doubts(state_file: Path) -> Iterator[str]:
    """What a start would refuse, or be in danger from, as far as this user can see it."""
    kept = f"the state is to be kept in {state_file}"
    folder = nearest_folder(state_file.parent)
    if not os.access(folder, os.W_OK | os.X_OK):
        yield f"{folder} is not writable for this user, and {kept}; {cure(folder)}"
    with suppress(OSError):
        if not stat.S_ISREG(state_file.stat().st_mode):
            yield f"{state_file} is there and is no file, and {kept} (state_file)"
    yield from filter(None, (not_replaceable(state_file), not_replaceable(bak_of(state_file))))
    yield from open_to_others(state_file.parent)


def open_to_others(folder: Path) -> Iterator[str]:
    """Who may write to the folder can put another state in the place of this one."""
    with suppress(OSError):
        mode = folder.stat().st_mode
        if mode & (stat.S_IWGRP | stat.S_IWOTH):
            who = "everybody" if mode & stat.S_IWOTH else "its group"
            danger = "and so put another state in the place of this one"
            yield f"{folder}: {who} may write to it, {danger}; take that away with: chmod go-w {folder}"
