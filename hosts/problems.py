"""What keeps the program from doing its job: a sentence, and what it is made of."""

from enum import StrEnum
from typing import Self


class ProblemKind(StrEnum):
    """What has happened to a file, or to what should come."""

    NOT_SAVED = "not saved"
    HANGING = "hanging"
    DAMAGED = "damaged"
    MISSING = "missing"
    VANISHED = "vanished"
    DELETED = "deleted"
    BAD_CONFIG = "bad config"
    SILENT = "silent"
    EXPIRING = "expiring"
    CROWDED = "crowded"


class Problem(str):
    """English for the log and /healthz; a digest says the same of `file` in the language of its readers.

    `detail` is why it was not saved, for how many seconds the save hangs, where the damaged file is
    kept, the first mistake in the configuration, for how many seconds nothing has come, on which day the
    certificate ends, or how many open incidents the host `file` has.
    """

    __slots__ = ("detail", "file", "kind")
    kind: ProblemKind
    file: str
    detail: str

    def __new__(cls, sentence: str, kind: ProblemKind, file: object = "", detail: object = "") -> Self:
        problem = super().__new__(cls, sentence)
        problem.kind, problem.file, problem.detail = kind, str(file), str(detail)
        return problem


def is_question(sentence: str) -> bool:
    """Perhaps all is well: people must look, but nothing has failed."""
    questions = (ProblemKind.SILENT, ProblemKind.EXPIRING, ProblemKind.DELETED)
    return isinstance(sentence, Problem) and sentence.kind in questions
