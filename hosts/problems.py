"""Faults that keep the program from doing its job, and which of them appear only in a digest's footer."""

from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum


class ProblemKind(StrEnum):
    """What has gone wrong; the comments say what the problem's `detail` holds."""

    NOT_SAVED = "not saved"  # why
    HANGING = "hanging"  # for how many seconds the save has hung
    DAMAGED = "damaged"  # the name of the quarantined file
    MISSING = "missing"
    VANISHED = "vanished"
    DELETED = "deleted"
    BAD_CONFIG = "bad config"  # the first mistake in it
    SILENT = "silent"  # for how many seconds Google has been
    EXPIRING = "expiring"  # the day on which the certificate ends
    EXPIRED = "expired"  # the same
    CROWDED = "crowded"  # how many incidents the host `file` has open
    LISTS_FAILING = "lists failing"  # since when Google's lists have been unreadable, in seconds since 1970
    GOOGLE_SETUP = "google setup"  # how many settings at Google need fixing before it reports everything


IN_FOOTER = (ProblemKind.LISTS_FAILING, ProblemKind.GOOGLE_SETUP)


@dataclass(frozen=True)
class Problem:
    """A fault, for people.

    `sentence` is English, for the log and /healthz. A digest says the same about `file` in its readers'
    language.
    """

    sentence: str
    kind: ProblemKind
    file: str = ""
    detail: str = ""  # see ProblemKind

    def __str__(self) -> str:
        return self.sentence

    @property
    def since(self) -> datetime:
        """Since when Google's lists have been unreadable."""
        return datetime.fromtimestamp(int(self.detail), UTC)

    @property
    def is_question(self) -> bool:
        """Whether somebody should take a look, though nothing has failed."""
        return self.kind in {ProblemKind.SILENT, ProblemKind.EXPIRING, ProblemKind.DELETED, *IN_FOOTER}

    @property
    def is_in_footer(self) -> bool:
        """Whether it goes into the footer: the digest still has everything that was reported."""
        return self.kind in IN_FOOTER
