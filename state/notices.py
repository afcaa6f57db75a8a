"""What every channel must be told about the file, even after a restart.

A marker, a file beside the state, reminds later starts of it. `State.unreported` says which channels have
yet to be told.
"""

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

from hosts.model import State
from hosts.problems import Problem, ProblemKind

TIMESTAMP_FORMAT = "%Y%m%dT%H%M%SZ"  # in file names
MARKER_WORDS = {
    ProblemKind.DAMAGED: "corrupt",  # the damaged file itself; all others are empty
    ProblemKind.MISSING: "missing",
    ProblemKind.VANISHED: "vanished",
    ProblemKind.DELETED: "deleted",
}


class Notice(NamedTuple):
    """A problem of the file, and the name of its marker."""

    marker: str
    problem: Problem


def marker_name(file: str, kind: ProblemKind, at: datetime) -> str:
    return f"{file}.{MARKER_WORDS[kind]}-{at:{TIMESTAMP_FORMAT}}"


def markers(path: Path) -> dict[str, ProblemKind]:
    """The markers beside the state, the earliest first."""
    found = [
        (name.removeprefix(prefix), name, kind)
        for name in (entry.name for entry in path.parent.iterdir())
        for kind, word in MARKER_WORDS.items()
        if name.startswith(prefix := f"{path.name}.{word}-")
    ]
    return {name: kind for _, name, kind in sorted(found)}


def channels_waiting(file: str, state: State, found: Mapping[str, ProblemKind]) -> dict[str, tuple[str, ...]]:
    """Which channels have yet to be told of each marker; markers not listed are news to all.

    Earlier versions kept no record: what is older than their last digest has been reported.
    """
    if state.unreported is not None:
        return {name: waiting for name, waiting in state.unreported.items() if name in found}
    posted = max((record.posted for record in state.channels.values() if record.posted), default=None)
    return {n: () for n, kind in found.items() if posted and n <= marker_name(file, kind, posted)}


def notice(file: str, marker: str, kind: ProblemKind, why: str = "") -> Notice:
    """`why` is known only of what has just been found."""
    if kind is ProblemKind.DAMAGED:
        return Notice(marker, Problem(kind, file, marker, more=why))
    return Notice(marker, Problem(kind, file))
