"""Faults that keep the program from doing its job, and which of them appear only in a digest's footer."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum


class ProblemKind(StrEnum):
    """What has gone wrong; the comments say which fields of the problem are filled in."""

    NOT_SAVED = "not saved"  # subject: the file; detail: why
    HANGING = "hanging"  # subject: the file; lasting: the save so far
    DAMAGED = "damaged"  # subject: the file; detail: the name under which it is kept; more: why
    MISSING = "missing"  # subject: the file
    VANISHED = "vanished"  # subject: the file
    DELETED = "deleted"  # subject: the file
    BAD_CONFIG = "bad config"  # subject: the file; detail: the first mistake
    SILENT = "silent"  # lasting: how long Google has been; its name is in saved fingerprints
    EXPIRING = "expiring"  # subject: the file of the certificate; at: its end
    EXPIRED = "expired"  # the same
    CROWDED = "crowded"  # subject: the host; count: its open incidents
    LISTS_FAILING = "lists failing"  # google_list; at: since when lists are unreadable; more: why
    GOOGLE_SETUP = "google setup"  # count: settings at Google to fix before it reports everything


class GoogleList(StrEnum):
    """What the server reads from Google."""

    ALERTS = "open alerts"
    CLOSED = "closed alerts"
    CHECKS = "uptime checks"
    SETTINGS = "policies, notification channels or snoozes"


SAID_ONCE = (ProblemKind.DAMAGED, ProblemKind.MISSING, ProblemKind.VANISHED, ProblemKind.DELETED)
IN_FOOTER = (ProblemKind.LISTS_FAILING, ProblemKind.GOOGLE_SETUP)


@dataclass(frozen=True)
class Problem:
    """A fault. `Locale.problem` says it to people, and `digest.health.in_english` to operators."""

    kind: ProblemKind
    subject: str = ""
    detail: str = ""
    lasting: timedelta = timedelta()
    at: datetime | None = None
    count: int = 0
    google_list: GoogleList = GoogleList.ALERTS
    more: str = ""  # for operators: what digests leave out

    @property
    def is_failure(self) -> bool:
        """Whether something has failed, so that /healthz answers 503; others only ask for a look."""
        return self.kind not in {ProblemKind.SILENT, ProblemKind.EXPIRING, ProblemKind.DELETED, *IN_FOOTER}

    @property
    def is_said_once(self) -> bool:
        """Whether it is over, so that each channel is told in one digest and no other."""
        return self.kind in SAID_ONCE

    @property
    def is_in_footer(self) -> bool:
        """Whether it goes into the footer: the digest still has everything that was reported."""
        return self.kind in IN_FOOTER
